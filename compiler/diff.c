/*
 * diff.c - `abpc diff`: two policies by meaning.
 *
 * Events are compared as sets, so moving, splitting or rewording lines shows nothing.  A row is one item that
 * is (partly) new or gone, with an event as witness; what items imply is one row an item.  Settings are not
 * sets: they are ordered where language.md section 2 orders them, else "changed".  Answers to denied calls
 * come last: never a widening.
 */
#include "compiler/base/json.h"
#include "compiler/check.h"
#include "compiler/law.h"

#include <string.h>

enum { WIDER = 1, NARROWER = 2, CHANGED = 4 };

struct row {
	unsigned bit;
	const char *what;
	const char *where;   /* "FILE:LINE"; NULL: a default, or gone */
	const char *witness; /* an event; NULL: a setting */
};

struct diff {
	struct sets *s;
	const struct model *old, *new_;
	VEC(struct row) rows;
	unsigned bits;
};

static void row(struct diff *x, unsigned bit, const char *what, const char *where, const char *witness)
{
	struct row r = {bit, what, where, witness};

	x->bits |= bit;
	vec_push(x->s->a, &x->rows, r);
}

static const char *example(struct sets *s, const struct evset *x)
{
	struct event e;

	evset_witness(s, x, &e);
	return event_text(s, &e);
}

/* ---- events ----------------------------------------------------------- */

/* What only one side is built for is no difference of meaning: such kinds, and limits (rows of their own),
 * go. */
static struct evset comparable_part(const struct diff *x, struct evset set)
{
	for (unsigned arch = 0; arch < N_ARCH; arch++)
		if (!(x->old->archs & x->new_->archs & 1u << arch))
			set.k[K_SYS_X86_64 + arch].b = BDD_NONE;
	set.k[K_USE].b = BDD_NONE;
	return set;
}

/* Events of one side that the other lacks, a row for each item of `mine` that holds some. */
static void only_in(struct diff *x, const struct model *mine, const struct model *other, unsigned bit)
{
	struct evset gone = evset_diff(x->s, &mine->all, &other->all), left, part;

	left = gone = comparable_part(x, gone);
	for (uint32_t i = 0; i < mine->grants.n && !evset_empty(&gone); i++) {
		const struct grant *g = &mine->grants.v[i];

		if (!grant_written(g))
			continue;
		part = evset_and(x->s, &g->set, &gone);
		if (evset_empty(&part))
			continue;
		row(x, bit, arena_printf(x->s->a, "%s%s", g->text, g->is_unsafe ? " unsafe" : ""),
		    grant_where(x->s->a, g), example(x->s, &part));
		left = evset_diff(x->s, &left, &part);
	}
	for (uint32_t cause = 0; cause < mine->grants.n && !evset_empty(&left); cause++) {
		struct evset implied = evset_none();

		for (uint32_t i = 0; i < mine->grants.n; i++)
			if (mine->grants.v[i].implied_by == (int)cause)
				implied = evset_or(x->s, &implied, &mine->grants.v[i].set);
		part = evset_and(x->s, &implied, &left);
		if (evset_empty(&part))
			continue;
		row(x, bit, arena_printf(x->s->a, "what `%s` implies", mine->grants.v[cause].text),
		    grant_where(x->s->a, &mine->grants.v[cause]), example(x->s, &part));
		left = evset_diff(x->s, &left, &part);
	}
	if (!evset_empty(&left))
		row(x, bit, "without a line of its own", NULL, example(x->s, &left));
}

/* ---- newly unsafe ----------------------------------------------------- */

static struct evset unsafe_events(struct sets *s, const struct model *m)
{
	struct evset set = evset_none();

	for (uint32_t i = 0; i < m->grants.n; i++)
		if (m->grants.v[i].is_unsafe)
			set = evset_or(s, &set, &m->grants.v[i].set);
	return set;
}

static void newly_unsafe(struct diff *x)
{
	struct evset before = unsafe_events(x->s, x->old);

	for (uint32_t i = 0; i < x->new_->grants.n; i++) {
		const struct grant *g = &x->new_->grants.v[i];
		struct evset part;

		if (!g->is_unsafe)
			continue;
		part = evset_diff(x->s, &g->set, &before);
		part = evset_and(x->s, &part, &x->old->all); /* what is new has a row already */
		if (!evset_empty(&part))
			row(x, WIDER, arena_printf(x->s->a, "newly unsafe: %s", g->text),
			    grant_where(x->s->a, g), example(x->s, &part));
	}
}

