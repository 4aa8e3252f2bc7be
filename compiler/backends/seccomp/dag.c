#include "compiler/backends/seccomp/dag.h"

#include <stdlib.h>
#include <string.h>

/* ---- nodes, each once ---- */

struct dag dag_new(struct arena *a)
{
	struct dag d = {.a = a};
	for (unsigned i = 0; i < 1024; i++)
		vec_push(a, &d.table, 0);
	return d;
}

static uint32_t mix(uint32_t h, uint32_t x)
{
	return (h ^ x) * 0x01000193u; /* FNV-1a, a word at a time */
}

static uint32_t node_hash(const struct node *n)
{
	uint32_t h = mix(mix(mix(0x811c9dc5u, n->action), n->word), n->mask);
	for (uint32_t i = 0; i < n->cuts.n; i++)
		h = mix(mix(h, n->cuts.v[i].from), n->cuts.v[i].to);
	return h ^ h >> 15;
}

static bool node_equal(const struct node *x, const struct node *y)
{
	if (x->is_ret != y->is_ret || x->action != y->action || x->word != y->word || x->mask != y->mask ||
	    x->cuts.n != y->cuts.n)
		return false;
	return x->cuts.n == 0 || !memcmp(x->cuts.v, y->cuts.v, x->cuts.n * sizeof *x->cuts.v);
}

/* Where n is in the table, or the free place for it. */
static uint32_t *slot_of(struct dag *d, const struct node *n)
{
	uint32_t i = node_hash(n) & (d->table.n - 1);
	while (d->table.v[i] && !node_equal(&d->nodes.v[d->table.v[i] - 1], n))
		i = (i + 1) & (d->table.n - 1);
	return &d->table.v[i];
}

static void table_double(struct dag *d)
{
	uint32_t size = d->table.n * 2;
	d->table.n = 0;
	while (d->table.n < size)
		vec_push(d->a, &d->table, 0);
	memset(d->table.v, 0, size * sizeof *d->table.v);
	for (uint32_t i = 0; i < d->nodes.n; i++)
		*slot_of(d, &d->nodes.v[i]) = i + 1;
}

static uint32_t intern(struct dag *d, struct node n)
{
	uint32_t *slot = slot_of(d, &n);
	if (*slot)
		return *slot - 1;
	if (d->nodes.n >= DAG_MAX_NODES) {
		d->full = true;
		return 0;
	}
	vec_push(d->a, &d->nodes, n);
	*slot = d->nodes.n;
	if (d->nodes.n * 2 > d->table.n)
		table_double(d);
	return d->nodes.n - 1;
}

uint32_t dag_ret(struct dag *d, uint32_t action)
{
	return intern(d, (struct node){.is_ret = true, .action = action});
}

uint32_t dag_switch(struct dag *d, uint32_t word, uint32_t mask, const cut_list *cuts)
{
	struct node n = {.word = word, .mask = mask};
	for (uint32_t i = 0; i < cuts->n; i++) {
		struct cut c = cuts->v[i];
		if (c.from > mask) /* no value of (word & mask) gets there */
			break;
		if (!n.cuts.n || n.cuts.v[n.cuts.n - 1].to != c.to)
			vec_push(d->a, &n.cuts, c);
	}
	return n.cuts.n == 1 ? n.cuts.v[0].to : intern(d, n);
}

/* ---- terms to nodes ---- */

/* A term of which the first `done` atoms are known to hold; no term in the set is known to fail. */
struct open_term {
	const struct term *t;
	uint32_t done;
};
typedef VEC(struct open_term) open_list;

struct memo {
	open_list open;
	uint32_t node;
};

struct build {
	struct dag *d;
	uint32_t yes, no;
	VEC(struct memo) memo;
};

struct cut64 {
	uint64_t from;
	uint32_t to;
};
typedef VEC(struct cut64) cut64_list;

static uint32_t build_open(struct build *b, const open_list *open);

static const struct atom *next_atom(const struct open_term *o)
{
	return &o->t->atoms.v[o->done];
}

static bool same_key(const struct atom *x, const struct atom *y)
{
	return x->arg == y->arg && x->mask == y->mask;
}

/* The atom that is tested next: the least (argument, mask) of all open terms. */
static const struct atom *least_atom(const open_list *open)
{
	const struct atom *least = next_atom(&open->v[0]);
	for (uint32_t i = 1; i < open->n; i++) {
		const struct atom *x = next_atom(&open->v[i]);
		if (x->arg < least->arg || (x->arg == least->arg && x->mask < least->mask))
			least = x;
	}
	return least;
}

static bool atom_has(const struct atom *a, uint64_t x)
{
	for (uint32_t i = 0; i < a->in.n; i++)
		if (a->in.v[i].lo <= x && x <= a->in.v[i].hi)
			return true;
	return false;
}

