/*
 * resolve_links.c - the symbolic links that a policy makes: a name of a grant may not go through one, a name
 * of a pattern is rewritten.
 */
#include "compiler/resolve.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_HOPS = 40 }; /* as the kernel's limit on one walk */

static int link_cmp(const void *x, const void *y)
{
	const struct symlink *a = x, *b = y;
	int c = strcmp(a->link, b->link);
	return c ? c : strcmp(a->target, b->target);
}

/* Sort; two lines that say the same are one, two that differ are an error. */
void links_sort(struct resolver *r)
{
	if (r->links.n > 1)
		qsort(r->links.v, r->links.n, sizeof *r->links.v, link_cmp);
	uint32_t n = 0;
	for (uint32_t i = 0; i < r->links.n; i++) {
		const struct symlink *last = n ? &r->links.v[n - 1] : NULL, *x = &r->links.v[i];
		if (last && !strcmp(last->link, x->link)) {
			if (!strcmp(last->target, x->target))
				continue;
			diag_error(r->d, x->at, "ABP-PATH-041", "the link %s has two targets", x->link);
			diag_also(r->d, last->at, "the other one is %s", last->target);
			diag_help(r->d, "keep one of the two lines");
			continue;
		}
		r->links.v[n++] = *x;
	}
	r->links.n = n;
}

/* The link whose name is exactly the first n bytes. */
static const struct symlink *link_at(const struct resolver *r, const char *name, size_t n)
{
	uint32_t lo = 0, hi = r->links.n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const char *x = r->links.v[mid].link;
		int c = strncmp(x, name, n);
		if (!c && x[n])
			c = 1;
		if (!c)
			return &r->links.v[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* The first link on the way of a name; *n: bytes of the name up to it.  Wildcards name no link. */
static const struct symlink *link_through(const struct resolver *r, const char *name, size_t *n)
{
	size_t end = strcspn(name, "*?[");
	for (size_t i = 1; r->links.n && i <= end; i++) {
		if (name[i] && name[i] != '/')
			continue;
		const struct symlink *x = link_at(r, name, i);
		if (x) {
			*n = i;
			return x;
		}
		if (!name[i])
			break;
	}
	return NULL;
}

const char *link_rewrite(const struct resolver *r, const char *name)
{
	const char *out = NULL;
	for (unsigned hop = 0; hop < MAX_HOPS; hop++) {
		size_t n;
		const struct symlink *x = link_through(r, out ? out : name, &n);
		if (!x)
			return out;
		out = arena_printf(r->a, "%s%s", x->target, (out ? out : name) + n);
	}
	return out;
}

static void through(struct resolver *r, const struct grant *g, const char *name)
{
	size_t n;
	const struct symlink *x = link_through(r, name, &n);
	if (!x || (g->kind == G_SYMLINK && !name[n]))
		return;
	const char *to = link_rewrite(r, name);
	if (g->kind == G_SYMLINK)
		diag_error(r->d, g->at, "ABP-PATH-043", "the link %s is made below another link", name);
	else
		diag_error(r->d, g->at, "ABP-PATH-042",
			   "%s goes through a symlink of the policy: grants name the object", name);
	diag_also(r->d, x->at, "%s is a link to %s", x->link, x->target);
	diag_help(r->d, "write %s", quoted(r->a, to));
}

static bool has_place(const struct grant *g)
{
	return g->kind == G_PATH || g->kind == G_SCRATCH || g->kind == G_SYMLINK;
}

void links_check(struct resolver *r)
{
	for (uint32_t i = 0; i < r->links.n; i++)
		if (link_rewrite(r, r->links.v[i].link) &&
		    strcmp(r->links.v[i].link, r->links.v[i].target) != 0) {
			size_t n;
			if (!link_through(r, link_rewrite(r, r->links.v[i].link), &n))
				continue;
			diag_error(r->d, r->links.v[i].at, "ABP-PATH-044", "the link %s leads back to itself",
				   r->links.v[i].link);
			diag_help(r->d, "write the object's own name as the target");
		}
	for (uint32_t i = 0; r->links.n && i < r->m->grants.n; i++) {
		const struct grant *g = &r->m->grants.v[i];
		if (has_place(g))
			through(r, g, g->kind == G_SCRATCH ? g->u.place.dir : g->u.place.pattern);
		for (uint32_t k = 0; g->kind == G_PATH && k < g->u.place.except.n; k++)
			through(r, g, g->u.place.except.v[k]);
		if (g->kind == G_UNIX && g->u.place.pattern && g->u.place.pattern[0] == '/')
			through(r, g, g->u.place.pattern);
	}
}
