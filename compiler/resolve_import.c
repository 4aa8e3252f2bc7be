/*
 * resolve_import.c - modules and ceilings: ranges, one version a name, cycles, the `unsafe` marker.
 *
 * The closure is a fixpoint: choose the highest version of every name that all ranges allow, read those
 * files, gather their ranges, choose again.  It ends when nothing changes.
 */
#include "compiler/resolve.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/sha256.h"
#include "compiler/builtin.h"
#include "grammar/parse.h"

enum { MAX_DEPTH = 16, MAX_ROUNDS = 32, MAX_FILE = 1 << 20 };

struct version {
	uint32_t n[3];
};

struct want { /* one import or within line */
	const char *name;
	struct version lo, hi; /* lo <= v < hi; exact: lo only */
	bool exact, ceiling;
	struct span at;
	const char *range;
};

struct file { /* one NAME-VERSION.abp that was read */
	const char *path;
	const struct source *src;
	const struct unit *u; /* NULL: could not be read */
};

struct choice {
	const char *name;
	bool ceiling, found;
	struct version v;
	const char *path;
	const struct builtin *own; /* part of the compiler; NULL: a file */
	struct span at;		   /* the first line that wants it */
};

struct importer {
	struct resolver *r;
	VEC(struct want) wants;
	VEC(struct choice) choices;
	VEC(struct file) files;
	bool bad;
};

/* "1.2" or "1.2.3"; false: a part above 9 digits. */
static bool version_parse(const char *t, struct version *v, unsigned *parts)
{
	*v = (struct version){{0}};
	for (*parts = 0; *parts < 3; t++) {
		char *end;
		if (*t < '0' || *t > '9')
			return false;
		unsigned long x = strtoul(t, &end, 10);
		if (end - t > 9)
			return false;
		v->n[(*parts)++] = (uint32_t)x;
		t = end;
		if (*t != '.')
			break;
	}
	return *t == 0;
}

static int version_cmp(const struct version *x, const struct version *y)
{
	for (unsigned i = 0; i < 3; i++)
		if (x->n[i] != y->n[i])
			return x->n[i] < y->n[i] ? -1 : 1;
	return 0;
}

static const char *version_text(struct arena *a, const struct version *v)
{
	return arena_printf(a, "%u.%u.%u", v->n[0], v->n[1], v->n[2]);
}

static bool want_admits(const struct want *w, const struct version *v)
{
	if (w->exact)
		return !version_cmp(v, &w->lo);
	return version_cmp(v, &w->lo) >= 0 && version_cmp(v, &w->hi) < 0;
}

static bool want_parse(struct importer *x, const struct stmt *st, struct want *w)
{
	const char *t = st->range.text;
	unsigned parts = 0;
	if (!t || !st->name.text)
		return false;
	*w = (struct want){.name = st->name.text, .at = span_join(st->name.at, st->range.at), .range = t};
	w->ceiling = st->kind == STMT_WITHIN;
	w->exact = *t == '=';
	if (!version_parse(t + 1, &w->lo, &parts) || parts < 2 || (w->exact && parts != 3)) {
		diag_error(x->r->d, st->range.at, "ABP-IMP-010", "`%s` is not a version range", t);
		diag_help(x->r->d, "write =1.2.3, ~1.2.3 (from 1.2.3 to below 1.3.0) or ~1.2");
		return false;
	}
	w->hi = (struct version){{w->lo.n[0], w->lo.n[1] + 1, 0}};
	return true;
}

static bool dir_has_version(const char *entry, const char *name, struct version *v)
{
	size_t n = strlen(name), len = strlen(entry);
	if (len < n + 5 || strncmp(entry, name, n) || entry[n] != '-' || strcmp(entry + len - 4, ".abp"))
		return false;
	char text[40];
	unsigned parts = 0;
	size_t k = len - n - 5;
	if (k >= sizeof text)
		return false;
	memcpy(text, entry + n + 1, k);
	text[k] = 0;
	return version_parse(text, v, &parts) && parts == 3;
}

static bool all_admit(const struct importer *x, const char *name, const struct version *v)
{
	for (uint32_t i = 0; i < x->wants.n; i++)
		if (!strcmp(x->wants.v[i].name, name) && !want_admits(&x->wants.v[i], v))
			return false;
	return true;
}

