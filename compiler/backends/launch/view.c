#include "compiler/backends/launch/view.h"

#include <stdlib.h>
#include <string.h>

enum { RIGHTS = ABPB_READ | ABPB_WRITE | ABPB_LOAD | ABPB_EXEC };

/* '/' before every other byte, so that a directory is followed by what is below it. */
static int path_cmp(const char *x, const char *y)
{
	while (*x && *x == *y)
		x++, y++;
	int cx = *x == '/' ? 1 : *x ? (unsigned char)*x + 1 : 0;
	int cy = *y == '/' ? 1 : *y ? (unsigned char)*y + 1 : 0;
	return cx - cy;
}

/* name is dir itself or below it. */
static bool below(const char *name, const char *dir)
{
	size_t n = strlen(dir);
	if (n == 1)
		return true; /* the root */
	return strncmp(name, dir, n) == 0 && (name[n] == '/' || !name[n]);
}

/* A name of the kernel's file systems that needs a kind of its own; a tree of sysfs is a tree like any other.
 */
static bool is_proc(const struct place *p)
{
	return p->proc && !(p->tree && below(p->dir, "/sys"));
}

/* ---- the rights of a name --------------------------------------------- */

typedef VEC(const struct place *) place_list; /* sorted by dir */

static int place_cmp(const void *x, const void *y)
{
	const struct place *const *p = x, *const *q = y;
	return path_cmp((*p)->dir, (*q)->dir);
}

static void places_of(struct arena *a, const struct model *m, place_list *l)
{
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];
		if (g->kind == G_PATH && !is_proc(&g->u.place))
			vec_push(a, l, &g->u.place);
	}
	if (l->n)
		qsort(l->v, l->n, sizeof(l->v[0]), place_cmp);
}

static uint32_t first_at(const place_list *l, const char *dir)
{
	uint32_t lo = 0, hi = l->n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (path_cmp(l->v[mid]->dir, dir) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool excepted(struct arena *a, const struct place *p, const char *name)
{
	for (uint32_t i = 0; i < p->except.n; i++) {
		const char *dir;
		bool tree = path_is_tree(a, p->except.v[i], &dir);
		if (tree ? below(name, dir) : strcmp(name, p->except.v[i]) == 0)
			return true;
	}
	return false;
}

static uint32_t place_rights(const struct place *p)
{
	static const uint32_t rights[N_RIGHTS] = {
	    [RIGHT_READ] = ABPB_READ,
	    [RIGHT_WRITE] = ABPB_READ | ABPB_WRITE,
	    [RIGHT_LOAD] = ABPB_READ | ABPB_LOAD,
	    [RIGHT_EXEC] = ABPB_READ | ABPB_LOAD | ABPB_EXEC,
	};
	return rights[p->right];
}

/* What the grants on exactly `dir` give to `name`, which is dir or below it. */
static uint32_t rights_at(struct arena *a, const place_list *l, const char *dir, const char *name, bool tree)
{
	uint32_t r = 0;
	for (uint32_t i = first_at(l, dir); i < l->n && strcmp(l->v[i]->dir, dir) == 0; i++) {
		const struct place *p = l->v[i];
		bool covers = p->tree || p->glob || (!tree && strcmp(dir, name) == 0);
		if (covers)
			r |= place_rights(p) & (excepted(a, p, name) ? ~(uint32_t)ABPB_WRITE : ~0u);
	}
	return r;
}

/* The union over name and every directory above it. */
static uint32_t rights_of(struct arena *a, const place_list *l, const char *name, bool tree)
{
	uint32_t r = rights_at(a, l, name, name, tree) | rights_at(a, l, "/", name, tree);
	for (const char *s = name + 1; (s = strchr(s, '/')); s++)
		r |= rights_at(a, l, arena_strndup(a, name, (size_t)(s - name)), name, tree);
	return r;
}

/* ---- candidates ------------------------------------------------------- */

static void add(struct arena *a, view_list *l, uint32_t kind, uint32_t flags, const char *path,
		struct span at)
{
	struct view_entry e = {.kind = kind, .flags = flags, .path = path, .at = at};
	vec_push(a, l, e);
}

/* Directories strictly between the tree and an exception: renaming one would carry the exception away. */
static void add_pins(struct arena *a, view_list *l, const char *dir, const char *exception, struct span at)
{
	for (const char *s = exception + strlen(dir) + 1; (s = strchr(s, '/')); s++)
		add(a, l, ABPB_V_PIN, 0, arena_strndup(a, exception, (size_t)(s - exception)), at);
}

static void add_excepts(struct arena *a, view_list *l, const struct grant *g)
{
	const struct place *p = &g->u.place;
	for (uint32_t i = 0; i < p->except.n; i++) {
		const char *dir;
		bool tree = path_is_tree(a, p->except.v[i], &dir);
		if (!tree)
			dir = p->except.v[i];
		add(a, l, ABPB_V_EXCEPT, tree ? ABPB_BELOW : 0, dir, g->at);
		add_pins(a, l, p->dir, dir, g->at);
	}
}

/* Single names below /proc/self have no wall here (model.missing says so) and no entry. */
static void add_proc(struct arena *a, view_list *l, const struct grant *g)
{
	const struct place *p = &g->u.place;
	if (p->tree && strcmp(p->dir, "/proc/self") == 0)
		add(a, l, ABPB_V_PROC, ABPB_READ, "/proc", g->at);
	else if (!below(p->dir, "/proc/self"))
		add(a, l, ABPB_V_PROCFILE, ABPB_READ, p->dir, g->at);
}

static void add_path(struct arena *a, view_list *l, const struct grant *g)
{
	const struct place *p = &g->u.place;
	if (is_proc(p)) {
		add_proc(a, l, g);
		return;
	}
	uint32_t flags = (p->submounts ? ABPB_SUBMOUNTS : 0) | (p->slot ? ABPB_SLOT : 0);
	add(a, l, p->tree || p->glob ? ABPB_V_TREE : ABPB_V_FILE, flags, p->dir, g->at);
	add_excepts(a, l, g);
}

static void add_scratch(struct arena *a, view_list *l, const struct grant *g)
{
	const struct place *p = &g->u.place;
	uint32_t flags = ABPB_READ | ABPB_WRITE | (p->exec ? ABPB_LOAD | ABPB_EXEC : 0);
	add(a, l, ABPB_V_SCRATCH, flags, p->dir, g->at);
	l->v[l->n - 1].size = p->size;
	l->v[l->n - 1].inodes = p->inodes;
}

static void add_grant(struct arena *a, view_list *l, const struct grant *g)
{
	if (g->kind == G_PATH)
		add_path(a, l, g);
	else if (g->kind == G_SCRATCH)
		add_scratch(a, l, g);
	else if (g->kind == G_DEVICE)
		add(a, l, ABPB_V_DEVICE, ABPB_READ | ABPB_WRITE, g->u.place.dir, g->at);
	else if (g->kind == G_SYMLINK) {
		add(a, l, ABPB_V_SYMLINK, 0, g->u.place.dir, g->at);
		l->v[l->n - 1].target = g->u.place.target;
	}
}

/* ---- order and reduction ---------------------------------------------- */

static int entry_cmp(const void *x, const void *y)
{
	const struct view_entry *e = x, *f = y;
	int c = path_cmp(e->path, f->path);
	return c ? c : (e->kind > f->kind) - (e->kind < f->kind);
}

static bool is_path(const struct view_entry *e)
{
	return e->kind == ABPB_V_TREE || e->kind == ABPB_V_FILE || e->kind == ABPB_V_EXCEPT ||
	       e->kind == ABPB_V_PIN;
}

/* Several entries of one path: the first kind in the enum's order wins (a tree holds the file's own name
 * too). */
static void merge_same(view_list *l)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < l->n; i++) {
		struct view_entry *last = n ? &l->v[n - 1] : NULL;
		if (last && strcmp(last->path, l->v[i].path) == 0)
			last->flags |= l->v[i].flags;
		else
			l->v[n++] = l->v[i];
	}
	l->n = n;
}

