#include "compiler/ast_build.h"

struct unit *ast_unit(struct arena *a, struct unit u)
{
	struct unit *p = arena_alloc(a, sizeof *p);
	*p = u;
	return p;
}

struct stmt *ast_stmt(struct arena *a, struct stmt s)
{
	struct stmt *p = arena_alloc(a, sizeof *p);
	*p = s;
	return p;
}

struct line *ast_line(struct arena *a, struct line l)
{
	struct line *p = arena_alloc(a, sizeof *p);
	*p = l;
	return p;
}

struct cond *ast_cond(struct arena *a, struct cond c)
{
	struct cond *p = arena_alloc(a, sizeof *p);
	*p = c;
	return p;
}

struct line *ast_via(struct line *l, struct span up_to)
{
	l->via_proxy = true;
	l->at = span_join(l->at, up_to);
	return l;
}

struct line *ast_tail(struct line *l, struct tail t)
{
	l->tail = t;
	return l;
}

struct line *ast_because(struct line *l, struct lexeme because)
{
	l->tail.because = because;
	return l;
}

struct line *ast_verdict(struct line *l, struct lexeme verdict)
{
	l->deny = verdict.text[0] == 'd';
	return l;
}

static struct cond *join(struct arena *a, enum cond_kind kind, struct cond **v, uint32_t n)
{
	if (n == 1)
		return v[0];
	struct cond *l = join(a, kind, v, n / 2);
	struct cond *r = join(a, kind, v + n / 2, n - n / 2);
	return ast_cond(a, (struct cond){.kind = kind, .at = span_join(l->at, r->at), .l = l, .r = r});
}

struct cond *ast_join(struct arena *a, enum cond_kind kind, cond_list list)
{
	return join(a, kind, list.v, list.n);
}

lexeme_list ast_lexemes(struct arena *a, lexeme_list l, struct lexeme x)
{
	vec_push(a, &l, x);
	return l;
}

lexeme_list ast_pair(struct arena *a, struct lexeme x, struct lexeme y)
{
	lexeme_list l = {0};
	vec_push(a, &l, x);
	vec_push(a, &l, y);
	return l;
}

pitem_list ast_pitems(struct arena *a, pitem_list l, struct pitem x)
{
	vec_push(a, &l, x);
	return l;
}

call_list ast_calls(struct arena *a, call_list l, struct call x)
{
	vec_push(a, &l, x);
	return l;
}

line_list ast_lines(struct arena *a, line_list l, struct line *x)
{
	vec_push(a, &l, x);
	return l;
}

cond_list ast_conds(struct arena *a, cond_list l, struct cond *x)
{
	vec_push(a, &l, x);
	return l;
}

member_list ast_members(struct arena *a, member_list l, struct member x)
{
	vec_push(a, &l, x);
	return l;
}

bits ast_bits(struct arena *a, bits l, struct item x)
{
	vec_push(a, &l, x);
	return l;
}

void ast_add(struct arena *a, struct unit *u, struct stmt *s)
{
	vec_push(a, &u->stmts, s);
}
