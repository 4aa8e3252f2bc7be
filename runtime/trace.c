/*
 * trace.c - from the first GO to the exec stop: the parent follows every system call of the target.
 *
 * Allowed are, in this order: read(GO), seccomp, read(GO), execveat(TARGET).  Anything else ends the launch.
 * ptrace(2); the task was seized with TRACESYSGOOD and TRACEEXEC.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "runtime/evidence.h"
#include "runtime/msg.h"
#include "runtime/status.h"
#include "runtime/steps.h"
#include "runtime/sys.h"

/* Waits, at most MSG_TIMEOUT_MS, until PID stops or ends; SIGCHLD is blocked and only wakes us.  The wait
 * status, or -1 after run_why(). */
static int wait_stop(struct run *r, pid_t pid)
{
	struct timespec left = {.tv_nsec = 20000000};
	sigset_t chld;
	int status;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	for (int i = 0; i < MSG_TIMEOUT_MS / 20; i++) {
		pid_t got = waitpid(pid, &status, WNOHANG | __WALL);

		if (got == pid)
			return status;
		if (got < 0)
			return run_why(r, errno, "waitpid");
		int woken = sigtimedwait(&chld, NULL, &left);
		if (woken > 0)
			i--; /* one per event: it ends by itself */
		else if (errno != EAGAIN && errno != EINTR)
			return run_why(r, errno, "sigtimedwait");
	}
	return run_why(r, ETIMEDOUT, "the task does not stop");
}

/* Stops a running tracee. */
static int interrupt(struct run *r, pid_t pid)
{
	if (ptrace(PTRACE_INTERRUPT, pid, 0L, 0L))
		return run_why(r, errno, "ptrace");
	int status = wait_stop(r, pid);
	if (status < 0)
		return -1;
	if (!WIFSTOPPED(status) || status >> 16 != PTRACE_EVENT_STOP)
		return run_why(r, 0, "status %#x instead of a stop", status);
	return 0;
}

static int go(struct run *r)
{
	return send(r->go[0], "G", 1, MSG_NOSIGNAL) == 1 ? 0 : run_why(r, errno, "GO");
}

/* Lets the target run to its next system call boundary and describes it. */
static int next_call(struct run *r, struct __ptrace_syscall_info *info)
{
	pid_t pid = r->target_task.pid;

	if (ptrace(PTRACE_SYSCALL, pid, 0L, 0L))
		return run_why(r, errno, "ptrace");
	int status = wait_stop(r, pid);
	if (status < 0)
		return -1;
	if (!WIFSTOPPED(status) || WSTOPSIG(status) != (SIGTRAP | 0x80))
		return run_why(r, 0, "status %#x instead of a system call", status);
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof *info, info) <= 0)
		return run_why(r, errno, "PTRACE_GET_SYSCALL_INFO");
	return 0;
}

/* One whole call: entry with number NR, then its exit. */
static int expect_call(struct run *r, uint64_t nr, struct __ptrace_syscall_info *entry,
		       struct __ptrace_syscall_info *exit_)
{
	if (next_call(r, entry))
		return -1;
	if (entry->op != PTRACE_SYSCALL_INFO_ENTRY || entry->entry.nr != nr)
		return run_why(r, 0, "system call %llu instead of %llu", (unsigned long long)entry->entry.nr,
			       (unsigned long long)nr);
	if (next_call(r, exit_))
		return -1;
	return exit_->op == PTRACE_SYSCALL_INFO_EXIT ? 0 : run_why(r, 0, "no end of the system call");
}

/* Copies N bytes at address AT of the target. */
static int peek(const struct run *r, uint64_t at, void *out, size_t n)
{
	struct iovec to = {.iov_base = out, .iov_len = n};
	struct iovec from = {.iov_base = (void *)(uintptr_t)at, .iov_len = n}; /* an address over there */

	return process_vm_readv(r->target_task.pid, &to, 1, &from, 1, 0) == (ssize_t)n ? 0 : -1;
}

/* What the kernel was given, as it stood when the call was entered (no other thread shares that memory). */
static int see_filter(struct run *r, const struct __ptrace_syscall_info *e)
{
	struct sock_fprog prog;
	const uint8_t *want = (const uint8_t *)r->b.filter;
	uint8_t chunk[4096];

	if (e->entry.args[0] != SECCOMP_SET_MODE_FILTER || e->entry.args[1] != 0)
		return run_why(r, 0, "seccomp with operation %llu", (unsigned long long)e->entry.args[0]);
	if (peek(r, e->entry.args[2], &prog, sizeof prog))
		return run_why(r, errno, "reading the filter's head");
	r->traced.length = prog.len;
	r->traced.equal = prog.len == r->b.n_filter;
	size_t size = prog.len * sizeof(struct sock_filter);
	for (size_t at = 0, n; r->traced.equal && at < size; at += n) {
		n = size - at < sizeof chunk ? size - at : sizeof chunk;
		if (peek(r, (uint64_t)(uintptr_t)prog.filter + at, chunk, n))
			return run_why(r, errno, "reading the filter");
		r->traced.equal = !memcmp(chunk, want + at, n);
	}
	return r->traced.equal ? 0 : run_why(r, 0, "the filter that passed is not the bundle's");
}