/* ---- limits ----------------------------------------------------------- */

static const char *limit_text(struct sets *s, const struct model *m, enum abpb_resource r)
{
	const struct limitdef *l = limit_at(r);

	if (m->limits[r].set)
		return amount_text(s->a, r, m->limits[r].value);
	return l && l->has_default ? amount_text(s->a, r, l->def) : "unlimited";
}

static void limit_rows(struct diff *x)
{
	for (unsigned r = 0; r < MODEL_RESOURCES; r++) {
		enum abpb_resource res = (enum abpb_resource)r;
		bdd one = bdd_range(x->s->t, F_USE_RES, r, r);
		bdd was = bdd_and(x->s->t, one, x->old->all.k[K_USE].b);
		bdd is = bdd_and(x->s->t, one, x->new_->all.k[K_USE].b);
		const struct limit *l = &x->new_->limits[r];

		if (was == is || !limit_at(res))
			continue;
		row(x, bdd_subset(x->s->t, was, is) ? WIDER : NARROWER,
		    arena_printf(x->s->a, "%s %s -> %s", limit_at(res)->name, limit_text(x->s, x->old, res),
				 limit_text(x->s, x->new_, res)),
		    l->set ? model_where(x->s->a, l->at) : NULL, NULL);
	}
}

/* ---- settings --------------------------------------------------------- */

static void changed(struct diff *x, const char *key, const char *was, const char *is)
{
	was = was ? was : "(none)";
	is = is ? is : "(none)";
	if (strcmp(was, is))
		row(x, CHANGED, arena_printf(x->s->a, "%s %s -> %s", key, was, is), NULL, NULL);
}

static void ordered(struct diff *x, const char *key, unsigned was, unsigned is, const char *from,
		    const char *to)
{
	if (was != is)
		row(x, is > was ? WIDER : NARROWER, arena_printf(x->s->a, "%s %s -> %s", key, from, to), NULL,
		    NULL);
}

/* The place of a word in the table's list, narrowest first. */
static unsigned rank(const char *key, const char *word)
{
	const struct settingdef *def = setting_by_name(key);
	size_t n = strlen(word);
	unsigned place = 0;

	for (const char *p = def && def->values ? def->values : ""; *p; place++) {
		size_t len = strcspn(p, " ");

		if (len == n && !strncmp(p, word, n))
			return place;
		p += len + (p[len] == ' ');
	}
	return place;
}

static void required(struct diff *x, const char *what, uint32_t was, uint32_t is)
{
	if (was != is)
		row(x, is < was ? WIDER : NARROWER,
		    arena_printf(x->s->a, "require %s: %s", what,
				 !is	? "dropped"
				 : !was ? "added"
					: arena_printf(x->s->a, "%u -> %u", was, is)),
		    NULL, NULL);
}

static const char *ids_text(struct arena *a, const struct settings *r)
{
	struct buf b = buf_new(a);

	for (uint32_t i = 0; i < r->groups.n; i++)
		buf_printf(&b, "%s%u", i ? " " : "", r->groups.v[i]);
	return b.len ? buf_str(&b) : NULL;
}

static const char *user_text(struct arena *a, const struct settings *r)
{
	return r->has_user ? arena_printf(a, "%u:%u", r->uid, r->gid) : "65534:65534 (default)";
}

static void user_row(struct diff *x, const struct settings *was, const struct settings *is)
{
	struct arena *a = x->s->a;
	const char *text = arena_printf(a, "user %s -> %s", user_text(a, was), user_text(a, is));

	if (was->has_user == is->has_user && was->uid == is->uid && was->gid == is->gid)
		return;
	row(x, is->has_user && is->uid == 0 && was->uid != 0 ? WIDER : CHANGED, text, NULL, NULL);
}

