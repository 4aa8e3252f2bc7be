/*
 * The seccomp wall at random: filters against the simulator, the denotation and libseccomp, and mutants of
 * filters against the verifier.  N=200000 in the environment: that many random policies instead of 2,000
 * (tests/sim/differ.c has many).
 */
#include <seccomp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/backends/seccomp/denote.h"
#include "compiler/backends/seccomp/sim.h"
#include "tests/unit/seccomp_gen.h"
#include "tests/unit/unit.h"

enum { EVENTS = 60, BIG = 100 /* one policy in so many is large */ };

static unsigned wanted(unsigned usual)
{
	const char *n = getenv("N");
	return n ? (unsigned)strtoul(n, NULL, 10) : usual;
}

static const char *text_of(const struct policy *p, const uint32_t e[N_WORDS])
{
	struct buf b = buf_new(p->a);
	filter_event(&b, e);
	return buf_str(&b);
}

/* The filter on one event: simulator against the concrete reference. */
static bool agree(const struct policy *p, struct filter f, const uint32_t e[N_WORDS])
{
	uint32_t got = 1, want = denote_event(&p->spec, e);
	bool ran = sim_run(f.f, f.n, e, &got, NULL);
	if (ran && got == want)
		return true;
	return CHECK(0, "%s: filter %x, policy %x", text_of(p, e), got, want);
}

/* ---- random policies ---- */

struct count {
	unsigned policies, unbuildable;
	unsigned long events, allowed;
	uint64_t leaves, insns;
};

struct leaf_ctx {
	const struct policy *p;
	struct filter f;
	struct count *c;
	bool ok;
};

/* An event of every leaf of the proof: all paths of the filter. */
static void leaf_agrees(void *ctx, const uint32_t e[N_WORDS], uint32_t action)
{
	struct leaf_ctx *l = ctx;
	l->c->events++;
	l->c->allowed += action == SECCOMP_RET_ALLOW;
	l->ok = l->ok && agree(l->p, l->f, e) && denote_event(&l->p->spec, e) == action;
}

static bool one_policy(struct arena *a, struct rng *r, struct count *c)
{
	uint32_t size = rng_below(r, BIG) ? 8 : 60;
	struct policy *p = policy_random(a, r, (enum arch)rng_below(r, N_ARCH), size);
	struct leaf_ctx l = {p, policy_emit(p), c, true};
	struct proof proof;
	c->policies++;
	if (!l.f.n || l.f.n > BPF_MAXINSNS) {
		c->unbuildable++;
		return true;
	}
	filter_prove(&p->spec, (const uint8_t *)l.f.f, l.f.n * sizeof *l.f.f, PROOF_BUDGET, leaf_agrees, &l,
		     &proof);
	c->leaves += proof.leaves;
	c->insns += l.f.n;
	if (!CHECK(proof.verdict == PROOF_EQUAL && l.ok, "policy %u: verdict %d, %s: filter %x, policy %x",
		   c->policies, proof.verdict, text_of(p, proof.event), proof.got, proof.want))
		return false;
	for (unsigned i = 0; i < EVENTS; i++) {
		uint32_t e[N_WORDS];
		event_random(p, r, e);
		c->events++;
		c->allowed += denote_event(&p->spec, e) == SECCOMP_RET_ALLOW;
		if (!agree(p, l.f, e))
			return false;
	}
	return true;
}

static void random_policies(void)
{
	struct rng r = {20260101};
	struct count c = {0};
	bool on = true;
	for (unsigned n = wanted(2000); n && on; n--) {
		struct arena *a = arena_new();
		on = one_policy(a, &r, &c);
		arena_free(a);
	}
	printf("       %u policies (%u over 4096), %llu instructions, %llu leaves, %lu events of which %lu "
	       "allowed\n",
	       c.policies, c.unbuildable, (unsigned long long)c.insns, (unsigned long long)c.leaves, c.events,
	       c.allowed);
	CHECK(c.unbuildable * 100 < c.policies && c.allowed > c.events / 20, "%u unbuildable, %lu allowed",
	      c.unbuildable, c.allowed);
}

/* ---- mutants ---- */

struct score {
	unsigned mutants, killed, refused, equal;
	unsigned long tried; /* events on equal mutants */
};

