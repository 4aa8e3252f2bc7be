/* evidence.c - the record: rows, its file, its outcome.  What the rows say is in observe*.c. */
#include "runtime/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "runtime/observe.h"
#include "runtime/sys.h"

#define STATUS_MAX 8192

/* The one record of the process.  Untouched pages of these buffers cost nothing. */
static char rows_buf[768 << 10], out_buf[800 << 10], bad_buf[400], status_buf[STATUS_MAX];
static struct {
	struct text rows, out, bad; /* bad: the first row that refuses the launch */
	int open, dir, strict;	    /* strict: a fact that could not be observed refuses */
	const char *name;	    /* of the file in dir */
} rec = {STATIC_TEXT(rows_buf), STATIC_TEXT(out_buf), STATIC_TEXT(bad_buf), 0, -1, 0, NULL};

void evidence_row(struct run *r, const char *fact, const char *expected, const char *observed,
		  const char *source)
{
	int known = expected && observed;
	int same = known && !strcmp(expected, observed);

	(void)r;
	text_puts(&rec.rows, rec.rows.n ? ",\n{\"expected\":" : "\n{\"expected\":");
	text_json(&rec.rows, expected);
	text_puts(&rec.rows, ",\"fact\":");
	text_json(&rec.rows, fact);
	text_puts(&rec.rows, ",\"observed\":");
	text_json(&rec.rows, observed);
	text_puts(&rec.rows, ",\"source\":");
	text_json(&rec.rows, source);
	text_puts(&rec.rows, same    ? ",\"verdict\":\"ok\"}"
			     : known ? ",\"verdict\":\"differs\"}"
				     : ",\"verdict\":\"unverified\"}");
	if (rec.bad.n || same || !expected || (!observed && !rec.strict))
		return;
	text_puts(&rec.bad, fact);
	text_puts(&rec.bad, ": expected ");
	text_puts(&rec.bad, expected);
	text_puts(&rec.bad, observed ? ", the kernel shows " : ", the kernel does not show it");
	text_puts(&rec.bad, observed ? observed : "");
}

void observe_row(struct run *r, const struct point *at, const char *name, const char *item,
		 const char *expected, const char *observed)
{
	char buf[FACT_MAX];
	struct text fact = TEXT(buf);

	text_puts(&fact, at->prefix);
	text_puts(&fact, name);
	if (item)
		text_putc(&fact, ':');
	text_puts(&fact, item ? item : "");
	rec.rows.full |= fact.full; /* a name cut short is another fact */
	evidence_row(r, buf, expected, observed, at->source);
}

void observe_u64(struct run *r, const struct point *at, const char *name, uint64_t expected,
		 uint64_t observed)
{
	char want[24], seen[24];
	struct text w = TEXT(want), s = TEXT(seen);

	text_u64(&w, expected);
	text_u64(&s, observed);
	observe_row(r, at, name, NULL, want, seen);
}

/* 0 if every row so far allows the launch to go on. */
static int conclude(struct run *r)
{
	if (rec.bad.n)
		return run_why(r, 0, "%s", rec.bad.p);
	if (rec.rows.full)
		return run_why(r, 0, "the record does not fit in %zu bytes", rec.rows.cap);
	return 0;
}

/* --- the file --- */

/* The policy's settings; NULL before a bundle passed its checks. */
static const struct abpb_meta *meta_of(const struct run *r)
{
	return r->b.error ? NULL : r->b.meta;
}

/* Whether the directory DIR is, or lies below, something that the run may write. */
static int writable_in_run(const struct run *r, int dir)
{
	struct stat at, up, grant;
	int fd = openat(dir, ".", O_PATH | O_CLOEXEC), found = 0;

	for (int depth = 0; fd >= 0 && !found && depth < 256 && !fstat(fd, &at); depth++) {
		for (uint32_t i = 0; meta_of(r) && i < r->b.n_view && !found; i++) {
			const struct abpb_view *v = &r->b.view[i];
			const char *host = bundle_str(&r->b, v->path);

			if (!(v->flags & ABPB_WRITE) || (v->kind != ABPB_V_TREE && v->kind != ABPB_V_FILE))
				continue; /* a scratch is the run's own tmpfs */
			for (int s = 0; s < r->n_slots; s++)
				if (!strcmp(r->slot[s].path, host))
					host = r->slot[s].host;
			found = !stat(host, &grant) && grant.st_dev == at.st_dev && grant.st_ino == at.st_ino;
		}
		int parent = openat(fd, "..", O_PATH | O_CLOEXEC);

		close(fd);
		fd = parent;
		if (fd < 0 || fstat(fd, &up) || (up.st_dev == at.st_dev && up.st_ino == at.st_ino))
			break;
	}
	if (fd >= 0)
		close(fd);
	return found;
}

