/*
 * resolve_net.c - `ports` lines with addresses: connect, listen, bind, proxy, and the default of `net`.
 */
#include "compiler/resolve.h"

#include <string.h>

enum tp { TP_TCP, TP_UDP };

static bool is_verb(const struct line *l, const char *v)
{
	return !strcmp(l->verb.text, v);
}

/* ---- sets ------------------------------------------------------------- */

static bdd port_set(struct sets *s, struct field f, const struct end *e)
{
	if (e->port_auto)
		return bdd_range(s->t, f, 0, 0);
	if (e->port_any)
		return bdd_range(s->t, f, 1, 65535);
	return e->has_port ? bdd_range(s->t, f, e->lo, e->hi) : BDD_ALL;
}

static bdd all3(struct sets *s, bdd x, bdd y, bdd z)
{
	return bdd_and(s->t, x, bdd_and(s->t, y, z));
}

typedef bdd addr_fn(struct sets *s, struct field f, const struct addr *x);

static bdd peers_set(struct sets *s, struct field f, const struct end *from, uint32_t n, addr_fn *fn)
{
	static const struct addr everyone = {.any = true};
	bdd x = n ? BDD_NONE : fn(s, f, &everyone);
	for (uint32_t i = 0; i < n; i++)
		x = bdd_or(s->t, x, fn(s, f, &from[i].a));
	return x;
}

struct net_end { /* one end of a line with what holds for all of them */
	const struct line *l;
	const struct end *e, *from;
	uint32_t n_from;
	bool pattern;
};

static void connect_sets(struct sets *s, const struct net_end *x, enum tp tp, struct evset *out)
{
	bdd a = (x->pattern ? addr_set : addr_dest)(s, F_CONN_ADDR, &x->e->a);
	bdd set = all3(s, bdd_range(s->t, F_CONN_TP, tp, tp), a, port_set(s, F_CONN_PORT, x->e));
	out->k[K_CONN].b = bdd_or(s->t, out->k[K_CONN].b, set);
}

static void bind_sets(struct sets *s, const struct net_end *x, enum tp tp, struct evset *out)
{
	bdd a = (x->pattern ? addr_set : addr_own)(s, F_BIND_ADDR, &x->e->a);
	bdd set = all3(s, bdd_range(s->t, F_BIND_TP, tp, tp), a, port_set(s, F_BIND_PORT, x->e));
	out->k[K_BIND].b = bdd_or(s->t, out->k[K_BIND].b, set);
}

/* A listener may be bound and reached; over UDP it may also answer from its port. */
static void listen_sets(struct sets *s, const struct net_end *x, enum tp tp, struct evset *out)
{
	bdd a = (x->pattern ? addr_set : addr_own)(s, F_PEER_LADDR, &x->e->a);
	bdd peers = peers_set(s, F_PEER_ADDR, x->from, x->n_from,
			      tp == TP_UDP && x->n_from && !x->pattern ? addr_dest : addr_set);
	bdd set = all3(s, bdd_range(s->t, F_PEER_TP, tp, tp), a, port_set(s, F_PEER_LPORT, x->e));
	out->k[K_PEER].b = bdd_or(s->t, out->k[K_PEER].b, bdd_and(s->t, set, peers));
	if (x->pattern)
		return;
	bind_sets(s, x, tp, out);
	if (tp == TP_TCP)
		return;
	bdd to = peers_set(s, F_CONN_ADDR, x->from, x->n_from, addr_dest);
	set = all3(s, bdd_range(s->t, F_CONN_TP, tp, tp), port_set(s, F_CONN_OWN, x->e), to);
	out->k[K_CONN].b = bdd_or(s->t, out->k[K_CONN].b, set);
}

static void end_sets(struct sets *s, const struct net_end *x, struct evset *out)
{
	for (enum tp tp = TP_TCP; tp <= TP_UDP; tp++) {
		if (lex_given(&x->l->proto) && strcmp(x->l->proto.text, tp == TP_TCP ? "tcp" : "udp") != 0)
			continue;
		if (is_verb(x->l, "connect"))
			connect_sets(s, x, tp, out);
		else if (is_verb(x->l, "listen"))
			listen_sets(s, x, tp, out);
		else
			bind_sets(s, x, tp, out);
	}
}

/* ---- text ------------------------------------------------------------- */

