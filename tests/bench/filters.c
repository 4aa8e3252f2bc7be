/*
 * filters - size and cost of emitted filters on two policies, beside libseccomp's filters for the same rules.
 *
 * "wide": all calls of the table but those that administer the machine; "agent": some eighty calls, sockets
 * by (family, type, protocol), ioctl and prctl by value, clone under a mask.  Executed instructions are means
 * over the calls of the table: allowed by number, denied by number; calls with conditions until their first
 * argument is loaded. libseccomp's filters answer EPERM where ours have ENOSYS, so theirs need fewer
 * intervals. Times are of this process and noisy; the checks are on instructions only.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "compiler/backends/seccomp/sim.h"
#include "tests/unit/seccomp_gen.h"

static const char *const admin[] = {"_sysctl",
				    "acct",
				    "add_key",
				    "afs_syscall",
				    "bpf",
				    "chroot",
				    "clock_settime",
				    "clone3",
				    "create_module",
				    "delete_module",
				    "fanotify_init",
				    "finit_module",
				    "fsconfig",
				    "fsmount",
				    "fsopen",
				    "fspick",
				    "get_kernel_syms",
				    "get_mempolicy",
				    "getpmsg",
				    "init_module",
				    "io_uring_enter",
				    "io_uring_register",
				    "io_uring_setup",
				    "ioperm",
				    "iopl",
				    "kcmp",
				    "kexec_file_load",
				    "kexec_load",
				    "keyctl",
				    "lookup_dcookie",
				    "mbind",
				    "migrate_pages",
				    "mount",
				    "mount_setattr",
				    "move_mount",
				    "move_pages",
				    "nfsservctl",
				    "open_by_handle_at",
				    "open_tree",
				    "perf_event_open",
				    "pidfd_getfd",
				    "pivot_root",
				    "process_madvise",
				    "ptrace",
				    "putpmsg",
				    "query_module",
				    "quotactl",
				    "quotactl_fd",
				    "reboot",
				    "request_key",
				    "security",
				    "set_mempolicy",
				    "set_mempolicy_home_node",
				    "setdomainname",
				    "sethostname",
				    "setns",
				    "settimeofday",
				    "swapoff",
				    "swapon",
				    "sysfs",
				    "syslog",
				    "tuxcall",
				    "umount2",
				    "unshare",
				    "uselib",
				    "userfaultfd",
				    "ustat",
				    "vhangup",
				    "vserver"};

static const char *const agent[] = {"access",
				    "arch_prctl",
				    "bind",
				    "brk",
				    "chdir",
				    "chmod",
				    "clock_gettime",
				    "clock_nanosleep",
				    "close",
				    "connect",
				    "dup",
				    "dup2",
				    "dup3",
				    "epoll_create1",
				    "epoll_ctl",
				    "epoll_wait",
				    "execve",
				    "exit",
				    "exit_group",
				    "fcntl",
				    "flock",
				    "fstat",
				    "fsync",
				    "ftruncate",
				    "futex",
				    "getcwd",
				    "getdents64",
				    "getegid",
				    "geteuid",
				    "getgid",
				    "getpeername",
				    "getpid",
				    "getrandom",
				    "getsockname",
				    "getsockopt",
				    "gettid",
				    "gettimeofday",
				    "getuid",
				    "kill",
				    "listen",
				    "lseek",
				    "madvise",
				    "mkdir",
				    "mmap",
				    "mprotect",
				    "mremap",
				    "munmap",
				    "nanosleep",
				    "newfstatat",
				    "openat",
				    "pipe2",
				    "pread64",
				    "prlimit64",
				    "pwrite64",
				    "read",
				    "readlink",
				    "readv",
				    "recvfrom",
				    "recvmsg",
				    "rename",
				    "rmdir",
				    "rseq",
				    "rt_sigaction",
				    "rt_sigprocmask",
				    "rt_sigreturn",
				    "sched_getaffinity",
				    "sched_yield",
				    "sendmsg",
				    "sendto",
				    "set_robust_list",
				    "set_tid_address",
				    "setsockopt",
				    "shutdown",
				    "sigaltstack",
				    "umask",
				    "uname",
				    "unlink",
				    "unlinkat",
				    "wait4",
				    "write",
				    "writev"};

/* ---- one policy for both ---- */

struct pair {
	struct policy *p;
	scmp_filter_ctx c;
};

static void plain(struct pair *x, const char *call)
{
	policy_call(x->p, call);
	seccomp_rule_add(x->c, SCMP_ACT_ALLOW, syscall_by_name(call)->nr[ARCH_X86_64], 0);
}

struct eq { /* (arg & mask) == value */
	unsigned arg, width;
	uint64_t mask, value;
};

/* One more term of a call. */
static void term(struct pair *x, const char *call, unsigned n, const struct eq *eq)
{
	uint16_t nr = (uint16_t)syscall_by_name(call)->nr[ARCH_X86_64];
	struct scmp_arg_cmp cmp[3];
	uint32_t before = x->p->rules.n;
	policy_nr(x->p, nr);
	if (x->p->rules.n == before)
		policy_term(x->p, nr);
	for (unsigned i = 0; i < n; i++) {
		policy_atom(x->p, nr, eq[i].arg, eq[i].width, eq[i].mask, eq[i].value, eq[i].value);
		uint64_t mask = eq[i].width == 32 ? eq[i].mask & UINT32_MAX : eq[i].mask;
		cmp[i] = SCMP_CMP(eq[i].arg, SCMP_CMP_MASKED_EQ, mask, eq[i].value);
	}
	seccomp_rule_add_array(x->c, SCMP_ACT_ALLOW, nr, n, cmp);
}

