/*
 * diag.h - the error-record core: a queue of diagnostics, each with up to three places.
 *
 * Nothing here prints until diags_print(); the queue is sorted by (file, offset), so the order does not
 * depend on which pass found what.  A source is a whole file kept in the arena; a span is a byte range of
 * one; line and column are computed when printing (columns count bytes from 1, a tab is one column; the caret
 * line copies tabs).  Output of one record:
 *
 *     FILE:LINE:COL: error: TEXT [CODE]
 *         source line
 *             ^~~~
 *     FILE:LINE:COL: note: TEXT          (second and third place, with their lines)
 *     help: HINT
 *
 * Control and bidirectional characters of the source are shown as <U+XXXX>, lines are cut at 160 bytes.
 */
#ifndef ABP_DIAG_H
#define ABP_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "compiler/base/buf.h"

struct source {
	const char *name; /* as the user wrote it */
	const char *text; /* len bytes and a NUL */
	uint32_t len;
	uint32_t id;	      /* order of loading, for sorting */
	const uint32_t *line; /* offset of each line's start, lines of them; NULL: span_line counts */
	uint32_t lines;
};

struct span {
	const struct source *src; /* NULL: no place (an error of the command line) */
	uint32_t off, len;
};

/* The span from the start of a to the end of b (same source). */
struct span span_join(struct span a, struct span b);
/* 1-based line of the span's start; 0 without a source. */
uint32_t span_line(struct span s);

enum severity { SEV_ERROR, SEV_WARNING, SEV_NOTE };

struct diags;

enum { DIAG_MAX_ERRORS = 50, DIAG_MAX_WARNINGS = 50 }; /* after that "too many errors" and no more are kept */

struct diags *diags_new(struct arena *a);
/*
 * Queue a record.  code: "ABP-XXX-NNN", listed in compiler/tables/diag.def.  The text says what is wrong,
 * lower case, no full stop.
 */
void diag_error(struct diags *d, struct span at, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void diag_warning(struct diags *d, struct span at, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Add to the record queued last: another place (two at most, more are dropped), or the help line. */
void diag_also(struct diags *d, struct span at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void diag_help(struct diags *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

uint32_t diags_errors(const struct diags *d);
uint32_t diags_count(const struct diags *d); /* records kept so far, warnings too */
/* Forget the records after the first n, which were queued before. */
void diags_forget(struct diags *d, uint32_t n);
/* Sort and write all records as text.  Ends with "N errors" when there are any. */
void diags_text(struct diags *d, struct buf *out);
/*
 * The same as one JSON object, "schema": "abp-diag/1": records (severity, code, text, help or null, places:
 * file, line, column, offset and length in bytes, text), errors, too_many.
 */
void diags_json(struct diags *d, struct buf *out);
/* Is there an error whose code starts with prefix ("ABP-IO-")? */
bool diags_have(const struct diags *d, const char *prefix);

/*
 * Read a whole file (at most `max` bytes) into the arena.  On failure queues ABP-IO-001 at `at` and returns
 * NULL.  The text is NUL-terminated; NUL bytes inside are kept, for the lexer to refuse.
 */
struct source *source_read(struct arena *a, struct diags *d, const char *path, size_t max, struct span at);
struct source *source_text(struct arena *a, const char *name, const char *text, size_t len);

#endif