static void run_rows(struct diff *x)
{
	static const char *const stdio[] = {"pipe", "null", "inherit", "tty"};
	const struct settings *was = &x->old->run, *is = &x->new_->run;
	struct arena *a = x->s->a;

	ordered(x, "net", was->net, is->net, net_name(was->net), net_name(is->net));
	ordered(x, "stdio", rank("stdio", stdio[was->stdio]), rank("stdio", stdio[is->stdio]),
		stdio[was->stdio], stdio[is->stdio]);
	user_row(x, was, is);
	required(x, "apparmor", was->require_apparmor, is->require_apparmor);
	required(x, "landlock", was->landlock_abi, is->landlock_abi);
	required(x, "filter-readback", was->require_readback, is->require_readback);
	changed(x, "groups", ids_text(a, was), ids_text(a, is));
	changed(x, "workdir", was->workdir, is->workdir);
	changed(x, "hostname", was->hostname, is->hostname);
	changed(x, "program", was->program ? was->program : "(any)", is->program ? is->program : "(any)");
}

/* ---- environment, scratch, slots, pins -------------------------------- */

static const char *set_value(const struct model *m, const char *name)
{
	for (uint32_t i = 0; i < m->sets.n; i++)
		if (!strcmp(m->sets.v[i].name, name))
			return m->sets.v[i].value;
	return NULL;
}

static const char *secret_source(struct arena *a, const struct model *m, const char *name)
{
	for (uint32_t i = 0; i < m->secrets.n; i++)
		if (!strcmp(m->secrets.v[i].name, name))
			return arena_printf(a, "from fd %u", m->secrets.v[i].fd);
	return NULL;
}

static void env_rows(struct diff *x)
{
	const struct model *side[] = {x->old, x->new_};
	struct arena *a = x->s->a;

	for (unsigned i = 0; i < 2; i++) {
		for (uint32_t k = 0; k < side[i]->sets.n; k++) {
			const char *name = side[i]->sets.v[k].name;

			if (i == 0 || !set_value(x->old, name)) /* once */
				changed(x, arena_printf(a, "set %s", name), set_value(x->old, name),
					set_value(x->new_, name));
		}
		for (uint32_t k = 0; k < side[i]->secrets.n; k++) {
			const char *name = side[i]->secrets.v[k].name;

			if (i == 0 || !secret_source(a, x->old, name))
				changed(x, arena_printf(a, "secret %s", name), secret_source(a, x->old, name),
					secret_source(a, x->new_, name));
		}
	}
}

/* The settings that ride on a path line, as text; NULL: none. */
static const char *place_settings(struct arena *a, const struct grant *g)
{
	struct buf b = buf_new(a);
	const struct place *p = &g->u.place;

	if (g->kind == G_SCRATCH)
		buf_printf(&b, " size %s", amount_text(a, ABPB_MEMORY, p->size));
	if (g->kind == G_SCRATCH && p->inodes)
		buf_printf(&b, " inodes %llu", (unsigned long long)p->inodes);
	if (p->slot)
		buf_puts(&b, " slot");
	if (p->submounts)
		buf_puts(&b, " submounts");
	if (p->digest) {
		buf_puts(&b, " sha256:");
		for (unsigned i = 0; i < 32; i++)
			buf_printf(&b, "%02x", p->digest[i]);
	}
	if (g->kind == G_SYMLINK)
		buf_printf(&b, " -> %s", p->target);
	return b.len ? buf_str(&b) + 1 : NULL;
}

/* "write /task/", "scratch /tmp": the verb and the place. */
static const char *place_name(struct arena *a, const struct grant *g)
{
	const char *name = g->kind == G_SCRATCH ? g->u.place.dir : g->u.place.pattern;

	return arena_printf(a, "%.*s %s:", (int)strcspn(g->text, " "), g->text, name);
}

static const struct grant *same_place(const struct model *m, const struct grant *g)
{
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *o = &m->grants.v[i];

		if (o->kind == g->kind && o->u.place.right == g->u.place.right &&
		    !strcmp(o->u.place.pattern, g->u.place.pattern))
			return o;
	}
	return NULL;
}

/* Places of one side that have settings, and are on the other side, too.  Few have: the search is a walk. */
static void place_rows(struct diff *x, const struct model *mine, const struct model *other)
{
	for (uint32_t i = 0; i < mine->grants.n; i++) {
		const struct grant *g = &mine->grants.v[i], *o;
		const char *here, *there;

		if (g->kind != G_PATH && g->kind != G_SCRATCH && g->kind != G_SYMLINK)
			continue;
		here = place_settings(x->s->a, g);
		o = here ? same_place(other, g) : NULL;
		there = o ? place_settings(x->s->a, o) : NULL;
		if (mine == x->old && o)
			changed(x, place_name(x->s->a, g), here, there);
		else if (o && !there) /* with settings on both sides it has its row */
			changed(x, place_name(x->s->a, g), there, here);
	}
}

