/*
 * meaning.c - what the policy says on a box of inputs: an own reading of sockets.h, straight from the model's
 * sets.  The diagrams are followed variable by variable; no word is cut into ranges here.
 */
#include "compiler/backends/sockets/prove.h"

#include <string.h>

enum { TCP = 6, UDP = 17 };

bool prove_spend(struct prover *p)
{
	if (++p->out->steps <= p->budget)
		return true;
	p->out->verdict = SOCK_UNDECIDED;
	return false;
}

/* ---- without the own port --------------------------------------------- */

static bdd half(struct bdds *t, bdd f, unsigned var, unsigned bit)
{
	unsigned v;
	bdd lo, hi;
	if (!bdd_node(t, f, &v, &lo, &hi) || v != var)
		return f;
	return bit ? hi : lo;
}

/* Variable by variable from the last one of the own port: what is left for some value, or for each. */
static bdd fold_own(struct bdds *t, bdd f, unsigned var, bool every)
{
	if (var == F_CONN_OWN.first + F_CONN_OWN.width)
		return f;
	bdd x = fold_own(t, half(t, f, var, 0), var + 1, every);
	if (half(t, f, var, 0) == half(t, f, var, 1))
		return x;
	bdd y = fold_own(t, half(t, f, var, 1), var + 1, every);
	return every ? bdd_and(t, x, y) : bdd_or(t, x, y);
}

void meaning_prepare(struct prover *p)
{
	for (unsigned tp = 0; tp < 2; tp++) {
		bdd f = half(p->s->t, p->all->k[K_CONN].b, F_CONN_TP.first, tp);
		p->conn_any[tp] = fold_own(p->s->t, f, F_CONN_OWN.first, false);
		p->conn_every[tp] = fold_own(p->s->t, f, F_CONN_OWN.first, true);
	}
}

/* ---- sets and the inputs that their variables are --------------------- */

enum { AS_MAPPED = N_INPUTS, AS_ZERO };

struct part { /* of a set's variables: an input's bits, or what they are by construction */
	uint8_t first, width;
	uint8_t input; /* enum input, AS_MAPPED (0x0000ffff), AS_ZERO */
};
enum { MAX_PARTS = 11 };
struct alt { /* one set; the policy is a list of them, any of which permits */
	bdd f;
	unsigned n;
	struct part part[MAX_PARTS];
};

static void add_part(struct alt *a, unsigned first, unsigned width, unsigned input)
{
	a->part[a->n++] = (struct part){(uint8_t)(first < 256 ? first : 255), (uint8_t)width, (uint8_t)input};
}

static void add_addr(struct alt *a, struct field f, bool v6, unsigned input)
{
	for (unsigned i = 0; i < 4; i++)
		add_part(a, f.first + 32 * i, 32, v6 || i == 3 ? input + i : i == 2 ? AS_MAPPED : AS_ZERO);
}

/*
 * A box is asked about one set at a time: then what is left of a diagram where a word begins is the same
 * question on every way there, and is asked once.
 */
enum { N_SEEN = 1 << 7 };
struct question {
	struct prover *p;
	struct box b;
	const struct alt *alt, *end;
	bool got;
	bdd seen[N_SEEN];   /* single: rests that were answered */
	bool single, quiet; /* quiet: only whether, no witness */
};

static const char *witness_text(struct prover *p, const struct sock_input *in);

static void copy_words(const struct box *b, enum input first, uint32_t out[4])
{
	for (unsigned i = 0; i < 4; i++)
		word_witness(&b->w[first + i], &out[i]);
}

static uint32_t one(const struct box *b, enum input i)
{
	uint32_t x = 0;
	word_witness(&b->w[i], &x);
	return x;
}

