/* caps.h - capability sets; capabilities(7). */
#ifndef ABP_CAPS_H
#define ABP_CAPS_H

#include "runtime/run.h"

/* Leaves the calling task with KEEP in all five sets (bit n = capability n) and securebits 0xef, locked;
 * reads everything back.  Needs CAP_SETPCAP in its user namespace. */
int caps_set(struct run *r, uint64_t keep);

#endif
