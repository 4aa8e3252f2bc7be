/*
 * addr.c - ADDR lexemes of language.md section 5, and the sets of addresses they mean.
 *
 * An address has 128 bits; IPv4 is ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2).  An IPv6 prefix never holds
 * IPv4.
 */
#include "compiler/resolve.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};

/* What a destination means only when it is written inside; bits in 128. */
struct special {
	uint8_t b[16];
	uint8_t bits;
};
#define V4(a, c)                                                                                             \
	{                                                                                                    \
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, c                                               \
	}
static const struct special specials[] = {
    {V4(127, 0), 104},							   /* loopback */
    {V4(169, 254), 112},						   /* link-local */
    {V4(224, 0), 100},							   /* multicast */
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 255, 255, 255, 255}, 128}, /* broadcast */
    {{[15] = 1}, 128},							   /* ::1 */
    {{0xfe, 0x80}, 10},
    {{0xff}, 8},
};
static const struct special nowhere[] = {
    {V4(0, 0), 104}, /* 0/8 */
    {{0}, 128},	     /* :: */
};
enum { N_SPECIAL = sizeof specials / sizeof *specials, N_NOWHERE = sizeof nowhere / sizeof *nowhere };

/* ---- sets ------------------------------------------------------------- */

static bool prefix_inside(const uint8_t *b, unsigned len, const uint8_t *out, unsigned out_bits)
{
	if (len < out_bits || memcmp(b, out, out_bits / 8) != 0)
		return false;
	unsigned rest = out_bits % 8;
	return !rest || !((b[out_bits / 8] ^ out[out_bits / 8]) >> (8 - rest));
}

bdd addr_set(struct sets *s, struct field f, const struct addr *x)
{
	if (x->any)
		return BDD_ALL;
	bdd set = bdd_prefix(s->t, f, x->b, x->bits);
	if (!x->v4 && prefix_inside(mapped, 96, x->b, x->bits))
		set = bdd_diff(s->t, set, bdd_prefix(s->t, f, mapped, 96));
	return set;
}

static bool inside_special(const struct addr *x)
{
	for (unsigned i = 0; i < N_SPECIAL; i++)
		if (!x->any && prefix_inside(x->b, x->bits, specials[i].b, specials[i].bits))
			return true;
	return false;
}

/* Prefixes nest or are disjoint, so most need no diagram. */
static bdd without(struct sets *s, struct field f, const struct addr *x, bdd set, const struct special *v,
		   unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (!x->any && prefix_inside(x->b, x->bits, v[i].b, v[i].bits))
			return BDD_NONE;
		if (x->any || prefix_inside(v[i].b, v[i].bits, x->b, x->bits))
			set = bdd_diff(s->t, set, bdd_prefix(s->t, f, v[i].b, v[i].bits));
	}
	return set;
}

bdd addr_dest(struct sets *s, struct field f, const struct addr *x)
{
	bdd set = without(s, f, x, addr_set(s, f, x), nowhere, N_NOWHERE);
	return inside_special(x) ? set : without(s, f, x, set, specials, N_SPECIAL);
}

/* The wildcards: 0.0.0.0 needs all of IPv4, `::` both families. */
bdd addr_own(struct sets *s, struct field f, const struct addr *x)
{
	static const uint8_t zero6[16];
	bdd set = addr_set(s, f, x);
	if (x->any)
		return set;
	if (x->v4 && x->bits != 96 && prefix_inside(mapped, 128, x->b, x->bits))
		set = bdd_diff(s->t, set, bdd_prefix(s->t, f, mapped, 128));
	if (!x->v4 && prefix_inside(zero6, 128, x->b, x->bits))
		set = bdd_diff(s->t, set, bdd_prefix(s->t, f, zero6, 128));
	return set;
}

bool addr_loopback(const struct addr *x)
{
	return !x->any && (prefix_inside(x->b, x->bits, specials[0].b, specials[0].bits) ||
			   prefix_inside(x->b, x->bits, specials[4].b, specials[4].bits));
}

bool addr_single(const struct addr *x)
{
	return !x->any && x->bits == 128;
}

void addr_text(struct buf *b, const struct addr *x)
{
	char t[INET6_ADDRSTRLEN];
	if (x->any) {
		buf_puts(b, "*");
		return;
	}
	if (x->v4)
		inet_ntop(AF_INET, x->b + 12, t, sizeof t);
	else
		inet_ntop(AF_INET6, x->b, t, sizeof t);
	buf_puts(b, t);
	if (x->bits != 128)
		buf_printf(b, "/%u", x->v4 ? x->bits - 96u : x->bits);
}

