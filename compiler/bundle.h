/*
 * bundle.h - writing spec/bundle.h: the one file that abprun maps.
 */
#ifndef ABP_COMPILER_BUNDLE_H
#define ABP_COMPILER_BUNDLE_H

#include "compiler/backend.h"
#include "spec/bundle.h"

/* The filters that go in: one per architecture of m->archs, already verified. */
struct bundle_filters {
	const struct buf *target[N_ARCH]; /* struct sock_filter bytes; NULL: not built */
	const struct buf *reaper[N_ARCH];
	const struct buf *sock[ABPB_N_HOOKS]; /* struct abpb_insn bytes; NULL, all of them: not needed */
};

/*
 * All sections of a policy's bundle.  Bytes depend on the model, the filters and the compiler version only.
 * model_sha256: digest of the canonical text.  False: larger than ABPB_MAX_SIZE (queued).
 */
bool bundle_write(struct sets *s, struct diags *d, const struct model *m, const struct bundle_filters *f,
		  const uint8_t model_sha256[32], struct buf *out);

#endif
