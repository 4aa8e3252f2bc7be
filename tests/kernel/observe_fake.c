/*
 * observe_fake.c - the comparison of the loader, run on a /proc directory that a test made up.
 *
 *   observe_fake go|stop BUNDLE DIR [KEY=NUMBER...]
 *
 * DIR/target and DIR/reaper stand for /proc/PID of the two tasks, DIR/leaf for the control group.  For `stop`
 * a child puts the bundle's filter on (KEY filter=1: another one) and stops, so that the kernel has one to
 * show. KEYs change the self-report.  Prints "ok" or the reason of the refusal.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "runtime/evidence.h"

static char bytes[1 << 20] __attribute__((aligned(8)));
static struct run run;

void run_record(struct run *r, int code, int err, const char *fmt, ...)
{
	va_list ap;

	(void)code, (void)err;
	va_start(ap, fmt);
	vsnprintf(r->why, sizeof r->why, fmt, ap);
	va_end(ap);
}

static int dir_of(const char *base, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", base, name);
	return open(path, O_RDONLY | O_DIRECTORY);
}

static void load_bundle(const char *file)
{
	int fd = open(file, O_RDONLY);
	ssize_t n = read(fd, bytes, sizeof bytes);

	if (n <= 0 || bundle_check(bytes, (size_t)n, &run.b)) {
		fprintf(stderr, "%s: no bundle: %s\n", file, run.b.error);
		exit(2);
	}
	close(fd);
}

/* A stopped task with F on it. */
/* no_sanitize: the sanitizer would make a system call before the trap, which pid 1's filter kills. */
__attribute__((no_sanitize("address"))) static pid_t filtered(const struct sock_filter *f, uint32_t n)
{
	struct {
		unsigned short len;
		const struct sock_filter *f;
	} prog = {(unsigned short)n, f};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		/* stopped by the trap: under the filter no call may be left to make */
		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == 0)
			__builtin_trap();
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		exit(2);
	return pid;
}

/* The made-up session leader 4711 becomes PID. */
static void patch_session(const char *dir, pid_t pid)
{
	char path[PATH_MAX], text[4096], *at;
	int fd;

	snprintf(path, sizeof path, "%s/target/status", dir);
	fd = open(path, O_RDWR);
	ssize_t n = read(fd, text, sizeof text - 1);
	text[n > 0 ? n : 0] = 0;
	at = strstr(text, "NSsid:\t4711");
	if (at) {
		lseek(fd, at - text + 7, SEEK_SET);
		dprintf(fd, "%d%s", (int)pid, at + 11);
	}
	close(fd);
}

static void set_key(char *arg)
{
	static const struct {
		const char *name;
		size_t off;
	} keys[] = {
	    {"securebits", offsetof(struct self_report, securebits)},
	    {"no_new_privs", offsetof(struct self_report, no_new_privs)},
	    {"dumpable", offsetof(struct self_report, dumpable)},
	    {"pdeathsig", offsetof(struct self_report, pdeathsig)},
	    {"personality", offsetof(struct self_report, personality)},
	    {"open_before", offsetof(struct self_report, open_before)},
	    {"open_after", offsetof(struct self_report, open_after)},
	    {"write_after", offsetof(struct self_report, write_after)},
	    {"exec_after", offsetof(struct self_report, exec_after)},
	    {"unshare_after", offsetof(struct self_report, unshare_after)},
	    {"unshare_killed", offsetof(struct self_report, unshare_killed)},
	    {"hostname", offsetof(struct self_report, hostname)},
	};
	char *eq = strchr(arg, '=');
	int value = atoi(eq + 1);

	*eq = 0;
	if (!strcmp(arg, "max_user"))
		run.sysctls.max_user = value;
	if (!strcmp(arg, "memfd_noexec"))
		run.sysctls.memfd_noexec = value;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(keys[i].name, arg))
			memcpy((char *)&run.self + keys[i].off, &value, sizeof value);
}

/* A launch in which everything is as it should be. */
static void perfect(const char *dir)
{
	struct self_report *s = &run.self;
	struct stat st;
	int leaf = dir_of(dir, "leaf");

	run.target_task = (struct task){.pid = 4711, .pidfd = -1, .proc = dir_of(dir, "target")};
	run.reaper = (struct task){.pid = 4710, .pidfd = -1, .proc = dir_of(dir, "reaper")};
	run.host_uid = run.host_gid = 300000;
	strcpy(run.uid_map, "65534 300000 1\n");
	strcpy(run.gid_map, "65534 300000 1\n20 300001 1\n5 300002 1\n");
	run.kernel[0] = 6, run.kernel[1] = 18;
	run.landlock_abi = 7;
	run.n_leaves = 1;
	run.leaf[0] = (struct leaf){.controllers = "pids", .cgroup = "/x/abp-1", .version = 1, .fd = leaf};
	run.leaf[0].n_limits = 1;
	run.leaf[0].limit[0] = (struct leaf_limit){.file = "pids.max", .expected = "17"};
	*s = (struct self_report){.securebits = 0xef, .no_new_privs = 1, .pdeathsig = 9, .landlock_abi = 7};
	s->open_after = s->write_after = s->exec_after = EACCES;
	s->unshare_after = EPERM;
	strcpy(s->hostname, "abp");
	strcpy(s->cwd, "/");
	run.sysctls.memfd_noexec = 2;
	if (fstatat(run.target_task.proc, "original", &st, 0))
		exit(2);
	run.target =
	    (struct seen){.dev = st.st_dev, .ino = st.st_ino, .size = st.st_size, .ctime = st.st_ctim};
}

int main(int argc, char **argv)
{
	static const struct sock_filter kill_all[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)};
	int rc, stop = !strcmp(argv[1], "stop"), other = 0;

	load_bundle(argv[2]);
	perfect(argv[3]);
	run.environ_ = environ;
	for (int i = 4; i < argc; i++) {
		other |= !strcmp(argv[i], "filter=1");
		set_key(argv[i]);
	}
	if (stop) {
		run.target_task.pid =
		    other == 1 ? filtered(kill_all, 1) : filtered(run.b.filter, run.b.n_filter);
		patch_session(argv[3], run.target_task.pid);
		run.reaper.pid = filtered(run.b.reaper, run.b.n_reaper);
	}
	rc = stop ? evidence_exec_stop(&run) : evidence_first_go(&run);
	printf("%s\n", rc ? run.why : "ok");
	if (stop) {
		kill(run.target_task.pid, SIGKILL);
		kill(run.reaper.pid, SIGKILL);
	}
	return 0;
}
