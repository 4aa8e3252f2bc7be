/*
 * dfa_min.c - automata under construction, and their minimal form.
 *
 * Partition refinement that always skips the largest part (J. Hopcroft, 1971; A. Valmari, "Fast brief
 * practical DFA minimization", 2012, for partial automata), with sets of bytes in place of single letters:
 * predecessors of a splitter are told apart by the set of bytes that leads into it.  O(edges * log states)
 * sets of 32 bytes.
 */
#include "compiler/base/dfa_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOWHERE UINT32_MAX

/* ---- construction ------------------------------------------------------ */

uint32_t raw_state(struct raw *r, bool accept)
{
	if (r->limit && r->first.n == r->limit) {
		fprintf(stderr,
			"abpc: error: patterns are too complex: an automaton has more than %u states "
			"[ABP-INT-002]\nhelp: use fewer `*` and `?`, or a tree: /dir/**\n1 error\n",
			r->limit);
		exit(3);
	}
	vec_push(r->a, &r->first, r->edge.n);
	vec_push(r->a, &r->accept, accept);
	return r->first.n - 1;
}

void raw_edge(struct raw *r, uint8_t lo, uint8_t hi, uint32_t to)
{
	struct edge *last = r->edge.n > r->first.v[r->first.n - 1] ? &r->edge.v[r->edge.n - 1] : NULL;
	if (last && last->to == to && last->hi + 1 == lo)
		last->hi = hi;
	else
		vec_push(r->a, &r->edge, ((struct edge){to, lo, hi}));
}

struct dfa raw_view(struct raw *r)
{
	struct dfa d = {r->accept.n, r->first.v, r->edge.v, r->accept.v};
	if (r->first.n == d.n) {
		vec_push(r->a, &r->first, r->edge.n);
		r->first.n--; /* more states may come */
		d.first = r->first.v;
	}
	return d;
}

/* ---- numbering --------------------------------------------------------- */

/* Breadth first, over increasing bytes. */
static const struct dfa *numbered(struct arena *a, struct arena *tmp, const struct dfa *d, uint32_t start)
{
	uint32_t *number = arena_alloc(tmp, d->n * sizeof *number); /* new number + 1 */
	uint32_t *order = arena_alloc(tmp, d->n * sizeof *order);
	uint32_t n = 1, edges = 0;
	order[0] = start;
	number[start] = 1;
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t e = d->first[order[i]]; e < d->first[order[i] + 1]; e++, edges++)
			if (!number[d->edge[e].to]) {
				order[n] = d->edge[e].to;
				number[d->edge[e].to] = ++n;
			}
	struct dfa *out = arena_alloc(a, sizeof *out);
	out->n = n;
	out->first = arena_alloc(a, (n + 1) * sizeof *out->first);
	out->accept = arena_alloc(a, n);
	out->edge = arena_alloc(a, edges * sizeof *out->edge);
	edges = 0;
	for (uint32_t i = 0; i < n; i++) {
		out->first[i] = edges;
		out->accept[i] = d->accept[order[i]];
		for (uint32_t e = d->first[order[i]]; e < d->first[order[i] + 1]; e++) {
			out->edge[edges] = d->edge[e];
			out->edge[edges++].to = number[d->edge[e].to] - 1;
		}
	}
	out->first[n] = edges;
	return out;
}

const struct dfa *raw_numbered(struct arena *a, struct raw *r, uint32_t start)
{
	struct dfa d = raw_view(r);
	return numbered(a, r->a, &d, start);
}

/* ---- edges backwards, dead states -------------------------------------- */

struct reverse {
	uint32_t *first;   /* edges into s: edge[first[s]] up to edge[first[s + 1]] */
	struct edge *edge; /* .to is where it comes from */
};

static struct reverse reverse(struct arena *tmp, const struct dfa *d)
{
	uint32_t edges = d->first[d->n];
	struct reverse r = {arena_alloc(tmp, (d->n + 2) * sizeof *r.first),
			    arena_alloc(tmp, edges * sizeof *r.edge)};
	for (uint32_t e = 0; e < edges; e++)
		r.first[d->edge[e].to + 2]++;
	for (uint32_t s = 2; s <= d->n; s++)
		r.first[s] += r.first[s - 1];
	for (uint32_t s = 0; s < d->n; s++)
		for (uint32_t e = d->first[s]; e < d->first[s + 1]; e++)
			r.edge[r.first[d->edge[e].to + 1]++] = (struct edge){s, d->edge[e].lo, d->edge[e].hi};
	return r;
}