int evidence_open(struct run *r)
{
	char dir[PATH_MAX];
	const char *slash = r->evidence_path ? strrchr(r->evidence_path, '/') : NULL;
	size_t n = slash ? (size_t)(slash - r->evidence_path) + 1 : 0;
	struct stat st;

	r->evidence_fd = -1;
	if (!r->evidence_path)
		return 0;
	rec.name = r->evidence_path + n;
	if (n >= sizeof dir || strlen(rec.name) > 200 || !*rec.name)
		return run_why(r, 0, "%s: no name for a record", r->evidence_path);
	memcpy(dir, n ? r->evidence_path : ".", n ? n : 1);
	dir[n ? n : 1] = 0;
	rec.dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rec.dir < 0)
		return run_why(r, errno, "%s", dir);
	if (writable_in_run(r, rec.dir))
		return run_why(r, 0, "%s: the program may write there and could forge the record", dir);
	if (!fstatat(rec.dir, rec.name, &st, AT_SYMLINK_NOFOLLOW))
		return run_why(r, EEXIST, "%s", r->evidence_path);
	snprintf(r->evidence_tmp, sizeof r->evidence_tmp, ".%s.%ld.tmp", rec.name, (long)getpid());
	r->evidence_fd =
	    openat(rec.dir, r->evidence_tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (r->evidence_fd < 0)
		return run_why(r, errno, "%s%s", n ? dir : "", r->evidence_tmp);
	rec.open = 1;
	return 0;
}

static void put_key(struct text *t, const char *sep, const char *key, const char *value)
{
	text_puts(t, sep);
	text_json(t, key);
	text_putc(t, ':');
	text_json(t, value);
}

static void put_digest(struct text *t, const char *sep, const char *key, const uint8_t digest[32])
{
	char hex[65];
	struct text h = TEXT(hex);

	text_sha256(&h, digest);
	put_key(t, sep, key, hex);
}

static void put_outcome(struct text *t, const struct run *r, enum outcome o)
{
	static const char *const state[] = {
	    [OUTCOME_REFUSED] = "refused", [OUTCOME_STARTED] = "started", [OUTCOME_ENDED] = "ended"};
	int refused = o == OUTCOME_REFUSED;

	put_key(t, ",\n\"outcome\":{", "limit", o == OUTCOME_ENDED ? r->limit_hit : NULL);
	put_key(t, ",", "state", state[o]);
	text_puts(t, ",\"status\":");
	if (o == OUTCOME_ENDED)
		text_i64(t, r->status);
	else
		text_puts(t, "null");
	put_key(t, ",", "step", refused ? (r->step ? r->step : "unknown") : NULL);
	put_key(t, ",", "why", refused ? r->why : NULL);
	text_putc(t, '}');
}

static void put_policy(struct text *t, const struct run *r)
{
	const struct abpb_meta *m = meta_of(r);

	put_key(t, ",\n\"policy\":{", "compiler", m ? bundle_str(&r->b, m->compiler) : NULL);
	put_key(t, ",", "name", m ? bundle_str(&r->b, m->name) : NULL);
	put_key(t, ",", "version", m ? bundle_str(&r->b, m->version) : NULL);
	text_putc(t, '}');
	put_key(t, ",\n\"program\":{", "asked", r->program);
	put_key(t, ",", "digest", "content when hashed");
	put_key(t, ",", "path", r->target.path);
	put_digest(t, ",", "sha256", r->target.sha256);
	text_putc(t, '}');
}

static void put_degraded(struct text *t, uint32_t degraded)
{
	static const char *const name[] = {"apparmor", "landlock", "filter-readback"};
	const char *sep = "";

	text_puts(t, "{\"degraded\":[");
	for (int i = 0; i < 3; i++) {
		if (!(degraded >> i & 1))
			continue;
		text_puts(t, sep);
		text_json(t, name[i]);
		sep = ",";
	}
	text_putc(t, ']');
}

