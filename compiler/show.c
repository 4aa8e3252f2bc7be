/*
 * show.c - `abpc show`: what is blocked, then what is granted, one row an item: wall, item, line, reason.
 */
#include "compiler/check.h"
#include "compiler/law.h"

#include <string.h>

/* ---- what is blocked -------------------------------------------------- */

/* Every argument of the call is permitted. */
static bool unconditional(const struct rule *r)
{
	for (uint32_t i = 0; i < r->terms.n; i++)
		if (!r->terms.v[i].atoms.n)
			return true;
	return false;
}

void denied_calls(const struct model *m, enum arch arch, unsigned *denied, unsigned *partly, unsigned *total)
{
	*total = *partly = 0;
	for (size_t i = 0; i < syscall_count(); i++)
		*total += syscall_at(i)->nr[arch] >= 0;
	for (uint32_t i = 0; i < m->calls[arch].n; i++)
		*partly += !unconditional(&m->calls[arch].v[i]);
	*denied = *total - m->calls[arch].n;
}

static void blocked_calls(const struct model *m, enum arch arch, struct buf *out)
{
	unsigned denied, partly, total;

	denied_calls(m, arch, &denied, &partly, &total);
	buf_printf(out, "  %-13s %u of %u on %s, and %u more unless their arguments match\n", "system calls",
		   denied, total, arch_table[arch].name, partly);
}

static void blocked_caps(const struct model *m, struct buf *out)
{
	unsigned held = (unsigned)__builtin_popcountll(m->all.k[K_CAP].bits);

	buf_printf(out, "  %-13s %u of %u\n", "capabilities", N_CAPS - held, N_CAPS);
}

enum { FAMILIES = 46 }; /* AF_MAX of Linux 6.18 */

unsigned denied_families(struct sets *s, const struct model *m, unsigned *total)
{
	unsigned open = 0;

	for (unsigned f = 0; f < FAMILIES; f++)
		open += !bdd_disjoint(s->t, m->all.k[K_SOCK].b, bdd_range(s->t, F_SOCK_FAMILY, f, f));
	*total = FAMILIES;
	return FAMILIES - open;
}

static void blocked_sockets(struct sets *s, const struct model *m, struct buf *out)
{
	unsigned total, denied = denied_families(s, m, &total);

	buf_printf(out, "  %-13s %u of %u address families\n", "sockets", denied, total);
}

static unsigned lines_of(const struct model *m, enum ekind k)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < m->grants.n; i++)
		n += grant_written(&m->grants.v[i]) && !evset_no(&m->grants.v[i].set, k);
	return n;
}

/* "everything", or "everything but what N lines grant". */
static void blocked_kind(const struct model *m, enum ekind k, const char *name, struct buf *out)
{
	unsigned n = lines_of(m, k);

	buf_printf(out, "  %-13s %s", name, evset_no(&m->all, k) ? "everything" : "everything but what ");
	if (!evset_no(&m->all, k))
		buf_printf(out, "%u item%s grant%s", n, n == 1 ? "" : "s", n == 1 ? "s" : "");
	buf_putc(out, '\n');
}

static void blocked(struct sets *s, const struct model *m, struct buf *out)
{
	static const struct {
		enum ekind k;
		const char *name;
	} rows[] = {{K_CONN, "connect"}, {K_PEER, "listen"},	 {K_BIND, "bind"},
		    {K_READ, "read"},	 {K_WRITE, "write"},	 {K_LOAD, "load"},
		    {K_EXEC, "exec"},	 {K_ENV, "environment"}, {K_FD, "descriptors"}};

	buf_puts(out, "blocked\n");
	for (unsigned arch = 0; arch < N_ARCH; arch++)
		if (m->archs & 1u << arch)
			blocked_calls(m, (enum arch)arch, out);
	blocked_caps(m, out);
	blocked_sockets(s, m, out);
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
		blocked_kind(m, rows[i].k, rows[i].name, out);
}

/* ---- settings --------------------------------------------------------- */

static void settings(struct sets *s, const struct model *m, struct buf *out)
{
	const struct settings *r = &m->run;
	static const char *const stdio[] = {"pipe", "null", "inherit", "tty"};

	buf_printf(out, "run\n  net %s; stdio %s; user %u:%u%s; workdir %s; program %s; denied calls %s\n",
		   net_name(r->net), stdio[r->stdio], r->uid, r->gid, r->has_user ? "" : " (default)",
		   r->workdir ? r->workdir : "/", r->program ? r->program : "any that exec covers",
		   r->on_deny_kill ? "kill" : "fail");
	buf_puts(out, "limits\n");
	for (unsigned i = 0; i < MODEL_RESOURCES; i++) {
		enum abpb_resource res = (enum abpb_resource)i;
		const struct limit *l = &m->limits[i];
		const char *value = l->set ? amount_text(s->a, res, l->value) : "unlimited";

		if (limit_at(res) && (l->set || res != ABPB_CONNECTIONS))
			buf_printf(out, "%s%s %s%s", i ? ", " : "  ", limit_at(res)->name, value,
				   l->set && !l->at.src ? " (default)" : "");
	}
	buf_putc(out, '\n');
}

/* ---- rows ------------------------------------------------------------- */

