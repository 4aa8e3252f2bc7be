/*
 * bdd.h - exact sets of bit vectors: reduced ordered binary decision diagrams.
 *
 * A set is a node number in one table; equal sets have equal numbers, so equality is `==`, and every
 * operation is total and exact.  Variable 0 is the top of the order.  Nothing is ever freed but the whole
 * table.
 *
 * Source: R. E. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", IEEE ToC C-35 (1986).
 */
#ifndef ABP_BDD_H
#define ABP_BDD_H

#include <stdbool.h>

#include "compiler/base/arena.h"

typedef uint32_t bdd;
#define BDD_NONE ((bdd)0) /* the empty set */
#define BDD_ALL ((bdd)1)  /* everything */

enum { BDD_MAX_VARS = 512 };

struct bdds; /* the table */
struct bdds *bdds_new(struct arena *a);
/* True once the table has grown past its bound (16 M nodes): results since then are meaningless; callers
 * report ABP-INT-001 and stop.  No operation crashes or loops because of it. */
bool bdds_full(const struct bdds *t);

bdd bdd_and(struct bdds *t, bdd f, bdd g);
bdd bdd_or(struct bdds *t, bdd f, bdd g);
bdd bdd_diff(struct bdds *t, bdd f, bdd g); /* f without g */
bdd bdd_not(struct bdds *t, bdd f);
static inline bool bdd_subset(struct bdds *t, bdd f, bdd g)
{
	return bdd_diff(t, f, g) == BDD_NONE;
}
static inline bool bdd_disjoint(struct bdds *t, bdd f, bdd g)
{
	return bdd_and(t, f, g) == BDD_NONE;
}

/*
 * A field is `width` variables from `first`, most significant bit first; width 1..128.  Values wider than 64
 * bits are given as two words, high first.
 */
struct field {
	uint16_t first, width;
};
/* { x : lo <= (x.field & mask) <= hi }, unsigned; bits of lo, hi outside mask make those bounds unreachable,
 * as arithmetic says (x & 6 <= 5 holds for 0,2,4).  width <= 64. */
bdd bdd_masked_range(struct bdds *t, struct field f, uint64_t mask, uint64_t lo, uint64_t hi);
static inline bdd bdd_range(struct bdds *t, struct field f, uint64_t lo, uint64_t hi)
{
	return bdd_masked_range(t, f, ~(uint64_t)0, lo, hi);
}
/* { x : the first `bits` bits of x.field are those of value (16 bytes, big endian, from the field's top) };
 * width <= 128: an address prefix. */
bdd bdd_prefix(struct bdds *t, struct field f, const uint8_t value[16], unsigned bits);

/* The smallest member in variable order, as 0/1 per variable (n_vars of them); false for the empty set. */
bool bdd_witness(const struct bdds *t, bdd f, uint8_t *bit, unsigned n_vars);
/* The witness's field as a number, for width <= 64. */
uint64_t bits_field(const uint8_t *bit, struct field f);
/* Membership of one vector. */
bool bdd_has(const struct bdds *t, bdd f, const uint8_t *bit);
/* The topmost variable that f depends on, and the sets left where it is 0 and 1; false for the two ends. */
bool bdd_node(const struct bdds *t, bdd f, unsigned *var, bdd *lo, bdd *hi);
/* Number of nodes reachable from f without the two ends, for the size figures. */
uint32_t bdd_size(struct bdds *t, bdd f);

#endif
