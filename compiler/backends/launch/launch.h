/*
 * launch.h - the bundle judged from its bytes: an own decoder, the meaning of what it says, and a listing.
 */
#ifndef ABP_LAUNCH_H
#define ABP_LAUNCH_H

#include "compiler/bundle.h"

/*
 * Decode a bundle and compare its meaning with the model: the view's read, write, load and exec names (equal
 * sets; for globs a superset, which model.missing must name), settings, environment, limits, programs,
 * missing walls, and the filters byte for byte with the verified ones.  A difference is ABP-INT-021 with what
 * differs; false.
 */
bool launch_verify(struct sets *s, struct diags *d, const struct model *m, const struct bundle_filters *f,
		   const struct buf *bundle);

/* launch.txt: what the loader will do, in order, from the bundle's bytes. */
void launch_list(const struct buf *bundle, struct buf *text);

#endif
