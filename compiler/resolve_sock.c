/*
 * resolve_sock.c - `socket`, `unix` and host names of `ports` lines.
 */
#include "compiler/resolve.h"

#include <ctype.h>
#include <string.h>

struct spec { /* -1: every value; protos: -2: what the grant's default says */
	int family, type, proto;
};

static bdd one(struct sets *s, struct field f, int v)
{
	return v < 0 ? BDD_ALL : bdd_range(s->t, f, (uint32_t)v, (uint32_t)v);
}

/* 0, and what the kernel means by 0 for internet sockets. */
static bdd default_proto(struct sets *s, const struct spec *x)
{
	int more = 0, inet, inet6, stream, dgram;
	bool ip = sock_family("inet", &inet) && sock_family("inet6", &inet6) &&
		  (x->family == inet || x->family == inet6);
	if (ip && sock_type("stream", &stream) && x->type == stream)
		more = 6; /* IPPROTO_TCP */
	if (ip && sock_type("dgram", &dgram) && x->type == dgram)
		more = 17; /* IPPROTO_UDP */
	return bdd_or(s->t, one(s, F_SOCK_PROTO, 0), one(s, F_SOCK_PROTO, more));
}

static bdd spec_set(struct sets *s, const struct spec *x)
{
	bdd p = x->proto == -2 ? default_proto(s, x) : one(s, F_SOCK_PROTO, x->proto);
	p = bdd_and(s->t, one(s, F_SOCK_TYPE, x->type), p);
	return bdd_and(s->t, one(s, F_SOCK_FAMILY, x->family), p);
}

static bool unknown(struct resolver *r, const struct lexeme *x, const char *what, const char *part,
		    const char *near)
{
	diag_error(r->d, x->at, "ABP-NET-040", "unknown socket %s `%s`", what, part);
	if (near)
		diag_help(r->d, "did you mean `%s`?", near);
	else
		diag_help(r->d, "write FAMILY/TYPE/PROTO, as netlink/raw/route or inet6/stream");
	return false;
}

static bool star(struct resolver *r, const struct lexeme *x, bool grant)
{
	if (!grant || in_ceiling(r))
		return true;
	diag_error(r->d, x->at, "ABP-NET-041", "`%s` is legal in a ceiling or a pattern only",
		   lex_is(x, "any") ? "any" : "*");
	diag_help(r->d, "name the socket: netlink/raw/route");
	return false;
}

static bool part_value(struct resolver *r, const struct lexeme *x, unsigned i, char part[3][40], bool grant,
		       int *v)
{
	static const char *const what[] = {"family", "type", "protocol"};
	uint64_t n;
	*v = -1;
	if (!strcmp(part[i], "*"))
		return star(r, x, grant);
	if (i == 0 && sock_family(part[0], v))
		return true;
	if (i == 1 && sock_type(part[1], v))
		return true;
	if (i == 2 && sock_proto(part[0], part[2], v))
		return true;
	if (isdigit((unsigned char)part[i][0]) && num_value(part[i], INT32_MAX, &n)) {
		*v = (int)n;
		return true;
	}
	return unknown(r, x, what[i], part[i], i == 0 ? nearest(part[0], nth_family) : NULL);
}

static bool split(struct resolver *r, const struct lexeme *x, char part[3][40], unsigned *n)
{
	const char *t = x->text;
	for (*n = 0; *n < 3; (*n)++) {
		size_t len = strcspn(t, "/");
		if (!len || len >= 40)
			return unknown(r, x, "part", t, NULL);
		memcpy(part[*n], t, len);
		part[*n][len] = 0;
		t += len;
		if (!*t++) {
			(*n)++;
			return true;
		}
	}
	return unknown(r, x, "part", t, NULL);
}

static bool spec_parse(struct resolver *r, const struct lexeme *x, bool grant, struct spec *sp)
{
	char part[3][40] = {"", "", ""};
	unsigned n;
	*sp = (struct spec){-1, -1, grant ? -2 : -1};
	if (lex_is(x, "any"))
		return star(r, x, grant);
	if (!split(r, x, part, &n) || !part_value(r, x, 0, part, grant, &sp->family))
		return false;
	if (n > 1 && !part_value(r, x, 1, part, grant, &sp->type))
		return false;
	if (n > 2 && !part_value(r, x, 2, part, grant, &sp->proto))
		return false;
	if (n == 1) /* a family alone: every socket of it */
		sp->proto = -1;
	return true;
}