static bool answer(const struct question *q, bool want)
{
	struct sock_proof *out = q->p->out;
	const struct box *b = &q->b;
	if (want == q->got || q->quiet)
		return want == q->got;
	out->verdict = SOCK_DIFFERS;
	out->got = q->got;
	out->want = want;
	struct sock_input *in = arena_alloc(q->p->s->a, sizeof *in);
	in->family = one(b, IN_FAMILY);
	in->type = one(b, IN_TYPE);
	in->proto = one(b, IN_PROTO);
	copy_words(b, IN_ADDR, in->addr);
	in->port = one(b, IN_PORT);
	in->ether = one(b, IN_ETHER);
	in->first = (uint8_t)one(b, IN_FIRST);
	in->frag = (uint16_t)one(b, IN_FRAG);
	copy_words(b, IN_SRC, in->src);
	copy_words(b, IN_DST, in->dst);
	in->sport = (uint16_t)one(b, IN_SPORT);
	in->dport = (uint16_t)one(b, IN_DPORT);
	in->flags = (uint8_t)one(b, IN_FLAGS);
	in->length = b->unreadable ? b->unreadable - 1 : b->readable > 64 ? b->readable : 64;
	out->input = in;
	out->event = witness_text(q->p, in);
	return false;
}

static bool ask_from(struct question *q, bdd f, const struct part *from);

static bool next_alt(struct question *q)
{
	bool good;
	if (++q->alt == q->end)
		good = answer(q, false);
	else
		good = ask_from(q, q->alt->f, NULL);
	q->alt--;
	return good;
}

static const struct part *part_of(const struct alt *a, unsigned var)
{
	for (unsigned i = 0; i < a->n; i++)
		if (var >= a->part[i].first && var < (unsigned)a->part[i].first + a->part[i].width)
			return &a->part[i];
	return NULL;
}

/* Every member of q->b, whose verdict is known but for f and the sets after it; `from`: the part above. */
static bool ask_from(struct question *q, bdd f, const struct part *from)
{
	unsigned var;
	bdd side[2];
	if (!prove_spend(q->p))
		return false;
	if (f == BDD_NONE)
		return next_alt(q);
	if (!bdd_node(q->p->s->t, f, &var, &side[0], &side[1]))
		return answer(q, true);
	const struct part *x = part_of(q->alt, var);
	if (q->single && x && x != from) {
		if (q->seen[f % N_SEEN] == f)
			return true;
		bool good = ask_from(q, f, x);
		q->seen[f % N_SEEN] = good ? f : BDD_NONE;
		return good;
	}
	if (!x) { /* the layout of the set is not what it was: a bug */
		q->p->out->verdict = SOCK_MALFORMED;
		q->p->out->why = "a set depends on a variable that the hook does not see";
		return false;
	}
	uint32_t bit = (uint32_t)1 << (x->first + x->width - 1u - var);
	if (x->input >= N_INPUTS)
		return ask_from(q, side[x->input == AS_MAPPED && (bit & 0xffff)], x);
	struct word *w = &q->b.w[x->input], whole = *w;
	bool good = true;
	for (unsigned i = 0; i < 2 && good; i++) {
		bool known = whole.mask & bit;
		if (known && !!(whole.val & bit) != (i == 1))
			continue;
		w->mask = whole.mask | bit;
		w->val = (whole.val & ~bit) | (i ? bit : 0);
		if (word_witness(w, NULL))
			good = ask_from(q, side[i], x);
	}
	*w = whole;
	return good;
}

static bool ask_some(struct prover *p, const struct box *b, const struct alt *alt, unsigned n, bool got,
		     bool quiet)
{
	struct question q = {.p = p, .b = *b, .alt = alt, .end = alt + n, .got = got};
	q.single = n == 1;
	q.quiet = quiet;
	return ask_from(&q, alt->f, NULL);
}

/* Denied: outside of every set.  Allowed: inside of one, or at last inside of all of them together. */
static bool ask_all(struct prover *p, const struct box *b, const struct alt *alt, unsigned n, bool got)
{
	p->out->leaves++;
	for (unsigned i = 0; !got && i < n; i++)
		if (!ask_some(p, b, &alt[i], 1, false, false))
			return false;
	if (!got)
		return true;
	for (unsigned i = 0; i + 1 < n; i++)
		if (ask_some(p, b, &alt[i], 1, true, true))
			return true;
	if (p->out->verdict != SOCK_EQUAL)
		return false;
	return ask_some(p, b, alt, n, true, false);
}

static bool denied(struct prover *p, const struct box *b, bool got)
{
	const struct alt none = {.f = BDD_NONE};
	return ask_all(p, b, &none, 1, got);
}

