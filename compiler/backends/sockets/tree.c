#include "compiler/backends/sockets/tree.h"

#include <string.h>

struct cut { /* values from here to the next cut have this rest */
	uint32_t from;
	bdd rest;
	label to;
};
typedef VEC(struct cut) cut_list;

struct known { /* a rest that has code */
	bdd f;
	label at;
};

struct tree {
	struct code *c;
	struct bdds *t;
	const struct tword *w;
	unsigned n;
	label yes, no;
	struct known *slot; /* open addressing; n_slots is a power of two */
	uint32_t n_slots, n_known;
};

/* ---- code of rests, by number ---- */

static struct known *slot_of(const struct tree *x, bdd f)
{
	uint32_t i = f * 0x9e3779b1u;
	while (x->slot[i & (x->n_slots - 1)].f && x->slot[i & (x->n_slots - 1)].f != f)
		i++;
	return &x->slot[i & (x->n_slots - 1)];
}

static void remember(struct tree *x, bdd f, label at)
{
	if (2 * x->n_known >= x->n_slots) {
		struct known *old = x->slot;
		uint32_t n = x->n_slots;
		x->n_slots = n ? 2 * n : 64;
		x->slot = arena_alloc(x->c->a, x->n_slots * sizeof *x->slot);
		for (uint32_t i = 0; i < n; i++)
			if (old[i].f)
				*slot_of(x, old[i].f) = old[i];
	}
	*slot_of(x, f) = (struct known){f, at};
	x->n_known++;
}

/* ---- cuts of one word ---- */

static void cut_at(struct tree *x, cut_list *l, uint32_t from, bdd rest)
{
	if (l->n && l->v[l->n - 1].rest == rest)
		return;
	if (l->n == TREE_MAX_CUTS)
		x->c->far = true;
	else
		vec_push(x->c->a, l, ((struct cut){from, rest, 0}));
}

/* In order of the values; `bit` is the number of the next bit of the word from its top. */
static void cuts_of(struct tree *x, const struct tword *w, bdd f, unsigned bit, uint32_t from, cut_list *l)
{
	unsigned var;
	bdd lo, hi;
	if (x->c->far)
		return;
	if (!bdd_node(x->t, f, &var, &lo, &hi) || var >= (unsigned)w->first + w->width) {
		cut_at(x, l, from, f);
		return;
	}
	if (var != (unsigned)w->first + bit)
		lo = hi = f; /* does not look at this bit */
	cuts_of(x, w, lo, bit + 1, from, l);
	cuts_of(x, w, hi, bit + 1, from | (uint32_t)1 << (w->width - 1u - bit), l);
}

/* ---- comparisons ---- */

enum { MAX_CHAIN = 3 };

/* A few single values inside one rest's values: a chain of equalities decides them. */
static bool is_chain(const cut_list *l, uint32_t i, uint32_t j)
{
	const struct cut *c = l->v;
	if (j - i > 2 * MAX_CHAIN + 1)
		return false;
	for (uint32_t x = i; x < j; x++)
		if ((x - i) % 2 ? x + 1 == l->n || c[x + 1].from != c[x].from + 1 : c[x].to != c[i].to)
			return false;
	return true;
}

static label put_cuts(struct tree *x, const cut_list *l, uint32_t i, uint32_t j)
{
	const struct cut *c = l->v;
	label first = c[i].to;
	if (is_chain(l, i, j)) {
		for (uint32_t k = i + 1; k < j; k += 2)
			first = code_test(x->c, J_EQ, R2, c[k].from, c[k].to, first);
		return first;
	}
	uint32_t middle = i + (j - i + 1) / 2;
	label above = put_cuts(x, l, middle, j), below = put_cuts(x, l, i, middle);
	return code_test(x->c, J_GE, R2, c[middle].from, above, below);
}

static bdd follow(const struct tree *x, const struct tword *w, bdd f)
{
	unsigned var;
	bdd lo, hi;
	while (bdd_node(x->t, f, &var, &lo, &hi) && var < (unsigned)w->first + w->width)
		f = w->value >> (w->first + w->width - 1u - var) & 1 ? hi : lo;
	return f;
}

static label put_set(struct tree *x, bdd f);

static label put_word(struct tree *x, const struct tword *w, bdd f)
{
	cut_list l = {0};
	cuts_of(x, w, f, 0, 0, &l);
	for (uint32_t i = l.n; i-- > 0 && !x->c->far;)
		l.v[i].to = put_set(x, l.v[i].rest);
	if (x->c->far)
		return LABEL_DENY;
	label body = put_cuts(x, &l, 0, l.n);
	code_goto(x->c, body);
	return code_load(x->c, R2, w->base, w->off, w->size, w->swap);
}

static label put_set(struct tree *x, bdd f)
{
	unsigned var, i = 0;
	bdd lo, hi;
	if (!bdd_node(x->t, f, &var, &lo, &hi))
		return f == BDD_ALL ? x->yes : x->no;
	if (x->n_slots && slot_of(x, f)->f)
		return slot_of(x, f)->at;
	while (i < x->n && var >= (unsigned)x->w[i].first + x->w[i].width)
		i++;
	if (i == x->n) { /* a caller's mistake: fails the build */
		x->c->far = true;
		return LABEL_DENY;
	}
	const struct tword *w = &x->w[i];
	label at = w->fixed ? put_set(x, follow(x, w, f)) : put_word(x, w, f);
	remember(x, f, at);
	return at;
}

label tree_put(struct code *c, struct bdds *t, bdd f, const struct tword *w, unsigned n, label yes, label no)
{
	struct tree x = {.c = c, .t = t, .w = w, .n = n, .yes = yes, .no = no};
	return put_set(&x, f);
}