/* Change instruction *i in way number `how`; false: the way does not apply. */
static bool mutate(struct sock_filter *i, unsigned how)
{
	static const uint16_t tests[] = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};
	bool branch = BPF_CLASS(i->code) == BPF_JMP && BPF_OP(i->code) != BPF_JA;
	uint8_t jt = i->jt;
	switch (how) {
	case 0:
		return branch && i->jt++ < UINT8_MAX;
	case 1:
		return branch && i->jt-- > 0;
	case 2:
		return branch && i->jf++ < UINT8_MAX;
	case 3:
		return branch && i->jf-- > 0;
	case 4:
		i->jt = i->jf;
		i->jf = jt;
		return branch && i->jt != i->jf;
	case 5:
		i->k ^= 1;
		return true;
	case 6:
		i->k ^= 0x80000000;
		return true;
	case 7:
		i->k += BPF_CLASS(i->code) == BPF_LD ? 4 : 1;
		return true;
	case 8:
		i->k -= BPF_CLASS(i->code) == BPF_LD ? 4 : 1;
		return true;
	case 9:
		i->k &= i->k - 1; /* lowest bit of a mask or constant lost */
		return BPF_CLASS(i->code) != BPF_RET;
	default: {
		uint16_t code = (uint16_t)(BPF_JMP | BPF_K | tests[how - 10]);
		bool other = branch && i->code != code;
		i->code = code;
		return other;
	}
	}
}

enum { WAYS = 14 };

/* An "equal" mutant must answer like the policy wherever we look. */
static void check_equal(const struct policy *p, struct filter f, struct rng *r, struct score *s)
{
	for (unsigned i = 0; i < 400; i++) {
		uint32_t e[N_WORDS];
		event_random(p, r, e);
		s->tried++;
		if (!agree(p, f, e))
			return;
	}
}

static void judge(const struct policy *p, struct filter f, struct rng *r, struct score *s, uint32_t at,
		  unsigned how)
{
	struct proof proof = policy_prove(p, f);
	s->mutants++;
	switch (proof.verdict) {
	case PROOF_DIFFERS:
		s->killed++;
		CHECK(proof.confirmed, "instruction %u, way %u: %s", at, how, text_of(p, proof.event));
		break;
	case PROOF_MALFORMED:
		s->refused++;
		break;
	case PROOF_EQUAL:
		s->equal++;
		check_equal(p, f, r, s);
		break;
	case PROOF_UNDECIDED:
		CHECK(0, "instruction %u, way %u: undecided", at, how);
		break;
	}
}

static void mutate_policy(struct policy *p, struct rng *r, struct score *s)
{
	struct filter f = policy_emit(p);
	if (!f.n || f.n > 600)
		return;
	for (uint32_t at = 0; at < f.n; at++)
		for (unsigned how = 0; how < WAYS; how++) {
			struct sock_filter keep = f.f[at];
			if (mutate(&f.f[at], how) && memcmp(&keep, &f.f[at], sizeof keep))
				judge(p, f, r, s, at, how);
			f.f[at] = keep;
		}
}

static void mutants(void)
{
	struct rng r = {4711};
	struct score s = {0};
	while (s.mutants < 6000) {
		struct arena *a = arena_new();
		mutate_policy(policy_random(a, &r, (enum arch)rng_below(&r, N_ARCH), 12), &r, &s);
		arena_free(a);
	}
	printf(
	    "       %u mutants: %u killed with a confirmed event, %u refused as malformed, %u proved equal "
	    "(%lu events agree)\n",
	    s.mutants, s.killed, s.refused, s.equal, s.tried);
	CHECK(s.killed > s.equal && s.killed + s.refused + s.equal == s.mutants, "%u of %u killed", s.killed,
	      s.mutants);
}

/* ---- libseccomp as oracle: EQ and MASKED_EQ only ---- */

/* A rule for libseccomp: one comparison an argument, all must hold. */
struct row {
	uint16_t nr;
	unsigned n;
	struct scmp_arg_cmp cmp[3];
};

