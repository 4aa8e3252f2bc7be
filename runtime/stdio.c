/* stdio.c - what the run gets as 0, 1 and 2, and every other descriptor it keeps. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "runtime/steps.h"
#include "runtime/stdio.h"
#include "runtime/sys.h"

static int make_pipes(struct run *r)
{
	for (int i = 0; i < 3; i++) {
		int p[2];

		if (pipe2(p, O_CLOEXEC))
			return run_why(r, errno, "pipe");
		p[0] = sys_high(p[0]);
		p[1] = sys_high(p[1]);
		if (p[0] < 0 || p[1] < 0)
			return run_why(r, errno, "pipe");
		r->stdio_in[i] = p[i != 0];
		r->stdio_out[i] = p[i == 0];
		if (fcntl(r->stdio_out[i], F_SETFL, O_NONBLOCK))
			return run_why(r, errno, "pipe");
	}
	return 0;
}

static int make_null(struct run *r)
{
	for (int i = 0; i < 3; i++) {
		r->stdio_in[i] = sys_high(open("/dev/null", (i ? O_WRONLY : O_RDONLY) | O_CLOEXEC));
		if (r->stdio_in[i] < 0)
			return run_why(r, errno, "/dev/null");
	}
	return 0;
}

/* A socket passes every network wall, a terminal takes injected input, a directory leaves the view. */
static int check_inherited(struct run *r)
{
	char link[32], name[64];
	struct stat st;

	for (int i = 0; i < 3; i++) {
		if (fstat(i, &st))
			return run_why(r, errno, "descriptor %d", i);
		snprintf(link, sizeof link, "/proc/self/fd/%d", i);
		ssize_t n = readlink(link, name, sizeof name - 1);
		name[n > 0 ? n : 0] = 0;
		if (S_ISREG(st.st_mode) && n > 0 && strncmp(name, "/memfd:", 7))
			continue;
		if (S_ISFIFO(st.st_mode) || (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3)))
			continue;
		return run_why(r, 0,
			       "stdio inherit: descriptor %d is %s: only /dev/null, pipes and regular files",
			       i, n > 0 ? name : "unknown");
	}
	return 0;
}

static int make_pty(struct run *r)
{
	int master = sys_high(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)), zero = 0;

	if (master < 0 || ioctl(master, TIOCSPTLCK, &zero))
		return run_why(r, errno, "/dev/ptmx");
	r->stdio_in[0] = sys_high(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (r->stdio_in[0] < 0)
		return run_why(r, errno, "pty");
	r->stdio_in[1] = r->stdio_in[2] = r->stdio_in[0];
	r->stdio_out[0] = master;
	relay_resize(r);
	return 0;
}

int step_stdio(struct run *r)
{
	switch ((enum abpb_stdio)r->b.meta->stdio) {
	case ABPB_STDIO_PIPE:
		return make_pipes(r);
	case ABPB_STDIO_NULL:
		return make_null(r);
	case ABPB_STDIO_INHERIT:
		return check_inherited(r);
	case ABPB_STDIO_TTY:
		return make_pty(r);
	}
	return -1;
}

int stdio_close_inner(struct run *r)
{
	for (int i = 0; i < 3; i++) {
		int same = i && r->stdio_in[i] == r->stdio_in[0];

		if (r->stdio_in[i] >= 0 && !same && close(r->stdio_in[i]))
			return run_why(r, errno, "close");
	}
	for (uint32_t i = 0; i < r->b.n_fd; i++)
		if (close((int)r->b.fd[i]))
			return run_why(r, errno, "close");
	return 0;
}

/* Sorted insertion; the list is short. */
static void keep(unsigned *list, int *n, int fd)
{
	int i = (*n)++;

	if (fd < 0) {
		(*n)--;
		return;
	}
	for (; i > 0 && list[i - 1] > (unsigned)fd; i--)
		list[i] = list[i - 1];
	list[i] = (unsigned)fd;
}

static int close_rest(struct run *r)
{
	unsigned list[ABP_FD_MAX_PASS + 8] = {0}, next = 0;
	int n = 0;

	for (int i = 0; i < 3; i++)
		keep(list, &n, i);
	for (uint32_t i = 0; i < r->b.n_fd; i++)
		keep(list, &n, (int)r->b.fd[i]);
	keep(list, &n, ABP_FD_GO);
	keep(list, &n, ABP_FD_TARGET);
	keep(list, &n, r->canary_fd);
	keep(list, &n, r->ruleset_fd);
	for (int i = 0; i < n; i++) {
		if (list[i] > next && close_range(next, list[i] - 1, 0))
			return -1;
		next = list[i] + 1;
	}
	return close_range(next, ~0u, 0);
}

/* In the target: the descriptors it will have, and no others, whatever anybody left open. */
int step_descriptors(struct run *r)
{
	for (int i = 0; i < 3; i++)
		if (r->stdio_in[i] >= 0 && dup2(r->stdio_in[i], i) != i)
			return run_why(r, errno, "dup2");
	if (r->b.meta->stdio == ABPB_STDIO_TTY && ioctl(0, TIOCSCTTY, 0))
		return run_why(r, errno, "controlling terminal");
	r->canary_fd = sys_high(r->canary_fd);
	if (dup3(r->go[1], ABP_FD_GO, O_CLOEXEC) < 0 || dup3(r->target_fd, ABP_FD_TARGET, O_CLOEXEC) < 0 ||
	    r->canary_fd < 0)
		return run_why(r, errno, "dup3");
	r->go[1] = ABP_FD_GO;
	r->target_fd = ABP_FD_TARGET;
	for (uint32_t i = 0; i < r->b.n_fd; i++)
		if (fcntl((int)r->b.fd[i], F_SETFD, 0))
			return run_why(r, errno, "descriptor %u", r->b.fd[i]);
	return close_rest(r) ? run_why(r, errno, "close_range") : 0;
}