static bool allowed(struct prover *p, const struct box *b, bool got)
{
	const struct alt all = {.f = BDD_ALL};
	return ask_all(p, b, &all, 1, got);
}

/* ---- cutting a box by what is not in the sets ------------------------- */

typedef bool part_fn(struct prover *p, const struct box *b, bool truth, bool got);

static bool cut(struct prover *p, const struct box *b, enum input i, enum wtest t, uint32_t mask, uint32_t k,
		bool got, part_fn *fn)
{
	struct wpart part[WORD_MAX_PARTS];
	unsigned n = word_split(b->w[i], t, mask, k, part);
	struct box c = *b;
	for (unsigned x = 0; x < n; x++) {
		c.w[i] = part[x].w;
		if (!prove_spend(p) || !fn(p, &c, part[x].truth, got))
			return false;
	}
	return true;
}

/* ---- socket(2) -------------------------------------------------------- */

static bool sock_sets(struct prover *p, const struct box *b, bool resolved, bool got)
{
	struct alt a[2] = {{.f = p->all->k[K_SOCK].b}, {.f = p->all->k[K_SOCK].b}};
	for (unsigned i = 0; i < 2; i++) {
		add_part(&a[i], F_SOCK_FAMILY.first, 32, IN_FAMILY);
		add_part(&a[i], F_SOCK_TYPE.first, 32, IN_TYPE);
		add_part(&a[i], F_SOCK_PROTO.first, 32, i ? AS_ZERO : IN_PROTO);
	}
	return ask_all(p, b, a, resolved ? 2 : 1, got);
}

static bool proto_is(struct prover *p, const struct box *b, bool truth, bool got)
{
	return sock_sets(p, b, truth, got);
}

static bool type_dgram(struct prover *p, const struct box *b, bool truth, bool got)
{
	return truth ? cut(p, b, IN_PROTO, WORD_EQ, 0, UDP, got, proto_is) : sock_sets(p, b, false, got);
}

static bool type_stream(struct prover *p, const struct box *b, bool truth, bool got)
{
	return cut(p, b, truth ? IN_PROTO : IN_TYPE, WORD_EQ, 0, truth ? TCP : 2, got,
		   truth ? proto_is : type_dgram);
}

static bool inet6(struct prover *p, const struct box *b, bool truth, bool got)
{
	return truth ? cut(p, b, IN_TYPE, WORD_EQ, 0, 1, got, type_stream) : denied(p, b, got);
}

static bool inet(struct prover *p, const struct box *b, bool truth, bool got)
{
	return truth ? inet6(p, b, true, got) : cut(p, b, IN_FAMILY, WORD_EQ, 0, 10, got, inet6);
}

static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};

/* The members with an address of one family; IPv4 in IPv6 is IPv4. */
static bdd of_family(struct prover *p, bdd f, struct field addr, bool v6)
{
	bdd v4 = bdd_prefix(p->s->t, addr, mapped, 96);
	return v6 ? bdd_diff(p->s->t, f, v4) : bdd_and(p->s->t, f, v4);
}

/* ---- bind, connect, sendmsg ------------------------------------------- */

static struct alt addr_alt(struct prover *p, unsigned tp)
{
	const struct hookdef *d = hook_def(p->h);
	bool bind = d->kinds[0] == K_BIND;
	struct alt a = {.f = bind ? half(p->s->t, p->all->k[K_BIND].b, 0, tp) : p->conn_any[tp]};
	if (p->has_rest)
		a.f = p->rest[0];
	else if (!d->v6)
		a.f = of_family(p, a.f, bind ? F_BIND_ADDR : F_CONN_ADDR, false);
	add_addr(&a, bind ? F_BIND_ADDR : F_CONN_ADDR, d->v6, IN_ADDR);
	add_part(&a, bind ? F_BIND_PORT.first : F_CONN_PORT.first, 16, IN_PORT);
	return a;
}

static bool addr_udp(struct prover *p, const struct box *b, bool truth, bool got)
{
	struct alt a = addr_alt(p, 1);
	return truth ? ask_all(p, b, &a, 1, got) : denied(p, b, got);
}

