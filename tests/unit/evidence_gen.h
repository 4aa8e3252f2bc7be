/* evidence_gen.h - a bundle and a record that agree, to be forged by the tests of `abpc verify`. */
#ifndef ABP_EVIDENCE_GEN_H
#define ABP_EVIDENCE_GEN_H

#include <stdbool.h>

#include "compiler/base/buf.h"
#include "spec/bundle.h"

struct gen_row {
	const char *fact, *expected, *observed, *source;
	const char *verdict; /* NULL: what the row says */
};

struct gen {
	struct arena *a;
	VEC(struct gen_row) rows;
	struct abpb_meta meta;
	struct buf bundle;
	const char *degraded, *outcome, *status, *program, *program_sha256, *bundle_sha256, *model, *run,
	    *extra;
	const char *only; /* run { program } */
	bool rootless, pin, missing;
};

/* A policy with every kind of entry, launched by root on x86_64; free g->a. */
void gen_make(struct gen *g);
/* Writes the bundle again, after g->meta or g->pin changed. */
void gen_bundle(struct gen *g);
/* The record's text. */
struct buf gen_record(struct gen *g);

struct gen_row *gen_row(struct gen *g, const char *fact);
void gen_set(struct gen *g, const char *fact,
	     const char *observed); /* and the record lies about its expectation */
void gen_drop(struct gen *g, const char *fact);
void gen_add(struct gen *g, const char *fact, const char *expected, const char *observed, const char *source);

#endif
