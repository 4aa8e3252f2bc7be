#include "compiler/backends/seccomp/emit.h"

#include <errno.h>
#include <stdlib.h>

#include "compiler/backends/seccomp/tree.h"
#include "compiler/backends/seccomp/weight.h"

/* ---- the whole diagram: architecture, number, arguments ---- */

struct answers { /* nodes */
	uint32_t allow, kill, eperm, enosys;
};

static struct answers answer_nodes(struct dag *d, enum filter_deny deny)
{
	uint32_t kill = dag_ret(d, SECCOMP_RET_KILL_PROCESS);
	struct answers n = {dag_ret(d, SECCOMP_RET_ALLOW), kill, kill, kill};
	if (deny == DENY_ERRNO || deny == DENY_BENCH)
		n.eperm = dag_ret(d, SECCOMP_RET_ERRNO | EPERM);
	if (deny != DENY_KILL_ALL)
		n.enosys = dag_ret(d, SECCOMP_RET_ERRNO | ENOSYS);
	return n;
}

static uint32_t ungranted_node(const struct filter_spec *s, const struct answers *n, uint32_t nr)
{
	if (nr > filter_last(s))
		return n->enosys;
	const struct sysdef *call = syscall_by_nr(s->arch, (int)nr);
	return call && filter_probe(s, call) ? n->enosys : n->eperm;
}

static uint32_t number_switch(struct dag *d, const struct filter_spec *s, const struct answers *n)
{
	const rule_list *rules = s->rules;
	cut_list cuts = {0};
	uint32_t at = 0, end = filter_last(s) + 1;
	if (rules->n && rules->v[rules->n - 1].nr >= end)
		end = rules->v[rules->n - 1].nr + 1u;
	for (uint32_t nr = 0; nr < end; nr++) {
		uint32_t to;
		while (at < rules->n && rules->v[at].nr < nr)
			at++;
		if (at < rules->n && rules->v[at].nr == nr && rules->v[at].terms.n)
			to = dag_rule(d, &rules->v[at], n->allow, n->eperm);
		else
			to = ungranted_node(s, n, nr);
		vec_push(d->a, &cuts, ((struct cut){nr, to}));
	}
	vec_push(d->a, &cuts, ((struct cut){end, n->enosys}));
	vec_push(d->a, &cuts, ((struct cut){FILTER_NR_END, n->kill}));
	return dag_switch(d, W_NR, UINT32_MAX, &cuts);
}

static uint32_t arch_switch(struct dag *d, const struct filter_spec *s, const struct answers *n)
{
	uint32_t native = arch_table[s->arch].audit;
	cut_list cuts = {0};
	vec_push(d->a, &cuts, ((struct cut){0, n->kill}));
	vec_push(d->a, &cuts, ((struct cut){native, number_switch(d, s, n)}));
	vec_push(d->a, &cuts, ((struct cut){native + 1, n->kill}));
	return dag_switch(d, W_ARCH, UINT32_MAX, &cuts);
}

/* ---- instructions, the last one first ---- */

struct target {
	bool is_ret; /* any RET of that node: the nearest copy, or a new one */
	uint32_t at; /* is_ret: the node; else an index in rev */
};

struct emitter {
	struct arena *a;
	const struct dag *d;
	struct weights weights;
	VEC(struct sock_filter) rev; /* the filter backwards */
	uint32_t *place; /* per node: index in rev of its first (RET: its latest) instruction + 1; 0: none */
	bool *load;	 /* per node: some way to it has not loaded its word */
};

static uint32_t put(struct emitter *e, unsigned code, uint32_t k, uint32_t jt, uint32_t jf)
{
	struct sock_filter i = {(uint16_t)code, (uint8_t)jt, (uint8_t)jf, k};
	vec_push(e->a, &e->rev, i);
	return e->rev.n - 1;
}

/* From an instruction put next to the one at index `to`. */
static uint32_t distance(const struct emitter *e, uint32_t to)
{
	return e->rev.n - 1 - to;
}

/*
 * An index that a conditional jump can reach even if one more instruction comes in between.  A RET that is
 * too far is put again (nothing more to execute), anything else gets a JA.
 */
static uint32_t reachable(struct emitter *e, struct target t)
{
	uint32_t place = t.is_ret ? e->place[t.at] : t.at + 1;
	if (place && distance(e, place - 1) < UINT8_MAX)
		return place - 1;
	if (!t.is_ret)
		return put(e, BPF_JMP | BPF_JA, distance(e, t.at), 0, 0);
	put(e, BPF_RET | BPF_K, e->d->nodes.v[t.at].action, 0, 0);
	return (e->place[t.at] = e->rev.n) - 1;
}

static struct target put_jump(struct emitter *e, unsigned op, uint32_t k, struct target yes, struct target no)
{
	uint32_t t = reachable(e, yes), f = reachable(e, no);
	return (struct target){false, put(e, BPF_JMP | op | BPF_K, k, distance(e, t), distance(e, f))};
}

/* Two cuts that ask "is any bit of the mask set": JSET needs no AND. */
static bool is_any_bit(const struct node *n)
{
	return n->cuts.n == 2 && n->mask != UINT32_MAX && n->cuts.v[1].from <= (n->mask & -n->mask);
}

/* The accumulator holds the whole word behind the tests of n. */
static bool keeps_word(const struct node *n)
{
	return n->mask == UINT32_MAX || is_any_bit(n);
}

/* Does a jump from one node to another find the word that it needs? */
static bool has_word(const struct node *from, const struct node *to)
{
	return keeps_word(from) && from->word == to->word;
}

