#include "tests/breakout/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int probe_victim;

int answer(long r)
{
	return r < 0 ? errno : 0;
}

/* ---- one attempt, in a child ------------------------------------------ */

static const char *outcome(int status)
{
	static char text[64];
	if (WIFSIGNALED(status))
		snprintf(text, sizeof text, "SIG%s", sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == 0)
		return "works";
	else
		snprintf(text, sizeof text, "%s", strerrorname_np(WEXITSTATUS(status)));
	return text;
}

static void try(const struct attempt *t)
{
	int status = 0;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		_exit(t->fn());
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		printf("%s no-fork\n", t->name);
	else
		printf("%s %s\n", t->name, outcome(status));
}

static int attempts(const char *only)
{
	const struct attempt *const groups[] = {attempts_abi, attempts_caps, attempts_files, attempts_net,
						attempts_ipc};
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		for (const struct attempt *t = groups[i]; t->name; t++)
			if (!only || strcmp(only, t->name) == 0)
				try(t);
	return 0;
}

/* ---- resources -------------------------------------------------------- */

static int fork_bomb(void)
{
	int n = 0;
	while (n < 300) {
		pid_t pid = fork();
		if (pid == 0) {
			pause();
			_exit(0);
		}
		if (pid < 0)
			break;
		n++;
	}
	printf("%d children, then %s\n", n, strerrorname_np(errno));
	fflush(stdout);
	kill(0, SIGKILL);
	return 0;
}

static int memory_hog(void)
{
	for (int mib = 1; mib <= 256; mib++) {
		char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			return printf("mmap fails after %d MiB\n", mib), 0;
		memset(p, 1, 1 << 20);
		if (mib % 16 == 0)
			dprintf(1, "%d\n", mib);
	}
	return 0;
}

static int fd_flood(void)
{
	int n = 0;
	while (n < 100000 && dup(1) >= 0)
		n++;
	printf("%d more descriptors, then %s\n", n, strerrorname_np(errno));
	return 0;
}

static int fill(const char *dir)
{
	static char block[65536];
	char name[256];
	snprintf(name, sizeof name, "%s/fill", dir);
	int fd = open(name, O_WRONLY | O_CREAT, 0644);
	long total = 0;
	memset(block, 1, sizeof block);
	for (ssize_t n; total < 1L << 31 && (n = write(fd, block, sizeof block)) > 0;)
		total += n;
	printf("%ld bytes, then %s\n", total, strerrorname_np(errno));
	return 0;
}

static int inodes(const char *dir)
{
	char name[256];
	int n = 0;
	for (; n < 100000; n++) {
		snprintf(name, sizeof name, "%s/i%d", dir, n);
		int fd = open(name, O_WRONLY | O_CREAT, 0644);
		if (fd < 0)
			break;
		close(fd);
	}
	printf("%d files, then %s\n", n, strerrorname_np(errno));
	return 0;
}

static double now(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Burns processor time for `seconds` of wall time; prints the share it got, in percent. */
static int spin(double seconds)
{
	double begin = now(CLOCK_MONOTONIC), used = now(CLOCK_PROCESS_CPUTIME_ID);
	while (now(CLOCK_MONOTONIC) - begin < seconds)
		;
	printf("%d\n", (int)(100 * (now(CLOCK_PROCESS_CPUTIME_ID) - used) / (now(CLOCK_MONOTONIC) - begin)));
	return 0;
}

static int print_file(const char *path)
{
	char b[8192];
	int fd = open(path, O_RDONLY);
	if (fd < 0)
		return printf("%s\n", strerrorname_np(errno)), 1;
	for (ssize_t n; (n = read(fd, b, sizeof b)) > 0;)
		fwrite(b, 1, (size_t)n, stdout);
	return 0;
}

static int print_env(char **env)
{
	for (; *env; env++)
		puts(*env);
	return 0;
}

static int print_fds(void)
{
	for (int fd = 0; fd < 4096; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("%d ", fd);
	putchar('\n');
	return 0;
}

static int crash(void)
{
	signal(SIGSEGV, SIG_DFL);
	return raise(SIGSEGV);
}

int main(int argc, char **argv, char **env)
{
	const char *what = argc > 1 ? argv[1] : "attempts", *arg = argc > 2 ? argv[2] : NULL;
	probe_victim = getenv("VICTIM") ? atoi(getenv("VICTIM")) : 999999;
	if (strcmp(what, "attempts") == 0)
		return attempts(arg);
	if (strcmp(what, "true") == 0)
		return 0;
	if (strcmp(what, "fork-bomb") == 0)
		return fork_bomb();
	if (strcmp(what, "memory") == 0)
		return memory_hog();
	if (strcmp(what, "fds") == 0)
		return fd_flood();
	if (strcmp(what, "fill") == 0 && arg)
		return fill(arg);
	if (strcmp(what, "inodes") == 0 && arg)
		return inodes(arg);
	if (strcmp(what, "spin") == 0 && arg)
		return spin(atof(arg));
	if (strcmp(what, "cat") == 0 && arg)
		return print_file(arg);
	if (strcmp(what, "env") == 0)
		return print_env(env);
	if (strcmp(what, "list-fds") == 0)
		return print_fds();
	if (strcmp(what, "sleep") == 0 && arg)
		return (int)sleep((unsigned)atoi(arg));
	if (strcmp(what, "exit") == 0 && arg)
		return atoi(arg);
	if (strcmp(what, "touch") == 0 && arg)
		return open(arg, O_WRONLY | O_CREAT, 0644) < 0;
	if (strcmp(what, "report") == 0 && arg)
		return report(arg);
	if (strcmp(what, "crash") == 0)
		return crash();
	fprintf(stderr, "probe: unknown word %s\n", what);
	return 2;
}
