/*
 * builtin.h - the modules of policies/std, part of the compiler: searched after every -I directory.
 */
#ifndef ABP_BUILTIN_H
#define ABP_BUILTIN_H

#include <stddef.h>
#include <stdint.h>

struct builtin {
	const char *file; /* "abp.base-1.0.0.abp" */
	const char *text;
	uint32_t len;
};

extern const struct builtin builtins[]; /* sorted by file; the last has file NULL */

#endif