static bool addr_tcp(struct prover *p, const struct box *b, bool truth, bool got)
{
	struct alt a = addr_alt(p, 0);
	return truth ? ask_all(p, b, &a, 1, got) : cut(p, b, IN_PROTO, WORD_EQ, 0, UDP, got, addr_udp);
}

/* ---- packets ---------------------------------------------------------- */

static bool is_v6(const struct box *b)
{
	return word_has(&b->w[IN_ETHER], 0x86dd);
}

static struct alt conn_alt(struct prover *p, const struct box *b, bdd f, bool from_us)
{
	bool v6 = is_v6(b);
	struct alt a = {.f = p->has_rest ? p->rest[0] : of_family(p, f, F_CONN_ADDR, v6)};
	add_part(&a, F_CONN_OWN.first, 16, from_us ? IN_SPORT : IN_DPORT);
	add_addr(&a, F_CONN_ADDR, v6, from_us ? IN_DST : IN_SRC);
	add_part(&a, F_CONN_PORT.first, 16, from_us ? IN_DPORT : IN_SPORT);
	return a;
}

static struct alt peer_alt(struct prover *p, const struct box *b, unsigned tp, bool from_us)
{
	bool v6 = is_v6(b);
	bdd f = half(p->s->t, p->all->k[K_PEER].b, 0, tp);
	if (!p->has_rest)
		f = of_family(p, of_family(p, f, F_PEER_LADDR, v6), F_PEER_ADDR, v6);
	struct alt a = {.f = p->has_rest ? p->rest[1] : f};
	add_addr(&a, F_PEER_LADDR, v6, from_us ? IN_SRC : IN_DST);
	add_part(&a, F_PEER_LPORT.first, 16, from_us ? IN_SPORT : IN_DPORT);
	add_addr(&a, F_PEER_ADDR, v6, from_us ? IN_DST : IN_SRC);
	return a;
}

static bool packet_udp(struct prover *p, const struct box *b, bool truth, bool got)
{
	bool out = p->h == ABPB_EGRESS;
	if (!truth)
		return denied(p, b, got);
	struct alt a[2] = {out ? conn_alt(p, b, half(p->s->t, p->all->k[K_CONN].b, 0, 1), true)
			       : conn_alt(p, b, p->conn_every[1], false),
			   peer_alt(p, b, 1, false)};
	return ask_all(p, b, a, out ? 1 : 2, got);
}

static bool tcp_syn(struct prover *p, const struct box *b, bool first_syn, bool got)
{
	struct alt conn = conn_alt(p, b, half(p->s->t, p->all->k[K_CONN].b, 0, 0), true);
	if (p->h == ABPB_EGRESS) {
		const struct alt a[2] = {conn, peer_alt(p, b, 0, true)};
		return ask_all(p, b, a, first_syn ? 1 : 2, got);
	}
	if (!first_syn)
		return allowed(p, b, got);
	struct alt peer = peer_alt(p, b, 0, false);
	return ask_all(p, b, &peer, 1, got);
}

/* With flags that cannot be read: what would hold for a first SYN on the way out, nothing on the way in. */
static bool tcp_short(struct prover *p, const struct box *b, bool got)
{
	return p->h == ABPB_EGRESS ? tcp_syn(p, b, true, got) : denied(p, b, got);
}

static bool packet_tcp(struct prover *p, const struct box *b, bool truth, bool got)
{
	uint32_t flags_end = is_v6(b) ? 54 : 34;
	if (!truth)
		return cut(p, b, IN_PROTO, WORD_EQ, 0, UDP, got, packet_udp);
	if (b->readable < flags_end && !tcp_short(p, b, got))
		return false;
	if (b->unreadable && b->unreadable <= flags_end)
		return true;
	return cut(p, b, IN_FLAGS, WORD_MASK_EQ, 0x12, 0x02, got, tcp_syn);
}

static bool packet_frag(struct prover *p, const struct box *b, bool truth, bool got)
{
	return truth ? denied(p, b, got) : cut(p, b, IN_PROTO, WORD_EQ, 0, TCP, got, packet_tcp);
}

