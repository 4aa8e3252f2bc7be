#include "compiler/base/dfa_impl.h"

#include <string.h>

#define DEAD DFA_DEAD

/* ---- interner ---------------------------------------------------------- */

static uint32_t hash_key(const uint32_t *key, uint32_t len)
{
	uint64_t h = len;
	for (uint32_t i = 0; i < len; i++)
		h = (h ^ key[i]) * 0x9e3779b97f4a7c15u, h ^= h >> 29;
	return (uint32_t)(h ^ h >> 32);
}

static void more_slots(struct interner *t)
{
	t->n_slots = t->n_slots ? t->n_slots * 4 : 64;
	t->slot = arena_alloc(t->a, t->n_slots * sizeof *t->slot);
	for (uint32_t id = 0; id < t->first.n; id++) {
		uint32_t len;
		const uint32_t *key = interned(t, id, &len);
		uint32_t i = hash_key(key, len) & (t->n_slots - 1);
		while (t->slot[i])
			i = (i + 1) & (t->n_slots - 1);
		t->slot[i] = id + 1;
	}
}

uint32_t intern_key(struct interner *t, const uint32_t *key, uint32_t len, bool *is_new)
{
	if (t->first.n >= t->n_slots / 2)
		more_slots(t);
	uint32_t i = hash_key(key, len) & (t->n_slots - 1);
	for (; t->slot[i]; i = (i + 1) & (t->n_slots - 1)) {
		uint32_t n;
		const uint32_t *other = interned(t, t->slot[i] - 1, &n);
		if (n == len && !memcmp(key, other, len * sizeof *key)) {
			*is_new = false;
			return t->slot[i] - 1;
		}
	}
	*is_new = true;
	t->slot[i] = t->first.n + 1;
	vec_push(t->a, &t->first, t->word.n);
	for (uint32_t k = 0; k < len; k++)
		vec_push(t->a, &t->word, key[k]);
	return t->first.n - 1;
}

/* ---- two automata side by side ------------------------------------------ */

enum op { OP_OR, OP_AND, OP_DIFF };

/* A walk over the reachable pairs of states; DEAD stands for the dead state of one of them. */
struct walk {
	enum op op;
	const struct dfa *x, *y;
	struct interner pairs;
	struct raw *out; /* NULL: only look for a common member */
};

static bool accepts(const struct dfa *d, uint32_t state)
{
	return state != DEAD && d->accept[state];
}

static bool combine(enum op op, bool x, bool y)
{
	return op == OP_OR ? x || y : op == OP_AND ? x && y : x && !y;
}

/* Can a pair with these halves dead still accept anything? */
static bool alive(enum op op, uint32_t p, uint32_t q)
{
	return op == OP_OR ? p != DEAD || q != DEAD : op == OP_AND ? p != DEAD && q != DEAD : p != DEAD;
}

/* The edges of one state, and how far they are read. */
struct cursor {
	const struct edge *edge, *end;
};

static struct cursor cursor_at(const struct dfa *d, uint32_t state)
{
	if (state == DEAD)
		return (struct cursor){NULL, NULL};
	return (struct cursor){d->edge + d->first[state], d->edge + d->first[state + 1]};
}

/* Where byte b leads; *upto is lowered to the last byte for which that holds. */
static uint32_t cursor_step(struct cursor *c, unsigned b, unsigned *upto)
{
	while (c->edge != c->end && c->edge->hi < b)
		c->edge++;
	if (c->edge == c->end)
		return DEAD;
	bool inside = c->edge->lo <= b;
	unsigned last = inside ? c->edge->hi : c->edge->lo - 1u;
	*upto = last < *upto ? last : *upto;
	return inside ? c->edge->to : DEAD;
}