/* One candidate: the highest version that every want of the name admits; the first of equals. */
static bool candidate(struct importer *x, struct choice *c, const char *file, struct buf *seen)
{
	struct version v;
	if (!dir_has_version(file, c->name, &v))
		return false;
	buf_printf(seen, "%s%s", seen->len ? ", " : "", version_text(x->r->a, &v));
	if (!all_admit(x, c->name, &v) || (c->found && version_cmp(&v, &c->v) <= 0))
		return false;
	c->found = true;
	c->v = v;
	c->own = NULL;
	return true;
}

static void choose_builtin(struct importer *x, struct choice *c, struct buf *seen)
{
	for (const struct builtin *b = builtins; b->file; b++)
		if (candidate(x, c, b->file, seen)) {
			c->own = b;
			c->path = arena_printf(x->r->a, "built-in/%s", b->file);
		}
}

static void choose_in(struct importer *x, struct choice *c, const char *dir, struct buf *seen)
{
	DIR *d = opendir(dir);
	if (!d)
		return;
	for (struct dirent *e; (e = readdir(d));)
		if (candidate(x, c, e->d_name, seen))
			c->path = arena_printf(x->r->a, "%s/%s", dir, e->d_name);
	closedir(d);
}

/* "abp.base, abp.git": the modules that need no -I. */
static const char *built_in_names(struct arena *a)
{
	const char *list = "", *last = "";

	for (const struct builtin *b = builtins; b->file; b++) {
		size_t len = (size_t)(strrchr(b->file, '-') - b->file);
		const char *name = arena_printf(a, "%.*s", (int)len, b->file);

		if (!strcmp(name, last))
			continue;
		list = arena_printf(a, "%s%s%s", list, *list ? ", " : "", name);
		last = name;
	}
	return list;
}

static void not_found(struct importer *x, const struct choice *c, struct buf *seen)
{
	struct diags *d = x->r->d;
	const struct want *first = NULL;
	x->bad = true;
	for (uint32_t i = 0; i < x->wants.n; i++) {
		const struct want *w = &x->wants.v[i];
		if (strcmp(w->name, c->name))
			continue;
		if (!first)
			diag_error(d, w->at, "ABP-IMP-011", "no version of %s fits %s", c->name, w->range);
		else if (strcmp(w->range, first->range))
			diag_also(d, w->at, "and %s is wanted here", w->range);
		first = first ? first : w;
	}
	if (seen->len)
		diag_help(d, "there are %s: choose a range that holds one of them", buf_str(seen));
	else if (x->r->path->n)
		diag_help(d, "put %s-%s.abp into %s, or name its directory with -I DIR", c->name,
			  version_text(x->r->a, &first->lo), x->r->path->dirs[0]);
	else
		diag_help(d, "name its directory with -I DIR; built in are %s", built_in_names(x->r->a));
}

static struct choice *choice_of(struct importer *x, const char *name)
{
	for (uint32_t i = 0; i < x->choices.n; i++)
		if (!strcmp(x->choices.v[i].name, name))
			return &x->choices.v[i];
	return NULL;
}

static void choose_all(struct importer *x)
{
	x->choices.n = 0;
	for (uint32_t i = 0; i < x->wants.n; i++) {
		const struct want *w = &x->wants.v[i];
		if (choice_of(x, w->name))
			continue;
		struct choice c = {.name = w->name, .ceiling = w->ceiling, .at = w->at};
		struct buf seen = buf_new(x->r->a);
		for (size_t k = 0; k < x->r->path->n; k++)
			choose_in(x, &c, x->r->path->dirs[k], &seen);
		choose_builtin(x, &c, &seen);
		if (!c.found)
			not_found(x, &c, &seen);
		vec_push(x->r->a, &x->choices, c);
	}
}