/* 1 for each state that reaches an accepting one; *n: how many. */
static uint8_t *useful_states(struct arena *tmp, const struct dfa *d, const struct reverse *rev, uint32_t *n)
{
	uint8_t *useful = arena_alloc(tmp, d->n);
	uint32_t *queue = arena_alloc(tmp, d->n * sizeof *queue);
	*n = 0;
	for (uint32_t s = 0; s < d->n; s++)
		if (d->accept[s]) {
			useful[s] = 1;
			queue[(*n)++] = s;
		}
	for (uint32_t i = 0; i < *n; i++)
		for (uint32_t e = rev->first[queue[i]]; e < rev->first[queue[i] + 1]; e++)
			if (!useful[rev->edge[e].to]) {
				useful[rev->edge[e].to] = 1;
				queue[(*n)++] = rev->edge[e].to;
			}
	return useful;
}

/* Group the states by `group` (NOWHERE: dropped); rep[g] is one state of group g, and all of it are alike. */
static struct dfa quotient(struct arena *tmp, const struct dfa *d, const uint32_t *group, const uint32_t *rep,
			   uint32_t n)
{
	struct raw r = {.a = tmp};
	for (uint32_t g = 0; g < n; g++) {
		raw_state(&r, d->accept[rep[g]]);
		for (uint32_t e = d->first[rep[g]]; e < d->first[rep[g] + 1]; e++)
			if (group[d->edge[e].to] != NOWHERE)
				raw_edge(&r, d->edge[e].lo, d->edge[e].hi, group[d->edge[e].to]);
	}
	return raw_view(&r);
}

/* Without the states that reach nothing; *start becomes its new number. */
static struct dfa without_dead(struct arena *tmp, const struct dfa *d, const uint8_t *useful, uint32_t *start)
{
	uint32_t *group = arena_alloc(tmp, d->n * sizeof *group);
	uint32_t *rep = arena_alloc(tmp, d->n * sizeof *rep);
	uint32_t n = 0;
	for (uint32_t s = 0; s < d->n; s++) {
		group[s] = useful[s] ? n : NOWHERE;
		if (useful[s])
			rep[n++] = s;
	}
	*start = group[*start];
	return quotient(tmp, d, group, rep, n);
}

/* ---- refinement -------------------------------------------------------- */

struct bytes {
	uint64_t w[4];
};

/* A state with an edge into the splitter, and the bytes that lead there. */
struct touch {
	uint32_t part, state;
	struct bytes bytes;
};

/* Part p is elem[begin[p]] up to elem[end[p]]; where[s]: place of s in elem. */
struct parts {
	struct arena *a;
	uint32_t *elem, *where, *part, *begin, *end;
	uint32_t n;
	uint8_t *waiting; /* part is in todo */
	VEC(uint32_t) todo;
	uint32_t *touched_at; /* by state: index in touched + 1 */
	VEC(struct touch) touched;
};

static void wait_for(struct parts *p, uint32_t part)
{
	if (p->waiting[part])
		return;
	p->waiting[part] = 1;
	vec_push(p->a, &p->todo, part);
}

/* Two parts at first, of the accepting states and of the others; none is empty. */
static struct parts parts_new(struct arena *tmp, const struct dfa *d)
{
	size_t size = d->n * sizeof(uint32_t);
	struct parts p = {.a = tmp};
	uint32_t **arrays[] = {&p.elem, &p.where, &p.part, &p.begin, &p.end, &p.touched_at};
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		*arrays[i] = arena_alloc(tmp, size);
	p.waiting = arena_alloc(tmp, d->n);
	uint32_t at = 0;
	for (unsigned accept = 0; accept < 2; accept++) {
		uint32_t begin = at;
		for (uint32_t s = 0; s < d->n; s++)
			if (d->accept[s] == accept) {
				p.elem[at] = s;
				p.where[s] = at++;
				p.part[s] = p.n;
			}
		if (at == begin)
			continue;
		p.begin[p.n] = begin;
		p.end[p.n] = at;
		wait_for(&p, p.n++);
	}
	return p;
}

static void add_bytes(struct bytes *b, unsigned lo, unsigned hi)
{
	for (unsigned w = lo / 64; w <= hi / 64; w++) {
		uint64_t from = w == lo / 64 ? ~(uint64_t)0 << lo % 64 : ~(uint64_t)0;
		uint64_t upto = w == hi / 64 ? ~(uint64_t)0 >> (63 - hi % 64) : ~(uint64_t)0;
		b->w[w] |= from & upto;
	}
}

