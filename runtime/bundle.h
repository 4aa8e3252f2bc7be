/* bundle.h (runtime) - the mapped bundle: checked once, then only pointers. */
#ifndef ABP_RUNTIME_BUNDLE_H
#define ABP_RUNTIME_BUNDLE_H

#include <linux/filter.h>
#include <stddef.h>
#include "spec/bundle.h"

#define BUNDLE_MAX_VIEW 512u /* one descriptor each while the view is built */
#define BUNDLE_MAX_GROUPS 32u

/* Sections for this machine's architecture.  After bundle_check() succeeded every count, offset, string
 * and enum in them is in range: no later code checks again. */
struct bundle {
	const uint8_t *base;
	uint32_t size;
	const struct abpb_header *header;
	const struct abpb_meta *meta;
	const char *strings;
	const struct sock_filter *filter, *reaper;
	const struct abpb_view *view;
	const struct abpb_env *env;
	const struct abpb_limit *limit;
	const uint32_t *group, *fd;
	const struct abpb_program *program;
	const struct abpb_missing *missing;
	const struct abpb_dest *dest;
	const struct abpb_insn *sock[ABPB_N_HOOKS]; /* all or none (NULL) */
	uint32_t n_strings, n_filter, n_reaper, n_view, n_env, n_limit, n_group, n_fd, n_program, n_missing;
	uint32_t n_dest, n_sock[ABPB_N_HOOKS];
	const char *error; /* static text: why the check failed; NULL after success */
};

/* Checks the N bytes at DATA (8-byte aligned) and fills OUT.  Pure: reads only those bytes, so it can be
 * fuzzed.  Returns 0, or -1 with OUT->error set. */
int bundle_check(const void *data, size_t n, struct bundle *out);
/* The string at offset O of the STRINGS section; O must come from a checked record. */
const char *bundle_str(const struct bundle *b, uint32_t o);
/* The value of limit RESOURCE in *VALUE; returns 1 if the policy sets it, else 0. */
int bundle_limit(const struct bundle *b, uint32_t resource, uint64_t *value);

#endif
