/*
 * implied.c - what grants bring with them: system calls by tables/implied.def, sockets, the floor.
 *
 * A cause brings its calls once, whoever has it: the first line that does is named.  So a policy of 100,000
 * paths implies as many calls as one of two.
 */
#include "compiler/resolve.h"

#include <string.h>

/* IPv4 in a field of 128 bits. */
static bdd v4_in(struct sets *s, struct field f)
{
	static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};
	return bdd_prefix(s->t, f, mapped, 96);
}

static void families(struct sets *s, const struct grant *g, bool *v4, bool *v6)
{
	static const struct {
		enum ekind k;
		struct field f;
	} row[] = {{K_BIND, {1, 128}}, {K_CONN, {17, 128}}, {K_PEER, {1, 128}}};
	*v4 = *v6 = false;
	for (unsigned i = 0; i < 3; i++) {
		bdd x = g->set.k[row[i].k].b, in4 = v4_in(s, row[i].f);
		if (x == BDD_NONE ||
		    (i == 1 && g->set.k[K_PEER].b != BDD_NONE)) /* replies use the listener's socket */
			continue;
		*v4 |= !bdd_disjoint(s->t, x, in4);
		*v6 |= !bdd_subset(s->t, x, in4);
	}
}

#define BIT(c) (1u << CAUSE_##c)

static unsigned net_causes(struct sets *s, const struct grant *g)
{
	bool v4, v6;
	families(s, g, &v4, &v6);
	unsigned c = BIT(SOCKET);
	if (g->u.net.tcp)
		c |= BIT(TCP) | (v4 ? BIT(INET_TCP) : 0) | (v6 ? BIT(INET6_TCP) : 0);
	if (g->u.net.udp)
		c |= BIT(UDP) | (v4 ? BIT(INET_UDP) : 0) | (v6 ? BIT(INET6_UDP) : 0);
	if (g->u.net.as)
		c |= BIT(READ);
	if (g->u.net.verb[0] == 'c')
		return c | BIT(CONNECT);
	c |= BIT(BIND);
	return g->u.net.verb[0] == 'l' && g->u.net.tcp ? c | BIT(LISTEN) : c;
}

static unsigned unix_causes(const struct grant *g)
{
	if (g->set.k[K_UNIX_PAIR].bits)
		return BIT(SOCKET) | BIT(UNIX_PAIR);
	unsigned c = BIT(SOCKET) | BIT(UNIX);
	return g->set.k[K_UNIX_LISTEN].d ? c | BIT(BIND) | BIT(LISTEN) : c | BIT(CONNECT);
}

static unsigned path_causes(const struct grant *g)
{
	if (g->u.place.right == RIGHT_WRITE)
		return BIT(READ) | BIT(WRITE);
	return g->u.place.right == RIGHT_EXEC ? BIT(READ) | BIT(EXEC) : BIT(READ);
}

static unsigned causes(struct sets *s, const struct grant *g)
{
	switch (g->kind) {
	case G_NET:
	case G_PROXY:
		return net_causes(s, g);
	case G_SOCK:
		return BIT(SOCKET) | BIT(BIND); /* libc binds its netlink sockets */
	case G_UNIX:
		return unix_causes(g);
	case G_PATH:
		return path_causes(g);
	case G_SCRATCH:
		return BIT(READ) | BIT(WRITE) | (g->u.place.exec ? BIT(EXEC) : 0);
	case G_DEVICE:
		return BIT(READ) | BIT(DEVICE);
	case G_SYMLINK:
		return BIT(READ);
	case G_CALL:
	case G_CAP:
	case G_HOST:
	case G_PASS:
	case G_SETTING_FD:
	case G_LIMIT:
	case G_FLOOR:
		break;
	}
	return 0;
}

/* ---- grants of one cause ---------------------------------------------- */

static struct grant proto(const struct resolver *r, enum grant_kind kind, int by)
{
	struct grant g;
	memset(&g, 0, sizeof g);
	g.kind = kind;
	g.implied_by = by;
	g.arch = by >= 0 ? r->m->grants.v[by].arch : r->m->archs;
	g.at = by >= 0 ? r->m->grants.v[by].at : r->m->name_at;
	g.origin = by >= 0 ? r->m->grants.v[by].origin : NULL;
	return g;
}

static void cause_calls(struct resolver *r, enum cause c, enum grant_kind kind, int by)
{
	size_t n;
	const struct callrow *row = implied_calls(c, &n);
	for (size_t i = 0; i < n; i++) {
		struct grant g = proto(r, kind, by);
		g.implied_why = row[i].reason;
		calls_implied(r, row[i].call, row[i].cond, &g);
	}
}

