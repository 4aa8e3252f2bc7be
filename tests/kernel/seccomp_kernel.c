/*
 * seccomp_kernel - emitted filters in the running kernel: does it answer what the denotation says?
 *
 * A child installs the filter with every RET ALLOW made RET ERRNO|SENTINEL (all other bytes as emitted), so
 *that no call of the test is ever executed, and makes the calls one by one.  It can make no other call
 *either: results go to shared memory, the end is an illegal instruction.  Where KILL_PROCESS is due, the
 *parent sees SIGSYS and goes on with the next event in a new child.
 *
 *	seccomp_kernel [POLICIES [SEED]]
 */
#include <errno.h>
#include <signal.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/backends/seccomp/denote.h"
#include "tests/unit/seccomp_gen.h"

enum { SENTINEL = 4000, EVENTS = 150, MAX_EVENTS = 2000 };
enum { KILLED = 100000, NOTHING };

struct shared {
	volatile uint32_t next; /* event being made */
	uint32_t n;
	uint32_t e[MAX_EVENTS][N_WORDS];
	volatile int32_t got[MAX_EVENTS]; /* -return value, KILLED */
};

struct tally {
	unsigned passed, failed, kills, allows;
};

#if defined(__x86_64__)
static const enum arch NATIVE = ARCH_X86_64;

static long call6(uint32_t nr, const uint64_t a[6])
{
	register uint64_t r10 __asm__("r10") = a[3], r8 __asm__("r8") = a[4], r9 __asm__("r9") = a[5];
	long ret;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"((uint64_t)nr), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

/* i386 exit(0) through the compatibility gate: another architecture. */
static void foreign_call(void)
{
	long ret;
	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(1L), "b"(0L) : "memory");
}
#elif defined(__aarch64__)
static const enum arch NATIVE = ARCH_AARCH64;

static long call6(uint32_t nr, const uint64_t a[6])
{
	register uint64_t x8 __asm__("x8") = nr, x0 __asm__("x0") = a[0], x1 __asm__("x1") = a[1];
	register uint64_t x2 __asm__("x2") = a[2], x3 __asm__("x3") = a[3], x4 __asm__("x4") = a[4];
	register uint64_t x5 __asm__("x5") = a[5];
	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return (long)x0;
}
#endif

static void install(struct filter f)
{
	struct sock_fprog prog = {.len = (unsigned short)f.n, .filter = f.f};
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog)) {
		perror("seccomp");
		_exit(9);
	}
}

/* The filter with the sentinel; false if an ALLOW would be left. */
static bool disarm(struct arena *a, struct filter f, struct filter *out)
{
	*out = (struct filter){arena_alloc(a, f.n * sizeof *f.f), f.n};
	for (uint32_t i = 0; i < f.n; i++) {
		out->f[i] = f.f[i];
		if (f.f[i].code == (BPF_RET | BPF_K) && f.f[i].k == SECCOMP_RET_ALLOW)
			out->f[i].k = SECCOMP_RET_ERRNO | SENTINEL;
		if (BPF_CLASS(f.f[i].code) == BPF_RET && out->f[i].k == SECCOMP_RET_ALLOW)
			return false;
	}
	return true;
}

static void make_calls(struct shared *s)
{
	for (uint32_t i = s->next; i < s->n; i++) {
		uint64_t a[6];
		for (unsigned x = 0; x < 6; x++)
			a[x] = s->e[i][W_ARG0 + 2 * x] | (uint64_t)s->e[i][W_ARG0 + 2 * x + 1] << 32;
		s->next = i;
		long ret = call6(s->e[i][W_NR], a);
		s->got[i] = (int32_t)-ret;
	}
	s->next = s->n;
}