/* Fill p->touched from the edges into elem[begin..end). */
static void touch(struct parts *p, const struct reverse *rev, uint32_t begin, uint32_t end)
{
	p->touched.n = 0;
	for (uint32_t i = begin; i < end; i++)
		for (uint32_t e = rev->first[p->elem[i]]; e < rev->first[p->elem[i] + 1]; e++) {
			uint32_t s = rev->edge[e].to;
			if (!p->touched_at[s]) {
				vec_push(p->a, &p->touched, ((struct touch){p->part[s], s, {{0}}}));
				p->touched_at[s] = p->touched.n;
			}
			add_bytes(&p->touched.v[p->touched_at[s] - 1].bytes, rev->edge[e].lo,
				  rev->edge[e].hi);
		}
	for (uint32_t i = 0; i < p->touched.n; i++)
		p->touched_at[p->touched.v[i].state] = 0;
}

static int compare_touches(const void *x, const void *y)
{
	const struct touch *a = x, *b = y;
	if (a->part != b->part)
		return a->part < b->part ? -1 : 1;
	return memcmp(&a->bytes, &b->bytes, sizeof a->bytes);
}

/* Move the states of t[0..n) out of their part into a new one. */
static void split_off(struct parts *p, const struct touch *t, uint32_t n)
{
	uint32_t old = t->part, fresh = p->n++;
	p->end[fresh] = p->end[old];
	for (uint32_t i = 0; i < n; i++) {
		uint32_t s = t[i].state, last = --p->end[old], other = p->elem[last];
		p->elem[p->where[s]] = other;
		p->where[other] = p->where[s];
		p->elem[last] = s;
		p->where[s] = last;
		p->part[s] = fresh;
	}
	p->begin[fresh] = p->end[old];
}

/*
 * The part `old` was split into itself and the parts from `fresh` on.  All were told apart from the outside
 * by the old part, so the largest follows from the others and need not be waited for, unless old itself is
 * waiting.
 */
static void wait_for_all_but_largest(struct parts *p, uint32_t old, uint32_t fresh)
{
	uint32_t largest = old;
	for (uint32_t i = fresh; i < p->n; i++)
		if (p->end[i] - p->begin[i] > p->end[largest] - p->begin[largest])
			largest = i;
	if (p->waiting[old])
		largest = old;
	else if (largest != old)
		wait_for(p, old);
	for (uint32_t i = fresh; i < p->n; i++)
		if (i != largest)
			wait_for(p, i);
}

/* Split one part by its touched states t[0..n), sorted. */
static void split_part(struct parts *p, const struct touch *t, uint32_t n)
{
	uint32_t old = t->part, fresh = p->n;
	bool rest = p->end[old] - p->begin[old] > n; /* untouched states stay; else the first group does */
	for (uint32_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && !memcmp(&t[i].bytes, &t[j].bytes, sizeof t->bytes);)
			j++;
		if (rest || i > 0)
			split_off(p, t + i, j - i);
	}
	if (p->n > fresh)
		wait_for_all_but_largest(p, old, fresh);
}

static void refine_by(struct parts *p, const struct reverse *rev, uint32_t begin, uint32_t end)
{
	touch(p, rev, begin, end);
	struct touch *t = p->touched.v;
	if (p->touched.n > 1)
		qsort(t, p->touched.n, sizeof *t, compare_touches);
	for (uint32_t i = 0, j; i < p->touched.n; i = j) {
		for (j = i + 1; j < p->touched.n && t[j].part == t[i].part;)
			j++;
		split_part(p, t + i, j - i);
	}
}

static struct dfa merged(struct arena *tmp, const struct dfa *d, const struct reverse *rev, uint32_t *start)
{
	struct parts p = parts_new(tmp, d);
	while (p.todo.n) {
		uint32_t part = p.todo.v[--p.todo.n];
		p.waiting[part] = 0;
		refine_by(&p, rev, p.begin[part], p.end[part]);
	}
	uint32_t *rep = arena_alloc(tmp, p.n * sizeof *rep);
	for (uint32_t i = 0; i < p.n; i++)
		rep[i] = p.elem[p.begin[i]];
	*start = p.part[*start];
	return quotient(tmp, d, p.part, rep, p.n);
}

const struct dfa *raw_minimal(struct arena *a, struct raw *r, uint32_t start)
{
	struct dfa d = raw_view(r);
	struct reverse rev = reverse(r->a, &d);
	uint32_t n;
	uint8_t *useful = useful_states(r->a, &d, &rev, &n);
	if (!useful[start])
		return NULL;
	if (n < d.n) {
		d = without_dead(r->a, &d, useful, &start);
		rev = reverse(r->a, &d);
	}
	d = merged(r->a, &d, &rev, &start);
	return numbered(a, r->a, &d, start);
}
