/*
 * law_run.c - limits, settings, environment, descriptors; program and workdir; shadowed lines.
 */
#include "compiler/law.h"

#include <stdlib.h>
#include <string.h>

/* ---- limits ----------------------------------------------------------- */

void law_limits(struct judge *j)
{
	for (unsigned r = 0; r < MODEL_RESOURCES; r++) {
		const struct limitdef *l = limit_at((enum abpb_resource)r);

		if (!l || !l->mandatory || j->m->limits[r].set)
			continue;
		diag_error(j->d, j->m->name_at, "ABP-LAW-020", "the policy has no limit on %s", l->name);
		diag_help(j->d, "limits { memory 256M; cpu 100%%; pids 32 }: all three are mandatory");
	}
}

/* ---- settings --------------------------------------------------------- */

void law_settings(struct judge *j)
{
	const struct settings *run = &j->m->run;
	const struct limit *streams = &j->m->limits[ABPB_CONNECTIONS];

	if (run->has_net && run->net == NET_HOST && !run->net_because) {
		diag_error(j->d, run->net_at, "ABP-LAW-021", "`net host` needs a reason");
		diag_help(j->d, "run { net host because \"...\" }: the program sees the host's network");
	}
	if (streams->set && run->net != NET_RELAY) {
		diag_error(j->d, streams->at, "ABP-LAW-022",
			   "`connections` is dead: it counts streams of the relay, and the network is not "
			   "`relay`");
		if (run->has_net)
			diag_also(j->d, run->net_at, "the network is chosen here");
	}
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];

		if (g->kind != G_SETTING_FD || g->because)
			continue;
		diag_error(j->d, g->at, "ABP-LAW-021", "`%s` needs a reason", g->text);
		diag_help(j->d, "run { %s because \"...\" }: no wall sees what an open descriptor can do",
			  g->text);
	}
}

/* The name of `pass NAME` is also set, or a secret. */
static void env_clash(struct judge *j, const struct grant *g, const char *name, const char *verb,
		      struct span at)
{
	if (!dfa_has(g->set.k[K_ENV].d, name))
		return;
	diag_error(j->d, at, "ABP-LAW-023", "`%s %s` and `%s`: one variable has one source", verb, name,
		   g->text);
	diag_also(j->d, g->at, "passed on here");
	say_origin(j, g->origin);
}

void law_env(struct judge *j)
{
	const struct model *m = j->m;

	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];

		if (g->kind != G_PASS)
			continue;
		for (uint32_t k = 0; k < m->sets.n; k++)
			env_clash(j, g, m->sets.v[k].name, "set", m->sets.v[k].at);
		for (uint32_t k = 0; k < m->secrets.n; k++)
			env_clash(j, g, m->secrets.v[k].name, "secret", m->secrets.v[k].at);
	}
	for (uint32_t i = 0; i < m->secrets.n; i++)
		for (uint32_t k = 0; k < m->sets.n; k++)
			if (!strcmp(m->secrets.v[i].name, m->sets.v[k].name)) {
				diag_error(j->d, m->secrets.v[i].at, "ABP-LAW-023",
					   "`secret %s` and `set %s`: one variable has one source",
					   m->secrets.v[i].name, m->sets.v[k].name);
				diag_also(j->d, m->sets.v[k].at, "set here");
			}
}

void law_descriptors(struct judge *j)
{
	const struct model *m = j->m;

	for (uint32_t i = 0; i < m->secrets.n; i++) {
		const struct secret *x = &m->secrets.v[i];

		for (uint32_t k = 0; k < i; k++)
			if (m->secrets.v[k].fd == x->fd) {
				diag_error(j->d, x->at, "ABP-LAW-024",
					   "two secrets come from descriptor %u: the second would be empty",
					   x->fd);
				diag_also(j->d, m->secrets.v[k].at, "the first one");
			}
		for (uint32_t k = 0; k < m->run.fds.n; k++)
			if (m->run.fds.v[k] == x->fd)
				diag_error(
				    j->d, x->at, "ABP-LAW-024",
				    "descriptor %u is a secret's and also handed over by `run { fd %u }`",
				    x->fd, x->fd);
	}
}

/* ---- program, workdir ------------------------------------------------- */

void law_program(struct judge *j)
{
	const char *program = j->m->run.program;

	if (!program || (j->m->all.k[K_EXEC].d && dfa_has(j->m->all.k[K_EXEC].d, program)))
		return;
	diag_error(j->d, j->m->run.program_at, "ABP-LAW-025", "no `exec` grant covers the program %s",
		   program);
	diag_help(j->d, "paths { exec %s }", program);
}

