/*
 * build.c - all mounts of the run, made detached before any is attached.
 *
 * The root is a small tmpfs with the mount points in it.  A granted name is opened once, without following
 * links, and bound from that descriptor; nothing is looked up twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "runtime/mountinfo.h"
#include "runtime/mounts.h"
#include "runtime/msg.h"
#include "runtime/steps.h"
#include "runtime/sys.h"
#include "runtime/view.h"

struct build {
	struct run *r;
	uid_t id_uid; /* the id map at hand */
	gid_t id_gid;
	int id_fd;
};

static int refuse(struct run *r, const struct abpb_view *v, int err, const char *what)
{
	return run_why(r, err, "%s (%s)%s%s", bundle_str(&r->b, v->path), bundle_str(&r->b, v->where),
		       what[0] ? ": " : "", what);
}

/* The entry, a tree or scratch, whose mount V's mount point lies in; NULL: the root tmpfs. */
static const struct abpb_view *base_of(const struct run *r, const struct abpb_view *v, int *fd,
				       const char **rel)
{
	const char *path = bundle_str(&r->b, v->path);
	const struct abpb_view *c = view_cover(r, path, (uint32_t)(v - r->b.view));

	if (c && c->kind == ABPB_V_PROC && !sys_below(path, view_proc_point(r, c)))
		c = NULL; /* procfs is at /proc/pids then, and /proc a directory of the root */
	*fd = c ? r->mount_fd[c - r->b.view] : r->root_fd;
	*rel = path + (c ? strlen(bundle_str(&r->b, c->path)) : 0);
	*rel += **rel == '/';
	return c;
}

/* mkdir -p below DIR (a tmpfs of our own: nobody else is in it), all but the last component. */
static int make_parents(int dir, const char *rel)
{
	char part[PATH_MAX];

	for (const char *slash = strchr(rel, '/'); slash; slash = strchr(slash + 1, '/')) {
		memcpy(part, rel, (size_t)(slash - rel));
		part[slash - rel] = 0;
		if (mkdirat(dir, part, 0755) && errno != EEXIST)
			return -1;
	}
	return 0;
}

/* The place that V will be mounted on; inside a bound tree it must exist already. */
static int make_point(struct run *r, const struct abpb_view *v, int is_dir)
{
	const char *rel;
	int dir;
	const struct abpb_view *base = base_of(r, v, &dir, &rel);

	if (base && base->kind != ABPB_V_SCRATCH)
		return 0;
	if (!*rel)
		return base ? refuse(r, v, 0, "two mounts at one place") : 0;
	if (make_parents(dir, rel))
		return refuse(r, v, errno, "mount point");
	if (is_dir)
		return mkdirat(dir, rel, 0755) && errno != EEXIST ? refuse(r, v, errno, "mount point") : 0;
	int fd = openat(dir, rel, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0444);
	return fd < 0 || close(fd) ? refuse(r, v, errno, "mount point") : 0;
}

/* Opens the host's object of V, O_PATH; explains the usual failures. */
static int open_source(struct run *r, const struct abpb_view *v, struct stat *st)
{
	const char *path = bundle_str(&r->b, v->path);
	char text[256];
	int fd = view_open(r, path, O_PATH | O_NOFOLLOW);

	if (fd < 0)
		return refuse(r, v, errno,
			      errno == ELOOP ? "goes through a symbolic link: grant the target" : "");
	if (fstat(fd, st)) {
		close(fd);
		return refuse(r, v, errno, "fstat");
	}
	if (S_ISLNK(st->st_mode)) {
		ssize_t n = readlinkat(fd, "", text, sizeof text - 1);

		text[n > 0 ? n : 0] = 0;
		close(fd);
		return run_why(
		    r, 0, "%s (%s) is a symbolic link to %s: grant the target, and the name by `symlink`",
		    path, bundle_str(&r->b, v->where), text);
	}
	return fd;
}

struct below {
	const char *dir;
	char point[256];
};

static int find_below(void *arg, const struct mount *m)
{
	struct below *b = arg;

	if (!sys_below(m->point, b->dir) || !strcmp(m->point, b->dir))
		return 0;
	snprintf(b->point, sizeof b->point, "%s", m->point);
	return 1;
}

/* A mount below a granted tree would be hidden by a plain bind, and shown by a recursive one: the policy
 * says. */
