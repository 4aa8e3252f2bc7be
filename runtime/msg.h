/* msg.h - the messages between the parent, pid 1 and the target: SOCK_SEQPACKET, one struct each. */
#ifndef ABP_MSG_H
#define ABP_MSG_H

#include "runtime/run.h"
#include "runtime/steps.h"

enum msg_kind { MSG_GO = 1, MSG_DONE, MSG_FAIL, MSG_MOUNTS, MSG_HELLO, MSG_REPORT };

struct msg {
	uint32_t kind;
	uint32_t step; /* of the sender: a receiver that waits for another step's message refuses */
	int32_t code;  /* FAIL: exit code */
	uint32_t n;    /* MOUNTS: number of descriptors that come along */
	union {
		char why[sizeof((struct run *)0)->why];
		struct self_report self;
		struct sysctls sysctls;
		int32_t index[200]; /* MOUNTS: which view entry each descriptor is */
		int32_t value;
	} u;
};

#define MSG_TIMEOUT_MS 20000 /* nothing in a launch takes this long; a stuck task is a refusal */
#define MSG_ROOT (-1)	     /* MOUNTS indices that are no view entry */
#define MSG_CANARY (-2)

/* A connected pair with both ends high and close-on-exec; the parent's end gets SO_PASSCRED. */
int msg_pair(int pair[2]);
/* Sends M, with the N descriptors of FD if N > 0 (at most 200).  Returns 0, or -1 with errno. */
int msg_send(int sock, const struct msg *m, const int *fd, uint32_t n);
/* Receives one message of KIND from step STEP, within the timeout.  FD (room for 200) takes descriptors, PID
 * the sender's pid in the receiver's namespace; both may be NULL.  Death of the peer, a FAIL message, another
 * kind or step: run_why() and -1. */
int msg_wait(struct run *r, int sock, enum msg_kind kind, enum step step, struct msg *m, int *fd, pid_t *pid);

#endif
