/*
 * check.h - the laws a model must keep; one function a law, in the table of check.c.
 */
#ifndef ABP_CHECK_H
#define ABP_CHECK_H

#include "compiler/model.h"

/*
 * Judge m by every law (never, within, tests, unsafe markers, settings, no dead grant, walls agree, mandatory
 * limits, granted overlaps); queue an error with places and a hint for each breach.  A ceiling or module is
 * judged by its own grants.
 */
void check_model(struct sets *s, struct diags *d, struct model *m);

/* The tests only (`abpc test`): writes one line per test line, "ok"/"FAIL", to out; returns the number that
 * failed. */
unsigned check_tests(struct sets *s, const struct model *m, struct buf *out);

/*
 * `abpc why`: is every event of the patterns permitted, and by which grants or why not?  Returns 0 allowed, 1
 * denied (partly too); the text names deciding lines with import chains, the walls that decide, what the
 * program sees, and for a denial the narrowest line that would allow it and which `never` it would break.
 */
int why_text(struct sets *s, const struct model *m, const pattern_list *p, struct buf *out);
/* The same as JSON, "schema": "abp-why/1". */
int why_json(struct sets *s, const struct model *m, const pattern_list *p, struct buf *out);

/*
 * `abpc diff`: by meaning.  Rows "+ widened", "- narrowed", "= changed" with a witness each.  Returns bits: 1
 * wider (or newly unsafe), 2 narrower, 4 changed settings or answers.
 */
unsigned diff_text(struct sets *s, const struct model *old, const struct model *new_, struct buf *out);
/* The same rows as JSON, "schema": "abp-diff/1". */
unsigned diff_json(struct sets *s, const struct model *old, const struct model *new_, struct buf *out);

/* `abpc show` (expand = -x: imports and implied calls too): one row per grant item. */
void show_text(struct sets *s, const struct model *m, bool expand, struct buf *out);
/* Counts of what is blocked, settings, limits, and all grants, implied ones too: "schema": "abp-show/1". */
void show_json(struct sets *s, const struct model *m, struct buf *out);

/* `abpc lock`: the text of X.lock (sorted `NAME VERSION sha256:HEX`), from the closure. */
void lock_text(const struct model *m, struct buf *out);
/* Compare with the file beside the source: queues missing or stale. */
void lock_check(struct sets *s, struct diags *d, const struct model *m, const char *source_file);

#endif
