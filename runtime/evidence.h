/*
 * evidence.h - what the parent observed from outside, row by row, as one JSON object ("abp-evidence/1").
 *
 * All functions run in the parent.  With no --evidence they still compare: a difference refuses the launch
 * whether or not anybody keeps the record.  Return 0, or -1 after run_why(): then the launch ends with 125.
 *
 *   order of calls: evidence_open  (nothing exists yet)
 *                   evidence_first_go     target blocked in read(GO), before seccomp, not ptrace-stopped
 *                   evidence_filter       target in a ptrace stop at the exit of its seccomp(2) call
 *                   evidence_exec_stop    target in PTRACE_EVENT_EXEC, pid 1 stopped under its own filter
 *                   evidence_close        after the run ended or was refused (any state, fd may be -1)
 * evidence_row() may be called at any time between open and close.
 */
#ifndef ABP_EVIDENCE_H
#define ABP_EVIDENCE_H

#include "runtime/run.h"

#define SRC_EXEC_STOP "kernel@exec-stop"
#define SRC_LIVE "kernel@live"
#define SRC_TRACE "syscall-trace"
#define SRC_CHILD "child"
#define SRC_BEHAVIOUR "behaviour"
#define SRC_CONFIG "config"

/* Creates the record under a temporary name beside r->evidence_path with O_CREAT|O_EXCL|O_NOFOLLOW|O_CLOEXEC,
 * mode 0600; refused if the directory lies below a write grant or slot of the view.  No path: returns 0. */
int evidence_open(struct run *r);
/* One fact.  The verdict is "ok" iff EXPECTED equals OBSERVED (strcmp), "unverified" if either is NULL:
 * EXPECTED NULL is for information, OBSERVED NULL is what the kernel did not show. */
void evidence_row(struct run *r, const char *fact, const char *expected, const char *observed,
		  const char *source);
/* First GO: ids, groups, maps, namespaces, every line of /proc/PID/cgroup, limits read again, mounts
 * (mountinfo of the target against the view), descriptors, capabilities, both tasks, from /proc; the
 * self-report and canaries.  A difference is a refusal that names the fact. */
int evidence_first_go(struct run *r);
/* Second GO: PTRACE_SECCOMP_GET_FILTER against r->b.filter, instruction by instruction; where the kernel does
 * not let this tracer, r->traced (source syscall-trace), unless the policy requires filter-readback. */
int evidence_filter(struct run *r);
/* Exec stop: the final facts, before the first instruction of the new image; exe = device, inode of
 * r->target; then the record with outcome "started" is written and fsynced. */
int evidence_exec_stop(struct run *r);
/* Adds the outcome (OUTCOME_REFUSED reads r->step and r->why; ENDED reads r->status, r->limit_hit), fsyncs
 * and renames to the final name.  Returns 0 or -1 with errno. */
int evidence_close(struct run *r, enum outcome outcome);

#endif
