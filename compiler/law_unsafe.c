/*
 * law_unsafe.c - which lines are unsafe by themselves: their events against tables/unsafe.def (language.md,
 * 8).
 */
#include "compiler/law.h"

#include <string.h>

static const char *row_reason(enum unsafe_kind kind, const char *what)
{
	const struct unsafe *row = unsafe_find(kind, what);

	return row ? row->reason : NULL;
}

/* ---- one line by itself ----------------------------------------------- */

/* The calls inside a table row's condition, as a set; the row has one. */
static struct evset harmless(struct sets *s, const struct model *m, const struct unsafe *row)
{
	struct diags *quiet = diags_new(s->a);
	pattern_list p = {0};
	struct evset set = evset_none();
	const char *text = arena_printf(s->a, "syscall %s(%s)", row->what, row->cond);

	if (resolve_pattern(s, quiet, m, text, &p))
		for (uint32_t i = 0; i < p.n; i++)
			set = evset_or(s, &set, &p.v[i].set);
	return set;
}

static bool any_arguments(const term_list *t)
{
	return t->n && !t->v[0].atoms.n;
}

static const char *call_reason(struct sets *s, const struct model *m, const struct grant *g)
{
	const struct sysdef *last = NULL;
	const struct unsafe *row = NULL;

	for (unsigned arch = 0; arch < N_ARCH; arch++) {
		const struct sysdef *c = syscall_by_nr((enum arch)arch, (int16_t)g->u.call.nr[arch]);
		struct evset ok;

		if (c != last) /* mostly one call on both */
			row = c ? unsafe_find(UNSAFE_CALL, c->name) : NULL;
		last = c;
		if (!row)
			continue;
		if (!row->cond || any_arguments(&g->u.call.terms[arch])) /* a row's condition is never all */
			return row->reason;
		ok = harmless(s, m, row);
		if (!evset_subset(s, &g->set, &ok))
			return row->reason;
	}
	return NULL;
}

static bool low_port(struct sets *s, const struct evset *x)
{
	bdd own = bdd_range(s->t, F_BIND_PORT, 1, 1023), local = bdd_range(s->t, F_PEER_LPORT, 1, 1023);

	return !bdd_disjoint(s->t, x->k[K_BIND].b, own) || !bdd_disjoint(s->t, x->k[K_PEER].b, local);
}

/* { x : the fields but the address are those of one member of conn }; an item is a product, so any member
 * does. */
static bdd ports_of_one(struct sets *s, bdd conn)
{
	static const struct field other[] = {F_CONN_TP, F_CONN_OWN, F_CONN_PORT};
	uint8_t bit[BDD_MAX_VARS];
	bdd fixed = BDD_ALL;

	if (!bdd_witness(s->t, conn, bit, CONN_VARS))
		return BDD_NONE;
	for (unsigned i = 0; i < sizeof other / sizeof *other; i++) {
		uint64_t v = bits_field(bit, other[i]);

		fixed = bdd_and(s->t, fixed, bdd_range(s->t, other[i], v, v));
	}
	return fixed;
}

/*
 * Does conn, seen at the ports `fixed`, hold every address of some prefix of len bits?  at is the prefix so
 * far
 * (`bits` of it).  Only prefixes that meet the set are entered.
 */
static bool holds_prefix(struct sets *s, bdd conn, bdd fixed, uint8_t at[16], unsigned bits, unsigned len)
{
	bdd here = bdd_and(s->t, bdd_prefix(s->t, F_CONN_ADDR, at, bits), fixed);
	uint8_t bit = (uint8_t)(0x80u >> bits % 8);

	if (bdd_disjoint(s->t, conn, here))
		return false;
	if (bits == len)
		return bdd_subset(s->t, here, conn);
	if (holds_prefix(s, conn, fixed, at, bits + 1, len))
		return true;
	at[bits / 8] |= bit;
	if (holds_prefix(s, conn, fixed, at, bits + 1, len))
		return true;
	at[bits / 8] &= (uint8_t)~bit;
	return false;
}

static const char *connect_reason(struct sets *s, bdd conn)
{
	uint8_t v4[16] = {[10] = 0xff, [11] = 0xff}, v6[16] = {0};
	bdd only4 = bdd_prefix(s->t, F_CONN_ADDR, v4, 96), set4, set6;

	if (!bdd_disjoint(s->t, conn, bdd_range(s->t, F_CONN_PORT, 53, 53)))
		return row_reason(UNSAFE_RULE, "dns");
	set4 = bdd_and(s->t, conn, only4);
	if (set4 != BDD_NONE && holds_prefix(s, set4, ports_of_one(s, set4), v4, 96, 96 + 7))
		return row_reason(UNSAFE_RULE, "wide-v4");
	set6 = bdd_diff(s->t, conn, only4);
	if (set6 != BDD_NONE && holds_prefix(s, set6, ports_of_one(s, set6), v6, 0, 15))
		return row_reason(UNSAFE_RULE, "wide-v6");
	return NULL;
}