const char *end_text(struct arena *a, const struct end *e)
{
	struct buf b = buf_new(a);
	bool port = e->has_port || e->port_any || e->port_auto, br = !e->a.v4 && !e->a.any && port;
	if (e->a.any && !port)
		return "any";
	buf_puts(&b, br ? "[" : "");
	addr_text(&b, &e->a);
	buf_puts(&b, br ? "]" : "");
	if (e->port_any)
		buf_puts(&b, ":*");
	else if (e->port_auto)
		buf_puts(&b, ":auto");
	else if (e->has_port)
		buf_printf(&b, e->lo == e->hi ? ":%u" : ":%u-%u", e->lo, e->hi);
	return buf_str(&b);
}

/* ---- parsing ---------------------------------------------------------- */

static bool port_number(struct resolver *r, struct span at, const char *t, size_t n, uint16_t *out)
{
	uint64_t v;
	char text[24];
	snprintf(text, sizeof text, "%.*s", (int)(n < 23 ? n : 23), t);
	if (!num_value(text, 65535, &v)) {
		diag_error(r->d, at, "ABP-NET-010", "port %s is above 65535", text);
		diag_help(r->d, "ports are 1 to 65535");
		return false;
	}
	if (v == 0) {
		diag_error(r->d, at, "ABP-NET-011", "port 0 names no port");
		diag_help(r->d, "write a port from 1 to 65535; `bind tcp ADDR:auto` lets the kernel choose");
		return false;
	}
	if (*text == '0') {
		diag_error(r->d, at, "ABP-NET-012", "port %s has a leading zero", text);
		diag_help(r->d, "write %llu", (unsigned long long)v);
		return false;
	}
	*out = (uint16_t)v;
	return true;
}

/* "443", "8000-8099", "*", "auto" */
static bool ports_parse(struct resolver *r, struct span at, const char *t, struct end *e)
{
	if (!strcmp(t, "*")) {
		e->port_any = true;
		return true;
	}
	if (!strcmp(t, "auto")) {
		e->port_auto = true;
		return true;
	}
	const char *dash = strchr(t, '-');
	e->has_port = true;
	if (!port_number(r, at, t, dash ? (size_t)(dash - t) : strlen(t), &e->lo))
		return false;
	e->hi = e->lo;
	if (dash && !port_number(r, at, dash + 1, strlen(dash + 1), &e->hi))
		return false;
	if (e->lo <= e->hi)
		return true;
	diag_error(r->d, at, "ABP-NET-013", "the port range %u-%u is reversed", e->lo, e->hi);
	diag_help(r->d, "write %u-%u", e->hi, e->lo);
	return false;
}

static bool leading_zero(const char *t)
{
	for (const char *p = t; *p; p++)
		if (*p == '0' && (p == t || p[-1] == '.') && p[1] >= '0' && p[1] <= '9')
			return true;
	return false;
}

/* The same octets without leading zeros, for the hint. */
static const char *no_zeros(struct arena *a, const char *t)
{
	struct buf b = buf_new(a);
	for (const char *p = t; *p; p++)
		if (!(*p == '0' && (p == t || p[-1] == '.') && p[1] >= '0' && p[1] <= '9'))
			buf_putc(&b, *p);
		else
			while (p[1] == '0' && p[2] >= '0' && p[2] <= '9')
				p++;
	return buf_str(&b);
}

static bool bad_address(struct resolver *r, struct span at, const char *t)
{
	if (strchr(t, '%')) {
		diag_error(r->d, at, "ABP-NET-016", "`%s` has a zone id: an interface is no address", t);
		diag_help(r->d, "write %.*s", (int)strcspn(t, "%"), t);
	} else if (!strchr(t, ':') && leading_zero(t)) {
		diag_error(r->d, at, "ABP-NET-015", "`%s` has a leading zero: some programs read it as octal",
			   t);
		diag_help(r->d, "write %s", no_zeros(r->a, t));
	} else {
		diag_error(r->d, at, "ABP-NET-014", "`%s` is not an IP address", t);
		diag_help(
		    r->d,
		    "write 203.0.113.10:443, [2001:db8::1]:443 or *:443; host names go through `connect host "
		    "NAME:PORT via proxy`");
	}
	return false;
}