/* The whole object, keys in order (ASCII), one row a line. */
static void compose(const struct run *r, enum outcome o)
{
	static const uint8_t none[32];
	const struct abpb_meta *m = meta_of(r);
	struct text *t = &rec.out;

	text_reset(t);
	put_degraded(t, r->degraded);
	put_digest(t, ",\n\"digests\":{", "bundle", r->bundle_sha256);
	put_digest(t, ",", "loader", r->loader_sha256);
	put_digest(t, ",", "model", m ? m->model_sha256 : none);
	put_digest(t, ",", "source", m ? m->source_sha256 : none);
	text_puts(t, "},\n\"facts\":[");
	text_puts(t, rec.rows.p);
	put_key(t, "],\n", "kernel", r->kernel_release);
	put_outcome(t, r, o);
	put_policy(t, r);
	text_puts(t, r->rootless ? ",\n\"rootless\":true" : ",\n\"rootless\":false");
	put_key(t, ",\n", "run", r->name);
	put_key(t, ",\n", "schema", "abp-evidence/1");
	put_key(t, ",\n", "status", status_buf);
	text_puts(t, ",\n\"time\":");
	text_i64(t, time(NULL));
	text_puts(t, "}\n");
}

/* Replaces the file's content.  0, or -1 with errno. */
static int put_record(struct run *r, enum outcome o)
{
	size_t done = 0;

	compose(r, o);
	if (rec.out.full) {
		errno = EFBIG;
		return -1;
	}
	while (done < rec.out.n) {
		ssize_t n = pwrite(r->evidence_fd, rec.out.p + done, rec.out.n - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		done += (size_t)n;
	}
	return ftruncate(r->evidence_fd, (off_t)rec.out.n) || fsync(r->evidence_fd) ? -1 : 0;
}

int evidence_close(struct run *r, enum outcome outcome)
{
	int bad;

	/* a refusal before step evidence has a record, too: nothing ran that could forge it */
	if (outcome == OUTCOME_REFUSED && !rec.open && rec.dir < 0 && evidence_open(r))
		return -1;
	if (!rec.open)
		return 0;
	rec.open = 0;
	bad = put_record(r, outcome);
	if (!bad && renameat2(rec.dir, r->evidence_tmp, rec.dir, rec.name, RENAME_NOREPLACE))
		bad = errno != EINVAL || renameat(rec.dir, r->evidence_tmp, rec.dir, rec.name) ? -1 : 0;
	if (!bad)
		bad = fsync(rec.dir);
	close(r->evidence_fd);
	close(rec.dir);
	r->evidence_fd = -1;
	return bad;
}

/* --- the moments of comparison --- */

int evidence_first_go(struct run *r)
{
	static const struct point go = {"go.", SRC_LIVE, 0};

	/* an ordinary user cannot look into a task that is not dumpable: those facts wait for the exec stop
	 */
	rec.strict = !r->rootless;
	observe_status(r, &go);
	observe_maps(r, &go);
	observe_namespaces(r, &go);
	observe_cgroups(r, &go);
	observe_sockets(r, &go);
	observe_rlimits(r, &go);
	observe_mounts(r, &go);
	observe_fds(r, &go);
	observe_self(r);
	return conclude(r);
}

int evidence_filter(struct run *r)
{
	static const struct point second = {"go.", SRC_LIVE, 0};

	rec.strict = 1;
	observe_filter(r, &second);
	return conclude(r);
}

int evidence_exec_stop(struct run *r)
{
	static const struct point stop = {"", SRC_EXEC_STOP, 1};

	rec.strict = 1;
	if (sys_read_file(r->target_task.proc, "status", status_buf, sizeof status_buf) < 0)
		return run_why(r, 0, "the kernel does not show the status of the program");
	observe_status(r, &stop);
	observe_maps(r, &stop);
	observe_namespaces(r, &stop);
	observe_cgroups(r, &stop);
	observe_sockets(r, &stop);
	observe_rlimits(r, &stop);
	observe_mounts(r, &stop);
	observe_fds(r, &stop);
	observe_filter(r, &stop);
	observe_exe(r, &stop);
	observe_environ(r, &stop);
	observe_canary_after(r);
	observe_reaper(r, &stop);
	observe_reaper_filter(r, &stop);
	if (conclude(r))
		return -1;
	if (rec.open && put_record(r, OUTCOME_STARTED))
		return run_why(r, errno, "%s", r->evidence_path);
	return 0;
}