/* What is left of the open terms when the key's value is x; true: one of them holds. */
static bool advance(struct build *b, const open_list *open, const struct atom *key, uint64_t x,
		    open_list *left)
{
	for (uint32_t i = 0; i < open->n; i++) {
		struct open_term o = open->v[i];
		if (same_key(next_atom(&o), key)) {
			if (!atom_has(next_atom(&o), x))
				continue;
			if (++o.done == o.t->atoms.n)
				return true;
		}
		vec_push(b->d->a, left, o);
	}
	return false;
}

static int by_value(const void *x, const void *y)
{
	uint64_t p = *(const uint64_t *)x, q = *(const uint64_t *)y;
	return (p > q) - (p < q);
}

typedef VEC(uint64_t) value_list;

/* The values at which some open atom of this key changes its mind, 0 first, sorted. */
static value_list edges(struct build *b, const open_list *open, const struct atom *key)
{
	value_list e = {0};
	vec_push(b->d->a, &e, 0);
	for (uint32_t i = 0; i < open->n; i++) {
		const struct atom *x = next_atom(&open->v[i]);
		for (uint32_t r = 0; same_key(x, key) && r < x->in.n; r++) {
			vec_push(b->d->a, &e, x->in.v[r].lo);
			if (x->in.v[r].hi != UINT64_MAX)
				vec_push(b->d->a, &e, x->in.v[r].hi + 1);
		}
	}
	qsort(e.v, e.n, sizeof *e.v, by_value);
	return e;
}

/* The switch over the low word where the high word is `high`; *last: the target in force at its end. */
static uint32_t low_switch(struct build *b, const struct atom *key, const cut64_list *cuts, uint32_t high,
			   uint32_t first, uint32_t *last)
{
	cut_list low = {0};
	*last = first;
	vec_push(b->d->a, &low, ((struct cut){0, first}));
	for (uint32_t i = 0; i < cuts->n; i++) {
		if (cuts->v[i].from >> 32 != high)
			continue;
		*last = cuts->v[i].to;
		if ((uint32_t)cuts->v[i].from == 0)
			low.v[0].to = *last;
		else
			vec_push(b->d->a, &low, ((struct cut){(uint32_t)cuts->v[i].from, *last}));
	}
	return dag_switch(b->d, W_ARG0 + 2u * key->arg, (uint32_t)key->mask, &low);
}

/* Lexicographic: the high word decides unless it is one at which a cut lies inside. */
static uint32_t arg_switch(struct build *b, const struct atom *key, const cut64_list *cuts)
{
	cut_list high = {0};
	uint32_t in_force = cuts->v[0].to;
	for (uint32_t i = 0; i < cuts->n;) {
		uint32_t h = (uint32_t)(cuts->v[i].from >> 32);
		uint32_t here = low_switch(b, key, cuts, h, in_force, &in_force);
		vec_push(b->d->a, &high, ((struct cut){h, here}));
		while (i < cuts->n && cuts->v[i].from >> 32 == h)
			i++;
		bool gap = i == cuts->n || cuts->v[i].from >> 32 != (uint64_t)h + 1;
		if (gap && h != UINT32_MAX)
			vec_push(b->d->a, &high, ((struct cut){h + 1, in_force}));
	}
	if (key->width == 32)
		return high.v[0].to;
	return dag_switch(b->d, W_ARG0 + 2u * key->arg + 1, (uint32_t)(key->mask >> 32), &high);
}

static uint32_t build_key(struct build *b, const open_list *open)
{
	const struct atom *key = least_atom(open);
	value_list e = edges(b, open, key);
	cut64_list cuts = {0};
	for (uint32_t i = 0; i < e.n && !b->d->full; i++) {
		if ((i && e.v[i] == e.v[i - 1]) || e.v[i] > key->mask)
			continue;
		open_list left = {0};
		uint32_t to = advance(b, open, key, e.v[i], &left) ? b->yes : build_open(b, &left);
		vec_push(b->d->a, &cuts, ((struct cut64){e.v[i], to}));
	}
	return b->d->full ? b->no : arg_switch(b, key, &cuts);
}

static bool same_open(const open_list *x, const open_list *y)
{
	if (x->n != y->n)
		return false;
	for (uint32_t i = 0; i < x->n; i++)
		if (x->v[i].t != y->v[i].t || x->v[i].done != y->v[i].done)
			return false;
	return true;
}

static uint32_t build_open(struct build *b, const open_list *open)
{
	if (!open->n)
		return b->no;
	for (uint32_t i = 0; i < b->memo.n; i++)
		if (same_open(&b->memo.v[i].open, open))
			return b->memo.v[i].node;
	uint32_t node = build_key(b, open);
	vec_push(b->d->a, &b->memo, ((struct memo){*open, node}));
	if (b->memo.n > DAG_MAX_MEMO)
		b->d->full = true;
	return node;
}

uint32_t dag_rule(struct dag *d, const struct rule *r, uint32_t yes, uint32_t no)
{
	struct build b = {.d = d, .yes = yes, .no = no};
	open_list open = {0};
	for (uint32_t i = 0; i < r->terms.n; i++) {
		if (!r->terms.v[i].atoms.n)
			return yes;
		vec_push(d->a, &open, ((struct open_term){&r->terms.v[i], 0}));
	}
	return build_open(&b, &open);
}
