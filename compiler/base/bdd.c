#include "compiler/base/bdd.h"

#include <string.h>

enum { FIRST_NODES = 1 << 10, FIRST_CACHE = 1 << 10, MAX_CACHE = 1 << 20, MAX_NODES = 1 << 24 };
enum { END_VAR = UINT16_MAX }; /* of BDD_NONE and BDD_ALL: below every variable */

enum op { OP_EMPTY, OP_AND, OP_OR, OP_DIFF };

struct node {
	bdd lo, hi;	/* where the variable is 0, is 1; never equal */
	uint32_t chain; /* next node of the same hash bucket, 0: none */
	uint16_t var;
	bool mark; /* only inside bdd_size */
};

struct memo {
	bdd f, g, result;
	enum op op;
};

struct bdds {
	struct arena *a;
	struct node *node;
	uint32_t *bucket;
	struct memo *cache;
	uint32_t n, cap; /* nodes; cap is the number of buckets too, a power of two */
	uint32_t n_cache;
	bool full;
};

/* Any mixing will do: it decides the speed only. */
static uint32_t mix(uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t h = (uint64_t)a * 0x9e3779b97f4a7c15u ^ (uint64_t)b * 0xc2b2ae3d27d4eb4fu ^
		     (uint64_t)c * 0x165667b19e3779f9u;
	return (uint32_t)(h >> 32 ^ h >> 13);
}

struct bdds *bdds_new(struct arena *a)
{
	struct bdds *t = arena_alloc(a, sizeof *t);
	*t = (struct bdds){.a = a, .n = 2, .cap = FIRST_NODES, .n_cache = FIRST_CACHE};
	t->node = arena_alloc(a, t->cap * sizeof *t->node);
	t->bucket = arena_alloc(a, t->cap * sizeof *t->bucket);
	t->cache = arena_alloc(a, t->n_cache * sizeof *t->cache);
	t->node[BDD_NONE] = (struct node){.var = END_VAR, .lo = BDD_NONE, .hi = BDD_NONE};
	t->node[BDD_ALL] = (struct node){.var = END_VAR, .lo = BDD_ALL, .hi = BDD_ALL};
	return t;
}

bool bdds_full(const struct bdds *t)
{
	return t->full;
}

static uint32_t *bucket_of(struct bdds *t, unsigned var, bdd lo, bdd hi)
{
	return &t->bucket[mix(var, lo, hi) & (t->cap - 1)];
}

static void grow(struct bdds *t)
{
	struct node *old = t->node;
	t->cap *= 2;
	t->node = arena_alloc(t->a, t->cap * sizeof *t->node);
	t->bucket = arena_alloc(t->a, t->cap * sizeof *t->bucket);
	memcpy(t->node, old, t->n * sizeof *old);
	for (uint32_t i = 2; i < t->n; i++) {
		uint32_t *b = bucket_of(t, t->node[i].var, t->node[i].lo, t->node[i].hi);
		t->node[i].chain = *b;
		*b = i;
	}
	if (t->n_cache < t->cap && t->n_cache < MAX_CACHE) {
		t->n_cache = t->cap;
		t->cache = arena_alloc(t->a, t->n_cache * sizeof *t->cache);
	}
}

/* The one node (var ? hi : lo). */
static bdd make(struct bdds *t, unsigned var, bdd lo, bdd hi)
{
	if (lo == hi)
		return lo;
	for (uint32_t i = *bucket_of(t, var, lo, hi); i; i = t->node[i].chain)
		if (t->node[i].var == var && t->node[i].lo == lo && t->node[i].hi == hi)
			return i;
	if (t->n == MAX_NODES)
		t->full = true;
	if (t->full)
		return BDD_NONE;
	if (t->n == t->cap)
		grow(t);
	uint32_t *b = bucket_of(t, var, lo, hi);
	t->node[t->n] = (struct node){.lo = lo, .hi = hi, .chain = *b, .var = (uint16_t)var};
	return *b = t->n++;
}

/* The results that need no look at the variables. */
static bool shortcut(enum op op, bdd f, bdd g, bdd *result)
{
	bool known = f == g || f <= BDD_ALL || g <= BDD_ALL;
	if (!known)
		return false;
	switch (op) {
	case OP_AND:
		*result = f == BDD_NONE || g == BDD_NONE ? BDD_NONE : f == BDD_ALL ? g : f;
		return true;
	case OP_OR:
		*result = f == BDD_ALL || g == BDD_ALL ? BDD_ALL : f == BDD_NONE ? g : f;
		return true;
	case OP_DIFF:
		if (f == g || f == BDD_NONE || g == BDD_ALL)
			*result = BDD_NONE;
		else if (g == BDD_NONE)
			*result = f;
		else
			return false; /* everything without g: a walk over g */
		return true;
	case OP_EMPTY:
		break;
	}
	return false;
}

