/* write_file.h - a whole file or nothing: temporary name, fsync, rename. */
#ifndef ABP_WRITE_FILE_H
#define ABP_WRITE_FILE_H

#include "compiler/base/diag.h"

/* Replace `file` by b's bytes, mode 0644.  False: queued ABP-IO-002, the old file is untouched. */
bool write_file(struct diags *d, const char *file, const struct buf *b);

#endif
