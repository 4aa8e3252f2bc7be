/*
 * cube.h - exact sets of one 32-bit word: an interval cut with a bit cube, and the tests of BPF programs on
 * it.
 *
 * A verifier walks a program over states of such words; each conditional jump splits one word into disjoint
 * parts on which the test has one truth value.  Words are independent, so the walk is exact: every state that
 * is visited has members, and word_witness() names one.
 */
#ifndef ABP_CUBE_H
#define ABP_CUBE_H

#include <stdbool.h>
#include <stdint.h>

/* { x : lo <= x <= hi, (x & mask) == val }, unsigned; val has no bit outside mask. */
struct word {
	uint32_t lo, hi, mask, val;
};
#define WORD_ALL ((struct word){0, UINT32_MAX, 0, 0})

/* The smallest member into *x (x may be NULL); false: the set is empty, *x is untouched. */
bool word_witness(const struct word *w, uint32_t *x);
bool word_has(const struct word *w, uint32_t x);

/* The tests, unsigned; M is the mask of word_split, ignored by the first three. */
enum wtest {
	WORD_EQ,      /* x == k */
	WORD_GT,      /* x > k */
	WORD_GE,      /* x >= k */
	WORD_MASK_EQ, /* (x & M) == k */
	WORD_MASK_GT, /* (x & M) > k */
	WORD_MASK_GE, /* (x & M) >= k */
	WORD_MASK_SET /* (x & M & k) != 0: JSET on a masked accumulator */
};

struct wpart {
	struct word w;
	bool truth; /* of the test on every member of w */
};

enum { WORD_MAX_PARTS = 33 };

/*
 * Split w by a test: the parts are disjoint, none is empty, their union is exactly w.  Returns their number
 * (0 only for an empty w).
 */
unsigned word_split(struct word w, enum wtest t, uint32_t mask, uint32_t k, struct wpart out[WORD_MAX_PARTS]);

#endif
