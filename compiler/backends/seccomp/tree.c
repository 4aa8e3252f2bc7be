#include "compiler/backends/seccomp/tree.h"

enum {
	MAX_CHAIN = 6,	  /* JEQs in a row */
	MAX_PLANNED = 160 /* cuts: the plan takes their third power; more are halved first */
};

struct choice {
	uint64_t cost;
	uint32_t split; /* 0: chain */
};

struct tree {
	const struct node *n;
	uint32_t size;
	uint64_t *sum; /* of the weights before a cut */
	uint64_t price;
	struct choice *best; /* [i * (MAX_PLANNED + 1) + length]; NULL: too many cuts */
};

static struct choice *choice_of(const struct tree *t, uint32_t i, uint32_t j)
{
	return &t->best[(size_t)i * (MAX_PLANNED + 1) + (j - i)];
}

static uint64_t weight_of(const struct tree *t, uint32_t i, uint32_t j)
{
	return t->sum[j] - t->sum[i];
}

/* Odd cuts of [i, j) are single values, even ones all lead to the same node. */
static bool is_chain(const struct tree *t, uint32_t i, uint32_t j)
{
	const struct cut *c = t->n->cuts.v;
	if (j - i > 2 * MAX_CHAIN + 1)
		return false;
	for (uint32_t x = i; x < j; x++)
		if ((x - i) % 2 ? x + 1 == t->size || c[x + 1].from != c[x].from + 1 : c[x].to != c[i].to)
			return false;
	return true;
}

/* The last single value is tested first; what is none pays for all tests. */
static uint64_t chain_cost(const struct tree *t, uint32_t i, uint32_t j)
{
	uint64_t tests = (j - i) / 2, cost = tests * t->price, at = 0;
	for (uint32_t x = i; x < j; x++)
		cost += (x - i) % 2 ? 0 : tests * weight_of(t, x, x + 1);
	for (uint32_t x = i + 2 * (uint32_t)tests; x > i; x -= 2)
		cost += ++at * weight_of(t, x - 1, x);
	return cost;
}

static void plan(struct tree *t, uint32_t i, uint32_t j)
{
	struct choice best = {UINT64_MAX, 0};
	if (is_chain(t, i, j))
		best.cost = chain_cost(t, i, j);
	for (uint32_t m = i + 1; m < j; m++) {
		uint64_t cost =
		    choice_of(t, i, m)->cost + choice_of(t, m, j)->cost + weight_of(t, i, j) + t->price;
		if (cost < best.cost)
			best = (struct choice){cost, m};
	}
	*choice_of(t, i, j) = best;
}

enum { PRICE = 10 }; /* one instruction written is worth a tenth of all weight */

struct tree *tree_plan(struct arena *a, const struct node *n, const uint32_t *weight)
{
	struct tree *t = arena_alloc(a, sizeof *t);
	*t =
	    (struct tree){.n = n, .size = n->cuts.n, .sum = arena_alloc(a, (n->cuts.n + 1) * sizeof *t->sum)};
	for (uint32_t i = 0; i < t->size; i++)
		t->sum[i + 1] = t->sum[i] + weight[i];
	t->price = t->sum[t->size] / PRICE + 1;
	if (t->size > MAX_PLANNED)
		return t;
	t->best = arena_alloc(a, (size_t)t->size * (MAX_PLANNED + 1) * sizeof *t->best);
	for (uint32_t length = 1; length <= t->size; length++)
		for (uint32_t i = 0; i + length <= t->size; i++)
			plan(t, i, i + length);
	return t;
}

uint32_t tree_split(const struct tree *t, uint32_t i, uint32_t j)
{
	if (t->best)
		return choice_of(t, i, j)->split;
	return is_chain(t, i, j) ? 0 : i + (j - i + 1) / 2;
}
