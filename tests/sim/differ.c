/*
 * differ.c - random policies: the emitted filter, the simulator and the denotation must agree.
 *
 * Each policy is emitted, proved over all inputs, and run on an event of every leaf of the proof and on
 *events at the edges of its conditions.  Every 1000th is large.  Workers share the policies; each has its own
 *stream, so a run is the same for the same three numbers.
 *
 *	differ [POLICIES [SEED [WORKERS]]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/backends/seccomp/denote.h"
#include "compiler/backends/seccomp/sim.h"
#include "tests/unit/seccomp_gen.h"

enum { EVENTS = 60, BIG = 1000, MAX_WORKERS = 64 };

struct count {
	unsigned long policies, too_long, failed, events, allowed, conditions;
	unsigned long long insns, leaves;
};

struct work {
	const struct policy *p;
	struct filter f;
	struct count *c;
};

static void differs(const struct policy *p, const uint32_t e[N_WORDS], const char *what, uint32_t got,
		    uint32_t want)
{
	struct buf b = buf_new(p->a);
	filter_event(&b, e);
	printf("FAILED %s: %s %x, policy %x\n", buf_str(&b), what, got, want);
}

static void one_event(const struct work *w, const uint32_t e[N_WORDS])
{
	uint32_t got = 1, want = denote_event(&w->p->spec, e);
	bool ran = sim_run(w->f.f, w->f.n, e, &got, NULL);
	w->c->events++;
	w->c->allowed += want == SECCOMP_RET_ALLOW;
	if (ran && got == want)
		return;
	w->c->failed++;
	differs(w->p, e, "filter", got, want);
}

static void leaf(void *ctx, const uint32_t e[N_WORDS], uint32_t action)
{
	const struct work *w = ctx;
	one_event(w, e);
	if (action == denote_event(&w->p->spec, e))
		return;
	w->c->failed++;
	differs(w->p, e, "leaf of the proof", action, denote_event(&w->p->spec, e));
}

static void one_policy(struct rng *r, struct count *c)
{
	struct arena *a = arena_new();
	struct policy *p = policy_random(a, r, (enum arch)rng_below(r, N_ARCH), rng_below(r, BIG) ? 8 : 200);
	struct work w = {p, policy_emit(p), c};
	struct proof proof = {0};
	c->policies++;
	c->insns += w.f.n;
	for (uint32_t i = 0; i < p->rules.n; i++)
		c->conditions += p->rules.v[i].terms.v[0].atoms.n > 0;
	bool usable = w.f.n && w.f.n <= BPF_MAXINSNS;
	c->too_long += !usable;
	if (usable)
		filter_prove(&p->spec, (const uint8_t *)w.f.f, w.f.n * sizeof *w.f.f, PROOF_BUDGET, leaf, &w,
			     &proof);
	c->leaves += proof.leaves;
	if (usable && proof.verdict != PROOF_EQUAL) {
		c->failed++;
		differs(p, proof.event, "not proved: filter", proof.got, proof.want);
	}
	for (unsigned i = 0; usable && i < EVENTS; i++) {
		uint32_t e[N_WORDS];
		event_random(p, r, e);
		one_event(&w, e);
	}
	arena_free(a);
}

static void worker(unsigned long policies, uint64_t seed, struct count *c)
{
	struct rng r = {seed};
	for (unsigned long i = 0; i < policies; i++)
		one_policy(&r, c);
	fflush(stdout);
	_exit(0);
}

static void add(struct count *x, const struct count *y)
{
	x->policies += y->policies;
	x->too_long += y->too_long;
	x->failed += y->failed;
	x->events += y->events;
	x->allowed += y->allowed;
	x->conditions += y->conditions;
	x->insns += y->insns;
	x->leaves += y->leaves;
}

static unsigned long argument(int argc, char **argv, int i, unsigned long usual)
{
	return argc > i ? strtoul(argv[i], NULL, 10) : usual;
}

int main(int argc, char **argv)
{
	unsigned long policies = argument(argc, argv, 1, 100000), seed = argument(argc, argv, 2, 20260101);
	unsigned workers = (unsigned)argument(argc, argv, 3, 2);
	struct count *c =
	    mmap(NULL, MAX_WORKERS * sizeof *c, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct count sum = {0};
	if (c == MAP_FAILED || !workers || workers > MAX_WORKERS)
		return 2;
	for (unsigned i = 0; i < workers; i++)
		if (fork() == 0)
			worker(policies / workers + (i < policies % workers), seed + i, &c[i]);
	for (int status; wait(&status) > 0;)
		sum.failed += status != 0; /* a worker that crashed */
	for (unsigned i = 0; i < workers; i++)
		add(&sum, &c[i]);
	sum.failed += sum.policies != policies;
	printf(
	    "%lu policies (%lu too long), %lu calls with conditions, %llu instructions, %llu leaves proved, "
	    "%lu events of which %lu allowed; seed %lu, %u workers\n",
	    sum.policies, sum.too_long, sum.conditions, sum.insns, sum.leaves, sum.events, sum.allowed, seed,
	    workers);
	sum.failed += sum.allowed * 20 < sum.events; /* the events would miss what is allowed */
	printf("%lu passed, %lu failed\n", sum.policies - sum.too_long, sum.failed);
	return sum.failed || !sum.policies;
}
