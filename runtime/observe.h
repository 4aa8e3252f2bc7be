/*
 * observe.h - the facts behind evidence.h: what the kernel says about a task, beside what the policy says.
 *
 * Each function adds rows; a fact's name is prefix + name, so that no two rows of one record share a name.
 */
#ifndef ABP_OBSERVE_H
#define ABP_OBSERVE_H

#include "runtime/evidence.h"
#include "runtime/record.h"

#define FACT_MAX 4400 /* "go.mount:" and a path of PATH_MAX */

struct point {		    /* a moment of comparison */
	const char *prefix; /* "go." at the first GO, "" at the exec stop */
	const char *source; /* of facts that the kernel answers */
	int final;
};

/* evidence_row() for fact PREFIX NAME [:ITEM]; ITEM may be NULL. */
void observe_row(struct run *r, const struct point *at, const char *name, const char *item,
		 const char *expected, const char *observed);
/* As observe_row with ITEM NULL, for two numbers. */
void observe_u64(struct run *r, const struct point *at, const char *name, uint64_t expected,
		 uint64_t observed);

/* observe.c: status, ids, maps, namespaces, groups, limits, rlimits of the target; pid 1's own status */
void observe_status(struct run *r, const struct point *at);
void observe_reaper(struct run *r, const struct point *at);
void observe_namespaces(struct run *r, const struct point *at);
void observe_maps(struct run *r, const struct point *at);
void observe_cgroups(struct run *r, const struct point *at);
void observe_rlimits(struct run *r, const struct point *at);
/* observe_self.c: what the target's task said and tried; the image at the exec stop */
void observe_self(struct run *r);
void observe_canary_after(struct run *r);
void observe_exe(struct run *r, const struct point *at);
void observe_environ(struct run *r, const struct point *at);
/* observe_view.c: mounts and descriptors */
void observe_mounts(struct run *r, const struct point *at);
void observe_fds(struct run *r, const struct point *at);
/* observe_sockets.c: the programs on the leaf */
void observe_sockets(struct run *r, const struct point *at);
/* observe_filter.c: the installed filters; both tasks are in a ptrace stop */
void observe_filter(struct run *r, const struct point *at);
void observe_reaper_filter(struct run *r, const struct point *at);
/* The number of filters on this process itself, from /proc/self/status. */
unsigned observe_own_filters(void);

#endif
