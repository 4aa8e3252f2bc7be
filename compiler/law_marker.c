/*
 * law_marker.c - the word `unsafe` stands where something is unsafe, and nowhere else (language.md, 8).
 *
 * A reason belongs to one unit (a line is unsafe by itself) or to two (one grants code, the other can write
 * it).  The first unit that sees all of it must show it to its readers: on the line where the line is its
 * own, else on the import that brings the code.  From there up, every import line of a unit that brings a
 * reason repeats the word. The closure is a graph, not a tree: two modules may import a third one.
 */
#include "compiler/law.h"

#include <string.h>

struct reason {
	const char *why;	       /* NULL: none */
	const struct grant *at, *with; /* with: the line that writes; NULL: at is unsafe by itself */
	uint32_t unit, other;	       /* of at and with */
};

struct graph {
	struct judge *j;
	VEC(const char *) name;	    /* units; [0]: NULL, the one that is judged */
	bool *reach;		    /* [x * n + y]: x is y, or imports it by any way */
	VEC(struct reason) reasons; /* one for each pair of units */
};

/* ---- the closure ------------------------------------------------------ */

static uint32_t unit_of(const struct graph *g, const char *name)
{
	for (uint32_t i = 1; name && i < g->name.n; i++)
		if (!strcmp(g->name.v[i], name))
			return i;
	return 0;
}

static uint32_t unit_add(struct graph *g, const char *name)
{
	uint32_t i = unit_of(g, name);

	if (i || !name)
		return i;
	vec_push(g->j->s->a, &g->name, name);
	return g->name.n - 1;
}

static bool reaches(const struct graph *g, uint32_t x, uint32_t y)
{
	return g->reach[x * g->name.n + y];
}

static void graph_make(struct graph *g)
{
	const struct model *m = g->j->m;
	uint32_t n;

	vec_push(g->j->s->a, &g->name, NULL);
	for (uint32_t i = 0; i < m->imports.n; i++) {
		unit_add(g, m->imports.v[i].from);
		unit_add(g, m->imports.v[i].to);
	}
	n = g->name.n;
	g->reach = arena_alloc(g->j->s->a, n * n * sizeof *g->reach);
	for (uint32_t i = 0; i < n; i++)
		g->reach[i * n + i] = true;
	for (uint32_t i = 0; i < m->imports.n; i++)
		g->reach[unit_of(g, m->imports.v[i].from) * n + unit_of(g, m->imports.v[i].to)] = true;
	for (uint32_t k = 0; k < n; k++)
		for (uint32_t i = 0; i < n; i++)
			for (uint32_t y = 0; g->reach[i * n + k] && y < n; y++)
				g->reach[i * n + y] |= g->reach[k * n + y];
}

static uint32_t grant_unit(const struct graph *g, const struct grant *x)
{
	return unit_of(g, x->origin ? x->origin->module : NULL);
}

/* ---- reasons ---------------------------------------------------------- */

static void reason_add(struct graph *g, const struct reason *r)
{
	for (uint32_t i = 0; i < g->reasons.n; i++)
		if (g->reasons.v[i].unit == r->unit && g->reasons.v[i].other == r->other)
			return;
	vec_push(g->j->s->a, &g->reasons, *r);
}

static bool is_code(const struct grant *x)
{
	return x->kind == G_PATH && (x->u.place.right == RIGHT_LOAD || x->u.place.right == RIGHT_EXEC);
}

static const struct dfa *code_of(struct sets *s, const struct evset *x)
{
	if (!x->k[K_EXEC].d || !x->k[K_LOAD].d)
		return x->k[K_EXEC].d ? x->k[K_EXEC].d : x->k[K_LOAD].d;
	return dfa_or(s->a, x->k[K_LOAD].d, x->k[K_EXEC].d);
}

/* Does line x, of a pair that meets, carry the word?  The code's line goes first. */
static bool carries(const struct graph *g, uint32_t x, uint32_t y, bool code)
{
	return reaches(g, x, y) && (code || !reaches(g, y, x));
}

/* Why x needs the word because of another line; code that meets a writable name is noted for the imports,
 * too. */
static struct reason pair_reason(struct graph *g, const struct grant *x)
{
	struct judge *j = g->j;
	bool code = is_code(x);
	const struct dfa *mine = code ? code_of(j->s, &x->set) : x->set.k[K_WRITE].d;
	struct reason line = {0};

	if (!mine || dfa_disjoint(j->s->a, mine, code ? j->m->all.k[K_WRITE].d : code_of(j->s, &j->m->all)))
		return line;
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *o = &j->m->grants.v[i];
		const struct dfa *theirs = code		? o->set.k[K_WRITE].d
					   : is_code(o) ? code_of(j->s, &o->set)
							: NULL;
		struct reason r = {unsafe_find(UNSAFE_RULE, "code-writable")->reason, x, o, grant_unit(g, x),
				   grant_unit(g, o)};

