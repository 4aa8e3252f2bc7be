/*
 * verify.c - bytes to meaning: an own decoder, and a walk through all inputs at once.
 *
 * Registers hold abstract values; a test of an input cuts its word.  An input in network order that is tested
 * before it is swapped is cut into bit cubes, because swapping bytes permutes bits: so the walk is exact for
 * programs that forgot to swap, too.
 */
#include "compiler/backends/sockets/prove.h"

#include <string.h>

/* ---- where inputs lie: <linux/bpf.h>, RFC 791, RFC 8200, RFC 9293 ------ */

static const struct place_of places[] = {
    {LAYOUT_SOCK, 4, 4, IN_FAMILY, 4, false},	  {LAYOUT_SOCK, 8, 4, IN_TYPE, 4, false},
    {LAYOUT_SOCK, 12, 4, IN_PROTO, 4, false},	  {LAYOUT_ADDR4, 4, 4, IN_ADDR + 3, 4, true},
    {LAYOUT_ADDR4, 24, 4, IN_PORT, 2, true},	  {LAYOUT_ADDR4, 36, 4, IN_PROTO, 4, false},
    {LAYOUT_ADDR6, 8, 4, IN_ADDR, 4, true},	  {LAYOUT_ADDR6, 12, 4, IN_ADDR + 1, 4, true},
    {LAYOUT_ADDR6, 16, 4, IN_ADDR + 2, 4, true},  {LAYOUT_ADDR6, 20, 4, IN_ADDR + 3, 4, true},
    {LAYOUT_ADDR6, 24, 4, IN_PORT, 2, true},	  {LAYOUT_ADDR6, 36, 4, IN_PROTO, 4, false},
    {LAYOUT_SKB, 16, 4, IN_ETHER, 2, true},	  {LAYOUT_PACKET4, 0, 1, IN_FIRST, 1, false},
    {LAYOUT_PACKET4, 6, 2, IN_FRAG, 2, true},	  {LAYOUT_PACKET4, 9, 1, IN_PROTO, 1, false},
    {LAYOUT_PACKET4, 12, 4, IN_SRC + 3, 4, true}, {LAYOUT_PACKET4, 16, 4, IN_DST + 3, 4, true},
    {LAYOUT_PACKET4, 20, 2, IN_SPORT, 2, true},	  {LAYOUT_PACKET4, 22, 2, IN_DPORT, 2, true},
    {LAYOUT_PACKET4, 33, 1, IN_FLAGS, 1, false},  {LAYOUT_PACKET6, 0, 1, IN_FIRST, 1, false},
    {LAYOUT_PACKET6, 6, 1, IN_PROTO, 1, false},	  {LAYOUT_PACKET6, 8, 4, IN_SRC, 4, true},
    {LAYOUT_PACKET6, 12, 4, IN_SRC + 1, 4, true}, {LAYOUT_PACKET6, 16, 4, IN_SRC + 2, 4, true},
    {LAYOUT_PACKET6, 20, 4, IN_SRC + 3, 4, true}, {LAYOUT_PACKET6, 24, 4, IN_DST, 4, true},
    {LAYOUT_PACKET6, 28, 4, IN_DST + 1, 4, true}, {LAYOUT_PACKET6, 32, 4, IN_DST + 2, 4, true},
    {LAYOUT_PACKET6, 36, 4, IN_DST + 3, 4, true}, {LAYOUT_PACKET6, 40, 2, IN_SPORT, 2, true},
    {LAYOUT_PACKET6, 42, 2, IN_DPORT, 2, true},	  {LAYOUT_PACKET6, 53, 1, IN_FLAGS, 1, false},
};

const struct place_of *place_find(enum layout layout, int64_t off, unsigned size)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (places[i].layout == layout && places[i].off == off && places[i].size == size)
			return &places[i];
	return NULL;
}

unsigned input_bytes(enum input i)
{
	static const uint8_t narrow[N_INPUTS] = {
	    [IN_PORT] = 2,  [IN_ETHER] = 2, [IN_FIRST] = 1, [IN_FRAG] = 2,
	    [IN_SPORT] = 2, [IN_DPORT] = 2, [IN_FLAGS] = 1};
	return narrow[i] ? narrow[i] : 4;
}