/* Kept entries form a stack of open directories. */
typedef VEC(uint32_t) index_list;

static const struct view_entry *nearest_tree(const view_list *kept, index_list *open, const char *path)
{
	while (open->n && !below(path, kept->v[open->v[open->n - 1]].path))
		open->n--;
	return open->n ? &kept->v[open->v[open->n - 1]] : NULL;
}

static bool is_dir(const struct view_entry *e)
{
	return e->kind != ABPB_V_FILE && e->kind != ABPB_V_SYMLINK && e->kind != ABPB_V_DEVICE &&
	       e->kind != ABPB_V_PROCFILE;
}

static bool covers_below(const struct view_entry *e)
{
	return e->kind == ABPB_V_TREE || e->kind == ABPB_V_PIN || (e->flags & ABPB_BELOW);
}

static bool needed(const struct view_entry *e, const struct view_entry *outer)
{
	bool own_options = e->flags & (ABPB_SUBMOUNTS | ABPB_SLOT);
	return !is_path(e) || e->kind == ABPB_V_PIN || own_options || !outer ||
	       (e->flags & RIGHTS) != (outer->flags & RIGHTS);
}

void view_make(struct arena *a, const struct model *m, view_list *out)
{
	place_list places = {0};
	view_list all = {0};
	index_list open = {0};
	places_of(a, m, &places);
	for (uint32_t i = 0; i < m->grants.n; i++)
		add_grant(a, &all, &m->grants.v[i]);
	if (all.n)
		qsort(all.v, all.n, sizeof *all.v, entry_cmp);
	merge_same(&all);
	*out = (view_list){0};
	for (uint32_t i = 0; i < all.n; i++) {
		struct view_entry e = all.v[i];
		if (is_path(
			&e)) /* a pin or an exception has the rights of its tree, less what was excepted */
			e.flags =
			    (e.flags & ~(uint32_t)RIGHTS) | rights_of(a, &places, e.path, covers_below(&e));
		if (!needed(&e, nearest_tree(out, &open, e.path)))
			continue;
		vec_push(a, out, e);
		if (is_dir(&e))
			vec_push(a, &open, out->n - 1);
	}
}
