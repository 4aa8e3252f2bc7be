/* verify_view.c - mounts and descriptors at one moment, and none that the bundle does not name. */
#include <string.h>

#include "compiler/verify_walls.h"

static bool below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return n == 1 || (!strncmp(path, dir, n) && (path[n] == '/' || !path[n]));
}

/* The flags that entry V must have as a mount; NULL is the root itself. */
static const char *mount_flags(struct audit *u, const struct abpb_view *v)
{
	struct buf t = buf_new(u->a);
	uint32_t kind = v ? v->kind : ABPB_V_FILE, rights = v ? v->flags : ABPB_READ;
	bool rw = (rights & ABPB_WRITE) && kind != ABPB_V_DEVICE && kind != ABPB_V_EXCEPT;
	bool code = (rights & (ABPB_LOAD | ABPB_EXEC)) && kind != ABPB_V_DEVICE && kind != ABPB_V_PROC;

	buf_puts(&t, rw ? "rw" : "ro");
	buf_puts(&t, ",nosuid");
	if (kind != ABPB_V_DEVICE)
		buf_puts(&t, ",nodev");
	if (!code)
		buf_puts(&t, ",noexec");
	if (kind == ABPB_V_PROC)
		buf_puts(&t, " proc subset=pid hidepid=ptraceable");
	if (v && kind == ABPB_V_PROCFILE && below(audit_text(u, v->path), "/proc"))
		buf_puts(&t, " proc"); /* the host's, which shows all: one file of it */
	return buf_str(&t);
}

static void judge_scratch(struct audit *u, const struct abpb_view *v, const char *path)
{
	uint64_t kib = (v->size + 4095) / 4096 * 4, inodes = v->inodes ? v->inodes : v->size / 4096 + 16;

	audit_want(u, AUDIT_VIEW, u->by, arena_printf(u->a, "scratch:%s", path),
		   arena_printf(u->a, "size=%lluk nr_inodes=%llu", (unsigned long long)kib,
				(unsigned long long)inodes));
}

/* procfs goes to /proc, or beside single files of the host's procfs to /proc/pids. */
static const char *proc_point(const struct audit *u, const struct abpb_view *proc)
{
	uint32_t n;
	const struct abpb_view *v = audit_section(u, ABPB_VIEW, sizeof *v, &n);
	const char *path = audit_text(u, proc->path);

	for (uint32_t i = 0; i < n; i++)
		if (v[i].kind == ABPB_V_PROCFILE && below(audit_text(u, v[i].path), path))
			return "/proc/pids";
	return path;
}

/* Which file of the host it is cannot be known from here: that it is the same inside and outside can. */
static void judge_object(struct audit *u, const char *path)
{
	const char *fact = arena_printf(u->a, "object:%s", path);
	struct fact *f = evidence_fact(u->e, fact);

	if (audit_seen(u, AUDIT_VIEW, u->by, fact) && (!f->expected || !strstr(f->observed, " inode ")))
		audit_finding(u, AUDIT_VIEW, "%s: no object of the host stands beside it", fact);
}

static void judge_entry(struct audit *u, const struct abpb_view *v)
{
	const char *path = v->kind == ABPB_V_PROC ? proc_point(u, v) : audit_text(u, v->path);

	if (v->kind == ABPB_V_SYMLINK) {
		audit_want(u, AUDIT_VIEW, u->by, arena_printf(u->a, "symlink:%s", path),
			   audit_text(u, v->target));
		return;
	}
	const char *fact = arena_printf(u->a, "mount:%s", path);
	struct fact *f = evidence_fact(u->e, arena_printf(u->a, "%s%s", u->prefix, fact));
	/* a directory granted by its name alone is an empty directory of the root: no mount */
	bool name_only = v->kind == ABPB_V_FILE && !(v->flags & ~(uint32_t)ABPB_READ) && f && f->observed &&
			 !strcmp(f->observed, "directory of the root");
	audit_want(u, AUDIT_VIEW, u->by, fact, name_only ? "directory of the root" : mount_flags(u, v));
	if (!name_only && !*u->prefix && v->kind != ABPB_V_SCRATCH && v->kind != ABPB_V_PROC)
		judge_object(u, path);
	if (v->kind == ABPB_V_SCRATCH)
		judge_scratch(u, v, path);
}