static const char *net_text(struct arena *a, const struct net_end *x)
{
	const struct line *l = x->l;
	struct buf b = buf_new(a);
	buf_printf(&b, "%s ", l->verb.text);
	if (lex_given(&l->proto))
		buf_printf(&b, "%s ", l->proto.text);
	buf_puts(&b, end_text(a, x->e));
	if (lex_given(&l->as))
		buf_printf(&b, " as %s", l->as.text);
	for (uint32_t i = 0; i < x->n_from; i++) {
		buf_puts(&b, i ? " " : " from ");
		addr_text(&b, &x->from[i].a);
	}
	buf_puts(&b, l->local ? " local" : "");
	return buf_str(&b);
}

/* ---- what a line may say ---------------------------------------------- */

static bool from_parse(struct resolver *r, const struct line *l, struct end **from)
{
	bool ok = true;
	*from = arena_alloc(r->a, (l->from.n + 1) * sizeof **from);
	for (uint32_t i = 0; i < l->from.n; i++) {
		const struct lexeme *x = &l->from.v[i];
		struct end *e = &(*from)[i];
		if (!end_parse(r, x, e)) {
			ok = false;
		} else if (e->has_port || e->port_any || e->port_auto) {
			diag_error(r->d, x->at, "ABP-NET-024", "a peer after `from` has no port");
			struct buf b = buf_new(r->a);
			addr_text(&b, &e->a);
			diag_help(r->d, "write `from %s`", e->a.any ? "0.0.0.0/0 ::/0" : buf_str(&b));
			ok = false;
		}
	}
	return ok;
}

static bool line_words(struct resolver *r, const struct line *l, bool pattern)
{
	if (l->from.n && !is_verb(l, "listen")) {
		diag_error(r->d, span_join(l->from.v[0].at, l->from.v[l->from.n - 1].at), "ABP-NET-025",
			   "`from` belongs to `listen`: it says who may connect");
		diag_help(r->d, "delete `from …`");
		return false;
	}
	if (pattern && (lex_given(&l->as) || l->local)) {
		diag_error(r->d, l->at, "ABP-NET-029", "a pattern has no `%s`: it names events",
			   l->local ? "local" : "as");
		diag_help(r->d, "delete it");
		return false;
	}
	if (l->local && !is_verb(l, "connect")) {
		diag_error(r->d, l->at, "ABP-NET-026",
			   "`%s` takes no `local`: its own address is always local", l->verb.text);
		diag_help(r->d, "delete `local`");
		return false;
	}
	if (!lex_given(&l->as) ||
	    (is_verb(l, "connect") && lex_given(&l->proto) && !strcmp(l->proto.text, "tcp")))
		return true;
	diag_error(r->d, l->as.at, "ABP-NET-030", "`as` names the addresses of `connect tcp` only");
	diag_help(r->d, "delete `as %s`", l->as.text);
	return false;
}

static bool proto_given(struct resolver *r, const struct line *l)
{
	if (lex_given(&l->proto) || in_ceiling(r))
		return true;
	diag_error(r->d, l->verb.at, "ABP-NET-020", "`%s` needs a protocol", l->verb.text);
	diag_help(r->d, "write `%s tcp %s` or `%s udp %s`", l->verb.text, l->items.v[0].text, l->verb.text,
		  l->items.v[0].text);
	return false;
}

static bool end_error(struct resolver *r, const struct end *e, const char *code, const char *text,
		      const char *help)
{
	diag_error(r->d, e->at, code, "%s", text);
	diag_help(r->d, "%s", help);
	return false;
}

static const char *with_ports(struct arena *a, const struct end *e, const char *ports)
{
	struct buf b = buf_new(a);
	bool br = !e->a.v4 && !e->a.any;
	buf_puts(&b, br ? "[" : "");
	addr_text(&b, &e->a);
	buf_printf(&b, "%s:%s", br ? "]" : "", ports);
	return buf_str(&b);
}

static bool end_ports(struct resolver *r, const struct line *l, const struct end *e, bool any)
{
	struct arena *a = r->a;
	if (any && !in_ceiling(r))
		return end_error(r, e, "ABP-NET-021", "`any` is legal in a ceiling or a pattern only",
				 arena_printf(a, "name the address and the port: %s %s *:443", l->verb.text,
					      l->proto.text ? l->proto.text : "tcp"));
	if (e->port_auto && !is_verb(l, "bind"))
		return end_error(r, e, "ABP-NET-023", "`auto` is a port for `bind` only",
				 arena_printf(a, "write a port: %s", with_ports(a, e, "443")));
	if (!any && !e->has_port && !e->port_any && !e->port_auto && !in_ceiling(r))
		return end_error(r, e, "ABP-NET-022", "the port is missing",
				 arena_printf(a, "write %s, or %s for every port", with_ports(a, e, "443"),
					      with_ports(a, e, "*")));
	return true;
}

