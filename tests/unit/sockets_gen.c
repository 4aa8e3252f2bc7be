/* sockets_gen.c - see sockets_gen.h. */
#include "tests/unit/sockets_gen.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/policy.h"
#include "tests/unit/unit.h"

/* ---- rules ------------------------------------------------------------ */

static const char *const pool[] = {"127.0.0.1",	   "127.0.0.0/8",   "10.0.0.0/8",  "10.1.2.3",
				   "192.0.2.0/24", "203.0.113.7",   "0.0.0.0/0",   "172.16.0.0/12",
				   "::1",	   "2001:db8::/32", "2001:db8::5", "::/0",
				   "fe80::/10",	   "169.254.0.0/16"};

static struct gen_addr random_addr(uint64_t *seed, char *text, size_t n)
{
	struct gen_addr x = {{0}, 0};
	if (unit_random(seed) % 3) {
		snprintf(text, n, "%s", pool[unit_random(seed) % (sizeof pool / sizeof *pool)]);
	} else {
		unsigned bits = 8 + unit_random(seed) % 25;
		uint32_t v = (11 + unit_random(seed) % 90) << 24 | (unit_random(seed) & 0xffffff);
		v &= UINT32_MAX << (32 - bits);
		snprintf(text, n, "%u.%u.%u.%u/%u", v >> 24, v >> 16 & 255, v >> 8 & 255, v & 255, bits);
	}
	char host[64];
	unsigned len = 0;
	snprintf(host, sizeof host, "%s", text);
	char *slash = strchr(host, '/');
	if (slash) {
		*slash = 0;
		len = (unsigned)strtoul(slash + 1, NULL, 10);
	}
	if (strchr(host, ':')) {
		inet_pton(AF_INET6, host, x.b);
		x.bits = (uint8_t)(slash ? len : 128);
	} else {
		x.b[10] = x.b[11] = 0xff;
		inet_pton(AF_INET, host, x.b + 12);
		x.bits = (uint8_t)(96 + (slash ? len : 32));
	}
	return x;
}

static void random_rule(struct gen_rule *r, uint64_t *seed, struct buf *b)
{
	static const char *const verbs[] = {"connect", "listen", "bind"};
	char addr[64], from[64];
	*r = (struct gen_rule){.verb = (enum verb)(unit_random(seed) % 3), .tp = unit_random(seed) & 1};
	r->addr = random_addr(seed, addr, sizeof addr);
	r->lo = (uint16_t)(1 + unit_random(seed) % (unit_random(seed) & 1 ? 100 : 65535));
	unsigned width = unit_random(seed) % 3 ? 0 : unit_random(seed) % 500;
	r->hi = (uint16_t)(r->lo + width > 65535 ? 65535 : r->lo + width);
	bool v6 = strchr(addr, ':');
	buf_printf(b, "%s %s %s%s%s", verbs[r->verb], r->tp ? "udp" : "tcp", v6 ? "[" : "", addr,
		   v6 ? "]" : "");
	if (r->verb == BIND && unit_random(seed) % 4 == 0) {
		r->lo = r->hi = 0;
		buf_puts(b, ":auto");
	} else {
		buf_printf(b, r->lo == r->hi ? ":%u" : ":%u-%u", r->lo, r->hi);
	}
	for (; r->verb == LISTEN && r->n_from < MAX_FROM && unit_random(seed) & 1; r->n_from++) {
		r->from[r->n_from] = random_addr(seed, from, sizeof from);
		buf_printf(b, r->n_from ? " %s" : " from %s", from);
	}
	buf_putc(b, '\n');
}

struct gen *gen_rules(struct arena *a, uint64_t *seed, unsigned n)
{
	struct gen *g = arena_alloc(a, sizeof *g);
	struct buf b = buf_new(a);
	g->a = a;
	g->s = (struct sets){a, bdds_new(a)};
	g->n = n;
	buf_puts(
	    &b,
	    "abp 1\npolicy t.p 1.0.0 {\nlimits { memory 16M; cpu 10%; pids 8 }\nrun { net host }\nports {\n");
	for (unsigned i = 0; i < n; i++)
		random_rule(&g->rule[i], seed, &b);
	buf_puts(&b, "} }\n");
	struct diags *d = diags_new(a);
	const struct loadpath path = {NULL, 0};
	const char *text = buf_str(&b);
	struct model *m =
	    resolve_source(&g->s, d, source_text(a, "t.abp", text, strlen(text)), &path, 1u << ARCH_X86_64);
	if (!m || diags_errors(d))
		return NULL;
	g->all = m->all;
	return g;
}

