#include "compiler/backends/seccomp/verify.h"

#include <string.h>

#include "compiler/backends/seccomp/denote.h"
#include "compiler/backends/seccomp/sim.h"

/* ---- decoding: bytes to instructions of the known kind ---- */

enum op { OP_LOAD, OP_AND, OP_JUMP, OP_BRANCH, OP_RET };

struct insn {
	enum op op;
	enum wtest plain, masked; /* BRANCH: on a whole and on a masked word */
	uint32_t k;		  /* LOAD: the word */
	uint32_t yes, no;	  /* JUMP (yes), BRANCH: absolute targets */
};

struct insn_kind {
	uint16_t code;
	enum op op;
	enum wtest plain, masked;
};

/* Numbers, not macros of <linux/bpf_common.h>: this decoder is its own reading of the encoding. */
static const struct insn_kind kinds[] = {
    {0x20, OP_LOAD, 0, 0},			     /* ld word at k */
    {0x54, OP_AND, 0, 0},			     /* and k */
    {0x05, OP_JUMP, 0, 0},			     /* ja k */
    {0x15, OP_BRANCH, WORD_EQ, WORD_MASK_EQ},	     /* jeq k */
    {0x25, OP_BRANCH, WORD_GT, WORD_MASK_GT},	     /* jgt k */
    {0x35, OP_BRANCH, WORD_GE, WORD_MASK_GE},	     /* jge k */
    {0x45, OP_BRANCH, WORD_MASK_SET, WORD_MASK_SET}, /* jset k */
    {0x06, OP_RET, 0, 0},			     /* ret k */
};

enum { MAX_INSNS = 4096 };

struct prover {
	const struct filter_spec *s;
	struct insn insn[MAX_INSNS];
	struct sock_filter raw[MAX_INSNS]; /* for the simulator */
	uint8_t reached[MAX_INSNS];
	uint32_t n;
	struct word w[N_WORDS];
	uint32_t answer; /* of the RET whose events are being compared */
	uint64_t budget;
	proof_leaf *leaf;
	void *ctx;
	struct proof *out;
};

static uint32_t le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static const char *decode_one(struct prover *p, uint32_t at, const uint8_t *b)
{
	uint16_t code = (uint16_t)(b[0] | b[1] << 8);
	uint32_t k = le32(b + 4);
	const struct insn_kind *kind = NULL;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].code == code)
			kind = &kinds[i];
	if (!kind)
		return "unknown instruction";
	struct insn *o = &p->insn[at];
	*o = (struct insn){kind->op, kind->plain, kind->masked, k, 0, 0};
	p->raw[at] = (struct sock_filter){code, b[2], b[3], k};
	if (o->op == OP_LOAD && (k % 4 || k >= 4 * N_WORDS))
		return "load outside of the event";
	if (o->op == OP_LOAD)
		o->k = k / 4;
	if (o->op == OP_JUMP && k >= p->n)
		return "jump past the end";
	o->yes = at + 1 + (o->op == OP_JUMP ? k : b[2]);
	o->no = at + 1 + b[3];
	if ((o->op == OP_JUMP || o->op == OP_BRANCH) && o->yes >= p->n)
		return "jump past the end";
	if (o->op == OP_BRANCH && o->no >= p->n)
		return "jump past the end";
	return NULL;
}

static bool malformed(struct prover *p, uint32_t at, const char *why)
{
	p->out->verdict = PROOF_MALFORMED;
	p->out->at = at;
	p->out->why = why;
	return false;
}

/* denote.h reads the rules in order of their numbers, one a number; the emitter does, too: not to be taken on
 * trust. */
static bool sorted(struct prover *p)
{
	for (uint32_t i = 1; i < p->s->rules->n; i++)
		if (p->s->rules->v[i].nr <= p->s->rules->v[i - 1].nr)
			return malformed(p, 0, "the policy's rules are not in order");
	return true;
}