/* dir is in the view: granted itself, or on the way to something granted. */
static bool in_view(const struct model *m, const char *dir)
{
	if (m->all.k[K_READ].d && dfa_has(m->all.k[K_READ].d, dir))
		return true;
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];

		if ((g->kind == G_PATH || g->kind == G_SCRATCH || g->kind == G_DEVICE ||
		     g->kind == G_SYMLINK) &&
		    path_below(g->u.place.dir ? g->u.place.dir : g->u.place.pattern, dir))
			return true;
	}
	return !strcmp(dir, "/");
}

void law_workdir(struct judge *j)
{
	const struct settings *run = &j->m->run;

	if (!run->workdir || in_view(j->m, run->workdir))
		return;
	diag_error(j->d, run->workdir_at.src ? run->workdir_at : j->m->name_at, "ABP-LAW-026",
		   "the working directory %s is not in the view: no line grants it", run->workdir);
	diag_help(j->d, "paths { write %s/** }, or another workdir", run->workdir);
}

/* ---- shadowed lines --------------------------------------------------- */

enum { MAX_GRANTS = 4096 }; /* above that, lines are not compared pair by pair */

/* Kinds whose items are worth comparing: one item is one set. */
static bool comparable(const struct grant *g)
{
	if (!grant_written(g) || g->origin || evset_empty(&g->set))
		return false;
	if (g->kind ==
	    G_CALL) /* a written condition is a claim; a call without one, or of a @group, is none */
		return g->text[strlen(g->text) - 1] == ')' && g->at.src && g->at.src->text[g->at.off] != '@';
	return g->kind == G_CAP || g->kind == G_NET || g->kind == G_SOCK || g->kind == G_UNIX ||
	       g->kind == G_HOST || g->kind == G_PATH || g->kind == G_PASS;
}

/* Names and trees are compared as text; what is left needs the automata. */
static bool place_may_cover(const struct place *wide, const struct place *narrow)
{
	if (wide->glob || narrow->glob)
		return true;
	if (wide->tree)
		return path_below(narrow->dir, wide->dir);
	return !narrow->tree && !strcmp(narrow->dir, wide->dir);
}

static bool covers(struct judge *j, const struct grant *wide, const struct grant *narrow)
{
	if (wide->kind != narrow->kind)
		return false;
	if (narrow->kind == G_CALL && memcmp(wide->u.call.nr, narrow->u.call.nr, sizeof wide->u.call.nr))
		return false;
	if (narrow->kind == G_NET && narrow->u.net.as) /* a line of /etc/hosts, too */
		return false;
	if (narrow->kind == G_PATH &&
	    (narrow->u.place.digest || wide->u.place.digest)) /* more than its set */
		return false;
	if (narrow->kind == G_PATH && !place_may_cover(&wide->u.place, &narrow->u.place))
		return false;
	return evset_subset(j->s, &narrow->set, &wide->set);
}

static void say_shadowed(struct judge *j, const struct grant *g, const struct grant *by)
{
	const struct grant *line = by->implied_by < 0 ? by : &j->m->grants.v[by->implied_by];
	bool same = grant_written(by) && evset_equal(&g->set, &by->set);

	if (same)
		diag_warning(j->d, g->at, "ABP-LAW-031", "`%s` says the same as `%s`, line %u", g->text,
			     by->text, span_line(line->at));
	else
		diag_warning(j->d, g->at, "ABP-LAW-030", "`%s` is shadowed by line %u: %s permits all of it",
			     g->text, span_line(line->at), grant_desc(j->s->a, j->m, by));
	diag_also(j->d, line->at, same ? "the other line" : "the wider line");
	say_origin(j, by->origin);
}

void law_shadowed(struct judge *j)
{
	const grant_list *all = &j->m->grants;

	for (uint32_t i = 0; i < all->n && all->n <= MAX_GRANTS; i++) {
		const struct grant *g = &all->v[i];

		if (!comparable(g))
			continue;
		for (uint32_t k = 0; k < all->n; k++) {
			const struct grant *by = &all->v[k];

			if (k == i || !covers(j, by, g) ||
			    (k > i && grant_written(by) && evset_equal(&g->set, &by->set)))
				continue;
			say_shadowed(j, g, by);
			break;
		}
	}
}
