/*
 * emit.c - a program per hook: a prologue that finds the words, then trees of comparisons.
 *
 * Offsets are those of struct bpf_sock, bpf_sock_addr and __sk_buff in <linux/bpf.h>, and of RFC 791, 8200,
 * 9293.  Written backwards: what runs last is put first.
 */
#include "compiler/backends/sockets/sockets.h"
#include "compiler/backends/sockets/tree.h"

#include <stddef.h>
#include <linux/bpf.h>

enum { TCP = 6, UDP = 17, ETH_V4 = 0x0008, ETH_V6 = 0xdd86 /* as a little-endian load shows them */ };

struct emitter {
	struct sets *s;
	const struct evset *all;
	struct code *c;
};

/* ---- sets ------------------------------------------------------------- */

static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};

/* f where variable 0, the protocol, is tp. */
static bdd of_protocol(struct bdds *t, bdd f, unsigned tp)
{
	unsigned var;
	bdd lo, hi;
	if (!bdd_node(t, f, &var, &lo, &hi) || var)
		return f;
	return tp ? hi : lo;
}

/* What is left of f for some (any) or for every value of the variables before `end`. */
static bdd without_first(struct bdds *t, bdd f, unsigned end, bool any)
{
	unsigned var;
	bdd lo, hi;
	if (!bdd_node(t, f, &var, &lo, &hi) || var >= end)
		return f;
	lo = without_first(t, lo, end, any);
	hi = without_first(t, hi, end, any);
	return any ? bdd_or(t, lo, hi) : bdd_and(t, lo, hi);
}

static bdd conn_any_own(const struct emitter *e, unsigned tp)
{
	return without_first(e->s->t, of_protocol(e->s->t, e->all->k[K_CONN].b, tp), F_CONN_ADDR.first, true);
}

static bdd conn_every_own(const struct emitter *e, unsigned tp)
{
	return without_first(e->s->t, of_protocol(e->s->t, e->all->k[K_CONN].b, tp), F_CONN_ADDR.first,
			     false);
}

/*
 * No IPv6 packet has a mapped address: there it is not the IPv4 address that it is in a call.  For IPv4 the
 * rest of the set is left out, so that what differs only there is one piece of code.
 */
static bdd on_wire(const struct emitter *e, bdd f, bool v6, struct field addr)
{
	bdd v4 = bdd_prefix(e->s->t, addr, mapped, 96);
	return v6 ? bdd_diff(e->s->t, f, v4) : bdd_and(e->s->t, f, v4);
}

static bdd peer_on_wire(const struct emitter *e, unsigned tp, bool v6)
{
	bdd f = of_protocol(e->s->t, e->all->k[K_PEER].b, tp);
	return on_wire(e, on_wire(e, f, v6, F_PEER_LADDR), v6, F_PEER_ADDR);
}

/* ---- words ------------------------------------------------------------ */

static struct tword word(unsigned first, unsigned width, unsigned base, int off, unsigned size, unsigned swap)
{
	return (struct tword){.first = (uint16_t)first,
			      .width = (uint16_t)width,
			      .base = (uint8_t)base,
			      .size = (uint8_t)size,
			      .swap = (uint8_t)swap,
			      .off = (int16_t)off};
}

/* Four words of an address; v4: three constants and the word at `off`. */
static unsigned address(struct tword *w, unsigned first, bool v6, unsigned base, int off)
{
	for (unsigned i = 0; i < 4; i++) {
		w[i] = word(first + 32 * i, 32, base, off + (v6 ? 4 * (int)i : 0), 4, 32);
		w[i].fixed = !v6 && i < 3;
		w[i].value = i == 2 ? 0xffff : 0;
	}
	return 4;
}

/* ---- hooks of calls --------------------------------------------------- */

/* socket(2) with protocol 0 arrives with the protocol that the kernel chose. */
static bdd resolved(const struct emitter *e, bdd f, unsigned family)
{
	static const unsigned chosen[][2] = {{1, TCP}, {2, UDP}}; /* SOCK_STREAM, SOCK_DGRAM */
	struct bdds *t = e->s->t;
	bdd of_family = bdd_range(t, F_SOCK_FAMILY, family, family), out = bdd_and(t, f, of_family);
	for (unsigned i = 0; i < 2; i++) {
		bdd type = bdd_and(t, of_family, bdd_range(t, F_SOCK_TYPE, chosen[i][0], chosen[i][0]));
		bdd asked = bdd_and(t, type, bdd_range(t, F_SOCK_PROTO, 0, 0));
		if (!bdd_disjoint(t, f, asked))
			out = bdd_or(
			    t, out, bdd_and(t, type, bdd_range(t, F_SOCK_PROTO, chosen[i][1], chosen[i][1])));
	}
	return out;
}

