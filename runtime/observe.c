/* observe.c - what /proc says about the target and about pid 1 of the run, beside what the policy says. */
#include "runtime/observe.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "runtime/sys.h"

#define N(a) (sizeof(a) / sizeof *(a))
#define GROUPS_MAX 4096 /* both sides of a longer list are cut alike */

static char page[32 << 10]; /* one small file of procfs at a time */

/* The rest of the line in TEXT_ that starts with KEY, blanks squeezed; NULL if there is none. */
static const char *value_of(const char *text_, const char *key, struct text *out)
{
	const char *p = text_;
	size_t n = strlen(key);

	while (p && strncmp(p, key, n) != 0)
		p = (p = strchr(p, '\n')) ? p + 1 : NULL;
	if (!p)
		return NULL;
	text_reset(out);
	text_squeeze(out, p + n, strcspn(p + n, "\n"));
	return out->p;
}

static uint64_t number(const char *p)
{
	uint64_t v = 0;

	while (p && *p >= '0' && *p <= '9')
		v = 10 * v + (uint64_t)(*p++ - '0');
	return v;
}

/* `page` = /proc/PID/NAME, or "" */
static void load(const struct task *t, const char *name)
{
	if (t->proc < 0 || sys_read_file(t->proc, name, page, sizeof page) < 0)
		page[0] = 0;
}

unsigned observe_own_filters(void)
{
	char buf[64];
	struct text v = TEXT(buf);

	if (sys_read_file(AT_FDCWD, "/proc/self/status", page, sizeof page) < 0)
		return 0;
	return (unsigned)number(value_of(page, "Seccomp_filters:", &v));
}

struct line {
	const char *fact, *key, *expected;
};

static void status_rows(struct run *r, const struct point *at, const struct line *l, size_t n)
{
	char buf[GROUPS_MAX];
	struct text v = TEXT(buf);

	for (size_t i = 0; i < n; i++)
		observe_row(r, at, l[i].fact, NULL, l[i].expected, value_of(page, l[i].key, &v));
}

static void four_times(struct text *t, uint64_t id)
{
	for (int i = 0; i < 4; i++) {
		text_puts(t, i ? " " : "");
		text_u64(t, id);
	}
}

/* The id outside that the gid map gives INSIDE; the map is the text this process wrote. */
static uint64_t outside(const char *map, uint64_t inside)
{
	for (const char *p = map; p && *p; p = strchr(p, '\n'), p += p ? 1 : 0)
		if (number(p) == inside && strchr(p, ' '))
			return number(strchr(p, ' ') + 1);
	return UINT32_MAX;
}

/* Supplementary groups as /proc shows them: ids outside, ascending.  An ordinary user cannot drop his own
 * (setgroups is denied before the map): they stay, mapped to nothing inside. */
static const char *expected_groups(const struct run *r, struct text *t)
{
	uint64_t last = 0;

	if (r->rootless)
		return sys_read_file(AT_FDCWD, "/proc/self/status", page, sizeof page) < 0
			   ? NULL
			   : value_of(page, "Groups:", t);
	for (uint32_t done = 0; done < r->b.n_group; done++) {
		uint64_t best = UINT64_MAX;

		for (uint32_t i = 0; i < r->b.n_group; i++) {
			uint64_t g = outside(r->gid_map, r->b.group[i]);

			best = g >= last && g < best ? g : best;
		}
		text_puts(t, done ? " " : "");
		text_u64(t, best);
		last = best + 1;
	}
	return t->p;
}

/* Files below /proc/PID belong to the task's user only while it is dumpable (fs/proc/base.c,
 * task_dump_owner). */
static void dumpable_row(struct run *r, const struct point *at, const struct task *t, const char *fact,
			 int want)
{
	struct stat st;
	int known = !fstatat(t->proc, "environ", &st, 0);

	observe_row(r, at, fact, NULL, want ? "1" : "0",
		    !known		       ? NULL
		    : st.st_uid == r->host_uid ? "1"
					       : "0");
}

