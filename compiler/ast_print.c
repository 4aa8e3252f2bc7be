#include "compiler/ast_print.h"

static void text(struct buf *out, const char *label, const struct lexeme *x)
{
	if (x->text)
		buf_printf(out, " %s%u:%s", label, x->kind, x->text);
}

static void texts(struct buf *out, const char *label, const lexeme_list *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		text(out, label, &l->v[i]);
}

static void dump_bits(struct buf *out, const bits *b)
{
	for (uint32_t i = 0; i < b->n; i++)
		buf_printf(out, "%s%s%s", i ? "|" : "", b->v[i].minus ? "-" : "", b->v[i].lex.text);
}

static void dump_set(struct buf *out, const member_list *set)
{
	for (uint32_t i = 0; i < set->n; i++) {
		buf_puts(out, i ? "," : "{");
		dump_bits(out, &set->v[i].lo);
		buf_puts(out, set->v[i].hi.n ? ".." : "");
		dump_bits(out, &set->v[i].hi);
	}
	if (set->n)
		buf_putc(out, '}');
}

/* The depth of the recursion is bounded: chains are balanced (ast_join), nesting is at most 16. */
static void dump_cond(struct buf *out, const struct cond *c)
{
	static const char *const kind[] = {"and", "or", "cmp", "mask", "maskin", "in", "flags"};
	static const char *const rel[] = {"==", "!=", "<", "<=", ">", ">="};
	buf_printf(out, "(%s", kind[c->kind]);
	if (c->kind == COND_AND || c->kind == COND_OR) {
		dump_cond(out, c->l);
		dump_cond(out, c->r);
	} else {
		buf_printf(out, " %s %s ", c->arg.text, rel[c->rel]);
		dump_bits(out, &c->mask);
		buf_putc(out, ' ');
		dump_bits(out, &c->value);
		dump_set(out, &c->set);
	}
	buf_putc(out, ')');
}

static void dump_calls(struct buf *out, const call_list *l)
{
	for (uint32_t i = 0; i < l->n; i++) {
		text(out, "", &l->v[i].name);
		if (l->v[i].cond)
			dump_cond(out, l->v[i].cond);
	}
}

static void dump_paths(struct buf *out, const pitem_list *l)
{
	for (uint32_t i = 0; i < l->n; i++) {
		text(out, "", &l->v[i].path);
		text(out, "", &l->v[i].digest);
	}
}

static void dump_tail(struct buf *out, const struct tail *t)
{
	text(out, "on ", &t->on);
	buf_puts(out, t->unsafe_at.src ? " unsafe" : "");
	text(out, "because ", &t->because);
}

static void dump_line(struct buf *out, const struct line *l)
{
	buf_printf(out, "\t%u%s", l->kind, l->deny ? " deny" : "");
	text(out, "verb ", &l->verb);
	text(out, "proto ", &l->proto);
	texts(out, "", &l->items);
	dump_calls(out, &l->calls);
	dump_paths(out, &l->paths);
	text(out, "as ", &l->as);
	texts(out, "from ", &l->from);
	texts(out, "except ", &l->except);
	text(out, "size ", &l->size);
	text(out, "inodes ", &l->inodes);
	buf_printf(out, "%s%s%s%s%s", l->via_proxy ? " via" : "", l->local ? " local" : "",
		   l->submounts ? " submounts" : "", l->slot ? " slot" : "", l->exec ? " exec" : "");
	dump_tail(out, &l->tail);
	buf_putc(out, '\n');
}

void ast_dump(const struct unit *u, struct buf *out)
{
	buf_printf(out, "%u", u->kind);
	text(out, "", &u->name);
	text(out, "", &u->version);
	buf_putc(out, '\n');
	for (uint32_t i = 0; i < u->stmts.n; i++) {
		const struct stmt *s = u->stmts.v[i];
		buf_printf(out, "%u", s->kind);
		text(out, "", &s->name);
		text(out, "", &s->range);
		dump_tail(out, &s->tail);
		buf_putc(out, '\n');
		for (uint32_t k = 0; k < s->lines.n; k++)
			dump_line(out, s->lines.v[k]);
	}
}
