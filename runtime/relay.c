/* relay.c - the parent's side of `stdio pipe` and `stdio tty`: bytes only, bounded, never blocking. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "runtime/stdio.h"

static struct channel channel(int from, int own_from, int to, int own_to)
{
	return (struct channel){.from = from, .own_from = own_from, .to = to, .own_to = own_to};
}

static void end(int *fd, int own)
{
	if (*fd >= 0 && own)
		close(*fd);
	*fd = -1;
}

void relay_open(struct run *r, struct relay *s)
{
	struct termios raw;

	memset(s, 0, sizeof *s);
	for (int i = 0; i < 3; i++)
		s->ch[i] = channel(-1, 0, -1, 0);
	if (r->b.meta->stdio == ABPB_STDIO_PIPE) {
		s->ch[0] = channel(0, 0, r->stdio_out[0], 1);
		s->ch[1] = channel(r->stdio_out[1], 1, 1, 0);
		s->ch[2] = channel(r->stdio_out[2], 1, 2, 0);
	} else if (r->b.meta->stdio == ABPB_STDIO_TTY) {
		s->ch[0] = channel(0, 0, r->stdio_out[0], 0);
		s->ch[0].typed = 1;
		s->ch[1] = channel(r->stdio_out[0], 1, 1, 0);
		if (tcgetattr(0, &s->saved) == 0) {
			raw = s->saved;
			cfmakeraw(&raw);
			s->raw = tcsetattr(0, TCSADRAIN, &raw) == 0;
		}
	}
}

int relay_poll(const struct relay *s, struct pollfd *p)
{
	int n = 0;

	for (int i = 0; i < 3; i++) {
		const struct channel *c = &s->ch[i];

		if (c->have) /* something to deliver first */
			p[n++] = (struct pollfd){.fd = c->to, .events = POLLOUT};
		else if (c->from >= 0)
			p[n++] = (struct pollfd){.fd = c->from, .events = POLLIN};
		if (!c->have && c->to >= 0 && c->own_to) /* the run closed its end */
			p[n++] = (struct pollfd){.fd = c->to, .events = 0};
	}
	return n;
}

static void take(struct channel *c)
{
	ssize_t n = read(c->from, c->buf, sizeof c->buf);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		c->have = (size_t)n;
		c->at = 0;
		return;
	}
	if (n == 0 && c->typed && c->have == 0) { /* the run's terminal has no other end of file */
		c->buf[0] = 4;
		c->have = 1;
		c->at = 0;
		c->typed = 0;
		return;
	}
	end(&c->from, c->own_from); /* a pty whose other side closed answers EIO */
	end(&c->to, c->own_to);
}

static void give(struct channel *c)
{
	ssize_t n = write(c->to, c->buf + c->at, c->have);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) { /* nobody reads any more: the writer gets SIGPIPE of its own */
		end(&c->from, c->own_from);
		end(&c->to, c->own_to);
		c->have = 0;
		return;
	}
	c->at += (size_t)n;
	c->have -= (size_t)n;
}

void relay_move(struct relay *s, const struct pollfd *p, int n)
{
	for (int k = 0; k < n; k++)
		for (int i = 0; i < 3 && p[k].revents; i++) {
			struct channel *c = &s->ch[i];

			if (c->have && p[k].fd == c->to && p[k].events == POLLOUT) {
				give(c);
				break;
			}
			if (!c->have && p[k].fd == c->from && p[k].events == POLLIN) {
				take(c);
				break;
			}
			if (!c->have && p[k].fd == c->to && p[k].events == 0) {
				end(&c->from, c->own_from);
				end(&c->to, c->own_to);
				break;
			}
		}
}

int relay_busy(const struct relay *s)
{
	return s->ch[1].have || s->ch[2].have || s->ch[1].from >= 0 || s->ch[2].from >= 0;
}

void relay_resize(const struct run *r)
{
	struct winsize w;

	if (r->b.meta->stdio == ABPB_STDIO_TTY && ioctl(0, TIOCGWINSZ, &w) == 0)
		(void)ioctl(r->stdio_out[0], TIOCSWINSZ, &w); /* cosmetic */
}

void relay_close(struct relay *s)
{
	if (s->raw)
		(void)tcsetattr(0, TCSADRAIN, &s->saved);
	s->raw = 0;
}
