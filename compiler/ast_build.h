/*
 * ast_build.h - constructors of the tree; called by grammar/abp.y only, one call an action.
 *
 * All memory is the arena's.  None of them fails.
 */
#ifndef ABP_AST_BUILD_H
#define ABP_AST_BUILD_H

#include "compiler/ast.h"

typedef VEC(struct cond *) cond_list;

/* Copies of the argument in the arena; the grammar fills them by designated initializers. */
struct unit *ast_unit(struct arena *a, struct unit u);
struct stmt *ast_stmt(struct arena *a, struct stmt s);
struct line *ast_line(struct arena *a, struct line l);
struct cond *ast_cond(struct arena *a, struct cond c);

/* The line with `via proxy`; up_to: the place of the word proxy. */
struct line *ast_via(struct line *l, struct span up_to);
/* The line with its tail, its because, its deny: the same object. */
struct line *ast_tail(struct line *l, struct tail t);
struct line *ast_because(struct line *l, struct lexeme because);
struct line *ast_verdict(struct line *l, struct lexeme verdict);

/*
 * A chain of conditions joined by `kind` (COND_AND or COND_OR).  The tree is balanced, so a walk needs a
 * stack of log2(n), whatever the author wrote; n >= 1.
 */
struct cond *ast_join(struct arena *a, enum cond_kind kind, cond_list list);

/* Lists: the list with the item at its end. */
lexeme_list ast_lexemes(struct arena *a, lexeme_list l, struct lexeme x);
lexeme_list ast_pair(struct arena *a, struct lexeme x, struct lexeme y);
pitem_list ast_pitems(struct arena *a, pitem_list l, struct pitem x);
call_list ast_calls(struct arena *a, call_list l, struct call x);
line_list ast_lines(struct arena *a, line_list l, struct line *x);
cond_list ast_conds(struct arena *a, cond_list l, struct cond *x);
member_list ast_members(struct arena *a, member_list l, struct member x);
bits ast_bits(struct arena *a, bits l, struct item x);
void ast_add(struct arena *a, struct unit *u, struct stmt *s);

#endif
