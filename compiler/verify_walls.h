/*
 * verify_walls.h - one launch judged: what a bundle demands beside what a record shows.  Private to
 * verify_evidence.c and the verify_*.c files.
 */
#ifndef ABP_VERIFY_WALLS_H
#define ABP_VERIFY_WALLS_H

#include "compiler/backends/launch/decode.h"
#include "compiler/evidence_read.h"

#define AUDIT_EACH(W)                                                                                        \
	W(BUNDLE, "bundle")                                                                                  \
	W(CAPS, "capabilities")                                                                              \
	W(NNP, "no_new_privs")                                                                               \
	W(SECCOMP, "seccomp")                                                                                \
	W(IDS, "ids")                                                                                        \
	W(NS, "namespaces")                                                                                  \
	W(SOCKETS, "socket programs")                                                                        \
	W(CGROUP, "control groups")                                                                          \
	W(RLIMIT, "rlimits")                                                                                 \
	W(VIEW, "view")                                                                                      \
	W(FDS, "descriptors")                                                                                \
	W(ENV, "environment")                                                                                \
	W(PROGRAM, "program")                                                                                \
	W(TASK, "session, signals")                                                                          \
	W(LANDLOCK, "landlock")                                                                              \
	W(NESTED, "nested namespaces")                                                                       \
	W(REAPER, "pid 1 of the run")                                                                        \
	W(SELF, "securebits, host name, sysctls")                                                            \
	W(STATUS, "status text")

enum audit_wall {
#define W(id, name) AUDIT_##id,
	AUDIT_EACH(W)
#undef W
	    N_AUDIT_WALLS
};

/* Sources that may carry a fact. */
enum {
	BY_STOP = 1u << FS_EXEC_STOP,
	BY_LIVE = 1u << FS_LIVE,
	BY_TRACE = 1u << FS_TRACE,
	BY_BEHAVIOUR = 1u << FS_BEHAVIOUR,
	BY_CHILD = 1u << FS_CHILD,
	BY_CONFIG = 1u << FS_CONFIG,
	BY_PROOF = BY_STOP | BY_LIVE | BY_TRACE | BY_BEHAVIOUR
};

struct finding {
	enum audit_wall wall;
	const char *text;
};

struct audit {
	struct arena *a;
	struct decoded b;
	struct evidence *e;
	const char *bundle_sha256;
	/* the moment: "go." rows or those of the exec stop */
	const char *prefix;
	uint32_t by; /* source of kernel rows at this moment */
	bool
	    lenient; /* rows that the kernel did not show are no finding (an ordinary user at the first GO) */
	VEC(struct finding) findings;
	VEC(const char *) notes;		       /* true, and worth a reader's time, but no finding */
	uint32_t count[N_AUDIT_WALLS][N_FACT_SOURCES]; /* rows that agree */
};

void audit_finding(struct audit *u, enum audit_wall w, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* True, and worth a reader's time; once, at the exec stop. */
void audit_note(struct audit *u, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The observed text of fact prefix + NAME, from one of the sources BY; NULL after a finding, or leniently. */
const char *audit_seen(struct audit *u, enum audit_wall w, uint32_t by, const char *name);
/* As audit_seen, and it must be VALUE; the record's own expectation must be VALUE too. */
void audit_want(struct audit *u, enum audit_wall w, uint32_t by, const char *name, const char *value);
void audit_want_u64(struct audit *u, enum audit_wall w, uint32_t by, const char *name, uint64_t value);
/* Rows that are for information: fact prefix + NAME, or all that start so if NAME ends with ':'. */
void audit_info(struct audit *u, const char *name);
/* As audit_want: the digest of one architecture's section TYPE; which one is the launcher's machine. */
void audit_filter(struct audit *u, enum audit_wall w, uint32_t by, const char *name, uint32_t type);
const char *audit_text(const struct audit *u, uint32_t off);
/* Records of section TYPE; NULL and 0 if absent. */
const void *audit_section(const struct audit *u, uint32_t type, size_t size, uint32_t *n);
/* The policy's limit; false: not set. */
bool audit_limit(const struct audit *u, enum abpb_resource r, uint64_t *value);

/* The judges of one moment (prefix): each adds findings and counts. */
void judge_task(struct audit *u);    /* verify_task.c: caps, ids, namespaces, groups, rlimits, session */
void judge_sockets(struct audit *u); /* verify_sockets.c: programs, at one moment */
void judge_view(struct audit *u);    /* verify_view.c: mounts, descriptors */
void judge_once(struct audit *u);    /* verify_once.c: what has one moment only */
void judge_reaper(struct audit *u);  /* verify_task.c */
void judge_status(struct audit *u);  /* verify_once.c: the verbatim text says what the rows say */

#endif
