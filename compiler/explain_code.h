/* explain_code.h - `abpc explain CODE`. */
#ifndef ABP_EXPLAIN_CODE_H
#define ABP_EXPLAIN_CODE_H

#include <stdbool.h>

#include "compiler/base/buf.h"

/* Write code, summary and explanation of "ABP-XXX-NNN" (any case), wrapped at 78 columns; false: no such
 * code. */
bool explain_code(const char *code, struct buf *out);
/* Write one line "CODE  summary" for each code. */
void explain_list(struct buf *out);

#endif
