#include "compiler/backends/seccomp/tree.h"

enum {
	MAX_CUTS = 2 * TREE_MAX_CHAIN + 1, /* of a chain */
	MAX_WIDE = 2,			   /* values of a cut that are tested one by one */
	MAX_CUBE = 4,			   /* flags */
	MAX_PLANNED = 160		   /* cuts: the plan takes their third power */
};

struct choice {
	uint64_t cost;
	uint32_t split; /* 0: chain */
};

struct tree {
	const struct node *n;
	uint32_t size, band; /* cuts; pieces up to `band` of them are planned */
	uint64_t *sum;	     /* of the weights before a cut */
	uint64_t price;
	uint32_t cube[MAX_CUTS + 1]; /* cube_of() cuts [0, j) */
	struct choice *best;	     /* [i * (band + 1) + length] */
};

static struct choice *choice_of(const struct tree *t, uint32_t i, uint32_t j)
{
	return &t->best[(size_t)i * (t->band + 1) + (j - i)];
}

static uint64_t weight_of(const struct tree *t, uint32_t i, uint32_t j)
{
	return t->sum[j] - t->sum[i];
}

/* The value behind cut i. */
static uint64_t end_of(const struct tree *t, uint32_t i)
{
	return i + 1 < t->size ? t->n->cuts.v[i + 1].from : (uint64_t)t->n->mask + 1;
}

static uint64_t width_of(const struct tree *t, uint32_t i)
{
	return end_of(t, i) - t->n->cuts.v[i].from;
}

/* ---- sets that one JSET takes ---- */

/*
 * An aligned block, 2^k values from p: the bits from k up to below the lowest one of p are 0 in it, and in no
 * other value of [lo, hi].  0: not such a block.
 */
static uint32_t block_mask(uint64_t p, uint64_t wide, uint64_t lo, uint64_t hi)
{
	uint64_t step = p & -p;
	bool aligned = wide > 1 && !(wide & (wide - 1)) && wide < step;
	return aligned && lo + step >= p + wide && hi < p + step ? (uint32_t)(step - wide) : 0;
}

/* Where value x leads. */
static uint32_t target_at(const struct tree *t, uint32_t x)
{
	const struct cut *c = t->n->cuts.v;
	uint32_t lo = 0, hi = t->size;
	while (hi - lo > 1) {
		uint32_t middle = (lo + hi) / 2;
		if (c[middle].from <= x)
			lo = middle;
		else
			hi = middle;
	}
	return c[lo].to;
}

/* Do all values without a bit outside of `bits` lead where 0 does? */
static bool is_cube(const struct tree *t, uint32_t bits)
{
	for (uint32_t x = bits; x; x = (x - 1) & bits)
		if (target_at(t, x) != t->n->cuts.v[0].to)
			return false;
	return true;
}

/* The flags of which any may be set, found value by value in cuts [0, j); 0: none. */
static uint32_t cube_of(const struct tree *t, uint32_t j)
{
	uint32_t bits = 0;
	if (t->n->mask != UINT32_MAX || width_of(t, 0) != 1)
		return 0;
	for (uint32_t x = 1; x < j; x++) {
		uint32_t more = bits | t->n->cuts.v[x].from;
		if (width_of(t, x) == 1 && __builtin_popcount(more) <= MAX_CUBE && is_cube(t, more))
			bits = more;
	}
	return bits;
}

/* ---- chains ---- */

struct link {
	uint32_t cut, tests; /* JEQs on the values of the cut, or one JSET */
	uint32_t mask;	     /* of the JSET; 0: JEQs */
	uint64_t weight;
};

struct chain {
	uint32_t rest; /* a cut whose target is that of all that no link takes */
	uint32_t n, tests;
	struct link link[TREE_MAX_CHAIN];
};

/* The heaviest first: the order in which they are tested.  False: no room. */
static bool chain_add(struct chain *c, struct link l)
{
	if (c->tests + l.tests > TREE_MAX_CHAIN)
		return false;
	uint32_t at = c->n++;
	for (; at && c->link[at - 1].weight < l.weight; at--)
		c->link[at] = c->link[at - 1];
	c->link[at] = l;
	c->tests += l.tests;
	return true;
}

static bool chain_add_cut(const struct tree *t, uint32_t i, uint32_t j, uint32_t x, struct chain *c)
{
	const struct cut *cut = t->n->cuts.v;
	struct link l = {.cut = x, .tests = 1, .weight = weight_of(t, x, x + 1)};
	uint64_t wide = width_of(t, x);
	l.mask = block_mask(cut[x].from, wide, cut[i].from, end_of(t, j - 1) - 1);
	if (!l.mask && wide > MAX_WIDE)
		return false;
	if (!l.mask)
		l.tests = (uint32_t)wide;
	return chain_add(c, l);
}