static void walk_state(struct walk *w, uint32_t p, uint32_t q)
{
	struct cursor x = cursor_at(w->x, p), y = cursor_at(w->y, q);
	for (unsigned b = 1, upto; b <= 255; b = upto + 1) {
		upto = 255;
		uint32_t pair[2] = {cursor_step(&x, b, &upto), cursor_step(&y, b, &upto)};
		bool is_new;
		if (!alive(w->op, pair[0], pair[1]))
			continue;
		uint32_t to = intern_key(&w->pairs, pair, 2, &is_new);
		if (w->out)
			raw_edge(w->out, (uint8_t)b, (uint8_t)upto, to);
	}
}

/* Without w->out: true when the result has a member (the walk stops there). */
static bool walk(struct walk *w)
{
	uint32_t start[2] = {0, 0};
	bool is_new;
	intern_key(&w->pairs, start, 2, &is_new);
	for (uint32_t i = 0; i < w->pairs.first.n; i++) {
		uint32_t p = w->pairs.word.v[2 * i], q = w->pairs.word.v[2 * i + 1];
		bool accept = combine(w->op, accepts(w->x, p), accepts(w->y, q));
		if (w->out)
			raw_state(w->out, accept);
		else if (accept)
			return true;
		walk_state(w, p, q);
	}
	return false;
}

static const struct dfa *product(struct arena *a, enum op op, const struct dfa *x, const struct dfa *y)
{
	struct arena *tmp = arena_new();
	/* a union of names has as many states as its parts together, more or less */
	struct raw out = {.a = tmp, .limit = RAW_LIMIT + 8 * (x->n + y->n)};
	struct walk w = {.op = op, .x = x, .y = y, .pairs = {.a = tmp}, .out = &out};
	walk(&w);
	const struct dfa *d = raw_minimal(a, &out, 0);
	arena_free(tmp);
	return d;
}

static bool has_member(enum op op, const struct dfa *x, const struct dfa *y)
{
	struct arena *tmp = arena_new();
	struct walk w = {.op = op, .x = x, .y = y, .pairs = {.a = tmp}};
	bool found = walk(&w);
	arena_free(tmp);
	return found;
}

const struct dfa *dfa_or(struct arena *a, const struct dfa *x, const struct dfa *y)
{
	if (!x || !y || x == y)
		return x ? x : y;
	return product(a, OP_OR, x, y);
}

const struct dfa *dfa_and(struct arena *a, const struct dfa *x, const struct dfa *y)
{
	if (!x || !y || x == y)
		return y ? x : NULL;
	return product(a, OP_AND, x, y);
}

const struct dfa *dfa_diff(struct arena *a, const struct dfa *x, const struct dfa *y)
{
	if (!x || !y || x == y)
		return y ? NULL : x;
	return product(a, OP_DIFF, x, y);
}

bool dfa_subset(struct arena *a, const struct dfa *x, const struct dfa *y)
{
	(void)a; /* scratch is freed at once, so that thousands of questions cost nothing */
	return !x || x == y || (y && !has_member(OP_DIFF, x, y));
}

bool dfa_disjoint(struct arena *a, const struct dfa *x, const struct dfa *y)
{
	(void)a;
	return !x || !y || !has_member(OP_AND, x, y);
}

const struct dfa *dfa_from(struct arena *a, const struct dfa_source *s)
{
	struct arena *tmp = arena_new();
	struct raw out = {.a = tmp};
	struct interner states = {.a = tmp};
	bool is_new;
	intern_key(&states, &s->start, 1, &is_new);
	for (uint32_t i = 0; i < states.first.n; i++) {
		uint32_t from = states.word.v[i];
		raw_state(&out, s->accept(s->ctx, from));
		for (unsigned b = 1; b <= 255; b++) {
			uint32_t to = s->next(s->ctx, from, (uint8_t)b);
			if (to != DFA_DEAD)
				raw_edge(&out, (uint8_t)b, (uint8_t)b, intern_key(&states, &to, 1, &is_new));
		}
	}
	const struct dfa *d = raw_minimal(a, &out, 0);
	arena_free(tmp);
	return d;
}