/* ---- values ----------------------------------------------------------- */

enum what { V_NONE, V_CTX, V_STACK, V_CONST, V_INPUT, V_ERROR };

struct val {
	enum what what;
	int64_t k; /* CONST: value; STACK: offset */
	uint8_t input, bytes;
	bool swapped; /* INPUT: bytes are in network order */
	uint32_t mask;
};

struct region { /* stack bytes [at, at + n) are packet bytes from `from` */
	int32_t at;
	uint32_t from, n;
};

struct state {
	struct box b;
	struct val r[11];
	struct region region[4];
	unsigned n_regions;
	struct region pending; /* of the last call, until its result is tested; n 0: none */
};

/*
 * Code that many ways lead to.  Claimed and proved once, for every address and port: from `pc` on the program
 * answers what is left of the sets.  A box that comes there with this rest is a part of what was proved.
 */
struct lemma {
	struct lemma *next; /* at the same pc */
	struct state s;	    /* registers, and what is known of the words that are no addresses or ports */
	bdd rest[2];
};

struct walker {
	struct prover p;
	bool claims;	      /* else every way by itself: slower, and a difference is then a real input */
	struct lemma **claim; /* per instruction */
	const uint8_t *code;
	uint32_t n;
	enum layout layout;
	uint8_t *reached; /* per instruction */
};

static bool malformed(struct walker *w, uint32_t at, const char *why)
{
	w->p.out->verdict = SOCK_MALFORMED;
	w->p.out->at = at;
	w->p.out->why = why;
	return false;
}

struct raw {
	uint8_t op, dst, src;
	int32_t off, imm;
};

static struct raw fetch(const struct walker *w, uint32_t pc)
{
	const uint8_t *b = w->code + 8 * (size_t)pc;
	struct raw i = {b[0], b[1] & 15, b[1] >> 4, (int16_t)(b[2] | b[3] << 8), 0};
	i.imm = (int32_t)((uint32_t)b[4] | (uint32_t)b[5] << 8 | (uint32_t)b[6] << 16 | (uint32_t)b[7] << 24);
	return i;
}

/* Fields that an instruction does not use have to be 0: the kernel insists. */
enum { USES_DST = 1, USES_SRC = 2, USES_OFF = 4, USES_IMM = 8 };

static bool fields_ok(const struct raw *i)
{
	static const uint8_t uses[256] = {
	    [0x05] = USES_OFF,
	    [0x07] = USES_DST | USES_IMM,
	    [0x54] = USES_DST | USES_IMM,
	    [0x61] = USES_DST | USES_SRC | USES_OFF,
	    [0x69] = USES_DST | USES_SRC | USES_OFF,
	    [0x71] = USES_DST | USES_SRC | USES_OFF,
	    [0x85] = USES_IMM,
	    [0xb7] = USES_DST | USES_IMM,
	    [0xbf] = USES_DST | USES_SRC,
	    [0xdc] = USES_DST | USES_IMM,
	};
	unsigned u = (i->op & 7) == 6 ? USES_DST | USES_OFF | USES_IMM : uses[i->op];
	return (u & USES_DST || !i->dst) && (u & USES_SRC || !i->src) && (u & USES_OFF || !i->off) &&
	       (u & USES_IMM || !i->imm);
}

/* ---- swapped words ---------------------------------------------------- */

static uint32_t swap(uint32_t x, unsigned bytes)
{
	return bytes == 4 ? __builtin_bswap32(x) : bytes == 2 ? __builtin_bswap16((uint16_t)x) : x;
}

enum { MAX_PARTS = 68 };

static void put_cube(struct word w, uint32_t mask, uint32_t val, bool truth, struct wpart *out, unsigned *n)
{
	if ((w.val ^ val) & w.mask & mask)
		return;
	w.mask |= mask;
	w.val |= val;
	if (word_witness(&w, NULL))
		out[(*n)++] = (struct wpart){w, truth};
}

/* swap(x) >= k, cube by cube from the top bit: equal so far, then greater or less. */
static unsigned split_swapped_ge(struct word w, unsigned bytes, uint32_t k, struct wpart *out)
{
	unsigned n = 0;
	uint32_t same = 0;
	for (uint32_t bit = (uint32_t)1 << (8 * bytes - 1); bit; bit >>= 1) {
		uint32_t other = (k & same) | (~k & bit);
		put_cube(w, swap(same | bit, bytes), swap(other, bytes), !(k & bit), out, &n);
		same |= bit;
	}
	put_cube(w, swap(same, bytes), swap(k, bytes), true, out, &n);
	return n;
}

