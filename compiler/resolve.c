/*
 * resolve.c - one tree after the other into one model: statements, grants, the order of the passes.
 */
#include "compiler/resolve.h"

#include <string.h>

#include "compiler/base/sha256.h"
#include "grammar/parse.h"

enum { MAX_FILE = 1 << 20 };

bool lex_is(const struct lexeme *x, const char *word)
{
	return x->text && x->kind == LEX_WORD && !strcmp(x->text, word);
}

bool any_alone(struct resolver *r, const lexeme_list *items)
{
	for (uint32_t i = 0; i < items->n && items->n > 1; i++) {
		if (!lex_is(&items->v[i], "any"))
			continue;
		diag_error(r->d, items->v[i].at, "ABP-SYS-041", "`any` stands alone: it holds the others");
		diag_help(r->d, "delete the other items, or `any`");
		return false;
	}
	return true;
}

bool in_ceiling(const struct resolver *r)
{
	return r->cur->u->kind == UNIT_CEILING;
}

bool in_policy(const struct resolver *r)
{
	return r->cur->u->kind == UNIT_POLICY;
}

const char *quoted(struct arena *a, const char *s)
{
	bool plain = *s != 0;
	for (const char *p = s; *p; p++)
		plain &= !strchr(" \t#;{}(),=\"\\", *p);
	if (plain)
		return s;
	struct buf b = buf_new(a);
	buf_putc(&b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_putc(&b, '\\');
		buf_putc(&b, *s);
	}
	buf_putc(&b, '"');
	return buf_str(&b);
}

/* ---- grants ----------------------------------------------------------- */

static bool line_archs(struct resolver *r, const struct line *l, unsigned *archs)
{
	*archs = r->m->archs;
	if (!lex_given(&l->tail.on))
		return true;
	enum arch arch;
	if (!arch_by_name(l->tail.on.text, &arch)) {
		diag_error(r->d, l->tail.on.at, "ABP-SYS-030", "unknown architecture `%s`", l->tail.on.text);
		diag_help(r->d, "write `on x86_64` or `on aarch64`");
		return false;
	}
	*archs &= 1u << arch;
	if (*archs && *archs != r->m->archs && l->kind != LINE_CALLS) {
		diag_error(r->d, l->tail.on.at, "ABP-SYS-031",
			   "only system calls differ by architecture in a build for two of them");
		diag_help(r->d, "build with --arch %s, or delete `on %s`", arch_table[arch].name,
			  arch_table[arch].name);
		return false;
	}
	return *archs != 0;
}

bool grant_begin(struct resolver *r, struct grant *g, enum grant_kind kind, const struct line *l,
		 struct span at)
{
	memset(g, 0, sizeof *g);
	if (!line_archs(r, l, &g->arch))
		return false;
	g->kind = kind;
	g->at = at;
	g->because = l->tail.because.text;
	g->is_unsafe = l->tail.unsafe_at.src != NULL;
	g->unsafe_at = l->tail.unsafe_at;
	g->origin = r->cur->origin;
	g->implied_by = -1;
	return true;
}

void grant_add(struct resolver *r, const struct grant *g)
{
	vec_push(r->a, &r->m->grants, *g);
}

static void put_dfa(struct resolver *r, struct grant *g, enum ekind k, const struct dfa *d)
{
	const struct dfa *old = g->set.k[k].d;
	g->set.k[k].d = old && d ? dfa_or(r->a, old, d) : d ? d : old;
}

void grant_path(struct resolver *r, struct grant *g, enum ekind k, const char *pattern)
{
	put_dfa(r, g, k, dfa_path(r->a, pattern));
	vec_push(r->a, &r->col[k].paths, pattern);
}

void grant_string(struct resolver *r, struct grant *g, enum ekind k, const char *name)
{
	put_dfa(r, g, k, dfa_string(r->a, name));
	vec_push(r->a, &r->col[k].strings, name);
}

void grant_dfa(struct resolver *r, struct grant *g, enum ekind k, const struct dfa *d)
{
	put_dfa(r, g, k, d);
	if (d)
		vec_push(r->a, &r->col[k].others, d);
}

/* ---- the union -------------------------------------------------------- */

static const struct dfa *collect(struct resolver *r, const struct collector *c)
{
	const struct dfa *x = NULL;
	if (c->paths.n)
		x = dfa_many(r->a, DFA_PATH, c->paths.v, c->paths.n);
	if (c->strings.n) {
		const struct dfa *y = dfa_many(r->a, DFA_STRING, c->strings.v, c->strings.n);
		x = x ? dfa_or(r->a, x, y) : y;
	}
	for (uint32_t i = 0; i < c->others.n; i++)
		x = x ? dfa_or(r->a, x, c->others.v[i]) : c->others.v[i];
	return x;
}

