/* record.c - see record.h */
#include "runtime/record.h"

void text_reset(struct text *t)
{
	t->n = 0;
	t->full = 0;
	t->p[0] = 0;
}

void text_putc(struct text *t, char c)
{
	if (t->n + 1 >= t->cap) {
		t->full = 1;
		return;
	}
	t->p[t->n++] = c;
	t->p[t->n] = 0;
}

void text_puts(struct text *t, const char *s)
{
	while (*s)
		text_putc(t, *s++);
}

void text_u64(struct text *t, uint64_t v)
{
	char d[20];
	int n = 0;

	do
		d[n++] = (char)('0' + v % 10);
	while (v /= 10);
	while (n)
		text_putc(t, d[--n]);
}

void text_i64(struct text *t, int64_t v)
{
	if (v < 0)
		text_putc(t, '-');
	text_u64(t, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void text_hex(struct text *t, uint64_t v, int digits)
{
	while (digits-- > 0)
		text_putc(t, "0123456789abcdef"[v >> (4 * digits) & 15]);
}

void text_sha256(struct text *t, const uint8_t digest[32])
{
	for (int i = 0; i < 32; i++)
		text_hex(t, digest[i], 2);
}

void text_json(struct text *t, const char *s)
{
	if (!s) {
		text_puts(t, "null");
		return;
	}
	text_putc(t, '"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c > 0x7e) {
			text_puts(t, "\\u");
			text_hex(t, c, 4);
			continue;
		}
		if (c == '"' || c == '\\')
			text_putc(t, '\\');
		text_putc(t, (char)c);
	}
	text_putc(t, '"');
}

void text_squeeze(struct text *t, const char *s, size_t n)
{
	int blank = 0, any = 0;

	for (size_t i = 0; i < n && s[i]; i++) {
		if (s[i] == ' ' || s[i] == '\t' || s[i] == '\n') {
			blank = any;
			continue;
		}
		if (blank)
			text_putc(t, ' ');
		blank = 0;
		any = 1;
		text_putc(t, s[i]);
	}
}
