/* filter.c - the one seccomp filter of the target, and the canary that shows what it stops. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "runtime/filter.h"
#include "runtime/msg.h"
#include "runtime/steps.h"
#include "runtime/sys.h"

/*
 * A throw-away child with every capability of the run's user namespace puts the target's filter on and tries
 * a nested user namespace.  Without the filter the answer would be ENOSPC (the sysctl): EPERM is the filter's
 * own.
 */
int step_canary(struct run *r)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return run_why(r, errno, "fork");
	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) || sys_seccomp(r->b.filter, r->b.n_filter))
			_exit(255);
		_exit(unshare(CLONE_NEWUSER) ? errno & 127 : 0);
	}
	if (waitpid(pid, &status, 0) != pid)
		return run_why(r, errno, "waitpid");
	r->self.unshare_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
	r->self.unshare_after = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (r->self.unshare_killed ? !(r->b.meta->flags & ABPB_FLAG_KILL) : r->self.unshare_after != EPERM)
		return run_why(r, 0, "the filter does not stop unshare(CLONE_NEWUSER): status %#x", status);
	return 0;
}

int filter_go(void)
{
	char c;
	ssize_t n;

	do {
		n = read(ABP_FD_GO, &c, 1);
	} while (n < 0 && errno == EINTR);
	return n == 1 ? 0 : -1;
}

/* The parent follows every system call from here on: GO, seccomp, GO, execveat and nothing else. */
int step_filter(struct run *r)
{
	if (filter_go())
		return run_why(r, errno, "no first GO");
	if (sys_seccomp(r->b.filter, r->b.n_filter))
		return run_why(r, errno, "seccomp");
	if (filter_go())
		_exit(EXIT_REFUSED); /* under the filter: nothing else can be said */
	return 0;
}
