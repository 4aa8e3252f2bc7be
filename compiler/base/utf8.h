/* utf8.h - decoding, and which characters must never reach a reader's eye unseen. */
#ifndef ABP_UTF8_H
#define ABP_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decode the character at s, n > 0 bytes long.  Returns its length 1..4 and sets *c, or returns 0 and sets
 * *c = 0xFFFD when the bytes are not UTF-8 (overlong, surrogate, above U+10FFFF, truncated: Unicode 3.9,
 * D92).
 */
uint32_t utf8_next(const char *s, size_t n, uint32_t *c);

/* C0, DEL, C1; tab and newline too. */
bool utf8_control(uint32_t c);
/*
 * Those, and what a reader does not see: line separators, characters that reorder text (UAX #9), zero-width
 * ones and fillers (Default_Ignorable_Code_Point of the Unicode database).
 */
bool utf8_hidden(uint32_t c);

#endif