/* The file says what its name says. */
static bool unit_fits(struct importer *x, const struct unit *u, const struct choice *c)
{
	struct diags *d = x->r->d;
	const char *version = version_text(x->r->a, &c->v);
	enum unit_kind want = c->ceiling ? UNIT_CEILING : UNIT_MODULE;
	if (u->kind != want) {
		diag_error(d, c->at, "ABP-IMP-012", "%s is not a %s", c->name,
			   c->ceiling ? "ceiling" : "module");
		diag_also(d, u->name.at, "it is declared here");
		if (u->kind == UNIT_POLICY)
			diag_help(d, "a policy is never imported: move what both need to a module");
		else
			diag_help(d, "write `%s %s` for it", u->kind == UNIT_CEILING ? "within" : "import",
				  c->name);
		return false;
	}
	if (u->name.text && u->version.text && !strcmp(u->name.text, c->name) &&
	    !strcmp(u->version.text, version))
		return true;
	diag_error(d, u->name.at, "ABP-IMP-013", "the file's name says %s %s", c->name, version);
	diag_help(d, "write `%s %s %s` or rename the file", c->ceiling ? "ceiling" : "module", c->name,
		  version);
	return false;
}

static const struct file *file_of(struct importer *x, const struct choice *c)
{
	for (uint32_t i = 0; i < x->files.n; i++)
		if (!strcmp(x->files.v[i].path, c->path))
			return &x->files.v[i];
	struct file f = {.path = c->path};
	f.src = c->own ? source_text(x->r->a, c->path, c->own->text, c->own->len)
		       : source_read(x->r->a, x->r->d, c->path, MAX_FILE, c->at);
	uint32_t before = diags_errors(x->r->d);
	f.u = f.src ? abp_parse(x->r->a, x->r->d, f.src) : NULL;
	if (diags_errors(x->r->d) > before)
		f.u = NULL; /* what a line with an error would have meant is not known */
	if (f.u && !unit_fits(x, f.u, c))
		f.u = NULL;
	x->bad |= !f.u;
	vec_push(x->r->a, &x->files, f);
	return &x->files.v[x->files.n - 1];
}

static void gather(struct importer *x, const struct unit *u)
{
	for (uint32_t i = 0; i < u->stmts.n; i++) {
		const struct stmt *st = u->stmts.v[i];
		struct want w;
		if (st->kind != STMT_IMPORT && st->kind != STMT_WITHIN)
			continue;
		if (st->kind == STMT_WITHIN && u->kind != UNIT_POLICY)
			continue;
		if (u->kind != UNIT_CEILING && want_parse(x, st, &w))
			vec_push(x->r->a, &x->wants, w);
	}
}

/* Wants of the unit and of every module that the present choices reach. */
static void gather_all(struct importer *x)
{
	x->wants.n = 0;
	gather(x, x->r->units.v[0].u);
	name_list done = {0};
	for (uint32_t i = 0; i < x->wants.n; i++) {
		const struct choice *c = choice_of(x, x->wants.v[i].name);
		bool again = !c || !c->found || c->ceiling;
		for (uint32_t k = 0; k < done.n && !again; k++)
			again = !strcmp(done.v[k], c->name);
		if (again)
			continue;
		vec_push(x->r->a, &done, c->name);
		const struct file *f = file_of(x, c);
		if (f->u)
			gather(x, f->u);
	}
}

static bool same_wants(const struct want *v, uint32_t n, const struct importer *x)
{
	if (n != x->wants.n)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (v[i].at.src != x->wants.v[i].at.src || v[i].at.off != x->wants.v[i].at.off)
			return false;
	return true;
}

static bool fixpoint(struct importer *x)
{
	gather_all(x);
	for (unsigned round = 0; round < MAX_ROUNDS && !x->bad; round++) {
		uint32_t n = x->wants.n;
		struct want *old = arena_alloc(x->r->a, (n + 1) * sizeof *old);
		if (n)
			memcpy(old, x->wants.v, n * sizeof *old);
		choose_all(x);
		if (!x->bad)
			gather_all(x);
		if (x->bad || same_wants(old, n, x))
			return !x->bad;
	}
	return !x->bad;
}

