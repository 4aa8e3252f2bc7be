/* buf.h - bytes that grow; arena memory. */
#ifndef ABP_BUF_H
#define ABP_BUF_H

#include "compiler/base/arena.h"

struct buf {
	struct arena *a;
	unsigned char *data;
	size_t len, cap;
};

struct buf buf_new(struct arena *a);
void buf_add(struct buf *b, const void *data, size_t n);
void buf_putc(struct buf *b, char c);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, __builtin_va_list ap) __attribute__((format(printf, 2, 0)));
/* Zero bytes until len is a multiple of `align`. */
void buf_align(struct buf *b, size_t align);
/* The bytes as a NUL-terminated string; valid until the next change. */
const char *buf_str(struct buf *b);

#endif
