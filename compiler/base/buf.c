#include "compiler/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct buf buf_new(struct arena *a)
{
	return (struct buf){.a = a};
}

static void reserve(struct buf *b, size_t n)
{
	if (b->cap - b->len >= n)
		return;
	size_t cap = b->cap * 2 > b->len + n ? b->cap * 2 : b->len + n + 256;
	unsigned char *p = arena_alloc(b->a, cap);
	if (b->len)
		memcpy(p, b->data, b->len);
	b->data = p;
	b->cap = cap;
}

void buf_add(struct buf *b, const void *data, size_t n)
{
	reserve(b, n);
	if (n)
		memcpy(b->data + b->len, data, n);
	b->len += n;
}

void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	reserve(b, 64); /* most texts fit: one pass */
	size_t room = b->cap - b->len;
	int n = vsnprintf((char *)b->data + b->len, room, fmt, ap);
	if (n >= 0 && (size_t)n >= room) {
		reserve(b, (size_t)n + 1);
		vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, again);
	}
	b->len += n > 0 ? (size_t)n : 0;
	va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void buf_align(struct buf *b, size_t align)
{
	while (b->len % align)
		buf_putc(b, 0);
}

const char *buf_str(struct buf *b)
{
	reserve(b, 1);
	b->data[b->len] = 0;
	return (const char *)b->data;
}
