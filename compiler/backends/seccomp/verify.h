/*
 * verify.h - does a filter mean what the policy means?  For all events, exactly.
 *
 * Product execution: every path of the filter is followed with the set of events that takes it (an interval
 * and bit cube per word, cube.h); at each RET the meaning of the policy (denote.h) is computed for just that
 * set, and the answers are compared.  Sound and complete for the instructions of sim.h; anything else is
 * refused.
 */
#ifndef ABP_SECCOMP_VERIFY_H
#define ABP_SECCOMP_VERIFY_H

#include "compiler/backends/seccomp/filter.h"

enum proof_verdict {
	PROOF_EQUAL,	 /* same answer on every event */
	PROOF_DIFFERS,	 /* not on `event` */
	PROOF_MALFORMED, /* not a filter of the known kind; `why` */
	PROOF_UNDECIDED	 /* the step budget ran out: not proved */
};

struct proof {
	enum proof_verdict verdict;
	const char *why; /* MALFORMED */
	uint32_t at;	 /* MALFORMED: instruction */
	uint32_t event[N_WORDS];
	uint32_t got, want; /* the filter's and the policy's answer for event */
	bool confirmed;	    /* the simulator and denote_event() say so too */
	uint64_t leaves, steps;
	uint32_t reached; /* instructions that some event executes */
};

/* One event of every leaf of the walk, for tests on the kernel. */
typedef void proof_leaf(void *ctx, const uint32_t e[N_WORDS], uint32_t action);

enum { PROOF_BUDGET = 5 * 1000 * 1000 }; /* steps: a few seconds; filters of real policies take a thousand */

/* size bytes of struct sock_filter, little-endian.  leaf may be NULL. */
void filter_prove(const struct filter_spec *s, const uint8_t *bytes, size_t size, uint64_t budget,
		  proof_leaf *leaf, void *ctx, struct proof *out);

#endif
