/*
 * check.c - the table of laws, and the three that authors write themselves: `never`, `within`, `test`.
 *
 * Laws are numbered as in spec/laws.md.  A law sees the whole model and queues errors; no law changes the
 * model, and no law reads what another one found, so their order only matters for people.
 */
#include "compiler/check.h"
#include "compiler/law.h"

#include <string.h>

enum { POLICY = 1u << MODEL_POLICY, MODULE = 1u << MODEL_MODULE, CEILING = 1u << MODEL_CEILING };
#define OWN (POLICY | MODULE)
#define ANY (POLICY | MODULE | CEILING)

static const struct law {
	const char *id, *name;
	unsigned kinds; /* of units that are judged by it */
	void (*fn)(struct judge *j);
} laws[] = {
    {"L03", "never", ANY, law_never},
    {"L04", "within", POLICY, law_within},
    {"L05", "test", ANY, law_tests},
    {"L06", "unsafe", OWN, law_unsafe},
    {"L06", "unsafe in a ceiling", CEILING, law_unsafe_ceiling},
    {"L07", "mandatory limits", POLICY, law_limits},
    {"L08", "settings", POLICY, law_settings},
    {"L09", "environment", POLICY, law_env},
    {"L10", "descriptors", POLICY, law_descriptors},
    {"L11", "no dead grant: calls and sockets", OWN, law_dead_calls},
    {"L12", "no dead grant: capabilities", OWN, law_dead_caps},
    {"L13", "no dead grant: network mode", POLICY, law_dead_net},
    {"L14", "no dead grant: memfd", OWN, law_dead_memfd},
    {"L15", "no dead grant: nothing left", OWN, law_dead_empty},
    {"L16", "no dead grant: hidden by a mount", OWN, law_dead_hidden},
    {"L17", "no dead grant: exceptions", OWN, law_dead_except},
    {"L17", "no dead grant: pins", OWN, law_dead_pin},
    {"L18", "no dead grant: proxy", POLICY, law_dead_proxy},
    {"L19", "no dead grant: terminal", POLICY, law_dead_device},
    {"L20", "program is executable", POLICY, law_program},
    {"L21", "workdir is in the view", POLICY, law_workdir},
    {"L22", "walls agree", POLICY, law_walls},
    {"L23", "no dead grant: listening socket", POLICY, law_dead_unix},
    {"L24", "no shadowed line", ANY, law_shadowed},
};

void check_model(struct sets *s, struct diags *d, struct model *m)
{
	struct judge j = {s, d, m};

	for (size_t i = 0; i < sizeof laws / sizeof *laws; i++)
		if (laws[i].kinds & 1u << m->kind)
			laws[i].fn(&j);
}

/* ---- questions about grants ------------------------------------------- */

bool evset_no(const struct evset *x, enum ekind k)
{
	switch (ekind_repr(k)) {
	case REPR_BDD:
		return x->k[k].b == BDD_NONE;
	case REPR_DFA:
		return x->k[k].d == NULL;
	case REPR_BITS:
		break;
	}
	return x->k[k].bits == 0;
}

struct evset evset_only(const struct evset *x, enum ekind k)
{
	struct evset one = evset_none();

	one.k[k] = x->k[k];
	return one;
}

static unsigned kind_vars(enum ekind k)
{
	static const uint16_t vars[N_EKINDS] = {
	    [K_SYS_X86_64] = SYS_VARS, [K_SYS_AARCH64] = SYS_VARS, [K_SOCK] = SOCK_VARS, [K_BIND] = BIND_VARS,
	    [K_CONN] = CONN_VARS,      [K_PEER] = PEER_VARS,	   [K_FD] = FD_VARS,	 [K_USE] = USE_VARS,
	};

	return vars[k];
}

struct evset evset_event(struct sets *s, const struct event *e)
{
	struct evset x = evset_none();
	bdd all = BDD_ALL;

	switch (ekind_repr(e->kind)) {
	case REPR_BDD:
		for (unsigned i = kind_vars(e->kind); i-- > 0;)
			all = bdd_and(s->t, all,
				      bdd_range(s->t, (struct field){(uint16_t)i, 1}, e->bit[i], e->bit[i]));
		x.k[e->kind].b = all;
		break;
	case REPR_DFA:
		x.k[e->kind].d = dfa_string(s->a, e->str);
		break;
	case REPR_BITS:
		x.k[e->kind].bits = (uint64_t)1 << e->n;
		break;
	}
	return x;
}

bool grant_written(const struct grant *g)
{
	return g->implied_by < 0 && g->kind != G_FLOOR;
}

