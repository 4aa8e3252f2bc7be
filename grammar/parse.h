/*
 * parse.h - the only door to the grammar.
 */
#ifndef ABP_PARSE_H
#define ABP_PARSE_H

#include "compiler/ast.h"

/*
 * Parse one source file (language.md sections 2 and 9).  Queues every error found; recovery is at the next
 * statement.  Returns the tree of what could be read, or NULL when not even a unit head was there.  The
 * caller must look at diags_errors() before it trusts the tree.
 */
struct unit *abp_parse(struct arena *a, struct diags *d, const struct source *src);

#endif
