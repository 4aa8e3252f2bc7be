/* map.c - the bundle in memory, and what must be true of it and of this kernel before anything exists. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "compiler/base/sha256.h"
#include "runtime/landlock.h"
#include "runtime/steps.h"
#include "runtime/sys.h"
#include "runtime/view.h"

/* Others must not be able to choose the policy: by owner and mode, or by the digest the caller gave. */
static int trusted(struct run *r, const struct stat *st)
{
	char hex[65];
	const char *want = r->digest;

	sha256_hex(r->bundle_sha256, hex);
	if (want && !strncmp(want, "sha256:", 7))
		want += 7;
	if (want)
		return strcmp(want, hex) ? run_why(r, 0, "its digest is sha256:%s, not %s", hex, want) : 0;
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return run_why(r, 0, "%s belongs to uid %u: give --digest", r->bundle_path, st->st_uid);
	if (st->st_mode & 022)
		return run_why(r, 0, "%s can be written by others: give --digest", r->bundle_path);
	return 0;
}

/* A private copy: a mapping of the file could still change under the checks. */
int step_bundle(struct run *r)
{
	int fd = open(r->bundle_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return run_why(r, errno, "%s", r->bundle_path);
	if (!S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > (off_t)ABPB_MAX_SIZE)
		return run_why(r, 0, "%s is not a bundle: no regular file of at most 4 MiB", r->bundle_path);
	size_t n = (size_t)st.st_size;
	void *copy = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (copy == MAP_FAILED || sys_read_all(fd, copy, n) || mprotect(copy, n, PROT_READ))
		return run_why(r, errno, "reading %s", r->bundle_path);
	if (close(fd))
		return run_why(r, errno, "close");
	sha256(copy, n, r->bundle_sha256);
	if (trusted(r, &st))
		return -1;
	if (bundle_check(copy, n, &r->b))
		return run_why(r, 0, "%s: %s", r->bundle_path, r->b.error);
	return 0;
}

int step_missing(struct run *r)
{
	const struct abpb_missing *m = r->b.missing;

	if (r->b.n_missing)
		return run_why(r, 0, "no wall of this abprun decides `%s` (%s): it needs %s",
			       bundle_str(&r->b, m->what), bundle_str(&r->b, m->where),
			       bundle_str(&r->b, m->wall));
	if (r->b.meta->net == ABPB_NET_RELAY)
		return run_why(r, 0, "net relay needs the relay, which this abprun has not");
	if (r->b.meta->require & ABPB_REQUIRE_APPARMOR)
		return run_why(r, 0, "the policy requires AppArmor, which this abprun cannot apply yet");
	return 0;
}

static int loader_hash(struct run *r)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct sha256 s;
	char buf[16384];
	ssize_t got;

	if (fd < 0)
		return -1;
	sha256_init(&s);
	while ((got = read(fd, buf, sizeof buf)) > 0)
		sha256_add(&s, buf, (size_t)got);
	sha256_end(&s, r->loader_sha256);
	close(fd);
	return got < 0 ? -1 : 0;
}

static int swap_seen(struct run *r)
{
	char buf[4096];
	ssize_t n = sys_read_file(AT_FDCWD, "/proc/swaps", buf, sizeof buf);

	if (n < 0 && errno != ENOENT && errno != EFBIG) /* absent: a kernel without swap */
		return -1;
	const char *line = n < 0 ? NULL : strchr(buf, '\n');
	r->swap_exists = errno == EFBIG || (line && line[1]);
	return 0;
}

int step_kernel(struct run *r)
{
	const struct abpb_meta *m = r->b.meta;
	char map[128];
	struct utsname u;
	uint64_t major = 0, minor = 0;
	const char *p = u.release;

	if (uname(&u) || sys_number(&p, &major) || *p++ != '.' || sys_number(&p, &minor))
		return run_why(r, errno, "uname");
	r->kernel[0] = (int)major, r->kernel[1] = (int)minor;
	if (sys_copy(r->kernel_release, sizeof r->kernel_release, u.release))
		return run_why(r, errno, "uname");
	if (major < 6 || (major == 6 && minor < 1))
		return run_why(r, 0, "Linux %s: the floor is 6.1", u.release);
	if (m->flags & ABPB_FLAG_MEMFD && (r->rootless || (major == 6 && minor < 3)))
		return run_why(r, 0, "memfd_create is granted: vm.memfd_noexec needs Linux 6.3 and root");
	/* root of a user namespace that maps not all ids is, for the initial one, an ordinary user */
	if (!r->rootless) {
		if (sys_read_file(AT_FDCWD, "/proc/self/uid_map", map, sizeof map) < 0)
			return run_why(r, errno, "/proc/self/uid_map");
		r->rootless = !strstr(map, "4294967295");
	}
	if (r->rootless && !(m->flags & ABPB_FLAG_ROOTLESS_OK))
		return run_why(r, 0, "this policy can only be launched by root");
	if (swap_seen(r) || (r->evidence_path && loader_hash(r)))
		return run_why(r, errno, "/proc");
	return landlock_floor(r);
}

/* Every slot is named once by the policy and once by the caller. */
int step_slots(struct run *r)
{
	for (int i = 0; i < r->n_slots; i++) {
		struct slot *s = &r->slot[i];
		uint32_t k = 0;

		while (k < r->b.n_view && (!(r->b.view[k].flags & ABPB_SLOT) ||
					   strcmp(bundle_str(&r->b, r->b.view[k].path), s->path)))
			k++;
		if (k == r->b.n_view)
			return run_why(r, 0, "--slot %s: the policy has no such slot", s->path);
		for (int j = 0; j < i; j++)
			if (!strcmp(r->slot[j].path, s->path))
				return run_why(r, 0, "--slot %s: given twice", s->path);
		s->fd = sys_high(sys_openat2(AT_FDCWD, s->host, O_PATH | O_DIRECTORY, VIEW_RESOLVE));
		if (s->fd < 0)
			return run_why(r, errno, "--slot %s=%s%s", s->path, s->host,
				       errno == ELOOP ? " (name the directory without symbolic links)" : "");
	}
	for (uint32_t k = 0; k < r->b.n_view; k++)
		if (r->b.view[k].flags & ABPB_SLOT && !view_slot(r, &r->b.view[k]))
			return run_why(r, 0, "slot %s (%s) is not filled: --slot %s=HOSTDIR",
				       bundle_str(&r->b, r->b.view[k].path),
				       bundle_str(&r->b, r->b.view[k].where),
				       bundle_str(&r->b, r->b.view[k].path));
	return 0;
}
