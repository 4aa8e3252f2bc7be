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

typedef VEC(struct span) token_list;
/*
 * The tokens of a source that parses without error, in order, separators left out: between two of them are
 * only blanks, newlines, `;`, comments, and `\` before a newline.  For the formatter.
 */
token_list abp_tokens(struct arena *a, const struct source *src);

#endif
