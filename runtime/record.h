/* record.h - a bounded writer of JSON text into a caller's buffer.  No heap, no stdio. */
#ifndef ABP_RECORD_H
#define ABP_RECORD_H

#include <stddef.h>
#include <stdint.h>

struct text {
	char *p;
	size_t cap, n; /* n < cap always; p[n] is NUL */
	int full;      /* something did not fit: the text must not be used */
};

/* Initialisers over an array of char: a local one, empty, and a static one. */
#define TEXT(array)                                                                                          \
	{                                                                                                    \
		((array)[0] = 0, (array)), sizeof(array), 0, 0                                               \
	}
#define STATIC_TEXT(array)                                                                                   \
	{                                                                                                    \
		(array), sizeof(array), 0, 0                                                                 \
	}

void text_reset(struct text *t);
void text_putc(struct text *t, char c);
void text_puts(struct text *t, const char *s);
void text_u64(struct text *t, uint64_t v);
void text_i64(struct text *t, int64_t v);
/* Exactly DIGITS (1..16) lower-case hexadecimal digits. */
void text_hex(struct text *t, uint64_t v, int digits);
void text_sha256(struct text *t, const uint8_t digest[32]);
/* S as a JSON string (RFC 8259), NULL as null.  Pure ASCII: a byte outside 0x20..0x7e becomes \u00XX, so any
 * byte string survives and a reader gets back one code point per byte. */
void text_json(struct text *t, const char *s);
/* Runs of blanks and newlines become one blank; none at the ends. */
void text_squeeze(struct text *t, const char *s, size_t n);

#endif
