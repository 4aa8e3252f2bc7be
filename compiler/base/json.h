/*
 * json.h - writing JSON (RFC 8259), one canonical form: members in the order of the calls, two blanks an
 * indent, integers only, a newline at the end.  (jw: the names json_* belong to jansson, which reads.)
 *
 *     struct jw j = jw_new(&buf);
 *     jw_object(&j, NULL);
 *     jw_string(&j, "name", name);
 *     jw_array(&j, "ports");
 *     jw_uint(&j, NULL, 443);
 *     jw_end(&j);
 *     jw_end(&j);
 *
 * `key` is the member's name inside an object (UTF-8) and NULL in an array and at the top.  A wrong key, a
 * missing end or nesting deeper than JSON_MAX_DEPTH is a bug of the caller: assert.
 */
#ifndef ABP_JSON_H
#define ABP_JSON_H

#include <stdbool.h>

#include "compiler/base/buf.h"

enum { JSON_MAX_DEPTH = 32 };

struct jw {
	struct buf *out;
	uint8_t depth;
	bool any; /* the innermost object or array has a member */
	char close[JSON_MAX_DEPTH];
};

struct jw jw_new(struct buf *out);

void jw_object(struct jw *j, const char *key);
void jw_array(struct jw *j, const char *key);
/* The innermost object or array. */
void jw_end(struct jw *j);

/*
 * Control and bidirectional characters are written as \uXXXX, bytes that are not UTF-8 as U+FFFD.  NULL:
 * null.
 */
void jw_string(struct jw *j, const char *key, const char *s);
void jw_stringn(struct jw *j, const char *key, const char *s, size_t n);
/* Two lower-case hexadecimal digits a byte. */
void jw_hex(struct jw *j, const char *key, const void *data, size_t n);
void jw_int(struct jw *j, const char *key, int64_t n);
void jw_uint(struct jw *j, const char *key, uint64_t n);
void jw_bool(struct jw *j, const char *key, bool b);
void jw_null(struct jw *j, const char *key);

/* Only the string with its quotes, for writers of other layouts. */
void jw_quote(struct buf *out, const char *s, size_t n);

#endif
