/*
 * resolve_pattern.c - patterns of `never`, `test` and `abpc why`: what is left out means everything.
 */
#include "compiler/resolve.h"
#include "grammar/parse.h"

#include <string.h>

struct pcx { /* one line of patterns */
	struct resolver *r;
	const struct line *l;
	bool never; /* a plain path means itself and everything below */
	pattern_list *out;
};

static void put(struct pcx *x, struct span at, const char *text, const struct evset *set)
{
	struct pattern p = {.at = at, .text = text, .because = x->l->tail.because.text};
	p.origin = x->r->cur ? x->r->cur->origin : NULL;
	p.set = *set;
	vec_push(x->r->a, x->out, p);
}

/* The automaton of a name in a pattern; *text gets "NAME" or "TARGET (written NAME, a symlink of the
 * policy)". */
static const struct dfa *name_dfa(struct pcx *x, const struct lexeme *item, const char **text)
{
	struct arena *a = x->r->a;
	bool glob;
	const char *dir, *name = path_name(x->r, item, &glob);
	if (!name)
		return NULL;
	const char *to = link_rewrite(x->r, name);
	*text = quoted(a, to ? to : name);
	if (to)
		*text = arena_printf(a, "%s (written %s, which is a symlink of the policy)", *text, name);
	name = to ? to : name;
	if (x->never && !glob && !path_is_tree(a, name, &dir))
		name = arena_printf(a, "%s/**", strcmp(name, "/") ? name : "");
	return dfa_path(a, name);
}

static enum ekind right_kind(const char *verb)
{
	if (!strcmp(verb, "write"))
		return K_WRITE;
	if (!strcmp(verb, "load"))
		return K_LOAD;
	return strcmp(verb, "exec") ? K_READ : K_EXEC;
}

static void path_patterns(struct pcx *x)
{
	for (uint32_t i = 0; i < x->l->paths.n; i++) {
		const struct pitem *it = &x->l->paths.v[i];
		struct evset set = evset_none();
		const char *text;
		if (lex_given(&it->digest)) {
			diag_error(x->r->d, it->digest.at, "ABP-PATH-019",
				   "a pattern has no digest: it names events");
			diag_help(x->r->d, "delete the digest");
			continue;
		}
		const struct dfa *d = name_dfa(x, &it->path, &text);
		set.k[right_kind(x->l->verb.text)].d = d;
		if (d)
			put(x, it->path.at, arena_printf(x->r->a, "%s %s", x->l->verb.text, text), &set);
	}
}

static void unix_one(struct pcx *x, const struct lexeme *item)
{
	struct evset set = evset_none();
	const char *text = item->text;
	const struct dfa *d;
	if (lex_is(item, "any")) {
		d = dfa_all(x->r->a);
	} else if (item->text[0] == '@') {
		d = dfa_string(x->r->a, item->text);
		text = arena_printf(x->r->a, "\"%s\"", item->text);
	} else {
		d = name_dfa(x, item, &text);
	}
	set.k[strcmp(x->l->verb.text, "listen") ? K_UNIX_CONNECT : K_UNIX_LISTEN].d = d;
	if (d)
		put(x, item->at, arena_printf(x->r->a, "unix %s %s", x->l->verb.text, text), &set);
}

static void unix_patterns(struct pcx *x)
{
	struct evset set = evset_none();
	if (!strcmp(x->l->verb.text, "pair")) {
		set.k[K_UNIX_PAIR].bits = 1;
		put(x, x->l->at, "unix pair", &set);
		return;
	}
	for (uint32_t i = 0; i < x->l->items.n; i++)
		unix_one(x, &x->l->items.v[i]);
}

static void call_patterns(struct pcx *x)
{
	for (uint32_t i = 0; i < x->l->calls.n; i++) {
		const struct call *c = &x->l->calls.v[i];
		struct evset set = evset_none();
		struct span at = c->cond ? span_join(c->name.at, c->cond->at) : c->name.at;
		if (calls_pattern(x->r, c, &set))
			put(x, at, call_text(x->r->a, "syscall", c), &set);
	}
}

static bool env_set(struct pcx *x, const struct lexeme *item, struct evset *set, const char **text)
{
	bool any = lex_is(item, "any");
	if (!any && !env_name_ok(x->r, item))
		return false;
	set->k[K_ENV].d = any ? dfa_all(x->r->a) : dfa_string(x->r->a, item->text);
	*text = arena_printf(x->r->a, "env %s", item->text);
	return true;
}

static bool fd_set_(struct pcx *x, const struct lexeme *item, struct evset *set, const char **text)
{
	uint64_t v;
	if (!num_value(item->text, UINT32_MAX, &v)) {
		diag_error(x->r->d, item->at, "ABP-RUN-003", "`%s` is not a descriptor", item->text);
		diag_help(x->r->d, "write fd 3");
		return false;
	}
	set->k[K_FD].b = bdd_range(x->r->s->t, F_FD_N, v, v);
	*text = arena_printf(x->r->a, "fd %s", item->text);
	return true;
}

static bool limit_one(struct pcx *x, const struct lexeme *key, struct evset *set, const char **text)
{
	uint64_t v;
	const struct limitdef *def = limit_key(x->r, key);
	if (!def || !limit_value(x->r, def, &x->l->items.v[1], &v))
		return false;
	set->k[K_USE].b = limit_set(x->r->s, def->resource, v, v);
	*text = arena_printf(x->r->a, "limit %s %s", def->name, limit_text(x->r->a, def, v));
	return true;
}