/* Recursion is at most BDD_MAX_VARS deep: each step goes to a later variable. */
static bdd apply(struct bdds *t, enum op op, bdd f, bdd g)
{
	bdd result;
	if (t->full)
		return BDD_NONE;
	if (shortcut(op, f, g, &result))
		return result;
	if (op != OP_DIFF && f > g) {
		bdd swap = f;
		f = g;
		g = swap;
	}
	uint32_t key = mix(f, g, op);
	struct memo *m = &t->cache[key & (t->n_cache - 1)];
	if (m->op == op && m->f == f && m->g == g)
		return m->result;
	struct node x = t->node[f], y = t->node[g];
	unsigned var = x.var < y.var ? x.var : y.var;
	bdd lo = apply(t, op, x.var == var ? x.lo : f, y.var == var ? y.lo : g);
	bdd hi = apply(t, op, x.var == var ? x.hi : f, y.var == var ? y.hi : g);
	result = make(t, var, lo, hi);
	t->cache[key & (t->n_cache - 1)] = (struct memo){f, g, result, op}; /* may have grown meanwhile */
	return result;
}

bdd bdd_and(struct bdds *t, bdd f, bdd g)
{
	return apply(t, OP_AND, f, g);
}

bdd bdd_or(struct bdds *t, bdd f, bdd g)
{
	return apply(t, OP_OR, f, g);
}

bdd bdd_diff(struct bdds *t, bdd f, bdd g)
{
	return apply(t, OP_DIFF, f, g);
}

bdd bdd_not(struct bdds *t, bdd f)
{
	return apply(t, OP_DIFF, BDD_ALL, f);
}

/* { x : x & mask >= lo }, from the last bit up: `set` is the answer for the bits below. */
static bdd at_least(struct bdds *t, struct field f, uint64_t mask, uint64_t lo)
{
	bdd set = BDD_ALL;
	for (unsigned i = 0; i < 64; i++) {
		unsigned var = f.first + f.width - 1u - i;
		bool one = lo >> i & 1, free_bit = i < f.width && (mask >> i & 1);
		if (free_bit)
			set = one ? make(t, var, BDD_NONE, set) : make(t, var, set, BDD_ALL);
		else if (one)
			set = BDD_NONE; /* a bit that is always 0 against a 1 */
	}
	return set;
}

static bdd at_most(struct bdds *t, struct field f, uint64_t mask, uint64_t hi)
{
	bdd set = BDD_ALL;
	for (unsigned i = 0; i < 64; i++) {
		unsigned var = f.first + f.width - 1u - i;
		bool one = hi >> i & 1, free_bit = i < f.width && (mask >> i & 1);
		if (free_bit)
			set = one ? make(t, var, BDD_ALL, set) : make(t, var, set, BDD_NONE);
		else if (one)
			set = BDD_ALL;
	}
	return set;
}

bdd bdd_masked_range(struct bdds *t, struct field f, uint64_t mask, uint64_t lo, uint64_t hi)
{
	return bdd_and(t, at_least(t, f, mask, lo), at_most(t, f, mask, hi));
}

bdd bdd_prefix(struct bdds *t, struct field f, const uint8_t value[16], unsigned bits)
{
	bdd set = BDD_ALL;
	for (unsigned i = bits < f.width ? bits : f.width; i-- > 0;) {
		bool one = value[i / 8] >> (7 - i % 8) & 1;
		set = make(t, f.first + i, one ? BDD_NONE : set, one ? set : BDD_NONE);
	}
	return set;
}

bool bdd_witness(const struct bdds *t, bdd f, uint8_t *bit, unsigned n_vars)
{
	memset(bit, 0, n_vars);
	while (f > BDD_ALL) {
		const struct node *x = &t->node[f];
		bool one = x->lo == BDD_NONE; /* else the half with 0 has a member */
		if (x->var < n_vars)
			bit[x->var] = one;
		f = one ? x->hi : x->lo;
	}
	return f == BDD_ALL;
}

uint64_t bits_field(const uint8_t *bit, struct field f)
{
	uint64_t x = 0;
	for (unsigned i = 0; i < f.width; i++)
		x = x << 1 | bit[f.first + i];
	return x;
}

bool bdd_has(const struct bdds *t, bdd f, const uint8_t *bit)
{
	while (f > BDD_ALL)
		f = bit[t->node[f].var] ? t->node[f].hi : t->node[f].lo;
	return f == BDD_ALL;
}

/* Nodes below f whose mark is not yet `mark`, which they get. */
static uint32_t count(struct bdds *t, bdd f, bool mark)
{
	if (f <= BDD_ALL || t->node[f].mark == mark)
		return 0;
	t->node[f].mark = mark;
	return 1 + count(t, t->node[f].lo, mark) + count(t, t->node[f].hi, mark);
}

uint32_t bdd_size(struct bdds *t, bdd f)
{
	uint32_t n = count(t, f, true);
	count(t, f, false);
	return n;
}
