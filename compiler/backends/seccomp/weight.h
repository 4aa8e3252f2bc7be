/*
 * weight.h - how often a path of a filter is worth to be short.
 */
#ifndef ABP_SECCOMP_WEIGHT_H
#define ABP_SECCOMP_WEIGHT_H

#include "compiler/backends/seccomp/dag.h"

struct weights {
	struct arena *a;
	const struct dag *d;
	enum arch arch;
	const uint32_t *frequency; /* per number up to the last of the table; NULL: not known */
	uint8_t *ways;		   /* per node: constants that lead to ALLOW, 64 at most */
};
struct weights weights_new(struct arena *a, const struct dag *d, enum arch arch, const uint32_t *frequency);
/* Per cut of n, for tree_plan(). */
uint32_t *weights_of(const struct weights *w, const struct node *n);
/* For tree_plan(). */
uint32_t weights_price(const struct node *n);

#endif