/* Where n's tests go on: behind the load, if the word is there already. */
static struct target target_of(const struct emitter *e, const struct node *n, uint32_t node)
{
	const struct node *to = &e->d->nodes.v[node];
	if (to->is_ret)
		return (struct target){true, node};
	bool skip = has_word(n, to) && e->load[node];
	return (struct target){false, e->place[node] - 1 - skip};
}

static struct target put_link(struct emitter *e, const struct node *n, const struct tree_link *l,
			      struct target rest)
{
	struct target to = target_of(e, n, n->cuts.v[l->cut].to);
	if (l->is_mask)
		return put_jump(e, BPF_JSET, l->value, rest, to);
	return put_jump(e, BPF_JEQ, l->value, to, rest);
}

/* Cuts [i, j) by the plan; the accumulator holds the masked word. */
static struct target put_tree(struct emitter *e, const struct node *n, const struct tree *t, uint32_t i,
			      uint32_t j)
{
	struct tree_link link[TREE_MAX_CHAIN];
	uint32_t middle = tree_split(t, i, j), rest;
	if (middle) {
		struct target above = put_tree(e, n, t, middle, j);
		struct target below = put_tree(e, n, t, i, middle);
		return put_jump(e, BPF_JGE, n->cuts.v[middle].from, above, below);
	}
	uint32_t many = tree_chain(t, i, j, link, &rest);
	struct target to = target_of(e, n, n->cuts.v[rest].to);
	while (many-- > 0)
		to = put_link(e, n, &link[many], to);
	return to;
}

static void put_switch(struct emitter *e, uint32_t id)
{
	const struct node *n = &e->d->nodes.v[id];
	const struct cut *c = n->cuts.v;
	if (is_any_bit(n)) {
		put_jump(e, BPF_JSET, n->mask, target_of(e, n, c[1].to), target_of(e, n, c[0].to));
	} else {
		uint32_t *w = weights_of(&e->weights, n);
		put_tree(e, n, tree_plan(e->a, n, w, weights_price(n)), 0, n->cuts.n);
		if (n->mask != UINT32_MAX)
			put(e, BPF_ALU | BPF_AND | BPF_K, n->mask, 0, 0);
	}
	if (e->load[id])
		put(e, BPF_LD | BPF_W | BPF_ABS, n->word * 4, 0, 0);
}

/* Everything the node can reach, then the node.  A RET is put when a jump wants it. */
static void put_node(struct emitter *e, uint32_t id)
{
	const struct node *n = &e->d->nodes.v[id];
	if (e->place[id] || n->is_ret)
		return;
	for (uint32_t i = n->cuts.n; i-- > 0;)
		put_node(e, n->cuts.v[i].to);
	put_switch(e, id);
	e->place[id] = e->rev.n;
}

/* Which nodes have to load their word: those that some node reaches with another word, or none. */
static void find_loads(struct emitter *e, uint32_t root)
{
	e->load[root] = true;
	for (uint32_t id = 0; id < e->d->nodes.n; id++) {
		const struct node *n = &e->d->nodes.v[id];
		for (uint32_t i = 0; i < n->cuts.n; i++) {
			const struct node *to = &e->d->nodes.v[n->cuts.v[i].to];
			e->load[n->cuts.v[i].to] |= !to->is_ret && !has_word(n, to);
		}
	}
}

static struct emitter emit_from(struct arena *a, const struct dag *d, const struct filter_spec *s,
				const uint32_t *frequency, uint32_t root)
{
	struct emitter e = {.a = a, .d = d, .weights = weights_new(a, d, s->arch, frequency)};
	e.place = arena_alloc(a, d->nodes.n * sizeof *e.place);
	e.load = arena_alloc(a, d->nodes.n * sizeof *e.load);
	find_loads(&e, root);
	put_node(&e, root);
	if (!e.rev.n) /* one answer for everything */
		reachable(&e, (struct target){true, root});
	return e;
}

/* ---- what each call costs, for the message when the filter is too long ---- */

static int dearest_first(const void *x, const void *y)
{
	const struct filter_cost *p = x, *q = y;
	uint32_t a = p->insns - 1, b = q->insns - 1; /* 0, too many, is the dearest */
	if (a != b)
		return a < b ? 1 : -1;
	return (p->nr > q->nr) - (p->nr < q->nr);
}

static void count_costs(struct arena *a, const struct filter_spec *s, struct filter_code *out)
{
	for (uint32_t i = 0; i < s->rules->n; i++) {
		struct dag d = dag_new(a);
		struct answers n = answer_nodes(&d, s->deny);
		uint32_t root = dag_rule(&d, &s->rules->v[i], n.allow, n.eperm);
		struct filter_cost c = {s->rules->v[i].nr, 0};
		if (!d.full && d.nodes.v[root].is_ret)
			continue;
		if (!d.full)
			c.insns = emit_from(a, &d, s, NULL, root).rev.n;
		vec_push(a, &out->cost, c);
	}
	if (out->cost.n)
		qsort(out->cost.v, out->cost.n, sizeof *out->cost.v, dearest_first);
}

void emit_filter(struct arena *a, const struct filter_spec *s, const uint32_t *frequency,
		 struct filter_code *out)
{
	*out = (struct filter_code){0};
	struct dag d = dag_new(a);
	struct answers n = answer_nodes(&d, s->deny);
	uint32_t root = arch_switch(&d, s, &n);
	out->full = d.full;
	if (!d.full) {
		struct emitter e = emit_from(a, &d, s, frequency, root);
		for (uint32_t i = e.rev.n; i-- > 0;)
			vec_push(a, &out->insns, e.rev.v[i]);
	}
	if (out->full || out->insns.n > BPF_MAXINSNS)
		count_costs(a, s, out);
}