const struct grant *grant_of(struct sets *s, const struct model *m, const struct event *e)
{
	const struct grant *implied = NULL;

	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];

		if (!evset_has(s, &g->set, e))
			continue;
		if (grant_written(g))
			return g;
		if (!implied)
			implied = g;
	}
	return implied;
}

const char *grant_desc(struct arena *a, const struct model *m, const struct grant *g)
{
	if (!g)
		return "what no line limits";
	if (g->kind == G_FLOOR)
		return "the floor of every policy";
	if (g->implied_by < 0)
		return arena_printf(a, "`%s`", g->text);
	return arena_printf(a, "`%s` (implied by `%s`%s%s)", g->text, m->grants.v[g->implied_by].text,
			    g->implied_why ? ": " : "", g->implied_why ? g->implied_why : "");
}

const char *grant_where(struct arena *a, const struct grant *g)
{
	return model_where(a, g->at);
}

const char *origin_chain(struct arena *a, const struct origin *o)
{
	if (!o)
		return "";
	if (!o->up)
		return o->module;
	return arena_printf(a, "%s, which imports %s", origin_chain(a, o->up), o->module);
}

struct span origin_root(const struct origin *o)
{
	while (o->up)
		o = o->up;
	return o->at;
}

void say_origin(struct judge *j, const struct origin *o)
{
	if (o)
		diag_also(j->d, origin_root(o), "imported here: %s", origin_chain(j->s->a, o));
}

bool grant_is_call(const struct grant *g, const char *name)
{
	const struct sysdef *c = syscall_by_name(name);

	if (g->kind != G_CALL || !c)
		return false;
	for (unsigned arch = 0; arch < N_ARCH; arch++)
		if (c->nr[arch] >= 0 && g->u.call.nr[arch] == c->nr[arch])
			return true;
	return false;
}

bool path_below(const char *name, const char *dir)
{
	size_t n = strlen(dir);

	if (!strcmp(dir, "/"))
		return true;
	return !strncmp(name, dir, n) && (name[n] == '\0' || name[n] == '/');
}

/* ---- never ------------------------------------------------------------ */

enum { MAX_BREACHES = 4 }; /* of one `never` line; the rest is counted */

/* One grant meets one never: what they share, said at the grant, with the never and the import as notes. */
static void never_breach(struct judge *j, const struct pattern *p, const struct grant *g,
			 const struct evset *both)
{
	struct event e;
	const char *chain = p->origin ? origin_chain(j->s->a, p->origin) : NULL;

	evset_witness(j->s, both, &e);
	diag_error(j->d, g ? g->at : p->at, "ABP-LAW-001", "%s breaks `never %s`: it permits `%s`",
		   grant_desc(j->s->a, j->m, g), p->text, event_text(j->s, &e));
	if (g)
		diag_also(j->d, p->at, "the never%s%s%s%s%s", chain ? ", from " : "", chain ? chain : "",
			  p->because ? ": \"" : "", p->because ? p->because : "", p->because ? "\"" : "");
	if (g)
		say_origin(j, g->origin);
	diag_help(j->d, "nothing lifts a never: narrow the grant, or drop the import that brings it");
}

static void never_one(struct judge *j, const struct pattern *p)
{
	struct evset left = evset_and(j->s, &j->m->all, &p->set);
	unsigned said = 0, more = 0;

	if (evset_empty(&left))
		return;
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		struct evset both = evset_and(j->s, grant_written(g) ? &g->set : &left, &p->set);

		if (!grant_written(g)) /* implied: only what no line above was blamed for */
			both = evset_and(j->s, &both, &g->set);
		if (evset_empty(&both))
			continue;
		if (said++ < MAX_BREACHES)
			never_breach(j, p, g, &both);
		else
			more++;
		left = evset_diff(j->s, &left, &both);
	}
	if (!evset_empty(&left)) /* a default, such as a limit that no line sets */
		never_breach(j, p, NULL, &left);
	if (more)
		diag_error(j->d, p->at, "ABP-LAW-001", "`never %s` is broken by %u more grants", p->text,
			   more);
}

void law_never(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->nevers.n; i++)
		never_one(j, &j->m->nevers.v[i]);
}

/* ---- within ----------------------------------------------------------- */

/* What a ceiling permits: its grants, the floor of the policy, and every amount of a limit it does not set.
 */
static struct evset ceiling_set(struct judge *j, const struct model *c)
{
	struct evset set = c->all;

	for (uint32_t i = 0; i < j->m->grants.n; i++)
		if (j->m->grants.v[i].kind == G_FLOOR)
			set = evset_or(j->s, &set, &j->m->grants.v[i].set);
	for (unsigned r = 0; r < MODEL_RESOURCES; r++)
		if (!c->limits[r].set)
			set.k[K_USE].b = bdd_or(j->s->t, set.k[K_USE].b, bdd_range(j->s->t, F_USE_RES, r, r));
	return set;
}

