/* sweep.c - leaves that a killed launcher left behind: empty, of our own user, and nobody holds their lock.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "runtime/cgroup.h"
#include "runtime/steps.h"
#include "runtime/sys.h"

/* "abp-PID-RANDOM" of a launcher that is gone. */
static int is_dead(int dir, const char *name)
{
	const char *p = name + 4;
	uint64_t pid;
	struct stat st;

	if (strncmp(name, "abp-", 4) || sys_number(&p, &pid) || *p != '-' || pid > INT32_MAX || pid == 0)
		return 0;
	if (kill((pid_t)pid, 0) == 0 || errno != ESRCH)
		return 0;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return 0;
	int dead = fstat(fd, &st) == 0 && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0;
	close(fd);
	return dead;
}

/* rmdir(2) of a group that holds a task is EBUSY: that is the test for "unpopulated". */
static void sweep_dir(int dir)
{
	char buf[4096];
	ssize_t got;

	while ((got = getdents64(dir, buf, sizeof buf)) > 0)
		for (ssize_t at = 0; at < got;) {
			const struct dirent64 *d = (const void *)(buf + at);

			if (is_dead(dir, d->d_name))
				unlinkat(dir, d->d_name, AT_REMOVEDIR);
			at += d->d_reclen;
		}
}

int step_sweep(struct run *r)
{
	char path[PATH_MAX];

	for (int i = 0; i < CGROUP_HIERARCHIES; i++) {
		int dir = -1, found = cgroup_parent(r, i, path, sizeof path);

		if (found > 0)
			dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (found < 0 || (found > 0 && dir < 0))
			return run_why(r, errno, "control groups");
		if (dir >= 0) {
			sweep_dir(dir);
			close(dir);
		}
	}
	return 0;
}