/* The options of one cause as one condition: "level == A and optname in {…} or level == B and …". */
static const char *option_cond(struct arena *a, enum cause c, bool set)
{
	size_t n;
	const struct sockopt *o = sockopts(&n);
	const char *level = NULL;
	struct buf b = buf_new(a);
	for (size_t i = 0; i < n; i++) {
		if (o[i].cause != c || !(set ? o[i].set : o[i].get))
			continue;
		if (level && !strcmp(level, o[i].level)) {
			buf_printf(&b, ", %s", o[i].optname);
			continue;
		}
		buf_printf(&b, "%slevel == %s and optname in {%s", level ? "} or " : "", o[i].level,
			   o[i].optname);
		level = o[i].level;
	}
	if (!level)
		return NULL;
	buf_putc(&b, '}');
	return buf_str(&b);
}

static void cause_options(struct resolver *r, enum cause c, int by)
{
	static const char *const call[] = {"getsockopt", "setsockopt"};
	for (unsigned set = 0; set < 2; set++) {
		const char *cond = option_cond(r->a, c, set);
		struct grant g = proto(r, G_CALL, by);
		g.implied_why = "socket options of such sockets";
		if (cond)
			calls_implied(r, call[set], cond, &g);
	}
}

/* The sock events of the sockets that a port line needs; the same triples as the calls of implied.def. */
static const struct sockrow {
	enum cause cause;
	const char *family;
	const char *types[3];
	uint32_t protos[2];
	const char *text;
} sockrows[] = {
    {CAUSE_INET_TCP, "inet", {"stream"}, {0, 6}, "socket inet/stream"},
    {CAUSE_INET_UDP, "inet", {"dgram"}, {0, 17}, "socket inet/dgram"},
    {CAUSE_INET6_TCP, "inet6", {"stream"}, {0, 6}, "socket inet6/stream"},
    {CAUSE_INET6_UDP, "inet6", {"dgram"}, {0, 17}, "socket inet6/dgram"},
    {CAUSE_UNIX,
     "unix",
     {"stream", "dgram", "seqpacket"},
     {0, 1},
     "socket unix/stream unix/dgram unix/seqpacket"},
};

static bdd row_set(struct sets *s, const struct sockrow *row)
{
	bdd set = BDD_NONE;
	int f, t;
	if (!sock_family(row->family, &f))
		return BDD_NONE;
	for (unsigned i = 0; i < 3 && row->types[i]; i++) {
		if (!sock_type(row->types[i], &t))
			continue;
		bdd p = bdd_or(s->t, bdd_range(s->t, F_SOCK_PROTO, row->protos[0], row->protos[0]),
			       bdd_range(s->t, F_SOCK_PROTO, row->protos[1], row->protos[1]));
		p = bdd_and(s->t, bdd_range(s->t, F_SOCK_TYPE, (uint32_t)t, (uint32_t)t), p);
		set = bdd_or(s->t, set, p);
	}
	return bdd_and(s->t, bdd_range(s->t, F_SOCK_FAMILY, (uint32_t)f, (uint32_t)f), set);
}

static void cause_sockets(struct resolver *r, enum cause c, int by)
{
	for (unsigned i = 0; i < sizeof sockrows / sizeof *sockrows; i++) {
		if (sockrows[i].cause != c)
			continue;
		struct grant g = proto(r, G_SOCK, by);
		g.text = sockrows[i].text;
		g.implied_why = "the socket that the line needs";
		g.set.k[K_SOCK].b = row_set(r->s, &sockrows[i]);
		grant_add(r, &g);
	}
}

/* ---- socket FAMILY/TYPE/PROTO: the call ------------------------------- */

/* The call's condition from the grant's own text; the same defaults as sock_spec(). */
static const char *sock_cond(struct resolver *r, const struct grant *g)
{
	char part[3][40] = {"", "", ""};
	int f = 0, t = 0, p = 0;
	uint64_t n = 0;
	int parts = sscanf(g->text, "socket %39[^/]/%39[^/]/%39s", part[0], part[1], part[2]);
	if (!sock_family(part[0], &f) && num_value(part[0], INT32_MAX, &n))
		f = (int)n;
	if (parts < 2)
		return arena_printf(r->a, "family == %d", f);
	if (!sock_type(part[1], &t) && num_value(part[1], 15, &n))
		t = (int)n;
	if (parts == 3 && !sock_proto(part[0], part[2], &p) && num_value(part[2], INT32_MAX, &n))
		p = (int)n;
	bool ip = !strncmp(part[0], "inet", 4) && parts == 2;
	const char *more = ip && !strcmp(part[1], "stream")  ? ", IPPROTO_TCP"
			   : ip && !strcmp(part[1], "dgram") ? ", IPPROTO_UDP"
							     : "";
	return arena_printf(r->a, "family == %d and type & 0xf == %d and protocol in {%d%s}", f, t, p, more);
}

