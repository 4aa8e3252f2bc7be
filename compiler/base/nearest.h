/* nearest.h - "did you mean". */
#ifndef ABP_NEAREST_H
#define ABP_NEAREST_H

#include <stddef.h>

/*
 * The fewest edits (insert, delete, replace, swap of neighbours; Damerau 1964; case ignored) from a to b, or
 * `limit` if that many or more are needed or a word is longer than 48 bytes.
 */
unsigned word_edits(const char *a, const char *b, unsigned limit);

/* How many edits are too far from a word of that many bytes: two up to 5, three up to 8, then four. */
unsigned word_too_far(size_t len);

/*
 * The word of list[0..n) with the fewest edits from `word`, NULL when none is nearer than word_too_far().
 * First of equals.
 */
const char *word_nearest(const char *word, const char *const *list, size_t n);

#endif
