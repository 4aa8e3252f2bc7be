/* observe_self.c - what the target's task said and tried before the program began, and the image it became.
 */
#include "runtime/observe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define N(a) (sizeof(a) / sizeof *(a))

static void row_i64(struct run *r, const char *fact, const char *expected, int64_t observed,
		    const char *source)
{
	char buf[24];
	struct text t = TEXT(buf);

	text_i64(&t, observed);
	evidence_row(r, fact, expected, buf, source);
}

/* --- the self-report: source child, never proof --- */

static void sysctl_rows(struct run *r)
{
	const struct sysctls *s = &r->sysctls;
	const struct {
		const char *fact;
		int64_t seen;
	} rows[] = {
	    {"child.sysctl:user.max_user_namespaces", s->max_user},
	    {"child.sysctl:user.max_mnt_namespaces", s->max_mnt},
	    {"child.sysctl:user.max_pid_namespaces", s->max_pid},
	    {"child.sysctl:user.max_net_namespaces", s->max_net},
	    {"child.sysctl:user.max_ipc_namespaces", s->max_ipc},
	    {"child.sysctl:user.max_uts_namespaces", s->max_uts},
	    {"child.sysctl:user.max_cgroup_namespaces", s->max_cgroup},
	    {"child.sysctl:user.max_time_namespaces", s->max_time},
	};
	int memfd = !r->rootless && (r->kernel[0] > 6 || (r->kernel[0] == 6 && r->kernel[1] >= 3));

	for (size_t i = 0; i < N(rows); i++)
		row_i64(r, rows[i].fact, "0", rows[i].seen, SRC_CHILD);
	row_i64(r, "child.sysctl:vm.memfd_noexec", memfd ? "2" : NULL, s->memfd_noexec, SRC_CHILD);
}

/* Each canary isolates one wall: the same attempt succeeded before the wall stood. */
static void canary_rows(struct run *r)
{
	const struct self_report *s = &r->self;
	int landlock = r->landlock_abi > 0 && !(r->degraded & DEGRADED_LANDLOCK);
	const char *denied = landlock ? "13" : NULL; /* EACCES */

	row_i64(r, "canary.open_before", "0", s->open_before, SRC_BEHAVIOUR);
	row_i64(r, "canary.open_after", denied, s->open_after, SRC_BEHAVIOUR);
	row_i64(r, "canary.write_after", denied, s->write_after, SRC_BEHAVIOUR);
	row_i64(r, "canary.exec_after", denied, s->exec_after, SRC_BEHAVIOUR);
	row_i64(r, "canary.net_after", NULL, s->net_after, SRC_BEHAVIOUR);
}

void observe_self(struct run *r)
{
	const struct self_report *s = &r->self;
	const struct abpb_meta *m = r->b.meta;
	char seen[17];
	struct text o = TEXT(seen);

	text_hex(&o, s->securebits, 8);
	evidence_row(r, "child.securebits", "000000ef", seen, SRC_CHILD);
	row_i64(r, "child.no_new_privs", "1", s->no_new_privs, SRC_CHILD);
	row_i64(r, "child.dumpable", r->rootless ? "1" : "0", s->dumpable, SRC_CHILD);
	row_i64(r, "child.pdeathsig", "9", s->pdeathsig, SRC_CHILD);
	row_i64(r, "child.personality", "0", s->personality, SRC_CHILD);
	row_i64(r, "child.landlock_abi", NULL, s->landlock_abi, SRC_CHILD);
	evidence_row(r, "child.hostname", bundle_str(&r->b, m->hostname), s->hostname, SRC_CHILD);
	evidence_row(r, "child.cwd", bundle_str(&r->b, m->workdir), s->cwd, SRC_CHILD);
	sysctl_rows(r);
	canary_rows(r);
}

void observe_canary_after(struct run *r)
{
	const char *want = r->b.meta->flags & ABPB_FLAG_KILL ? NULL : "1"; /* EPERM */

	row_i64(r, "canary.unshare_after", want, r->self.unshare_after, SRC_BEHAVIOUR);
	row_i64(r, "canary.unshare_killed", want ? "0" : "1", r->self.unshare_killed, SRC_BEHAVIOUR);
}

/* --- the image --- */

static void file_id(struct text *t, dev_t dev, ino_t ino, off_t size, struct timespec ctime)
{
	text_u64(t, major(dev));
	text_putc(t, ':');
	text_u64(t, minor(dev));
	text_puts(t, " inode ");
	text_u64(t, ino);
	text_puts(t, " size ");
	text_u64(t, (uint64_t)size);
	text_puts(t, " ctime ");
	text_i64(t, ctime.tv_sec);
	text_putc(t, '.');
	text_u64(t, (uint64_t)ctime.tv_nsec);
}