static unsigned whole_part(struct word w, bool truth, struct wpart *out)
{
	out[0] = (struct wpart){w, truth};
	return 1;
}

static uint32_t full(unsigned bytes)
{
	return bytes == 4 ? UINT32_MAX : ((uint32_t)1 << 8 * bytes) - 1;
}

/* A test of a value that is in network order.  0: a test that is not supported on such a value. */
static unsigned split_swapped(struct word w, const struct val *v, enum wtest t, uint32_t k, struct wpart *out)
{
	uint32_t all = full(v->bytes), mask = v->mask & all;
	bool too_big = k > all, masked = mask != all;
	if (t == WORD_MASK_SET)
		return word_split(w, WORD_MASK_SET, swap(mask & k & all, v->bytes), UINT32_MAX, out);
	if (t == WORD_EQ && (too_big || k & ~mask))
		return whole_part(w, false, out);
	if (t == WORD_EQ)
		return word_split(w, WORD_MASK_EQ, swap(mask, v->bytes), swap(k, v->bytes), out);
	if (masked)
		return 0;
	if (too_big || (t == WORD_GT && k == all))
		return whole_part(w, false, out);
	return split_swapped_ge(w, v->bytes, t == WORD_GT ? k + 1 : k, out);
}

static unsigned split(struct word w, const struct val *v, enum wtest t, uint32_t k, struct wpart *out)
{
	static const enum wtest with_mask[] = {
	    [WORD_EQ] = WORD_MASK_EQ, [WORD_GT] = WORD_MASK_GT, [WORD_GE] = WORD_MASK_GE};
	if (v->swapped && v->bytes > 1)
		return split_swapped(w, v, t, k, out);
	if (t == WORD_MASK_SET)
		return word_split(w, WORD_MASK_SET, v->mask, k, out);
	return word_split(w, v->mask == UINT32_MAX ? t : with_mask[t], v->mask, k, out);
}

/* ---- steps ------------------------------------------------------------ */

static enum layout packet_layout(const struct state *s)
{
	const struct word *e = &s->b.w[IN_ETHER];
	uint32_t x;
	struct wpart part[WORD_MAX_PARTS];
	if (!word_witness(e, &x) || word_split(*e, WORD_EQ, 0, x, part) != 1)
		return LAYOUT_SKB;
	return x == 0x0800 ? LAYOUT_PACKET4 : x == 0x86dd ? LAYOUT_PACKET6 : LAYOUT_SKB;
}

/* What a load reads; NULL: nothing that is an input. */
static const struct place_of *place_read(const struct walker *w, const struct state *s, const struct raw *i)
{
	unsigned size = i->op == 0x61 ? 4 : i->op == 0x69 ? 2 : 1;
	const struct val *base = &s->r[i->src];
	if (base->what == V_CTX)
		return place_find(w->layout, i->off, size);
	int64_t off = base->k + i->off;
	if (base->what != V_STACK || off % size) /* the kernel wants them aligned */
		return NULL;
	for (unsigned x = 0; x < s->n_regions; x++) {
		const struct region *g = &s->region[x];
		if (off >= g->at && off + size <= g->at + (int64_t)g->n)
			return place_find(packet_layout(s), off - g->at + g->from, size);
	}
	return NULL;
}

static bool load(struct walker *w, uint32_t pc, struct state *s, const struct raw *i)
{
	const struct place_of *at = place_read(w, s, i);
	if (!at)
		return malformed(w, pc, "loads what is no input of the hook");
	s->r[i->dst] = (struct val){.what = V_INPUT,
				    .input = at->input,
				    .bytes = at->bytes,
				    .swapped = at->swapped,
				    .mask = UINT32_MAX};
	return true;
}

static bool swap_bytes(struct walker *w, uint32_t pc, struct val *v, int32_t bits)
{
	if (v->what != V_INPUT || v->mask != UINT32_MAX || bits != 8 * v->bytes)
		return malformed(w, pc, "swaps the bytes of something else than a whole input");
	v->swapped = !v->swapped;
	return true;
}