/* model.all: diagrams grant by grant (a union with a narrow set is cheap), automata in one piece. */
static void unite_sets(struct resolver *r)
{
	struct evset *all = &r->m->all;
	for (unsigned k = 0; k < N_EKINDS; k++) {
		if (ekind_repr((enum ekind)k) == REPR_DFA) {
			all->k[k].d = collect(r, &r->col[k]);
			continue;
		}
		for (uint32_t i = 0; i < r->m->grants.n; i++) {
			const struct evset *x = &r->m->grants.v[i].set;
			if (ekind_repr((enum ekind)k) == REPR_BITS)
				all->k[k].bits |= x->k[k].bits;
			else if (x->k[k].b != BDD_NONE)
				all->k[k].b = bdd_or(r->s->t, all->k[k].b, x->k[k].b);
		}
	}
}

static bool is_call(const struct grant *g, unsigned arch)
{
	return (g->kind == G_CALL || g->kind == G_FLOOR) && g->u.call.nr[arch] != 0xffff;
}

/* One rule a number: the union of all grants' terms, in normal form. */
static void unite_rule(struct resolver *r, unsigned arch, struct rule *rule, const term_list *terms)
{
	rule->terms = *terms;
	terms_normal(r->s, &rule->terms);
	bdd args = terms_set(r->s, &rule->terms);
	rule->set = bdd_and(r->s->t, bdd_range(r->s->t, F_SYS_NR, rule->nr, rule->nr), args);
	vec_push(r->a, &r->m->calls[arch], *rule);
}

static void unite_calls(struct resolver *r, unsigned arch)
{
	enum { MAX_NR = 4096 };
	term_list *by_nr = arena_alloc(r->a, MAX_NR * sizeof *by_nr);
	for (uint32_t i = 0; i < r->m->grants.n; i++) {
		const struct grant *g = &r->m->grants.v[i];
		if (!is_call(g, arch) || g->u.call.nr[arch] >= MAX_NR)
			continue;
		term_list *t = &by_nr[g->u.call.nr[arch]];
		const term_list *more = &g->u.call.terms[arch];
		if (t->n && !t->v[0].atoms.n) /* any arguments already */
			continue;
		if (more->n && !more->v[0].atoms.n)
			t->n = 0;
		for (uint32_t k = 0; k < more->n; k++)
			vec_push(r->a, t, more->v[k]);
	}
	for (unsigned nr = 0; nr < MAX_NR; nr++) {
		struct rule rule = {.nr = (uint16_t)nr};
		if (by_nr[nr].n)
			unite_rule(r, arch, &rule, &by_nr[nr]);
	}
}

void model_unite(struct resolver *r)
{
	unite_sets(r);
	for (unsigned i = 0; i < N_ARCH; i++)
		if (r->m->archs >> i & 1)
			unite_calls(r, i);
}

/* ---- statements ------------------------------------------------------- */

enum { IN_POLICY = 1, IN_MODULE = 2, IN_CEILING = 4, ANYWHERE = 7 };

static const struct {
	const char *word;
	unsigned where;
} stmt_rows[] = {
    [STMT_TITLE] = {"title", ANYWHERE},
    [STMT_OWNER] = {"owner", ANYWHERE},
    [STMT_IMPORT] = {"import", IN_POLICY | IN_MODULE},
    [STMT_WITHIN] = {"within", IN_POLICY},
    [STMT_RUN] = {"run", IN_POLICY | IN_CEILING},
    [STMT_LIMITS] = {"limits", IN_POLICY | IN_CEILING},
    [STMT_SYSCALLS] = {"syscalls", ANYWHERE},
    [STMT_CAPS] = {"caps", ANYWHERE},
    [STMT_PORTS] = {"ports", ANYWHERE},
    [STMT_PATHS] = {"paths", ANYWHERE},
    [STMT_ENV] = {"env", ANYWHERE},
    [STMT_NEVER] = {"never", IN_POLICY | IN_MODULE},
    [STMT_TEST] = {"test", IN_POLICY | IN_MODULE},
};

static const char *const unit_word[] = {"policy", "module", "ceiling"};

static bool stmt_legal(struct resolver *r, const struct stmt *st)
{
	enum unit_kind k = r->cur->u->kind;
	if (stmt_rows[st->kind].where >> k & 1)
		return true;
	diag_error(r->d, st->at, "ABP-IMP-001", "a %s has no `%s`", unit_word[k], stmt_rows[st->kind].word);
	if (k == UNIT_MODULE)
		diag_help(r->d,
			  "move it to the policy: a module holds title, owner, import, grants, never, test");
	else
		diag_help(r->d, "move it to the policy: a ceiling holds grants, limits and `run { net … }`");
	return false;
}

