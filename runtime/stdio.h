/* stdio.h - descriptors 0-2 of the run: relayed by the parent, so that none of its own reaches the inside. */
#ifndef ABP_STDIO_H
#define ABP_STDIO_H

#include <poll.h>
#include <termios.h>
#include "runtime/run.h"

/* One direction of the relay; at most sizeof buf bytes are under way. */
struct channel {
	int from, to;	      /* -1: ended */
	int own_from, own_to; /* whether to close them at the end */
	int typed;	      /* goes to a terminal: its end is told by a character */
	size_t have, at;
	char buf[4096]; /* PIPE_BUF: a pipe that polls writable takes it whole */
};

struct relay {
	struct channel ch[3];
	struct termios saved; /* the launcher's terminal, if raw */
	int raw;
};

/* In the parent, after birth: the ends that only the run may hold are closed here. */
int stdio_close_inner(struct run *r);
/* Prepares the relay for the run's mode (nothing for null and inherit). */
void relay_open(struct run *r, struct relay *s);
/* Fills P (room for 6) with what the relay waits for; returns how many. */
int relay_poll(const struct relay *s, struct pollfd *p);
/* Moves what the N descriptors of P are ready for. */
void relay_move(struct relay *s, const struct pollfd *p, int n);
/* Whether the run's output still has an open end. */
int relay_busy(const struct relay *s);
/* The run's terminal takes the size of the launcher's. */
void relay_resize(const struct run *r);
/* Puts the launcher's terminal back. */
void relay_close(struct relay *s);

#endif
