/* The verifier of the seccomp wall: planted bugs, each found with an event on which filter and policy really
 * differ; filters that it has to refuse. */
#include <errno.h>
#include <string.h>

#include "tests/unit/seccomp_gen.h"
#include "tests/unit/unit.h"

#define ALLOW SECCOMP_RET_ALLOW
#define KILL SECCOMP_RET_KILL_PROCESS
#define NOPERM (SECCOMP_RET_ERRNO | EPERM)
#define NOSYS (SECCOMP_RET_ERRNO | ENOSYS)
#define ALL UINT64_MAX

/* ---- planted bugs: each found, with an event on which filter and policy really differ ---- */

static struct policy *plant_policy(struct arena *a)
{
	struct policy *p = policy_sockets(a);
	policy_call(p, "read");
	policy_call(p, "write");
	policy_call(p, "personality");
	policy_atom(p, 135, 0, 64, ALL, UINT32_MAX, UINT32_MAX);
	policy_call(p, "mmap");
	policy_atom(p, 9, 1, 64, ALL, 0, 0x200000000);
	policy_call(p, "clone");
	policy_atom(p, 56, 0, 64, 0x7e020000, 0, 0);
	return p;
}

static struct proof finds_bug(const struct policy *p, struct filter f, const char *what)
{
	struct proof r = policy_prove(p, f);
	CHECK(r.verdict == PROOF_DIFFERS, "%s: verdict %d", what, r.verdict);
	CHECK(r.confirmed, "%s: not confirmed", what);
	return r;
}

static void bug_off_by_one(void)
{
	struct arena *a = arena_new();
	struct policy *p = plant_policy(a);
	struct filter f = policy_emit(p);
	unsigned found = 0;
	for (uint32_t i = 0; i < f.n; i++) {
		if (BPF_CLASS(f.f[i].code) != BPF_JMP || f.f[i].code == (BPF_JMP | BPF_JA))
			continue;
		f.f[i].k++;
		struct proof r = policy_prove(p, f);
		CHECK(r.verdict == PROOF_EQUAL || r.confirmed, "instruction %u", i);
		found += r.verdict == PROOF_DIFFERS;
		f.f[i].k--;
	}
	CHECK(found > 20, "%u off-by-one constants found", found);
	arena_free(a);
}

static void bug_high_word(void)
{
	struct arena *a = arena_new();
	struct policy *right = plant_policy(a), *wrong = plant_policy(a);
	for (uint32_t i = 0; i < wrong->rules.n; i++)
		if (wrong->rules.v[i].nr == 135) {
			struct atom *x = &wrong->rules.v[i].terms.v[0].atoms.v[0];
			x->width = 32;
			x->mask = UINT32_MAX;
		}
	struct proof r = finds_bug(right, policy_emit(wrong), "high word not checked");
	CHECK(r.event[W_NR] == 135 && r.event[W_ARG0 + 1] != 0 && r.got == ALLOW, "nr %u", r.event[W_NR]);
	arena_free(a);
}

/* The first instruction of that code and constant. */
static struct sock_filter *insn(struct filter f, unsigned code, uint32_t k)
{
	for (uint32_t i = 0; i < f.n; i++)
		if (f.f[i].code == code && f.f[i].k == k)
			return &f.f[i];
	CU_FAIL("instruction to break not found");
	return f.f;
}

static void bug_x32(void)
{
	struct arena *a = arena_new();
	struct policy *p = plant_policy(a);
	struct filter f = policy_emit(p);
	struct sock_filter *i = insn(f, BPF_JMP | BPF_JGE | BPF_K, FILTER_NR_END);
	i->jt = i->jf;
	struct proof r = finds_bug(p, f, "x32 hole");
	CHECK(r.event[W_NR] >= FILTER_NR_END && r.want == KILL, "nr %x", r.event[W_NR]);
	arena_free(a);
}

static void bug_arch(void)
{
	struct arena *a = arena_new();
	struct policy *p = plant_policy(a);
	struct filter f = policy_emit(p);
	struct sock_filter *i = insn(f, BPF_JMP | BPF_JEQ | BPF_K, ABPB_ARCH_X86_64);
	i->jf = i->jt;
	struct proof r = finds_bug(p, f, "architecture not checked");
	CHECK(r.event[W_ARCH] != ABPB_ARCH_X86_64 && r.want == KILL, "arch %x", r.event[W_ARCH]);
	arena_free(a);
}

static void bug_gt_for_ge(void)
{
	struct arena *a = arena_new();
	struct policy *p = plant_policy(a);
	struct filter f = policy_emit(p);
	unsigned found = 0, equal = 0; /* equal: the tree below gives k the same answer as the one above */
	for (uint32_t i = 0; i < f.n; i++) {
		if (f.f[i].code != (BPF_JMP | BPF_JGE | BPF_K))
			continue;
		f.f[i].code = BPF_JMP | BPF_JGT | BPF_K;
		struct proof r = policy_prove(p, f);
		CHECK(r.verdict == PROOF_EQUAL || r.confirmed, "instruction %u", i);
		found += r.verdict == PROOF_DIFFERS;
		equal += r.verdict == PROOF_EQUAL;
		f.f[i].code = BPF_JMP | BPF_JGE | BPF_K;
	}
	CHECK(found > 5 && equal < found, "%u found, %u equal", found, equal);
	arena_free(a);
}