static void emit_sock_create(struct emitter *e)
{
	const struct tword w[] = {word(0, 32, R1, offsetof(struct bpf_sock, family), 4, 0),
				  word(32, 32, R1, offsetof(struct bpf_sock, type), 4, 0),
				  word(64, 32, R1, offsetof(struct bpf_sock, protocol), 4, 0)};
	bdd f = e->all->k[K_SOCK].b;
	bdd set = bdd_or(e->s->t, resolved(e, f, 2), resolved(e, f, 10)); /* AF_INET, AF_INET6 */
	code_goto(e->c, tree_put(e->c, e->s->t, set, w, 3, LABEL_ALLOW, LABEL_DENY));
}

static void emit_sock_addr(struct emitter *e, bool v6, bool is_bind)
{
	struct tword w[5];
	label by_tp[2];
	unsigned first = is_bind ? F_BIND_ADDR.first : F_CONN_ADDR.first;
	unsigned port = is_bind ? F_BIND_PORT.first : F_CONN_PORT.first;
	address(w, first, v6, R1,
		v6 ? offsetof(struct bpf_sock_addr, user_ip6) : offsetof(struct bpf_sock_addr, user_ip4));
	w[4] = word(port, 16, R1, offsetof(struct bpf_sock_addr, user_port), 4, 16);
	for (unsigned tp = 2; tp-- > 0;) {
		bdd f = is_bind ? of_protocol(e->s->t, e->all->k[K_BIND].b, tp) : conn_any_own(e, tp);
		f = v6 ? f : on_wire(e, f, false, is_bind ? F_BIND_ADDR : F_CONN_ADDR);
		by_tp[tp] = tree_put(e->c, e->s->t, f, w, 5, LABEL_ALLOW, LABEL_DENY);
	}
	label udp = code_test(e->c, J_EQ, R2, UDP, by_tp[1], LABEL_DENY);
	code_goto(e->c, code_test(e->c, J_EQ, R2, TCP, by_tp[0], udp));
	code_load(e->c, R2, R1, offsetof(struct bpf_sock_addr, protocol), 4, 0);
}

/* ---- packets ---------------------------------------------------------- */

/*
 * The stack holds the packet's first bytes at R10 + COPY, and the byte of the TCP flags at R10 + FLAGS.  R6
 * is the context: the helper destroys R1 to R5.
 */
enum { COPY = -48, FLAGS = -56, SYN = 2, SYN_ACK = 0x12, LOAD_BYTES = BPF_FUNC_skb_load_bytes };

struct shape { /* of a packet */
	bool v6;
	int src, dst, next, payload; /* offsets: addresses, protocol, ports */
};
static const struct shape shapes[2] = {{false, 12, 16, 9, 20}, {true, 8, 24, 6, 40}};

/* Copy n bytes at `from` to the stack at `to`; DENY where there are fewer. */
static label emit_copy(struct emitter *e, int from, int to, unsigned n)
{
	struct code *c = e->c;
	label next = c->rev.n - 1;
	code_test(c, J_NE, R0, 0, LABEL_DENY, next);
	code_put(c, 0x85, 0, 0, 0, LOAD_BYTES);
	code_put(c, 0xb7, R4, 0, 0, n);
	code_put(c, 0x07, R3, 0, 0, (uint32_t)to);
	code_put(c, 0xbf, R3, R10, 0, 0);
	code_put(c, 0xb7, R2, 0, 0, (uint32_t)from);
	return code_put(c, 0xbf, R1, R6, 0, 0);
}

/* The flags of TCP; a first SYN goes to one label, all else to another. */
static label emit_syn(struct emitter *e, const struct shape *p, label first_syn, label other)
{
	code_goto(e->c, code_test(e->c, J_EQ, R2, SYN, first_syn, other));
	code_put(e->c, 0x54, R2, 0, 0, SYN_ACK); /* and */
	code_load(e->c, R2, R10, FLAGS, 1, 0);
	return emit_copy(e, p->payload + 13, FLAGS, 1);
}

static label put_conn(struct emitter *e, const struct shape *p, bdd f, bool from_us, label no)
{
	struct tword w[6];
	f = on_wire(e, f, p->v6, F_CONN_ADDR);
	w[0] = word(F_CONN_OWN.first, 16, R10, COPY + p->payload + (from_us ? 0 : 2), 2, 16);
	address(w + 1, F_CONN_ADDR.first, p->v6, R10, COPY + (from_us ? p->dst : p->src));
	w[5] = word(F_CONN_PORT.first, 16, R10, COPY + p->payload + (from_us ? 2 : 0), 2, 16);
	return tree_put(e->c, e->s->t, f, w, 6, LABEL_ALLOW, no);
}