static int no_submounts(struct run *r, const struct abpb_view *v, int fd)
{
	char link[32], dir[PATH_MAX];
	struct below b = {.dir = dir};

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, dir, sizeof dir - 1);
	if (n <= 0 || dir[0] != '/')
		return refuse(r, v, errno, "name of the directory");
	dir[n] = 0;
	int found = mountinfo_each(find_below, &b);
	if (found < 0)
		return refuse(r, v, errno, "/proc/self/mountinfo");
	if (found)
		return run_why(r, 0, "%s (%s): %s is a mount below it: say `submounts`, or grant less",
			       bundle_str(&r->b, v->path), bundle_str(&r->b, v->where), b.point);
	return 0;
}

/* The id map for files of ST's owner; one is kept. */
static int idmap_for(struct build *b, const struct stat *st)
{
	if (b->id_fd >= 0 && b->id_uid == st->st_uid && b->id_gid == st->st_gid)
		return b->id_fd;
	if (b->id_fd >= 0)
		close(b->id_fd);
	b->id_uid = st->st_uid;
	b->id_gid = st->st_gid;
	b->id_fd = mount_idmap(b->r, st->st_uid, st->st_gid);
	return b->id_fd;
}

/* nosuid always; nodev, noexec, read-only unless granted. */
static uint64_t attributes(const struct abpb_view *v)
{
	uint64_t a = MOUNT_ATTR_NOSUID;

	if (v->kind != ABPB_V_DEVICE)
		a |= MOUNT_ATTR_NODEV;
	if (!(v->flags & (ABPB_LOAD | ABPB_EXEC)) || v->kind == ABPB_V_DEVICE)
		a |= MOUNT_ATTR_NOEXEC;
	if (!(v->flags & ABPB_WRITE) || v->kind == ABPB_V_DEVICE || v->kind == ABPB_V_EXCEPT)
		a |= MOUNT_ATTR_RDONLY;
	return a;
}

/*
 * Whose files V shows, into ST: of the outermost write tree that V lies in, so that all of a tree has one
 * map; else of V itself if it can be written.  1: map that owner, 0: no map, -1 after run_why().
 */
static int owner_of(struct run *r, const struct abpb_view *v, struct stat *st)
{
	const char *path = bundle_str(&r->b, v->path);

	if (r->rootless || v->kind == ABPB_V_DEVICE || v->kind == ABPB_V_PROCFILE)
		return 0;
	for (const struct abpb_view *t = r->b.view; t < v; t++) {
		const char *dir = bundle_str(&r->b, t->path);

		if (t->kind != ABPB_V_TREE || !(t->flags & ABPB_WRITE) || !sys_below(path, dir))
			continue;
		int fd = view_open(r, dir, O_PATH | O_DIRECTORY);
		int rc = fd < 0 || fstat(fd, st) ? refuse(r, t, errno, "") : 1;
		if (fd >= 0)
			close(fd);
		return rc;
	}
	return !!(v->flags & ABPB_WRITE);
}

/* Binds the object at FD, whose state is ST; files that can be written keep their owner on disk. */
static int bind(struct build *b, const struct abpb_view *v, int fd, struct stat *st)
{
	struct run *r = b->r;
	uint32_t i = (uint32_t)(v - r->b.view);
	int map = owner_of(r, v, st);

	if (map > 0)
		r->disk_uid[i] = st->st_uid;
	map = map < 0 ? -2 : map ? idmap_for(b, st) : -1;
	if (map < -1 || (map < 0 && r->disk_uid[i] != (uid_t)-1))
		return -1;
	r->mount_fd[i] = mount_copy(fd, attributes(v), !!(v->flags & ABPB_SUBMOUNTS), map);
	if (r->mount_fd[i] < 0 && map >= 0 && errno == EINVAL)
		return refuse(r, v, errno, "its file system cannot map owners (idmapped mount)");
	if (r->mount_fd[i] < 0)
		return refuse(r, v, errno, r->rootless ? "bind (a mount below it? grant less)" : "bind");
	return 0;
}

static int make_tree(struct build *b, const struct abpb_view *v)
{
	struct stat st;
	int fd = open_source(b->r, v, &st), rc;

	if (fd < 0)
		return -1;
	if (!S_ISDIR(st.st_mode))
		rc = refuse(b->r, v, ENOTDIR, "");
	else
		rc = (!(v->flags & ABPB_SUBMOUNTS) && no_submounts(b->r, v, fd)) || bind(b, v, fd, &st);
	close(fd);
	return rc || make_point(b->r, v, 1) ? -1 : 0;
}

/* One name.  A directory granted by its name alone is an empty directory: what is below was not granted. */
static int make_file(struct build *b, const struct abpb_view *v)
{
	struct stat st;
	int fd = open_source(b->r, v, &st), rc = 0;

	if (fd < 0)
		return -1;
	if (S_ISSOCK(st.st_mode) || S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode))
		rc = refuse(b->r, v, 0, "is a socket or device");
	else if (S_ISDIR(st.st_mode) && (v->flags & (ABPB_WRITE | ABPB_EXEC | ABPB_LOAD)))
		rc = refuse(b->r, v, EISDIR, "");
	else if (!S_ISDIR(st.st_mode))
		rc = bind(b, v, fd, &st);
	close(fd);
	return rc || make_point(b->r, v, S_ISDIR(st.st_mode)) ? -1 : 0;
}

