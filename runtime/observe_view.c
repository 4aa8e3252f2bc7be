/* observe_view.c - every mount and every descriptor of the target, against the policy's view and list. */
#include "runtime/observe.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "runtime/mountinfo.h"
#include "runtime/sys.h"
#include "runtime/view.h"

/* --- mounts --- */

struct walk {
	struct run *r;
	const struct point *at;
	uint8_t used[BUNDLE_MAX_VIEW + 1]; /* the last one is the root */
};

static int has(const char *options, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = options; (p = strstr(p, word)); p += n)
		if ((p == options || p[-1] == ',') && (!p[n] || p[n] == ','))
			return 1;
	return 0;
}

/* The four flags that a policy decides, from mountinfo's options. */
static void seen_flags(struct text *t, const struct mount *m)
{
	static const char *const flag[] = {"nosuid", "nodev", "noexec"};

	text_puts(t, has(m->options, "ro") ? "ro" : "rw");
	for (int i = 0; i < 3; i++) {
		if (!has(m->options, flag[i]))
			continue;
		text_putc(t, ',');
		text_puts(t, flag[i]);
	}
	if (!strcmp(m->type, "proc"))
		text_puts(t, has(m->super, "subset=pid") ? " proc subset=pid" : " proc");
	if (!strcmp(m->type, "proc") && has(m->super, "hidepid=ptraceable"))
		text_puts(t, " hidepid=ptraceable");
}

static void want_flags(struct text *t, const struct abpb_view *v, const char *point)
{
	int proc = v && v->kind == ABPB_V_PROC, device = v && v->kind == ABPB_V_DEVICE;
	int fixed = !v || device || v->kind == ABPB_V_EXCEPT;
	int writable = !fixed && (v->flags & ABPB_WRITE);
	int code = v && !proc && !device && (v->flags & (ABPB_LOAD | ABPB_EXEC));

	text_puts(t, writable ? "rw,nosuid" : "ro,nosuid");
	text_puts(t, device ? "" : ",nodev");
	text_puts(t, code ? "" : ",noexec");
	text_puts(t, proc ? " proc subset=pid hidepid=ptraceable" : "");
	if (v && v->kind == ABPB_V_PROCFILE && sys_below(point, "/proc")) /* one file of the host's procfs */
		text_puts(t, " proc");
}

/* Where entry V is mounted; NULL: nowhere, it is a link. */
static const char *point_of(const struct run *r, const struct abpb_view *v)
{
	if (v->kind == ABPB_V_SYMLINK)
		return NULL;
	return v->kind == ABPB_V_PROC ? view_proc_point(r, v) : bundle_str(&r->b, v->path);
}

/* The entry whose mount POINT is: exactly, or as a submount of a grant that says so. */
static const struct abpb_view *entry_at(struct walk *w, const char *point, int *known)
{
	const struct run *r = w->r;

	*known = 1;
	if (!strcmp(point, "/") && !w->used[BUNDLE_MAX_VIEW]++)
		return NULL;
	for (uint32_t i = 0; i < r->b.n_view; i++) {
		const char *own = point_of(r, &r->b.view[i]);

		if (w->used[i] || !own || strcmp(own, point) != 0)
			continue;
		w->used[i] = 1;
		return &r->b.view[i];
	}
	for (uint32_t i = r->b.n_view; i-- > 0;)
		if ((r->b.view[i].flags & ABPB_SUBMOUNTS) &&
		    sys_below(point, bundle_str(&r->b, r->b.view[i].path)))
			return &r->b.view[i];
	*known = 0;
	return NULL;
}

/* "size=64k,nr_inodes=32" as tmpfs shows it (mm/shmem.c, shmem_show_options); the size is rounded up to
 * pages. */
static void scratch_row(struct walk *w, const struct abpb_view *v, const struct mount *m)
{
	char want[96], seen[96];
	struct text t = TEXT(want), s = TEXT(seen);
	const char *size = strstr(m->super, "size="), *inodes = strstr(m->super, "nr_inodes=");
	uint64_t n = v->inodes ? v->inodes : v->size / 4096 + 16;

	text_puts(&t, "size=");
	text_u64(&t, (v->size + 4095) / 4096 * 4);
	text_puts(&t, "k nr_inodes=");
	text_u64(&t, n);
	text_squeeze(&s, size ? size : "", size ? strcspn(size, ",") : 0);
	text_putc(&s, ' ');
	text_squeeze(&s, inodes ? inodes : "", inodes ? strcspn(inodes, ",") : 0);
	observe_row(w->r, w->at, "scratch", m->point, want, seen);
}

