/*
 * emit.h - from rules to instructions.
 */
#ifndef ABP_SECCOMP_EMIT_H
#define ABP_SECCOMP_EMIT_H

#include <linux/filter.h>

#include "compiler/backends/seccomp/filter.h"

struct filter_cost { /* of one call, alone */
	uint16_t nr;
	uint32_t insns; /* 0: too many decisions to build */
};

struct filter_code {
	VEC(struct sock_filter) insns; /* more than BPF_MAXINSNS: not usable */
	bool full;		       /* too many decisions: insns is not complete */
	VEC(struct filter_cost) cost;  /* calls with conditions; the dearest first */
};

/*
 * The same spec and frequencies give the same instructions, always.  frequency: how often each number of the
 * table is called, their sum below 2^32; NULL: not known.
 */
void emit_filter(struct arena *a, const struct filter_spec *s, const uint32_t *frequency,
		 struct filter_code *out);

#endif