static void within_kind(struct judge *j, const struct ceiling *c, const struct evset *over, enum ekind k)
{
	struct evset part = evset_only(over, k);
	struct event e;
	const struct grant *g;

	if (!evset_witness(j->s, &part, &e))
		return;
	g = grant_of(j->s, j->m, &e);
	diag_error(j->d, g ? g->at : c->at, "ABP-LAW-002", "%s goes beyond the ceiling %s: it permits `%s`",
		   grant_desc(j->s->a, j->m, g), c->name, event_text(j->s, &e));
	diag_also(j->d, c->at, "the policy must stay within %s", c->name);
	if (g)
		say_origin(j, g->origin);
}

void law_within(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->ceilings.n; i++) {
		const struct ceiling *c = &j->m->ceilings.v[i];
		struct evset top = ceiling_set(j, c->m);
		struct evset over = evset_diff(j->s, &j->m->all, &top);

		for (unsigned k = 0; k < N_EKINDS; k++)
			within_kind(j, c, &over, (enum ekind)k);
		if (j->m->run.net <= c->m->run.net)
			continue;
		diag_error(j->d, j->m->run.has_net ? j->m->run.net_at : c->at, "ABP-LAW-002",
			   "`net %s` goes beyond the ceiling %s: it permits `net %s` at most",
			   net_name(j->m->run.net), c->name, net_name(c->m->run.net));
		diag_also(j->d, c->at, "the policy must stay within %s", c->name);
	}
}

/* ---- test ------------------------------------------------------------- */

struct verdict {
	bool ok;
	struct evset in, out; /* what the policy permits of the pattern, and what not */
};

static struct verdict test_line(struct sets *s, const struct model *m, const struct test_line *l)
{
	struct verdict v = {.in = evset_and(s, &l->p.set, &m->all), .out = evset_diff(s, &l->p.set, &m->all)};

	v.ok = evset_empty(l->deny ? &v.in : &v.out) && !evset_empty(&l->p.set);
	return v;
}

/* Why a line fails, in words. */
static const char *test_why(struct sets *s, const struct model *m, const struct test_line *l,
			    const struct verdict *v)
{
	struct event in, out;
	bool some = evset_witness(s, &v->in, &in), rest = evset_witness(s, &v->out, &out);

	if (!some && !rest)
		return "the pattern has no event on any target architecture";
	if (some && rest)
		return arena_printf(s->a, "partly permitted: `%s` is, by %s; `%s` is not", event_text(s, &in),
				    grant_desc(s->a, m, grant_of(s, m, &in)), event_text(s, &out));
	if (l->deny)
		return arena_printf(s->a, "`%s` is permitted by %s", event_text(s, &in),
				    grant_desc(s->a, m, grant_of(s, m, &in)));
	return arena_printf(s->a, "`%s` is not permitted", event_text(s, &out));
}

/* Where the grant stands that a failed deny met. */
static void test_blame(struct judge *j, const struct verdict *v)
{
	struct event e;
	const struct grant *g;

	if (!evset_witness(j->s, &v->in, &e) || !(g = grant_of(j->s, j->m, &e)) || g->kind == G_FLOOR)
		return;
	diag_also(j->d, g->at, "permitted here");
	say_origin(j, g->origin);
}

void law_tests(struct judge *j)
{
	for (uint32_t b = 0; b < j->m->tests.n; b++) {
		const struct test_block *t = &j->m->tests.v[b];

		for (uint32_t i = 0; i < t->lines.n; i++) {
			const struct test_line *l = &t->lines.v[i];
			struct verdict v = test_line(j->s, j->m, l);

			if (v.ok)
				continue;
			diag_error(j->d, l->p.at, "ABP-LAW-003", "test \"%s\": `%s %s` fails: %s", t->title,
				   l->deny ? "deny" : "allow", l->p.text, test_why(j->s, j->m, l, &v));
			test_blame(j, &v);
		}
	}
}

unsigned check_tests(struct sets *s, const struct model *m, struct buf *out)
{
	unsigned failed = 0;

	for (uint32_t b = 0; b < m->tests.n; b++) {
		const struct test_block *t = &m->tests.v[b];

		for (uint32_t i = 0; i < t->lines.n; i++) {
			const struct test_line *l = &t->lines.v[i];
			struct verdict v = test_line(s, m, l);

			failed += !v.ok;
			buf_printf(out, "%s %s: %s %s", v.ok ? "ok  " : "FAIL", t->title,
				   l->deny ? "deny" : "allow", l->p.text);
			if (!v.ok)
				buf_printf(out, ": %s", test_why(s, m, l, &v));
			buf_putc(out, '\n');
		}
	}
	return failed;
}