static void oracle_row(struct policy *p, struct rng *r, struct row *row)
{
	unsigned used = 0;
	row->n = 1 + rng_below(r, 3);
	for (unsigned i = 0; i < row->n; i++) {
		unsigned arg;
		do
			arg = rng_below(r, 4);
		while (used >> arg & 1);
		used |= 1u << arg;
		bool wide = (row->nr + arg) % 2;
		uint64_t mask = wide ? UINT64_MAX : UINT32_MAX;
		if (rng_below(r, 3) == 0)
			mask &= 0xf | (uint64_t)rng_below(r, 256) << 28;
		uint64_t v = (rng_below(r, 4) | (uint64_t)rng_below(r, 3) << 31) & mask;
		row->cmp[i] = mask == UINT64_MAX ? SCMP_CMP(arg, SCMP_CMP_EQ, v, 0)
						 : SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, mask, v);
		policy_atom(p, row->nr, arg, wide ? 64 : 32, mask, v, v);
	}
}

/* Runs in the child: libseccomp's filter for the rows into fd. */
static int oracle_build(const struct row *rows, unsigned n, int fd)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!c || seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS))
		return 1;
	for (unsigned i = 0; i < n; i++)
		if (seccomp_rule_add_array(c, SCMP_ACT_ALLOW, rows[i].nr, rows[i].n, rows[i].cmp))
			return 3;
	return seccomp_export_bpf(c, fd) ? 4 : 0;
}

/* The same in a child with an alarm, because it may not end; the filter, or n == 0 with the reason in *why.
 */
static struct filter oracle(struct arena *a, const struct row *rows, unsigned n, int *why)
{
	struct filter f = {0};
	int fd = memfd_create("filter", MFD_CLOEXEC), status = -1;
	pid_t child = fork();
	if (child == 0) {
		alarm(2);
		_exit(oracle_build(rows, n, fd));
	}
	waitpid(child, &status, 0);
	*why = status;
	off_t size = lseek(fd, 0, SEEK_END);
	if (status == 0 && size > 0) {
		f.f = arena_alloc(a, (size_t)size);
		f.n = (uint32_t)((size_t)pread(fd, f.f, (size_t)size, 0) / sizeof *f.f);
	}
	close(fd);
	return f;
}

struct oracle_score {
	unsigned policies, unbuilt;
	unsigned long events, allowed;
};

static bool oracle_policy(struct arena *a, struct rng *r, struct oracle_score *s)
{
	enum { ROWS = 6 };
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO); /* it takes numbers for native ones */
	struct row rows[ROWS];
	unsigned n = 1 + rng_below(r, ROWS);
	for (unsigned i = 0; i < n; i++) {
		rows[i].nr = (uint16_t)(20 + rng_below(r, 4));
		uint32_t before = p->rules.n;
		policy_nr(p, rows[i].nr);
		if (p->rules.n == before)
			policy_term(p, rows[i].nr);
		oracle_row(p, r, &rows[i]);
	}
	int why;
	struct filter ours = policy_emit(p), theirs = oracle(a, rows, n, &why);
	s->policies++;
	s->unbuilt += !theirs.n;
	for (unsigned i = 0; i < 150 && theirs.n; i++) {
		uint32_t e[N_WORDS], x = 0, y = 0;
		event_random(p, r, e);
		if (e[W_NR] < 20 || e[W_NR] > 23) /* answers outside the rules are another test's */
			e[W_NR] = 20 + e[W_NR] % 4;
		sim_run(ours.f, ours.n, e, &x, NULL);
		sim_run(theirs.f, theirs.n, e, &y, NULL);
		s->events++;
		s->allowed += x == SECCOMP_RET_ALLOW;
		if (x != y)
			return CHECK(0, "%s: ours %x, libseccomp %x", text_of(p, e), x, y);
	}
	return true;
}

static void libseccomp(void)
{
	struct rng r = {99};
	struct oracle_score s = {0};
	bool on = true;
	fflush(stdout);
	for (unsigned i = 0; i < 3000 && on; i++) {
		struct arena *a = arena_new();
		on = oracle_policy(a, &r, &s);
		arena_free(a);
	}
	printf("       %u policies (%u not built by the oracle), %lu events of which %lu allowed\n",
	       s.policies, s.unbuilt, s.events, s.allowed);
	CHECK(s.unbuilt * 20 < s.policies && s.allowed * 20 > s.events, "%u unbuilt, %lu allowed", s.unbuilt,
	      s.allowed);
}

void suite_seccomp_fuzz(void)
{
	static const struct unit_case cases[] = {
	    {"random policies: filter, simulator, denotation", random_policies},
	    {"every mutant is killed or proved equal", mutants},
	    {"random equality rules: libseccomp as oracle", libseccomp},
	    {NULL, NULL},
	};
	unit_suite("seccomp-fuzz", cases);
}
