/*
 * abprun.c - command line, the step loop, and how a launch ends.
 *
 *   abprun BUNDLE [--evidence FILE] [--slot D=HOSTDIR]... [--status-fd N] [--digest HEX]
 *          [--allow-degraded=LIST] -- PROGRAM ARGS...
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "runtime/cgroup.h"
#include "runtime/evidence.h"
#include "runtime/run.h"
#include "runtime/status.h"
#include "runtime/steps.h"
#include "runtime/supervise.h"
#include "runtime/sys.h"

static const struct row {
	const char *name;
	int (*run)(struct run *r);
	unsigned needs;
	enum fail fail;
} rows[N_STEPS] = {
#define STEP(name, needs, fail) {#name, step_##name, needs, fail},
#include "runtime/steps.def"
#undef STEP
};

void run_record(struct run *r, int code, int err, const char *fmt, ...)
{
	va_list ap;

	if (r->why[0])
		return;
	r->exit_code = code;
	va_start(ap, fmt);
	int n = vsnprintf(r->why, sizeof r->why, fmt, ap);
	va_end(ap);
	if (err && n >= 0 && (size_t)n < sizeof r->why)
		snprintf(r->why + n, sizeof r->why - (size_t)n, ": %s", strerror(err));
}

int steps_run(struct run *r, enum side side)
{
	unsigned skip = r->rootless ? PRIV : USER;

	for (int i = 0; i < N_STEPS; i++) {
		if (!(rows[i].needs & side) || (rows[i].needs & skip))
			continue;
		r->at = (enum step)i;
		int failed = rows[i].run(r);
		skip = r->rootless ? PRIV : USER;
		if (!failed)
			continue;
		if (!r->why[0])
			run_why(r, 0, "failed without a reason");
		if (!r->step)
			r->step = rows[i].name;
		if (rows[i].fail == REFUSE)
			r->exit_code = EXIT_REFUSED;
		return -1;
	}
	return 0;
}

/* Room for the mounts' descriptors, and for our own above every number that a policy can name. */
static int descriptors_room(struct run *r)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l))
		return run_why(r, errno, "getrlimit");
	r->nofile = l.rlim_cur;
	if (l.rlim_cur >= RUN_MIN_FILES)
		return 0;
	l.rlim_cur = RUN_MIN_FILES;
	if (l.rlim_max < RUN_MIN_FILES || setrlimit(RLIMIT_NOFILE, &l))
		return run_why(r, 0, "abprun needs %d descriptors itself, the hard limit here is %llu",
			       RUN_MIN_FILES, (unsigned long long)l.rlim_max);
	return 0;
}

/* The launcher's own state: nothing inherited may steer it or reach the run. */
int step_sane(struct run *r)
{
	static const uint64_t
	    dfl[4]; /* struct kernel_sigaction: SIG_DFL, no flags, no restorer, empty mask */
	sigset_t all;
	int fd;

	if (getauxval(AT_SECURE))
		return run_why(r, 0,
			       "abprun must not be set-user-ID, set-group-ID or have file capabilities");
	r->rootless = geteuid() != 0;
	if (getuid() != geteuid() || getgid() != getegid())
		return run_why(r, 0, "real and effective ids differ");
	do { /* 0, 1, 2 exist: no later descriptor may become one of them */
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= 2);
	if (fd < 0 || close(fd))
		return run_why(r, errno, "/dev/null");
	if (close_range(3, ~0u, CLOSE_RANGE_CLOEXEC))
		return run_why(r, errno, "close_range");
	/* by the call itself: posix_spawn(3) leaves 32 and 33 ignored, and sigaction(3) refuses to name them
	 */
	for (int s = 1; s <= 64; s++)
		if (s != SIGKILL && s != SIGSTOP && syscall(SYS_rt_sigaction, s, dfl, NULL, sizeof(uint64_t)))
			return run_why(r, errno, "rt_sigaction %d", s);
	/* blocked here and in both tasks until the program's own exec: nothing interrupts a step, and a
	 * traced task never stops for a signal */
	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, NULL))
		return run_why(r, errno, "sigprocmask");
	umask(077);
	if (descriptors_room(r))
		return -1;
	if (personality(0) < 0) /* nothing inherited: address randomisation stays on */
		return run_why(r, errno, "personality");
	/* an ordinary user's parent must stay readable to itself: its child inherits the flag, and maps are
	 * written through /proc */
	if (!r->rootless &&
	    (prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) || prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) != 0))
		return run_why(r, errno, "PR_SET_DUMPABLE");
	return 0;
}

int step_evidence(struct run *r)
{
	return evidence_open(r);
}

