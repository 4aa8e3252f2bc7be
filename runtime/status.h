/* status.h - the one line on --status-fd, for programs: exit status and stderr are the run's to forge. */
#ifndef ABP_STATUS_H
#define ABP_STATUS_H

#include "runtime/evidence.h"

/* Writes one JSON object and a newline to r->status_fd, if given; a failed write is not an error of the run.
 */
void status_line(struct run *r, enum outcome outcome);

#endif
