/*
 * tree.h - the order of the comparisons of one node: which tests, so that few are executed and few are
 * written.
 *
 * Cuts [i, j) are decided by one JGE between two of them, or, where few values lie inside one target's
 * values, by a chain: JEQ on single values, JSET on an aligned block of values or on a set of flags.  The
 * plan minimises (executed tests, weighted) + price * (tests written), exactly up to 160 cuts; longer pieces
 * are halved first.
 */
#ifndef ABP_SECCOMP_TREE_H
#define ABP_SECCOMP_TREE_H

#include "compiler/backends/seccomp/dag.h"

struct tree;
/*
 * weight: per cut, how much a test on the way to it costs; the sum is at most 2^32.  One instruction is worth
 * a `price`-th of the sum: a higher number buys fewer executed tests with more instructions.
 */
struct tree *tree_plan(struct arena *a, const struct node *n, const uint32_t *weight, uint32_t price);
/* The first cut of the upper part of [i, j); 0: a chain. */
uint32_t tree_split(const struct tree *t, uint32_t i, uint32_t j);

struct tree_link {
	bool is_mask; /* taken where no bit of `value` is set; else where the word is `value` */
	uint32_t value;
	uint32_t cut; /* its target */
};
enum { TREE_MAX_CHAIN = 6 }; /* tests in a row */
/*
 * The chain of [i, j): how many links, to be tested in this order; *rest: the cut that leads where all other
 * values go.
 */
uint32_t tree_chain(const struct tree *t, uint32_t i, uint32_t j, struct tree_link out[TREE_MAX_CHAIN],
		    uint32_t *rest);

#endif
