/* The seccomp wall by hand: every kind of condition at its edges, the traps of emission, planted bugs,
 * listings. */
#include <errno.h>
#include <string.h>

#include "compiler/backends/seccomp/denote.h"
#include "compiler/backends/seccomp/emit.h"
#include "compiler/backends/seccomp/seccomp.h"
#include "compiler/backends/seccomp/sim.h"
#include "tests/unit/seccomp_gen.h"
#include "tests/unit/unit.h"

#define ALLOW SECCOMP_RET_ALLOW
#define KILL SECCOMP_RET_KILL_PROCESS
#define NOPERM (SECCOMP_RET_ERRNO | EPERM)
#define NOSYS (SECCOMP_RET_ERRNO | ENOSYS)
#define ALL UINT64_MAX

enum { NR = 16 }; /* the call that has the conditions; any number does */

static void is_equal(const struct policy *p, struct filter f)
{
	struct proof r = policy_prove(p, f);
	struct buf b = buf_new(p->a);
	filter_event(&b, r.event);
	CHECK(f.n > 0 && f.n <= BPF_MAXINSNS, "%u instructions", f.n);
	CHECK(r.verdict == PROOF_EQUAL, "verdict %d, %s: filter %x, policy %x; %s at %u", r.verdict,
	      buf_str(&b), r.got, r.want, r.why ? r.why : "-", r.at);
}

static uint32_t answer(const struct policy *p, struct filter f, uint32_t nr, unsigned arg, uint64_t x)
{
	uint32_t e[N_WORDS] = {[W_NR] = nr, [W_ARCH] = arch_table[p->spec.arch].audit}, action = 1;
	e[W_ARG0 + 2 * arg] = (uint32_t)x;
	e[W_ARG0 + 2 * arg + 1] = (uint32_t)(x >> 32);
	CHECK(sim_run(f.f, f.n, e, &action, NULL), "nr %u arg %u", nr, arg);
	CHECK(action == denote_event(&p->spec, e), "nr %u arg%u = %llx: %x", nr, arg, (unsigned long long)x,
	      action);
	return action;
}

/* ---- every kind of condition ---- */

struct cond_row {
	const char *what;
	unsigned width;
	uint64_t mask;
	struct range in[3];	/* ends with {1, 0} or at three */
	uint64_t yes[8], no[8]; /* values; lists end with the first one again */
};

#define END                                                                                                  \
	{                                                                                                    \
		1, 0                                                                                         \
	}
