/*
 * seccomp_gen.h - filters' policies by hand and at random, and events at their edges.  For the unit and the
 * kernel tests of the seccomp wall.
 */
#ifndef ABP_TEST_SECCOMP_GEN_H
#define ABP_TEST_SECCOMP_GEN_H

#include <linux/filter.h>

#include "compiler/backends/seccomp/filter.h"
#include "compiler/backends/seccomp/verify.h"

struct rng {
	uint64_t state;
};
uint64_t rng_next(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t n); /* 0 .. n-1 */

/* ---- by hand: each call goes on with what the last one made ---- */

struct policy {
	struct arena *a;
	rule_list rules; /* sorted */
	struct filter_spec spec;
};
struct policy *policy_new(struct arena *a, enum arch arch, enum filter_deny deny);
/* A call by name, and its first term, always true until policy_atom() narrows it.  Any order. */
void policy_call(struct policy *p, const char *call);
void policy_nr(struct policy *p, uint16_t nr);
/* Another term of call nr. */
void policy_term(struct policy *p, uint16_t nr);
/* The last term of nr also wants lo <= (arg & mask) <= hi; the same (arg, mask) again adds a range
 * (ascending). */
void policy_atom(struct policy *p, uint16_t nr, unsigned arg, unsigned width, uint64_t mask, uint64_t lo,
		 uint64_t hi);

/* x86_64: socket(family, type & 0xf, protocol) in five rows that share tails. */
struct policy *policy_sockets(struct arena *a);

/* ---- what the compiler makes of it ---- */

struct filter {
	struct sock_filter *f;
	uint32_t n;
};
struct filter policy_emit(struct policy *p);
/* f against the meaning of p, all events. */
struct proof policy_prove(const struct policy *p, struct filter f);

/* ---- at random ---- */

/* Up to max_rules calls, up to 6 terms each, every kind of atom; values cluster at word edges. */
struct policy *policy_random(struct arena *a, struct rng *r, enum arch arch, uint32_t max_rules);
/* An event: half the time at an edge of some atom, else near one, else anywhere. */
void event_random(const struct policy *p, struct rng *r, uint32_t e[N_WORDS]);

#endif