bool gen_emit(struct gen *g)
{
	bool good = true;
	for (enum abpb_hook h = 1; h < ABPB_N_HOOKS; h++) {
		g->insns[h] = buf_new(g->a);
		good &= sockets_emit(&g->s, &g->all, h, &g->insns[h]);
	}
	return good;
}

/* ---- meaning, rule by rule -------------------------------------------- */

static bool in_prefix(const struct gen_addr *p, const uint8_t a[16])
{
	static const uint8_t v4[12] = {[10] = 0xff, [11] = 0xff};
	for (unsigned i = 0; i < p->bits; i++)
		if ((p->b[i / 8] ^ a[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return p->bits >= 96 || memcmp(a, v4, 12) != 0; /* an IPv6 prefix never holds IPv4 */
}

static bool prefix_of(const uint8_t *a, const char *text, unsigned bits)
{
	struct gen_addr p = {{0}, (uint8_t)bits};
	if (strchr(text, '.')) {
		p.b[10] = p.b[11] = 0xff;
		inet_pton(AF_INET, text, p.b + 12);
		p.bits = (uint8_t)(bits + 96);
	} else {
		inet_pton(AF_INET6, text, p.b);
	}
	return in_prefix(&p, a);
}

static int special(const uint8_t a[16])
{
	static const struct {
		const char *text;
		unsigned bits;
	} row[] = {{"127.0.0.0", 8}, {"169.254.0.0", 16}, {"224.0.0.0", 4}, {"255.255.255.255", 32},
		   {"::1", 128},     {"fe80::", 10},	  {"ff00::", 8}};
	for (int i = 0; i < 7; i++)
		if (prefix_of(a, row[i].text, row[i].bits))
			return i + 1;
	return 0;
}

static bool is_dest(const struct gen_addr *p, const uint8_t a[16])
{
	static const unsigned len[] = {0, 104, 112, 100, 128, 128, 10, 8};
	bool nowhere = prefix_of(a, "0.0.0.0", 8) || prefix_of(a, "::", 128);
	int k = special(a);
	bool inside = k && p->bits >= len[k] && special(p->b) == k;
	return in_prefix(p, a) && !nowhere && (!k || inside);
}

static bool is_own(const struct gen_addr *p, const uint8_t a[16])
{
	bool any4 = prefix_of(a, "0.0.0.0", 32), any6 = prefix_of(a, "::", 128);
	return in_prefix(p, a) && !any6 && (!any4 || p->bits == 96);
}

static bool port_in(const struct gen_rule *r, unsigned port)
{
	return r->lo <= port && port <= r->hi;
}

static bool dest_from(const struct gen_rule *r, const uint8_t a[16])
{
	static const struct gen_addr all4 = {{[10] = 0xff, [11] = 0xff}, 96}, all6 = {{0}, 0};
	bool some = !r->n_from && (is_dest(&all4, a) || is_dest(&all6, a));
	for (unsigned i = 0; i < r->n_from; i++)
		some |= is_dest(&r->from[i], a);
	return some;
}

/* own -1: from every own port; -2: from some. */
static bool conn(const struct gen *g, unsigned tp, int own, const uint8_t a[16], unsigned port)
{
	for (unsigned i = 0; i < g->n; i++) {
		const struct gen_rule *r = &g->rule[i];
		if (r->tp != tp)
			continue;
		if (r->verb == CONNECT && is_dest(&r->addr, a) && port_in(r, port))
			return true;
		bool mine = own == -2 || (own >= 0 && port_in(r, (unsigned)own));
		if (r->verb == LISTEN && tp == 1 && mine && dest_from(r, a))
			return true;
	}
	return false;
}

static bool bound(const struct gen *g, unsigned tp, const uint8_t a[16], unsigned port)
{
	for (unsigned i = 0; i < g->n; i++)
		if (g->rule[i].verb != CONNECT && g->rule[i].tp == tp && is_own(&g->rule[i].addr, a) &&
		    port_in(&g->rule[i], port))
			return true;
	return false;
}

static bool peer_in(const struct gen *g, unsigned tp, const uint8_t own[16], unsigned port,
		    const uint8_t peer[16])
{
	for (unsigned i = 0; i < g->n; i++) {
		const struct gen_rule *r = &g->rule[i];
		bool from = !r->n_from;
		for (unsigned k = 0; k < r->n_from; k++)
			from |= tp ? is_dest(&r->from[k], peer) : in_prefix(&r->from[k], peer);
		if (r->verb == LISTEN && r->tp == tp && is_own(&r->addr, own) && port_in(r, port) && from)
			return true;
	}
	return false;
}

static void bytes_of(const uint32_t w[4], bool v4, uint8_t out[16])
{
	memset(out, 0, 16);
	out[10] = out[11] = v4 ? 0xff : 0;
	for (unsigned i = v4 ? 12 : 0; i < 16; i++)
		out[i] = (uint8_t)(w[i / 4] >> (24 - 8 * (i % 4)));
}

static bool want_packet(const struct gen *g, bool out, const struct sock_input *in)
{
	bool v4 = in->ether == 0x0800;
	unsigned ports_end = v4 ? 24 : 44, tp = in->proto == 17;
	uint8_t src[16], dst[16];
	if ((!v4 && in->ether != 0x86dd) || in->length < ports_end || (in->proto != 6 && in->proto != 17))
		return false;
	if (v4 ? in->first != 0x45 || (in->frag & 0x3fff) : in->first >> 4 != 6)
		return false;
	bytes_of(in->src, v4, src);
	bytes_of(in->dst, v4, dst);
	static const uint8_t map[12] = {[10] = 0xff, [11] = 0xff};
	bool far_ok = v4 || memcmp(out ? dst : src, map, 12),
	     both_ok = v4 || (memcmp(dst, map, 12) && memcmp(src, map, 12));
	bool readable = in->length >= ports_end + 10, first_syn = (in->flags & 0x12) == 2;
	if (tp && out)
		return far_ok && conn(g, 1, in->sport, dst, in->dport);
	if (tp)
		return (both_ok && peer_in(g, 1, dst, in->dport, src)) ||
		       (far_ok && conn(g, 1, -1, src, in->sport));
	if (out && far_ok && conn(g, 0, in->sport, dst, in->dport))
		return true;
	if (!readable)
		return false;
	if (out)
		return !first_syn && both_ok && peer_in(g, 0, src, in->sport, dst);
	return !first_syn || (both_ok && peer_in(g, 0, dst, in->dport, src));
}

/* Sockets that the rules need. */
static bool want_socket(const struct gen *g, const struct sock_input *in)
{
	static const uint8_t map[12] = {[10] = 0xff, [11] = 0xff};
	if (!(in->type == 1 && in->proto == 6) && !(in->type == 2 && in->proto == 17) &&
	    !((in->type == 1 || in->type == 2) && in->proto == 0))
		return false;
	for (unsigned i = 0; i < g->n; i++) {
		bool v4 = g->rule[i].addr.bits >= 96 && !memcmp(g->rule[i].addr.b, map, 12);
		if (g->rule[i].tp + 1 == in->type && in->family == (v4 ? 2 : 10))
			return true;
	}
	return false;
}

bool gen_want(const struct gen *g, enum abpb_hook h, const struct sock_input *in)
{
	const struct hookdef *d = hook_def(h);
	uint8_t a[16];
	if (h == ABPB_SOCK_CREATE)
		return want_socket(g, in);
	if (d->skb)
		return want_packet(g, h == ABPB_EGRESS, in);
	if (in->proto != 6 && in->proto != 17)
		return false;
	bytes_of(in->addr, !d->v6, a);
	if (h == ABPB_BIND4 || h == ABPB_BIND6)
		return bound(g, in->proto == 17, a, in->port);
	return conn(g, in->proto == 17, -2, a, in->port);
}

/* ---- inputs ----------------------------------------------------------- */

static void near_addr(const struct gen_addr *p, uint64_t *seed, uint32_t w[4])
{
	uint8_t a[16];
	uint32_t r = unit_random(seed);
	memcpy(a, p->b, 16);
	for (unsigned i = p->bits; i < 128; i++)
		if (r % 3 == 0 || (r % 3 == 1 && unit_random(seed) & 1))
			a[i / 8] |= (uint8_t)(0x80 >> i % 8);
	for (unsigned i = 0; i < 4; i++)
		w[i] = (uint32_t)a[4 * i] << 24 | (uint32_t)a[4 * i + 1] << 16 | (uint32_t)a[4 * i + 2] << 8 |
		       a[4 * i + 3];
	uint32_t edge = unit_random(seed) % 8;
	w[3] += edge == 0 ? 1u : edge == 1 ? UINT32_MAX : 0u;
	if (edge == 2)
		w[unit_random(seed) % 4] ^= (uint32_t)1 << unit_random(seed) % 32;
}

static uint16_t near_port(const struct gen_rule *r, uint64_t *seed)
{
	switch (unit_random(seed) % 6) {
	case 0:
		return (uint16_t)(r->lo - 1);
	case 1:
		return r->lo;
	case 2:
		return r->hi;
	case 3:
		return (uint16_t)(r->hi + 1);
	default:
		return (uint16_t)unit_random(seed);
	}
}

void gen_input(const struct gen *g, enum abpb_hook h, uint64_t *seed, struct sock_input *in)
{
	static const uint16_t ethers[] = {0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806};
	static const uint8_t flags[] = {2, 0x12, 0x10, 0x18, 4, 3, 0x42, 0};
	const struct gen_rule *r = &g->rule[unit_random(seed) % g->n];
	*in = (struct sock_input){.length = 64};
	in->family = unit_random(seed) & 1 ? 2 : unit_random(seed) & 1 ? 10 : unit_random(seed) % 45;
	in->type = 1 + unit_random(seed) % 5;
	in->proto = unit_random(seed) % 8 ? (r->tp ? 17 : 6) : unit_random(seed) % 140;
	if (h == ABPB_SOCK_CREATE && unit_random(seed) % 4 == 0)
		in->proto = unit_random(seed) & 1 ? 0 : 262;
	near_addr(&r->addr, seed, in->addr);
	in->port = near_port(r, seed);
	in->ether = r->addr.bits >= 96 ? ethers[unit_random(seed) % 5] : 0x86dd;
	in->first = unit_random(seed) % 16 ? (in->ether == 0x0800 ? 0x45 : 0x60) : (uint8_t)unit_random(seed);
	in->frag = unit_random(seed) % 16 ? 0x4000 : (uint16_t)unit_random(seed);
	bool turn = unit_random(seed) & 1;
	near_addr(&r->addr, seed, turn ? in->src : in->dst);
	near_addr(r->n_from ? &r->from[0] : &g->rule[unit_random(seed) % g->n].addr, seed,
		  turn ? in->dst : in->src);
	in->sport = near_port(turn ? r : &g->rule[unit_random(seed) % g->n], seed);
	in->dport = near_port(turn ? &g->rule[unit_random(seed) % g->n] : r, seed);
	in->flags = flags[unit_random(seed) % 8];
	if (unit_random(seed) % 16 == 0)
		in->length = unit_random(seed) % 60;
}

/* ---- the simulator ---------------------------------------------------- */

struct machine {
	uint8_t ctx[128], packet[64], stack[512];
	uint32_t length;
	uint64_t r[11];
};
enum { CTX = 1 << 20, STACK = 1 << 21 }; /* made-up addresses */

static void be(uint8_t *p, uint32_t x, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		p[i] = (uint8_t)(x >> 8 * (n - 1 - i));
}

static void le(uint8_t *p, uint32_t x)
{
	memcpy(p, &x, 4);
}

static void set_up(struct machine *m, enum abpb_hook h, const struct sock_input *in)
{
	bool v4 = in->ether == 0x0800;
	memset(m, 0, sizeof *m);
	m->r[1] = CTX;
	m->r[10] = STACK + sizeof m->stack;
	if (h == ABPB_SOCK_CREATE) {
		le(m->ctx + 4, in->family);
		le(m->ctx + 8, in->type);
		le(m->ctx + 12, in->proto);
		return;
	}
	if (!hook_def(h)->skb) {
		be(m->ctx + 4, in->addr[3], 4);
		for (unsigned i = 0; i < 4; i++)
			be(m->ctx + 8 + 4 * i, in->addr[i], 4);
		be(m->ctx + 24, in->port, 2);
		le(m->ctx + 36, in->proto);
		return;
	}
	be(m->ctx + 16, in->ether, 2);
	m->length = in->length < sizeof m->packet ? in->length : sizeof m->packet;
	m->packet[0] = in->first;
	if (v4)
		be(m->packet + 6, in->frag, 2);
	m->packet[v4 ? 9 : 6] = (uint8_t)in->proto;
	for (unsigned i = 0; i < 4; i++) {
		be(m->packet + (v4 ? 12 : 8 + 4 * i), in->src[i], 4);
		be(m->packet + (v4 ? 16 : 24 + 4 * i), in->dst[i], 4);
	}
	unsigned at = v4 ? 20 : 40;
	be(m->packet + at, in->sport, 2);
	be(m->packet + at + 2, in->dport, 2);
	m->packet[at + 13] = in->flags;
}

static bool get(const struct machine *m, uint64_t at, unsigned n, uint64_t *out)
{
	const uint8_t *p = NULL;
	uint32_t v = 0;
	if (at >= CTX && at + n <= CTX + sizeof m->ctx)
		p = m->ctx + (at - CTX);
	if (at >= STACK && at + n <= STACK + sizeof m->stack)
		p = m->stack + (at - STACK);
	if (!p)
		return false;
	memcpy(&v, p, n);
	*out = v;
	return true;
}

static bool do_call(struct machine *m, int32_t which)
{
	uint64_t from = m->r[2], to = m->r[3], n = m->r[4];
	if (which != 26 || m->r[1] != CTX || to < STACK || n > 512 || to + n > STACK + sizeof m->stack)
		return false;
	bool fits = from + n <= m->length;
	if (fits)
		memcpy(m->stack + (to - STACK), m->packet + from, n);
	m->r[0] = fits ? 0 : (uint64_t)-14;
	return true;
}

/* 1: jump, 0: fall through, -1: unknown. */
static int jumps(uint8_t op, uint32_t x, uint32_t k)
{
	switch (op) {
	case 0x16:
		return x == k;
	case 0x56:
		return x != k;
	case 0x26:
		return x > k;
	case 0xb6:
		return x <= k;
	case 0x36:
		return x >= k;
	case 0xa6:
		return x < k;
	case 0x46:
		return (x & k) != 0;
	default:
		return -1;
	}
}

static bool plain(struct machine *m, uint8_t op, unsigned dst, unsigned src, int16_t off, int32_t imm)
{
	uint64_t *d = &m->r[dst];
	switch (op) {
	case 0x61:
		return get(m, m->r[src] + (uint64_t)(int64_t)off, 4, d);
	case 0x69:
		return get(m, m->r[src] + (uint64_t)(int64_t)off, 2, d);
	case 0x71:
		return get(m, m->r[src] + (uint64_t)(int64_t)off, 1, d);
	case 0xb7:
		*d = (uint64_t)(int64_t)imm;
		return true;
	case 0xbf:
		*d = m->r[src];
		return true;
	case 0x07:
		*d += (uint64_t)(int64_t)imm;
		return true;
	case 0x54:
		*d = (uint32_t)*d & (uint32_t)imm;
		return true;
	case 0xdc:
		*d = imm == 16 ? __builtin_bswap16((uint16_t)*d) : __builtin_bswap32((uint32_t)*d);
		return imm == 16 || imm == 32;
	case 0x85:
		return do_call(m, imm);
	default:
		return false;
	}
}

int gen_run(const uint8_t *code, size_t n, enum abpb_hook h, const struct sock_input *in)
{
	struct machine m;
	set_up(&m, h, in);
	for (size_t pc = 0; pc < n / 8; pc++) {
		struct abpb_insn i;
		memcpy(&i, code + 8 * pc, 8);
		unsigned dst = i.regs & 15, src = i.regs >> 4;
		if (i.code == 0x95)
			return m.r[0] == 0						? 0
			       : m.r[0] == (h == ABPB_BIND4 || h == ABPB_BIND6 ? 3 : 1) ? 1
											: -1;
		if (dst > 10 || src > 10)
			return -1;
		int jump = i.code == 0x05      ? 1
			   : (i.code & 7) == 6 ? jumps(i.code, (uint32_t)m.r[dst], (uint32_t)i.imm)
					       : 0;
		if (jump < 0 || (jump && i.off < 0))
			return -1;
		if (jump)
			pc += (size_t)i.off;
		else if ((i.code & 7) != 6 && !plain(&m, i.code, dst, src, i.off, i.imm))
			return -1;
	}
	return -1;
}