static const struct cond_row conds[] = {
    {"== on 32 bits",
     32,
     ALL,
     {{5, 5}, END},
     {5, 0x100000005, 0xffffffff00000005, 5},
     {4, 6, 0, 0x500000000, 4}},
    {"== 0 on 32 bits", 32, ALL, {{0, 0}, END}, {0, 0x100000000, 0}, {1, 0xffffffff, 1}},
    {"== -1 on 32 bits",
     32,
     ALL,
     {{UINT32_MAX, UINT32_MAX}, END},
     {0xffffffff, ALL, 0xffffffff},
     {0, 0xfffffffe, 0}},
    {"!= on 32 bits", 32, ALL, {{0, 6}, {8, UINT32_MAX}, END}, {6, 8, 0, 0xffffffff, 6}, {7, 0x100000007, 7}},
    {"< 0, signed 32 bits",
     32,
     ALL,
     {{0x80000000, UINT32_MAX}, END},
     {0x80000000, ALL, 0xffffffff, 0x80000000},
     {0, 0x7fffffff, 0xffffffff00000000, 0}},
    {"-2 to 3, signed 32 bits",
     32,
     ALL,
     {{0, 3}, {0xfffffffe, UINT32_MAX}, END},
     {0, 3, ALL, 0xfffffffe, 0},
     {4, 0xfffffffd, 0x80000000, 4}},
    {"== on 64 bits", 64, ALL, {{5, 5}, END}, {5, 5}, {4, 6, 0x100000005, 0xffffffff00000005, 4}},
    {"== beyond 32 bits",
     64,
     ALL,
     {{0x200000005, 0x200000005}, END},
     {0x200000005, 0x200000005},
     {5, 0x200000004, 0x200000006, 0x100000005, 0x300000005, 0x500000002, 5}},
    {"<= across words",
     64,
     ALL,
     {{0, 0x200000000}, END},
     {0, 0x1ffffffff, 0x200000000, 0xffffffff, 0},
     {0x200000001, ALL, 0x300000000, 0x200000001}},
    {">= across words",
     64,
     ALL,
     {{0x1ffffffff, ALL}, END},
     {0x1ffffffff, 0x200000000, ALL, 0x1ffffffff},
     {0x1fffffffe, 0xffffffff, 0, 0xfffffffe, 0x1fffffffe}},
    {"a range inside one high word",
     64,
     ALL,
     {{0x300000010, 0x300000020}, END},
     {0x300000010, 0x300000020, 0x300000018, 0x300000010},
     {0x30000000f, 0x300000021, 0x10, 0x200000018, 0x400000018, 0x30000000f}},
    {"a range over many high words",
     64,
     ALL,
     {{0x1fffffff0, 0x500000003}, END},
     {0x1fffffff0, 0x200000000, 0x4ffffffff, 0x500000003, 0x1fffffff0},
     {0x1ffffffef, 0x500000004, 0, 0x600000000, 0x1ffffffef}},
    {"two ranges that share a high word",
     64,
     ALL,
     {{0, 0x100000001}, {0x100000003, ALL}, END},
     {0x100000001, 0x100000003, 0, ALL, 0x100000001},
     {0x100000002, 0x100000002}},
    {"< 0, signed 64 bits",
     64,
     ALL,
     {{0x8000000000000000, ALL}, END},
     {0x8000000000000000, ALL, 0x8000000000000000},
     {0, 0x7fffffffffffffff, 0x80000000, 0xffffffff, 0}},
    {"& one bit == 0",
     32,
     0x20000,
     {{0, 0}, END},
     {0, 0x1ffff, 0x2000000000000, 0},
     {0x20000, 0xffffffff, 0x20000}},
    {"& one bit == bit",
     32,
     0x20000,
     {{0x20000, 0x20000}, END},
     {0x20000, ALL, 0x20000},
     {0, 0x1ffff, 0x40000, 0}},
    {"& many bits == 0",
     32,
     0x7e020080,
     {{0, 0}, END},
     {0, 0x81fdff7f, 0},
     {0x80, 0x20000, 0x40000000, 0x80}},
    {"& mask == value", 32, 0xf, {{3, 3}, END}, {3, 0x13, 0xfffffff3, 3}, {0, 2, 4, 0xf, 0x7, 0}},
    {"& mask in ranges",
     32,
     0x7ff,
     {{1, 2}, {5, 5}, {0x7ff, 0x7ff}},
     {1, 2, 5, 0x805, 0x7ff, 0xffffffff, 1},
     {0, 3, 4, 6, 0x800, 0x7fe, 0}},
    {"flags(A|B)",
     32,
     ~(uint64_t)0x80800,
     {{0, 0}, END},
     {0, 0x800, 0x80000, 0x80800, 0xff00000000, 0},
     {1, 0x80801, 0x80000000, 1}},
    {"64-bit mask, high bits only",
     64,
     0xff00000000,
     {{0x100000000, 0x200000000}, END},
     {0x100000000, 0x1ffffffff, 0x200000000, 0x10200000000, 0x100000000},
     {0, 0x300000000, 0xffffffff, 0}},
    {"64-bit mask, both words",
     64,
     0x100000001,
     {{1, 1}, {0x100000000, 0x100000000}, END},
     {1, 0x100000000, 0x3, 0xfffffffeffffffff, 1},
     {0, 0x100000001, ALL, 2, 0}},
    {"64-bit mask, low bits only",
     64,
     0xff,
     {{0x10, 0x1f}, END},
     {0x10, 0x1f, 0xffffffffffffff1f, 0x10},
     {0xf, 0x20, 0xf}},
    {"64-bit flags",
     64,
     ~(uint64_t)0x3,
     {{0, 0}, END},
     {0, 1, 2, 3, 0},
     {4, 0x100000000, 0x8000000000000000, 4}},
};

static void check_values(const struct policy *p, struct filter f, unsigned arg, const uint64_t *v,
			 uint32_t want, const char *what)
{
	unsigned i = 0;
	do
		CHECK(answer(p, f, NR, arg, v[i]) == want, "%s: arg%u = %llx", what, arg,
		      (unsigned long long)v[i]);
	while (v[++i] != v[0]);
}

