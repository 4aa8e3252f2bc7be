/* ast_print.h - the tree as text, for tests: two sources have the same tree when this is the same. */
#ifndef ABP_AST_PRINT_H
#define ABP_AST_PRINT_H

#include "compiler/ast.h"

/* Everything of the tree but its places; one line a statement or line of a block. */
void ast_dump(const struct unit *u, struct buf *out);

#endif
