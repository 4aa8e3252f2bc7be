/* fmt.h - `abpc fmt`: the one layout of a source. */
#ifndef ABP_FMT_H
#define ABP_FMT_H

#include "compiler/base/diag.h"

/*
 * Write src in canonical layout: one statement a line, four spaces a block, one blank between items, nothing
 * aligned; a block that the author wrote on one line stays there while it fits FMT_WIDTH columns.  Comments,
 * the order, line breaks inside ( ) and after `\` are the author's; runs of blank lines become one.
 * fmt(fmt(x)) == fmt(x), and fmt(x) has the tree of x.  A source with errors is copied as it is.
 */
void fmt_source(struct arena *a, const struct source *src, struct buf *out);

enum { FMT_WIDTH = 110 };

#endif
