/*
 * frequency.h - how often each system call is made: `NAME: COUNT` lines, `#` comments (the format of crosvm's
 * .frequency files).  It shapes filters: frequent calls get short paths.  It changes no answer.
 */
#ifndef ABP_FREQUENCY_H
#define ABP_FREQUENCY_H

#include "compiler/model.h"

/* Fill m->frequency for every architecture, and the digest.  False: queued ABP-IO-001, ABP-SEC-003. */
bool frequency_read(struct sets *s, struct diags *d, const char *file, struct model *m);

#endif
