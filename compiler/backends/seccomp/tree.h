/*
 * tree.h - the order of the comparisons of one node: which tests, so that few are executed and few are
 * written.
 *
 * Cuts [i, j) are decided by one JGE between two of them, or, where single values lie inside one target's
 * values, by a chain of JEQ.  The plan minimises (executed tests, weighted) + price * (tests written),
 * exactly.
 */
#ifndef ABP_SECCOMP_TREE_H
#define ABP_SECCOMP_TREE_H

#include "compiler/backends/seccomp/dag.h"

struct tree;
/* weight: per cut, how much a test on the way to it costs. */
struct tree *tree_plan(struct arena *a, const struct node *n, const uint32_t *weight);
/* The first cut of the upper part of [i, j); 0: a chain. */
uint32_t tree_split(const struct tree *t, uint32_t i, uint32_t j);

#endif
