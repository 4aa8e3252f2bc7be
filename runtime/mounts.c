#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "runtime/mounts.h"
#include "runtime/sys.h"

static int option(int fs, const char *key, unsigned long long value, int octal)
{
	char text[32];

	snprintf(text, sizeof text, octal ? "%llo" : "%llu", value);
	return fsconfig(fs, FSCONFIG_SET_STRING, key, text, 0);
}

int mount_tmpfs(struct run *r, uint64_t size, uint64_t inodes, unsigned mode, uid_t uid, gid_t gid, int exec)
{
	int fs = fsopen("tmpfs", FSOPEN_CLOEXEC), fd;

	if (fs < 0)
		return run_why(r, errno, "tmpfs");
	if (option(fs, "size", size, 0) || option(fs, "nr_inodes", inodes ? inodes : size / 4096 + 16, 0) ||
	    option(fs, "mode", mode, 1) || option(fs, "uid", uid, 0) || option(fs, "gid", gid, 0))
		return run_why(r, errno, "tmpfs options");
	/* Linux 6.4, privileged; elsewhere the control group's swap limit bounds it */
	if (!r->rootless && (r->kernel[0] > 6 || r->kernel[1] >= 4) &&
	    fsconfig(fs, FSCONFIG_SET_FLAG, "noswap", NULL, 0))
		return run_why(r, errno, "tmpfs noswap");
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return run_why(r, errno, "tmpfs");
	fd = fsmount(fs, FSMOUNT_CLOEXEC,
		     MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (exec ? 0u : MOUNT_ATTR_NOEXEC));
	if (fd < 0)
		return run_why(r, errno, "tmpfs");
	close(fs);
	return fd;
}

int mount_copy(int fd, uint64_t attr, int recursive, int idmap)
{
	unsigned deep = recursive ? AT_RECURSIVE : 0;
	struct mount_attr a = {.attr_set = attr, .propagation = MS_PRIVATE};
	int copy = open_tree(fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | deep);

	if (copy < 0)
		return -1;
	if (idmap >= 0) {
		a.attr_set |= MOUNT_ATTR_IDMAP;
		a.userns_fd = (unsigned)idmap;
	}
	if (mount_setattr(copy, "", AT_EMPTY_PATH | deep, &a, sizeof a)) {
		int err = errno;

		close(copy);
		errno = err;
		return -1;
	}
	return copy;
}

/* The map's user namespace lives in a task that waits for the end of file, and so never outlives us. */
static _Noreturn void hold_namespace(const int wait[2])
{
	char c;

	/* the other end of the pipe, and the lock of every leaf: nothing may hang on this task */
	if ((wait[0] > 3 && close_range(3, (unsigned)wait[0] - 1, 0)) ||
	    close_range((unsigned)wait[0] + 1, ~0u, 0) || prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L))
		_exit(EXIT_REFUSED);
	while (read(wait[0], &c, 1) > 0)
		;
	_exit(EXIT_REFUSED);
}

/* Writes both maps of the task in PROC and opens its user namespace; -1 with errno. */
static int write_maps(const struct run *r, int proc, uid_t disk_uid, gid_t disk_gid)
{
	char map[64];

	snprintf(map, sizeof map, "%u %u 1\n", disk_uid, r->host_uid);
	if (proc < 0 || sys_write_file(proc, "uid_map", map))
		return -1;
	snprintf(map, sizeof map, "%u %u 1\n", disk_gid, r->host_gid);
	if (sys_write_file(proc, "gid_map", map))
		return -1;
	return openat(proc, "ns/user", O_RDONLY | O_CLOEXEC);
}

int mount_idmap(struct run *r, uid_t disk_uid, gid_t disk_gid)
{
	struct clone_args a = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
	char path[32];
	int wait[2];

	if (pipe2(wait, O_CLOEXEC))
		return run_why(r, errno, "pipe");
	pid_t pid = (pid_t)syscall(SYS_clone3, &a, sizeof a);
	if (pid < 0)
		return run_why(r, errno, "clone3 for an id map");
	if (pid == 0)
		hold_namespace(wait);
	snprintf(path, sizeof path, "/proc/%d", (int)pid);
	int proc = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = write_maps(r, proc, disk_uid, disk_gid), err = errno;
	if (proc >= 0)
		close(proc);
	close(wait[0]); /* either of the two ends it */
	close(wait[1]);
	kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) != pid)
		return run_why(r, errno, "ending the id map's task");
	return fd < 0 ? run_why(r, err, "id map %u:%u", disk_uid, disk_gid) : fd;
}
