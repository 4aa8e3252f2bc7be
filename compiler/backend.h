/*
 * backend.h - a wall: emit (model to bytes), verify (bytes to meaning, own decoder), list (for people).
 *
 * emit and verify share no code; whatever emit wrote, verify must prove equal to the model over all inputs,
 * or queue an internal error (ABP-INT-nnn) with a witness event, and nothing is written.
 */
#ifndef ABP_BACKEND_H
#define ABP_BACKEND_H

#include "compiler/model.h"

struct artefact {	  /* one emitted file or bundle section */
	enum arch arch;	  /* N_ARCH: not per architecture */
	const char *name; /* file name in generated/NAME/VERSION/, e.g. "seccomp.x86_64.bpf" */
	struct buf bytes;
	const char *proof; /* set by verify: "equal on all inputs, 412 leaves" */
};

struct backend {
	const char *name; /* as in --emit */
	bool per_arch;
	bool (*emit)(struct sets *s, struct diags *d, const struct model *m, enum arch arch,
		     struct artefact *out);
	bool (*verify)(struct sets *s, struct diags *d, const struct model *m, struct artefact *art);
	void (*list)(struct sets *s, const struct model *m, const struct artefact *art, struct buf *text);
};

extern const struct backend backend_seccomp;
/*
 * The filter of the loader's own pid 1: exactly these calls with any arguments, KILL_PROCESS for everything
 * else; verified like every other.
 */
bool seccomp_emit_list(struct sets *s, struct diags *d, enum arch arch, const char *const *calls, size_t n,
		       struct buf *out);

#endif