static int run_child(struct filter f, struct shared *s, void (*act)(struct shared *))
{
	int status = 0;
	pid_t child = fork();
	if (child == 0) {
		install(f);
		act(s);
		__builtin_trap();
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		exit(2);
	return status;
}

/* All events of s, in as many children as KILL takes.  false: a child ended in no known way. */
static bool run_events(struct filter f, struct shared *s)
{
	for (s->next = 0; s->next < s->n;) {
		int status = run_child(f, s, make_calls);
		if (!WIFSIGNALED(status) || (WTERMSIG(status) != SIGSYS && WTERMSIG(status) != SIGILL)) {
			printf("child: status 0x%x at event %u\n", status, s->next);
			return false;
		}
		if (WTERMSIG(status) == SIGSYS)
			s->got[s->next++] = KILLED;
	}
	return true;
}

static int32_t expected(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return SENTINEL;
	case SECCOMP_RET_ERRNO:
		return (int32_t)(action & SECCOMP_RET_DATA);
	case SECCOMP_RET_KILL_PROCESS:
		return KILLED;
	default:
		return NOTHING;
	}
}

static void judge(const struct policy *p, const struct shared *s, struct tally *t)
{
	for (uint32_t i = 0; i < s->n; i++) {
		int32_t want = expected(denote_event(&p->spec, s->e[i]));
		t->kills += want == KILLED;
		t->allows += want == SENTINEL;
		if (s->got[i] == want) {
			t->passed++;
			continue;
		}
		struct buf b = buf_new(p->a);
		filter_event(&b, s->e[i]);
		printf("FAILED %s: the kernel answers %d, the policy says %d\n", buf_str(&b), s->got[i],
		       want);
		t->failed++;
	}
}

/* Not an event that the kernel would show to a filter. */
static bool unusable(const uint32_t e[N_WORDS])
{
	const struct sysdef *call = e[W_NR] < FILTER_NR_END ? syscall_by_nr(NATIVE, (int)e[W_NR]) : NULL;
	return e[W_ARCH] != arch_table[NATIVE].audit || (call && syscall_unfiltered(call->name));
}

static void add_event(struct shared *s, const uint32_t e[N_WORDS])
{
	if (s->n < MAX_EVENTS && !unusable(e)) {
		s->got[s->n] = NOTHING;
		memcpy(s->e[s->n++], e, sizeof s->e[0]);
	}
}

static void add_leaf(void *ctx, const uint32_t e[N_WORDS], uint32_t action)
{
	struct shared *s = ctx;
	if (action != SECCOMP_RET_KILL_PROCESS || e[W_NR] % 16 == 0) /* a process each: some are enough */
		add_event(s, e);
}

static void test_policy(struct policy *p, struct rng *r, struct shared *s, struct tally *t)
{
	struct filter f = policy_emit(p), safe;
	struct proof proof;
	if (!f.n || f.n > BPF_MAXINSNS)
		return;
	s->n = 0;
	filter_prove(&p->spec, (const uint8_t *)f.f, f.n * sizeof *f.f, PROOF_BUDGET, add_leaf, s, &proof);
	if (s->n > MAX_EVENTS - EVENTS)
		s->n = MAX_EVENTS - EVENTS;
	for (unsigned i = 0; i < EVENTS; i++) {
		uint32_t e[N_WORDS];
		event_random(p, r, e);
		e[W_ARCH] = arch_table[NATIVE].audit;
		add_event(s, e);
	}
	if (!disarm(p->a, f, &safe) || !run_events(safe, s))
		t->failed++;
	else
		judge(p, s, t);
}

/* ---- what no event of a loop can show ---- */

static void check(struct tally *t, bool ok, const char *what, int status)
{
	t->passed += ok;
	t->failed += !ok;
	printf("%s %s (status 0x%x)\n", ok ? "ok" : "FAILED", what, status);
}

#if defined(__x86_64__)
static void act_foreign(struct shared *s)
{
	(void)s;
	foreign_call();
}

static void act_uretprobe(struct shared *s)
{
	uint64_t a[6] = {0};
	s->got[0] = (int32_t)-call6(335, a);
}
#endif

