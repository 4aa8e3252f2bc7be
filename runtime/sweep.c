/*
 * sweep.c - leaves that a killed launcher left behind: empty, of our own user, and nobody holds their lock.
 *
 * Root's leaves are recorded as links in /run/abp/leaves, because they lie below the group that the launcher
 * was in, wherever that was.  An ordinary user's lie in his delegated group, which is looked through.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "runtime/cgroup.h"
#include "runtime/steps.h"
#include "runtime/sys.h"

#define RECORDS "/run/abp/leaves"

/* Whether NAME is "abp-PID-..." of a launcher that is gone. */
static int is_orphan(const char *name)
{
	const char *p = name + 4;
	uint64_t pid;

	if (strncmp(name, "abp-", 4) || sys_number(&p, &pid) || *p != '-' || pid > INT32_MAX || pid == 0)
		return 0;
	return kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

/* Removes the leaf PATH below DIR if it is ours and its lock is free (its launcher may live in another pid
 * namespace); rmdir(2) of a group with tasks fails.  Returns 1 if it does not exist afterwards. */
static int remove_leaf(int dir, const char *path)
{
	struct stat st;
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT;
	int mine = fstat(fd, &st) == 0 && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0;
	close(fd);
	return mine && unlinkat(dir, path, AT_REMOVEDIR) == 0;
}

/* A leaf's own directory entry, or the record of one. */
static void sweep_entry(int dir, const char *name, int records)
{
	char path[PATH_MAX];
	ssize_t n;

	if (!is_orphan(name))
		return;
	if (!records) {
		remove_leaf(dir, name);
		return;
	}
	n = readlinkat(dir, name, path, sizeof path - 1);
	if (n <= 0)
		return;
	path[n] = 0;
	if (remove_leaf(AT_FDCWD, path))
		unlinkat(dir, name, 0);
}

static int sweep_dir(const char *path, int records)
{
	char buf[4096];
	ssize_t got;
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return -1;
	while ((got = getdents64(dir, buf, sizeof buf)) > 0)
		for (ssize_t at = 0; at < got;) {
			const struct dirent64 *d = (const void *)(buf + at);

			sweep_entry(dir, d->d_name, records);
			at += d->d_reclen;
		}
	close(dir);
	return 0;
}

int step_sweep(struct run *r)
{
	char path[PATH_MAX];

	if (!r->rootless) {
		if ((mkdir("/run/abp", 0755) && errno != EEXIST) ||
		    (mkdir(RECORDS, 0700) && errno != EEXIST) || sweep_dir(RECORDS, 1))
			return run_why(r, errno, RECORDS);
		return 0;
	}
	for (int i = 0; i < CGROUP_HIERARCHIES; i++) {
		int found = cgroup_parent(r, i, path, sizeof path);

		if (found < 0 || (found > 0 && sweep_dir(path, 0)))
			return run_why(r, errno, "control groups");
	}
	return 0;
}

static void record_name(const struct run *r, int i, char out[64])
{
	snprintf(out, 64, RECORDS "/%.39s.%d", r->name, i);
}

int sweep_record(const struct run *r, int i)
{
	char name[64];

	record_name(r, i, name);
	return r->rootless ? 0 : symlink(r->leaf[i].dir, name);
}

void sweep_forget(const struct run *r, int i)
{
	char name[64];

	record_name(r, i, name);
	if (!r->rootless && unlink(name))
		dprintf(2, "abprun: %s: %m\n", name);
}
