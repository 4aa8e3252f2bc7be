#include "compiler/base/cube.h"

#include <stddef.h>

/* The parts so far; empty ones are dropped on the way in. */
struct parts {
	struct wpart *out;
	unsigned n;
};

bool word_has(const struct word *w, uint32_t x)
{
	return w->lo <= x && x <= w->hi && (x & w->mask) == w->val;
}

/* The bits below bit b. */
static uint32_t below(unsigned b)
{
	return ((uint32_t)1 << b) - 1;
}

/*
 * The smallest y >= x of the cube.  b is the highest wrong bit of x.  Where the cube wants a 1 there, setting
 * it is the smallest step up; where it wants a 0, some free 0 bit above has to become 1.  Below that bit: the
 * smallest tail the cube has.  False: there is none.
 */
static bool cube_at_least(uint32_t mask, uint32_t val, uint32_t x, uint32_t *y)
{
	uint32_t wrong = (x ^ val) & mask;
	*y = x;
	if (!wrong)
		return true;
	unsigned b = 31 - (unsigned)__builtin_clz(wrong);
	if (!(val >> b & 1)) {
		uint32_t free_zero = ~mask & ~x & ~below(b);
		if (!free_zero)
			return false;
		b = (unsigned)__builtin_ctz(free_zero);
	}
	uint32_t bit = (uint32_t)1 << b;
	*y = (x & ~below(b)) | bit | (val & below(b));
	return true;
}

bool word_witness(const struct word *w, uint32_t *x)
{
	uint32_t y;
	if (!cube_at_least(w->mask, w->val, w->lo, &y) || y > w->hi)
		return false;
	if (x)
		*x = y;
	return true;
}

static void put(struct parts *p, struct word w, bool truth)
{
	if (word_witness(&w, NULL))
		p->out[p->n++] = (struct wpart){w, truth};
}

/* The members of w from lo to hi. */
static void put_range(struct parts *p, struct word w, uint32_t lo, uint32_t hi, bool truth)
{
	w.lo = w.lo > lo ? w.lo : lo;
	w.hi = w.hi < hi ? w.hi : hi;
	put(p, w, truth);
}

static void split_eq(struct parts *p, struct word w, uint32_t k)
{
	put_range(p, w, k, k, true);
	if (k > 0)
		put_range(p, w, 0, k - 1, false);
	if (k < UINT32_MAX)
		put_range(p, w, k + 1, UINT32_MAX, false);
}

static void split_ge(struct parts *p, struct word w, uint32_t k)
{
	put_range(p, w, k, UINT32_MAX, true);
	if (k > 0)
		put_range(p, w, 0, k - 1, false);
}

static void split_gt(struct parts *p, struct word w, uint32_t k)
{
	if (k < UINT32_MAX)
		put_range(p, w, k + 1, UINT32_MAX, true);
	put_range(p, w, 0, k, false);
}

static struct word with_bit(struct word w, uint32_t bit, uint32_t value)
{
	w.mask |= bit;
	w.val = (w.val & ~bit) | (value & bit);
	return w;
}

/* truth: of the part where the bits are equal; the others, one per unknown bit, have the opposite. */
static void split_mask_eq(struct parts *p, struct word w, uint32_t mask, uint32_t k, bool truth)
{
	bool never = (k & ~mask) || ((w.val ^ k) & w.mask & mask);
	if (never) {
		put(p, w, !truth);
		return;
	}
	for (uint32_t todo = mask & ~w.mask; todo;) {
		uint32_t bit = (uint32_t)1 << (31 - __builtin_clz(todo));
		todo &= ~bit;
		put(p, with_bit(w, bit, ~k), !truth);
		w = with_bit(w, bit, k);
	}
	put(p, w, truth);
}

/*
 * Compare x & mask with k from the top bit; w is what is left, where all bits so far are equal.  `equal`: the
 * truth where all are.
 */
static void split_mask_cmp(struct parts *p, struct word w, uint32_t mask, uint32_t k, bool equal)
{
	for (uint32_t bit = (uint32_t)1 << 31; bit; bit >>= 1) {
		bool one = k & bit;
		if (!(mask & bit)) {
			if (!one)
				continue;
			put(p, w, false); /* 0 here against k's 1 */
			return;
		}
		if (!(w.mask & bit)) {
			put(p, with_bit(w, bit, ~k), !one);
			w = with_bit(w, bit, k);
		} else if ((w.val ^ k) & bit) {
			put(p, w, !one);
			return;
		}
	}
	put(p, w, equal);
}

unsigned word_split(struct word w, enum wtest t, uint32_t mask, uint32_t k, struct wpart out[WORD_MAX_PARTS])
{
	struct parts p = {out, 0};
	switch (t) {
	case WORD_EQ:
		split_eq(&p, w, k);
		break;
	case WORD_GT:
		split_gt(&p, w, k);
		break;
	case WORD_GE:
		split_ge(&p, w, k);
		break;
	case WORD_MASK_EQ:
		split_mask_eq(&p, w, mask, k, true);
		break;
	case WORD_MASK_GT:
		split_mask_cmp(&p, w, mask, k, false);
		break;
	case WORD_MASK_GE:
		split_mask_cmp(&p, w, mask, k, true);
		break;
	case WORD_MASK_SET:
		split_mask_eq(&p, w, mask & k, 0, false);
		break;
	}
	return p.n;
}
