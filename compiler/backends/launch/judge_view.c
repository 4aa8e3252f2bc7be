#include "compiler/backends/launch/judge.h"

#include <stdlib.h>
#include <string.h>

/* ---- the view's meaning ----------------------------------------------- */

/*
 * A name has the rights of the deepest entry that covers it.  For one right, walk the entries in order and
 * count how often the right has changed on the way from the root: odd depths add their names, even depths
 * take them away.
 */
enum { MAX_DEPTH = 16 };

struct layer {
	VEC(const char *) trees, names;
};

static bool inside(const char *name, const char *dir)
{
	size_t n = strlen(dir);
	return strncmp(name, dir, n) == 0 && (name[n] == '/' || !name[n] || n == 1);
}

static bool single_name(const struct abpb_view *v)
{
	return v->kind == ABPB_V_FILE || v->kind == ABPB_V_DEVICE || v->kind == ABPB_V_PROCFILE ||
	       (v->kind == ABPB_V_EXCEPT && !(v->flags & ABPB_BELOW));
}

struct open_dir {
	const char *dir;
	unsigned depth;
};

static bool layer_entry(struct judge *j, const struct abpb_view *v, uint32_t bit, struct open_dir *stack,
			unsigned *n, struct layer *layers)
{
	const char *path = decode_string(&j->b, v->path);
	if (v->kind == ABPB_V_PROC)
		path = "/proc/self"; /* subset=pid: the run's own processes, which is what the grant names */
	while (*n && !inside(path, stack[*n - 1].dir))
		--*n;
	unsigned outer = *n ? stack[*n - 1].depth : 0, depth = outer;
	if (!!(v->flags & bit) != (outer & 1))
		depth++;
	if (depth >= MAX_DEPTH || *n >= MAX_DEPTH * 16)
		return false;
	if (depth != outer && single_name(v))
		vec_push(j->s->a, &layers[depth].names, path);
	else if (depth != outer)
		vec_push(j->s->a, &layers[depth].trees, judge_tree(j->s->a, path));
	if (!single_name(v))
		stack[(*n)++] = (struct open_dir){path, depth};
	return true;
}

static const struct dfa *layers_set(struct arena *a, const struct layer *layers)
{
	const struct dfa *set = NULL;
	for (unsigned i = 1; i < MAX_DEPTH; i++) {
		const struct dfa *x = dfa_many(a, DFA_PATH, layers[i].trees.v, layers[i].trees.n);
		x = dfa_or(a, x, dfa_many(a, DFA_STRING, layers[i].names.v, layers[i].names.n));
		if (x)
			set = i & 1 ? dfa_or(a, set, x) : dfa_diff(a, set, x);
	}
	return set;
}

static const struct dfa *view_set(struct judge *j, uint32_t bit)
{
	struct layer layers[MAX_DEPTH] = {0};
	struct open_dir stack[MAX_DEPTH * 16];
	unsigned depth = 0;
	uint32_t n;
	const struct abpb_view *v = decode_section(&j->b, ABPB_VIEW, 0, sizeof *v, &n);
	for (uint32_t i = 0; i < n; i++)
		if (v[i].kind != ABPB_V_SYMLINK && !layer_entry(j, &v[i], bit, stack, &depth, layers))
			judge_differs(j, "the view is nested too deeply", decode_string(&j->b, v[i].path));
	return layers_set(j->s->a, layers);
}

/* The three files of `connect ... as NAME` are made by nobody yet: its grant must be among the missing. */
static const struct dfa *named_files(const struct judge *j)
{
	static const char *const files[] = {"/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf"};
	for (uint32_t i = 0; i < j->m->grants.n; i++)
		if (j->m->grants.v[i].kind == G_NET && j->m->grants.v[i].u.net.as && j->m->missing.n)
			return dfa_many(j->s->a, DFA_STRING, files, 3);
	return NULL;
}

