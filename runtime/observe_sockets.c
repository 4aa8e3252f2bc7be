/* observe_sockets.c - the programs on the run's leaf, as the kernel shows them. */
#include "runtime/observe.h"

#include <stdio.h>
#include "runtime/sockets.h"

void observe_sockets(struct run *r, const struct point *at)
{
	if (!r->b.sock[ABPB_SOCK_CREATE])
		return;
	observe_row(r, at, "sockets", NULL, r->rootless ? NULL : "raised",
		    r->rootless ? "not raised" : "raised");
	for (uint32_t h = 1; h < ABPB_N_HOOKS && sockets_raised(r); h++) {
		char want[32], seen[32], mine[24], found[24];
		uint8_t tag[8];
		uint32_t id = 0;
		int rc = sockets_query(r, h, &id, tag);

		snprintf(mine, sizeof mine, "%u", r->sock_id[h]);
		snprintf(found, sizeof found, "%u", id);
		observe_row(r, at, "sockets.id", sockets_name(h), mine, rc ? NULL : found);
		if (!rc)
			sockets_tag(r, h, tag, want, seen);
		observe_row(r, at, "sockets.tag", sockets_name(h), rc ? "" : want, rc ? NULL : seen);
	}
}
