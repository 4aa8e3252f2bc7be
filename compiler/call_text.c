/*
 * call_text.c - a call and its condition as the author wrote it, with canonical blanks.
 */
#include "compiler/resolve.h"

#include <string.h>

static const char *const rel_text[] = {"==", "!=", "<", "<=", ">", ">="};

static void item_put(struct buf *b, const struct item *it)
{
	buf_printf(b, "%s%s", it->minus ? "-" : "", it->lex.text);
}

static void bits_put(struct buf *b, const bits *x)
{
	for (uint32_t i = 0; i < x->n; i++) {
		if (i)
			buf_putc(b, '|');
		item_put(b, &x->v[i]);
	}
}

static void mask_put(struct buf *b, const struct cond *c)
{
	buf_printf(b, "%s & ", c->arg.text);
	buf_puts(b, c->mask.n > 1 ? "(" : "");
	bits_put(b, &c->mask);
	buf_puts(b, c->mask.n > 1 ? ")" : "");
}

static void member_put(struct buf *b, const struct member *m)
{
	bits_put(b, &m->lo);
	if (!m->hi.n)
		return;
	buf_putc(b, '-');
	bits_put(b, &m->hi);
}

static void set_put(struct buf *b, const member_list *set)
{
	buf_putc(b, '{');
	for (uint32_t i = 0; i < set->n; i++) {
		if (i)
			buf_puts(b, ", ");
		member_put(b, &set->v[i]);
	}
	buf_putc(b, '}');
}

static void atom_put(struct buf *b, const struct cond *c)
{
	switch (c->kind) {
	case COND_CMP:
		buf_printf(b, "%s %s ", c->arg.text, rel_text[c->rel]);
		bits_put(b, &c->value);
		break;
	case COND_MASK:
		mask_put(b, c);
		buf_printf(b, " %s ", rel_text[c->rel]);
		bits_put(b, &c->value);
		break;
	case COND_MASKIN:
		mask_put(b, c);
		buf_puts(b, " in ");
		set_put(b, &c->set);
		break;
	case COND_IN:
		buf_printf(b, "%s in ", c->arg.text);
		set_put(b, &c->set);
		break;
	case COND_FLAGS:
		buf_printf(b, "%s in flags(", c->arg.text);
		bits_put(b, &c->value);
		buf_putc(b, ')');
		break;
	case COND_AND:
	case COND_OR:
		break;
	}
}

static void cond_put(struct buf *b, const struct cond *c, bool in_and)
{
	if (c->kind != COND_AND && c->kind != COND_OR) {
		atom_put(b, c);
		return;
	}
	bool par = in_and && c->kind == COND_OR, and = c->kind == COND_AND;
	buf_puts(b, par ? "(" : "");
	cond_put(b, c->l, and);
	buf_puts(b, and? " and " : " or ");
	cond_put(b, c->r, and);
	buf_puts(b, par ? ")" : "");
}

const char *call_text(struct arena *a, const char *verb, const struct call *c)
{
	if (!c->cond)
		return arena_printf(a, "%s %s", verb, c->name.text);
	struct buf b = buf_new(a);
	buf_printf(&b, "%s %s(", verb, c->name.text);
	cond_put(&b, c->cond, false);
	buf_putc(&b, ')');
	return buf_str(&b);
}