/* The marks on a ports line that are no events: `local`, and the name that /etc/hosts gives. */
static const char *net_marks(struct arena *a, const struct grant *g)
{
	if (!g->u.net.local && !g->u.net.as)
		return NULL;
	return arena_printf(a, "%s%s%s", g->u.net.as ? "as " : "", g->u.net.as ? g->u.net.as : "",
			    !g->u.net.local ? ""
			    : g->u.net.as   ? " local"
					    : "local");
}

static void net_rows(struct diff *x)
{
	for (uint32_t i = 0; i < x->old->grants.n; i++) {
		const struct grant *was = &x->old->grants.v[i];

		for (uint32_t k = 0; k < x->new_->grants.n; k++) {
			const struct grant *is = &x->new_->grants.v[k];

			if ((was->kind != G_NET && was->kind != G_PROXY) || is->kind != was->kind ||
			    was->set.k[K_CONN].b != is->set.k[K_CONN].b ||
			    was->set.k[K_PEER].b != is->set.k[K_PEER].b)
				continue;
			changed(x, arena_printf(x->s->a, "%s:", was->text), net_marks(x->s->a, was),
				net_marks(x->s->a, is));
			break;
		}
	}
}

/* ---- promises: never, within ------------------------------------------ */

/* A `never` of one side whose events the other side does not forbid. */
static void never_rows(struct diff *x, const struct model *mine, const struct model *other, const char *what)
{
	struct evset theirs = evset_none();

	for (uint32_t i = 0; i < other->nevers.n; i++)
		theirs = evset_or(x->s, &theirs, &other->nevers.v[i].set);
	for (uint32_t i = 0; i < mine->nevers.n; i++) {
		const struct pattern *p = &mine->nevers.v[i];

		if (!evset_subset(x->s, &p->set, &theirs))
			row(x, CHANGED, arena_printf(x->s->a, "never %s: %s", p->text, what),
			    model_where(x->s->a, p->at), NULL);
	}
}

static void within_rows(struct diff *x, const struct model *mine, const struct model *other, const char *what)
{
	for (uint32_t i = 0; i < mine->ceilings.n; i++) {
		bool there = false;

		for (uint32_t k = 0; k < other->ceilings.n; k++)
			there |= !strcmp(mine->ceilings.v[i].name, other->ceilings.v[k].name);
		if (!there)
			row(x, CHANGED,
			    arena_printf(x->s->a, "within %s: %s", mine->ceilings.v[i].name, what),
			    model_where(x->s->a, mine->ceilings.v[i].at), NULL);
	}
}

/* ---- answers ---------------------------------------------------------- */

static bool has_rule(const struct model *m, enum arch arch, int nr)
{
	for (uint32_t i = 0; i < m->calls[arch].n; i++)
		if (m->calls[arch].v[i].nr == nr)
			return true;
	return false;
}

/* Some arguments of the call are still denied. */
static bool denies_some(struct diff *x, const struct model *m, enum arch arch, int nr)
{
	bdd all = bdd_range(x->s->t, F_SYS_NR, (uint64_t)nr, (uint64_t)nr);

	return !bdd_subset(x->s->t, all, m->all.k[K_SYS_X86_64 + arch].b);
}

enum probe { SAME, TO_EPERM, TO_ENOSYS };

/* What becomes of the answer of a probe call that is denied on both sides, for some arguments. */
static enum probe probe_change(struct diff *x, enum arch arch, const struct sysdef *c)
{
	int nr = c->nr[arch];
	bool was = has_rule(x->old, arch, nr), is = has_rule(x->new_, arch, nr);

	if (nr < 0 || !(x->old->archs & x->new_->archs & 1u << arch) || was == is ||
	    !denies_some(x, x->old, arch, nr) || !denies_some(x, x->new_, arch, nr))
		return SAME;
	return is ? TO_EPERM : TO_ENOSYS;
}