int step_first_go(struct run *r)
{
	struct __ptrace_syscall_info in, out;
	struct msg m;

	if (msg_wait(r, r->control[0], MSG_DONE, STEP_reap_confined, &m, NULL, NULL))
		return -1;
	r->self = m.u.self;
	if (msg_wait(r, r->go[0], MSG_REPORT, STEP_report, &m, NULL, NULL))
		return -1;
	m.u.self.unshare_after = r->self.unshare_after; /* pid 1 tried that one */
	m.u.self.unshare_killed = r->self.unshare_killed;
	r->self = m.u.self;
	if (evidence_first_go(r) || interrupt(r, r->target_task.pid) || go(r))
		return -1;
	/* the interrupted read starts again */
	if (expect_call(r, SYS_read, &in, &out))
		return -1;
	if (in.entry.args[0] != ABP_FD_GO || out.exit.rval != 1)
		return run_why(r, 0, "the target does not wait for GO");
	if (expect_call(r, SYS_seccomp, &in, &out) || see_filter(r, &in))
		return -1;
	if (out.exit.rval)
		return run_why(r, (int)-out.exit.rval, "seccomp");
	r->traced.seen = 1;
	return 0;
}

/* The target stands at the end of its seccomp(2) call. */
int step_second_go(struct run *r)
{
	struct __ptrace_syscall_info in, out;

	if (evidence_filter(r) || go(r))
		return -1;
	if (expect_call(r, SYS_read, &in, &out))
		return -1;
	if (in.entry.args[0] != ABP_FD_GO || out.exit.rval != 1)
		return run_why(r, 0, "the target does not wait for the second GO");
	return 0;
}

/* The new image is the file that was hashed: /proc/PID/exe, read while it has executed nothing. */
static int same_file(struct run *r)
{
	struct stat st;

	if (fstatat(r->target_task.proc, "exe", &st, 0))
		return run_why(r, errno, "/proc/PID/exe");
	if (st.st_dev != r->target.dev || st.st_ino != r->target.ino || st.st_size != r->target.size ||
	    st.st_ctim.tv_sec != r->target.ctime.tv_sec || st.st_ctim.tv_nsec != r->target.ctime.tv_nsec)
		return run_why(r, 0, "what starts is not the file that was hashed");
	return 0;
}

static int detach(struct run *r)
{
	if (ptrace(PTRACE_DETACH, r->reaper.pid, 0L, 0L) || ptrace(PTRACE_DETACH, r->target_task.pid, 0L, 0L))
		return run_why(r, errno, "detach");
	return 0;
}

int step_exec_stop(struct run *r)
{
	struct __ptrace_syscall_info info;
	pid_t pid = r->target_task.pid;

	if (next_call(r, &info))
		return -1;
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr != SYS_execveat ||
	    info.entry.args[0] != ABP_FD_TARGET)
		return run_why(r, 0, "system call %llu instead of execveat",
			       (unsigned long long)info.entry.nr);
	if (ptrace(PTRACE_SYSCALL, pid, 0L, 0L))
		return run_why(r, errno, "ptrace");
	int status = wait_stop(r, pid);
	if (status < 0)
		return -1;
	if (WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80)) { /* it came back: an error */
		ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
		return run_exit(r, EXIT_NOT_EXECUTABLE, (int)-info.exit.rval, "execveat of %s",
				r->target.path);
	}
	if (!WIFSTOPPED(status) || status >> 16 != PTRACE_EVENT_EXEC)
		return run_why(r, 0, "status %#x instead of exec", status);
	if (same_file(r) || interrupt(r, r->reaper.pid) || evidence_exec_stop(r))
		return -1;
	if (r->env_text) {
		explicit_bzero(r->env_text, r->env_size);
		r->env_text = NULL;
	}
	r->started = 1;
	status_line(r, OUTCOME_STARTED);
	return detach(r);
}

/* In the target, under the filter. */
int step_exec(struct run *r)
{
	syscall(SYS_execveat, ABP_FD_TARGET, "", r->argv, r->envp, AT_EMPTY_PATH);
	syscall(SYS_exit_group, errno == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
	return -1;
}
