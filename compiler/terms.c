/*
 * terms.c - sets of argument values as terms: the masked-range algebra of a condition's normal form.
 */
#include "compiler/resolve.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TERMS = 1024 };

uint64_t width_mask(unsigned width)
{
	return width >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << width) - 1;
}

/* The highest bit that v has and mask lacks. */
static uint64_t stray_top(uint64_t mask, uint64_t v)
{
	return (uint64_t)1 << (63 - __builtin_clzll(v & ~mask));
}

bool reach_ge(uint64_t mask, uint64_t v, uint64_t *out)
{
	if (!(v & ~mask)) {
		*out = v;
		return true;
	}
	/* that bit cannot be 1: the part above it has to grow, and all below is 0 */
	uint64_t top = stray_top(mask, v), high = mask & ~(top | (top - 1));
	uint64_t q = v & ~(top | (top - 1));
	if (q == high)
		return false;
	*out = ((q | ~high) + 1) & high;
	return true;
}

uint64_t reach_le(uint64_t mask, uint64_t v)
{
	if (!(v & ~mask))
		return v;
	uint64_t top = stray_top(mask, v);
	return (v & ~(top | (top - 1))) | (mask & (top - 1));
}

void atom_range(struct arena *a, struct atom *at, uint64_t lo, uint64_t hi)
{
	struct range g;
	if (!reach_ge(at->mask, lo, &g.lo))
		return;
	g.hi = reach_le(at->mask, hi);
	if (g.lo <= g.hi)
		vec_push(a, &at->in, g);
}

static int range_cmp(const void *x, const void *y)
{
	const struct range *a = x, *b = y;
	return a->lo < b->lo ? -1 : a->lo > b->lo;
}

/* Sort; join ranges that overlap or have no reachable value between them. */
void atom_normal(struct atom *at)
{
	if (!at->in.n)
		return;
	qsort(at->in.v, at->in.n, sizeof *at->in.v, range_cmp);
	uint32_t n = 0;
	for (uint32_t i = 1; i < at->in.n; i++) {
		struct range *last = &at->in.v[n], g = at->in.v[i];
		uint64_t next = last->hi == at->mask ? at->mask : ((last->hi | ~at->mask) + 1) & at->mask;
		if (g.lo <= next)
			last->hi = g.hi > last->hi ? g.hi : last->hi;
		else
			at->in.v[++n] = g;
	}
	at->in.n = n + 1;
}

bool atom_always(const struct atom *at)
{
	return at->in.n == 1 && at->in.v[0].lo == 0 && at->in.v[0].hi == at->mask;
}

/* x := x and y, the same argument and mask. */
static void atom_meet(struct arena *a, struct atom *x, const struct atom *y)
{
	struct atom z = {.arg = x->arg, .width = x->width, .mask = x->mask};
	for (uint32_t i = 0, j = 0; i < x->in.n && j < y->in.n;) {
		struct range p = x->in.v[i], q = y->in.v[j];
		struct range g = {p.lo > q.lo ? p.lo : q.lo, p.hi < q.hi ? p.hi : q.hi};
		if (g.lo <= g.hi)
			vec_push(a, &z.in, g);
		if (p.hi < q.hi)
			i++;
		else
			j++;
	}
	*x = z;
}

static int key_cmp(const struct atom *x, const struct atom *y)
{
	if (x->arg != y->arg)
		return x->arg < y->arg ? -1 : 1;
	return x->mask < y->mask ? -1 : x->mask > y->mask;
}

/* Put y into a sorted term; false: nothing is left of the term. */
static bool term_meet(struct arena *a, struct term *t, const struct atom *y)
{
	uint32_t i = 0;
	while (i < t->atoms.n && key_cmp(&t->atoms.v[i], y) < 0)
		i++;
	if (i < t->atoms.n && !key_cmp(&t->atoms.v[i], y)) {
		atom_meet(a, &t->atoms.v[i], y);
		return t->atoms.v[i].in.n > 0;
	}
	vec_push(a, &t->atoms, *y);
	memmove(&t->atoms.v[i + 1], &t->atoms.v[i], (t->atoms.n - 1 - i) * sizeof *y);
	t->atoms.v[i] = *y;
	return y->in.n > 0;
}

static struct term term_copy(struct arena *a, const struct term *x)
{
	struct term t = {0};
	for (uint32_t i = 0; i < x->atoms.n; i++)
		vec_push(a, &t.atoms, x->atoms.v[i]);
	return t;
}

bool terms_and(struct sets *s, term_list *x, const term_list *y)
{
	term_list z = {0};
	for (uint32_t i = 0; i < x->n; i++)
		for (uint32_t j = 0; j < y->n; j++) {
			struct term t = term_copy(s->a, &x->v[i]);
			bool some = true;
			for (uint32_t k = 0; some && k < y->v[j].atoms.n; k++)
				some = term_meet(s->a, &t, &y->v[j].atoms.v[k]);
			if (some)
				vec_push(s->a, &z, t);
			if (z.n > MAX_TERMS)
				return false;
		}
	*x = z;
	return true;
}

/* The union of n ranges in halves: one after the other, each step would copy what the steps before made. */
static bdd ranges_set(struct sets *s, const struct atom *at, const struct range *v, uint32_t n)
{
	struct field f = at->width == 32 ? f_sys_arg32(at->arg) : f_sys_arg(at->arg);
	if (n == 0)
		return BDD_NONE;
	if (n == 1)
		return bdd_masked_range(s->t, f, at->mask, v->lo, v->hi);
	bdd left = ranges_set(s, at, v, n / 2);
	return bdd_or(s->t, left, ranges_set(s, at, v + n / 2, n - n / 2));
}