bool sock_spec(struct resolver *r, const struct lexeme *x, bool grant, bdd *out, const char **text)
{
	struct spec sp;
	if (!spec_parse(r, x, grant, &sp))
		return false;
	if (lex_is(x, "any"))
		sp.proto = -1;
	if (in_ceiling(r) && sp.proto == -2)
		sp.proto = -1;
	*out = spec_set(r->s, &sp);
	*text = arena_printf(r->a, "socket %s", x->text);
	return true;
}

void sock_grants(struct resolver *r, const struct line *l)
{
	uint32_t n = any_alone(r, &l->items) ? l->items.n : 0;
	for (uint32_t i = 0; i < n; i++) {
		struct grant g;
		const struct lexeme *x = &l->items.v[i];
		if (!grant_begin(r, &g, G_SOCK, l, x->at))
			return;
		if (sock_spec(r, x, true, &g.set.k[K_SOCK].b, &g.text))
			grant_add(r, &g);
	}
}

/* ---- `allow socket(...)` ----------------------------------------------- */

static bool atom_holds(const struct atom *at, uint64_t v)
{
	for (uint32_t i = 0; i < at->in.n; i++)
		if ((v & at->mask) >= at->in.v[i].lo && (v & at->mask) <= at->in.v[i].hi)
			return true;
	return false;
}

static bool type_holds(const struct term *t, int reg, uint32_t v)
{
	for (uint32_t i = 0; i < t->atoms.n; i++)
		if (t->atoms.v[i].arg == reg && !atom_holds(&t->atoms.v[i], v))
			return false;
	return true;
}

/* Types for which some choice of SOCK_NONBLOCK, SOCK_CLOEXEC passes: the event is the type without them. */
static bdd types_set(struct sets *s, const struct term *t, int reg)
{
	static const uint32_t flags[] = {0, 0x800, 0x80000, 0x80800};
	bdd set = BDD_NONE;
	for (uint32_t type = 0; type < 16; type++) /* SOCK_TYPE_MASK */
		for (unsigned i = 0; i < 4; i++)
			if (type_holds(t, reg, type | flags[i]))
				set = bdd_or(s->t, set, bdd_range(s->t, F_SOCK_TYPE, type, type));
	return set;
}

static bdd atoms_field(struct sets *s, const struct term *t, int reg, struct field f)
{
	bdd set = BDD_ALL;
	for (uint32_t i = 0; i < t->atoms.n; i++) {
		const struct atom *at = &t->atoms.v[i];
		bdd one_of = BDD_NONE;
		for (uint32_t k = 0; at->arg == reg && k < at->in.n; k++)
			one_of = bdd_or(s->t, one_of,
					bdd_masked_range(s->t, f, at->mask, at->in.v[k].lo, at->in.v[k].hi));
		if (at->arg == reg)
			set = bdd_and(s->t, set, one_of);
	}
	return set;
}

bdd call_sockets(struct sets *s, const struct sysdef *sys, enum arch arch, const term_list *terms)
{
	int family = syscall_arg_reg(sys, arch, "family"), type = syscall_arg_reg(sys, arch, "type");
	int proto = syscall_arg_reg(sys, arch, "protocol");
	bdd set = BDD_NONE;
	for (uint32_t i = 0; i < terms->n; i++) {
		const struct term *t = &terms->v[i];
		bdd x = bdd_and(s->t, types_set(s, t, type), atoms_field(s, t, proto, F_SOCK_PROTO));
		set = bdd_or(s->t, set, bdd_and(s->t, atoms_field(s, t, family, F_SOCK_FAMILY), x));
	}
	return set;
}

/* ---- unix ------------------------------------------------------------- */

/* "@name" or a path pattern; NULL: error queued. */
static const char *unix_name(struct resolver *r, const struct lexeme *x, bool *abstract)
{
	bool glob;
	*abstract = x->text[0] == '@';
	if (!*abstract)
		return path_name(r, x, &glob);
	if (x->text[1])
		return x->text;
	diag_error(r->d, x->at, "ABP-NET-043", "an abstract name needs at least one byte after the @");
	diag_help(r->d, "write \"@name\"");
	return NULL;
}