static void one_string(struct resolver *r, const struct stmt *st, const char **slot)
{
	if (r->cur->origin)
		return;
	if (*slot) {
		diag_error(r->d, st->at, "ABP-IMP-002", "a second `%s`", stmt_rows[st->kind].word);
		diag_help(r->d, "keep one");
	}
	*slot = st->name.text;
}

typedef void line_fn(struct resolver *r, const struct line *l);

static void each_line(struct resolver *r, const struct stmt *st, line_fn *fn)
{
	for (uint32_t i = 0; i < st->lines.n; i++)
		fn(r, st->lines.v[i]);
}

static void stmt_grants(struct resolver *r, const struct stmt *st)
{
	if (!stmt_legal(r, st))
		return;
	switch (st->kind) {
	case STMT_TITLE:
		one_string(r, st, &r->m->title);
		break;
	case STMT_OWNER:
		one_string(r, st, &r->m->owner);
		break;
	case STMT_RUN:
		run_stmt(r, st);
		break;
	case STMT_LIMITS:
		limits_stmt(r, st);
		break;
	case STMT_SYSCALLS:
		each_line(r, st, calls_line);
		break;
	case STMT_CAPS:
		each_line(r, st, caps_line);
		break;
	case STMT_PORTS:
		each_line(r, st, port_line);
		break;
	case STMT_PATHS:
		each_line(r, st, path_line);
		break;
	case STMT_ENV:
		each_line(r, st, env_line);
		break;
	case STMT_IMPORT:
	case STMT_WITHIN:
	case STMT_NEVER:
	case STMT_TEST:
		break;
	}
}

typedef void stmt_fn(struct resolver *r, const struct stmt *st);

static void each_stmt(struct resolver *r, stmt_fn *fn)
{
	for (uint32_t i = 0; i < r->units.n; i++) {
		r->cur = &r->units.v[i];
		for (uint32_t k = 0; k < r->cur->u->stmts.n; k++)
			fn(r, r->cur->u->stmts.v[k]);
	}
	r->cur = &r->units.v[0];
}

/* ---- the passes ------------------------------------------------------- */

static void model_head(struct resolver *r, const struct unit *u, unsigned archs)
{
	struct model *m = r->m;
	m->kind = u->kind == UNIT_POLICY   ? MODEL_POLICY
		  : u->kind == UNIT_MODULE ? MODEL_MODULE
					   : MODEL_CEILING;
	m->src = u->src;
	m->name = u->name.text ? u->name.text : "";
	m->version = u->version.text ? u->version.text : "";
	m->name_at = u->name.at;
	m->archs = archs & ~(unsigned)RESOLVE_FILTER_ONLY;
	m->filter_only = archs & RESOLVE_FILTER_ONLY;
	sha256(u->src->text, u->src->len, m->source_sha256);
}

struct model *resolve_unit(struct sets *s, struct diags *d, const struct unit *u, const struct loadpath *path,
			   unsigned archs, uint32_t depth)
{
	struct resolver *r = arena_alloc(s->a, sizeof *r);
	*r = (struct resolver){.s = s, .a = s->a, .d = d, .path = path, .depth = depth};
	r->m = arena_alloc(s->a, sizeof *r->m);
	model_head(r, u, archs);
	vec_push(r->a, &r->units, ((struct loaded){.u = u, .file = u->src->name}));
	r->cur = &r->units.v[0];
	import_closure(r);
	each_stmt(r, stmt_grants);
	links_sort(r);
	links_check(r);
	net_finish(r);
	settings_finish(r);
	implied_add(r);
	model_unite(r);
	each_stmt(r, patterns_stmt);
	missing_walls(r);
	return r->m;
}

struct model *resolve_source(struct sets *s, struct diags *d, const struct source *src,
			     const struct loadpath *path, unsigned archs)
{
	uint32_t before = diags_errors(d);
	const struct unit *u = abp_parse(s->a, d, src);
	if (diags_errors(d) > before)
		return NULL; /* what a line with an error would have meant is not known */
	return u ? resolve_unit(s, d, u, path, archs, 0) : NULL;
}

struct model *resolve_file(struct sets *s, struct diags *d, const char *file, const struct loadpath *path,
			   unsigned archs)
{
	const struct source *src = source_read(s->a, d, file, MAX_FILE, (struct span){0});
	return src ? resolve_source(s, d, src, path, archs) : NULL;
}