static bool zero(const struct addr *x)
{
	for (unsigned i = x->v4 ? 12 : 0; i < 16; i++)
		if (x->b[i])
			return false;
	return true;
}

static bool end_address(struct resolver *r, const struct line *l, const struct end *e)
{
	bool own = !is_verb(l, "connect");
	const char *all = e->a.v4 ? "0.0.0.0/0" : "*";
	if (own && addr_single(&e->a) && zero(&e->a)) {
		const char *ports = strrchr(end_text(r->a, e), ':');
		return end_error(r, e, "ABP-NET-027",
				 e->a.v4
				     ? "0.0.0.0 means every IPv4 address, and this grants only one"
				     : ":: means every address of both families, and this grants only one",
				 arena_printf(r->a, "write %s%s", all, ports ? ports : ""));
	}
	if (lex_given(&l->as) && !addr_single(&e->a))
		return end_error(r, e, "ABP-NET-031", "`as` names single addresses",
				 "write the one address the name stands for, or delete `as`");
	return true;
}

/* ---- grants ----------------------------------------------------------- */

static const char *verb_name(const struct line *l)
{
	return is_verb(l, "connect") ? "connect" : is_verb(l, "listen") ? "listen" : "bind";
}

static void net_fill(struct grant *g, const struct line *l, const struct end *e, bool any)
{
	bool both = !lex_given(&l->proto);
	g->u.net =
	    (struct netgrant){.verb = verb_name(l), .local = l->local, .has_from = l->from.n > 0, .any = any};
	g->u.net.tcp = both || !strcmp(l->proto.text, "tcp");
	g->u.net.udp = both || !strcmp(l->proto.text, "udp");
	g->u.net.loopback_only = addr_loopback(&e->a);
	g->u.net.as = l->as.text;
	g->u.net.n_ports = e->has_port ? (uint32_t)(e->hi - e->lo) + 1 : e->port_auto ? 1 : 65535;
}

static const char *const as_names[] = {"/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf"};

static void net_grant(struct resolver *r, const struct line *l, const struct lexeme *item, struct end *from)
{
	struct end e;
	struct grant g;
	if (!end_parse(r, item, &e) || !grant_begin(r, &g, G_NET, l, item->at))
		return;
	bool any = lex_is(item, "any");
	if (!end_ports(r, l, &e, any) || !end_address(r, l, &e))
		return;
	struct net_end x = {l, &e, from, l->from.n, false};
	net_fill(&g, l, &e, any);
	g.text = net_text(r->a, &x);
	end_sets(r->s, &x, &g.set);
	if (any && g.u.net.verb[0] == 'c') { /* a ceiling's `any`: every destination */
		x.pattern = true;
		end_sets(r->s, &x, &g.set);
	}
	for (unsigned i = 0; lex_given(&l->as) && i < 3; i++)
		grant_string(r, &g, K_READ, as_names[i]);
	grant_add(r, &g);
}

static void net_grants(struct resolver *r, const struct line *l)
{
	struct end *from;
	if (!line_words(r, l, false) || !proto_given(r, l) || !from_parse(r, l, &from))
		return;
	if ((lex_given(&l->as) && !host_name(r, &l->as)) || !any_alone(r, &l->items))
		return;
	for (uint32_t i = 0; i < l->items.n; i++)
		net_grant(r, l, &l->items.v[i], from);
}

bool net_pattern(struct resolver *r, const struct line *l, const struct lexeme *item, struct evset *out,
		 const char **text)
{
	struct end e, *from;
	if (!line_words(r, l, true) || !from_parse(r, l, &from) || !end_parse(r, item, &e))
		return false;
	struct net_end x = {l, &e, from, l->from.n, true};
	end_sets(r->s, &x, out);
	*text = net_text(r->a, &x);
	return true;
}

