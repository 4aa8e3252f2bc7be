/*
 * sweep.c - a fault at every system call of the loader, in every task of it.
 *
 *   sweep MODE MARKER STEP -- abprun ARGS...
 *
 * MODE: eperm | enomem | enosys (the call fails), lie (the call is skipped and returns 0), kill (the parent
 * is killed there). MARKER: a file that the walled program makes; STEP: every STEP-th position, 1 = all.
 *
 * A filter with SECCOMP_RET_USER_NOTIF puts every call of the loader and of its children before us, in all
 * namespaces, and leaves ptrace to the loader.  Two runs without a fault count the calls up to the target's
 * execveat and keep what the program reports of itself (`probe report MARKER`); then one run a position.
 * Judged after each: the program ran only if its report is byte for byte that of a run without a fault and
 * the auditor (SWEEP_VERIFY) still proves the record (SWEEP_RECORD); else exit code 125; every task is gone
 * (the listener hangs up); the fault did fire.  Source: seccomp_unotify(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LISTENER = 9, TIMEOUT_MS = 12000, MAX_CALLS = 20000, ALL_GONE_MS = 3000, MAX_TASKS = 64 };
enum mode { MODE_ERROR, MODE_LIE, MODE_KILL };

struct sweep {
	enum mode mode;
	int error;
	const char *marker;
	char **command;
	int calls;		/* of the run in progress */
	int fault_at;		/* -1: none */
	int fault_nr;		/* the call that was hit */
	bool fired, saw_target; /* saw_target: the target's execveat came */
	pid_t parent;
	pid_t task[MAX_TASKS]; /* every task that made a call */
	int n_tasks;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "sweep: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- the child: filter, then the loader ------------------------------- */

static void run_loader(char **command)
{
	struct sock_filter f[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)};
	struct sock_fprog prog = {1, f};
	int null = open("/dev/null", O_RDWR);
	if (!getenv("SWEEP_VERBOSE")) {
		dup2(null, 1);
		dup2(null, 2);
	}
	dup2(null, 0);
	for (int fd = 3; fd <= LISTENER; fd++)
		close(fd);
	for (int fd = 3; fd < LISTENER; fd++) /* so that the listener gets its number */
		fcntl(0, F_DUPFD_CLOEXEC, fd);
	long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
	if (fd == LISTENER)
		execv(command[0], command);
	_exit(3);
}

static int take_listener(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	for (int i = 0; i < 2000; i++) {
		int fd = (int)syscall(SYS_pidfd_getfd, pidfd, LISTENER, 0);
		if (fd >= 0) {
			close(pidfd);
			return fd;
		}
		usleep(1000);
	}
	die("listener");
}

/* ---- one call --------------------------------------------------------- */

static bool is_target_exec(const struct seccomp_notif *n)
{
	return n->data.nr == SYS_execveat && (n->data.args[4] & 0x1000);
}

/* exit and sigreturn cannot be answered for the task; execve of the loader itself starts the counting. */
static bool countable(const struct sweep *s, const struct seccomp_notif *n)
{
	return !s->saw_target && n->data.nr != SYS_exit_group && n->data.nr != SYS_exit &&
	       n->data.nr != SYS_rt_sigreturn;
}

static void remember(struct sweep *s, pid_t pid)
{
	for (int i = 0; i < s->n_tasks; i++)
		if (s->task[i] == pid)
			return;
	if (s->n_tasks < MAX_TASKS)
		s->task[s->n_tasks++] = pid;
}

static void answer(struct sweep *s, const struct seccomp_notif *n, struct seccomp_notif_resp *r)
{
	remember(s, (pid_t)n->pid);
	r->id = n->id;
	r->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	if (!countable(s, n))
		return;
	if (s->calls++ == s->fault_at) {
		s->fired = true;
		s->fault_nr = n->data.nr;
		if (s->mode == MODE_KILL)
			kill(s->parent, SIGKILL);
		else {
			r->flags = 0;
			r->error = s->mode == MODE_LIE ? 0 : -s->error;
		}
	}
	if (is_target_exec(n))
		s->saw_target = true;
}

/* Serves until every task of the run is gone; false: some are left after the time-out. */
static bool serve(struct sweep *s, int listener)
{
	struct seccomp_notif n;
	struct seccomp_notif_resp r;
	struct pollfd p = {listener, POLLIN, 0};
	while (poll(&p, 1, s->fired && s->mode == MODE_KILL ? ALL_GONE_MS : TIMEOUT_MS) > 0) {
		if (p.revents & POLLHUP)
			return true;
		memset(&n, 0, sizeof n);
		memset(&r, 0, sizeof r);
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &n) < 0)
			continue; /* the task died meanwhile */
		answer(s, &n, &r);
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
	}
	return false;
}

/* ---- what the program saw --------------------------------------------- */