static bool decode(struct prover *p, const uint8_t *bytes, size_t size)
{
	if (!size || size % 8 || size / 8 > MAX_INSNS)
		return malformed(p, 0, "size is not 1 to 4096 instructions of 8 bytes");
	p->n = (uint32_t)(size / 8);
	for (uint32_t i = 0; i < p->n; i++) {
		const char *why = decode_one(p, i, bytes + 8 * i);
		if (why)
			return malformed(p, i, why);
	}
	if (p->insn[p->n - 1].op != OP_RET)
		return malformed(p, p->n - 1, "does not end in a return");
	return true;
}

/* ---- the product walk ---- */

struct acc { /* the accumulator: a word of the event under a mask */
	bool defined;
	uint32_t word, mask;
};

static bool spend(struct prover *p)
{
	if (++p->out->steps <= p->budget)
		return true;
	p->out->verdict = PROOF_UNDECIDED;
	return false;
}

/* denote.h calls this for every part of the events that reach a RET. */
static bool compare(void *ctx, const struct word w[N_WORDS], uint32_t want)
{
	struct prover *p = ctx;
	struct proof *out = p->out;
	out->leaves++;
	if (!spend(p))
		return false;
	if (want == p->answer && !p->leaf)
		return true;
	uint32_t e[N_WORDS];
	for (unsigned i = 0; i < N_WORDS; i++)
		word_witness(&w[i], &e[i]);
	if (p->leaf)
		p->leaf(p->ctx, e, want);
	if (want == p->answer)
		return true;
	uint32_t ran;
	memcpy(out->event, e, sizeof e);
	out->verdict = PROOF_DIFFERS;
	out->got = p->answer;
	out->want = want;
	out->confirmed =
	    sim_run(p->raw, p->n, e, &ran, NULL) && ran == out->got && denote_event(p->s, e) == want;
	return false;
}

static bool walk(struct prover *p, uint32_t pc, struct acc a);

static bool walk_branch(struct prover *p, const struct insn *i, struct acc a)
{
	struct wpart part[WORD_MAX_PARTS];
	struct word whole = p->w[a.word];
	unsigned n = word_split(whole, a.mask == UINT32_MAX ? i->plain : i->masked, a.mask, i->k, part);
	bool on = true;
	for (unsigned x = 0; x < n && on; x++) {
		p->w[a.word] = part[x].w;
		on = walk(p, part[x].truth ? i->yes : i->no, a);
	}
	p->w[a.word] = whole;
	return on;
}

static bool walk(struct prover *p, uint32_t pc, struct acc a)
{
	for (;;) {
		const struct insn *i = &p->insn[pc];
		if (!spend(p))
			return false;
		p->reached[pc] = 1;
		if ((i->op == OP_AND || i->op == OP_BRANCH) && !a.defined)
			return malformed(p, pc, "uses the accumulator before a load");
		switch (i->op) {
		case OP_LOAD:
			a = (struct acc){true, i->k, UINT32_MAX};
			pc++;
			break;
		case OP_AND:
			a.mask &= i->k;
			pc++;
			break;
		case OP_JUMP:
			pc = i->yes;
			break;
		case OP_BRANCH:
			return walk_branch(p, i, a);
		case OP_RET:
			p->answer = i->k;
			return denote_state(p->s, p->w, compare, p);
		}
	}
}

void filter_prove(const struct filter_spec *s, const uint8_t *bytes, size_t size, uint64_t budget,
		  proof_leaf *leaf, void *ctx, struct proof *out)
{
	struct prover p = {.s = s, .budget = budget, .leaf = leaf, .ctx = ctx, .out = out};
	*out = (struct proof){.verdict = PROOF_EQUAL};
	for (unsigned i = 0; i < N_WORDS; i++)
		p.w[i] = WORD_ALL;
	if (sorted(&p) && decode(&p, bytes, size))
		walk(&p, 0, (struct acc){false, 0, 0});
	for (uint32_t i = 0; i < p.n; i++)
		out->reached += p.reached[i];
}
