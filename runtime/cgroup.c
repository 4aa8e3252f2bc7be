/*
 * cgroup.c - limits first: leaves are made, every limit is written and read back before any task is inside.
 *
 * A controller is on v2 or on a v1 hierarchy of its own (hybrid hosts); cgroups(7).  The v1 leaf lies below
 * the launcher's own group, so its limits hold too.  On v2 a group with tasks cannot hand out controllers:
 * root's leaf lies below the root group, an ordinary user's below its delegated group, which the launcher
 * leaves first.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "runtime/cgroup.h"
#include "runtime/mountinfo.h"
#include "runtime/steps.h"
#include "runtime/sys.h"

#define N_CONTROLLERS (CGROUP_HIERARCHIES - 1)
static const char *const controller[CGROUP_HIERARCHIES] = {"memory", "pids", "cpu", ""};

/* Where controller NAME ("" = v2) is mounted. */
struct find {
	const char *name;
	char point[PATH_MAX], root[PATH_MAX];
};

static int has_word(const char *list, const char *word, const char *sep)
{
	size_t n = strlen(word);

	for (const char *p = list; *p; p += strspn(p, sep)) {
		size_t k = strcspn(p, sep);

		if (k == n && !strncmp(p, word, n))
			return 1;
		p += k;
	}
	return 0;
}

static int find_mount(void *arg, const struct mount *m)
{
	struct find *f = arg;
	int v2 = !strcmp(m->type, "cgroup2");

	if (f->name[0] ? strcmp(m->type, "cgroup") || !has_word(m->super, f->name, ",") : !v2)
		return 0;
	if (sys_copy(f->point, sizeof f->point, m->point) || sys_copy(f->root, sizeof f->root, m->root))
		return -1;
	return 1;
}

/* The launcher's own group in the hierarchy of NAME, from /proc/self/cgroup ("ID:LIST:PATH"). */
static int own_group(const char *name, char *out, size_t n)
{
	char text[8192], *save;

	if (sys_read_file(AT_FDCWD, "/proc/self/cgroup", text, sizeof text) < 0)
		return -1;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;

		if (!path)
			continue;
		*path++ = 0;
		if (name[0] ? has_word(list + 1, name, ",") : list[1] == 0)
			return sys_copy(out, n, path);
	}
	errno = ENOENT;
	return -1;
}

/* The parent directory of a leaf: the mount point and the group below the mount's root. */
static int parent_dir(const struct find *f, const char *group, char *out, size_t n)
{
	size_t skip = strcmp(f->root, "/") ? strlen(f->root) : 0;

	errno = ENOENT;
	if (skip && !sys_below(group, f->root))
		return -1;
	int k = snprintf(out, n, "%s%s", f->point, strcmp(group + skip, "/") ? group + skip : "");
	return k < 0 || (size_t)k >= n ? -1 : 0;
}

struct leaf_at {
	char dir[PATH_MAX], group[PATH_MAX];
};

/* Where the leaf of NAME goes.  1: found, 0: that hierarchy is not mounted here, -1: errno. */
static int locate(const struct run *r, const char *name, struct leaf_at *at)
{
	struct find f = {.name = name};
	int found = mountinfo_each(find_mount, &f);

	if (found <= 0)
		return found;
	if (own_group(name, at->group, sizeof at->group))
		return -1;
	if (!name[0] && !r->rootless) /* root may use the top of v2, where handing out is always possible */
		strcpy(at->group, strcmp(f.root, "/") ? f.root : "/");
	return parent_dir(&f, at->group, at->dir, sizeof at->dir) ? -1 : 1;
}

int cgroup_parent(const struct run *r, int i, char *out, size_t n)
{
	struct leaf_at at;
	int found = locate(r, controller[i], &at);

	return found > 0 && sys_copy(out, n, at.dir) ? -1 : found;
}

