/* list.c - sockets.txt: what each program decides, which lines of the policy want it, and its instructions.
 */
#include "compiler/backends/sockets/sockets.h"

#include <string.h>

static void list_grants(struct sets *s, const struct model *m, const struct hookdef *d, struct buf *b)
{
	bool some = false;
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];
		if (g->set.k[d->kinds[0]].b == BDD_NONE && g->set.k[d->kinds[1]].b == BDD_NONE)
			continue;
		some = true;
		buf_printf(b, "  %s: %s", model_where(s->a, g->at), g->text);
		if (g->origin)
			buf_printf(b, " (from %s)", g->origin->module);
		if (g->implied_by >= 0)
			buf_printf(b, " (implied by %s)", m->grants.v[g->implied_by].text);
		const char *why = g->because ? g->because : g->implied_why;
		if (why)
			buf_printf(b, " because \"%s\"", why);
		buf_putc(b, '\n');
	}
	if (!some)
		buf_puts(b, "  no line grants anything here: everything is denied\n");
}

static void list_jump(struct buf *b, const struct abpb_insn *i, uint32_t at)
{
	static const struct {
		uint8_t op;
		const char *text;
	} ops[] = {{0x16, "=="}, {0x56, "!="}, {0x26, ">"}, {0x36, ">="},
		   {0xa6, "<"},	 {0xb6, "<="}, {0x46, "&"}};
	const char *op = "?";
	for (unsigned x = 0; x < sizeof ops / sizeof *ops; x++)
		if (ops[x].op == i->code)
			op = ops[x].text;
	buf_printf(b, "if r%u %s 0x%x goto %d\n", i->regs & 15, op, (uint32_t)i->imm, (int)at + 1 + i->off);
}

static void list_insn(struct buf *b, const struct abpb_insn *i, uint32_t at)
{
	unsigned dst = i->regs & 15, src = i->regs >> 4;
	buf_printf(b, "%7u  %02x %02x %04x %08x  ", at, i->code, i->regs, (uint16_t)i->off, (uint32_t)i->imm);
	if ((i->code & 7) == 6)
		list_jump(b, i, at);
	else if (i->code == 0x05)
		buf_printf(b, "goto %d\n", (int)at + 1 + i->off);
	else if (i->code == 0x95)
		buf_puts(b, "exit\n");
	else if (i->code == 0x85)
		buf_printf(b, "call %d%s\n", i->imm, i->imm == 26 ? " (skb_load_bytes)" : "");
	else if (i->code == 0xdc)
		buf_printf(b, "r%u = be%d r%u\n", dst, i->imm, dst);
	else if (i->code == 0x54)
		buf_printf(b, "r%u &= 0x%x\n", dst, (uint32_t)i->imm);
	else if (i->code == 0xb7 || i->code == 0x07)
		buf_printf(b, "r%u %s %d\n", dst, i->code == 0xb7 ? "=" : "+=", i->imm);
	else if (i->code == 0xbf)
		buf_printf(b, "r%u = r%u\n", dst, src);
	else
		buf_printf(b, "r%u = u%u [r%u%+d]\n", dst,
			   i->code == 0x61   ? 32
			   : i->code == 0x69 ? 16
					     : 8,
			   src, i->off);
}

static void list_program(struct sets *s, const struct model *m, const struct sock_programs *p,
			 enum abpb_hook h, struct buf *b)
{
	const struct hookdef *d = hook_def(h);
	const struct abpb_insn *i = (const void *)p->insns[h].data;
	uint32_t n = (uint32_t)(p->insns[h].len / sizeof *i);
	buf_printf(b, "\n%s: %u instructions\nproof: %s\n", d->section, n, p->proof[h]);
	list_grants(s, m, d, b);
	for (uint32_t x = 0; x < n; x++)
		list_insn(b, &i[x], x);
}

void sockets_list(struct sets *s, const struct model *m, const struct sock_programs *p, struct buf *text)
{
	buf_printf(text, "sockets.bpf.o: socket programs of %s %s\nproof: %s\n", m->name, m->version,
		   p->summary);
	buf_puts(text,
		 "What no line grants is denied: EPERM at calls, dropped packets.  Packets with IP options, "
		 "extension headers or fragments are dropped.\n");
	for (enum abpb_hook h = 1; h < ABPB_N_HOOKS; h++)
		list_program(s, m, p, h, text);
}