static bool packet_first(struct prover *p, const struct box *b, bool truth, bool got)
{
	if (!truth)
		return denied(p, b, got);
	if (is_v6(b))
		return packet_frag(p, b, false, got);
	return cut(p, b, IN_FRAG, WORD_MASK_SET, 0x3fff, 0x3fff, got, packet_frag);
}

/* A packet of a known family, by the lengths it may have: too short for the ports, or not. */
static bool packet(struct prover *p, const struct box *b, bool got)
{
	uint32_t ports_end = is_v6(b) ? 44 : 24;
	if (b->readable < ports_end) {
		struct box shorter = *b;
		if (!shorter.unreadable || shorter.unreadable > ports_end)
			shorter.unreadable = ports_end;
		if (!denied(p, &shorter, got))
			return false;
	}
	if (b->unreadable && b->unreadable <= ports_end)
		return true;
	struct box longer = *b;
	if (longer.readable < ports_end)
		longer.readable = ports_end;
	if (is_v6(b))
		return cut(p, &longer, IN_FIRST, WORD_MASK_EQ, 0xf0, 0x60, got, packet_first);
	return cut(p, &longer, IN_FIRST, WORD_EQ, 0, 0x45, got, packet_first);
}

static bool ether_v6(struct prover *p, const struct box *b, bool truth, bool got)
{
	return truth ? packet(p, b, got) : denied(p, b, got);
}

static bool ether_v4(struct prover *p, const struct box *b, bool truth, bool got)
{
	return truth ? packet(p, b, got) : cut(p, b, IN_ETHER, WORD_EQ, 0, 0x86dd, got, ether_v6);
}

/* ---- rests ------------------------------------------------------------ */

bool word_single(const struct word *w, uint32_t *x)
{
	struct wpart part[WORD_MAX_PARTS];
	return word_witness(w, x) && word_split(*w, WORD_EQ, 0, *x, part) == 1;
}

static bool is_whole(const struct word *w, unsigned input)
{
	unsigned bytes = input_bytes((enum input)input);
	return !w->mask && w->lo == 0 && w->hi == (bytes == 4 ? UINT32_MAX : ((uint32_t)1 << 8 * bytes) - 1);
}

/* One rest for every member, or false. */
static bool rest_of(struct prover *p, struct box *b, const struct alt *a, bdd f, bdd *rest)
{
	unsigned var, n = 0;
	bdd side[2], seen = BDD_NONE;
	const struct part *x;
	*rest = f;
	if (!prove_spend(p))
		return false;
	if (!bdd_node(p->s->t, f, &var, &side[0], &side[1]) || !(x = part_of(a, var)))
		return true;
	uint32_t bit = (uint32_t)1 << (x->first + x->width - 1u - var);
	if (x->input >= N_INPUTS)
		return rest_of(p, b, a, side[x->input == AS_MAPPED && (bit & 0xffff)], rest);
	struct word *w = &b->w[x->input], whole = *w;
	if (is_whole(w, x->input))
		return true;
	bool good = true;
	for (unsigned i = 0; i < 2 && good; i++) {
		if ((whole.mask & bit) && !!(whole.val & bit) != (i == 1))
			continue;
		w->mask = whole.mask | bit;
		w->val = (whole.val & ~bit) | (i ? bit : 0);
		if (!word_witness(w, NULL))
			continue;
		good = rest_of(p, b, a, side[i], rest) && (!n++ || *rest == seen);
		seen = *rest;
	}
	*w = whole;
	*rest = seen;
	return good;
}

/* The sets that decide a box of one protocol: as meaning_check() asks them. */
static void sets_of(struct prover *p, const struct box *b, unsigned tp, struct alt a[2])
{
	bool out = p->h == ABPB_EGRESS;
	a[0] = a[1] = (struct alt){.f = BDD_NONE};
	if (!hook_def(p->h)->skb) {
		a[0] = addr_alt(p, tp);
		return;
	}
	if (out || tp == 1)
		a[0] =
		    conn_alt(p, b, out ? half(p->s->t, p->all->k[K_CONN].b, 0, tp) : p->conn_every[tp], out);
	if (!out || tp == 0)
		a[1] = peer_alt(p, b, tp, out);
}