static void digest_row(struct run *r, const char *fact, const struct seen *s)
{
	char seen[65], want[65];
	struct text o = TEXT(seen), w = TEXT(want);
	int pinned = 0;

	for (uint32_t i = 0; i < r->b.n_program && !pinned; i++) {
		const struct abpb_program *p = &r->b.program[i];

		if (!(p->flags & ABPB_PROGRAM_DIGEST) || strcmp(bundle_str(&r->b, p->path), s->path) != 0)
			continue;
		text_sha256(&w, p->sha256);
		pinned = 1;
	}
	text_sha256(&o, s->sha256);
	evidence_row(r, fact, pinned ? want : NULL, seen, SRC_LIVE);
}

void observe_exe(struct run *r, const struct point *at)
{
	char want[128], seen[128];
	struct text w = TEXT(want), o = TEXT(seen);
	const struct seen *t = &r->target;
	struct stat st;
	int known = !fstatat(r->target_task.proc, "exe", &st, 0);

	file_id(&w, t->dev, t->ino, t->size, t->ctime);
	if (known)
		file_id(&o, st.st_dev, st.st_ino, st.st_size, st.st_ctim);
	observe_row(r, at, "exe", NULL, want, known ? seen : NULL);
	digest_row(r, "program.sha256", t);
	if (!r->interp.path[0])
		return;
	evidence_row(r, "interpreter", NULL, r->interp.path, SRC_LIVE);
	digest_row(r, "interpreter.sha256", &r->interp);
}

/* --- the environment that the kernel laid out: names, and the values that the policy sets --- */

struct env_scan {
	struct run *r;
	const struct point *at;
	struct text names, set; /* observed */
	char name[256];
	size_t n, value; /* length of the name; bytes of the value so far, SIZE_MAX: still in the name */
	const struct abpb_env *entry;
	int equal;
};

static const struct abpb_env *env_entry(const struct run *r, const char *name)
{
	for (uint32_t i = 0; i < r->b.n_env; i++)
		if (!strcmp(bundle_str(&r->b, r->b.env[i].name), name))
			return &r->b.env[i];
	return NULL;
}

static int env_given(const struct run *r, const struct abpb_env *e)
{
	const char *name = bundle_str(&r->b, e->name);
	size_t n = strlen(name);

	if (e->kind != ABPB_ENV_PASS)
		return 1;
	for (char **p = r->environ_; p && *p; p++)
		if (!strncmp(*p, name, n) && (*p)[n] == '=')
			return 1;
	return 0;
}

static void list_add(struct text *t, const char *name)
{
	text_puts(t, t->n ? " " : "");
	text_puts(t, name);
}

static void env_end(struct env_scan *s)
{
	const char *set;

	s->name[s->n] = 0;
	list_add(&s->names, s->name);
	if (s->entry && s->entry->kind == ABPB_ENV_SET) {
		set = bundle_str(&s->r->b, s->entry->value);
		if (s->equal && s->value != SIZE_MAX && !set[s->value])
			list_add(&s->set, s->name);
	}
	if (s->entry && s->entry->kind == ABPB_ENV_SECRET) {
		char len[24];
		struct text l = TEXT(len);

		text_u64(&l, s->value == SIZE_MAX ? 0 : s->value);
		observe_row(s->r, s->at, "secret.length", s->name, NULL, len);
	}
	s->n = 0;
	s->value = SIZE_MAX;
	s->entry = NULL;
}

static void env_byte(struct env_scan *s, char c)
{
	if (!c) {
		env_end(s);
	} else if (s->value == SIZE_MAX && c != '=') {
		s->name[s->n] = c;
		s->n += s->n + 1 < sizeof s->name;
	} else if (s->value == SIZE_MAX) {
		s->name[s->n] = 0;
		s->entry = env_entry(s->r, s->name);
		s->value = 0;
		s->equal = 1;
	} else {
		if (s->entry && s->entry->kind == ABPB_ENV_SET && s->equal)
			s->equal = bundle_str(&s->r->b, s->entry->value)[s->value] == c;
		s->value++;
	}
}

static int env_scan_file(struct env_scan *s)
{
	char chunk[4096]; /* passes secrets: wiped */
	int fd = openat(s->r->target_task.proc, "environ", O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, chunk, sizeof chunk)) > 0)
		for (ssize_t i = 0; i < n; i++)
			env_byte(s, chunk[i]);
	explicit_bzero(chunk, sizeof chunk);
	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

void observe_environ(struct run *r, const struct point *at)
{
	static char names[32 << 10], set[32 << 10], want_names[32 << 10], want_set[32 << 10];
	struct text wn = TEXT(want_names), ws = TEXT(want_set);
	struct env_scan s = {.r = r, .at = at, .names = TEXT(names), .set = TEXT(set), .value = SIZE_MAX};
	int known = !env_scan_file(&s);

	for (uint32_t i = 0; i < r->b.n_env; i++) {
		const struct abpb_env *e = &r->b.env[i];

		if (env_given(r, e))
			list_add(&wn, bundle_str(&r->b, e->name));
		if (e->kind == ABPB_ENV_SET)
			list_add(&ws, bundle_str(&r->b, e->name));
	}
	observe_row(r, at, "env.names", NULL, want_names, known ? names : NULL);
	observe_row(r, at, "env.set", NULL, want_set, known ? set : NULL);
}