static bool cyclic(struct importer *x, const struct origin *o, const struct stmt *st, const struct choice *c)
{
	const char *full = arena_printf(x->r->a, "%s %s", c->name, version_text(x->r->a, &c->v));
	uint32_t depth = 1;
	for (const struct origin *p = o; p; p = p->up, depth++) {
		if (strcmp(p->module, full))
			continue;
		diag_error(x->r->d, st->name.at, "ABP-IMP-014", "import cycle: %s imports itself", c->name);
		diag_also(x->r->d, p->at, "it is imported here first");
		diag_help(x->r->d, "delete one of the two imports");
		return true;
	}
	if (depth <= MAX_DEPTH)
		return false;
	diag_error(x->r->d, st->name.at, "ABP-IMP-015", "imports are nested deeper than %d", MAX_DEPTH);
	diag_help(x->r->d, "import %s directly in the policy", c->name);
	return true;
}

static bool already(const struct resolver *r, const struct unit *u)
{
	for (uint32_t i = 0; i < r->units.n; i++)
		if (r->units.v[i].u == u)
			return true;
	return false;
}

/* Depth first, so that a cycle shows as a module above itself; each module's lines are appended once. */
static void visit(struct importer *x, const struct unit *u, const struct origin *o)
{
	struct resolver *r = x->r;
	for (uint32_t i = 0; i < u->stmts.n; i++) {
		const struct stmt *st = u->stmts.v[i];
		const struct choice *c =
		    st->kind == STMT_IMPORT && st->name.text ? choice_of(x, st->name.text) : NULL;
		if (!c || !c->found || cyclic(x, o, st, c))
			continue;
		const char *name = arena_printf(r->a, "%s %s", c->name, version_text(r->a, &c->v));
		struct import_line edge = {o ? o->module : NULL, name, st->name.at,
					   st->tail.unsafe_at.src != NULL};
		vec_push(r->a, &r->m->imports, edge);
		const struct file *f = file_of(x, c);
		if (!f->u || already(r, f->u))
			continue;
		struct origin *up = arena_alloc(r->a, sizeof *up);
		*up = (struct origin){.up = o, .at = st->name.at, .module = name};
		vec_push(r->a, &r->units, ((struct loaded){.u = f->u, .origin = up, .file = f->path}));
		visit(x, f->u, up);
	}
}

static int ref_cmp(const void *x, const void *y)
{
	const struct unit_ref *a = x, *b = y;
	return strcmp(a->name, b->name);
}

static void fill_closure(struct importer *x)
{
	struct model *m = x->r->m;
	for (uint32_t i = 0; i < x->choices.n; i++) {
		const struct choice *c = &x->choices.v[i];
		const struct file *f = c->found ? file_of(x, c) : NULL;
		if (!f || !f->u)
			continue;
		struct unit_ref ref = {.name = c->name, .version = version_text(x->r->a, &c->v)};
		ref.ceiling = c->ceiling;
		ref.file = f->path;
		sha256(f->src->text, f->src->len, ref.sha256);
		vec_push(x->r->a, &m->closure, ref);
	}
	if (m->closure.n)
		qsort(m->closure.v, m->closure.n, sizeof *m->closure.v, ref_cmp);
}

static void fill_ceilings(struct importer *x)
{
	struct resolver *r = x->r;
	for (uint32_t i = 0; i < x->wants.n; i++) {
		const struct want *w = &x->wants.v[i];
		const struct choice *c = w->ceiling ? choice_of(x, w->name) : NULL;
		const struct file *f = c && c->found ? file_of(x, c) : NULL;
		if (!f || !f->u)
			continue;
		struct ceiling ceil = {.at = w->at};
		ceil.name = arena_printf(r->a, "%s %s", c->name, version_text(r->a, &c->v));
		ceil.m = resolve_unit(r->s, r->d, f->u, r->path, r->m->archs, r->depth + 1);
		vec_push(r->a, &r->m->ceilings, ceil);
	}
}

void import_closure(struct resolver *r)
{
	struct importer x = {.r = r};
	const struct unit *u = r->units.v[0].u;
	for (uint32_t i = 0; i < u->stmts.n; i++) {
		r->m->has_import |= u->stmts.v[i]->kind == STMT_IMPORT;
		r->m->has_within |= u->stmts.v[i]->kind == STMT_WITHIN;
	}
	if (!r->m->has_import && !r->m->has_within)
		return;
	fixpoint(&x);
	visit(&x, u, NULL);
	r->cur = &r->units.v[0];
	fill_closure(&x);
	fill_ceilings(&x);
}