static enum ekind unix_kind(const struct line *l)
{
	return strcmp(l->verb.text, "listen") ? K_UNIX_CONNECT : K_UNIX_LISTEN;
}

static void unix_any(struct resolver *r, const struct line *l, struct grant *g)
{
	if (unix_kind(l) == K_UNIX_LISTEN && !in_ceiling(r)) {
		diag_error(r->d, g->at, "ABP-NET-044",
			   "`unix listen any` is legal in a ceiling or a pattern only");
		diag_help(r->d, "name the socket: unix listen /tmp/**");
		return;
	}
	g->text = arena_printf(r->a, "unix %s any", l->verb.text);
	grant_dfa(r, g, unix_kind(l), dfa_all(r->a));
	grant_add(r, g);
}

static void unix_grant(struct resolver *r, const struct line *l, const struct lexeme *x)
{
	struct grant g;
	bool abstract;
	if (!grant_begin(r, &g, G_UNIX, l, x->at))
		return;
	if (lex_is(x, "any")) {
		unix_any(r, l, &g);
		return;
	}
	const char *name = unix_name(r, x, &abstract);
	if (!name)
		return;
	if (abstract)
		grant_string(r, &g, unix_kind(l), name);
	else
		grant_path(r, &g, unix_kind(l), name);
	g.u.place.pattern = name;
	g.text = arena_printf(r->a, abstract ? "unix %s \"%s\"" : "unix %s %s", l->verb.text,
			      abstract ? name : quoted(r->a, name));
	grant_add(r, &g);
}

void unix_grants(struct resolver *r, const struct line *l)
{
	struct grant g;
	if (strcmp(l->verb.text, "pair") != 0) {
		uint32_t n = any_alone(r, &l->items) ? l->items.n : 0;
		for (uint32_t i = 0; i < n; i++)
			unix_grant(r, l, &l->items.v[i]);
		return;
	}
	if (!grant_begin(r, &g, G_UNIX, l, l->at))
		return;
	g.set.k[K_UNIX_PAIR].bits = 1;
	g.text = "unix pair";
	grant_add(r, &g);
}

/* ---- host names ------------------------------------------------------- */

static bool label_ok(const char *t, size_t n)
{
	if (!n || n > 63 || t[0] == '-' || t[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!islower((unsigned char)t[i]) && !isdigit((unsigned char)t[i]) && t[i] != '-')
			return false;
	return true;
}

static const char *lower(struct arena *a, const char *t)
{
	char *s = arena_strdup(a, t);
	for (char *p = s; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return s;
}

static bool host_port(struct resolver *r, const struct lexeme *x, const char *port)
{
	uint64_t v;
	if (num_value(port, 65535, &v) && v && port[0] != '0')
		return true;
	diag_error(r->d, x->at, "ABP-NET-045", "`%s` is not a port from 1 to 65535", port);
	diag_help(r->d, "write %.*s:443", (int)strcspn(x->text, ":"), x->text);
	return false;
}

/* The name in front of a port; a leading `*.` only where a port may follow. */
static bool labels_ok(const char *t, bool wild)
{
	size_t len = strcspn(t, ":");
	if (wild && !strncmp(t, "*.", 2))
		t += 2;
	for (bool ok = len > 0 && len < 254; ok;) {
		size_t n = strcspn(t, ".:");
		ok = label_ok(t, n);
		if (t[n] != '.')
			return ok;
		t += n + 1;
	}
	return false;
}

/* NAME or *.suffix, with :PORT in a HOSTPORT; lower case, labels as in RFC 1123. */
bool host_name(struct resolver *r, const struct lexeme *x)
{
	bool port = x->kind == LEX_HOSTPORT;
	const char *low = lower(r->a, x->text), *colon = strchr(x->text, ':');
	if (labels_ok(x->text, port))
		return !port || (colon && host_port(r, x, colon + 1));
	diag_error(r->d, x->at, "ABP-NET-046", "`%s` is not a host name", x->text);
	if (labels_ok(low, port))
		diag_help(r->d, "names are lower case: write %s", low);
	else
		diag_help(r->d, "labels of letters, digits and inner hyphens: api.example.com");
	return false;
}

const struct dfa *host_dfa(struct arena *a, const char *hostport)
{
	return hostport[0] == '*' ? dfa_suffix(a, hostport + 1) : dfa_string(a, hostport);
}