static void judge_right(struct judge *j, enum right right, uint32_t bit)
{
	static const char *const name[N_RIGHTS] = {"read", "write", "load", "exec"};
	struct arena *a = j->s->a;
	const struct dfa *want = j->m->all.k[K_READ + right].d, *got = view_set(j, bit);
	const struct dfa *less = dfa_diff(a, dfa_diff(a, want, named_files(j)), got),
			 *more = dfa_diff(a, got, want);
	bool bound =
	    judge_missing_wall(j->m, "apparmor"); /* a glob or a single /proc/self name: refused at launch */
	if (less && !bound)
		judge_differs(j, "granted, but not in the view",
			      arena_printf(a, "%s %s", name[right], dfa_witness(a, less)));
	if (more && !bound)
		judge_differs(j, "in the view, but not granted",
			      arena_printf(a, "%s %s", name[right], dfa_witness(a, more)));
}

static void judge_sets(struct judge *j)
{
	judge_right(j, RIGHT_READ, ABPB_READ);
	judge_right(j, RIGHT_WRITE, ABPB_WRITE);
	judge_right(j, RIGHT_LOAD, ABPB_LOAD);
	judge_right(j, RIGHT_EXEC, ABPB_EXEC);
}

/* Names that a rename could carry away stay pinned: every directory between a write tree and its exception.
 */
static bool has_entry(const struct judge *j, const char *path, size_t len)
{
	uint32_t n;
	const struct abpb_view *v = decode_section(&j->b, ABPB_VIEW, 0, sizeof *v, &n);
	for (uint32_t i = 0; i < n; i++) {
		const char *p = decode_string(&j->b, v[i].path);
		if (strncmp(p, path, len) == 0 && !p[len])
			return true;
	}
	return false;
}

static void judge_pins(struct judge *j)
{
	uint32_t n;
	const struct abpb_view *v = decode_section(&j->b, ABPB_VIEW, 0, sizeof *v, &n), *tree = NULL;
	for (uint32_t i = 0; i < n; i++) {
		const char *p = decode_string(&j->b, v[i].path);
		if (v[i].kind == ABPB_V_TREE && (v[i].flags & ABPB_WRITE))
			tree = &v[i];
		if (v[i].kind != ABPB_V_EXCEPT || !tree)
			continue;
		size_t top = strlen(decode_string(&j->b, tree->path));
		for (const char *s = p + top + 1; (s = strchr(s, '/')); s++)
			if (!has_entry(j, p, (size_t)(s - p)))
				judge_differs(j, "a directory above an exception is not pinned", p);
	}
}

/* ---- how each entry is made ------------------------------------------- */

enum { RIGHTS = ABPB_READ | ABPB_WRITE | ABPB_LOAD | ABPB_EXEC };

static bool kind_fits(const struct grant *g, const struct abpb_view *v)
{
	const struct place *p = &g->u.place;
	switch ((enum abpb_view_kind)v->kind) {
	case ABPB_V_SCRATCH:
		return g->kind == G_SCRATCH && p->size == v->size && p->inodes == v->inodes;
	case ABPB_V_SYMLINK:
		return g->kind == G_SYMLINK;
	case ABPB_V_DEVICE:
		return g->kind == G_DEVICE;
	case ABPB_V_PROCFILE:
		return g->kind == G_PATH && p->proc && !p->tree;
	case ABPB_V_TREE:
		return g->kind == G_PATH && (p->tree || p->glob);
	case ABPB_V_FILE:
		return g->kind == G_PATH && !p->tree && !p->glob && !p->proc;
	case ABPB_V_PROC:
	case ABPB_V_EXCEPT:
	case ABPB_V_PIN:
		break;
	}
	return false;
}

/* The grants that have a place, sorted by it: a view may have 100,000 entries. */
typedef VEC(const struct grant *) grant_refs;

static int dir_cmp(const void *x, const void *y)
{
	const struct grant *const *a = x, *const *b = y;
	return strcmp((*a)->u.place.dir, (*b)->u.place.dir);
}

static grant_refs grants_by_dir(struct judge *j)
{
	grant_refs refs = {0};
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		bool place =
		    g->kind == G_PATH || g->kind == G_SCRATCH || g->kind == G_DEVICE || g->kind == G_SYMLINK;
		if (place && g->u.place.dir)
			vec_push(j->s->a, &refs, g);
	}
	if (refs.n)
		qsort(refs.v, refs.n, sizeof *refs.v, dir_cmp);
	return refs;
}

