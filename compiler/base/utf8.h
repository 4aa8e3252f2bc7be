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

/*
 * Control characters (C0, DEL, C1; tab and newline too), line and paragraph separators, the byte order mark,
 * and the characters that reorder text (Unicode UAX #9: embeddings, overrides, isolates, marks).
 */
bool utf8_hidden(uint32_t c);
/* The same, restricted to those that reorder text. */
bool utf8_bidi(uint32_t c);

#endif
