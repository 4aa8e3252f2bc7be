/*
 * law.h - shared by the files that judge and explain a model (check.c, law_*.c, why.c, diff.c, show.c).
 *
 * Small questions about grants: which one holds an event, how to name it, and who imported it.
 */
#ifndef ABP_LAW_H
#define ABP_LAW_H

#include "compiler/model.h"

struct judge { /* one run of the laws */
	struct sets *s;
	struct diags *d;
	struct model *m;
};

/* ---- check.c: helpers ------------------------------------------------- */

/* x cut down to one kind; the other kinds empty. */
struct evset evset_only(const struct evset *x, enum ekind k);
/* The set that holds just e. */
struct evset evset_event(struct sets *s, const struct event *e);
/* One kind of x is empty. */
bool evset_no(const struct evset *x, enum ekind k);
/* The first grant that holds e, an author's line before what lines imply; NULL: a default, no line. */
const struct grant *grant_of(struct sets *s, const struct model *m, const struct event *e);
/* "`read /usr/lib`", or "`allow openat` (implied by `read /usr/lib`: file-read group)". */
const char *grant_desc(struct arena *a, const struct model *m, const struct grant *g);
/* "FILE:LINE". */
const char *grant_where(struct arena *a, const struct grant *g);
/* "abp.python 3.11.0, which imports abp.base 1.0.0"; outermost first; "" for the unit itself. */
const char *origin_chain(struct arena *a, const struct origin *o);
/* The import line in the unit itself. */
struct span origin_root(const struct origin *o);
/* The note "imported here: ..." on the record queued last; nothing for the unit's own lines. */
void say_origin(struct judge *j, const struct origin *o);
/* True for lines an author wrote (no implied calls, no floor). */
bool grant_written(const struct grant *g);
/* An `allow` of this system call, with or without a condition. */
bool grant_is_call(const struct grant *g, const char *name);
/* True if `name` is `dir` or below it. */
bool path_below(const char *name, const char *dir);

/* ---- the laws; each queues an error for each breach ------------------- */

void law_never(struct judge *j);
void law_within(struct judge *j);
void law_tests(struct judge *j);
void law_unsafe(struct judge *j);
void law_unsafe_ceiling(struct judge *j);
void law_limits(struct judge *j);
void law_settings(struct judge *j);
void law_env(struct judge *j);
void law_descriptors(struct judge *j);
void law_dead_calls(struct judge *j);
void law_dead_caps(struct judge *j);
void law_dead_net(struct judge *j);
void law_dead_memfd(struct judge *j);
void law_dead_empty(struct judge *j);
void law_dead_hidden(struct judge *j);
void law_dead_except(struct judge *j);
void law_dead_pin(struct judge *j);
void law_dead_unix(struct judge *j);
void law_dead_proxy(struct judge *j);
void law_dead_device(struct judge *j);
void law_program(struct judge *j);
void law_workdir(struct judge *j);
void law_walls(struct judge *j);
void law_shadowed(struct judge *j); /* warnings */

/* ---- show.c ----------------------------------------------------------- */

/* The name of the wall that decides the grant. */
const char *grant_wall(const struct model *m, const struct grant *g);
/* System calls of arch that are denied for all arguments, and for some; *total: how many there are. */
void denied_calls(const struct model *m, enum arch arch, unsigned *denied, unsigned *partly, unsigned *total);
/* Address families without a socket; *total as above. */
unsigned denied_families(struct sets *s, const struct model *m, unsigned *total);

/* ---- why.c: words for events ------------------------------------------ */

/* What a program sees of a denied event: "EPERM", "ENETUNREACH", "the name does not exist (ENOENT)". */
const char *denial_text(struct sets *s, const struct model *m, const struct event *e);
/* What walls.def says of a kind of events and a wall; NULL: the wall has nothing to do with it. */
const struct wallrow *wall_of_kind(enum ekind k, enum wall w);
/* The narrowest line that would permit e, in its block; *why: the reason for its `unsafe`, NULL: it needs
 * none. */
const char *would_text(struct sets *s, const struct model *m, const struct event *e, const char **why);
/* An amount of a limit as the language writes it: "2G", "150%", "30m". */
const char *amount_text(struct arena *a, enum abpb_resource r, uint64_t value);
/* "none", "private", "relay", "host". */
const char *net_name(enum net_mode net);

/*
 * Why this line needs the word `unsafe`, from its own events alone; NULL: it does not.  Source:
 * tables/unsafe.def.
 */
const char *unsafe_reason(struct sets *s, const struct model *m, const struct grant *g);

#endif
