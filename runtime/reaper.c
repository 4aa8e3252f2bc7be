/* reaper.c - pid 1: no handlers, no rights, one socket; ends when the program or the parent does. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "runtime/caps.h"
#include "runtime/landlock.h"
#include "runtime/msg.h"
#include "runtime/reaper.h"
#include "runtime/steps.h"
#include "runtime/sys.h"

/* Closes everything but A and B. */
static int close_others(int a, int b)
{
	unsigned lo = (unsigned)(a < b ? a : b), hi = (unsigned)(a < b ? b : a);

	return close_range(0, lo - 1, 0) || (hi - lo > 1 && close_range(lo + 1, hi - 1, 0)) ||
	       close_range(hi + 1, ~0u, 0);
}

int step_reap_confined(struct run *r)
{
	struct msg m = {.kind = MSG_DONE, .step = STEP_reap_confined, .u.self = r->self};
	sigset_t chld;
	int death = 0;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	r->child_fd = sys_high(signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK));
	if (r->child_fd < 0)
		return run_why(r, errno, "signalfd");
	/* the target has its own copy; nothing of the launcher's stays in a task inside */
	explicit_bzero(r->env_text, r->env_size);
	for (char **e = r->environ_; *e; e++)
		explicit_bzero(*e, strlen(*e));
	if (caps_set(r, 0))
		return -1;
	if (prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L) || prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L))
		return run_why(r, errno, "prctl");
	if (prctl(PR_GET_PDEATHSIG, &death, 0L, 0L, 0L) || death != SIGKILL ||
	    prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) != 0)
		return run_why(r, 0, "pid 1: the parent-death signal or dumpable does not read back");
	if (landlock_nothing(r))
		return -1;
	if (close_others(r->control[1], r->child_fd))
		return run_why(r, errno, "close_range");
	if (fcntl(0, F_GETFD) >= 0 || errno != EBADF || fcntl(r->root_fd, F_GETFD) >= 0 || errno != EBADF)
		return run_why(r, 0, "pid 1 still has descriptors");
	if (sys_seccomp(r->b.reaper, r->b.n_reaper))
		return run_why(r, errno, "seccomp of pid 1");
	return sys_write_all(r->control[1], &m, sizeof m) ? run_why(r, errno, "write") : 0;
}

static _Noreturn void leave(int status)
{
	syscall(SYS_exit_group, status);
	__builtin_unreachable();
}

/* Collects what ended; the target's end is the run's end, and takes every other task along. */
static void collect(const struct run *r)
{
	int status;
	pid_t pid;

	while ((pid = (pid_t)syscall(SYS_wait4, -1, &status, WNOHANG, NULL)) > 0)
		if (pid == r->target_task.pid)
			leave(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	if (pid < 0 && errno == ECHILD)
		leave(EXIT_REFUSED);
}

int step_reap(struct run *r)
{
	struct pollfd p[2] = {{.fd = r->control[1], .events = POLLIN}, {.fd = r->child_fd, .events = POLLIN}};
	struct signalfd_siginfo info;

	for (;;) {
		collect(r);
		long n = syscall(SYS_ppoll, p, 2, NULL, NULL, 0);

		if (n < 0 && errno != EINTR)
			leave(EXIT_REFUSED);
		if (n > 0 && p[0].revents) /* the parent never writes here any more: it ended */
			leave(128 + SIGKILL);
		if (n > 0 && p[1].revents && read(r->child_fd, &info, sizeof info) < 0 && errno != EAGAIN)
			leave(EXIT_REFUSED);
	}
}