static void proxy_grant(struct resolver *r, const struct line *l)
{
	struct end e;
	struct grant g;
	if (!end_parse(r, &l->items.v[0], &e) || !grant_begin(r, &g, G_PROXY, l, l->items.v[0].at))
		return;
	if (!addr_single(&e.a) || !e.has_port || e.lo != e.hi) {
		end_error(r, &e, "ABP-NET-032", "a proxy is one address with one port",
			  "write proxy 192.0.2.80:3128");
		return;
	}
	struct line connect = *l;
	connect.verb.text = "connect";
	connect.proto = (struct lexeme){.text = "tcp"};
	connect.from.n = 0;
	if (!end_address(r, &connect, &e))
		return;
	struct net_end x = {&connect, &e, NULL, 0, false};
	net_fill(&g, &connect, &e, false);
	end_sets(r->s, &x, &g.set);
	g.text = arena_printf(r->a, "proxy %s%s", end_text(r->a, &e), l->local ? " local" : "");
	grant_add(r, &g);
}

/* The word before ADDR that the author of a host name forgot. */
static void host_grants(struct resolver *r, const struct line *l)
{
	for (uint32_t i = 0; i < l->items.n; i++) {
		const struct lexeme *x = &l->items.v[i];
		struct grant g;
		if (!l->via_proxy) {
			diag_error(r->d, x->at, "ABP-NET-033", "the kernel knows no host names");
			diag_help(r->d,
				  "write `connect host %s via proxy` and a `proxy ADDR:PORT` line, or the "
				  "addresses "
				  "with `as NAME`",
				  x->text);
			return;
		}
		if (!host_name(r, x) || !grant_begin(r, &g, G_HOST, l, x->at))
			continue;
		g.u.net = (struct netgrant){.verb = "connect", .tcp = true, .n_ports = 1};
		grant_dfa(r, &g, K_HOST, host_dfa(r->a, x->text));
		g.text = arena_printf(r->a, "connect host %s via proxy", x->text);
		grant_add(r, &g);
	}
}

void port_line(struct resolver *r, const struct line *l)
{
	if (l->kind == LINE_NET)
		net_grants(r, l);
	else if (l->kind == LINE_PROXY)
		proxy_grant(r, l);
	else if (l->kind == LINE_HOST)
		host_grants(r, l);
	else if (l->kind == LINE_SOCK)
		sock_grants(r, l);
	else if (l->kind == LINE_UNIX)
		unix_grants(r, l);
}

/* ---- the whole policy ------------------------------------------------- */

/* The loader makes three files for `as`; another grant for one of them would hide them or be hidden. */
static void as_clash(struct resolver *r, const struct grant *as)
{
	for (uint32_t i = 0; i < r->m->grants.n; i++) {
		const struct grant *g = &r->m->grants.v[i];
		for (unsigned k = 0; k < 3 && g->kind == G_PATH; k++) {
			if (!g->set.k[K_READ].d || !dfa_has(g->set.k[K_READ].d, as_names[k]))
				continue;
			diag_error(r->d, g->at, "ABP-NET-034",
				   "`%s` covers %s, which the loader makes for `as %s`", g->text, as_names[k],
				   as->u.net.as);
			diag_also(r->d, as->at, "the name is given here");
			diag_help(r->d, "grant other names than %s, or delete `as %s`", as_names[k],
				  as->u.net.as);
			return;
		}
	}
}

enum { RELAY_PORTS = 256 };

/* The narrowest mode that carries one grant. */
static enum net_mode carries(const struct grant *g)
{
	if (g->kind == G_SOCK || g->kind == G_UNIX)
		return NET_PRIVATE;
	if (g->kind == G_PROXY || g->kind == G_HOST)
		return NET_RELAY;
	if (g->kind != G_NET)
		return NET_NONE;
	if (g->u.net.loopback_only)
		return NET_PRIVATE;
	bool relay =
	    g->u.net.verb[0] == 'c' && g->u.net.tcp && !g->u.net.udp && g->u.net.n_ports <= RELAY_PORTS;
	return relay ? NET_RELAY : NET_HOST;
}

void net_finish(struct resolver *r)
{
	const struct grant *as = NULL;
	enum net_mode need = NET_NONE;
	for (uint32_t i = 0; i < r->m->grants.n; i++) {
		const struct grant *g = &r->m->grants.v[i];
		enum net_mode n = carries(g);
		need = n > need ? n : need;
		if (g->kind == G_NET && g->u.net.as && !as)
			as = g;
	}
	if (as)
		as_clash(r, as);
	if (!r->m->run.has_net && r->m->kind == MODEL_POLICY)
		r->m->run.net = need;
}
