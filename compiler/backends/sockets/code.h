/*
 * code.h - eBPF instructions, written backwards: the last one first, so that every jump's target is known.
 *
 * All jumps go forward; a program is a decision diagram.  Encoding: Documentation/bpf/standardization/
 * instruction-set.rst of the kernel.
 */
#ifndef ABP_SOCKETS_CODE_H
#define ABP_SOCKETS_CODE_H

#include "compiler/base/buf.h"
#include "spec/bundle.h"

#include <stdbool.h>

enum { R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10 };

/* Operations of 32-bit jumps with a constant. */
enum jump { J_EQ = 0x16, J_NE = 0x56, J_GT = 0x26, J_LE = 0xb6, J_GE = 0x36, J_LT = 0xa6, J_SET = 0x46 };

/* A place in the program: an instruction, or the nearest copy of one of the two ends. */
typedef uint32_t label;
#define LABEL_ALLOW UINT32_MAX
#define LABEL_DENY (UINT32_MAX - 1)

struct code {
	struct arena *a;
	VEC(struct abpb_insn) rev; /* backwards */
	uint32_t end[2];	   /* index of the latest deny, allow + 1; 0: none yet */
	uint8_t allow;		   /* the exit value of LABEL_ALLOW */
	bool far;		   /* a jump did not fit into 16 bits: the program is useless */
};

/* One instruction in front of what is there; returns its label. */
label code_put(struct code *c, uint8_t op, unsigned dst, unsigned src, int off, uint32_t imm);
/* Go to `to`: nothing where that is what follows. */
label code_goto(struct code *c, label to);
/* If the test of register dst (its low 32 bits) with k holds, go to yes, else to no. */
label code_test(struct code *c, enum jump op, unsigned dst, uint32_t k, label yes, label no);
/* r = *(size *)(base + off), size 1, 2, 4; then from network byte order if swap is 16 or 32. */
label code_load(struct code *c, unsigned r, unsigned base, int off, unsigned size, unsigned swap);
/* The instructions in order, as struct abpb_insn, little-endian. */
void code_bytes(const struct code *c, struct buf *out);

#endif
