/*
 * filter.h - what a seccomp filter has to mean, and the event it judges.
 *
 * The one header that the emitter and the verifier share: data only.  Layout of the event: struct
 * seccomp_data of <linux/seccomp.h> on a little-endian machine, as 32-bit words.
 */
#ifndef ABP_SECCOMP_FILTER_H
#define ABP_SECCOMP_FILTER_H

#include <linux/seccomp.h>

#include "compiler/model.h"

enum {
	W_NR,
	W_ARCH,
	W_IP_LO,
	W_IP_HI,
	W_ARG0,
	N_WORDS = 16
}; /* argument i: low word W_ARG0 + 2i, then its high word */

enum filter_deny {
	DENY_ERRNO,    /* EPERM; ENOSYS for numbers newer than the table and for ungranted probe calls */
	DENY_KILL,     /* as before, but KILL_PROCESS in place of EPERM (`on-deny kill`) */
	DENY_KILL_ALL, /* KILL_PROCESS for everything that is not allowed (the reaper's own list) */
	DENY_BENCH     /* as DENY_ERRNO with the answers that benchmarks share with a peer: filter_last(),
			  filter_probe() */
};

struct filter_spec {
	enum arch arch;
	const rule_list *rules; /* sorted by nr, one rule a number; a rule without terms grants nothing */
	enum filter_deny deny;
};

/* Numbers from here on are KILL_PROCESS on every architecture: x32 (bit 30), and -1. */
#define FILTER_NR_END 0x40000000u

/* Numbers above it are newer than the table: ENOSYS. */
uint32_t filter_last(const struct filter_spec *s);
/* Calls of the table that answer ENOSYS when not granted. */
bool filter_probe(const struct filter_spec *s, const struct sysdef *call);
/* "ALLOW", "EPERM", "ENOSYS", "KILL_PROCESS"; NULL: no answer that a filter of ours gives. */
const char *filter_answer(uint32_t action);
/* Append "x86_64 socket(0x28, 0x1)" (trailing zero arguments left out; numbers without a name as "call 512").
 */
void filter_event(struct buf *b, const uint32_t e[N_WORDS]);

#endif
