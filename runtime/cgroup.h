/* cgroup.h - the run's own control groups: one leaf per hierarchy that holds a limit, one on v2. */
#ifndef ABP_CGROUP_H
#define ABP_CGROUP_H

#include "runtime/run.h"

#define CGROUP_HIERARCHIES 4 /* memory, pids, cpu, v2 */

/* The directory that leaves of hierarchy I are made in.  1: found, 0: not mounted here, -1: errno. */
int cgroup_parent(const struct run *r, int i, char *out, size_t n);
/* The calling task enters every v1 leaf.  Returns 0 or -1 with errno. */
int cgroup_enter(const struct run *r);
/* Checks that each leaf is a line of /proc/PID/cgroup.  Returns 0 or -1 after run_why(). */
int cgroup_check(struct run *r, int proc);
/* Ends every task in the v2 leaf (cgroup.kill); nothing if there is none. */
void cgroup_kill(const struct run *r);
/* Removes the leaves; they must be empty, which is waited for up to a second.  Returns how many remain. */
int cgroup_remove(struct run *r);
/* "memory" if the kernel killed for memory, "pids" if a fork was refused, else NULL. */
const char *cgroup_limit_hit(const struct run *r);

/* sweep.c: keeps and drops the record of leaf I, by which a later launch finds it should we be killed. */
int sweep_record(const struct run *r, int i);
void sweep_forget(const struct run *r, int i);

#endif
