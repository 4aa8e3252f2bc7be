/* view.c - names: from the policy's view to the host, as the kernel will resolve them inside the run. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "runtime/sys.h"
#include "runtime/view.h"

const struct slot *view_slot(const struct run *r, const struct abpb_view *v)
{
	const char *path = bundle_str(&r->b, v->path);

	if (!(v->flags & ABPB_SLOT))
		return NULL;
	for (int i = 0; i < r->n_slots; i++)
		if (!strcmp(r->slot[i].path, path) && r->slot[i].fd >= 0)
			return &r->slot[i];
	return NULL;
}

static int is_mount(uint32_t kind)
{
	return kind != ABPB_V_SYMLINK && kind != ABPB_V_PIN && kind != ABPB_V_EXCEPT;
}

const struct abpb_view *view_cover(const struct run *r, const char *path, uint32_t upto)
{
	const struct abpb_view *best = NULL;
	size_t longest = 0;

	for (uint32_t i = 0; i < upto; i++) {
		const struct abpb_view *v = &r->b.view[i];
		const char *p = bundle_str(&r->b, v->path);

		/* a file entry is one name; below it there is nothing, even if it is a directory */
		int over = v->kind == ABPB_V_TREE || v->kind == ABPB_V_SCRATCH || v->kind == ABPB_V_PROC
			       ? sys_below(path, p)
			       : is_mount(v->kind) && !strcmp(path, p);
		if (over && strlen(p) >= longest) {
			best = v;
			longest = strlen(p);
		}
	}
	return best;
}

int view_open(const struct run *r, const char *path, int flags)
{
	const struct abpb_view *v = view_cover(r, path, r->b.n_view);
	const char *below;

	errno = ENOENT;
	if (!v || v->kind == ABPB_V_SCRATCH || v->kind == ABPB_V_PROC)
		return -1;
	const struct slot *s = view_slot(r, v);
	if (!s)
		return sys_openat2(AT_FDCWD, path, flags, VIEW_RESOLVE);
	below = path + strlen(s->path);
	if (!*below) /* the slot's own directory */
		return sys_openat2(s->fd, ".", flags, VIEW_RESOLVE);
	return sys_openat2(s->fd, below + 1, flags, VIEW_RESOLVE);
}

/* The text of the link that PATH is in the view.  1: it is one, 0: it is none or nothing, -1: errno. */
static int link_text(const struct run *r, const char *path, char *text, size_t n)
{
	for (uint32_t i = 0; i < r->b.n_view; i++) {
		const struct abpb_view *v = &r->b.view[i];

		if (v->kind == ABPB_V_SYMLINK && !strcmp(bundle_str(&r->b, v->path), path))
			return sys_copy(text, n, bundle_str(&r->b, v->target)) ? -1 : 1;
	}
	int fd = view_open(r, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	ssize_t got = readlinkat(fd, "", text, n - 1);
	int err = errno;
	close(fd);
	if (got >= 0)
		text[got] = 0;
	errno = err;
	return got >= 0 ? 1 : err == ENOENT || err == EINVAL ? 0 : -1; /* not a link */
}

/* Puts TEXT, the link found at the first LEN bytes of PATH, in their place; REST follows. */
static int substitute(char *path, size_t len, const char *text)
{
	char joined[PATH_MAX], dir[PATH_MAX];
	int n;

	memcpy(dir, path, len);
	dir[len] = 0;
	*strrchr(dir, '/') = 0;
	n = snprintf(joined, sizeof joined, "%s%s%s%s", text[0] == '/' ? "" : dir, text[0] == '/' ? "" : "/",
		     text, path + len);
	if (n < 0 || (size_t)n >= sizeof joined)
		return -1;
	memcpy(path, joined, (size_t)n + 1);
	return 0;
}

/* Removes "//", "." and ".." in place, by text.  After a link ".." means something else to the kernel; that
 * is harmless here: the resolved name is the one that is checked, opened and started. */
static void collapse(char *path)
{
	char *in = path, *out = path;

	while (*in) {
		while (in[0] == '/' && in[1] == '/')
			in++;
		size_t n = 1 + strcspn(in + 1, "/");

		if (n == 1 || (n == 2 && in[1] == '.')) {
			in += n;
		} else if (n == 3 && in[1] == '.' && in[2] == '.') {
			while (out > path && *--out != '/')
				;
			in += n;
		} else {
			memmove(out, in, n);
			out += n;
			in += n;
		}
	}
	if (out == path)
		*out++ = '/';
	*out = 0;
}

/* The first prefix of PATH that is a link with TEXT, looking from the left: *LEN is its length, 0 if there is
 * none. Returns 0, or -1 with errno. */
static int first_link(const struct run *r, const char *path, char *text, size_t n, size_t *len)
{
	char prefix[PATH_MAX];

	for (size_t i = 1; path[i - 1]; i++) {
		if (path[i] != '/' && path[i] != 0)
			continue;
		memcpy(prefix, path, i);
		prefix[i] = 0;
		int is = link_text(r, prefix, text, n);
		*len = is > 0 ? i : 0;
		if (is)
			return is < 0 ? -1 : 0;
		if (!path[i])
			break;
	}
	*len = 0;
	return 0;
}

int view_resolve(const struct run *r, const char *path, char *out)
{
	char text[PATH_MAX];
	size_t len;

	if (path[0] != '/') {
		errno = ENOENT;
		return -1;
	}
	if (sys_copy(out, PATH_MAX, path))
		return -1;
	collapse(out);
	for (int i = 0; i <= 40; i++) {
		if (first_link(r, out, text, sizeof text, &len))
			return -1;
		if (!len)
			return 0;
		errno = ENAMETOOLONG;
		if (substitute(out, len, text))
			return -1;
		collapse(out);
	}
	errno = ELOOP;
	return -1;
}
