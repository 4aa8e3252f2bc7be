/*
 * seccomp.h - the seccomp wall: what the rest of the compiler calls beside backend_seccomp.
 */
#ifndef ABP_SECCOMP_H
#define ABP_SECCOMP_H

#include "compiler/backend.h"

/*
 * A filter that allows the n named calls, whatever their arguments, and kills the process on everything else
 * (the reaper's).  Emitted, proved and appended to out as little-endian struct sock_filter.  A call that the
 * architecture lacks is left out.  false: errors queued (ABP-SEC-002 unknown name, ABP-INT-010 and
 * following).
 */
bool seccomp_emit_list(struct sets *s, struct diags *d, enum arch arch, const char *const *calls, size_t n,
		       struct buf *out);

/* seccomp.ARCH.txt; see backend.h.  The bytes are verified ones. */
void seccomp_list(struct sets *s, const struct model *m, const struct artefact *art, struct buf *text);

#endif