static void conditions(void)
{
	for (size_t i = 0; i < sizeof conds / sizeof *conds; i++)
		for (unsigned arg = 0; arg < 6; arg++) {
			const struct cond_row *c = &conds[i];
			struct arena *a = arena_new();
			struct policy *p = policy_new(a, arg % 2 ? ARCH_AARCH64 : ARCH_X86_64, DENY_ERRNO);
			policy_nr(p, NR);
			for (unsigned r = 0; r < 3 && c->in[r].lo <= c->in[r].hi; r++)
				policy_atom(p, NR, arg, c->width, c->mask, c->in[r].lo, c->in[r].hi);
			struct filter f = policy_emit(p);
			is_equal(p, f);
			check_values(p, f, arg, c->yes, ALLOW, c->what);
			check_values(p, f, arg, c->no, NOPERM, c->what);
			arena_free(a);
		}
}

static void terms(void)
{
	struct arena *a = arena_new();
	struct policy *p = policy_sockets(a);
	struct filter f = policy_emit(p);
	is_equal(p, f);
	for (uint32_t family = 0; family < 20; family++)
		for (uint32_t type = 0; type < 32; type++)
			for (uint32_t proto = 0; proto < 20; proto++) {
				uint32_t e[N_WORDS] = {41, ABPB_ARCH_X86_64, 0, 0,     family,
						       7,  type | 0x80800,   7, proto, 7};
				uint32_t got;
				bool inet =
				    (family == 2 || family == 10) &&
				    (((type & 0xf) == 1 && proto == 6) || ((type & 0xf) == 2 && proto == 17));
				bool yes = inet || (family == 16 && (type & 0xf) == 3 && proto == 0);
				sim_run(f.f, f.n, e, &got, NULL);
				if (!CHECK(got == (yes ? ALLOW : NOPERM), "socket(%u, %u, %u)", family, type,
					   proto))
					return;
			}
	arena_free(a);
}

/* Terms over different arguments: nothing may be lost when one of them is decided early. */
static void crossed_terms(void)
{
	struct arena *a = arena_new();
	struct policy *p = policy_new(a, ARCH_AARCH64, DENY_KILL);
	policy_nr(p, NR);
	policy_atom(p, NR, 0, 32, ALL, 1, 1);
	policy_atom(p, NR, 3, 64, ALL, 7, 0x100000000);
	policy_term(p, NR);
	policy_atom(p, NR, 1, 32, 0xff, 2, 9);
	policy_term(p, NR);
	policy_atom(p, NR, 0, 32, 0xf0, 0x10, 0x10);
	policy_atom(p, NR, 0, 32, ALL, 3, 0x18);
	policy_atom(p, NR, 5, 64, 0x8000000000000001, 1, 1);
	is_equal(p, policy_emit(p));
	arena_free(a);
}

/* ---- answers ---- */

static void answers(void)
{
	for (int deny = DENY_ERRNO; deny <= DENY_KILL_ALL; deny++) {
		struct arena *a = arena_new();
		struct policy *p = policy_new(a, ARCH_X86_64, (enum filter_deny)deny);
		uint32_t no = deny == DENY_ERRNO ? NOPERM : KILL,
			 nosys = deny == DENY_KILL_ALL ? KILL : NOSYS;
		policy_call(p, "read");
		policy_call(p, "statx"); /* a probe call, granted in part: never ENOSYS */
		policy_atom(p, 332, 2, 32, ALL, 0, 0);
		struct filter f = policy_emit(p);
		is_equal(p, f);
		uint32_t end = (uint32_t)syscall_table_max(ARCH_X86_64) + 1;
		CHECK(answer(p, f, 0, 0, 9) == ALLOW, "deny %d", deny);
		CHECK(answer(p, f, 1, 0, 9) == no, "deny %d", deny);
		CHECK(answer(p, f, 332, 2, 0) == ALLOW, "deny %d", deny);
		CHECK(answer(p, f, 332, 2, 1) == no, "deny %d", deny);
		CHECK(answer(p, f, 435, 0, 0) == nosys, "clone3, deny %d", deny);
		CHECK(answer(p, f, 437, 0, 0) == nosys, "openat2, deny %d", deny);
		CHECK(answer(p, f, 335, 0, 0) == no, "uretprobe, deny %d", deny);
		CHECK(answer(p, f, 400, 0, 0) == no, "a gap of the table, deny %d", deny);
		CHECK(answer(p, f, end, 0, 0) == nosys, "deny %d", deny);
		CHECK(answer(p, f, 0x3fffffff, 0, 0) == nosys, "deny %d", deny);
		CHECK(answer(p, f, 0x40000000, 0, 0) == KILL, "x32 read, deny %d", deny);
		CHECK(answer(p, f, UINT32_MAX, 0, 0) == KILL, "-1, deny %d", deny);
		arena_free(a);
	}
}

