/* nearest.h - "did you mean". */
#ifndef ABP_NEAREST_H
#define ABP_NEAREST_H

#include <stddef.h>

/*
 * The word of list[0..n) with the fewest edits (insert, delete, replace, swap of neighbours; Damerau 1964)
 * from `word`, NULL when none is within a third of its length (at least 1, at most 3).  First of equals.
 */
const char *word_nearest(const char *word, const char *const *list, size_t n);

#endif
