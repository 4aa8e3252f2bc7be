/*
 * landlock.c - rules for every entry of the view, from the descriptors of its mounts.
 *
 * landlock(7).  A right that this kernel lacks is a refusal only where no other wall decides its events.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "runtime/landlock.h"
#include "runtime/steps.h"
#include "runtime/sys.h"
#include "runtime/view.h"

/* Later than the oldest headers we build with. */
#define FS_TRUNCATE (1ULL << 14)
#define FS_IOCTL_DEV (1ULL << 15)
#define NET_TCP 3ULL /* BIND_TCP, CONNECT_TCP */
#define SCOPES 3ULL  /* abstract unix sockets, signals */

struct ruleset {
	uint64_t fs, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

#define FILE_RIGHTS                                                                                          \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |         \
	 FS_TRUNCATE | FS_IOCTL_DEV)
#define READ_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_RIGHTS                                                                                         \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                       \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |        \
	 LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_REFER)

/* Which ABI brought what, and the wall that decides the same events below it.  All of this version have one,
 * so the floor is the kernel's (ABI 2 in Linux 6.1) or what the policy requires. */
static const struct {
	int abi;
	uint64_t fs, net, scoped;
	const char *other; /* NULL: needed */
} right[] = {
    {1, 0x1fff, 0, 0, NULL},
    {2, LANDLOCK_ACCESS_FS_REFER, 0, 0, NULL},
    {3, FS_TRUNCATE, 0, 0, "read-only mounts"},
    {4, 0, NET_TCP, 0, "network namespace"},
    {5, FS_IOCTL_DEV, 0, 0, "seccomp, device list of the view"},
    {6, 0, 0, SCOPES, "network and pid namespace"},
};

static int abi_of_kernel(void)
{
	long v = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return v < 0 ? 0 : (int)v;
}

int landlock_floor(struct run *r)
{
	const struct abpb_meta *m = r->b.meta;
	int need = 0;

	r->landlock_abi = abi_of_kernel();
	if ((m->require & ABPB_REQUIRE_LANDLOCK) && (uint32_t)r->landlock_abi < m->landlock_abi)
		return run_why(r, 0, "the policy requires Landlock ABI %u, this kernel has %d",
			       m->landlock_abi, r->landlock_abi);
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		if (!right[i].other)
			need = right[i].abi;
	if ((m->flags & ABPB_FLAG_UNIX) && need < 6)
		need = 6; /* in the host's network namespace no other wall knows abstract names */
	if (r->landlock_abi >= need)
		return 0;
	if (!(r->allow_degraded & DEGRADED_LANDLOCK) || (m->require & ABPB_REQUIRE_LANDLOCK) ||
	    (m->flags & ABPB_FLAG_UNIX))
		return run_why(r, 0, "Landlock ABI %d is needed, this kernel has %d (is landlock in lsm=?)",
			       need, r->landlock_abi);
	dprintf(2, "abprun: WARNING: running without Landlock (--allow-degraded)\n");
	r->degraded |= DEGRADED_LANDLOCK;
	return 0;
}

/* Everything this kernel can handle, so that what no rule allows is denied. */
static struct ruleset handled(const struct run *r, int net)
{
	struct ruleset s = {0, 0, 0};

	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		if (right[i].abi > r->landlock_abi)
			continue;
		s.fs |= right[i].fs;
		s.net |= net ? right[i].net : 0;
		s.scoped |= right[i].scoped;
	}
	return s;
}

static int create(const struct run *r, const struct ruleset *s)
{
	size_t size = r->landlock_abi >= 6 ? 24 : r->landlock_abi >= 4 ? 16 : 8;

	return sys_high((int)syscall(SYS_landlock_create_ruleset, s, size, 0));
}

static uint64_t rights_of(const struct abpb_view *v)
{
	uint64_t a = READ_RIGHTS;

	switch ((enum abpb_view_kind)v->kind) {
	case ABPB_V_DEVICE:
		return LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE |
		       FS_IOCTL_DEV;
	case ABPB_V_SCRATCH:
		a |= WRITE_RIGHTS;
		break;
	case ABPB_V_TREE:
	case ABPB_V_FILE:
	case ABPB_V_PROC:
	case ABPB_V_PROCFILE:
		a |= v->flags & ABPB_WRITE ? WRITE_RIGHTS : 0;
		break;
	case ABPB_V_SYMLINK:
	case ABPB_V_EXCEPT: /* read-only by its mount; rights are the tree's */
	case ABPB_V_PIN:
		return 0;
	}
	return a | (v->flags & ABPB_EXEC ? LANDLOCK_ACCESS_FS_EXECUTE : 0);
}