static bdd atom_set(struct sets *s, const struct atom *at)
{
	return ranges_set(s, at, at->in.v, at->in.n);
}

bdd term_set(struct sets *s, const struct term *t)
{
	bdd x = BDD_ALL;
	for (uint32_t i = t->atoms.n; i-- > 0;)
		x = bdd_and(s->t, atom_set(s, &t->atoms.v[i]), x);
	return x;
}

bdd terms_set(struct sets *s, const term_list *t)
{
	bdd x = BDD_NONE;
	for (uint32_t i = 0; i < t->n; i++)
		x = bdd_or(s->t, x, term_set(s, &t->v[i]));
	return x;
}

static int atom_cmp(const struct atom *x, const struct atom *y)
{
	int c = key_cmp(x, y);
	if (c)
		return c;
	for (uint32_t i = 0; i < x->in.n && i < y->in.n; i++) {
		if (x->in.v[i].lo != y->in.v[i].lo)
			return x->in.v[i].lo < y->in.v[i].lo ? -1 : 1;
		if (x->in.v[i].hi != y->in.v[i].hi)
			return x->in.v[i].hi < y->in.v[i].hi ? -1 : 1;
	}
	return x->in.n < y->in.n ? -1 : x->in.n > y->in.n;
}

int term_cmp(const struct term *x, const struct term *y)
{
	for (uint32_t i = 0; i < x->atoms.n && i < y->atoms.n; i++) {
		int c = atom_cmp(&x->atoms.v[i], &y->atoms.v[i]);
		if (c)
			return c;
	}
	return x->atoms.n < y->atoms.n ? -1 : x->atoms.n > y->atoms.n;
}

static int term_qcmp(const void *x, const void *y)
{
	return term_cmp(x, y);
}

bool terms_equal(const term_list *x, const term_list *y)
{
	if (x->n != y->n)
		return false;
	for (uint32_t i = 0; i < x->n; i++)
		if (term_cmp(&x->v[i], &y->v[i]))
			return false;
	return true;
}

/* Leave out atoms that the others of the term imply, and those that hold always. */
static void term_trim(struct sets *s, struct term *t)
{
	for (uint32_t i = t->atoms.n; i-- > 0;) {
		struct term rest = {0};
		for (uint32_t j = 0; j < t->atoms.n; j++)
			if (j != i)
				vec_push(s->a, &rest.atoms, t->atoms.v[j]);
		bool needed = t->atoms.n > 1 || !atom_always(&t->atoms.v[i]);
		if (needed && t->atoms.n > 1)
			needed = !bdd_subset(s->t, term_set(s, &rest), atom_set(s, &t->atoms.v[i]));
		if (!needed)
			*t = rest;
	}
}

/* If x and y differ in the ranges of one atom only, x := x or y. */
static bool term_join(struct arena *a, struct term *x, const struct term *y)
{
	uint32_t n = x->atoms.n, at = n;
	if (n != y->atoms.n || !n)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		if (key_cmp(&x->atoms.v[i], &y->atoms.v[i]))
			return false;
		if (!atom_cmp(&x->atoms.v[i], &y->atoms.v[i]))
			continue;
		if (at < n)
			return false;
		at = i;
	}
	if (at == n)
		return true;
	struct term z = term_copy(a, x);
	struct atom j = z.atoms.v[at];
	memset(&j.in, 0, sizeof j.in);
	for (uint32_t i = 0; i < x->atoms.v[at].in.n; i++)
		vec_push(a, &j.in, x->atoms.v[at].in.v[i]);
	for (uint32_t i = 0; i < y->atoms.v[at].in.n; i++)
		vec_push(a, &j.in, y->atoms.v[at].in.v[i]);
	atom_normal(&j);
	z.atoms.v[at] = j;
	*x = z;
	return true;
}

static void terms_join(struct sets *s, term_list *t)
{
	bool again = true;
	while (again) {
		again = false;
		for (uint32_t i = 0; i < t->n; i++)
			for (uint32_t j = t->n; j-- > i + 1;)
				if (term_join(s->a, &t->v[i], &t->v[j])) {
					t->v[j] = t->v[--t->n];
					again = true;
				}
	}
}

/* Drop terms that lie in the union of the others; sets before them come from a running union. */
static void terms_drop(struct sets *s, term_list *t)
{
	bdd *set = arena_alloc(s->a, (t->n + 1) * sizeof *set),
	    *before = arena_alloc(s->a, (t->n + 1) * sizeof *set);
	before[0] = BDD_NONE;
	for (uint32_t i = 0; i < t->n; i++) {
		set[i] = term_set(s, &t->v[i]);
		before[i + 1] = bdd_or(s->t, before[i], set[i]);
	}
	bdd after = BDD_NONE;
	term_list keep = {0};
	for (uint32_t i = t->n; i-- > 0;) {
		if (bdd_subset(s->t, set[i], bdd_or(s->t, before[i], after)))
			continue;
		after = bdd_or(s->t, after, set[i]);
		vec_push(s->a, &keep, t->v[i]);
	}
	*t = keep;
}

void terms_normal(struct sets *s, term_list *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		term_trim(s, &t->v[i]);
	for (uint32_t i = 0; i < t->n; i++)
		if (!t->v[i].atoms.n) { /* always */
			t->v[0] = t->v[i];
			t->n = 1;
			return;
		}
	if (t->n < 2)
		return;
	qsort(t->v, t->n, sizeof *t->v, term_qcmp);
	terms_join(s, t);
	terms_drop(s, t);
	if (t->n == 1)
		term_trim(s, &t->v[0]);
	if (t->n)
		qsort(t->v, t->n, sizeof *t->v, term_qcmp);
}