static label put_peer(struct emitter *e, const struct shape *p, unsigned tp, bool from_us, label no)
{
	struct tword w[9];
	bdd f = peer_on_wire(e, tp, p->v6);
	address(w, F_PEER_LADDR.first, p->v6, R10, COPY + (from_us ? p->src : p->dst));
	w[4] = word(F_PEER_LPORT.first, 16, R10, COPY + p->payload + (from_us ? 0 : 2), 2, 16);
	address(w + 5, F_PEER_ADDR.first, p->v6, R10, COPY + (from_us ? p->dst : p->src));
	return tree_put(e->c, e->s->t, f, w, 9, LABEL_ALLOW, no);
}

static label emit_out_tcp(struct emitter *e, const struct shape *p)
{
	label peer = put_peer(e, p, 0, true, LABEL_DENY);
	if (peer != LABEL_DENY)
		peer = emit_syn(e, p, LABEL_DENY, peer);
	return put_conn(e, p, of_protocol(e->s->t, e->all->k[K_CONN].b, 0), true, peer);
}

static label emit_out_udp(struct emitter *e, const struct shape *p)
{
	return put_conn(e, p, of_protocol(e->s->t, e->all->k[K_CONN].b, 1), true, LABEL_DENY);
}

static label emit_in_tcp(struct emitter *e, const struct shape *p)
{
	label peer = put_peer(e, p, 0, false, LABEL_DENY);
	return emit_syn(e, p, peer, LABEL_ALLOW);
}

static label emit_in_udp(struct emitter *e, const struct shape *p)
{
	label conn = put_conn(e, p, conn_every_own(e, 1), false, LABEL_DENY);
	return put_peer(e, p, 1, false, conn);
}

/* From a packet whose family is known. */
static label emit_packet(struct emitter *e, const struct shape *p, bool out)
{
	struct code *c = e->c;
	label udp = out ? emit_out_udp(e, p) : emit_in_udp(e, p);
	label tcp = out ? emit_out_tcp(e, p) : emit_in_tcp(e, p);
	code_goto(c, code_test(c, J_EQ, R2, TCP, tcp, code_test(c, J_EQ, R2, UDP, udp, LABEL_DENY)));
	label next = code_load(c, R2, R10, COPY + p->next, 1, 0);
	if (!p->v6) { /* no fragment */
		code_goto(c, code_test(c, J_SET, R2, 0x3fff, LABEL_DENY, next));
		next = code_load(c, R2, R10, COPY + 6, 2, 16);
	}
	code_goto(c, code_test(c, J_NE, R2, p->v6 ? 0x60 : 0x45, LABEL_DENY, next));
	if (p->v6)
		code_put(c, 0x54, R2, 0, 0, 0xf0);
	code_load(c, R2, R10, COPY, 1, 0);
	return emit_copy(e, 0, COPY, (unsigned)p->payload + 4);
}

static void emit_skb(struct emitter *e, bool out)
{
	label v6 = emit_packet(e, &shapes[1], out), v4 = emit_packet(e, &shapes[0], out);
	label other = code_test(e->c, J_EQ, R2, ETH_V6, v6, LABEL_DENY);
	code_goto(e->c, code_test(e->c, J_EQ, R2, ETH_V4, v4, other));
	code_load(e->c, R2, R1, offsetof(struct __sk_buff, protocol), 4, 0);
	code_put(e->c, 0xbf, R6, R1, 0, 0);
}

bool sockets_emit(struct sets *s, const struct evset *all, enum abpb_hook h, struct buf *out)
{
	const struct hookdef *d = hook_def(h);
	/* a granted port below 1024 needs no capability: bit 1 of a bind program's answer, from Linux 5.12 */
	struct code c = {.a = s->a, .allow = d->kinds[0] == K_BIND ? 3 : 1};
	struct emitter e = {s, all, &c};
	if (h == ABPB_SOCK_CREATE)
		emit_sock_create(&e);
	else if (d->skb)
		emit_skb(&e, h == ABPB_EGRESS);
	else
		emit_sock_addr(&e, d->v6, d->kinds[0] == K_BIND);
	code_bytes(&c, out);
	return !c.far && c.rev.n <= ABPB_MAX_INSNS;
}
