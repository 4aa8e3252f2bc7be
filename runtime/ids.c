/*
 * ids.c - who the run is on the host: one block of host ids per live run, never 0, never shared.
 *
 * /etc/abp/ids holds "FIRST COUNT" (decimal); without it 1000000 65536.  Block I is ids FIRST + I * 64 ...;
 * it is taken by a lock on byte I of /run/abp/ids, which the kernel releases when the launcher ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "runtime/msg.h"
#include "runtime/steps.h"
#include "runtime/sys.h"

static int range(struct run *r, uint64_t *first, uint64_t *count)
{
	char text[64];
	const char *p = text;

	*first = 1000000, *count = 65536;
	if (sys_read_file(AT_FDCWD, "/etc/abp/ids", text, sizeof text) < 0)
		return errno == ENOENT ? 0 : run_why(r, errno, "/etc/abp/ids");
	if (sys_number(&p, first) || *p++ != ' ' || sys_number(&p, count) || (*p != '\n' && *p) ||
	    *first < 1000 || *count < RUN_HOST_BLOCK || *first > UINT32_MAX || *count > UINT32_MAX - *first)
		return run_why(r, 0, "/etc/abp/ids: want \"FIRST COUNT\", FIRST >= 1000, COUNT >= 64");
	return 0;
}

int step_host_ids(struct run *r)
{
	uint64_t first, count;
	struct stat st;

	if (range(r, &first, &count))
		return -1;
	if (mkdir("/run/abp", 0755) && errno != EEXIST)
		return run_why(r, errno, "/run/abp");
	r->id_lock = sys_high(open("/run/abp/ids", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
	if (r->id_lock < 0 || fstat(r->id_lock, &st) || !S_ISREG(st.st_mode) || st.st_uid != 0)
		return run_why(r, errno, "/run/abp/ids");
	for (uint64_t i = 0; i < count / RUN_HOST_BLOCK; i++) {
		struct flock lock = {
		    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)i, .l_len = 1};

		if (fcntl(r->id_lock, F_OFD_SETLK, &lock) == 0) {
			r->host_uid = r->host_gid = (uid_t)(first + i * RUN_HOST_BLOCK);
			return 0;
		}
		if (errno != EAGAIN && errno != EACCES)
			return run_why(r, errno, "/run/abp/ids");
	}
	return run_why(r, 0, "all %llu blocks of host ids are in use",
		       (unsigned long long)(count / RUN_HOST_BLOCK));
}

int step_host_ids_own(struct run *r)
{
	r->host_uid = getuid();
	r->host_gid = getgid();
	if (r->b.n_group)
		return run_why(r, 0, "run { groups } needs root");
	if (r->host_uid == 0) /* root of a smaller user namespace */
		return run_why(
		    r, 0, "uid 0 of a user namespace must not be the run's user: start it as another user");
	return 0;
}

/* With CALLER_ID an ordinary user keeps its own number inside. */
static void inside_ids(const struct run *r, uid_t *uid, gid_t *gid)
{
	int own = r->rootless && (r->b.meta->flags & ABPB_FLAG_CALLER_ID);

	*uid = own ? r->host_uid : r->b.meta->uid;
	*gid = own ? r->host_gid : r->b.meta->gid;
}

/* The maps are written from outside: one line; groups have one more each, from the run's own block. */
int step_id_maps(struct run *r)
{
	uid_t uid;
	gid_t gid;
	int proc = r->reaper.proc;

	inside_ids(r, &uid, &gid);
	snprintf(r->uid_map, sizeof r->uid_map, "%u %u 1\n", uid, r->host_uid);
	int n = snprintf(r->gid_map, sizeof r->gid_map, "%u %u 1\n", gid, r->host_gid);
	for (uint32_t i = 0, k = 1; i < r->b.n_group; i++)
		if (r->b.group[i] != gid)
			n += snprintf(r->gid_map + n, sizeof r->gid_map - (size_t)n, "%u %u 1\n",
				      r->b.group[i], r->host_gid + k++);
	if ((size_t)n + 24 > sizeof r->gid_map)
		return run_why(r, 0, "too many groups");
	if (r->rootless && sys_write_file(proc, "setgroups", "deny"))
		return run_why(r, errno, "setgroups = deny");
	if (sys_write_file(proc, "uid_map", r->uid_map))
		return run_why(r, errno, "uid_map = %s", r->uid_map);
	if (sys_write_file(proc, "gid_map", r->gid_map))
		return run_why(r, errno, "gid_map = %s", r->gid_map);
	/* pid 1 was born waiting for this */
	struct msg m = {.kind = MSG_GO, .step = STEP_id_maps};
	if (msg_send(r->control[0], &m, NULL, 0))
		return run_why(r, errno, "send");
	return 0;
}

/* In pid 1.  Capabilities stay: the old uid is unmapped, so it is not the namespace's root; capabilities(7).
 */
int step_ids(struct run *r)
{
	uid_t uid, ru, eu, su;
	gid_t gid, rg, eg, sg;

	inside_ids(r, &uid, &gid);
	if (!r->rootless && setgroups(r->b.n_group, r->b.group))
		return run_why(r, errno, "setgroups");
	if (syscall(SYS_setresgid, gid, gid, gid) || syscall(SYS_setresuid, uid, uid, uid))
		return run_why(r, errno, "setresgid, setresuid");
	if (getresuid(&ru, &eu, &su) || getresgid(&rg, &eg, &sg) || ru != uid || eu != uid || su != uid ||
	    rg != gid || eg != gid || sg != gid)
		return run_why(r, 0, "the ids are not %u:%u afterwards", uid, gid);
	return 0;
}
