/* steps.h - the table of steps.def as an enum, and the functions behind its rows. */
#ifndef ABP_STEPS_H
#define ABP_STEPS_H

#include "runtime/run.h"

enum side { PARENT = 1, CHILD = 2, TARGET = 4, PRIV = 8, USER = 16 };
enum fail { REFUSE, EXITS, ENDS };

enum step {
#define STEP(name, needs, fail) STEP_##name,
#include "runtime/steps.def"
#undef STEP
	N_STEPS
};

/*
 * File by file:
 *   abprun.c    argv, the step loop; step_sane
 *   map.c       step_bundle, step_missing, step_kernel, step_slots
 *   target.c    step_target, step_open_target
 *   stdio.c     step_stdio, step_passed, step_descriptors, the relay
 *   cgroup.c    step_sweep, step_leaf, step_limits, cgroup_kill, cgroup_remove
 *   local.c     step_own_addresses
 *   sockets.c   step_sockets
 *   ids.c       step_host_ids*, step_id_maps, step_ids
 *   birth.c     step_birth, step_seize, step_adopt
 *   view.c      step_private_mounts, step_mounts*, view_*; place.c: step_view, step_pivot
 *   child.c     step_born, step_procfs, step_sysctl, step_uts, step_two_tasks, step_hello, step_rlimits,
 * step_mortal, step_report net.c       step_net caps.c      step_caps, caps_drop landlock.c  step_domain,
 * step_confine filter.c    step_filter reaper.c    step_reap_confined, step_reap trace.c     step_first_go,
 * step_second_go, step_exec, step_exec_stop supervise.c step_supervise evidence.c, observe.c  see evidence.h
 */
#define STEP(name, needs, fail) int step_##name(struct run *r);
#include "runtime/steps.def"
#undef STEP

/* Runs the rows of SIDE (PARENT, CHILD or TARGET), top to bottom; the first failure sets r->step and stops.
 * Returns 0 or -1. */
int steps_run(struct run *r, enum side side);

#endif