static void bug_mask_bit(void)
{
	struct arena *a = arena_new();
	struct policy *p = plant_policy(a);
	struct filter f = policy_emit(p);
	insn(f, BPF_JMP | BPF_JSET | BPF_K, 0x7e020000)->k &= ~0x20000u;
	struct proof r = finds_bug(p, f, "mask bit lost");
	CHECK(r.event[W_NR] == 56 && r.event[W_ARG0] == 0x20000 && r.got == ALLOW, "clone(%x)",
	      r.event[W_ARG0]);
	arena_free(a);
}

/* A probe call answered EPERM, and EPERM answered ENOSYS: same verdict, wrong answer. */
static void bug_answer(void)
{
	struct arena *a = arena_new();
	struct policy *p = plant_policy(a);
	struct filter f = policy_emit(p);
	for (uint32_t i = 0; i < f.n; i++)
		if (f.f[i].code == (BPF_RET | BPF_K) && f.f[i].k != ALLOW) {
			uint32_t k = f.f[i].k;
			f.f[i].k = k == NOSYS ? NOPERM : NOSYS;
			finds_bug(p, f, "answer");
			f.f[i].k = k;
		}
	arena_free(a);
}

/* ---- what the verifier refuses ---- */

static void malformed(void)
{
	static const struct {
		struct sock_filter f[4];
		uint32_t n;
		const char *why;
	} rows[] = {
	    {{{0x06, 0, 0, 0}}, 0, "size"},
	    {{{0x20, 0, 0, 0}}, 1, "does not end"},
	    {{{0x20, 0, 0, 2}, {0x06, 0, 0, 0}}, 2, "load outside"},
	    {{{0x20, 0, 0, 64}, {0x06, 0, 0, 0}}, 2, "load outside"},
	    {{{0x20, 0, 0, UINT32_MAX - 3}, {0x06, 0, 0, 0}}, 2, "load outside"},
	    {{{0x15, 0, 0, 1}, {0x06, 0, 0, 0}}, 2, "before a load"},
	    {{{0x54, 0, 0, 1}, {0x06, 0, 0, 0}}, 2, "before a load"},
	    {{{0x20, 0, 0, 0}, {0x15, 1, 0, 1}, {0x06, 0, 0, 0}}, 3, "jump past"},
	    {{{0x20, 0, 0, 0}, {0x15, 0, 1, 1}, {0x06, 0, 0, 0}}, 3, "jump past"},
	    {{{0x05, 0, 0, 1}, {0x06, 0, 0, 0}}, 2, "jump past"},
	    {{{0x05, 0, 0, UINT32_MAX}, {0x06, 0, 0, 0}}, 2, "jump past"},
	    {{{0x20, 0, 0, 0}, {0x74, 0, 0, 1}, {0x06, 0, 0, 0}}, 3, "unknown"}, /* shift */
	    {{{0x20, 0, 0, 0}, {0x1d, 0, 0, 0}, {0x06, 0, 0, 0}}, 3, "unknown"}, /* jeq x */
	    {{{0x20, 0, 0, 0}, {0x16, 0, 0, 0}}, 2, "unknown"},			 /* ret a */
	    {{{0x28, 0, 0, 0}, {0x06, 0, 0, 0}}, 2, "unknown"},			 /* half word */
	    {{{0x0620, 0, 0, 0}, {0x06, 0, 0, 0}}, 2, "unknown"},
	};
	struct arena *a = arena_new();
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sock_filter f[4];
		memcpy(f, rows[i].f, sizeof f);
		struct proof r = policy_prove(p, (struct filter){f, rows[i].n});
		CHECK(r.verdict == PROOF_MALFORMED && strstr(r.why, rows[i].why), "row %zu: %s", i,
		      r.why ? r.why : "-");
	}
	struct proof odd;
	filter_prove(&p->spec, (const uint8_t *)rows[0].f, 7, PROOF_BUDGET, NULL, NULL, &odd);
	CHECK(odd.verdict == PROOF_MALFORMED, "%d", odd.verdict);
	policy_nr(p, 1);
	policy_nr(p, 2);
	struct filter good = policy_emit(p);
	p->rules.v[1].nr = 1; /* twice the same number */
	CHECK(policy_prove(p, good).verdict == PROOF_MALFORMED, "%s", "rules out of order");
	arena_free(a);
}

static void budget(void)
{
	struct arena *a = arena_new();
	struct policy *p = plant_policy(a);
	struct filter f = policy_emit(p);
	struct proof r;
	filter_prove(&p->spec, (const uint8_t *)f.f, f.n * sizeof *f.f, 100, NULL, NULL, &r);
	CHECK(r.verdict == PROOF_UNDECIDED, "verdict %d", r.verdict);
	arena_free(a);
}

void suite_seccomp_bugs(void)
{
	static const struct unit_case cases[] = {
	    {"constant off by one", bug_off_by_one},
	    {"high word not checked", bug_high_word},
	    {"x32 hole", bug_x32},
	    {"architecture not checked", bug_arch},
	    {"JGT for JGE", bug_gt_for_ge},
	    {"mask bit lost", bug_mask_bit},
	    {"wrong answer, right verdict", bug_answer},
	    {"malformed filters are refused", malformed},
	    {"an exhausted budget is no proof", budget},
	    {NULL, NULL},
	};
	unit_suite("seccomp bugs", cases);
}
