/* verify_task.c - the target's task at one moment: capabilities, ids, namespaces, control groups, limits. */
#include <stdlib.h>
#include <string.h>

#include "compiler/verify_walls.h"

static const char *const cap_sets[] = {"inheritable", "permitted", "effective", "bounding", "ambient"};

static const char *fmt_u64(const struct audit *u, uint64_t v)
{
	return arena_printf(u->a, "%llu", (unsigned long long)v);
}

static void judge_caps(struct audit *u)
{
	const char *want = arena_printf(u->a, "%016llx", (unsigned long long)u->b.meta->caps);

	for (int i = 0; i < 5; i++)
		audit_want(u, AUDIT_CAPS, u->by, arena_printf(u->a, "caps.%s", cap_sets[i]), want);
	audit_want(u, AUDIT_NNP, u->by, "no_new_privs", "1");
}

/* ---- ids ---------------------------------------------------------------- */

struct map {
	uint64_t inside[64], outside[64];
	int n;
};

/* "IN OUT 1 IN OUT 1": every line maps one id, none to 0 outside. */
static bool map_read(const char *text, struct map *m)
{
	char *end;

	m->n = 0;
	for (const char *p = text; *p && m->n < 64; m->n++) {
		m->inside[m->n] = strtoull(p, &end, 10);
		m->outside[m->n] = strtoull(end, &end, 10);
		if (strtoull(end, &end, 10) != 1 || !m->outside[m->n] || (*end && *end != ' '))
			return false;
		p = end + (*end == ' ');
	}
	return m->n > 0;
}

static const uint64_t *map_find(const struct map *m, uint64_t inside)
{
	for (int i = 0; i < m->n; i++)
		if (m->inside[i] == inside)
			return &m->outside[i];
	return NULL;
}

/* The bundle fixes the id inside; the id outside is the launch's choice, the same in map and status. */
static void judge_id(struct audit *u, const char *map, const char *fact, uint64_t inside, struct map *m)
{
	bool caller = u->e->rootless && (u->b.meta->flags & ABPB_FLAG_CALLER_ID);
	const char *text = audit_seen(u, AUDIT_IDS, u->by, map);

	m->n = 0;
	if (!text)
		return;
	if (!map_read(text, m)) {
		audit_finding(u, AUDIT_IDS, "%s%s is \"%s\": not one id a line, or host id 0", u->prefix, map,
			      text);
		m->n = 0;
		return;
	}
	const uint64_t *out = caller ? &m->outside[0] : map_find(m, inside);
	if (!out) {
		audit_finding(u, AUDIT_IDS, "%s%s does not map %llu, the policy's id", u->prefix, map,
			      (unsigned long long)inside);
		return;
	}
	const char *id = fmt_u64(u, *out);
	audit_want(u, AUDIT_IDS, u->by, fact, arena_printf(u->a, "%s %s %s %s", id, id, id, id));
}

static int u64_cmp(const void *x, const void *y)
{
	const uint64_t *p = x, *q = y;
	return (*p > *q) - (*p < *q);
}

static void judge_groups(struct audit *u, const struct map *m)
{
	uint32_t n;
	const uint32_t *group = audit_section(u, ABPB_GROUPS, sizeof *group, &n);
	uint64_t out[64];
	struct buf want = buf_new(u->a);

	if (u->e->rootless) {
		const char *seen = audit_seen(u, AUDIT_IDS, u->by, "ids.groups");
		if (seen && *seen)
			audit_note(u, "an ordinary user's launch kept the caller's groups: %s", seen);
		return;
	}
	if (!m->n)
		return;
	for (uint32_t i = 0; i < n && i < 64; i++) {
		const uint64_t *o = map_find(m, group[i]);

		out[i] = o ? *o : 0;
		if (!o)
			audit_finding(u, AUDIT_IDS, "%sgid_map does not map group %u", u->prefix, group[i]);
	}
	if (n)
		qsort(out, n < 64 ? n : 64, sizeof *out, u64_cmp);
	for (uint32_t i = 0; i < n && i < 64; i++)
		buf_printf(&want, i ? " %llu" : "%llu", (unsigned long long)out[i]);
	audit_want(u, AUDIT_IDS, u->by, "ids.groups", buf_str(&want));
}

static void judge_ids(struct audit *u)
{
	struct map users, groups;
	uint32_t n;

	audit_section(u, ABPB_GROUPS, sizeof(uint32_t), &n);
	if (u->e->rootless && (n || !(u->b.meta->flags & ABPB_FLAG_ROOTLESS_OK)))
		audit_finding(u, AUDIT_IDS,
			      "only root can launch this policy, and the record says that it did not");
	judge_id(u, "uid_map", "ids.uid", u->b.meta->uid, &users);
	judge_id(u, "gid_map", "ids.gid", u->b.meta->gid, &groups);
	if (users.n > 1 || groups.n > (int)n + 1)
		audit_finding(u, AUDIT_IDS, "%sa map has more lines than the policy has ids", u->prefix);
	judge_groups(u, &groups);
}

/* ---- namespaces --------------------------------------------------------- */