static void fixed_cases(struct shared *s, struct tally *t)
{
	struct arena *a = arena_new();
	struct policy *p = policy_new(a, NATIVE, DENY_ERRNO);
	struct policy *other = policy_new(a, NATIVE == ARCH_X86_64 ? ARCH_AARCH64 : ARCH_X86_64, DENY_ERRNO);
	struct filter f;
	policy_call(p, "read");
	for (uint16_t nr = 0; nr < 400; nr++)
		policy_nr(other, nr);
	int status;
	if (disarm(a, policy_emit(other), &f)) {
		status = run_child(f, s, make_calls); /* s->next == s->n: the trap only */
		check(t, WIFSIGNALED(status) && WTERMSIG(status) == SIGILL, "a child that makes no call",
		      status);
		s->n = 1;
		s->next = 0;
		status = run_child(f, s, make_calls);
		check(t, WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
		      "a filter for the other architecture kills", status);
	}
#if defined(__x86_64__)
	if (disarm(a, policy_emit(p), &f)) {
		status = run_child(f, s, act_foreign);
		check(t, WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "int 0x80 is killed", status);
		s->got[0] = NOTHING;
		status = run_child(f, s, act_uretprobe);
		check(t,
		      WIFSIGNALED(status) && WTERMSIG(status) == SIGILL &&
			  (s->got[0] == NOTHING || s->got[0] == EPERM),
		      s->got[0] == NOTHING ? "uretprobe is not filtered here, as listed"
					   : "uretprobe is filtered here",
		      status);
	}
#endif
	arena_free(a);
}

/* socket() in rows that share tails, clone under a mask, mmap up to 8 GiB, a negative number. */
static struct policy *hand_made(struct arena *a)
{
	struct policy *p = policy_new(a, NATIVE, DENY_ERRNO);
	const uint16_t sock = (uint16_t)syscall_by_name("socket")->nr[NATIVE];
	const uint16_t clone_nr = (uint16_t)syscall_by_name("clone")->nr[NATIVE];
	const uint16_t map = (uint16_t)syscall_by_name("mmap")->nr[NATIVE];
	const uint16_t at = (uint16_t)syscall_by_name("openat")->nr[NATIVE];
	policy_nr(p, sock);
	policy_atom(p, sock, 0, 32, UINT64_MAX, 2, 2);
	policy_atom(p, sock, 1, 32, 0xf, 1, 2);
	policy_term(p, sock);
	policy_atom(p, sock, 0, 32, UINT64_MAX, 10, 10);
	policy_atom(p, sock, 1, 32, 0xf, 1, 2);
	policy_nr(p, clone_nr);
	policy_atom(p, clone_nr, 0, 64, 0x7e020080, 0, 0);
	policy_nr(p, map);
	policy_atom(p, map, 1, 64, UINT64_MAX, 0, 0x200000000);
	policy_atom(p, map, 2, 64, 6, 0, 4);
	policy_nr(p, at);
	policy_atom(p, at, 0, 32, UINT64_MAX, 0xffffff9c, 0xffffff9c);
	return p;
}

int main(int argc, char **argv)
{
	unsigned policies = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 60;
	struct rng r = {argc > 2 ? strtoull(argv[2], NULL, 10) : 1};
	struct tally t = {0};
	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s == MAP_FAILED)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0); /* nothing buffered when a child is made */
	if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) && geteuid() == 0)
		perror("unshare"); /* only a second net: no call is executed */
	fixed_cases(s, &t);
	for (unsigned i = 0; i < policies; i++) {
		struct arena *a = arena_new();
		test_policy(i ? policy_random(a, &r, NATIVE, 12) : hand_made(a), &r, s, &t);
		arena_free(a);
	}
	printf("%u policies; %u events are allowed, %u kill\n", policies, t.allows, t.kills);
	printf("%u passed, %u failed\n", t.passed, t.failed);
	return t.failed || !t.passed;
}
