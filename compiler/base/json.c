#include "compiler/base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "compiler/base/utf8.h"

static void put_escaped(struct buf *out, uint32_t c)
{
	static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	for (const char *p = names; *p; p += 2)
		if ((unsigned char)*p == c) {
			buf_printf(out, "\\%c", p[1]);
			return;
		}
	if (c >= 0x10000) { /* RFC 8259 section 7: a UTF-16 pair */
		buf_printf(out, "\\u%04" PRIx32, 0xD800 + ((c - 0x10000) >> 10));
		c = 0xDC00 + ((c - 0x10000) & 0x3FF);
	}
	buf_printf(out, "\\u%04" PRIx32, c);
}

void jw_quote(struct buf *out, const char *s, size_t n)
{
	buf_putc(out, '"');
	for (size_t i = 0, len; i < n; i += len) {
		uint32_t c;
		len = utf8_next(s + i, n - i, &c);
		if (!len) {
			buf_puts(out, "\xef\xbf\xbd");
			len = 1;
		} else if (c == '"' || c == '\\' || utf8_hidden(c)) {
			put_escaped(out, c);
		} else {
			buf_add(out, s + i, len);
		}
	}
	buf_putc(out, '"');
}

struct jw jw_new(struct buf *out)
{
	return (struct jw){.out = out};
}

static void new_line(struct jw *j)
{
	buf_putc(j->out, '\n');
	for (unsigned i = 0; i < j->depth; i++)
		buf_puts(j->out, "  ");
}

/* What stands before a value. */
static void begin(struct jw *j, const char *key)
{
	bool in_object = j->depth && j->close[j->depth - 1] == '}';
	assert(in_object == (key != NULL));
	assert(j->depth || !j->any); /* one value at the top */
	if (j->any)
		buf_putc(j->out, ',');
	if (j->depth)
		new_line(j);
	if (key) {
		jw_quote(j->out, key, strlen(key));
		buf_puts(j->out, ": ");
	}
}

static void finish(struct jw *j)
{
	j->any = true;
	if (!j->depth)
		buf_putc(j->out, '\n');
}

static void open(struct jw *j, const char *key, char first, char last)
{
	begin(j, key);
	assert(j->depth < JSON_MAX_DEPTH);
	buf_putc(j->out, first);
	j->close[j->depth++] = last;
	j->any = false;
}

void jw_object(struct jw *j, const char *key)
{
	open(j, key, '{', '}');
}

void jw_array(struct jw *j, const char *key)
{
	open(j, key, '[', ']');
}

void jw_end(struct jw *j)
{
	assert(j->depth);
	j->depth--;
	if (j->any)
		new_line(j);
	buf_putc(j->out, j->close[j->depth]);
	finish(j);
}

void jw_stringn(struct jw *j, const char *key, const char *s, size_t n)
{
	begin(j, key);
	jw_quote(j->out, s, n);
	finish(j);
}

void jw_string(struct jw *j, const char *key, const char *s)
{
	if (s)
		jw_stringn(j, key, s, strlen(s));
	else
		jw_null(j, key);
}

void jw_hex(struct jw *j, const char *key, const void *data, size_t n)
{
	const unsigned char *p = data;
	begin(j, key);
	buf_putc(j->out, '"');
	for (size_t i = 0; i < n; i++)
		buf_printf(j->out, "%02x", p[i]);
	buf_putc(j->out, '"');
	finish(j);
}

void jw_int(struct jw *j, const char *key, int64_t n)
{
	begin(j, key);
	buf_printf(j->out, "%" PRId64, n);
	finish(j);
}

void jw_uint(struct jw *j, const char *key, uint64_t n)
{
	begin(j, key);
	buf_printf(j->out, "%" PRIu64, n);
	finish(j);
}

void jw_bool(struct jw *j, const char *key, bool b)
{
	begin(j, key);
	buf_puts(j->out, b ? "true" : "false");
	finish(j);
}

void jw_null(struct jw *j, const char *key)
{
	begin(j, key);
	buf_puts(j->out, "null");
	finish(j);
}