static void architectures(void)
{
	static const uint32_t others[] = {0x40000003 /* i386 */,
					  0,
					  ABPB_ARCH_AARCH64,
					  ABPB_ARCH_X86_64,
					  0xC000003F,
					  0xC000003D,
					  0x8000003E,
					  UINT32_MAX};
	for (enum arch arch = 0; arch < N_ARCH; arch++) {
		struct arena *a = arena_new();
		struct policy *p = policy_new(a, arch, DENY_ERRNO);
		policy_nr(p, 0);
		struct filter f = policy_emit(p);
		is_equal(p, f);
		for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
			uint32_t e[N_WORDS] = {0, others[i]}, got;
			sim_run(f.f, f.n, e, &got, NULL);
			CHECK(got == (others[i] == arch_table[arch].audit ? ALLOW : KILL), "%x", others[i]);
		}
		arena_free(a);
	}
}

static void empty_policy(void)
{
	struct arena *a = arena_new();
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
	is_equal(p, policy_emit(p));
	policy_nr(p, NR);
	p->rules.v[0].terms.n = 0; /* a rule without terms grants nothing */
	is_equal(p, policy_emit(p));
	p->spec.deny = DENY_KILL_ALL; /* one answer for everything */
	is_equal(p, policy_emit(p));
	arena_free(a);
}

/* A number beyond the table that a newer table would have: granted, not ENOSYS. */
static void beyond_table(void)
{
	struct arena *a = arena_new();
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
	policy_nr(p, 1000);
	struct filter f = policy_emit(p);
	is_equal(p, f);
	CHECK(answer(p, f, 1000, 0, 0) == ALLOW, "%d", 1000);
	CHECK(answer(p, f, 1001, 0, 0) == NOSYS, "%d", 1001);
	CHECK(answer(p, f, 999, 0, 0) == NOSYS, "%d", 999);
	arena_free(a);
}

/* ---- traps of emission ---- */

static void many_values(struct policy *p, uint16_t nr, unsigned n)
{
	policy_nr(p, nr);
	for (uint32_t i = 0; i < n; i++)
		policy_atom(p, nr, 1, 32, ALL, 3 * i, 3 * i);
}

/* Targets further than a conditional jump reaches, shared and not. */
static void far_jumps(void)
{
	for (unsigned n = 60; n <= 220; n += 40) {
		struct arena *a = arena_new();
		struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
		for (uint16_t nr = 10; nr < 200; nr = (uint16_t)(nr + 40))
			many_values(p, nr, n + nr);
		policy_term(p, 50);
		policy_atom(p, 50, 0, 32, ALL, 7, 7);
		struct filter f = policy_emit(p);
		is_equal(p, f);
		unsigned ja = 0;
		for (uint32_t i = 0; i < f.n; i++)
			ja += f.f[i].code == (BPF_JMP | BPF_JA);
		CHECK(n < 100 || ja > 0, "no far jump in %u instructions", f.n);
		arena_free(a);
	}
}

/* Few instructions: a value inside another answer's values costs one JEQ, and each six of them one JGE. */
static void small(void)
{
	for (unsigned n = 1; n <= 70; n++) {
		struct arena *a = arena_new();
		struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO),
			      *none = policy_new(a, ARCH_X86_64, DENY_ERRNO);
		policy_nr(none, 16);
		uint32_t others = policy_emit(none).n + 2; /* load, RET */
		many_values(p, 16, n);
		struct filter f = policy_emit(p);
		is_equal(p, f);
		CHECK(f.n <= others + n + (n + 2) / 3, "%u values: %u instructions, %u for the rest", n, f.n,
		      others);
		arena_free(a);
	}
}

