/* sockets.h - the socket programs on the run's own v2 leaf. */
#ifndef ABP_RUNTIME_SOCKETS_H
#define ABP_RUNTIME_SOCKETS_H

#include "runtime/run.h"

/* "connect4": the name of enum abpb_hook H. */
const char *sockets_name(uint32_t h);
/* Whether this launch raises the programs: the policy has some, and the launcher may load them. */
int sockets_raised(const struct run *r);
/* The one program attached to the leaf at H by itself, in MULTI mode: its id and tag.  Returns 0, or -1 with
 * errno (EBUSY: another number of programs, or another mode). */
int sockets_query(const struct run *r, uint32_t h, uint32_t *id, uint8_t tag[8]);
/* "sha256:HEX" or "sha1:HEX": TAG in the form that the bundle's instructions of H give; SHA-256 if neither.
 * WANT: what it has to be.  Both are of 32 bytes at least. */
void sockets_tag(const struct run *r, uint32_t h, const uint8_t tag[8], char *want, char *seen);

#endif
