/* child.h - the two tasks inside. */
#ifndef ABP_CHILD_H
#define ABP_CHILD_H

#include "runtime/run.h"

/* Pid 1 of the run, from its first instruction: runs the rows of CHILD, then reaps.  Never returns. */
_Noreturn void child_main(struct run *r);

#endif