static int usage(const char *what)
{
	dprintf(2,
		"abprun: %s\nusage: abprun BUNDLE [--evidence FILE] [--slot D=HOSTDIR]... [--status-fd N]\n"
		"              [--digest HEX] [--allow-degraded=apparmor,landlock,filter-readback]\n"
		"              -- PROGRAM ARGS...\n",
		what);
	return EXIT_REFUSED;
}

static int arg_slot(struct run *r, char *arg)
{
	char *eq = strchr(arg, '=');

	if (!eq || r->n_slots == RUN_MAX_SLOTS || arg[0] != '/' || eq[1] != '/') {
		dprintf(2, "abprun: --slot %s: write /NAME=/HOSTDIR, both absolute, at most %d\n", arg,
			RUN_MAX_SLOTS);
		return -1;
	}
	*eq = 0;
	r->slot[r->n_slots++] = (struct slot){.path = arg, .host = eq + 1, .fd = -1};
	return 0;
}

static int arg_degraded(struct run *r, const char *list)
{
	static const char *const word[] = {"apparmor", "landlock", "filter-readback"};

	while (*list) {
		size_t n = strcspn(list, ","), i = 0;

		while (i < 3 && (strlen(word[i]) != n || strncmp(list, word[i], n)))
			i++;
		if (i == 3)
			return -1;
		r->allow_degraded |= 1u << i;
		list += n + (list[n] == ',');
	}
	return 0;
}

static int arg_fd(struct run *r, const char *text)
{
	uint64_t n;

	if (sys_number(&text, &n) || *text || n > 65535 || fcntl((int)n, F_GETFD) < 0)
		return -1;
	r->status_fd = sys_high(fcntl((int)n, F_DUPFD_CLOEXEC, 3));
	return r->status_fd < 0 ? -1 : 0;
}

/* One option that takes a value.  Returns 0, or -1: not known or a bad value. */
static int arg_one(struct run *r, const char *name, char *value)
{
	if (!strcmp(name, "--evidence"))
		return r->evidence_path ? -1 : (r->evidence_path = value, 0);
	if (!strcmp(name, "--digest"))
		return r->digest ? -1 : (r->digest = value, 0);
	if (!strcmp(name, "--slot"))
		return arg_slot(r, value);
	if (!strcmp(name, "--status-fd"))
		return r->status_fd >= 0 ? -1 : arg_fd(r, value);
	if (!strcmp(name, "--allow-degraded"))
		return arg_degraded(r, value);
	return -1;
}

/* Fills R from ARGV; returns 0 or an exit code. */
static int args(struct run *r, int argc, char **argv)
{
	int i = 1;

	for (; i < argc && strcmp(argv[i], "--"); i++) {
		char *eq = strchr(argv[i], '=');

		if (argv[i][0] != '-') {
			if (r->bundle_path)
				return usage("more than one bundle (is the -- missing?)");
			r->bundle_path = argv[i];
		} else if (eq) {
			*eq = 0;
			if (arg_one(r, argv[i], eq + 1))
				return usage(argv[i]);
		} else if (i + 1 >= argc || arg_one(r, argv[i], argv[i + 1])) {
			return usage(argv[i]);
		} else {
			i++;
		}
	}
	if (!r->bundle_path)
		return usage("no bundle");
	if (i + 1 >= argc)
		return usage("no program: -- PROGRAM ARGS...");
	r->program = argv[i + 1];
	r->argv = argv + i + 1;
	return 0;
}

static void run_init(struct run *r, char **environ_)
{
	r->status_fd = r->evidence_fd = r->target_fd = r->id_lock = r->root_fd = r->canary_fd = r->v2 = -1;
	r->control[0] = r->control[1] = r->go[0] = r->go[1] = -1;
	r->reaper = r->target_task = (struct task){.pid = -1, .pidfd = -1, .proc = -1};
	for (int i = 0; i < 3; i++)
		r->stdio_in[i] = r->stdio_out[i] = -1;
	for (uint32_t i = 0; i < BUNDLE_MAX_VIEW; i++)
		r->mount_fd[i] = -1;
	r->environ_ = environ_;
	r->exit_code = EXIT_REFUSED;
}

/* The launch failed: end what exists, leave nothing behind, say which step it was. */
static int refused(struct run *r)
{
	supervise_kill(r);
	cgroup_remove(r);
	evidence_close(r, OUTCOME_REFUSED);
	status_line(r, OUTCOME_REFUSED);
	dprintf(2, "abprun: refused at step %s: %s\n", r->step, r->why);
	return r->exit_code;
}

int main(int argc, char **argv)
{
	struct run r = {0};
	int code;

	run_init(&r, environ);
	if ((code = args(&r, argc, argv)))
		return code;
	if (steps_run(&r, PARENT))
		return refused(&r);
	return r.exit_code;
}