enum { REPORT_MAX = 65536 };
static char baseline[REPORT_MAX], seen[REPORT_MAX];

static void read_report(const struct sweep *s, char *to)
{
	int fd = open(s->marker, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, to, REPORT_MAX - 1);
	to[n > 0 ? n : 0] = 0;
	if (fd >= 0)
		close(fd);
}

/* The auditor's word on the record: SWEEP_VERIFY is a command, 0 = every wall is proved. */
static bool record_proves(void)
{
	const char *command = getenv("SWEEP_VERIFY");
	return !command || system(command) == 0;
}

/* ---- one run ---------------------------------------------------------- */

struct result {
	int exit_code; /* -1: signal */
	bool gone, ran;
};

static struct result run_once(struct sweep *s, int fault_at)
{
	struct result r = {0};
	int status;
	s->calls = s->n_tasks = 0;
	s->fault_at = fault_at;
	s->fired = s->saw_target = false;
	unlink(s->marker);
	if (getenv("SWEEP_RECORD"))
		unlink(getenv("SWEEP_RECORD"));
	s->parent = fork();
	if (s->parent < 0)
		die("fork");
	if (s->parent == 0)
		run_loader(s->command);
	int listener = take_listener(s->parent);
	r.gone = serve(s, listener);
	close(listener); /* whoever is left now fails every call */
	for (int i = 0; !r.gone && i < s->n_tasks; i++)
		kill(s->task[i], SIGKILL); /* all ours, and alive: the listener did not hang up */
	waitpid(s->parent, &status, 0);
	r.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	r.ran = access(s->marker, F_OK) == 0;
	read_report(s, seen);
	return r;
}

static const char *call_name(int nr)
{
	static char *name;
	free(name);
	name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);
	return name ? name : "?";
}

static const char *judge(const struct sweep *s, struct result r)
{
	if (!s->fired)
		return NULL; /* the run was shorter: nothing was injected */
	if (!r.gone && s->mode == MODE_LIE && !r.ran)
		return NULL; /* a kernel that lies may let the launch wait for ever: nothing ran */
	if (!r.gone)
		return r.ran ? "the program ran, and a task survived" : "a task survived";
	if (s->mode == MODE_KILL)
		return NULL;
	if (r.ran && strcmp(seen, baseline) != 0)
		return "the program ran, and a wall is not as without the fault";
	if (r.ran && r.exit_code == 0 && !record_proves())
		return "the program ran, and the record does not prove its walls";
	if (!r.ran && r.exit_code == 0)
		return "exit code 0 though the program did not run";
	if (!r.ran && r.exit_code != 125 && r.exit_code != 126 && r.exit_code != 127 &&
	    s->mode == MODE_ERROR && s->fault_at > 0 &&
	    s->fault_nr != SYS_brk) /* the exec of the loader, libc's start: before main() */
		return "another exit code than 125";
	return NULL;
}

static bool set_mode(struct sweep *s, const char *mode)
{
	static const struct {
		const char *name;
		enum mode mode;
		int error;
	} modes[] = {{"eperm", MODE_ERROR, EPERM},
		     {"enomem", MODE_ERROR, ENOMEM},
		     {"enosys", MODE_ERROR, ENOSYS},
		     {"lie", MODE_LIE, 0},
		     {"kill", MODE_KILL, 0}};
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (strcmp(mode, modes[i].name) == 0) {
			s->mode = modes[i].mode;
			s->error = modes[i].error;
			return true;
		}
	return false;
}

int main(int argc, char **argv)
{
	struct sweep s = {0};
	int passed = 0, failed = 0, fired = 0;
	if (argc < 6 || strcmp(argv[4], "--") != 0 || !set_mode(&s, argv[1]))
		return fputs("usage: sweep MODE MARKER STEP -- abprun ARGS...\n", stderr), 2;
	s.marker = argv[2];
	s.command = argv + 5;
	run_once(&s, -1);
	strcpy(baseline, seen);
	struct result base = run_once(&s, -1);
	int total = s.calls;
	if (!base.ran || !base.gone || base.exit_code != 0 || strcmp(seen, baseline) != 0 ||
	    !record_proves()) {
		printf("sweep: without a fault: ran %d, exit code %d, all gone %d\n", base.ran,
		       base.exit_code, base.gone);
		return puts("0 passed, 1 failed"), 1;
	}
	for (int k = 0; k < total; k += atoi(argv[3])) {
		struct result r = run_once(&s, k);
		const char *wrong = judge(&s, r);
		fired += s.fired;
		if (wrong)
			printf("%s at call %d of %d (%s): %s; exit code %d\n", argv[1], k, total,
			       call_name(s.fault_nr), wrong, r.exit_code);
		wrong ? failed++ : passed++;
	}
	if (fired == 0)
		failed++;
	printf("%s: %d calls up to the program's start, %d faults fired\n", argv[1], total, fired);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
