/*
 * constname.h - numbers back to the names and units of the language.
 */
#ifndef ABP_CONSTNAME_H
#define ABP_CONSTNAME_H

#include "compiler/tables/tables.h"

/* Is the constant one of those that make sense for the argument?  True where the table says nothing of it. */
bool const_fits(const struct argdef *def, const struct constdef *c);
/*
 * A value of an argument (a bit pattern of its width): the constant's name, `A|B` where single bits have
 * names, else the number, decimal when small, with its sign where the argument has one.  Reading it again
 * gives v.
 */
void const_put(struct buf *b, enum arch arch, const struct argdef *def, uint64_t v);
/* The same as one item, never joined: an end of a range.  mask: no sign. */
void item_put(struct buf *b, enum arch arch, const struct argdef *def, uint64_t v, bool mask);
/* The same for a mask: never a sign; *joined: it has a `|`. */
void mask_put(struct buf *b, enum arch arch, const struct argdef *def, uint64_t mask, bool *joined);
/* An amount of a limit in the largest unit that divides it: "2G", "150%", "30m", "2147483647" (bytes). */
void amount_put(struct buf *b, const struct limitdef *def, uint64_t value);

#endif