/* ---- looking at one ------------------------------------------------------ */

bool dfa_equal(const struct dfa *x, const struct dfa *y)
{
	if (x == y || !x || !y)
		return x == y;
	if (x->n != y->n || memcmp(x->first, y->first, (x->n + 1) * sizeof *x->first) ||
	    memcmp(x->accept, y->accept, x->n))
		return false;
	for (uint32_t e = 0; e < x->first[x->n]; e++)
		if (x->edge[e].to != y->edge[e].to || x->edge[e].lo != y->edge[e].lo ||
		    x->edge[e].hi != y->edge[e].hi)
			return false;
	return true;
}

bool dfa_has(const struct dfa *x, const char *s)
{
	uint32_t state = x ? 0 : DEAD;
	for (; *s && state != DEAD; s++) {
		struct cursor c = cursor_at(x, state);
		unsigned upto = 255;
		state = cursor_step(&c, (unsigned char)*s, &upto);
	}
	return accepts(x, state);
}

uint32_t dfa_states(const struct dfa *x)
{
	return x ? x->n : 0;
}

/* Order of preference of bytes in examples, best first: 0 is a. */
static unsigned rank(unsigned b)
{
	static const struct {
		uint8_t lo, hi;
	} order[] = {{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'!', '~'}, {' ', ' '}, {1, 255}};
	unsigned base = 0;
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (order[i].lo <= b && b <= order[i].hi)
			return base + b - order[i].lo;
		base += order[i].hi - order[i].lo + 1u;
	}
	return base; /* only b == 0 */
}

/* An edge and its best byte. */
struct choice {
	uint32_t to;
	unsigned rank;
	uint8_t byte;
};

static struct choice best_of(struct edge e)
{
	struct choice best = {e.to, rank(e.lo), e.lo};
	for (unsigned b = e.lo + 1u; b <= e.hi; b++)
		if (rank(b) < best.rank)
			best.rank = rank(b), best.byte = (uint8_t)b;
	return best;
}

/* The edges of a state, best byte first; at most 255. */
static unsigned choices(const struct dfa *x, uint32_t state, struct choice out[255])
{
	unsigned n = 0;
	for (uint32_t e = x->first[state]; e < x->first[state + 1]; e++) {
		struct choice c = best_of(x->edge[e]);
		unsigned i = n++;
		for (; i > 0 && out[i - 1].rank > c.rank; i--)
			out[i] = out[i - 1];
		out[i] = c;
	}
	return n;
}

/* How the search came to a state. */
struct visit {
	uint32_t from, depth;
	uint8_t byte;
	bool seen;
};

static const char *way_to(struct arena *a, const struct visit *v, uint32_t state)
{
	char *s = arena_alloc(a, v[state].depth + 1u);
	for (uint32_t i = v[state].depth; i-- > 0; state = v[state].from)
		s[i] = (char)v[state].byte;
	return s;
}

/* Breadth first with the edges in order of preference: the first accepting state met has the best shortest
 * way. */
const char *dfa_witness(struct arena *a, const struct dfa *x)
{
	if (!x)
		return NULL;
	struct arena *tmp = arena_new();
	struct visit *v = arena_alloc(tmp, x->n * sizeof *v);
	uint32_t *queue = arena_alloc(tmp, x->n * sizeof *queue), n = 1, i = 0;
	struct choice c[255];
	v[0].seen = true;
	for (queue[0] = 0; !x->accept[queue[i]]; i++)
		for (unsigned k = 0, end = choices(x, queue[i], c); k < end; k++)
			if (!v[c[k].to].seen) {
				v[c[k].to] = (struct visit){queue[i], v[queue[i]].depth + 1, c[k].byte, true};
				queue[n++] = c[k].to;
			}
	const char *s = way_to(a, v, queue[i]);
	arena_free(tmp);
	return s;
}
