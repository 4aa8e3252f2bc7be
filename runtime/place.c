/* place.c - in pid 1: the detached mounts are moved into place, and the old root goes away. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include "runtime/msg.h"
#include "runtime/steps.h"
#include "runtime/sys.h"
#include "runtime/view.h"

/* Takes the descriptors that the parent made; an empty message ends them. */
static int take_mounts(struct run *r)
{
	int fd[200];
	struct msg m;

	for (;;) {
		if (msg_wait(r, r->control[1], MSG_MOUNTS, STEP_mounts, &m, fd, NULL))
			return -1;
		if (!m.n)
			return 0;
		for (uint32_t i = 0; i < m.n; i++) {
			int32_t at = m.u.index[i];

			if (at == MSG_ROOT)
				r->root_fd = fd[i];
			else if (at == MSG_CANARY)
				r->canary_fd = fd[i];
			else if (at >= 0 && (uint32_t)at < r->b.n_view)
				r->mount_fd[at] = fd[i];
			else
				return run_why(r, EPROTO, "mount %d", at);
		}
	}
}

/* Moves MOUNT onto PATH of the new root; no link of any tree is followed on the way. */
static int place(struct run *r, int mount, const char *path)
{
	int at = sys_openat2(r->root_fd, path + 1, O_PATH, VIEW_RESOLVE | RESOLVE_IN_ROOT);
	int rc = -1;

	if (at >= 0)
		rc = move_mount(mount, "", at, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
	if (rc)
		run_why(r, errno, "mounting %s%s", path,
			errno == ENOENT ? " (inside a granted tree the mount point must exist)" : "");
	if (at >= 0)
		close(at);
	return rc;
}

/* The run's own procfs: only what belongs to processes, and only one's own. */
static int make_proc(struct run *r, const struct abpb_view *v)
{
	uint64_t attr = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
	int fs = fsopen("proc", FSOPEN_CLOEXEC), fd = -1;

	if (!(v->flags & ABPB_WRITE))
		attr |= MOUNT_ATTR_RDONLY;
	if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "subset", "pid", 0) ||
	    fsconfig(fs, FSCONFIG_SET_STRING, "hidepid", "ptraceable", 0) ||
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) ||
	    (fd = fsmount(fs, FSMOUNT_CLOEXEC, (unsigned)attr)) < 0)
		return run_why(
		    r, errno, "cannot make /proc here (is this a container with mounts over its own /proc?)");
	close(fs);
	return fd;
}

int step_view(struct run *r)
{
	if (!r->rootless && take_mounts(r))
		return -1;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return run_why(r, errno, "private mounts");
	if (move_mount(r->root_fd, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH))
		return run_why(r, errno, "the new root");
	for (uint32_t i = 0; i < r->b.n_view; i++) {
		const struct abpb_view *v = &r->b.view[i];
		const char *path = bundle_str(&r->b, v->path);

		if (v->kind == ABPB_V_PROC) {
			r->mount_fd[i] = make_proc(r, v);
			if (r->mount_fd[i] < 0)
				return -1;
			path = view_proc_point(r, v);
		}
		if (r->mount_fd[i] >= 0 && place(r, r->mount_fd[i], path))
			return -1;
	}
	return 0;
}

int step_pivot(struct run *r)
{
	struct stat a, b, here;

	if (fchdir(r->root_fd) || sys_pivot_root(".", "."))
		return run_why(r, errno, "pivot_root");
	if (umount2(".", MNT_DETACH)) /* the old root, stacked on the new one */
		return run_why(r, errno, "umount of the old root");
	if (chdir("/") || stat("/", &a) || fstat(r->root_fd, &b) || stat(".", &here))
		return run_why(r, errno, "chdir /");
	if (a.st_dev != b.st_dev || a.st_ino != b.st_ino || a.st_dev != here.st_dev ||
	    a.st_ino != here.st_ino)
		return run_why(r, 0, "/ is not the new root afterwards");
	return 0;
}
