#include "compiler/base/bdd.h"

#include <string.h>

enum { FIRST_BUCKETS = 1 << 13, FIRST_CACHE = 1 << 12, MAX_CACHE = 1 << 20, MAX_NODES = 1 << 24 };
enum { CHUNK_BITS = 12, CHUNK = 1 << CHUNK_BITS };
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
	struct node
	    *chunk[MAX_NODES / CHUNK]; /* nodes stay where they are: copies would cost more than the sets */
	uint32_t *bucket;
	struct memo *cache;
	uint32_t n, n_buckets, n_cache; /* the last two are powers of two */
	bool full;
};

static struct node *node_at(const struct bdds *t, bdd f)
{
	return &t->chunk[f >> CHUNK_BITS][f & (CHUNK - 1)];
}

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
	t->a = a;
	t->n = 2;
	t->n_buckets = FIRST_BUCKETS;
	t->n_cache = FIRST_CACHE;
	t->chunk[0] = arena_alloc(a, CHUNK * sizeof *t->chunk[0]);
	t->bucket = arena_alloc(a, t->n_buckets * sizeof *t->bucket);
	t->cache = arena_alloc(a, t->n_cache * sizeof *t->cache);
	*node_at(t, BDD_NONE) = (struct node){.var = END_VAR, .lo = BDD_NONE, .hi = BDD_NONE};
	*node_at(t, BDD_ALL) = (struct node){.var = END_VAR, .lo = BDD_ALL, .hi = BDD_ALL};
	return t;
}

bool bdds_full(const struct bdds *t)
{
	return t->full;
}

static uint32_t *bucket_of(struct bdds *t, unsigned var, bdd lo, bdd hi)
{
	return &t->bucket[mix(var, lo, hi) & (t->n_buckets - 1)];
}

static void more_buckets(struct bdds *t)
{
	t->n_buckets *= 4;
	t->bucket = arena_alloc(t->a, t->n_buckets * sizeof *t->bucket);
	for (uint32_t i = 2; i < t->n; i++) {
		struct node *x = node_at(t, i);
		uint32_t *b = bucket_of(t, x->var, x->lo, x->hi);
		x->chain = *b;
		*b = i;
	}
	if (t->n_cache < t->n_buckets / 4 && t->n_cache < MAX_CACHE) {
		t->n_cache = t->n_buckets / 4;
		t->cache = arena_alloc(t->a, t->n_cache * sizeof *t->cache);
	}
}

/* The one node (var ? hi : lo). */
static bdd make(struct bdds *t, unsigned var, bdd lo, bdd hi)
{
	if (lo == hi)
		return lo;
	for (uint32_t i = *bucket_of(t, var, lo, hi); i;) {
		const struct node *x = node_at(t, i);
		if (x->var == var && x->lo == lo && x->hi == hi)
			return i;
		i = x->chain;
	}
	if (t->n == MAX_NODES)
		t->full = true;
	if (t->full)
		return BDD_NONE;
	if (t->n == t->n_buckets)
		more_buckets(t);
	if (t->n % CHUNK == 0)
		t->chunk[t->n / CHUNK] = arena_alloc(t->a, CHUNK * sizeof *t->chunk[0]);
	uint32_t *b = bucket_of(t, var, lo, hi);
	*node_at(t, t->n) = (struct node){.lo = lo, .hi = hi, .chain = *b, .var = (uint16_t)var};
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
	struct node x = *node_at(t, f), y = *node_at(t, g);
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

/* One variable of a chain: 0 leads to lo, 1 to hi; a bit that is always 0 needs no node. */
static bdd choose(struct bdds *t, bool free_bit, unsigned var, bdd lo, bdd hi)
{
	return free_bit ? make(t, var, lo, hi) : lo;
}

/*
 * From the last bit up.  Above the highest bit where the bounds differ both are one chain; at that bit the
 * ways part, with only lo to respect on the side of 0 and only hi on the side of 1.
 */
bdd bdd_masked_range(struct bdds *t, struct field f, uint64_t mask, uint64_t lo, uint64_t hi)
{
	unsigned parting = lo == hi ? 0 : 64 - (unsigned)__builtin_clzll(lo ^ hi); /* that bit + 1 */
	bdd at_least = BDD_ALL, at_most = BDD_ALL, both = BDD_ALL;
	/* bits above the field and above both bounds say nothing */
	unsigned top = hi | lo ? 64 - (unsigned)__builtin_clzll(hi | lo) : 0;
	for (unsigned i = 0; i < (top > f.width ? top : f.width); i++) {
		unsigned var = f.first + f.width - 1u - i;
		bool free_bit = i < f.width && (mask >> i & 1), l = lo >> i & 1, h = hi >> i & 1;
		if (i + 1 < parting) {
			at_least = choose(t, free_bit, var, l ? BDD_NONE : at_least, l ? at_least : BDD_ALL);
			at_most = choose(t, free_bit, var, h ? BDD_ALL : at_most, h ? at_most : BDD_NONE);
		} else if (i + 1 == parting) {
			both = choose(t, free_bit, var, l ? BDD_NONE : at_least, l ? BDD_NONE : at_most);
		} else {
			both = choose(t, free_bit, var, l ? BDD_NONE : both, l ? both : BDD_NONE);
		}
	}
	return both;
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
		const struct node *x = node_at(t, f);
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
		f = bit[node_at(t, f)->var] ? node_at(t, f)->hi : node_at(t, f)->lo;
	return f == BDD_ALL;
}

bool bdd_node(const struct bdds *t, bdd f, unsigned *var, bdd *lo, bdd *hi)
{
	if (f <= BDD_ALL)
		return false;
	const struct node *x = node_at(t, f);
	*var = x->var;
	*lo = x->lo;
	*hi = x->hi;
	return true;
}

/* Nodes below f whose mark is not yet `mark`, which they get. */
static uint32_t count(struct bdds *t, bdd f, bool mark)
{
	struct node *x = node_at(t, f);
	if (f <= BDD_ALL || x->mark == mark)
		return 0;
	x->mark = mark;
	return 1 + count(t, x->lo, mark) + count(t, x->hi, mark);
}

uint32_t bdd_size(struct bdds *t, bdd f)
{
	uint32_t n = count(t, f, true);
	count(t, f, false);
	return n;
}