/* The first of refs whose place is not before path. */
static uint32_t first_of(const grant_refs *refs, const char *path)
{
	uint32_t low = 0, high = refs->n;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (strcmp(refs->v[mid]->u.place.dir, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The options that the grants of this path ask for; 0 grants: the entry comes from nowhere. */
static unsigned grants_of(struct judge *j, const grant_refs *refs, const struct abpb_view *v,
			  uint32_t *options)
{
	unsigned n = 0;
	const char *path = decode_string(&j->b, v->path);
	for (uint32_t i = first_of(refs, path); i < refs->n; i++) {
		const struct grant *g = refs->v[i];
		if (strcmp(g->u.place.dir, path) != 0)
			break;
		if (!kind_fits(g, v))
			continue;
		if (v->kind == ABPB_V_SYMLINK && !judge_text_is(j, v->target, g->u.place.target))
			continue;
		*options |= g->u.place.submounts ? ABPB_SUBMOUNTS : 0;
		*options |= g->u.place.slot ? ABPB_SLOT : 0;
		n++;
	}
	return n;
}

/* Is path an exception of a write grant; *below: of a directory and everything under it. */
static bool is_exception(struct judge *j, const char *path, bool pin, bool *is_tree)
{
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		for (uint32_t k = 0; g->kind == G_PATH && k < g->u.place.except.n; k++) {
			const char *dir, *pattern = g->u.place.except.v[k];
			*is_tree = path_is_tree(j->s->a, pattern, &dir);
			if (!*is_tree)
				dir = pattern;
			bool way =
			    inside(dir, path) && inside(path, g->u.place.dir) && strcmp(dir, path) != 0;
			if (pin ? way : strcmp(dir, path) == 0)
				return true;
		}
	}
	return false;
}

static bool entry_fits(struct judge *j, const grant_refs *refs, const struct abpb_view *v)
{
	const char *path = decode_string(&j->b, v->path);
	uint32_t options = 0;
	bool tree = false;
	bool plain = !v->zero && (v->kind == ABPB_V_SYMLINK ? !v->flags : !v->target) &&
		     (v->kind == ABPB_V_SCRATCH || (!v->size && !v->inodes));
	if (v->kind == ABPB_V_PROC)
		return plain && v->flags == ABPB_READ && strcmp(path, "/proc") == 0;
	if (v->kind == ABPB_V_EXCEPT || v->kind == ABPB_V_PIN) {
		bool found = is_exception(j, path, v->kind == ABPB_V_PIN, &tree);
		options = v->kind == ABPB_V_EXCEPT && tree ? ABPB_BELOW : 0;
		return plain && found && (v->flags & ~(uint32_t)RIGHTS) == options;
	}
	return plain && grants_of(j, refs, v, &options) && (v->flags & ~(uint32_t)RIGHTS) == options;
}

/* Scratch directories, devices, links and slots are entries of their own, always. */
static bool needs_entry(const struct grant *g)
{
	return g->kind == G_SCRATCH || g->kind == G_DEVICE || g->kind == G_SYMLINK ||
	       (g->kind == G_PATH && (g->u.place.slot || g->u.place.submounts));
}

static void judge_entries(struct judge *j)
{
	uint32_t n;
	const grant_refs refs = grants_by_dir(j);
	const struct abpb_view *v = decode_section(&j->b, ABPB_VIEW, 0, sizeof *v, &n);
	for (uint32_t i = 0; i < n; i++) {
		const char *path = decode_string(&j->b, v[i].path);
		if (!entry_fits(j, &refs, &v[i]))
			judge_differs(j, "an entry of the view that no grant asks for", path);
		if (i && strcmp(path, decode_string(&j->b, v[i - 1].path)) == 0)
			judge_differs(j, "two entries of one name", path);
	}
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		if (needs_entry(g) && !has_entry(j, g->u.place.dir, strlen(g->u.place.dir)))
			judge_differs(j, "a grant without its entry in the view", g->text);
	}
}

void launch_judge_view(struct judge *j)
{
	judge_sets(j);
	judge_pins(j);
	judge_entries(j);
}