		if (!theirs || dfa_disjoint(j->s->a, mine, theirs))
			continue;
		if (code)
			reason_add(g, &r);
		if (!line.why && carries(g, r.unit, r.other, code))
			line = r;
	}
	return line;
}

static struct reason line_reason(struct graph *g, const struct grant *x)
{
	uint32_t unit = grant_unit(g, x);
	struct reason r = {unsafe_reason(g->j->s, g->j->m, x), x, NULL, unit, unit};

	if (!r.why)
		return pair_reason(g, x);
	reason_add(g, &r);
	return r;
}

/* ---- lines ------------------------------------------------------------ */

typedef VEC(struct span) span_list;

static bool seen(const span_list *l, struct span at)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (l->v[i].src == at.src && l->v[i].off == at.off)
			return true;
	return false;
}

static void say_with(struct judge *j, const struct reason *r)
{
	if (r->with)
		diag_also(j->d, r->with->at, is_code(r->at) ? "written here: `%s`" : "code: `%s`",
			  r->with->text);
}

static void line_missing(struct judge *j, const struct reason *r)
{
	diag_error(j->d, r->at->at, "ABP-LAW-004", "`%s` needs the word `unsafe`: %s", r->at->text, r->why);
	say_with(j, r);
	say_origin(j, r->at->origin ? r->at->origin : r->with ? r->with->origin : NULL);
	diag_help(j->d, "end the line with `unsafe because \"...\"`");
}

static void not_needed(struct judge *j, struct span at, const char *verb, const char *what)
{
	diag_error(j->d, at, "ABP-LAW-006", "`unsafe` is not needed here: nothing that %s %s is", what, verb);
	diag_help(j->d, "remove the word: it marks lines that a reviewer must read");
}

static void judge_lines(struct graph *g)
{
	struct judge *j = g->j;
	span_list used = {0};

	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *x = &j->m->grants.v[i];
		struct reason r = {0};

		if (grant_written(x))
			r = line_reason(g, x);
		if (r.why && x->is_unsafe)
			vec_push(j->s->a, &used, x->unsafe_at);
		else if (r.why)
			line_missing(j, &r);
	}
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *x = &j->m->grants.v[i];

		if (!x->is_unsafe || seen(&used, x->unsafe_at))
			continue;
		not_needed(j, x->unsafe_at, "grants", arena_printf(j->s->a, "`%s`", x->text));
		vec_push(j->s->a, &used, x->unsafe_at);
	}
}

/* ---- imports ---------------------------------------------------------- */

/* No unit below u sees both units of the reason. */
static bool first_to_see(const struct graph *g, uint32_t u, const struct reason *r)
{
	if (!reaches(g, u, r->unit) || !reaches(g, u, r->other))
		return false;
	for (uint32_t v = 0; v < g->name.n; v++)
		if (v != u && reaches(g, u, v) && reaches(g, v, r->unit) && reaches(g, v, r->other))
			return false;
	return true;
}

/* The import of `to` by `from` brings the reason: all of it, or its code into the first unit that sees both.
 */
static bool brings(const struct graph *g, uint32_t from, uint32_t to, const struct reason *r)
{
	if (!reaches(g, to, r->unit))
		return false;
	return reaches(g, to, r->other) || (r->other != from && first_to_see(g, from, r));
}

static void judge_import(struct graph *g, const struct import_line *l)
{
	uint32_t from = unit_of(g, l->from), to = unit_of(g, l->to), i = 0;
	struct judge *j = g->j;
	const struct reason *r;

	while (i < g->reasons.n && !brings(g, from, to, &g->reasons.v[i]))
		i++;
	if (i == g->reasons.n) {
		if (l->is_unsafe)
			not_needed(j, l->at, "brings", l->to);
		return;
	}
	if (l->is_unsafe)
		return;
	r = &g->reasons.v[i];
	diag_error(j->d, l->at, "ABP-LAW-005", "the import of %s brings `%s`, which is unsafe: %s", l->to,
		   r->at->text, r->why);
	diag_also(j->d, r->at->at, "granted here");
	say_with(j, r);
	diag_help(j->d, "end the import line with `unsafe`");
}

void law_unsafe(struct judge *j)
{
	struct graph g = {.j = j};

	graph_make(&g);
	judge_lines(&g);
	for (uint32_t i = 0; i < j->m->imports.n; i++)
		judge_import(&g, &j->m->imports.v[i]);
}

void law_unsafe_ceiling(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->grants.n; i++)
		if (j->m->grants.v[i].is_unsafe) {
			diag_error(j->d, j->m->grants.v[i].unsafe_at, "ABP-LAW-007",
				   "a ceiling never says `unsafe`: it grants nothing");
			diag_help(j->d, "remove the word");
		}
}