const char *grant_wall(const struct model *m, const struct grant *g)
{
	switch (g->kind) {
	case G_CALL:
	case G_SOCK:
	case G_FLOOR:
		return wall_name(WALL_SECCOMP);
	case G_CAP:
		return wall_name(WALL_CAPS);
	case G_NET:
	case G_HOST:
	case G_PROXY:
		return wall_name(m->run.net == NET_HOST || m->run.net == NET_PRIVATE ? WALL_SOCKETS
										     : WALL_NETNS);
	case G_UNIX:
		return wall_name(evset_no(&g->set, K_UNIX_PAIR) ? WALL_LANDLOCK : WALL_SECCOMP);
	case G_PATH:
		return wall_name(g->u.place.glob ? WALL_APPARMOR : WALL_VIEW);
	case G_SCRATCH:
	case G_DEVICE:
	case G_SYMLINK:
		return wall_name(WALL_VIEW);
	case G_LIMIT:
		return wall_name(WALL_LIMITS);
	case G_PASS:
	case G_SETTING_FD:
		break;
	}
	return wall_name(WALL_LAUNCH);
}

enum { ITEM_WIDTH = 44 };

/* A long item has a line of its own. */
static void row(const char *wall, const char *item, const char *line, const char *reason, struct buf *out)
{
	if (strlen(item) > ITEM_WIDTH)
		buf_printf(out, "  %-17s %s\n  %-17s %-44s %-22s %s", wall, item, "", "", line, reason);
	else
		buf_printf(out, "  %-17s %-44s %-22s %s", wall, item, line, reason);
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_putc(out, '\n');
}

static bool same_item(const struct grant *x, const struct grant *y)
{
	return x->at.src == y->at.src && x->at.off == y->at.off && x->at.len == y->at.len &&
	       x->implied_by == y->implied_by;
}

/* "no call on aarch64" for a call that only some architectures have. */
static const char *gaps(struct arena *a, const struct model *m, const struct grant *g)
{
	if (g->kind != G_CALL)
		return "";
	for (unsigned arch = 0; arch < N_ARCH; arch++)
		if (m->archs & 1u << arch && (!(g->arch & 1u << arch) || g->u.call.nr[arch] == 0xffff))
			return arena_printf(a, " (nothing on %s)", arch_table[arch].name);
	return "";
}

static const char *reason_text(struct sets *s, const struct model *m, const struct grant *g)
{
	const char *why = g->because ? g->because : g->implied_why ? g->implied_why : "";
	const char *how = g->implied_by >= 0 ? "implied" : g->origin ? "imported" : "";

	return arena_printf(s->a, "%s%s%s%s%s", g->is_unsafe ? "UNSAFE " : "", how, *how && *why ? ": " : "",
			    why, gaps(s->a, m, g));
}

/* One row an item; the calls of a group are one item unless expanded.  Returns the last grant of the item. */
static uint32_t grant_row(struct sets *s, const struct model *m, uint32_t i, bool expand, struct buf *out)
{
	const struct grant *g = &m->grants.v[i];
	const char *item = g->text;
	uint32_t last = i;

	while (!expand && g->kind == G_CALL && last + 1 < m->grants.n && same_item(g, &m->grants.v[last + 1]))
		last++;
	if (last > i && g->at.src)
		item = arena_printf(s->a, "allow %.*s (%u calls)", (int)g->at.len,
				    g->at.src->text + g->at.off, last - i + 1);
	row(grant_wall(m, g), item, g->at.src ? grant_where(s->a, g) : "-", reason_text(s, m, g), out);
	return last;
}

/* What an import line brings, as one row; only at the first grant of that line. */
static void import_row(struct sets *s, const struct model *m, uint32_t i, struct buf *out)
{
	struct span at = origin_root(m->grants.v[i].origin);
	const struct origin *top = m->grants.v[i].origin;
	unsigned n = 0;

	for (uint32_t k = 0; k < m->grants.n; k++) {
		const struct grant *g = &m->grants.v[k];

		if (!g->origin || !grant_written(g) || origin_root(g->origin).off != at.off)
			continue;
		if (k < i)
			return;
		n++;
	}
	while (top->up)
		top = top->up;
	row("import", arena_printf(s->a, "%s (%u items)", top->module, n), model_where(s->a, at),
	    "`show -x` lists them", out);
}

static void floor_row(const struct grant *g, struct buf *out)
{
	row(wall_name(WALL_SECCOMP), g->text, "-", "the floor: exit, signal return, the loader's own start",
	    out);
}

void show_text(struct sets *s, const struct model *m, bool expand, struct buf *out)
{
	static const char *const kind[] = {"policy", "module", "ceiling"};

	buf_printf(out, "%s %s %s\n", kind[m->kind], m->name, m->version);
	if (m->title)
		buf_printf(out, "  %s\n", m->title);
	if (m->kind == MODEL_POLICY)
		blocked(s, m, out);
	if (m->kind != MODEL_MODULE)
		settings(s, m, out);
	buf_puts(out, "granted\n");
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];

		if (g->kind == G_FLOOR) {
			if (expand)
				floor_row(g, out);
		} else if (expand || (g->implied_by < 0 && !g->origin))
			i = grant_row(s, m, i, expand, out);
		else if (g->implied_by < 0)
			import_row(s, m, i, out);
	}
	if (m->missing.n)
		buf_puts(out, "missing walls: abprun refuses\n");
	for (uint32_t i = 0; i < m->missing.n; i++)
		row(m->missing.v[i].wall, m->missing.v[i].what, model_where(s->a, m->missing.v[i].at), "",
		    out);
}
