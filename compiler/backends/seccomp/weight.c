#include "compiler/backends/seccomp/weight.h"

/*
 * Of a number.  Calls that are allowed whatever the arguments weigh least: the kernel's action cache answers
 * them without running the filter (Linux 5.11 and later).  A call whose arguments are looked at runs it each
 * time that it is allowed, a denied number each time that it is tried.  The ratios and the prices were chosen
 * on two policies (`make bench`): as small a filter as a plan for size alone gives within a few instructions,
 * with one executed instruction less.
 */
enum { CACHED = 1, DENIED = 20, CHECKED = 17 /* and more, by ways_of() */ };
enum { PRICE_NUMBER = 48, PRICE_ARGUMENT = 6 };
enum { MANY = 6, MAX_WAYS = 64, SCALE = 64 /* arguments: their sums are small */ };

static uint32_t min_u32(uint32_t x, uint32_t y)
{
	return x < y ? x : y;
}

/* 1: a single value; 2: more of them. */
static uint32_t width_of(const struct node *n, uint32_t i)
{
	uint32_t last = i + 1 < n->cuts.n ? n->cuts.v[i + 1].from - 1 : n->mask;
	return last == n->cuts.v[i].from ? 1 : 2;
}

/*
 * How many constants lead to ALLOW, in classes: at most six values of a word, twice that when a mask leaves
 * others open.  Nodes are numbered from the leaves, so those below are known.
 */
static uint8_t ways_of(const struct weights *w, const struct node *n)
{
	uint32_t values = 0, most = 0;
	if (n->is_ret)
		return n->action == SECCOMP_RET_ALLOW;
	for (uint32_t i = 0; i < n->cuts.n; i++) {
		uint32_t below = w->ways[n->cuts.v[i].to];
		values += below ? width_of(n, i) : 0;
		most = below > most ? below : most;
	}
	return (uint8_t)min_u32(most * min_u32(values, MANY) * (n->mask == UINT32_MAX ? 1 : 2), MAX_WAYS);
}

struct weights weights_new(struct arena *a, const struct dag *d, enum arch arch, const uint32_t *frequency)
{
	struct weights w = {a, d, arch, frequency, arena_alloc(a, d->nodes.n)};
	for (uint32_t id = 0; id < d->nodes.n; id++)
		w.ways[id] = ways_of(&w, &d->nodes.v[id]);
	return w;
}

/* Of one of the numbers that lead to a node. */
static uint32_t usual(const struct weights *w, uint32_t to)
{
	const struct node *n = &w->d->nodes.v[to];
	if (!n->is_ret)
		return CHECKED * w->ways[to];
	return n->action == SECCOMP_RET_ALLOW ? CACHED : DENIED;
}

static uint32_t number_weight(const struct weights *w, const struct node *n, uint32_t i)
{
	uint32_t end = (uint32_t)syscall_table_max(w->arch) + 1, from = n->cuts.v[i].from, sum = 0;
	if (i + 1 < n->cuts.n)
		end = min_u32(end, n->cuts.v[i + 1].from);
	if (from >= end) /* newer than the table, x32 */
		return w->frequency ? 1 : usual(w, n->cuts.v[i].to);
	if (!w->frequency)
		return (end - from) * usual(w, n->cuts.v[i].to);
	for (uint32_t nr = from; nr < end; nr++)
		sum += w->frequency[nr];
	return sum;
}

uint32_t *weights_of(const struct weights *w, const struct node *n)
{
	uint32_t *v = arena_alloc(w->a, n->cuts.n * sizeof *v);
	for (uint32_t i = 0; i < n->cuts.n; i++)
		v[i] = n->word == W_NR ? number_weight(w, n, i)
				       : SCALE * width_of(n, i) * w->ways[n->cuts.v[i].to];
	return v;
}

uint32_t weights_price(const struct node *n)
{
	return n->word == W_NR ? PRICE_NUMBER : PRICE_ARGUMENT;
}
