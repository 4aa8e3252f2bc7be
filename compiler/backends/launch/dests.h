/* dests.h - where `connect` and `proxy` lines without `local` may go, as prefixes: the launch compares them
 * with the host's own addresses (language.md section 7). */
#ifndef ABP_LAUNCH_DESTS_H
#define ABP_LAUNCH_DESTS_H

#include "compiler/model.h"

struct dest {
	uint8_t addr[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint32_t bits;	  /* of 128 */
	const struct grant *g;
};
typedef VEC(struct dest) dest_list;

/* Whether a line is one of them: written, sends, no `local`, and the network is the host's. */
bool dest_line(const struct model *m, const struct grant *g);
/* All of them, in order of the lines. */
void dests_make(struct sets *s, const struct model *m, dest_list *out);

#endif