void observe_status(struct run *r, const struct point *at)
{
	char caps[17], uid[64], gid[64], groups[GROUPS_MAX], sid[64];
	struct text c = TEXT(caps), u = TEXT(uid), g = TEXT(gid), s = TEXT(sid), list = TEXT(groups);
	const char *want_groups;

	text_hex(&c, r->b.meta->caps, 16);
	four_times(&u, r->host_uid);
	four_times(&g, r->host_gid);
	want_groups = expected_groups(r, &list);
	const struct line always[] = {
	    {"caps.inheritable", "CapInh:", caps},
	    {"caps.permitted", "CapPrm:", caps},
	    {"caps.effective", "CapEff:", caps},
	    {"caps.bounding", "CapBnd:", caps},
	    {"caps.ambient", "CapAmb:", caps},
	    {"no_new_privs", "NoNewPrivs:", "1"},
	    {"ids.uid", "Uid:", uid},
	    {"ids.gid", "Gid:", gid},
	    {"ids.groups", "Groups:", want_groups},
	    {"threads", "Threads:", "1"},
	    {"umask", "Umask:", "0022"},
	};
	static const struct line image[] = {
	    {"signals.blocked", "SigBlk:", "0000000000000000"},
	    {"signals.ignored", "SigIgn:", "0000000000000000"},
	};
	load(&r->target_task, "status");
	status_rows(r, at, always, N(always));
	if (!at->final) /* an ordinary user's parent must be able to look; execve makes the image dumpable */
		dumpable_row(r, at, &r->target_task, "dumpable", r->rootless);
	if (at->final) /* the loader's own code runs with everything blocked */
		status_rows(r, at, image, N(image));
	value_of(page, "NSsid:", &s);
	observe_row(r, at, "session", NULL, "own",
		    !s.n					  ? NULL
		    : number(sid) == (uint64_t)r->target_task.pid ? "own"
								  : sid);
}

/* Mode 2 and exactly one filter more than this process has. */
static void filter_rows(struct run *r, const struct point *at, const struct task *t, const char *mode,
			const char *added)
{
	char buf[64];
	struct text v = TEXT(buf);
	uint64_t own = observe_own_filters(), seen;

	load(t, "status");
	observe_row(r, at, mode, NULL, "2", value_of(page, "Seccomp:", &v));
	if (!value_of(page, "Seccomp_filters:", &v))
		return observe_row(r, at, added, NULL, "1", NULL);
	seen = number(v.p);
	observe_u64(r, at, added, 1, seen >= own ? seen - own : 0);
}

/* Pid 1 holds nothing: whatever the program makes it do, it can do no more than wait and report. */
void observe_reaper(struct run *r, const struct point *at)
{
	char uid[64];
	struct text u = TEXT(uid);

	four_times(&u, r->host_uid);
	const struct line l[] = {
	    {"reaper.caps.inheritable", "CapInh:", "0000000000000000"},
	    {"reaper.caps.permitted", "CapPrm:", "0000000000000000"},
	    {"reaper.caps.effective", "CapEff:", "0000000000000000"},
	    {"reaper.caps.bounding", "CapBnd:", "0000000000000000"},
	    {"reaper.caps.ambient", "CapAmb:", "0000000000000000"},
	    {"reaper.no_new_privs", "NoNewPrivs:", "1"},
	    {"reaper.ids.uid", "Uid:", uid},
	    {"reaper.threads", "Threads:", "1"},
	};
	load(&r->reaper, "status");
	status_rows(r, at, l, N(l));
	dumpable_row(r, at, &r->reaper, "reaper.dumpable", 0);
	filter_rows(r, at, &r->reaper, "reaper.seccomp.mode", "reaper.seccomp.filters_added");
	filter_rows(r, at, &r->target_task, "seccomp.mode", "seccomp.filters_added");
}

void observe_maps(struct run *r, const struct point *at)
{
	static const char *const name[] = {"uid_map", "gid_map"};
	char want[512] = "", seen[512] = "";
	const char *wrote[] = {r->uid_map, r->gid_map};

	for (size_t i = 0; i < N(name); i++) {
		struct text w = TEXT(want), s = TEXT(seen);

		text_squeeze(&w, wrote[i], sizeof r->gid_map);
		load(&r->target_task, name[i]);
		text_squeeze(&s, page, sizeof page);
		observe_row(r, at, name[i], NULL, want, s.n ? seen : NULL);
	}
}

/* A namespace is the run's own iff its inode is not the one of this process; both numbers are kept. */
void observe_namespaces(struct run *r, const struct point *at)
{
	static const char *const kind[] = {"user", "pid", "mnt", "net", "ipc", "uts", "cgroup", "time"};
	static const struct point config = {"parent.", SRC_LIVE, 0};

	for (size_t i = 0; i < N(kind); i++) {
		char path[32] = "ns/", self[32] = "/proc/self/ns/", ino[24], mine[24];
		struct text in = TEXT(ino), me = TEXT(mine);
		struct stat seen = {0}, own = {0};
		int host = !strcmp(kind[i], "net") && r->b.meta->net == ABPB_NET_HOST;
		int known = !fstatat(r->target_task.proc, strcat(path, kind[i]), &seen, 0) &&
			    !stat(strcat(self, kind[i]), &own) && seen.st_ino && own.st_ino;

		text_u64(&in, known ? seen.st_ino : 0);
		text_u64(&me, known ? own.st_ino : 0);
		observe_row(r, at, "ns", kind[i], host ? "shared" : "own",
			    !known			? NULL
			    : seen.st_ino != own.st_ino ? "own"
							: "shared");
		observe_row(r, at, "ns.inode", kind[i], NULL, known ? ino : NULL);
		if (at->final)
			observe_row(r, &config, "ns.inode", kind[i], NULL, known ? mine : NULL);
	}
}