/* [i, j) as a few values in an otherwise uniform range; false: there are too many of them. */
static bool chain_of(const struct tree *t, uint32_t i, uint32_t j, uint32_t rest, struct chain *out)
{
	const struct cut *c = t->n->cuts.v;
	uint32_t flags = i || c[0].to == c[rest].to ? 0 : t->cube[j];
	struct link cube = {.tests = 1, .mask = ~flags};
	*out = (struct chain){.rest = rest};
	for (uint32_t x = i; x < j; x++) {
		if (c[x].to == c[rest].to)
			continue;
		if (flags && !(c[x].from & ~flags) && width_of(t, x) == 1)
			cube.weight += weight_of(t, x, x + 1);
		else if (!chain_add_cut(t, i, j, x, out))
			return false;
	}
	return !flags || chain_add(out, cube);
}

/* What is in no link pays for all tests. */
static uint64_t chain_cost(const struct tree *t, uint32_t i, uint32_t j, const struct chain *c)
{
	uint64_t cost = c->tests * t->price, left = weight_of(t, i, j);
	for (uint32_t x = 0; x < c->n; x++) {
		const struct link *l = &c->link[x];
		cost +=
		    l->tests * left - (l->tests - 1) * l->weight / 2; /* half of two leave after the first */
		left -= l->weight;
	}
	return cost;
}

static bool tried(const struct cut *c, uint32_t i, uint32_t rest)
{
	for (uint32_t x = i; x < rest; x++)
		if (c[x].to == c[rest].to)
			return true;
	return false;
}

/* The best chain for [i, j); UINT64_MAX: none. */
static uint64_t best_chain(const struct tree *t, uint32_t i, uint32_t j, struct chain *out)
{
	uint64_t best = UINT64_MAX;
	for (uint32_t rest = i; rest < j && j - i <= MAX_CUTS; rest++) {
		struct chain c;
		if (tried(t->n->cuts.v, i, rest) || !chain_of(t, i, j, rest, &c))
			continue;
		uint64_t cost = chain_cost(t, i, j, &c);
		if (cost < best) {
			best = cost;
			*out = c;
		}
	}
	return best;
}

/* ---- the plan ---- */

static void plan(struct tree *t, uint32_t i, uint32_t j)
{
	struct chain c;
	struct choice best = {best_chain(t, i, j, &c), 0};
	uint64_t here = weight_of(t, i, j) + t->price;
	for (uint32_t m = i + 1; m < j; m++) {
		uint64_t cost = choice_of(t, i, m)->cost + choice_of(t, m, j)->cost + here;
		if (cost < best.cost)
			best = (struct choice){cost, m};
	}
	*choice_of(t, i, j) = best;
}

struct tree *tree_plan(struct arena *a, const struct node *n, const uint32_t *weight, uint32_t price)
{
	struct tree *t = arena_alloc(a, sizeof *t);
	*t = (struct tree){.n = n, .size = n->cuts.n};
	t->band = t->size < MAX_PLANNED ? t->size : MAX_PLANNED;
	t->sum = arena_alloc(a, (t->size + 1) * sizeof *t->sum);
	t->best = arena_alloc(a, (size_t)t->size * (t->band + 1) * sizeof *t->best);
	for (uint32_t i = 0; i < t->size; i++)
		t->sum[i + 1] = t->sum[i] + weight[i];
	t->price = t->sum[t->size] / price + 1;
	for (uint32_t j = 1; j <= t->size && j <= MAX_CUTS; j++)
		t->cube[j] = cube_of(t, j);
	for (uint32_t length = 1; length <= t->band; length++)
		for (uint32_t i = 0; i + length <= t->size; i++)
			plan(t, i, i + length);
	return t;
}

uint32_t tree_split(const struct tree *t, uint32_t i, uint32_t j)
{
	return j - i <= t->band ? choice_of(t, i, j)->split : i + (j - i) / 2;
}

uint32_t tree_chain(const struct tree *t, uint32_t i, uint32_t j, struct tree_link out[TREE_MAX_CHAIN],
		    uint32_t *rest)
{
	struct chain c = {.rest = i};
	uint32_t n = 0;
	best_chain(t, i, j, &c);
	for (uint32_t x = 0; x < c.n; x++)
		for (uint32_t k = 0; k < c.link[x].tests; k++) {
			const struct link *l = &c.link[x];
			uint32_t value = l->mask ? l->mask : t->n->cuts.v[l->cut].from + k;
			out[n++] = (struct tree_link){l->mask != 0, value, l->cut};
		}
	*rest = c.rest;
	return n;
}