static const char *net_reason(struct sets *s, const struct grant *g)
{
	if (low_port(s, &g->set))
		return row_reason(UNSAFE_RULE, "low-port");
	if (!strcmp(g->u.net.verb, "listen") && g->u.net.udp && !g->u.net.has_from)
		return row_reason(UNSAFE_RULE, "udp-no-from");
	if (!strcmp(g->u.net.verb, "connect"))
		return connect_reason(s, g->set.k[K_CONN].b);
	return NULL;
}

/* "netlink/raw/route" as a set of socket events. */
static bdd sock_triple(struct sets *s, const char *text)
{
	char part[3][32] = {"", "", ""};
	int family, type, proto;
	bdd set;

	if (sscanf(text, "%31[^/]/%31[^/]/%31s", part[0], part[1], part[2]) != 3 ||
	    !sock_family(part[0], &family) || !sock_type(part[1], &type) ||
	    !sock_proto(part[0], part[2], &proto))
		return BDD_NONE;
	set = bdd_range(s->t, F_SOCK_FAMILY, (uint32_t)family, (uint32_t)family);
	set = bdd_and(s->t, set, bdd_range(s->t, F_SOCK_TYPE, (uint32_t)type, (uint32_t)type));
	return bdd_and(s->t, set, bdd_range(s->t, F_SOCK_PROTO, (uint32_t)proto, (uint32_t)proto));
}

static const char *sock_reason(struct sets *s, bdd sock)
{
	size_t n;
	const struct unsafe *row = unsafe_rows(UNSAFE_FAMILY, &n);
	int v;

	for (size_t i = 0; i < n; i++)
		if (sock_family(row[i].what, &v) &&
		    !bdd_disjoint(s->t, sock, bdd_range(s->t, F_SOCK_FAMILY, (uint32_t)v, (uint32_t)v)))
			return row[i].reason;
	row = unsafe_rows(UNSAFE_TYPE, &n);
	for (size_t i = 0; i < n; i++) {
		bdd bad;

		if (!sock_type(row[i].what, &v))
			continue;
		bad = bdd_range(s->t, F_SOCK_TYPE, (uint32_t)v, (uint32_t)v);
		if (row[i].cond)
			bad = bdd_diff(s->t, bad, sock_triple(s, row[i].cond));
		if (!bdd_disjoint(s->t, sock, bad))
			return row[i].reason;
	}
	return NULL;
}

/* The names of one row of unsafe.def: the pattern and everything below; "/" is the root directory alone. */
static const struct dfa *row_names(struct sets *s, const struct unsafe *row)
{
	const struct dfa *at = dfa_path(s->a, row->what);

	if (!strcmp(row->what, "/"))
		return at;
	return dfa_or(s->a, at, dfa_path(s->a, arena_printf(s->a, "%s/**", row->what)));
}

static const char *write_reason(struct sets *s, const struct grant *g)
{
	size_t n;
	const struct unsafe *row = unsafe_rows(UNSAFE_WRITE, &n);

	if (!g->set.k[K_WRITE].d)
		return NULL;
	if (g->u.place.dir && !g->u.place.tree && !g->u.place.glob) { /* one name: no automata needed */
		row = unsafe_find(UNSAFE_WRITE, g->u.place.dir);
		return row ? row->reason : NULL;
	}
	for (size_t i = 0; i < n; i++)
		if (!dfa_disjoint(s->a, g->set.k[K_WRITE].d, row_names(s, &row[i])))
			return row[i].reason;
	return NULL;
}

static const char *unix_reason(struct sets *s, const struct evset *x)
{
	const struct dfa *all = dfa_path(s->a, "/**");

	if ((x->k[K_UNIX_CONNECT].d && dfa_subset(s->a, all, x->k[K_UNIX_CONNECT].d)) ||
	    (x->k[K_UNIX_LISTEN].d && dfa_subset(s->a, all, x->k[K_UNIX_LISTEN].d)))
		return row_reason(UNSAFE_RULE, "unix-any");
	return NULL;
}

static const char *env_reason(struct sets *s, const struct dfa *names)
{
	const char *name = dfa_witness(s->a, names);

	return name ? row_reason(UNSAFE_ENV, name) : NULL;
}

const char *unsafe_reason(struct sets *s, const struct model *m, const struct grant *g)
{
	switch (g->kind) {
	case G_CALL:
		return call_reason(s, m, g);
	case G_CAP:
		return row_reason(UNSAFE_RULE, "cap");
	case G_NET:
		return net_reason(s, g);
	case G_PROXY:
		return connect_reason(s, g->set.k[K_CONN].b);
	case G_SOCK:
		return sock_reason(s, g->set.k[K_SOCK].b);
	case G_UNIX:
		return unix_reason(s, &g->set);
	case G_PATH:
		return write_reason(s, g);
	case G_SCRATCH:
		return g->u.place.exec ? row_reason(UNSAFE_RULE, "scratch-exec") : NULL;
	case G_PASS:
		return env_reason(s, g->set.k[K_ENV].d);
	case G_HOST:
	case G_DEVICE:
	case G_SYMLINK:
	case G_SETTING_FD:
	case G_LIMIT:
	case G_FLOOR:
		break;
	}
	return NULL;
}