static struct model *model_of(struct policy *p)
{
	static const struct source src = {.name = "x.abp", .text = "policy a.b 1.0.0 {\n", .len = 19};
	struct model *m = arena_alloc(p->a, sizeof *m);
	m->name = "a.b";
	m->version = "1.0.0";
	m->src = &src;
	m->name_at = (struct span){&src, 7, 3};
	m->calls[p->spec.arch] = p->rules;
	m->run.on_deny_kill = p->spec.deny == DENY_KILL;
	return m;
}

static void too_long(void)
{
	struct arena *a = arena_new();
	struct sets s = {.a = a};
	struct diags *d = diags_new(a);
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
	many_values(p, 16, 3000);
	many_values(p, 54, 1500);
	struct artefact art = {0};
	struct buf text = buf_new(a);
	CHECK(!backend_seccomp.emit(&s, d, model_of(p), ARCH_X86_64, &art), "%s", "emitted");
	diags_text(d, &text);
	const char *t = buf_str(&text), *first = strstr(t, "ioctl "), *second = strstr(t, "setsockopt ");
	CHECK(strstr(t, "ABP-SEC-001") && first && second && first < second, "%s", t);
	arena_free(a);
}

/* Terms whose diagram would be exponential: refused with the same code, in bounded time. */
static void too_wide(void)
{
	struct arena *a = arena_new();
	struct sets s = {.a = a};
	struct diags *d = diags_new(a);
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
	policy_nr(p, 16);
	for (unsigned i = 0; i < 31; i++) {
		if (i)
			policy_term(p, 16);
		policy_atom(p, 16, 0, 32, 1u << i, 1u << i, 1u << i);
		policy_atom(p, 16, 1, 32, 1u << i, 1u << i, 1u << i);
	}
	struct artefact art = {0};
	struct buf text = buf_new(a);
	CHECK(!backend_seccomp.emit(&s, d, model_of(p), ARCH_X86_64, &art), "%s", "emitted");
	diags_text(d, &text);
	CHECK(strstr(buf_str(&text), "ABP-SEC-001") != NULL, "%s", buf_str(&text));
	arena_free(a);
}

/* What the number alone decides uses only instructions that the kernel's action cache evaluates. */
static void action_cache(void)
{
	struct arena *a = arena_new();
	struct policy *p = policy_sockets(a);
	for (uint16_t nr = 0; nr < 300; nr = (uint16_t)(nr + 3))
		policy_nr(p, nr);
	many_values(p, 16, 100);
	struct filter f = policy_emit(p);
	is_equal(p, f);
	for (uint32_t i = 0; i < p->rules.n; i++) {
		const struct rule *r = &p->rules.v[i];
		uint32_t done, at = sim_by_number(f.f, f.n, ABPB_ARCH_X86_64, r->nr, &done);
		CHECK((f.f[at].code == (BPF_RET | BPF_K)) == (r->terms.v[0].atoms.n == 0), "call %u", r->nr);
	}
	arena_free(a);
}

static void deterministic(void)
{
	struct rng r = {7};
	for (unsigned i = 0; i < 50; i++) {
		struct arena *a = arena_new();
		struct policy *p = policy_random(a, &r, (enum arch)(i % N_ARCH), 30);
		struct filter x = policy_emit(p), y = policy_emit(p);
		CHECK(x.n == y.n && !memcmp(x.f, y.f, x.n * sizeof *x.f), "policy %u", i);
		arena_free(a);
	}
}

/* ---- the backend as main.c calls it ---- */

/* read with any arguments, ioctl with the n values of many_values(). */
static bdd ioctl_set(struct sets *s, const struct policy *p, unsigned n)
{
	struct bdds *t = s->t;
	uint64_t read_nr = p->rules.v[p->spec.arch == ARCH_X86_64 ? 0 : 1].nr;
	uint64_t ioctl_nr = p->rules.v[p->spec.arch == ARCH_X86_64 ? 1 : 0].nr;
	bdd requests = BDD_NONE;
	for (unsigned i = 0; i < n; i++)
		requests = bdd_or(t, requests, bdd_range(t, f_sys_arg32(1), 3 * i, 3 * i));
	return bdd_or(t, bdd_range(t, F_SYS_NR, read_nr, read_nr),
		      bdd_and(t, bdd_range(t, F_SYS_NR, ioctl_nr, ioctl_nr), requests));
}

