/* view.h - names of the run's view, and what lies behind them on the host. */
#ifndef ABP_VIEW_H
#define ABP_VIEW_H

#include <linux/openat2.h>
#include "runtime/run.h"

/* How every granted name is opened: a link anywhere in it is a refusal. */
#define VIEW_RESOLVE ((uint64_t)(RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS))

/* The slot that fills V, or NULL. */
const struct slot *view_slot(const struct run *r, const struct abpb_view *v);
/* The innermost entry before UPTO that is a mount and covers PATH (equal or above), or NULL: then the root.
 */
const struct abpb_view *view_cover(const struct run *r, const char *path, uint32_t upto);
/* Opens on the host what PATH of the view names (through the slot that covers it); FLAGS as open(2).
 * Returns a descriptor, or -1 with errno: ENOENT also where the view has nothing, ELOOP for a link. */
int view_open(const struct run *r, const char *path, int flags);
/* Resolves symbolic links, the policy's and those inside granted trees, as the kernel will inside the run.
 * OUT has PATH_MAX bytes.  Returns 0, or -1 with errno. */
int view_resolve(const struct run *r, const char *path, char *out);
/* Makes all mounts, detached: r->root_fd, r->canary_fd, r->mount_fd[].  By the parent, or rootless by pid 1.
 */
int view_make(struct run *r);
/* Where the procfs entry goes: "/proc", or "/proc/pids" if single files of the host's procfs are beside it.
 */
const char *view_proc_point(const struct run *r, const struct abpb_view *v);

#endif
