/* supervise.c - signals by pidfd, the wall clock, the relay; the end of the run and of its control groups. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "runtime/cgroup.h"
#include "runtime/evidence.h"
#include "runtime/status.h"
#include "runtime/stdio.h"
#include "runtime/steps.h"
#include "runtime/supervise.h"
#include "runtime/sys.h"

#define DRAIN_MS 10000 /* after the end of the run, for a reader that does not read */

static const int forwarded[] = {SIGHUP,	 SIGINT,  SIGQUIT, SIGTERM, SIGUSR1,
				SIGUSR2, SIGALRM, SIGCONT, SIGWINCH};

struct watch {
	struct run *r;
	struct relay relay;
	int signals;
	int64_t deadline; /* ms, monotonic; INT64_MAX: none */
	int ended;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t); /* a suspended machine does not stretch the wall clock */
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Killing pid 1 of a pid namespace ends all its tasks; cgroup.kill says it again, whatever pid 1 does. */
static void kill_run(struct run *r)
{
	cgroup_kill(r);
	if (r->reaper.pidfd >= 0)
		syscall(SYS_pidfd_send_signal, r->reaper.pidfd, SIGKILL, NULL, 0);
}

void supervise_kill(struct run *r)
{
	/* end of file ends a task that nobody knows the number of yet */
	if (r->control[0] >= 0)
		close(r->control[0]);
	if (r->go[0] >= 0)
		close(r->go[0]);
	r->control[0] = r->go[0] = -1;
	if (r->n_leaves)
		kill_run(r);
	/* pid 1 is our child, the target our tracee: we are told the end of both, and are done when none is
	 * left */
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		;
}

static int open_signals(struct watch *w)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof forwarded / sizeof *forwarded; i++)
		sigaddset(&set, forwarded[i]);
	w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return w->signals < 0 ? run_why(w->r, errno, "signalfd") : 0;
}

static void forward(struct watch *w)
{
	struct signalfd_siginfo s;

	while (read(w->signals, &s, sizeof s) == (ssize_t)sizeof s) {
		if (s.ssi_signo == SIGWINCH)
			relay_resize(w->r);
		else if (w->ended) /* the run is over, only its output is being waited for */
			w->deadline = 0;
		else /* it may have ended this moment */
			syscall(SYS_pidfd_send_signal, w->r->target_task.pidfd, (int)s.ssi_signo, NULL, 0);
	}
}

static int take_status(struct watch *w)
{
	struct run *r = w->r;
	siginfo_t s = {0};

	if (waitid((idtype_t)P_PIDFD, (id_t)r->reaper.pidfd, &s, WEXITED | __WALL))
		return run_why(r, errno, "waitid of pid 1");
	r->status = s.si_code == CLD_EXITED ? s.si_status : 128 + s.si_status;
	w->ended = 1;
	w->deadline = now_ms() + DRAIN_MS;
	return 0;
}

static int wait_once(struct watch *w)
{
	struct pollfd p[8] = {{.fd = w->signals, .events = POLLIN},
			      {.fd = w->ended ? -1 : w->r->reaper.pidfd, .events = POLLIN}};
	int n = relay_poll(&w->relay, p + 2);
	int64_t left = w->deadline - now_ms();

	if (left <= 0 && !w->ended) {
		w->r->limit_hit = "wall";
		kill_run(w->r);
		w->deadline = INT64_MAX;
		left = INT64_MAX;
	}
	int rc = poll(p, (nfds_t)(n + 2), left > 3600000 ? 3600000 : left < 0 ? 0 : (int)left);
	if (rc < 0 && errno != EINTR)
		return run_why(w->r, errno, "poll");
	if (rc <= 0)
		return 0;
	relay_move(&w->relay, p + 2, n);
	if (p[0].revents)
		forward(w);
	return p[1].revents ? take_status(w) : 0;
}

int step_supervise(struct run *r)
{
	struct watch w = {.r = r, .deadline = INT64_MAX};
	uint64_t wall;
	int rc;

	if (bundle_limit(&r->b, ABPB_WALL, &wall) && wall < INT64_MAX / 2)
		w.deadline = now_ms() + (int64_t)wall;
	relay_open(r, &w.relay);
	rc = open_signals(&w);
	while (!rc && (!w.ended || (relay_busy(&w.relay) && now_ms() < w.deadline)))
		rc = wait_once(&w);
	relay_close(&w.relay);
	if (!w.ended)
		supervise_kill(r);
	if (!r->limit_hit)
		r->limit_hit = cgroup_limit_hit(r);
	cgroup_remove(r);
	r->exit_code = rc ? EXIT_REFUSED : r->status;
	if (evidence_close(r, OUTCOME_ENDED))
		dprintf(2, "abprun: evidence: %m\n");
	status_line(r, OUTCOME_ENDED);
	if (rc)
		dprintf(2, "abprun: supervision failed: %s\n", r->why);
	return 0;
}