static bool host_bits(struct resolver *r, struct span at, struct addr *x, const char *t)
{
	uint8_t m[16];
	bool some = false;
	memcpy(m, x->b, 16);
	for (unsigned i = x->bits; i < 128; i++) {
		some |= m[i / 8] >> (7 - i % 8) & 1;
		m[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
	}
	if (!some)
		return false;
	struct buf b = buf_new(r->a);
	memcpy(x->b, m, 16);
	addr_text(&b, x);
	diag_error(r->d, at, "ABP-NET-018", "%s has bits set outside its prefix", t);
	diag_help(r->d, "write %s for the network, or leave the /%u out for the one address", buf_str(&b),
		  x->v4 ? x->bits - 96u : x->bits);
	return true;
}

/* "1.2.3.4", "1.2.3.0/24", "2001:db8::/32" */
static bool addr_parse(struct resolver *r, struct span at, const char *t, struct addr *x)
{
	char host[64];
	const char *slash = strchr(t, '/');
	size_t n = slash ? (size_t)(slash - t) : strlen(t);
	memset(x, 0, sizeof *x);
	if (n >= sizeof host)
		return bad_address(r, at, t);
	memcpy(host, t, n);
	host[n] = 0;
	x->v4 = !strchr(host, ':');
	if (x->v4)
		memcpy(x->b, mapped, 12);
	if (inet_pton(x->v4 ? AF_INET : AF_INET6, host, x->v4 ? x->b + 12 : x->b) != 1 ||
	    (x->v4 && leading_zero(host)))
		return bad_address(r, at, host);
	uint64_t len = x->v4 ? 32 : 128;
	if (slash && !num_value(slash + 1, len, &len)) {
		diag_error(r->d, at, "ABP-NET-017", "the prefix length of %s is above %u", t,
			   x->v4 ? 32 : 128);
		diag_help(r->d, "write %s/%u or shorter", host, x->v4 ? 32 : 128);
		return false;
	}
	x->bits = (uint8_t)(x->v4 ? len + 96 : len);
	x->v4 |= x->bits >= 96 && !memcmp(x->b, mapped, 12);
	return !slash || !host_bits(r, at, x, t);
}

/* `::1:443`: an address to the letter, a port in the author's mind. */
static bool port_trap(struct resolver *r, const struct lexeme *x)
{
	const char *last = strrchr(x->text, ':');
	size_t n = (size_t)(last - x->text);
	uint8_t b[16];
	char rem[64];
	uint64_t port;
	if (n >= sizeof rem || !num_value(last + 1, 65535, &port))
		return false;
	memcpy(rem, x->text, n);
	rem[n] = 0;
	if (inet_pton(AF_INET6, rem, b) != 1)
		return false;
	diag_error(r->d, x->at, "ABP-NET-019", "`%s` is an address without a port", x->text);
	diag_help(r->d, "write [%s]:%s for a port, %s/128 for the address", rem, last + 1, x->text);
	return true;
}

static bool addr_end(struct resolver *r, const struct lexeme *x, struct end *e)
{
	const char *t = x->text, *ports = NULL;
	size_t n = strlen(t);
	if (*t == '*') {
		e->a.any = true;
		return ports_parse(r, x->at, t + 2, e);
	}
	if (*t == '[') {
		const char *close = strchr(t, ']');
		if (!close || close[1] != ':')
			return bad_address(r, x->at, t);
		ports = close + 2;
		n = (size_t)(close - t) - 1;
		t++;
	} else if (strchr(t, ':') && !strchr(strchr(t, ':') + 1, ':')) {
		ports = strchr(t, ':') + 1;
		n = (size_t)(ports - t) - 1;
	} else if (strchr(t, ':') && !strchr(t, '/') && port_trap(r, x)) {
		return false;
	}
	if (!addr_parse(r, x->at, arena_strndup(r->a, t, n), &e->a))
		return false;
	return !ports || ports_parse(r, x->at, ports, e);
}

bool end_parse(struct resolver *r, const struct lexeme *x, struct end *e)
{
	memset(e, 0, sizeof *e);
	e->at = x->at;
	if (x->kind == LEX_ADDR)
		return addr_end(r, x, e);
	e->a.any = true;
	if (x->kind == LEX_NUM || x->kind == LEX_PORTRANGE)
		return ports_parse(r, x->at, x->text, e);
	return lex_is(x, "any") || bad_address(r, x->at, x->text);
}
