/*
 * law_walls.c - walls agree: what a line grants is decided exactly by a wall that this version raises, or the
 * bundle says that it is not, and abprun refuses.
 *
 * The claims are those of tables/walls.def.  One exception is the language's own: inside the run's own
 * network namespace (private, relay) bind, conn and peer_in may be bound only.
 */
#include "compiler/law.h"

#include <string.h>

/* A row of walls.def that is exact under a condition: is it met by this grant? */
static bool when_met(const char *when, const struct grant *g)
{
	bool place = g->kind == G_PATH || g->kind == G_UNIX;

	if (!when)
		return true;
	if (!strcmp(when, "trees and files"))
		return g->kind != G_PATH || !g->u.place.glob;
	if (!strcmp(when, "path names"))
		return place && g->u.place.pattern && g->u.place.pattern[0] == '/';
	return false; /* "from ABI 9": not on every kernel that the policy accepts */
}

/* Walls that this version raises. */
static bool is_raised(enum wall w)
{
	return w != WALL_APPARMOR;
}

static bool is_exception(const struct model *m, const struct grant *g, enum ekind k)
{
	bool own = m->run.net == NET_PRIVATE || m->run.net == NET_RELAY;

	if (k == K_BIND || k == K_CONN || k == K_PEER)
		return own;
	if (k == K_UNIX_CONNECT || k == K_UNIX_LISTEN)
		return !g->u.place.pattern; /* any: nothing is left to decide */
	return k == K_HOST;		    /* the proxy's list is the proxy's to decide */
}

static bool is_decided(const struct model *m, const struct grant *g, enum ekind k)
{
	if (evset_no(&g->set, k) || is_exception(m, g, k))
		return true;
	for (size_t i = 0; i < wall_count(); i++) {
		const struct wallrow *row = wall_at(i);
		bool verb = !row->verb || (ekind_verb(k) && !strcmp(row->verb, ekind_verb(k)));

		if (row->kind == ekind_kind(k) && verb && row->claim == CLAIM_EXACT && is_raised(row->wall) &&
		    when_met(row->when, g))
			return true;
	}
	return false;
}

static bool is_missing(const struct model *m, const struct grant *g)
{
	for (uint32_t i = 0; i < m->missing.n; i++)
		if (m->missing.v[i].at.src == g->at.src && m->missing.v[i].at.off == g->at.off)
			return true;
	return false;
}

void law_walls(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		unsigned k = 0;

		if (!grant_written(g))
			continue;
		while (k < N_EKINDS && is_decided(j->m, g, (enum ekind)k))
			k++;
		if (k == N_EKINDS || is_missing(j->m, g))
			continue;
		diag_error(j->d, g->at, "ABP-LAW-027", "no wall of this version decides `%s` exactly",
			   g->text);
		say_origin(j, g->origin);
	}
}
