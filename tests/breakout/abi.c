#include "tests/breakout/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- other entries to the kernel -------------------------------------- */

static int int80(void)
{
#ifdef __x86_64__
	long r;
	__asm__ volatile("int $0x80" : "=a"(r) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
	return r > 0 ? 0 : (int)-r;
#else
	return ENOSYS;
#endif
}

static int x32_getpid(void)
{
	return answer(syscall(0x40000000 + SYS_getpid));
}
static int nr_minus_one(void)
{
	return answer(syscall(-1L));
}
static int nr_high_bits(void) /* the kernel truncates to 32 bits: this is getpid */
{
	return answer(syscall((long)(0x100000000 | SYS_getpid)));
}
static int nr_unknown(void)
{
	return answer(syscall(999));
}

/* ---- namespaces ------------------------------------------------------- */

static int unshare_user(void)
{
	return answer(syscall(SYS_unshare, CLONE_NEWUSER));
}
static int unshare_net(void)
{
	return answer(syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS));
}
static int clone_user(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	return answer(pid);
}
static int clone3_user(void)
{
	uint64_t args[11] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
	long pid = syscall(SYS_clone3, args, sizeof args);
	if (pid == 0)
		_exit(0);
	return answer(pid);
}
static int setns_self(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);
	return fd < 0 ? errno : answer(syscall(SYS_setns, fd, 0));
}

/* ---- calls nobody granted --------------------------------------------- */

static int io_uring(void)
{
	char params[120] = {0};
	return answer(syscall(SYS_io_uring_setup, 4, params));
}
static int ptrace_traceme(void)
{
	return answer(ptrace(PTRACE_TRACEME, 0, 0, 0));
}
static int ptrace_parent(void)
{
	return answer(ptrace(PTRACE_SEIZE, getppid(), 0, 0));
}
static int read_parent_memory(void)
{
	char b[8];
	struct iovec l = {b, sizeof b}, r = {b, sizeof b};
	return answer(process_vm_readv(getppid(), &l, 1, &r, 1, 0));
}
static int keyctl_join(void)
{
	return answer(syscall(SYS_keyctl, 1, 0));
}
static int add_key(void)
{
	return answer(syscall(SYS_add_key, "user", "abp-probe", "x", 1, -2));
}
static int bpf_map(void)
{
	union bpf_attr a;
	memset(&a, 0, sizeof a);
	a.map_type = BPF_MAP_TYPE_ARRAY;
	a.key_size = a.value_size = 4;
	a.max_entries = 1;
	return answer(syscall(SYS_bpf, BPF_MAP_CREATE, &a, sizeof a));
}
static int perf_open(void)
{
	struct perf_event_attr a = {.type = PERF_TYPE_SOFTWARE, .size = sizeof a, .exclude_kernel = 1};
	return answer(syscall(SYS_perf_event_open, &a, 0, -1, -1, 0));
}
static int userfaultfd(void)
{
	return answer(syscall(SYS_userfaultfd, 1));
}
static int personality_exec(void)
{
	return answer(syscall(SYS_personality, 0x0400000));
}
static int name_to_handle(void)
{
	char h[160] = {0};
	int mount;
	memcpy(h, &(uint32_t){128}, 4);
	return answer(syscall(SYS_name_to_handle_at, AT_FDCWD, "/", h, &mount, 0));
}
static int add_filter(void) /* a later filter may return USER_NOTIF, which outranks ALLOW */
{
	return answer(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &(uint32_t){SECCOMP_RET_USER_NOTIF}));
}
static int openat2_probe(void)
{
	uint64_t how[3] = {O_RDONLY};
	return answer(syscall(SYS_openat2, AT_FDCWD, "/", how, sizeof how));
}
static int set_hostname(void)
{
	return answer(syscall(SYS_sethostname, "x", 1));
}
static int kcmp_self(void)
{
	return answer(syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 1));
}
static int pidfd_getfd(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getppid(), 0);
	return fd < 0 ? errno : answer(syscall(SYS_pidfd_getfd, fd, 0, 0));
}

/* ---- code that did not come from a granted file ----------------------- */

static int memfd_exec(void)
{
	char *const argv[] = {(char[]){"probe"}, (char[]){"true"}, 0}, *const env[] = {0};
	char buf[65536];
	int out = (int)syscall(SYS_memfd_create, "x", 0), in = open("/proc/self/exe", O_RDONLY);
	if (out < 0)
		return errno;
	for (ssize_t n; (n = read(in, buf, sizeof buf)) > 0;)
		if (write(out, buf, (size_t)n) != n)
			return EIO;
	pid_t pid = fork();
	if (pid == 0) {
		syscall(SYS_execveat, out, "", argv, env, AT_EMPTY_PATH);
		_exit(errno);
	}
	int status;
	return waitpid(pid, &status, 0) < 0 ? errno : status >> 8;
}

const struct attempt attempts_abi[] = {
    {"int80", int80},
    {"x32_getpid", x32_getpid},
    {"nr_minus_one", nr_minus_one},
    {"nr_high_bits", nr_high_bits},
    {"nr_unknown", nr_unknown},
    {"unshare_user", unshare_user},
    {"unshare_net", unshare_net},
    {"clone_user", clone_user},
    {"clone3_user", clone3_user},
    {"setns_self", setns_self},
    {"io_uring", io_uring},
    {"ptrace_traceme", ptrace_traceme},
    {"ptrace_parent", ptrace_parent},
    {"read_parent_memory", read_parent_memory},
    {"keyctl_join", keyctl_join},
    {"add_key", add_key},
    {"bpf_map", bpf_map},
    {"perf_open", perf_open},
    {"userfaultfd", userfaultfd},
    {"personality_exec", personality_exec},
    {"name_to_handle", name_to_handle},
    {"add_filter", add_filter},
    {"openat2_probe", openat2_probe},
    {"set_hostname", set_hostname},
    {"kcmp_self", kcmp_self},
    {"pidfd_getfd", pidfd_getfd},
    {"memfd_exec", memfd_exec},
    {0, 0},
};