/* What is left without looking at `input`, which is looked at next, perhaps again. */
static void rest_or_all(struct prover *p, struct box b, unsigned input, const struct alt *a, bdd *rest)
{
	b.w[input] = (struct word){0, input_bytes((enum input)input) == 4 ? UINT32_MAX : UINT16_MAX, 0, 0};
	if (!rest_of(p, &b, a, a->f, rest))
		*rest = a->f;
}

bool meaning_rest(struct prover *p, const struct box *b, unsigned input, bdd rest[2])
{
	struct alt a[2];
	struct box c = *b;
	uint32_t proto, ether = 0;
	bool skb = hook_def(p->h)->skb;
	if (p->h == ABPB_SOCK_CREATE || !word_single(&b->w[IN_PROTO], &proto) ||
	    (proto != TCP && proto != UDP))
		return false;
	if (skb && (!word_single(&b->w[IN_ETHER], &ether) || (ether != 0x0800 && ether != 0x86dd)))
		return false;
	sets_of(p, b, proto == UDP, a);
	/* a guess at which set the program asks first: until that is decided, it has not looked at the other
	 * one */
	unsigned first = p->h == ABPB_INGRESS, other = !first;
	bool past = rest_of(p, &c, &a[first], a[first].f, &rest[first]) && rest[first] == BDD_NONE;
	rest[other] = a[other].f;
	if (past)
		rest_or_all(p, c, input, &a[other], &rest[other]);
	else
		rest_or_all(p, c, input, &a[first], &rest[first]);
	return p->out->verdict == SOCK_EQUAL;
}

bool meaning_check(struct prover *p, const struct box *b, bool got)
{
	if (p->h == ABPB_SOCK_CREATE)
		return cut(p, b, IN_FAMILY, WORD_EQ, 0, 2, got, inet);
	if (hook_def(p->h)->skb)
		return cut(p, b, IN_ETHER, WORD_EQ, 0, 0x0800, got, ether_v4);
	return cut(p, b, IN_PROTO, WORD_EQ, 0, TCP, got, addr_tcp);
}

/* ---- witnesses as text ------------------------------------------------ */

static void put_end(struct buf *b, const uint32_t a[4], bool v6, uint32_t port)
{
	if (!v6)
		buf_printf(b, "%u.%u.%u.%u:%u", a[3] >> 24, a[3] >> 16 & 255, a[3] >> 8 & 255, a[3] & 255,
			   port);
	else
		buf_printf(b, "[%x:%x:%x:%x:%x:%x:%x:%x]:%u", a[0] >> 16, a[0] & 0xffff, a[1] >> 16,
			   a[1] & 0xffff, a[2] >> 16, a[2] & 0xffff, a[3] >> 16, a[3] & 0xffff, port);
}

static void put_proto(struct buf *b, uint32_t proto)
{
	if (proto == TCP || proto == UDP)
		buf_puts(b, proto == TCP ? "tcp " : "udp ");
	else
		buf_printf(b, "protocol %u ", proto);
}

static const char *witness_text(struct prover *p, const struct sock_input *in)
{
	struct buf b = buf_new(p->s->a);
	const struct hookdef *d = hook_def(p->h);
	buf_printf(&b, "%s ", d->name);
	if (p->h == ABPB_SOCK_CREATE) {
		buf_printf(&b, "socket %u/%u/%u", in->family, in->type, in->proto);
	} else if (!d->skb) {
		put_proto(&b, in->proto);
		put_end(&b, in->addr, d->v6, in->port);
	} else if (in->ether != 0x0800 && in->ether != 0x86dd) {
		buf_printf(&b, "packet of ethertype 0x%04x", in->ether);
	} else {
		put_proto(&b, in->proto);
		put_end(&b, in->src, in->ether == 0x86dd, in->sport);
		buf_puts(&b, " to ");
		put_end(&b, in->dst, in->ether == 0x86dd, in->dport);
		buf_printf(&b, " (first byte 0x%02x, fragment 0x%04x, flags 0x%02x, %u bytes)", in->first,
			   in->frag, in->flags, in->length);
	}
	return buf_str(&b);
}
