/*
 * denote.h - the meaning of a policy for system calls, written from language.md sections 1 and 3 and from
 * nothing else: verdict and answer of every event.  The verifier compares a filter with it; it shares no code
 * with the emitter.
 */
#ifndef ABP_SECCOMP_DENOTE_H
#define ABP_SECCOMP_DENOTE_H

#include "compiler/backends/seccomp/filter.h"
#include "compiler/base/cube.h"

/* The answer for one event: a SECCOMP_RET_* value. */
uint32_t denote_event(const struct filter_spec *s, const uint32_t e[N_WORDS]);

/*
 * The answers for all events of a state: leaf is called once for each of finitely many disjoint, not empty
 * parts whose union is w.  leaf returns false to stop.  Returns false if it did.  w is as before on return.
 */
typedef bool denote_leaf(void *ctx, const struct word w[N_WORDS], uint32_t action);
bool denote_state(const struct filter_spec *s, struct word w[N_WORDS], denote_leaf *leaf, void *ctx);

#endif