static bool host_set(struct pcx *x, const struct lexeme *item, struct evset *set, const char **text)
{
	if (!host_name(x->r, item))
		return false;
	set->k[K_HOST].d = host_dfa(x->r->a, item->text);
	*text = arena_printf(x->r->a, "connect host %s", item->text);
	return true;
}

static bool cap_set(struct pcx *x, const struct lexeme *item, struct evset *set, const char **text)
{
	*text = arena_printf(x->r->a, "cap %s", item->text);
	return caps_pattern(x->r, item, set);
}

/* One item of a line whose items are independent. */
static bool item_set(struct pcx *x, const struct lexeme *item, struct evset *set, const char **text)
{
	switch (x->l->kind) {
	case LINE_NET:
		return net_pattern(x->r, x->l, item, set, text);
	case LINE_SOCK:
		return sock_spec(x->r, item, false, &set->k[K_SOCK].b, text);
	case LINE_CAPS:
		return cap_set(x, item, set, text);
	case LINE_PASS:
		return env_set(x, item, set, text);
	case LINE_FD:
		return fd_set_(x, item, set, text);
	case LINE_LIMIT:
		return limit_one(x, item, set, text);
	case LINE_HOST:
		return host_set(x, item, set, text);
	case LINE_SETTING:
	case LINE_CALLS:
	case LINE_UNIX:
	case LINE_PROXY:
	case LINE_PATH:
	case LINE_SCRATCH:
	case LINE_DEVICE:
	case LINE_SYMLINK:
	case LINE_SET:
	case LINE_SECRET:
		break;
	}
	diag_error(x->r->d, x->l->at, "ABP-SYS-040", "this is no pattern");
	diag_help(x->r->d, "patterns begin with syscall cap connect listen bind socket unix read write load "
			   "exec env fd limit");
	return false;
}

void pattern_line(struct resolver *r, const struct line *l, bool never, pattern_list *out)
{
	struct pcx x = {r, l, never, out};
	if (!any_alone(r, &l->items))
		return;
	if (l->kind == LINE_PATH) {
		path_patterns(&x);
	} else if (l->kind == LINE_UNIX) {
		unix_patterns(&x);
	} else if (l->kind == LINE_CALLS) {
		call_patterns(&x);
	} else {
		uint32_t n = l->kind == LINE_LIMIT ? 1 : l->items.n;
		for (uint32_t i = 0; i < n; i++) {
			struct evset set = evset_none();
			const char *text;
			struct span at = l->kind == LINE_LIMIT ? l->at : l->items.v[i].at;
			if (item_set(&x, &l->items.v[i], &set, &text))
				put(&x, at, text, &set);
		}
	}
}

static void test_stmt(struct resolver *r, const struct stmt *st)
{
	struct test_block t = {.title = st->name.text, .at = st->name.at};
	for (uint32_t i = 0; i < st->lines.n; i++) {
		pattern_list p = {0};
		pattern_line(r, st->lines.v[i], false, &p);
		for (uint32_t k = 0; k < p.n; k++)
			vec_push(r->a, &t.lines, ((struct test_line){st->lines.v[i]->deny, p.v[k]}));
	}
	vec_push(r->a, &r->m->tests, t);
}

void patterns_stmt(struct resolver *r, const struct stmt *st)
{
	if (st->kind == STMT_NEVER)
		for (uint32_t i = 0; i < st->lines.n; i++)
			pattern_line(r, st->lines.v[i], true, &r->m->nevers);
	else if (st->kind == STMT_TEST && !r->cur->origin) /* tests are not imported */
		test_stmt(r, st);
}

/* ---- the command line ------------------------------------------------- */

static struct resolver *pattern_resolver(struct sets *s, struct diags *d, const struct model *m)
{
	struct resolver *r = arena_alloc(s->a, sizeof *r);
	*r = (struct resolver){.s = s, .a = s->a, .d = d};
	r->m = arena_alloc(s->a, sizeof *r->m);
	r->m->archs = m->archs;
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct place *p = &m->grants.v[i].u.place;
		if (m->grants.v[i].kind == G_SYMLINK)
			vec_push(r->a, &r->links,
				 ((struct symlink){p->pattern, p->target, m->grants.v[i].at}));
	}
	return r;
}

bool resolve_pattern(struct sets *s, struct diags *d, const struct model *m, const char *text,
		     pattern_list *out)
{
	uint32_t before = diags_errors(d);
	const char *file = arena_printf(s->a, "abp 1; module abp.pattern 1.0.0 { never {\n%s\n} }\n", text);
	const struct source *src = source_text(s->a, "(pattern)", file, strlen(file));
	const struct unit *u = abp_parse(s->a, d, src);
	if (!u || diags_errors(d) > before)
		return false;
	struct resolver *r = pattern_resolver(s, d, m);
	vec_push(r->a, &r->units, ((struct loaded){.u = u, .file = src->name}));
	r->cur = &r->units.v[0];
	links_sort(r);
	for (uint32_t i = 0; i < u->stmts.n; i++)
		for (uint32_t k = 0; k < u->stmts.v[i]->lines.n; k++)
			pattern_line(r, u->stmts.v[i]->lines.v[k], false, out);
	return diags_errors(d) == before;
}
