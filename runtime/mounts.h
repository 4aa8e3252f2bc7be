/* mounts.h - detached mounts: nothing of the host's mount table changes, and nothing has a path to race for.
 */
#ifndef ABP_MOUNTS_H
#define ABP_MOUNTS_H

#include "runtime/run.h"

/* A new tmpfs, detached, nosuid, nodev; noswap where the kernel has it and lets us.  INODES 0: size / 4096
 * + 16. MODE of its root, which belongs to UID:GID (numbers of the caller's user namespace).  Returns a
 * descriptor or -1 after run_why(). */
int mount_tmpfs(struct run *r, uint64_t size, uint64_t inodes, unsigned mode, uid_t uid, gid_t gid, int exec);
/* A copy of the mount at FD (O_PATH), detached and private, with ATTR (MOUNT_ATTR_*) set; RECURSIVE takes the
 * mounts below along.  IDMAP >= 0: a user namespace that maps its owners.  Returns a descriptor or -1, errno.
 */
int mount_copy(int fd, uint64_t attr, int recursive, int idmap);
/* A user namespace in which DISK_UID:DISK_GID are what the run's host ids are outside; for mount_copy().
 * Returns a descriptor or -1 after run_why(). */
int mount_idmap(struct run *r, uid_t disk_uid, gid_t disk_gid);

#endif
