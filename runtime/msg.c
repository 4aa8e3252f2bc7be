#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "runtime/msg.h"
#include "runtime/sys.h"

#define FDS_MAX 200

int msg_pair(int pair[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	pair[0] = sys_high(pair[0]);
	pair[1] = sys_high(pair[1]);
	if (pair[0] < 0 || pair[1] < 0)
		return -1;
	return setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int));
}

int msg_send(int sock, const struct msg *m, const int *fd, uint32_t n)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(FDS_MAX * sizeof(int))];
	} control = {0};
	struct iovec iov = {.iov_base = (void *)(uintptr_t)m, .iov_len = sizeof *m};
	struct msghdr h = {.msg_iov = &iov, .msg_iovlen = 1};

	if (n) {
		h.msg_control = &control;
		h.msg_controllen = CMSG_SPACE(n * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&h);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(c), fd, n * sizeof(int));
	}
	ssize_t put = sendmsg(sock, &h, MSG_NOSIGNAL);
	if (put == (ssize_t)sizeof *m)
		return 0;
	if (put >= 0)
		errno = EPROTO;
	return -1;
}

/* Takes what came along; returns the number of descriptors. */
static uint32_t take_control(struct msghdr *h, int *fd, pid_t *pid)
{
	uint32_t n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_CREDENTIALS && pid)
			*pid = ((const struct ucred *)(const void *)CMSG_DATA(c))->pid;
		if (c->cmsg_type == SCM_RIGHTS && fd) {
			n = (uint32_t)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(fd, CMSG_DATA(c), n * sizeof(int));
		}
	}
	return n;
}

static int receive(struct run *r, int sock, struct msg *m, int *fd, pid_t *pid)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(FDS_MAX * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec iov = {.iov_base = m, .iov_len = sizeof *m};
	struct msghdr h = {
	    .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct pollfd p = {.fd = sock, .events = POLLIN};
	int ready;

	while ((ready = poll(&p, 1, MSG_TIMEOUT_MS)) < 0 && errno == EINTR)
		;
	if (ready == 0)
		return run_why(r, ETIMEDOUT, "no answer");
	ssize_t got = ready < 0 ? -1 : recvmsg(sock, &h, MSG_CMSG_CLOEXEC);
	if (got < 0)
		return run_why(r, errno, "recvmsg");
	if (got == 0)
		return run_why(r, 0, "the other task ended");
	uint32_t n = take_control(&h, fd, pid);
	if (got != (ssize_t)sizeof *m || (h.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		return run_why(r, EPROTO, "a truncated message");
	if (fd && n != m->n)
		return run_why(r, EPROTO, "%u descriptors announced, %u came", m->n, n);
	return 0;
}

static const char *const step_name[] = {
#define STEP(name, needs, fail) #name,
#include "runtime/steps.def"
#undef STEP
};

int msg_wait(struct run *r, int sock, enum msg_kind kind, enum step step, struct msg *m, int *fd, pid_t *pid)
{
	if (receive(r, sock, m, fd, pid)) {
		/* if the other task had something to say, that is the reason */
		int other = sock == r->control[0] ? r->go[0] : r->control[0];

		if (other < 0 || recv(other, m, sizeof *m, MSG_DONTWAIT) != (ssize_t)sizeof *m ||
		    m->kind != MSG_FAIL || m->step >= N_STEPS)
			return -1;
		r->why[0] = 0;
	}
	if (m->kind == MSG_FAIL && m->step < N_STEPS) { /* the step that failed is the other task's */
		m->u.why[sizeof m->u.why - 1] = 0;
		r->step = step_name[m->step];
		return run_exit(r, m->code, 0, "%s", m->u.why);
	}
	if (m->kind != kind || m->step != step)
		return run_why(r, EPROTO, "message %u of step %u instead of step %s", m->kind, m->step,
			       step_name[step]);
	return 0;
}
