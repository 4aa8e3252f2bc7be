/* supervise.h - the parent after the exec stop, and how everything is ended. */
#ifndef ABP_SUPERVISE_H
#define ABP_SUPERVISE_H

#include "runtime/run.h"

/* Ends every task of the run and waits for pid 1, if there is one. */
void supervise_kill(struct run *r);

#endif
