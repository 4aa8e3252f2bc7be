/* child.c - pid 1 of the run from its birth to the fork of the target, and the target's own small steps. */
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "runtime/child.h"
#include "runtime/msg.h"
#include "runtime/steps.h"
#include "runtime/sys.h"

/* Runs the rows of SIDE; a failure is told to the parent, which ends everything. */
static _Noreturn void task_main(struct run *r, enum side side)
{
	struct msg m = {.kind = MSG_FAIL};

	if (steps_run(r, side) == 0)
		_exit(EXIT_REFUSED); /* the last row of both sides does not return */
	m.step = r->at;
	m.code = r->exit_code;
	memcpy(m.u.why, r->why, sizeof m.u.why);
	(void)msg_send(side == CHILD ? r->control[1] : r->go[1], &m, NULL, 0); /* if it is still there */
	_exit(EXIT_REFUSED);
}

_Noreturn void child_main(struct run *r)
{
	close(r->control[0]);
	close(r->go[0]);
	task_main(r, CHILD);
}

/* The parent is alive: the other end of its socket is open. */
static int parent_alive(int sock)
{
	struct pollfd p = {.fd = sock, .events = POLLIN};

	return poll(&p, 1, 0) >= 0 && !(p.revents & (POLLHUP | POLLERR));
}

int step_born(struct run *r)
{
	struct msg m;

	if (msg_wait(r, r->control[1], MSG_GO, STEP_id_maps, &m, NULL, NULL))
		return -1;
	if (prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L))
		return run_why(r, errno, "PR_SET_PDEATHSIG");
	if (!parent_alive(r->control[1]))
		return run_why(r, 0, "the parent is gone");
	if (setsid() != getpid())
		return run_why(r, errno, "setsid");
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL, 0L, 0L, 0L) <= 0 && errno != ENOSYS)
		return run_why(r, errno, "session keyring"); /* ENOSYS: a kernel without keyrings */
	return 0;
}

/* Writes VALUE to a sysctl below FD and reads it back; ABSENT_OK: this kernel may not have it. */
static int sysctl_set(struct run *r, int fd, const char *name, int value, int absent_ok, int64_t *seen)
{
	char text[16], got[32];
	const char *p = got;
	uint64_t n = 0;

	*seen = -1;
	snprintf(text, sizeof text, "%d", value);
	if (sys_write_file(fd, name, text))
		return absent_ok && errno == ENOENT ? 0 : run_why(r, errno, "%s = %d", name, value);
	if (sys_read_file(fd, name, got, sizeof got) < 0 || sys_number(&p, &n))
		return run_why(r, errno, "reading %s", name);
	*seen = (int64_t)n;
	if (n != (uint64_t)value)
		return run_why(r, 0, "%s: wrote %d, reads %llu", name, value, (unsigned long long)n);
	return 0;
}

/*
 * A full procfs of the run's own pid namespace, never attached; made while the old root, and so a procfs
 * without mounts over it, is visible.  vm.memfd_noexec can only be written by the host's root id, so before
 * ids change.
 */
int step_procfs(struct run *r)
{
	int fs = fsopen("proc", FSOPEN_CLOEXEC);

	if (fs < 0 || fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) ||
	    (r->procfs_fd =
		 fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)) < 0)
		return run_why(r, errno,
			       "cannot make /proc here (is this a container with mounts over its /proc?)");
	if (close(fs))
		return run_why(r, errno, "close");
	r->sysctls.memfd_noexec = -1;
	if (!r->rootless &&
	    sysctl_set(r, r->procfs_fd, "sys/vm/memfd_noexec", 2, 1, &r->sysctls.memfd_noexec))
		return -1;
	if ((r->b.meta->flags & ABPB_FLAG_MEMFD) && r->sysctls.memfd_noexec != 2)
		return run_why(r, 0, "memfd_create is granted, and vm.memfd_noexec = 2 does not hold");
	return 0;
}

/*
 * The second wall behind seccomp against nested namespaces: unshare(CLONE_NEWUSER) would give every
 * capability back. After the last mount, because a detached mount counts as a mount namespace.
 */
int step_sysctl(struct run *r)
{
	struct sysctls *s = &r->sysctls;
	const struct {
		const char *name;
		int64_t *seen;
	} ns[] = {
	    {"sys/user/max_user_namespaces", &s->max_user},
	    {"sys/user/max_mnt_namespaces", &s->max_mnt},
	    {"sys/user/max_pid_namespaces", &s->max_pid},
	    {"sys/user/max_net_namespaces", &s->max_net},
	    {"sys/user/max_ipc_namespaces", &s->max_ipc},
	    {"sys/user/max_uts_namespaces", &s->max_uts},
	    {"sys/user/max_cgroup_namespaces", &s->max_cgroup},
	    {"sys/user/max_time_namespaces", &s->max_time},
	};

	for (size_t i = 0; i < sizeof ns / sizeof *ns; i++)
		if (sysctl_set(r, r->procfs_fd, ns[i].name, 0, 0, ns[i].seen))
			return -1;
	struct msg m = {.kind = MSG_DONE, .step = STEP_sysctl, .u.sysctls = *s};
	if (close(r->procfs_fd) || msg_send(r->control[1], &m, NULL, 0))
		return run_why(r, errno, "close");
	return 0;
}

int step_uts(struct run *r)
{
	const char *name = bundle_str(&r->b, r->b.meta->hostname);
	struct utsname u;

	if (sethostname(name, strlen(name)) || setdomainname("", 0) || uname(&u))
		return run_why(r, errno, "sethostname");
	if (strcmp(u.nodename, name) || u.domainname[0])
		return run_why(r, 0, "the host name does not read back");
	return 0;
}

