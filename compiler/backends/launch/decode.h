/*
 * decode.h - reading spec/bundle.h from bytes; private to verify.c and list.c.  Shares nothing with the
 * writer.
 */
#ifndef ABP_LAUNCH_DECODE_H
#define ABP_LAUNCH_DECODE_H

#include "compiler/base/buf.h"
#include "spec/bundle.h"

struct decoded {
	const uint8_t *p;
	uint32_t size, n_sections;
	const struct abpb_section *table;
	const char *strings;
	uint32_t strings_size;
	const struct abpb_meta *meta;
};

/* NULL: well-formed (magic, size, digest, table sorted and in bounds, pool ends in NUL); else what is wrong.
 */
const char *decode_bundle(const struct buf *bundle, struct decoded *out);
/* Section (type, arch): *n records of `size` bytes; NULL and 0 when it is absent or empty. */
const void *decode_section(const struct decoded *b, uint32_t type, uint32_t arch, size_t size, uint32_t *n);
/* The string at offset, "<bad string>" out of bounds. */
const char *decode_string(const struct decoded *b, uint32_t off);

#endif