/* skb_load_bytes(ctx, from, to, n): packet bytes onto the stack, or an error. */
static bool call(struct walker *w, uint32_t pc, struct state *s, const struct raw *i)
{
	const struct val *r = s->r;
	bool typed = w->layout == LAYOUT_SKB && i->imm == 26 && r[1].what == V_CTX && r[2].what == V_CONST &&
		     r[3].what == V_STACK && r[4].what == V_CONST;
	if (!typed || r[2].k < 0 || r[2].k > 255 || r[4].k < 1 || r[4].k > 255 || r[3].k < -512 ||
	    r[3].k + r[4].k > 0 || s->n_regions == 4 || s->pending.n)
		return malformed(w, pc, "a call that is not skb_load_bytes of a few bytes");
	for (unsigned x = 0; x < s->n_regions; x++)
		if (r[3].k < s->region[x].at + (int64_t)s->region[x].n && s->region[x].at < r[3].k + r[4].k)
			return malformed(w, pc, "copies packet bytes over others");
	s->pending = (struct region){(int32_t)r[3].k, (uint32_t)r[2].k, (uint32_t)r[4].k};
	for (unsigned x = 1; x <= 5; x++)
		s->r[x] = (struct val){0};
	s->r[0] = (struct val){.what = V_ERROR};
	return true;
}

static bool alu(struct walker *w, uint32_t pc, struct state *s, const struct raw *i)
{
	struct val *d = &s->r[i->dst];
	switch (i->op) {
	case 0xb7: /* r = k */
		*d = (struct val){.what = V_CONST, .k = i->imm};
		return true;
	case 0xbf: /* r = r */
		if (s->r[i->src].what == V_NONE)
			return malformed(w, pc, "copies a register that is not set");
		*d = s->r[i->src];
		return true;
	case 0x07: /* r += k */
		if (d->what != V_STACK)
			return malformed(w, pc, "adds to something else than the stack pointer");
		d->k += i->imm;
		return true;
	case 0x54: /* r &= k, 32 bits */
		if (d->what != V_INPUT)
			return malformed(w, pc, "masks something else than an input");
		d->mask &= (uint32_t)i->imm;
		return true;
	case 0xdc: /* from network order */
		return swap_bytes(w, pc, d, i->imm);
	case 0x85:
		return call(w, pc, s, i);
	case 0x61:
		return load(w, pc, s, i);
	case 0x69:
		return load(w, pc, s, i);
	case 0x71:
		return load(w, pc, s, i);
	default:
		return malformed(w, pc, "unknown instruction");
	}
}

static bool test_of(uint8_t op, enum wtest *t, bool * not )
{
	static const struct {
		uint8_t op;
		enum wtest t;
		bool not ;
	} row[] = {{0x16, WORD_EQ, false},	{0x56, WORD_EQ, true},	{0x26, WORD_GT, false},
		   {0xb6, WORD_GT, true},	{0x36, WORD_GE, false}, {0xa6, WORD_GE, true},
		   {0x46, WORD_MASK_SET, false}};
	for (unsigned i = 0; i < sizeof row / sizeof *row; i++)
		if (row[i].op == op) {
			*t = row[i].t;
			*not = row[i].not ;
			return true;
		}
	return false;
}

static bool walk(struct walker *w, uint32_t pc, struct state s);

/* ---- claims ----------------------------------------------------------- */

static const uint8_t widened[] = {IN_ADDR,    IN_ADDR + 1, IN_ADDR + 2, IN_ADDR + 3, IN_PORT,
				  IN_SRC,     IN_SRC + 1,  IN_SRC + 2,	IN_SRC + 3,  IN_DST,
				  IN_DST + 1, IN_DST + 2,  IN_DST + 3,	IN_SPORT,    IN_DPORT};

static struct word whole_word(unsigned input)
{
	return (struct word){0, full(input_bytes((enum input)input)), 0, 0};
}

static bool same_val(const struct val *x, const struct val *y)
{
	return x->what == y->what && x->k == y->k && x->input == y->input && x->bytes == y->bytes &&
	       x->swapped == y->swapped && x->mask == y->mask;
}