/* A directory granted by its name alone has no mount: it is in the root. */
static int rule_fd(struct run *r, const struct abpb_view *v, int *mine)
{
	int fd = r->mount_fd[v - r->b.view];

	*mine = fd < 0;
	return fd >= 0 ? fd : sys_openat2(AT_FDCWD, bundle_str(&r->b, v->path), O_PATH, VIEW_RESOLVE);
}

static int add_rule(struct run *r, int ruleset, uint64_t can, const struct abpb_view *v)
{
	struct path_beneath rule = {.allowed = rights_of(v) & can};
	struct stat st;
	int mine;

	if (!rule.allowed)
		return 0;
	rule.parent_fd = rule_fd(r, v, &mine);
	if (rule.parent_fd < 0 || fstat(rule.parent_fd, &st))
		return run_why(r, errno, "%s", bundle_str(&r->b, v->path));
	if (!S_ISDIR(st.st_mode))
		rule.allowed &= FILE_RIGHTS;
	else if (mine)
		rule.allowed &= LANDLOCK_ACCESS_FS_READ_DIR;
	long rc = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	if (mine)
		close(rule.parent_fd);
	return rc ? run_why(r, errno, "Landlock rule for %s", bundle_str(&r->b, v->path)) : 0;
}

/* In the target, while the descriptors of the mounts exist. */
int step_domain(struct run *r)
{
	struct ruleset s = handled(r, r->b.meta->net == ABPB_NET_NONE);

	r->ruleset_fd = -1;
	if (r->degraded & DEGRADED_LANDLOCK)
		return 0;
	r->ruleset_fd = create(r, &s);
	if (r->ruleset_fd < 0)
		return run_why(r, errno, "Landlock ruleset");
	for (uint32_t i = 0; i < r->b.n_view; i++)
		if (add_rule(r, r->ruleset_fd, s.fs, &r->b.view[i]))
			return -1;
	return 0;
}

/* errno of opening the canary with FLAGS; 0: it opened. */
static int32_t try_open(const struct run *r, int flags)
{
	int fd = openat(r->canary_fd, "canary", flags | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* The file is empty: without a wall the answer is ENOEXEC, and nothing starts. */
static int32_t try_exec(const struct run *r)
{
	char *none[] = {NULL};

	return execveat(r->canary_fd, "canary", none, none, 0) ? errno : 0;
}

int landlock_nothing(struct run *r)
{
	struct ruleset s = handled(r, 1);

	if (r->degraded & DEGRADED_LANDLOCK)
		return 0;
	int fd = create(r, &s);
	if (fd < 0 || syscall(SYS_landlock_restrict_self, fd, 0) || close(fd))
		return run_why(r, errno, "Landlock of pid 1");
	return try_open(r, O_RDONLY) == EACCES ? 0 : run_why(r, 0, "Landlock does not hold pid 1");
}

/* Each canary opens before, and must not afterwards: only Landlock stands in its way. */
int step_confine(struct run *r)
{
	struct self_report *s = &r->self;

	s->net_after = -1;
	s->open_before = try_open(r, O_RDWR);
	if (s->open_before)
		return run_why(r, s->open_before, "the canary does not open before Landlock");
	if (try_exec(r) != ENOEXEC)
		return run_why(r, errno, "the canary does not start before Landlock");
	if (!(r->degraded & DEGRADED_LANDLOCK)) {
		if (syscall(SYS_landlock_restrict_self, r->ruleset_fd, 0) || close(r->ruleset_fd))
			return run_why(r, errno, "Landlock");
		s->open_after = try_open(r, O_RDONLY);
		s->write_after = try_open(r, O_WRONLY);
		s->exec_after = try_exec(r);
		if (s->open_after != EACCES || s->write_after != EACCES || s->exec_after != EACCES)
			return run_why(r, 0, "Landlock does not hold: read %d, write %d, exec %d",
				       s->open_after, s->write_after, s->exec_after);
	}
	return close(r->canary_fd) ? run_why(r, errno, "close") : 0;
}
