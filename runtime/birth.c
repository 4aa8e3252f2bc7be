/* birth.c - a stub enters the leaves and makes pid 1 of the run, which is the parent's own child; ptrace. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "runtime/cgroup.h"
#include "runtime/child.h"
#include "runtime/msg.h"
#include "runtime/stdio.h"
#include "runtime/steps.h"
#include "runtime/sys.h"

/* CLONE_NEWTIME is 0x80: part of the exit signal elsewhere, a flag for clone3 */
static const uint64_t namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
				   CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME;

/* fork(2) into the v2 leaf: a task that is born there need not be moved, which takes the kernel milliseconds.
 */
static pid_t born_in_v2(const struct run *r, int signal, uint64_t flags)
{
	struct clone_args a = {.flags = flags, .exit_signal = (unsigned)signal};

	if (r->v2 >= 0) {
		a.flags |= CLONE_INTO_CGROUP;
		a.cgroup = (unsigned)r->leaf[r->v2].fd;
	}
	return (pid_t)syscall(SYS_clone3, &a, sizeof a);
}

/*
 * The stub is in every leaf before pid 1 is born, so pid 1 is born in them: v1 hierarchies have no
 * INTO_CGROUP, and the cgroup namespace takes its root from the task that calls clone3.  CLONE_PARENT makes
 * pid 1 the launcher's child.
 */
static _Noreturn void stub(struct run *r, int answer)
{
	uint64_t host = r->b.meta->net == ABPB_NET_HOST ? CLONE_NEWNET : 0;
	int32_t pid = -1;

	if (cgroup_enter(r) == 0)
		pid = (int32_t)born_in_v2(r, 0, (namespaces & ~host) | (uint64_t)CLONE_PARENT);
	if (pid == 0) {
		close(answer); /* else the parent could wait for it for ever */
		child_main(r);
	}
	if (pid < 0)
		pid = -errno;
	/* 125 in any case: should fork(2) ever lie, this is the launcher itself */
	_exit(sys_write_all(answer, &pid, sizeof pid) ? 1 : EXIT_REFUSED);
}

/* Opens what identifies TASK for as long as nobody reaps it: it is our child or our tracee. */
static int task_open(struct run *r, struct task *task, pid_t pid)
{
	char path[32];

	task->pid = pid;
	task->pidfd = sys_high((int)syscall(SYS_pidfd_open, pid, 0));
	snprintf(path, sizeof path, "/proc/%d", (int)pid);
	task->proc = sys_high(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (task->pidfd < 0 || task->proc < 0)
		return run_why(r, errno, "pidfd of %d", (int)pid);
	return 0;
}

int step_birth(struct run *r)
{
	int32_t answer = -1;
	int pipe_[2], status;

	if (msg_pair(r->control) || msg_pair(r->go) || pipe2(pipe_, O_CLOEXEC))
		return run_why(r, errno, "sockets");
	pid_t stub_pid = born_in_v2(r, SIGCHLD, 0);
	if (stub_pid < 0)
		return run_why(r, errno, "clone3 into the control group");
	if (stub_pid == 0)
		stub(r, pipe_[1]);
	close(pipe_[1]);
	int got = sys_read_all(pipe_[0], &answer, sizeof answer);
	close(pipe_[0]);
	close(r->control[1]);
	close(r->go[1]);
	r->control[1] = r->go[1] = -1;
	if (got) /* it may be waiting for us */
		kill(stub_pid, SIGKILL);
	if (waitpid(stub_pid, &status, 0) != stub_pid)
		return run_why(r, errno, "waitpid");
	if (got || answer < 0)
		return run_why(r, got ? 0 : -answer, "clone3 with all namespaces%s",
			       r->rootless ? " (are user namespaces restricted on this host?)" : "");
	if (task_open(r, &r->reaper, answer))
		return -1;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_REFUSED)
		return run_why(r, 0, "the stub ended with status %d", status);
	if (stdio_close_inner(r))
		return -1;
	return cgroup_check(r, r->reaper.proc);
}

int step_seize(struct run *r)
{
	if (ptrace(PTRACE_SEIZE, r->reaper.pid, 0L, PTRACE_O_EXITKILL))
		return run_why(r, errno, "ptrace of pid 1");
	return 0;
}

int step_adopt(struct run *r)
{
	struct msg m;
	pid_t pid = 0;

	if (msg_wait(r, r->control[0], MSG_DONE, STEP_sysctl, &m, NULL, NULL))
		return -1;
	r->sysctls = m.u.sysctls;
	if (msg_wait(r, r->go[0], MSG_HELLO, STEP_hello, &m, NULL, &pid))
		return -1;
	if (pid <= 0)
		return run_why(r, 0, "the kernel gave no pid");
	if (task_open(r, &r->target_task, pid))
		return -1;
	if (ptrace(PTRACE_SEIZE, pid, 0L, PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD))
		return run_why(r, errno, "ptrace of the target");
	struct msg go = {.kind = MSG_GO, .step = STEP_adopt};
	return msg_send(r->go[0], &go, NULL, 0) ? run_why(r, errno, "send") : 0;
}
