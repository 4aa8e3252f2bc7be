#include "compiler/backends/sockets/code.h"

enum { MAX_JUMP = INT16_MAX };

label code_put(struct code *c, uint8_t op, unsigned dst, unsigned src, int off, uint32_t imm)
{
	struct abpb_insn i = {op, (uint8_t)(dst | src << 4), (int16_t)off, (int32_t)imm};
	if (off < INT16_MIN || off > INT16_MAX)
		c->far = true;
	vec_push(c->a, &c->rev, i);
	return c->rev.n - 1;
}

/* From an instruction put next to the one at `to`. */
static uint32_t distance(const struct code *c, label to)
{
	return c->rev.n - 1 - to;
}

/* An end that is too far is put again: two instructions that nobody has to jump over. */
static label settle(struct code *c, label to)
{
	if (to != LABEL_ALLOW && to != LABEL_DENY)
		return to;
	bool allow = to == LABEL_ALLOW;
	if (!c->end[allow] || distance(c, c->end[allow] - 1) > MAX_JUMP - 4) {
		code_put(c, 0x95, 0, 0, 0, 0);					       /* exit */
		c->end[allow] = code_put(c, 0xb7, R0, 0, 0, allow ? c->allow : 0) + 1; /* r0 = allow */
	}
	return c->end[allow] - 1;
}

label code_goto(struct code *c, label to)
{
	to = settle(c, to);
	return distance(c, to) ? code_put(c, 0x05, 0, 0, (int)distance(c, to), 0) : to;
}

static bool inverse(enum jump op, uint8_t *out)
{
	static const struct {
		enum jump op, not ;
	} row[] = {{J_EQ, J_NE}, {J_NE, J_EQ}, {J_GT, J_LE}, {J_LE, J_GT}, {J_GE, J_LT}, {J_LT, J_GE}};
	for (unsigned i = 0; i < sizeof row / sizeof *row; i++)
		if (row[i].op == op) {
			*out = (uint8_t)row[i].not ;
			return true;
		}
	return false;
}

label code_test(struct code *c, enum jump op, unsigned dst, uint32_t k, label yes, label no)
{
	uint8_t not ;
	yes = settle(c, yes);
	no = settle(c, no);
	if (yes == no)
		return code_goto(c, yes);
	if (!distance(c, yes) && inverse(op, &not ))
		return code_put(c, not, dst, 0, (int)distance(c, no), k);
	code_goto(c, no);
	return code_put(c, (uint8_t)op, dst, 0, (int)distance(c, yes), k);
}

label code_load(struct code *c, unsigned r, unsigned base, int off, unsigned size, unsigned swap)
{
	if (swap)
		code_put(c, 0xdc, r, 0, 0, swap); /* to_be: its own inverse */
	return code_put(c, size == 4 ? 0x61 : size == 2 ? 0x69 : 0x71, r, base, off, 0);
}

void code_bytes(const struct code *c, struct buf *out)
{
	for (uint32_t i = c->rev.n; i-- > 0;) {
		const struct abpb_insn *x = &c->rev.v[i];
		uint32_t imm = (uint32_t)x->imm;
		uint16_t off = (uint16_t)x->off;
		const uint8_t b[8] = {x->code,
				      x->regs,
				      (uint8_t)off,
				      (uint8_t)(off >> 8),
				      (uint8_t)imm,
				      (uint8_t)(imm >> 8),
				      (uint8_t)(imm >> 16),
				      (uint8_t)(imm >> 24)};
		buf_add(out, b, sizeof b);
	}
}