/* Mounts that the bundle does not name one by one: below a grant that says `submounts`, with its flags. */
static void judge_submounts(struct audit *u, const struct abpb_view *v, uint32_t n)
{
	const char *start = arena_printf(u->a, "%smount:", u->prefix);
	size_t len = strlen(start);

	for (uint32_t i = 0; i < u->e->facts.n; i++) {
		struct fact *f = &u->e->facts.v[i];
		const struct abpb_view *over = NULL;

		if (f->used || strncmp(f->name, start, len) != 0)
			continue;
		for (uint32_t k = 0; k < n; k++)
			if ((v[k].flags & ABPB_SUBMOUNTS) && below(f->name + len, audit_text(u, v[k].path)))
				over = &v[k];
		f->used = true;
		if (over)
			audit_want(u, AUDIT_VIEW, u->by, f->name + strlen(u->prefix), mount_flags(u, over));
		else
			audit_finding(u, AUDIT_VIEW, "%s: a mount that the policy does not name", f->name);
	}
}

/* ---- descriptors --------------------------------------------------------- */

static bool starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static bool stdio_fits(uint32_t mode, int n, const char *seen)
{
	const char *null = n ? "device 1:3 w" : "device 1:3 r";

	switch ((enum abpb_stdio)mode) {
	case ABPB_STDIO_PIPE:
		return !strcmp(seen, n ? "pipe w" : "pipe r");
	case ABPB_STDIO_NULL:
		return !strcmp(seen, null);
	case ABPB_STDIO_TTY:
		return starts(seen, "device 136:");
	case ABPB_STDIO_INHERIT:
		return starts(seen, "device 1:3 ") || starts(seen, "pipe ") || starts(seen, "file ");
	}
	return false;
}

static void judge_stdio(struct audit *u)
{
	for (int n = 0; n < 3; n++) {
		const char *seen = audit_seen(u, AUDIT_FDS, u->by, arena_printf(u->a, "fd:%d", n));

		if (seen && !stdio_fits(u->b.meta->stdio, n, seen))
			audit_finding(u, AUDIT_FDS,
				      "%sfd:%d is \"%s\", which the policy's stdio does not allow", u->prefix,
				      n, seen);
	}
}

static void judge_fds(struct audit *u)
{
	uint32_t n;
	const uint32_t *fd = audit_section(u, ABPB_FDS, sizeof *fd, &n);
	struct buf want = buf_new(u->a);
	bool go = *u->prefix;

	judge_stdio(u);
	buf_puts(&want, "0 1 2");
	for (uint32_t k = 3; k <= ABP_FD_TARGET; k++) {
		bool open = go && (k == ABP_FD_GO || k == ABP_FD_TARGET);

		for (uint32_t i = 0; i < n; i++)
			open = open || fd[i] == k;
		if (!open)
			continue;
		buf_printf(&want, " %u", k);
		audit_seen(u, AUDIT_FDS, u->by, arena_printf(u->a, "fd:%u", k));
	}
	audit_want(u, AUDIT_FDS, u->by, "fds", buf_str(&want));
}

void judge_view(struct audit *u)
{
	uint32_t n;
	const struct abpb_view *v = audit_section(u, ABPB_VIEW, sizeof *v, &n);

	audit_want(u, AUDIT_VIEW, u->by, "mount:/", mount_flags(u, NULL));
	for (uint32_t i = 0; i < n; i++)
		judge_entry(u, &v[i]);
	judge_submounts(u, v, n);
	judge_fds(u);
}