static bool same_state(const struct state *x, const struct state *y)
{
	bool same = x->n_regions == y->n_regions && x->b.readable == y->b.readable &&
		    x->b.unreadable == y->b.unreadable;
	for (unsigned i = 0; same && i < 11; i++)
		same = same_val(&x->r[i], &y->r[i]);
	for (unsigned i = 0; same && i < x->n_regions; i++)
		same = x->region[i].at == y->region[i].at && x->region[i].from == y->region[i].from &&
		       x->region[i].n == y->region[i].n;
	for (unsigned i = 0; same && i < N_INPUTS; i++)
		same = x->b.w[i].lo == y->b.w[i].lo && x->b.w[i].hi == y->b.w[i].hi &&
		       x->b.w[i].mask == y->b.w[i].mask && x->b.w[i].val == y->b.w[i].val;
	return same;
}

static bool walk_from(struct walker *w, uint32_t pc, struct state s, bool fresh);

/* At a load: proved by a claim (1), not so (0), or no claim to be made here (-1). */
static int claimed(struct walker *w, uint32_t pc, const struct state *s, const struct raw *i)
{
	struct lemma c = {.s = *s};
	const struct place_of *at = place_read(w, s, i);
	if (!at || s->pending.n)
		return -1;
	if (!meaning_rest(&w->p, &s->b, at->input, c.rest))
		return -1;
	c.s.r[i->dst] = (struct val){0}; /* about to be overwritten */
	for (size_t k = 0; k < sizeof widened; k++)
		c.s.b.w[widened[k]] = whole_word(widened[k]);
	for (const struct lemma *x = w->claim[pc]; x; x = x->next)
		if (x->rest[0] == c.rest[0] && x->rest[1] == c.rest[1] && same_state(&x->s, &c.s))
			return 1;
	bool had = w->p.has_rest;
	bdd old[2] = {w->p.rest[0], w->p.rest[1]};
	w->p.has_rest = true;
	memcpy(w->p.rest, c.rest, sizeof c.rest);
	bool good = walk_from(w, pc, c.s, true);
	w->p.has_rest = had;
	memcpy(w->p.rest, old, sizeof old);
	if (!good)
		return 0;
	struct lemma *keep = arena_alloc(w->p.s->a, sizeof *keep);
	*keep = c;
	keep->next = w->claim[pc];
	w->claim[pc] = keep;
	return 1;
}

/* Whether the copy of the packet worked: all its bytes are there, or not all of them. */
static bool walk_copied(struct walker *w, uint32_t pc, struct state s, bool not, uint32_t yes)
{
	struct state fail = s;
	uint32_t end = s.pending.from + s.pending.n;
	fail.pending.n = s.pending.n = 0;
	fail.r[0] = s.r[0] = (struct val){0};
	if (!fail.b.unreadable || fail.b.unreadable > end)
		fail.b.unreadable = end;
	s.region[s.n_regions] = (struct region){s.pending.at, s.pending.from, end - s.pending.from};
	s.n_regions++;
	if (s.b.readable < end)
		s.b.readable = end;
	if (fail.b.readable < end && !walk(w, not ? yes : pc + 1, fail))
		return false;
	if (s.b.unreadable && s.b.unreadable <= s.b.readable)
		return true;
	return walk(w, not ? pc + 1 : yes, s);
}

static bool walk_branch(struct walker *w, uint32_t pc, struct state *s, const struct raw *i)
{
	struct wpart part[MAX_PARTS];
	enum wtest t;
	bool not ;
	int64_t to = (int64_t)pc + 1 + i->off;
	if (!test_of(i->op, &t, &not ))
		return malformed(w, pc, "unknown instruction");
	if (i->off < 0 || to >= w->n)
		return malformed(w, pc, "jump backwards or past the end");
	const struct val v = s->r[i->dst];
	if (v.what == V_ERROR && s->pending.n && t == WORD_EQ && i->imm == 0)
		return walk_copied(w, pc, *s, not, (uint32_t)to);
	if (v.what != V_INPUT)
		return malformed(w, pc, "tests something else than an input");
	unsigned n = split(s->b.w[v.input], &v, t, (uint32_t)i->imm, part);
	if (!n)
		return malformed(w, pc, "a comparison of masked bytes in network order");
	for (unsigned x = 0; x < n; x++) {
		s->b.w[v.input] = part[x].w;
		if (!walk(w, part[x].truth != not ? (uint32_t)to : pc + 1, *s))
			return false;
	}
	return true;
}