static int make_scratch(struct build *b, const struct abpb_view *v)
{
	struct run *r = b->r;
	uid_t uid = r->rootless ? geteuid() : r->host_uid;
	gid_t gid = r->rootless ? getegid() : r->host_gid;
	int fd = mount_tmpfs(r, v->size, v->inodes, 01777, uid, gid, !!(v->flags & (ABPB_EXEC | ABPB_LOAD)));

	r->mount_fd[v - r->b.view] = fd;
	return fd < 0 || make_point(r, v, 1) ? -1 : 0;
}

static int make_device(struct build *b, const struct abpb_view *v)
{
	static const struct {
		const char *path;
		unsigned major, minor;
	} known[] = {{"/dev/null", 1, 3},   {"/dev/zero", 1, 5},    {"/dev/full", 1, 7},
		     {"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0}};
	struct stat st;
	const char *path = bundle_str(&b->r->b, v->path);
	int fd = open_source(b->r, v, &st), rc = -1;
	size_t i = 0;

	if (fd < 0)
		return -1;
	while (i < sizeof known / sizeof *known && strcmp(known[i].path, path))
		i++;
	if (i == sizeof known / sizeof *known || !S_ISCHR(st.st_mode) ||
	    major(st.st_rdev) != known[i].major || minor(st.st_rdev) != known[i].minor)
		refuse(b->r, v, 0, "is not that device");
	else
		rc = bind(b, v, fd, &st);
	close(fd);
	return rc || make_point(b->r, v, 0) ? -1 : 0;
}

static int make_symlink(struct build *b, const struct abpb_view *v)
{
	const char *rel;
	int dir;
	const struct abpb_view *base = base_of(b->r, v, &dir, &rel);

	if (base && base->kind != ABPB_V_SCRATCH)
		return refuse(b->r, v, 0, "a symlink inside a granted tree is the tree's own");
	if (make_parents(dir, rel) || symlinkat(bundle_str(&b->r->b, v->target), dir, rel))
		return refuse(b->r, v, errno, "symlink");
	return 0;
}

/* procfs itself is made by pid 1, in its pid namespace; here only the places. */
static int make_proc(struct build *b, const struct abpb_view *v)
{
	struct run *r = b->r;
	const char *path = bundle_str(&r->b, v->path), *point = view_proc_point(r, v);

	if (!strcmp(point, path))
		return make_point(r, v, 1);
	if (make_parents(r->root_fd, point + 1) || mkdirat(r->root_fd, point + 1, 0755) ||
	    symlinkat("pids/self", r->root_fd, "proc/self") ||
	    symlinkat("pids/thread-self", r->root_fd, "proc/thread-self"))
		return refuse(r, v, errno, "mount point");
	return 0;
}

/* The host's object really is of procfs or sysfs: a bind over it on the host cannot slip in something else.
 */
static int make_procfile(struct build *b, const struct abpb_view *v)
{
	const char *path = bundle_str(&b->r->b, v->path);
	struct stat st;
	struct statfs fs;
	int fd = open_source(b->r, v, &st), rc = -1;

	if (fd < 0)
		return -1;
	if (fstatfs(fd, &fs) ||
	    (sys_below(path, "/proc") ? fs.f_type != PROC_SUPER_MAGIC : fs.f_type != SYSFS_MAGIC) ||
	    !S_ISREG(st.st_mode))
		refuse(b->r, v, 0, "is not a file of the kernel's");
	else
		rc = bind(b, v, fd, &st);
	close(fd);
	return rc || make_point(b->r, v, 0) ? -1 : 0;
}

/* Inside a write tree: the exception read-only, the directories above it on themselves. */
static int make_over(struct build *b, const struct abpb_view *v)
{
	int tree = v->kind == ABPB_V_PIN || v->flags & ABPB_BELOW, rc;
	struct stat st;
	int fd = open_source(b->r, v, &st);

	if (fd < 0)
		return -1;
	if (tree != S_ISDIR(st.st_mode))
		rc = refuse(b->r, v, 0,
			    tree ? "is no directory" : "is a directory: write the exception as DIR/**");
	else
		rc = bind(b, v, fd, &st);
	close(fd);
	return rc;
}

static int (*const make[])(struct build *b, const struct abpb_view *v) = {
    [ABPB_V_TREE] = make_tree,	       [ABPB_V_FILE] = make_file,	[ABPB_V_SCRATCH] = make_scratch,
    [ABPB_V_DEVICE] = make_device,     [ABPB_V_SYMLINK] = make_symlink, [ABPB_V_PROC] = make_proc,
    [ABPB_V_PROCFILE] = make_procfile, [ABPB_V_EXCEPT] = make_over,	[ABPB_V_PIN] = make_over,
};

const char *view_proc_point(const struct run *r, const struct abpb_view *v)
{
	const char *path = bundle_str(&r->b, v->path);

	for (uint32_t i = 0; i < r->b.n_view; i++)
		if (r->b.view[i].kind == ABPB_V_PROCFILE &&
		    sys_below(bundle_str(&r->b, r->b.view[i].path), path))
			return "/proc/pids";
	return path;
}

/* A file that only Landlock denies: 0777, on a writable tmpfs that is never attached. */
static int make_canary(struct run *r, uid_t uid, gid_t gid)
{
	r->canary_fd = mount_tmpfs(r, 65536, 16, 0755, uid, gid, 1);
	if (r->canary_fd < 0)
		return -1;
	int fd = openat(r->canary_fd, "canary", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
	return fd < 0 || fchmod(fd, 0777) || close(fd) ? run_why(r, errno, "canary") : 0;
}

int view_make(struct run *r)
{
	struct build b = {.r = r, .id_fd = -1};
	struct mount_attr ro = {.attr_set = MOUNT_ATTR_RDONLY};
	uid_t uid = r->rootless ? geteuid() : 0;
	gid_t gid = r->rootless ? getegid() : 0;
	mode_t mask = umask(0);

	r->root_fd = mount_tmpfs(r, 1u << 20, 4096, 0755, uid, gid, 0);
	if (r->root_fd < 0 || make_canary(r, uid, gid))
		return -1;
	for (uint32_t i = 0; i < r->b.n_view; i++) {
		r->disk_uid[i] = (uid_t)-1;
		if (make[r->b.view[i].kind](&b, &r->b.view[i]))
			return -1;
	}
	if (b.id_fd >= 0)
		close(b.id_fd);
	umask(mask);
	if (mount_setattr(r->root_fd, "", AT_EMPTY_PATH, &ro, sizeof ro))
		return run_why(r, errno, "root read-only");
	return 0;
}

int step_private_mounts(struct run *r)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return run_why(r, errno, "mount namespace");
	return 0;
}

/* The parent's form: made in the initial user namespace, handed over by descriptor. */
int step_mounts(struct run *r)
{
	int fd[200];
	struct msg m = {.kind = MSG_MOUNTS, .step = STEP_mounts, .n = 2};

	if (view_make(r))
		return -1;
	fd[0] = r->root_fd, m.u.index[0] = MSG_ROOT;
	fd[1] = r->canary_fd, m.u.index[1] = MSG_CANARY;
	for (uint32_t i = 0; i < r->b.n_view; i++) {
		if (r->mount_fd[i] < 0)
			continue;
		if (m.n == 200) {
			if (msg_send(r->control[0], &m, fd, m.n))
				return run_why(r, errno, "send");
			m.n = 0;
		}
		fd[m.n] = r->mount_fd[i];
		m.u.index[m.n++] = (int32_t)i;
	}
	if (msg_send(r->control[0], &m, fd, m.n))
		return run_why(r, errno, "send");
	m.n = 0; /* an empty one ends the list */
	if (msg_send(r->control[0], &m, NULL, 0))
		return run_why(r, errno, "send");
	for (uint32_t i = 0; i < r->b.n_view; i++)
		if (r->mount_fd[i] >= 0 && close(r->mount_fd[i]))
			return run_why(r, errno, "close");
	return close(r->root_fd) || close(r->canary_fd) ? run_why(r, errno, "close") : 0;
}

/* The rootless form, in pid 1: its mount namespace is its own, so slots are opened again there. */
int step_mounts_own(struct run *r)
{
	struct stat a, b;

	for (int i = 0; i < r->n_slots; i++) {
		struct slot *s = &r->slot[i];
		int fd = sys_high(sys_openat2(AT_FDCWD, s->host, O_PATH | O_DIRECTORY, VIEW_RESOLVE));

		if (fd < 0 || fstat(fd, &a) || fstat(s->fd, &b))
			return run_why(r, errno, "--slot %s=%s", s->path, s->host);
		if (a.st_dev != b.st_dev || a.st_ino != b.st_ino)
			return run_why(r, 0, "--slot %s=%s is another directory now", s->path, s->host);
		close(s->fd);
		s->fd = fd;
	}
	return view_make(r);
}
