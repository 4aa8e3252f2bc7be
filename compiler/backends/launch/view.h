/*
 * view.h - the run's root as an ordered list of mounts, from the path-like grants.
 */
#ifndef ABP_VIEW_H
#define ABP_VIEW_H

#include "compiler/model.h"

struct view_entry {
	uint32_t kind;	    /* enum abpb_view_kind */
	uint32_t flags;	    /* ABPB_READ ... */
	const char *path;   /* absolute, in the run's root */
	const char *target; /* symlink; else NULL */
	uint64_t size, inodes;
	struct span at; /* the grant that asked for it */
};
typedef VEC(struct view_entry) view_list;

/*
 * Parents before children, one entry a path.  An entry stands only where the rights differ from those of the
 * tree around it; the rights of a name are the union over all grants that cover it, so the order of lines
 * never matters. Exceptions of a write grant become entries without the write right, the directories on the
 * way to them pins. Globs contribute their literal prefix (a bound; AppArmor decides).
 */
void view_make(struct arena *a, const struct model *m, view_list *out);

#endif