static void socket_call(struct resolver *r, uint32_t i)
{
	const char *text = r->m->grants.v[i].text;
	bool any = !strcmp(text, "socket any") || strchr(text, '*'); /* a ceiling */
	struct grant g = proto(r, G_CALL, (int)i);
	g.implied_why = "make that socket";
	calls_implied(r, "socket", any ? NULL : sock_cond(r, &r->m->grants.v[i]), &g);
}

void implied_add(struct resolver *r)
{
	unsigned done = 0;
	uint32_t written = r->m->grants.n;
	for (uint32_t i = 0; i < written; i++) {
		if (r->m->grants.v[i].kind == G_SOCK)
			socket_call(r, i);
		unsigned todo = causes(r->s, &r->m->grants.v[i]) & ~done;
		done |= todo;
		for (unsigned c = 0; c < N_CAUSES; c++) {
			if (!(todo >> c & 1))
				continue;
			cause_calls(r, (enum cause)c, G_CALL, (int)i);
			cause_options(r, (enum cause)c, (int)i);
			cause_sockets(r, (enum cause)c, (int)i);
		}
	}
	if (!r->m->filter_only)
		cause_calls(r, CAUSE_FLOOR, G_FLOOR, -1);
}

/* ---- walls that this version does not raise --------------------------- */

/* What the socket programs cannot do: carry a connection out of an own namespace, make files for a name. */
static const char *net_missing(const struct model *m, const struct grant *g)
{
	bool outside = g->kind == G_PROXY || !g->u.net.loopback_only;
	if (g->kind == G_NET && g->u.net.as) /* of the view: three files that no loader makes yet */
		return "names";
	return m->run.net == NET_RELAY && outside ? "relay" : NULL;
}

/* An explicit `allow socket` for local sockets: `connect` then reaches every name. */
static bool local_open(struct resolver *r, const struct grant *g)
{
	bdd local = bdd_range(r->s->t, F_SOCK_FAMILY, 1, 1); /* AF_UNIX */
	for (uint32_t i = 0; i < r->m->grants.n; i++)
		if (r->m->grants.v[i].kind == G_UNIX && !strcmp(r->m->grants.v[i].text, "unix connect any"))
			return false;
	return !bdd_disjoint(r->s->t, g->set.k[K_SOCK].b, local);
}

/* Single names below /proc/self: a process has no mount of its own there. */
static const char *path_missing(const struct model *m, const struct grant *g)
{
	const struct place *p = &g->u.place;
	if (p->glob)
		return "apparmor";
	if (strncmp(p->dir, "/proc/self", 10) != 0 || p->tree)
		return NULL;
	for (uint32_t i = 0; p->right == RIGHT_READ && i < m->grants.n; i++) {
		const struct grant *t = &m->grants.v[i];
		if (t->kind == G_PATH && t->u.place.tree && !strcmp(t->u.place.dir, "/proc/self"))
			return NULL;
	}
	return "apparmor";
}

static const char *wall_missing(struct resolver *r, const struct grant *g)
{
	switch (g->kind) {
	case G_NET:
	case G_PROXY:
		return net_missing(r->m, g);
	case G_CALL:
		return g->set.k[K_SOCK].b != BDD_NONE && local_open(r, g) ? "apparmor" : NULL;
	case G_UNIX: /* by name: needs a wall that reads names; any name and pairs: families decide */
		return g->u.place.pattern ? "apparmor" : NULL;
	case G_PATH:
		return path_missing(r->m, g);
	case G_HOST: /* names are the proxy's to judge, and nothing here writes its configuration */
		return "proxy";
	case G_CAP:
	case G_SOCK:
	case G_SCRATCH:
	case G_DEVICE:
	case G_SYMLINK:
	case G_PASS:
	case G_SETTING_FD:
	case G_LIMIT:
	case G_FLOOR:
		break;
	}
	return NULL;
}

void missing_walls(struct resolver *r)
{
	if (r->m->kind != MODEL_POLICY)
		return;
	for (uint32_t i = 0; i < r->m->grants.n; i++) {
		const struct grant *g = &r->m->grants.v[i];
		const char *wall = g->implied_by < 0 ? wall_missing(r, g) : NULL;
		if (wall)
			vec_push(r->a, &r->m->missing, ((struct missing){wall, g->text, g->at}));
	}
}
