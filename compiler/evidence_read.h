/*
 * evidence_read.h - a record "abp-evidence/1" (spec/evidence.schema.json) as rows, nothing of it believed
 * yet.
 */
#ifndef ABP_EVIDENCE_READ_H
#define ABP_EVIDENCE_READ_H

#include <stdbool.h>

#include "compiler/base/buf.h"

enum fact_source {
	FS_EXEC_STOP, /* "kernel@exec-stop": the only moment at which the program had not run yet but was the
			 program */
	FS_LIVE,
	FS_TRACE,
	FS_BEHAVIOUR,
	FS_CHILD, /* from here on: never proof */
	FS_CONFIG,
	N_FACT_SOURCES
};

struct fact {
	const char *name, *expected, *observed; /* the kernel's bytes; NULL: null */
	enum fact_source source;
	bool used; /* set by the judge */
};

struct evidence {
	VEC(struct fact) facts;			      /* sorted by name */
	uint32_t degraded;			      /* bit 0 apparmor, 1 landlock, 2 filter-readback */
	const char *bundle, *loader, *model, *source; /* digests, hexadecimal */
	const char *kernel, *run, *status;
	const char *policy, *version, *compiler;
	const char *asked, *program, *program_sha256;
	const char *state, *step, *why, *limit; /* of the outcome; NULL: null */
	int64_t exit_status;			/* -1: null */
	int64_t time;
	bool rootless;
};

extern const char *const fact_source_name[N_FACT_SOURCES];

/* Fills OUT from the bytes of a record.  False: *WHY says what is no record (bad JSON, a key too many or
 * missing, a fact twice, a verdict that its own row contradicts). */
bool evidence_read(struct arena *a, const struct buf *text, struct evidence *out, const char **why);
/* The row of that name, or NULL. */
struct fact *evidence_fact(struct evidence *e, const char *name);
/* The whole file; false with errno. */
bool file_read(const char *path, struct buf *out);

#endif
