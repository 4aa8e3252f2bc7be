/*
 * sim.h - classic BPF, executed on one event: what the kernel would answer.
 *
 * Knows the instructions that a filter of ours may have (LD W ABS, ALU AND K, JA, JEQ JGT JGE JSET with K,
 * RET K) and nothing else.  Source: Linux kernel/seccomp.c, net/core/filter.c.
 */
#ifndef ABP_SECCOMP_SIM_H
#define ABP_SECCOMP_SIM_H

#include <linux/filter.h>

#include "compiler/backends/seccomp/filter.h"

/* The filter's answer for e into *action, executed instructions (RET included) into *steps (may be NULL).
 * false: an unknown instruction, a load outside the event, or a jump past the end. */
bool sim_run(const struct sock_filter *f, size_t n, const uint32_t e[N_WORDS], uint32_t *action,
	     uint32_t *steps);

/*
 * As far as the number alone leads: the RET, or the first load of anything but number and architecture (what
 * the kernel's action cache gives up at: seccomp_is_const_allow, 5.11 and later).  Returns that instruction,
 * *done = how many were executed before it.  The filter is well-formed.
 */
uint32_t sim_by_number(const struct sock_filter *f, size_t n, uint32_t audit_arch, uint32_t nr,
		       uint32_t *done);

#endif
