/*
 * fuzz_seccomp.c - any filter before the verifier: the input is noise on an emitted one.  What it refuses or
 * finds different must be so, what it accepts must answer like the policy.
 */
#include <stdlib.h>
#include <string.h>

#include "compiler/backends/seccomp/denote.h"
#include "compiler/backends/seccomp/sim.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/seccomp_gen.h"

enum { BUDGET = 200 * 1000, EVENTS = 50 };

static void accepted(const struct policy *p, const struct sock_filter *f, size_t n)
{
	struct rng r = {n};
	for (unsigned i = 0; i < EVENTS; i++) {
		uint32_t e[N_WORDS], action;
		event_random(p, &r, e);
		if (!sim_run(f, n, e, &action, NULL) || action != denote_event(&p->spec, e))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct policy *p = policy_sockets(a);
	struct filter f = policy_emit(p);
	size_t bytes = f.n * sizeof *f.f;
	uint8_t *noisy = arena_alloc(a, bytes + size);
	struct proof proof;
	memcpy(noisy, f.f, bytes);
	for (size_t i = 0; i < size; i++)
		noisy[i] ^= data[i];
	size_t used = size > bytes ? size - size % 8 : bytes; /* longer input: more instructions */
	filter_prove(&p->spec, noisy, used, BUDGET, NULL, NULL, &proof);
	if (proof.verdict == PROOF_DIFFERS && !proof.confirmed)
		abort();
	if (proof.verdict == PROOF_EQUAL)
		accepted(p, (const struct sock_filter *)(const void *)noisy, used / sizeof *f.f);
	arena_free(a);
	return 0;
}