static void judge_namespaces(struct audit *u)
{
	static const char *const kind[] = {"user", "pid", "mnt", "net", "ipc", "uts", "cgroup", "time"};

	for (int i = 0; i < 8; i++) {
		bool host = !strcmp(kind[i], "net") && u->b.meta->net == ABPB_NET_HOST;
		const char *want = host ? "shared" : "own";
		struct fact *parent = evidence_fact(u->e, arena_printf(u->a, "parent.ns.inode:%s", kind[i]));
		const char *in = audit_seen(u, AUDIT_NS, u->by, arena_printf(u->a, "ns.inode:%s", kind[i]));

		audit_want(u, AUDIT_NS, u->by, arena_printf(u->a, "ns:%s", kind[i]), want);
		if (parent)
			parent->used = true;
		if (!in)
			continue;
		if (!parent || !parent->observed)
			audit_finding(u, AUDIT_NS, "parent.ns.inode:%s: missing", kind[i]);
		else if (!strcmp(in, parent->observed) != host || !strtoull(in, NULL, 10))
			audit_finding(u, AUDIT_NS, "%sns:%s: inode %s, the launcher's is %s", u->prefix,
				      kind[i], in, parent->observed);
	}
}

/* ---- control groups ------------------------------------------------------ */

static bool in_list(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)); p += n)
		if ((p == list || p[-1] == ',') && (!p[n] || p[n] == ','))
			return true;
	return false;
}

/* The v1 hierarchy that holds CONTROLLER, as a fact's name without prefix; NULL: it is on v2. */
static const char *v1_line(const struct audit *u, const char *controller)
{
	const char *start = arena_printf(u->a, "%scgroup:", u->prefix);
	size_t n = strlen(start);

	for (uint32_t i = 0; i < u->e->facts.n; i++) {
		const char *name = u->e->facts.v[i].name;

		if (!strncmp(name, start, n) && in_list(name + n, controller))
			return name + strlen(u->prefix);
	}
	return NULL;
}

/* The task is in the run's own group of the hierarchy LINE. */
static void judge_membership(struct audit *u, const char *line)
{
	const char *path = audit_seen(u, AUDIT_CGROUP, u->by, line), *last = path ? strrchr(path, '/') : NULL;

	if (path && (!last || !last[1] || strcmp(last + 1, u->e->run) != 0))
		audit_finding(u, AUDIT_CGROUP, "%s%s: %s is not the group of this run", u->prefix, line,
			      path);
}

/* One limit as a file of v2 or of v1: VALUE as the kernel prints it back. */
struct knob {
	const char *controller, *v2, *v1;
};

static void judge_knob(struct audit *u, const struct knob *k, const char *v2, const char *v1)
{
	const char *line = v1_line(u, k->controller);

	audit_want(u, AUDIT_CGROUP, u->by, arena_printf(u->a, "limit:%s", line ? k->v1 : k->v2),
		   line ? v1 : v2);
	judge_membership(u, line ? line : "cgroup:unified");
}

/* Kernels count pages: the value shown is the policy's, rounded down to the page size that the row implies.
 */
static uint64_t paged(struct audit *u, const char *file, uint64_t v)
{
	struct fact *f = evidence_fact(u->e, arena_printf(u->a, "%slimit:%s", u->prefix, file));
	uint64_t seen = f && f->observed ? strtoull(f->observed, NULL, 10) : 0;

	for (uint64_t page = 4096; page <= 65536; page *= 4)
		if (seen == v - v % page)
			return seen;
	return v - v % 4096;
}

static void judge_memory(struct audit *u)
{
	static const struct knob memory = {"memory", "memory.max", "memory.limit_in_bytes"};
	static const struct knob swap = {"memory", "memory.swap.max", "memory.memsw.limit_in_bytes"};
	static const struct knob no_swap = {"memory", "memory.swappiness", "memory.swappiness"};
	uint64_t m = 0, s = 0;
	bool v1 = v1_line(u, "memory");
	bool memsw =
	    evidence_fact(u->e, arena_printf(u->a, "%slimit:memory.memsw.limit_in_bytes", u->prefix));

	audit_limit(u, ABPB_SWAP, &s);
	if (!audit_limit(u, ABPB_MEMORY, &m))
		return;
	uint64_t pm = paged(u, v1 ? memory.v1 : memory.v2, m);
	judge_knob(u, &memory, fmt_u64(u, pm), fmt_u64(u, pm));
	if (!v1 || memsw) {
		judge_knob(u, &swap, fmt_u64(u, paged(u, swap.v2, s)), fmt_u64(u, pm + s - s % 4096));
		return;
	}
	judge_knob(u, &no_swap, "0", "0");
	audit_note(u, "swap: the launcher's machine had none, and this controller cannot limit it");
}

/* Hierarchies without a limit: where the launcher claims a group of the run, it must be that. */
static void judge_other_groups(struct audit *u)
{
	const char *start = arena_printf(u->a, "%scgroup:", u->prefix);

	for (uint32_t i = 0; i < u->e->facts.n; i++) {
		struct fact *f = &u->e->facts.v[i];

		if (f->used || strncmp(f->name, start, strlen(start)) != 0)
			continue;
		f->used = true;
		if (f->expected)
			judge_membership(u, f->name + strlen(u->prefix));
	}
}