static bool is_load(uint8_t op)
{
	return op == 0x61 || op == 0x69 || op == 0x71;
}

static bool walk(struct walker *w, uint32_t pc, struct state s)
{
	return walk_from(w, pc, s, false);
}

static bool walk_from(struct walker *w, uint32_t pc, struct state s, bool fresh)
{
	for (;; pc++, fresh = false) {
		if (pc >= w->n)
			return malformed(w, w->n, "runs past the end");
		struct raw i = fetch(w, pc);
		if (!prove_spend(&w->p))
			return false;
		w->reached[pc] = 1;
		if (i.dst > 10 || i.src > 10 || (i.dst == 10 && i.op != 0x05 && i.op != 0x95))
			return malformed(w, pc, "writes the frame pointer, or no register");
		if (!fields_ok(&i))
			return malformed(w, pc, "a field that must be 0");
		if (i.op == 0x95) {
			int64_t yes =
			    hook_def(w->p.h)->kinds[0] == K_BIND ? 3 : 1; /* 3: no capability needed */
			if (s.r[0].what != V_CONST || (s.r[0].k != 0 && s.r[0].k != yes))
				return malformed(w, pc, "exits with another value than no or yes");
			return meaning_check(&w->p, &s.b, s.r[0].k == yes);
		}
		if (i.op == 0x05) {
			if (i.off < 0)
				return malformed(w, pc, "jump backwards or past the end");
			pc += (uint32_t)i.off;
			continue;
		}
		if ((i.op & 7) == 6)
			return walk_branch(w, pc, &s, &i);
		int known = w->claims && !fresh && is_load(i.op) ? claimed(w, pc, &s, &i) : -1;
		if (known >= 0)
			return known;
		if (!alu(w, pc, &s, &i))
			return false;
	}
}

/* ---- the whole -------------------------------------------------------- */

static enum layout layout_of(enum abpb_hook h)
{
	const struct hookdef *d = hook_def(h);
	if (h == ABPB_SOCK_CREATE)
		return LAYOUT_SOCK;
	return d->skb ? LAYOUT_SKB : d->v6 ? LAYOUT_ADDR6 : LAYOUT_ADDR4;
}

static void all_inputs(struct box *b, enum abpb_hook h)
{
	*b = (struct box){.readable = 0};
	for (unsigned i = 0; i < N_INPUTS; i++) {
		unsigned bytes = i == IN_PROTO && hook_def(h)->skb ? 1 : input_bytes((enum input)i);
		b->w[i] = (struct word){0, full(bytes), 0, 0};
	}
}

enum { BUDGET = 50000000 };

void sockets_prove(struct sets *s, const struct evset *all, enum abpb_hook h, const struct buf *insns,
		   struct sock_proof *out)
{
	struct walker w = {.p = {.s = s, .all = all, .h = h, .budget = BUDGET, .out = out},
			   .code = insns->data,
			   .n = (uint32_t)(insns->len / 8),
			   .layout = layout_of(h)};
	struct state st = {0};
	*out = (struct sock_proof){.verdict = SOCK_EQUAL};
	if (!insns->len || insns->len % 8 || insns->len / 8 > ABPB_MAX_INSNS) {
		malformed(&w, 0, "size is not that of instructions");
		return;
	}
	all_inputs(&st.b, h);
	st.r[1].what = V_CTX;
	st.r[10].what = V_STACK;
	meaning_prepare(&w.p);
	w.reached = arena_alloc(s->a, w.n);
	w.claim = arena_alloc(s->a, w.n * sizeof *w.claim);
	w.claims = true;
	if (!walk(&w, 0, st)) { /* perhaps a claim says more than the program has to do: without them */
		*out = (struct sock_proof){.verdict = SOCK_EQUAL};
		w.claims = false;
		if (!walk(&w, 0, st))
			return;
	}
	for (uint32_t i = 0; i < w.n; i++) /* the kernel refuses dead code */
		if (!w.reached[i]) {
			malformed(&w, i, "an instruction that is never reached");
			return;
		}
}