static void probe_row(struct diff *x, const struct sysdef *c)
{
	static const char *const text[] = {[TO_EPERM] = "ENOSYS -> EPERM", [TO_ENOSYS] = "EPERM -> ENOSYS"};
	enum probe all = SAME;

	for (unsigned arch = 0; arch < N_ARCH; arch++) {
		enum probe one = probe_change(x, (enum arch)arch, c);

		all = one != SAME ? one : all;
	}
	if (all != SAME)
		row(x, CHANGED, arena_printf(x->s->a, "answer of %s, where denied: %s", c->name, text[all]),
		    NULL, NULL);
}

static void answer_rows(struct diff *x)
{
	if (x->old->run.on_deny_kill != x->new_->run.on_deny_kill)
		row(x, CHANGED,
		    x->new_->run.on_deny_kill ? "answer to denied calls: EPERM -> kill"
					      : "answer to denied calls: kill -> EPERM",
		    NULL, NULL);
	for (size_t i = 0; i < syscall_count(); i++)
		if (answer_enosys(syscall_at(i)->name))
			probe_row(x, syscall_at(i));
}

static void arch_rows(struct diff *x)
{
	for (unsigned arch = 0; arch < N_ARCH; arch++)
		if ((x->old->archs ^ x->new_->archs) & 1u << arch)
			row(x, CHANGED,
			    arena_printf(x->s->a, "built for %s: %s", arch_table[arch].name,
					 x->new_->archs & 1u << arch ? "no -> yes" : "yes -> no"),
			    NULL, NULL);
}

static struct diff diff_make(struct sets *s, const struct model *old, const struct model *new_)
{
	struct diff x = {.s = s, .old = old, .new_ = new_};

	only_in(&x, new_, old, WIDER);
	newly_unsafe(&x);
	only_in(&x, old, new_, NARROWER);
	limit_rows(&x);
	run_rows(&x);
	env_rows(&x);
	place_rows(&x, old, new_);
	if (old != new_)
		place_rows(&x, new_, old);
	net_rows(&x);
	never_rows(&x, old, new_, "dropped");
	never_rows(&x, new_, old, "added");
	within_rows(&x, old, new_, "dropped");
	within_rows(&x, new_, old, "added");
	arch_rows(&x);
	answer_rows(&x);
	return x;
}

unsigned diff_text(struct sets *s, const struct model *old, const struct model *new_, struct buf *out)
{
	static const char *const head[] = {
	    [WIDER] = "+ widened ", [NARROWER] = "- narrowed", [CHANGED] = "= changed "};
	struct diff x = diff_make(s, old, new_);

	for (uint32_t i = 0; i < x.rows.n; i++) {
		const struct row *r = &x.rows.v[i];

		buf_printf(out, "%s  %s", head[r->bit], r->what);
		if (r->where)
			buf_printf(out, "  [%s]", r->where);
		if (r->witness)
			buf_printf(out, "  e.g. %s", r->witness);
		buf_putc(out, '\n');
	}
	if (!x.rows.n)
		buf_puts(out, "no difference in meaning\n");
	return x.bits;
}

static void json_unit(struct jw *w, const char *key, const struct model *m)
{
	jw_object(w, key);
	jw_string(w, "name", m->name);
	jw_string(w, "version", m->version);
	jw_hex(w, "sha256", m->source_sha256, sizeof m->source_sha256);
	jw_end(w);
}

unsigned diff_json(struct sets *s, const struct model *old, const struct model *new_, struct buf *out)
{
	static const char *const kind[] = {
	    [WIDER] = "widened", [NARROWER] = "narrowed", [CHANGED] = "changed"};
	struct diff x = diff_make(s, old, new_);
	struct jw w = jw_new(out);

	jw_object(&w, NULL);
	jw_string(&w, "schema", "abp-diff/1");
	json_unit(&w, "old", old);
	json_unit(&w, "new", new_);
	jw_bool(&w, "wider", x.bits & WIDER);
	jw_bool(&w, "narrower", x.bits & NARROWER);
	jw_bool(&w, "changed", x.bits & CHANGED);
	jw_array(&w, "rows");
	for (uint32_t i = 0; i < x.rows.n; i++) {
		jw_object(&w, NULL);
		jw_string(&w, "kind", kind[x.rows.v[i].bit]);
		jw_string(&w, "item", x.rows.v[i].what);
		jw_string(&w, "where", x.rows.v[i].where);
		jw_string(&w, "witness", x.rows.v[i].witness);
		jw_end(&w);
	}
	jw_end(&w);
	jw_end(&w);
	return x.bits;
}