static void values(struct pair *x, const char *call, unsigned arg, const uint32_t *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		term(x, call, 1, &(struct eq){arg, 32, UINT64_MAX, v[i]});
}

static void make_wide(struct pair *x)
{
	static const uint32_t personas[] = {0, 8, 0x20000, 0x20008, UINT32_MAX};
	for (size_t i = 0; i < syscall_count(); i++) {
		const struct sysdef *call = syscall_at(i);
		bool skip = call->nr[ARCH_X86_64] == SYS_NONE || !strcmp(call->name, "clone") ||
			    !strcmp(call->name, "personality");
		for (size_t k = 0; k < sizeof admin / sizeof *admin; k++)
			skip |= !strcmp(call->name, admin[k]);
		if (!skip)
			plain(x, call->name);
	}
	values(x, "personality", 0, personas, 5);
	term(x, "clone", 1, &(struct eq){0, 64, 0x7e020080, 0});
}

static void make_agent(struct pair *x)
{
	static const uint32_t sockets[][3] = {{1, 1, 0},  {2, 1, 0},  {2, 1, 6},  {2, 2, 0},  {2, 2, 17},
					      {10, 1, 0}, {10, 1, 6}, {10, 2, 0}, {10, 2, 17}};
	static const uint32_t ioctls[] = {0x5401, 0x540b, 0x5413, 0x541b, 0x5421, 0x5451},
			      prctls[] = {4, 15, 16, 38, 47};
	for (size_t i = 0; i < sizeof agent / sizeof *agent; i++)
		plain(x, agent[i]);
	for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++)
		term(x, "socket", 3,
		     (const struct eq[]){{0, 32, UINT64_MAX, sockets[i][0]},
					 {1, 32, 0xf, sockets[i][1]},
					 {2, 32, UINT64_MAX, sockets[i][2]}});
	values(x, "ioctl", 1, ioctls, 6);
	values(x, "prctl", 0, prctls, 5);
	term(x, "clone", 1, &(struct eq){0, 64, 0x7e020080, 0});
}

/* ---- figures ---- */

struct figures {
	uint32_t insns;
	double allowed, denied, checked;
};

static struct figures measure(struct filter f)
{
	double sum[3] = {0};
	unsigned n[3] = {0};
	for (int nr = 0; nr <= syscall_table_max(ARCH_X86_64); nr++) {
		uint32_t done, at = sim_by_number(f.f, f.n, ABPB_ARCH_X86_64, (uint32_t)nr, &done);
		if (!syscall_by_nr(ARCH_X86_64, nr))
			continue;
		unsigned kind = f.f[at].code != (BPF_RET | BPF_K) ? 2 : f.f[at].k != SECCOMP_RET_ALLOW;
		sum[kind] += done + 1;
		n[kind]++;
	}
	for (unsigned i = 0; i < 3; i++)
		sum[i] /= n[i] ? n[i] : 1;
	return (struct figures){f.n, sum[0], sum[1], sum[2]};
}

static struct filter peer(struct arena *a, scmp_filter_ctx c, uint32_t optimize)
{
	struct filter f = {0};
	int fd = memfd_create("peer", MFD_CLOEXEC);
	seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, optimize);
	if (!seccomp_export_bpf(c, fd)) {
		size_t size = (size_t)lseek(fd, 0, SEEK_END);
		f.f = arena_alloc(a, size);
		f.n = (uint32_t)((size_t)pread(fd, f.f, size, 0) / sizeof *f.f);
	}
	close(fd);
	return f;
}

static void print(const char *policy, const char *who, struct filter f)
{
	struct figures x = measure(f);
	printf("  %-6s %-22s %5u instructions; executed: allowed %.1f, denied %.1f, to the first argument "
	       "%.1f\n",
	       policy, who, x.insns, x.allowed, x.denied, x.checked);
}

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool bench(const char *name, void (*make)(struct pair *), uint32_t limit)
{
	struct arena *a = arena_new();
	struct pair x = {policy_new(a, ARCH_X86_64, DENY_ERRNO), seccomp_init(SCMP_ACT_ERRNO(EPERM))};
	make(&x);
	double t0 = now_ms();
	struct filter f = policy_emit(x.p);
	double t1 = now_ms();
	struct proof proof = policy_prove(x.p, f);
	double t2 = now_ms();
	struct filter linear = peer(a, x.c, 1), tree = peer(a, x.c, 2);
	print(name, "abpc", f);
	print(name, "libseccomp", linear);
	print(name, "libseccomp OPTIMIZE=2", tree);
	printf("  %-6s emitted in %.2f ms, proved in %.2f ms (%llu parts)\n", name, t1 - t0, t2 - t1,
	       (unsigned long long)proof.leaves);
	bool ok = proof.verdict == PROOF_EQUAL && f.n <= limit && f.n < linear.n && f.n < tree.n;
	if (!ok)
		printf("FAILED %s: at most %u instructions, fewer than the peers, proved\n", name, limit);
	seccomp_release(x.c);
	arena_free(a);
	return ok;
}

int main(void)
{
	unsigned passed = bench("wide", make_wide, 75) + bench("agent", make_agent, 120);
	printf("%u passed, %u failed\n", passed, 2 - passed);
	return passed != 2;
}