static void judge_cgroups(struct audit *u)
{
	static const struct knob cpu = {"cpu", "cpu.max", "cpu.cfs_quota_us"};
	static const struct knob period = {"cpu", "cpu.max", "cpu.cfs_period_us"};
	static const struct knob pids = {"pids", "pids.max", "pids.max"};
	uint64_t v;

	judge_memory(u);
	if (audit_limit(u, ABPB_CPU, &v)) {
		const char *v2 = arena_printf(u->a, "%llu 100000", (unsigned long long)v * 1000);
		judge_knob(u, &cpu, v2, fmt_u64(u, v * 1000));
		judge_knob(u, &period, v2, "100000");
	}
	if (audit_limit(u, ABPB_PIDS, &v)) /* and one for pid 1 of the run */
		judge_knob(u, &pids, fmt_u64(u, v + 1), fmt_u64(u, v + 1));
	judge_other_groups(u);
	/* a v2 group of the run has no groups below it, and dies as one */
	struct fact *v2 = evidence_fact(u->e, arena_printf(u->a, "%scgroup:unified", u->prefix));
	if (v2 && v2->expected)
		audit_want(u, AUDIT_CGROUP, u->by, "limit:cgroup.max.descendants", "0");
	if (!v1_line(u, "memory"))
		audit_want(u, AUDIT_CGROUP, u->by, "limit:memory.oom.group", "1");
}

/* ---- rlimits, session ---------------------------------------------------- */

static void judge_rlimits(struct audit *u)
{
	static const struct {
		const char *name;
		enum abpb_resource resource;
		uint64_t divisor; /* milliseconds to seconds, rounded up */
	} rows[] = {{"files", ABPB_FILES, 1},
		    {"filesize", ABPB_FILESIZE, 1},
		    {"stack", ABPB_STACK, 1},
		    {"memlock", ABPB_MEMLOCK, 1},
		    {"cputime", ABPB_CPUTIME, 1000}};
	uint64_t v;

	for (int i = 0; i < 5; i++) {
		const char *fact = arena_printf(u->a, "rlimit:%s", rows[i].name);

		if (!audit_limit(u, rows[i].resource, &v)) {
			audit_info(u, fact);
			continue;
		}
		v = v / rows[i].divisor + (v % rows[i].divisor != 0);
		audit_want(u, AUDIT_RLIMIT, u->by, fact,
			   arena_printf(u->a, "%llu %llu", (unsigned long long)v, (unsigned long long)v));
	}
	audit_want(u, AUDIT_RLIMIT, u->by, "rlimit:core",
		   "1 1"); /* 0 would not stop a pipe handler; core(5) */
	audit_want(u, AUDIT_RLIMIT, u->by, "rlimit:nice", "0 0");
	audit_want(u, AUDIT_RLIMIT, u->by, "rlimit:rtprio", "0 0");
}

void judge_task(struct audit *u)
{
	judge_caps(u);
	judge_ids(u);
	judge_namespaces(u);
	judge_cgroups(u);
	judge_rlimits(u);
	audit_want(u, AUDIT_TASK, u->by, "session", "own");
	audit_want(u, AUDIT_TASK, u->by, "threads", "1");
	audit_want(u, AUDIT_TASK, u->by, "umask", "0022");
	if (*u->prefix) /* an ordinary user's parent must be able to look */
		audit_want(u, AUDIT_TASK, u->by, "dumpable", u->e->rootless ? "1" : "0");
}

/* The digest of FILTER sections is judged with the target's: here one of REAPER, unless nobody could look. */
static void judge_reaper_filter(struct audit *u)
{
	struct fact *f = evidence_fact(u->e, "reaper.seccomp.filter");

	if (!f || f->observed || !u->e->rootless) {
		audit_filter(u, AUDIT_REAPER, BY_STOP, "reaper.seccomp.filter", ABPB_REAPER);
		return;
	}
	f->used = true;
	audit_note(u, "the filter of pid 1 was not read back: the kernel lets only root do that");
}

void judge_reaper(struct audit *u)
{
	for (int i = 0; i < 5; i++)
		audit_want(u, AUDIT_REAPER, BY_STOP, arena_printf(u->a, "reaper.caps.%s", cap_sets[i]),
			   "0000000000000000");
	audit_want(u, AUDIT_REAPER, BY_STOP, "reaper.no_new_privs", "1");
	audit_want(u, AUDIT_REAPER, BY_STOP, "reaper.threads", "1");
	audit_want(u, AUDIT_REAPER, BY_STOP, "reaper.dumpable", "0");
	audit_want(u, AUDIT_REAPER, BY_STOP, "reaper.seccomp.mode", "2");
	audit_want(u, AUDIT_REAPER, BY_STOP, "reaper.seccomp.filters_added", "1");
	judge_reaper_filter(u);
	const char *uid = audit_seen(u, AUDIT_IDS, BY_STOP, "ids.uid");
	if (uid)
		audit_want(u, AUDIT_REAPER, BY_STOP, "reaper.ids.uid", uid);
}