static int leaf_make(struct run *r, const char *controllers, int version, const struct leaf_at *at)
{
	struct leaf *l = &r->leaf[r->n_leaves];
	int n = snprintf(l->dir, sizeof l->dir, "%s/%s", at->dir, r->name);
	int k =
	    snprintf(l->cgroup, sizeof l->cgroup, "%s/%s", strcmp(at->group, "/") ? at->group : "", r->name);

	if (n < 0 || (size_t)n >= sizeof l->dir || k < 0 || (size_t)k >= sizeof l->cgroup)
		return run_why(r, ENAMETOOLONG, "%s", at->dir);
	if (sweep_record(r, r->n_leaves))
		return run_why(r, errno, "/run/abp/leaves");
	r->n_leaves++;
	l->version = version;
	l->fd = -1;
	if (mkdir(l->dir, 0755))
		return run_why(r, errno, "%s%s", l->dir,
			       r->rootless
				   ? " (start with: systemd-run --user --scope -p Delegate=yes -- abprun ...)"
				   : "");
	l->fd = sys_high(open(l->dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	if (l->fd < 0 || flock(l->fd, LOCK_EX | LOCK_NB)) /* a leaf whose lock is free is dead */
		return run_why(r, errno, "%s", l->dir);
	return sys_copy(l->controllers, sizeof l->controllers, controllers);
}

/* On v2 the parent group must hand the controllers out; LIST is what no v1 hierarchy has. */
static int v2_hand_out(struct run *r, const char *dir, const char *list)
{
	char path[PATH_MAX + 32], have[256], want[64], *save;

	if (!*list)
		return 0;
	snprintf(path, sizeof path, "%s/cgroup.subtree_control", dir);
	if (sys_read_file(AT_FDCWD, path, have, sizeof have) < 0)
		return run_why(r, errno, "%s", path);
	if (sys_copy(want, sizeof want, list))
		return run_why(r, errno, "%s", list);
	for (char *w = strtok_r(want, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		char add[32];

		if (has_word(have, w, " \n"))
			continue;
		snprintf(add, sizeof add, "+%s", w);
		if (sys_write_file(AT_FDCWD, path, add))
			return run_why(r, errno, "%s: no controller %s in %s%s", r->name, w, dir,
				       r->rootless
					   ? " (start with: systemd-run --user --scope -p Delegate=yes -- "
					     "abprun ...)"
					   : "");
	}
	return 0;
}

/* An ordinary user's delegated group holds the launcher itself: it steps aside, into a group of its own. */
static int step_aside(struct run *r, const struct leaf_at *at, const char *list)
{
	char path[PATH_MAX];

	if (!r->rootless || !*list)
		return 0;
	int n = snprintf(path, sizeof path, "%s/abp-launchers", at->dir);
	if (n < 0 || (size_t)n >= sizeof path - 16)
		return run_why(r, ENAMETOOLONG, "%s", at->dir);
	if (mkdir(path, 0755) && errno != EEXIST)
		return run_why(r, errno,
			       "%s (start with: systemd-run --user --scope -p Delegate=yes -- abprun ...)",
			       path);
	strcat(path, "/cgroup.procs");
	return sys_write_file(AT_FDCWD, path, "0") ? run_why(r, errno, "%s", path) : 0;
}

int step_leaf(struct run *r)
{
	struct leaf_at at;
	char on_v2[64] = "";
	uint32_t random;

	if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
		return run_why(r, errno, "getrandom");
	snprintf(r->name, sizeof r->name, "abp-%d-%08x", (int)getpid(), random);
	for (int i = 0; i < N_CONTROLLERS; i++) {
		int found = locate(r, controller[i], &at);

		if (found < 0)
			return run_why(r, errno, "control group of %s", controller[i]);
		if (found && leaf_make(r, controller[i], 1, &at))
			return -1;
		if (!found)
			strcat(strcat(on_v2, *on_v2 ? " " : ""), controller[i]);
	}
	int found = locate(r, "", &at);
	if (found < 0)
		return run_why(r, errno, "control group v2");
	if (!found)
		return *on_v2 ? run_why(r, 0, "no control group hierarchy for %s", on_v2) : 0;
	if (step_aside(r, &at, on_v2) || v2_hand_out(r, at.dir, on_v2))
		return -1;
	r->v2 = r->n_leaves;
	return leaf_make(r, on_v2, 2, &at);
}

/* Writes one limit of L and reads it back; EXPECTED is what the kernel must answer. */
static int limit_set(struct run *r, struct leaf *l, const char *fact, const char *file, const char *expected)
{
	struct leaf_limit *x = &l->limit[l->n_limits];

	if (l->n_limits == RUN_LIMITS_PER_LEAF || sys_copy(x->file, sizeof x->file, file) ||
	    sys_copy(x->fact, sizeof x->fact, fact) || sys_copy(x->expected, sizeof x->expected, expected))
		return run_why(r, ENAMETOOLONG, "%s", file);
	l->n_limits++;
	if (sys_write_file(l->fd, file, expected))
		return run_why(r, errno, "%s/%s = %s", l->dir, file, expected);
	if (sys_read_file(l->fd, file, x->observed, sizeof x->observed) < 0)
		return run_why(r, errno, "reading %s/%s", l->dir, file);
	x->observed[strcspn(x->observed, "\n")] = 0;
	if (strcmp(x->observed, x->expected))
		return run_why(r, 0, "%s/%s: wrote %s, reads %s", l->dir, file, expected, x->observed);
	return 0;
}

static int limit_number(struct run *r, struct leaf *l, const char *fact, const char *file, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	return limit_set(r, l, fact, file, text);
}

/* Without a swap file of its own the controller cannot limit swap: fine where the machine has none. */
static int limit_swap(struct run *r, struct leaf *l, const char *file, uint64_t value)
{
	if (faccessat(l->fd, file, F_OK, 0) == 0)
		return limit_number(r, l, "limits.swap", file, value);
	if (errno != ENOENT || r->swap_exists)
		return run_why(r, errno, "this machine has swap, and %s/%s cannot limit it", l->dir, file);
	return l->version == 1 ? limit_set(r, l, "limits.swap", "memory.swappiness", "0") : 0;
}

static int limit_memory(struct run *r, struct leaf *l)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), memory = 0, swap = 0;

	bundle_limit(&r->b, ABPB_MEMORY, &memory);
	bundle_limit(&r->b, ABPB_SWAP, &swap);
	memory -= memory % page; /* the kernel counts pages */
	swap -= swap % page;
	if (l->version == 2)
		return limit_number(r, l, "limits.memory", "memory.max", memory) ||
		       limit_swap(r, l, "memory.swap.max", swap) ||
		       limit_set(r, l, "memory.oom.group", "memory.oom.group", "1");
	return limit_number(r, l, "limits.memory", "memory.limit_in_bytes", memory) ||
	       limit_swap(r, l, "memory.memsw.limit_in_bytes", memory + swap);
}

static int limit_cpu(struct run *r, struct leaf *l)
{
	uint64_t percent = 0;
	char text[48];

	bundle_limit(&r->b, ABPB_CPU, &percent);
	if (l->version == 1)
		return limit_number(r, l, "cpu.period", "cpu.cfs_period_us", 100000) ||
		       limit_number(r, l, "limits.cpu", "cpu.cfs_quota_us", percent * 1000);
	snprintf(text, sizeof text, "%llu 100000", (unsigned long long)percent * 1000);
	return limit_set(r, l, "limits.cpu", "cpu.max", text);
}

int step_limits(struct run *r)
{
	uint64_t pids = 0;

	bundle_limit(&r->b, ABPB_PIDS, &pids);
	for (int i = 0; i < r->n_leaves; i++) {
		struct leaf *l = &r->leaf[i];

		if (has_word(l->controllers, "memory", " ") && limit_memory(r, l))
			return -1;
		if (has_word(l->controllers, "cpu", " ") && limit_cpu(r, l))
			return -1;
		if (has_word(l->controllers, "pids", " ") &&
		    limit_number(r, l, "limits.pids", "pids.max", pids + 1))
			return -1;
		if (l->version == 2 && limit_set(r, l, "cgroup.descendants", "cgroup.max.descendants", "0"))
			return -1;
	}
	return 0;
}

int cgroup_enter(const struct run *r)
{
	for (int i = 0; i < r->n_leaves; i++)
		if (i != r->v2 && sys_write_file(r->leaf[i].fd, "cgroup.procs", "0"))
			return -1;
	return 0;
}

int cgroup_check(struct run *r, int proc)
{
	char text[8192], line[PATH_MAX + 64];

	if (sys_read_file(proc, "cgroup", text, sizeof text) < 0)
		return run_why(r, errno, "/proc/PID/cgroup");
	for (int i = 0; i < r->n_leaves; i++) {
		const struct leaf *l = &r->leaf[i];

		snprintf(line, sizeof line, ":%s\n", l->cgroup);
		if (!strstr(text, line))
			return run_why(r, 0, "pid 1 is not in %s", l->dir);
	}
	return 0;
}

void cgroup_kill(const struct run *r)
{
	if (r->v2 >= 0 && r->v2 < r->n_leaves && sys_write_file(r->leaf[r->v2].fd, "cgroup.kill", "1"))
		dprintf(2, "abprun: %s/cgroup.kill: %m\n", r->leaf[r->v2].dir);
}

int cgroup_remove(struct run *r)
{
	int left = 0;

	for (int i = 0; i < r->n_leaves; i++) {
		int tries = 0;

		while (rmdir(r->leaf[i].dir) && errno == EBUSY && tries++ < 200)
			nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
		if (access(r->leaf[i].dir, F_OK) == 0) {
			dprintf(2, "abprun: cannot remove %s\n", r->leaf[i].dir);
			left++;
		} else {
			sweep_forget(r, i);
		}
		close(r->leaf[i].fd);
	}
	r->n_leaves = 0;
	return left;
}

/* The number behind KEY in a flat-keyed file of L; 0 if there is none. */
static uint64_t counter(const struct leaf *l, const char *file, const char *key)
{
	char text[1024], *save;
	uint64_t v = 0;

	if (sys_read_file(l->fd, file, text, sizeof text) < 0)
		return 0;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		size_t n = strlen(key);
		const char *p = line + n + 1;

		if (!strncmp(line, key, n) && line[n] == ' ' && !sys_number(&p, &v))
			return v;
	}
	return 0;
}

const char *cgroup_limit_hit(const struct run *r)
{
	for (int i = 0; i < r->n_leaves; i++) {
		const struct leaf *l = &r->leaf[i];

		if (has_word(l->controllers, "memory", " ") &&
		    counter(l, l->version == 1 ? "memory.oom_control" : "memory.events", "oom_kill"))
			return "memory";
		if (has_word(l->controllers, "pids", " ") && counter(l, "pids.events", "max"))
			return "pids";
	}
	return NULL;
}