static int mount_row(void *arg, const struct mount *m)
{
	struct walk *w = arg;
	char want[80], seen[80];
	struct text t = TEXT(want), s = TEXT(seen);
	int known;
	const struct abpb_view *v = entry_at(w, m->point, &known);

	seen_flags(&s, m);
	if (known)
		want_flags(&t, v, m->point);
	observe_row(w->r, w->at, "mount", m->point, known ? want : "absent", seen);
	if (v && v->kind == ABPB_V_SCRATCH)
		scratch_row(w, v, m);
	return 0;
}

/* "8:1 inode 42" */
static void file_name(struct text *t, const struct stat *st)
{
	text_u64(t, major(st->st_dev));
	text_putc(t, ':');
	text_u64(t, minor(st->st_dev));
	text_puts(t, " inode ");
	text_u64(t, st->st_ino);
}

static void symlink_row(struct run *r, const struct point *at, int root, const struct abpb_view *v)
{
	char seen[PATH_MAX];
	const char *path = bundle_str(&r->b, v->path);
	int fd = sys_openat2(root, path, O_PATH | O_NOFOLLOW, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
	ssize_t n = fd < 0 ? -1 : readlinkat(fd, "", seen, sizeof seen - 1);

	if (fd >= 0)
		close(fd);
	if (n >= 0)
		seen[n] = 0;
	observe_row(r, at, "symlink", path, bundle_str(&r->b, v->target), n < 0 ? NULL : seen);
}

/* A directory granted by its name alone is no mount: an empty directory of the root itself. */
static void missing_row(struct run *r, const struct point *at, int root, const struct abpb_view *v)
{
	const char *path = point_of(r, v),
		   *want = v->kind == ABPB_V_FILE ? "directory of the root" : "present";
	int fd = sys_openat2(root, path, O_PATH | O_NOFOLLOW, RESOLVE_IN_ROOT | RESOLVE_NO_XDEV);
	struct stat st;
	int dir = fd >= 0 && !fstat(fd, &st) && S_ISDIR(st.st_mode) && v->kind == ABPB_V_FILE;

	if (fd >= 0)
		close(fd);
	observe_row(r, at, "mount", path, want, dir ? want : "absent");
}

/* The object at entry V inside the run is the one that the host has there, or in the slot. */
static void object_row(struct run *r, const struct point *at, int root, const struct abpb_view *v)
{
	const char *path = bundle_str(&r->b, v->path);
	int host = view_open(r, path, O_PATH | O_NOFOLLOW);
	int run = sys_openat2(root, path, O_PATH | O_NOFOLLOW, VIEW_RESOLVE | RESOLVE_IN_ROOT);
	char want[48], seen[48];
	struct text w = TEXT(want), s = TEXT(seen);
	struct stat st;

	if (host >= 0 && !fstat(host, &st))
		file_name(&w, &st);
	if (run >= 0 && !fstat(run, &st))
		file_name(&s, &st);
	observe_row(r, at, "object", path, w.n ? want : "gone", s.n ? seen : NULL);
	if (host >= 0)
		close(host);
	if (run >= 0)
		close(run);
}

void observe_mounts(struct run *r, const struct point *at)
{
	static struct walk w;
	int fd = openat(r->target_task.proc, "mountinfo", O_RDONLY | O_CLOEXEC);
	int root = openat(r->target_task.proc, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);

	memset(&w, 0, sizeof w);
	w.r = r;
	w.at = at;
	if (fd < 0 || mountinfo_read(fd, mount_row, &w))
		observe_row(r, at, "mounts", NULL, "readable", NULL);
	for (uint32_t i = 0; i < r->b.n_view; i++) {
		const struct abpb_view *v = &r->b.view[i];

		if (v->kind == ABPB_V_SYMLINK)
			symlink_row(r, at, root, v);
		else if (!w.used[i])
			missing_row(r, at, root, v);
		else if (at->final && v->kind != ABPB_V_SCRATCH && v->kind != ABPB_V_PROC)
			object_row(r, at, root, v);
	}
	if (fd >= 0)
		close(fd);
	if (root >= 0)
		close(root);
}

/* --- descriptors --- */

/* "pipe r", "device 1:3 rw", ... of descriptor NAME of the process whose /proc directory is PROC; -1: not
 * shown. */
static int describe(int proc, const char *name, struct text *t)
{
	static const char *const access[] = {" r", " w", " rw", " ?"};
	static const struct {
		mode_t type;
		const char *name;
	} types[] = {{S_IFIFO, "pipe"},	     {S_IFSOCK, "socket"}, {S_IFREG, "file"},
		     {S_IFDIR, "directory"}, {S_IFCHR, "device "}, {S_IFBLK, "disk "}};
	char path[40] = "fd/", info[40] = "fdinfo/", buf[1024];
	struct stat st;
	size_t i = 0;
	char *flags;

	text_reset(t);
	if (fstatat(proc, strcat(path, name), &st, 0) ||
	    sys_read_file(proc, strcat(info, name), buf, sizeof buf) < 0)
		return -1;
	while (i < 6 && types[i].type != (st.st_mode & S_IFMT))
		i++;
	text_puts(t, i < 6 ? types[i].name : "anonymous");
	if (i == 4 || i == 5) {
		text_u64(t, major(st.st_rdev));
		text_putc(t, ':');
		text_u64(t, minor(st.st_rdev));
	}
	flags = strstr(buf, "flags:"); /* octal, proc(5) */
	flags = flags ? strchr(flags, '\n') : NULL;
	text_puts(t, access[flags ? (flags[-1] - '0') & 3 : 3]);
	return 0;
}

/* What the policy lets descriptor N (0-2) be, given what it is. */
static const char *want_stdio(const struct run *r, int n, const char *seen, struct text *t)
{
	switch ((enum abpb_stdio)r->b.meta->stdio) {
	case ABPB_STDIO_PIPE:
		return n ? "pipe w" : "pipe r";
	case ABPB_STDIO_NULL:
		return n ? "device 1:3 w" : "device 1:3 r";
	case ABPB_STDIO_TTY: /* UNIX98_PTY_SLAVE_MAJOR, Documentation/admin-guide/devices.txt */
		return !strncmp(seen, "device 136:", 11) ? seen : "device 136:* rw";
	case ABPB_STDIO_INHERIT:
	default: {
		int self = open("/proc/self", O_PATH | O_CLOEXEC);
		int bad = describe(self, n == 0 ? "0" : n == 1 ? "1" : "2", t);

		close(self);
		return bad ? "the caller's" : t->p;
	}
	}
}

static void fd_row(struct run *r, const struct point *at, const char *name)
{
	char seen[80], want[80];
	struct text s = TEXT(seen), w = TEXT(want);
	int shown = !describe(r->target_task.proc, name, &s);
	int std = !name[1] && name[0] <= '2';

	const char *expected = std ? want_stdio(r, name[0] - '0', seen, &w) : shown ? NULL : "shown";

	observe_row(r, at, "fd", name, expected, shown ? seen : NULL);
}

struct dirent64 { /* getdents64(2) */
	uint64_t ino;
	int64_t off;
	uint16_t len;
	uint8_t type;
	char name[];
};

/* Adds the numbers of all open descriptors to T, ascending as procfs lists them. */
static int list_fds(struct run *r, const struct point *at, struct text *t)
{
	char buf[4096] __attribute__((aligned(8)));
	int dir = openat(r->target_task.proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n = -1;

	while (dir >= 0 && (n = syscall(SYS_getdents64, dir, buf, sizeof buf)) > 0)
		for (long i = 0; i < n;) {
			struct dirent64 *d = (struct dirent64 *)(void *)(buf + i);

			i += d->len;
			if (d->name[0] == '.')
				continue;
			text_puts(t, t->n ? " " : "");
			text_puts(t, d->name);
			fd_row(r, at, d->name);
		}
	if (dir >= 0)
		close(dir);
	return n < 0 ? -1 : 0;
}

/* Exactly 0-2, what `fd N` passes, and before the exec GO and TARGET, which close on it. */
void observe_fds(struct run *r, const struct point *at)
{
	char want[2048], seen[2048];
	struct text w = TEXT(want), s = TEXT(seen);
	int bad = list_fds(r, at, &s);

	text_puts(&w, "0 1 2");
	for (uint32_t n = 3; n <= ABP_FD_TARGET; n++) {
		int open = !at->final && (n == ABP_FD_GO || n == ABP_FD_TARGET);

		for (uint32_t i = 0; i < r->b.n_fd; i++)
			open |= r->b.fd[i] == n;
		if (!open)
			continue;
		text_putc(&w, ' ');
		text_u64(&w, n);
	}
	observe_row(r, at, "fds", NULL, want, bad ? NULL : seen);
}
