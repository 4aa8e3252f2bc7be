/* landlock.h - the third wall on files; which rights are needed, and which another wall decides. */
#ifndef ABP_LANDLOCK_H
#define ABP_LANDLOCK_H

#include "runtime/run.h"

/* Finds the ABI of this kernel; refuses below what the policy and the table need. */
int landlock_floor(struct run *r);
/* Puts the calling task into a domain without any right: pid 1's.  no_new_privs must be on. */
int landlock_nothing(struct run *r);

#endif
