/*
 * build.h - from a judged model to a directory of verified artefacts.
 */
#ifndef ABP_BUILD_H
#define ABP_BUILD_H

#include "compiler/backend.h"

/* What `build` writes: name and bytes, in the order of the manifest. */
struct build_file {
	const char *name;
	struct buf bytes;
	const char *proof; /* NULL: a listing, nothing to prove */
};
typedef VEC(struct build_file) build_files;

/*
 * Emit and verify every artefact of m.  emit: NULL for all, or a comma list of "seccomp", "sockets" and
 * "launch". False: a queued error; then nothing may be written.
 */
bool build_artefacts(struct sets *s, struct diags *d, const struct model *m, const char *emit,
		     build_files *out);
/* manifest.json: digests of everything, tool versions, proof results; appended as the last file. */
void build_manifest(struct sets *s, const struct model *m, build_files *files);
/*
 * Write all files to DIR/NAME/VERSION/ so that either the old or the new directory is there: a temporary
 * directory beside it, fsync, rename (or exchange).  False: queued ABP-IO-002.
 */
bool build_write(struct arena *a, struct diags *d, const char *dir, const struct model *m,
		 const build_files *files);

#endif