/* The leaf in the hierarchy of a line's comma list; the list is empty for v2 (cgroups(7)). */
static const struct leaf *leaf_of(const struct run *r, const char *list)
{
	for (int i = 0; i < r->n_leaves; i++) {
		const struct leaf *l = &r->leaf[i];
		const char *p = strstr(list, l->controllers);
		size_t n = strlen(l->controllers);

		if (l->version == 2 ? !*list : p && (p == list || p[-1] == ',') && (!p[n] || p[n] == ','))
			return l;
	}
	return NULL;
}

/* Every line "ID:CONTROLLERS:PATH" of /proc/PID/cgroup; those without a leaf of ours are for information. */
static void cgroup_lines(struct run *r, const struct point *at)
{
	for (char *p = page, *end; *p; p = end + 1) {
		char *name = strchr(p, ':'), *path = name ? strchr(name + 1, ':') : NULL;
		const struct leaf *l;

		end = strchr(p, '\n');
		if (!path || !end || path > end)
			break;
		*path = *end = 0;
		l = leaf_of(r, name + 1);
		observe_row(r, at, "cgroup", name[1] ? name + 1 : "unified", l ? l->cgroup : NULL, path + 1);
	}
}

void observe_cgroups(struct run *r, const struct point *at)
{
	load(&r->target_task, "cgroup");
	if (!page[0])
		observe_row(r, at, "cgroup", NULL, "readable", NULL);
	cgroup_lines(r, at);
	for (int i = 0; i < r->n_leaves; i++)
		for (int k = 0; k < r->leaf[i].n_limits; k++) {
			const struct leaf_limit *l = &r->leaf[i].limit[k];
			char seen[64];
			struct text s = TEXT(seen);
			ssize_t n = sys_read_file(r->leaf[i].fd, l->file, page, sizeof page);

			text_squeeze(&s, page, n < 0 ? 0 : (size_t)n);
			observe_row(r, at, "limit", l->file, l->expected, n < 0 ? NULL : seen);
		}
}

/* --- rlimits: /proc/PID/limits, "%-25s %-20s %-20s %-10s\n" (fs/proc/base.c, proc_pid_limits) --- */

static const struct {
	const char *name, *line;
	int resource;	  /* of the policy; -1: 1, because a pipe handler ignores 0 (core(5)); -2: 0 */
	uint64_t divisor; /* the policy's unit / the kernel's */
} rlimit_rows[] = {
    {"files", "Max open files ", ABPB_FILES, 1},
    {"filesize", "Max file size ", ABPB_FILESIZE, 1},
    {"stack", "Max stack size ", ABPB_STACK, 1},
    {"memlock", "Max locked memory ", ABPB_MEMLOCK, 1},
    {"cputime", "Max cpu time ", ABPB_CPUTIME, 1000},
    {"core", "Max core file size ", -1, 1},
    {"nice", "Max nice priority ", -2, 1},
    {"rtprio", "Max realtime priority ", -2, 1},
};

void observe_rlimits(struct run *r, const struct point *at)
{
	load(&r->target_task, "limits");
	for (size_t i = 0; i < N(rlimit_rows); i++) {
		char seen[96], want[64];
		struct text s = TEXT(seen), w = TEXT(want);
		int res = rlimit_rows[i].resource;
		uint64_t v = res == -1, d = rlimit_rows[i].divisor;
		int set = res < 0 || bundle_limit(&r->b, (uint32_t)res, &v);

		for (int k = 0; k < 2; k++) { /* soft and hard */
			text_u64(&w, v / d + (v % d ? 1 : 0));
			text_puts(&w, k ? "" : " ");
		}
		if (value_of(page, rlimit_rows[i].line, &s)) { /* "SOFT HARD [UNIT]" */
			char *hard = strchr(seen, ' ');

			if (hard)
				hard[1 + strcspn(hard + 1, " ")] = 0;
		}
		observe_row(r, at, "rlimit", rlimit_rows[i].name, set ? want : NULL, s.n ? seen : NULL);
	}
}
