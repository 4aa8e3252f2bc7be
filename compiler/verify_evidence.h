/*
 * verify_evidence.h - the auditor's side: a bundle and a record of one launch, judged without the loader.
 *
 * What the policy demands is computed again from the bundle's bytes; nothing that the record says it expected
 * is believed.  A record proves what its keeper's word is worth: it is not signed.
 */
#ifndef ABP_VERIFY_EVIDENCE_H
#define ABP_VERIFY_EVIDENCE_H

#include <stdbool.h>

#include "compiler/base/buf.h"

/*
 * Writes a verdict per wall and per source to OUT, as text or one JSON object.  Returns 0: every wall of the
 * bundle is proved by kernel or behaviour facts (child and config facts are claims, and only have to agree);
 * 1: something differs, is missing, twice, forged, left out, or the program never ran; 3: a file cannot be
 * read, or BUNDLE_FILE is no bundle.
 */
int verify_evidence(struct arena *a, const char *bundle_file, const char *evidence_file, bool json,
		    struct buf *out);

/* What the bundle holds, for people: digests, filters, and what the loader will do.  0, or 3 (I/O, no
 * bundle). */
int bundle_describe(struct arena *a, const char *bundle_file, struct buf *out);

#endif