static void backend(void)
{
	for (enum arch arch = 0; arch < N_ARCH; arch++) {
		struct arena *a = arena_new();
		struct sets s = {a, bdds_new(a)};
		struct diags *d = diags_new(a);
		struct policy *p = policy_new(a, arch, DENY_KILL);
		policy_call(p, "read");
		many_values(p, (uint16_t)syscall_by_name("ioctl")->nr[arch], 4);
		struct model *m = model_of(p);
		bdd *set = &m->all.k[K_SYS_X86_64 + arch].b;
		*set = ioctl_set(&s, p, 4);
		struct artefact art = {0};
		struct buf text = buf_new(a);
		CHECK(backend_seccomp.emit(&s, d, m, arch, &art), "%s", arch_table[arch].name);
		CHECK(!strncmp(art.name, "seccomp.", 8) && strstr(art.name, arch_table[arch].name), "%s",
		      art.name);
		CHECK(backend_seccomp.verify(&s, d, m, &art), "%s", arch_table[arch].name);
		CHECK(art.proof && strstr(art.proof, "equal on all inputs"), "%s",
		      art.proof ? art.proof : "-");
		backend_seccomp.list(&s, m, &art, &text);
		const char *t = buf_str(&text);
		CHECK(!strstr(t, "uretprobe (335)") == (arch != ARCH_X86_64), "%s", t);
		CHECK(strstr(t, "ld   a1\n") && strstr(t, "longest path"), "%s", t);
		bdd right = *set;
		*set = ioctl_set(&s, p, 5); /* the laws judged something else */
		CHECK(!backend_seccomp.verify(&s, d, m, &art), "%s", "another set was accepted");
		*set = right;
		art.bytes.data[art.bytes.len - 4] ^= 1;
		CHECK(!backend_seccomp.verify(&s, d, m, &art), "%s", "a broken filter was accepted");
		text.len = 0;
		diags_text(d, &text);
		CHECK(strstr(buf_str(&text), "ABP-INT-010") && strstr(buf_str(&text), "ABP-INT-014") &&
			  !strstr(buf_str(&text), "not confirmed"),
		      "%s", buf_str(&text));
		arena_free(a);
	}
}

static void allow_list(void)
{
	static const char *const calls[] = {"wait4", "read", "kill", "exit_group", "fork", "waitid"};
	struct arena *a = arena_new();
	struct sets s = {.a = a};
	struct diags *d = diags_new(a);
	for (enum arch arch = 0; arch < N_ARCH; arch++) {
		struct buf out = buf_new(a);
		CHECK(seccomp_emit_list(&s, d, arch, calls, 6, &out), "%s", arch_table[arch].name);
		const struct sock_filter *f = (const struct sock_filter *)(const void *)out.data;
		for (uint32_t nr = 0; nr < 1200; nr++) {
			uint32_t e[N_WORDS] = {[W_NR] = nr, [W_ARCH] = arch_table[arch].audit}, got = 0;
			bool listed = false;
			for (unsigned i = 0; i < 6; i++)
				listed |= syscall_by_name(calls[i])->nr[arch] == (int)nr;
			sim_run(f, out.len / 8, e, &got, NULL);
			CHECK(got == (listed ? ALLOW : KILL), "%s %u", arch_table[arch].name, nr);
		}
	}
	const char *bad[] = {"no_such_call"};
	struct buf none = buf_new(a);
	CHECK(!seccomp_emit_list(&s, d, ARCH_X86_64, bad, 1, &none) && !none.len, "%zu bytes", none.len);
	arena_free(a);
}

void suite_seccomp(void)
{
	static const struct unit_case cases[] = {
	    {"every kind of condition at its edges", conditions},
	    {"terms that share tails", terms},
	    {"terms over different arguments", crossed_terms},
	    {"answers: EPERM, ENOSYS, KILL, on-deny kill", answers},
	    {"foreign architectures", architectures},
	    {"nothing granted", empty_policy},
	    {"numbers beyond the table", beyond_table},
	    {"jumps further than 255", far_jumps},
	    {"few instructions", small},
	    {"more than 4096 instructions", too_long},
	    {"too many decisions", too_wide},
	    {"by number alone: the action cache", action_cache},
	    {"same policy, same bytes", deterministic},
	    {"emit, verify, list", backend},
	    {"allow-lists", allow_list},
	    {NULL, NULL},
	};
	unit_suite("seccomp", cases);
}