/* Before Landlock, so that the two are in domains of their own: the target can write nothing of pid 1. */
int step_two_tasks(struct run *r)
{
	pid_t pid = fork();

	if (pid < 0)
		return run_why(r, errno, "fork");
	if (pid > 0) {
		if (close(r->go[1]))
			return run_why(r, errno, "close");
		r->go[1] = -1;
		r->target_task.pid = pid;
		return 0;
	}
	close(r->control[1]);
	r->control[1] = -1;
	task_main(r, TARGET);
}

int step_hello(struct run *r)
{
	struct msg m = {.kind = MSG_HELLO, .step = STEP_hello};

	if (setsid() != getpid()) /* a session of its own: `stdio tty` gives it a terminal */
		return run_why(r, errno, "setsid");
	if (msg_send(r->go[1], &m, NULL, 0))
		return run_why(r, errno, "send");
	return msg_wait(r, r->go[1], MSG_GO, STEP_adopt, &m, NULL, NULL);
}

static int limit(struct run *r, int what, const char *name, uint64_t value)
{
	struct rlimit want = {.rlim_cur = value, .rlim_max = value}, got;

	if (setrlimit((__rlimit_resource_t)what, &want)) {
		int err = errno;

		getrlimit((__rlimit_resource_t)what, &got);
		return run_why(r, err, "%s = %llu (the hard limit here is %llu)", name,
			       (unsigned long long)value, (unsigned long long)got.rlim_max);
	}
	if (getrlimit((__rlimit_resource_t)what, &got) || got.rlim_cur != value || got.rlim_max != value)
		return run_why(r, 0, "%s does not read back", name);
	return 0;
}

int step_rlimits(struct run *r)
{
	static const struct {
		uint32_t resource;
		int what;
		const char *name;
	} row[] = {
	    {ABPB_FILES, RLIMIT_NOFILE, "files"},  {ABPB_FILESIZE, RLIMIT_FSIZE, "filesize"},
	    {ABPB_STACK, RLIMIT_STACK, "stack"},   {ABPB_MEMLOCK, RLIMIT_MEMLOCK, "memlock"},
	    {ABPB_CPUTIME, RLIMIT_CPU, "cputime"},
	};
	uint64_t value;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return run_why(r, errno, "getrlimit");
	files.rlim_cur = r->nofile; /* the launcher may have raised its own */
	if (setrlimit(RLIMIT_NOFILE, &files))
		return run_why(r, errno, "files");
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		if (!bundle_limit(&r->b, row[i].resource, &value))
			continue;
		if (row[i].what == RLIMIT_CPU)
			value = (value + 999) / 1000;
		if (limit(r, row[i].what, row[i].name, value))
			return -1;
	}
	/* 1, not 0: with 0 a pipe in core_pattern is still started, by root, on this task's memory; core(5)
	 */
	return limit(r, RLIMIT_CORE, "core", 1) || limit(r, RLIMIT_NICE, "nice", 0) ||
	       limit(r, RLIMIT_RTPRIO, "rtprio", 0);
}

/* Changing ids cleared the parent-death signal; dumpable follows fs.suid_dumpable there; prctl(2). */
int step_mortal(struct run *r)
{
	if (prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L))
		return run_why(r, errno, "PR_SET_PDEATHSIG");
	if (getppid() != 1)
		return run_why(r, 0, "pid 1 is not the parent");
	/* an ordinary user's parent reads /proc of the target: it stays dumpable; execve sets that anyway */
	if (prctl(PR_SET_DUMPABLE, r->rootless ? 1L : 0L, 0L, 0L, 0L))
		return run_why(r, errno, "PR_SET_DUMPABLE");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) || prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L) != 1)
		return run_why(r, errno, "PR_SET_NO_NEW_PRIVS");
	umask(022);
	return 0;
}

int step_report(struct run *r)
{
	struct self_report *s = &r->self;
	struct msg m = {.kind = MSG_REPORT, .step = STEP_report};
	sigset_t none;
	int death = 0, v;

	sigemptyset(&none); /* the program starts with an empty mask and default handlers */
	if (sigprocmask(SIG_SETMASK, &none, NULL))
		return run_why(r, errno, "sigprocmask");
	if (chdir(bundle_str(&r->b, r->b.meta->workdir)))
		return run_why(r, errno, "workdir %s", bundle_str(&r->b, r->b.meta->workdir));
	if (!getcwd(s->cwd, sizeof s->cwd) || s->cwd[0] != '/' ||
	    gethostname(s->hostname, sizeof s->hostname))
		return run_why(r, errno, "getcwd");
	if ((v = prctl(PR_GET_SECUREBITS, 0L, 0L, 0L, 0L)) < 0 || prctl(PR_GET_PDEATHSIG, &death, 0L, 0L, 0L))
		return run_why(r, errno, "prctl");
	s->securebits = (uint32_t)v;
	s->pdeathsig = (uint32_t)death;
	s->no_new_privs = (uint32_t)prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L);
	s->dumpable = (uint32_t)prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L);
	s->umask_ = umask(022);
	s->personality = (uint32_t)personality(0xffffffff);
	s->landlock_abi = r->landlock_abi;
	m.u.self = *s;
	if (msg_send(r->go[1], &m, NULL, 0))
		return run_why(r, errno, "send");
	return 0;
}
