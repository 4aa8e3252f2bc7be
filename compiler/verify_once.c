/* verify_once.c - what is taken once: the filter, the image, the environment, canaries, what the child said.
 */
#include <stdlib.h>
#include <string.h>

#include "compiler/base/sha256.h"
#include "compiler/verify_walls.h"

static const char *digest_of(const struct audit *u, const void *data, size_t n)
{
	uint8_t d[32];
	char hex[65];

	sha256(data, n, d);
	sha256_hex(d, hex);
	return arena_strdup(u->a, hex);
}

/* ---- bundle --------------------------------------------------------------- */

static void same(struct audit *u, const char *what, const char *recorded, const char *want)
{
	if (!recorded || strcmp(recorded, want) != 0)
		audit_finding(u, AUDIT_BUNDLE, "%s: the record says %s, the bundle %s", what,
			      recorded ? recorded : "nothing", want);
	else
		u->count[AUDIT_BUNDLE][FS_LIVE]++;
}

/* What no fact of this version can show: such a bundle is refused, so nothing can have begun under it. */
static void judge_unbuilt(struct audit *u)
{
	uint32_t n;
	const struct abpb_missing *m = audit_section(u, ABPB_MISSING, sizeof *m, &n);
	uint64_t ms;

	for (uint32_t i = 0; i < n; i++)
		audit_finding(u, AUDIT_BUNDLE, "no fact shows the wall %s, which `%s` needs",
			      audit_text(u, m[i].wall), audit_text(u, m[i].what));
	if (u->b.meta->net == ABPB_NET_RELAY)
		audit_finding(u, AUDIT_BUNDLE, "no fact shows the walls of net relay");
	if (u->b.meta->require & ABPB_REQUIRE_APPARMOR)
		audit_finding(u, AUDIT_BUNDLE, "no fact shows the AppArmor profile that the policy requires");
	if (audit_limit(u, ABPB_WALL, &ms))
		audit_note(u,
			   "limit wall %llu ms is the launcher's own timer: no object of the kernel holds it",
			   (unsigned long long)ms);
}

static void judge_bundle(struct audit *u)
{
	const struct abpb_meta *m = u->b.meta;
	char hex[65];

	same(u, "bundle digest", u->e->bundle, u->bundle_sha256);
	sha256_hex(m->model_sha256, hex);
	same(u, "model digest", u->e->model, arena_strdup(u->a, hex));
	sha256_hex(m->source_sha256, hex);
	same(u, "source digest", u->e->source, arena_strdup(u->a, hex));
	same(u, "policy name", u->e->policy, audit_text(u, m->name));
	same(u, "policy version", u->e->version, audit_text(u, m->version));
	same(u, "compiler", u->e->compiler, audit_text(u, m->compiler));
	judge_unbuilt(u);
}

/* ---- seccomp -------------------------------------------------------------- */

void audit_filter(struct audit *u, enum audit_wall w, uint32_t by, const char *name, uint32_t type)
{
	static const uint32_t arch[] = {ABPB_ARCH_X86_64, ABPB_ARCH_AARCH64};
	const char *seen = audit_seen(u, w, by, name), *want = "no filter in the bundle";
	uint32_t n;

	for (int i = 0; i < 2 && seen; i++) {
		const void *f = decode_section(&u->b, type, arch[i], 8, &n);
		const char *d = f ? digest_of(u, f, (size_t)n * 8) : NULL;

		if (d && (i == 0 || !strcmp(d, seen)))
			want = d;
	}
	if (seen)
		audit_want(u, w, by, name, want);
}

static void judge_seccomp(struct audit *u)
{
	uint32_t trace = u->b.meta->require & ABPB_REQUIRE_READBACK ? 0 : BY_TRACE;

	audit_want(u, AUDIT_SECCOMP, BY_STOP, "seccomp.mode", "2");
	audit_want(u, AUDIT_SECCOMP, BY_STOP, "seccomp.filters_added", "1");
	audit_filter(u, AUDIT_SECCOMP, BY_STOP | trace, "seccomp.filter", ABPB_FILTER);
	audit_filter(u, AUDIT_SECCOMP, BY_LIVE | trace, "go.seccomp.filter", ABPB_FILTER);
}

/* ---- program -------------------------------------------------------------- */

static bool covers(const struct audit *u, const struct abpb_program *p, const char *path)
{
	const char *name = audit_text(u, p->path);
	size_t n = strlen(name);

	if (!(p->flags & ABPB_PROGRAM_TREE))
		return !strcmp(path, name);
	return n == 1 || (!strncmp(path, name, n) && (path[n] == '/' || !path[n]));
}

/* PATH is covered by an exec grant; every pin on it is DIGEST. */
static void judge_grant(struct audit *u, const char *path, const char *digest, const char *fact)
{
	uint32_t n;
	const struct abpb_program *p = audit_section(u, ABPB_PROGRAMS, sizeof *p, &n);
	bool covered = false;

	audit_info(u, fact);
	for (uint32_t i = 0; i < n; i++) {
		char hex[65];

		if (!covers(u, &p[i], path))
			continue;
		covered = true;
		sha256_hex(p[i].sha256, hex);
		if ((p[i].flags & ABPB_PROGRAM_DIGEST) && strcmp(hex, digest) != 0)
			audit_finding(u, AUDIT_PROGRAM, "%s: the policy pins sha256 %s, hashed was %s", path,
				      hex, digest);
	}
	if (!covered)
		audit_finding(u, AUDIT_PROGRAM, "%s: no exec grant of the policy covers it", path);
}

static void judge_program(struct audit *u)
{
	const char *only = audit_text(u, u->b.meta->program);
	const char *digest = audit_seen(u, AUDIT_PROGRAM, BY_LIVE, "program.sha256");
	const char *exe = audit_seen(u, AUDIT_PROGRAM, BY_STOP, "exe");
	struct fact *expected = evidence_fact(u->e, "exe");

	if (exe && (!expected->expected || strncmp(exe, "0:0 inode 0 ", 12) == 0))
		audit_finding(u, AUDIT_PROGRAM, "exe: no file that was hashed stands beside it");
	if (digest && strcmp(digest, u->e->program_sha256) != 0)
		audit_finding(u, AUDIT_PROGRAM, "program.sha256 is not the record's program digest");
	if (*only && strcmp(only, u->e->program) != 0 && strcmp(only, u->e->asked) != 0)
		audit_finding(u, AUDIT_PROGRAM, "the policy starts %s only, the record's program is %s", only,
			      u->e->program);
	else if (*only && strcmp(only, u->e->program) != 0)
		audit_note(u, "%s, the policy's program, was a link to %s on that host", only, u->e->program);
	judge_grant(u, u->e->program, u->e->program_sha256, "program.sha256");
	struct fact *i = evidence_fact(u->e, "interpreter"), *id = evidence_fact(u->e, "interpreter.sha256");
	if (i && i->observed && id && id->observed) {
		audit_info(u, "interpreter");
		judge_grant(u, i->observed, id->observed, "interpreter.sha256");
	}
}

/* ---- environment ---------------------------------------------------------- */

static bool word_in(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; n && (p = strstr(p, word)); p += n)
		if ((p == list || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

/* Every word of LIST is the name of an entry, with ONLY_SET of a `set` line, and none twice. */
static void judge_words(struct audit *u, const char *fact, const char *list, const struct abpb_env *e,
			uint32_t n, bool only_set)
{
	char *save, *copy = arena_strdup(u->a, list);
	struct buf seen = buf_new(u->a);

	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		bool known = false;

		for (uint32_t i = 0; i < n; i++)
			known = known || ((!only_set || e[i].kind == ABPB_ENV_SET) &&
					  !strcmp(audit_text(u, e[i].name), w));
		if (!known)
			audit_finding(u, AUDIT_ENV, "%s: %s is not a name of the policy", fact, w);
		if (word_in(buf_str(&seen), w))
			audit_finding(u, AUDIT_ENV, "%s: %s twice", fact, w);
		buf_printf(&seen, " %s", w);
	}
}

static void judge_env(struct audit *u)
{
	uint32_t n;
	const struct abpb_env *e = audit_section(u, ABPB_ENV, sizeof *e, &n);
	const char *names = audit_seen(u, AUDIT_ENV, BY_STOP, "env.names");
	const char *set = audit_seen(u, AUDIT_ENV, BY_STOP, "env.set");

	audit_info(u, "secret.length:");
	if (!names || !set)
		return;
	judge_words(u, "env.names", names, e, n, false);
	judge_words(u, "env.set", set, e, n, true);
	for (uint32_t i = 0; i < n; i++) {
		const char *name = audit_text(u, e[i].name);

		if (e[i].kind != ABPB_ENV_PASS && !word_in(names, name))
			audit_finding(u, AUDIT_ENV, "env.names: %s is missing", name);
		if (e[i].kind == ABPB_ENV_SET && !word_in(set, name))
			audit_finding(u, AUDIT_ENV, "env.set: %s does not have the policy's value", name);
	}
}

/* ---- canaries, and the words of the child --------------------------------- */

static void judge_canaries(struct audit *u)
{
	static const char *const after[] = {"canary.open_after", "canary.write_after", "canary.exec_after"};
	bool kill = u->b.meta->flags & ABPB_FLAG_KILL;

	audit_info(u, "canary.net_after");
	audit_want(u, AUDIT_NESTED, BY_BEHAVIOUR, "canary.unshare_killed", kill ? "1" : "0");
	if (kill)
		audit_info(u, "canary.unshare_after");
	else
		audit_want(u, AUDIT_NESTED, BY_BEHAVIOUR, "canary.unshare_after", "1");
	if (u->e->degraded & 2)
		audit_finding(u, AUDIT_LANDLOCK, "left out by --allow-degraded");
	for (int i = 0; i < 3; i++)
		if (u->e->degraded & 2)
			audit_info(u, after[i]);
		else
			audit_want(u, AUDIT_LANDLOCK, BY_BEHAVIOUR, after[i], "13");
	audit_want(u, AUDIT_LANDLOCK, BY_BEHAVIOUR, "canary.open_before", "0");
}

/* The sysctl came with Linux 6.3, and only root may set it; a policy with memfd_create needs it. */
static void judge_memfd(struct audit *u)
{
	static const char fact[] = "child.sysctl:vm.memfd_noexec";
	char *end;
	unsigned long major = strtoul(u->e->kernel, &end, 10), minor = *end ? strtoul(end + 1, NULL, 10) : 0;
	bool can = !u->e->rootless && (major > 6 || (major == 6 && minor >= 3));

	if (can || (u->b.meta->flags & ABPB_FLAG_MEMFD))
		audit_want(u, AUDIT_SELF, BY_CHILD, fact, "2");
	else
		audit_seen(u, AUDIT_SELF, BY_CHILD, fact);
}

static void judge_child(struct audit *u)
{
	static const char *const ns[] = {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"};
	const struct abpb_meta *m = u->b.meta;
	struct fact *abi = evidence_fact(u->e, "child.landlock_abi");

	for (int i = 0; i < 8; i++)
		audit_want(u, AUDIT_SELF, BY_CHILD,
			   arena_printf(u->a, "child.sysctl:user.max_%s_namespaces", ns[i]), "0");
	audit_want(u, AUDIT_SELF, BY_CHILD, "child.securebits", "000000ef");
	audit_want(u, AUDIT_SELF, BY_CHILD, "child.no_new_privs", "1");
	/* an ordinary user's parent must be able to read /proc of the target */
	audit_want(u, AUDIT_SELF, BY_CHILD, "child.dumpable", u->e->rootless ? "1" : "0");
	audit_want(u, AUDIT_SELF, BY_CHILD, "child.pdeathsig", "9");
	audit_want(u, AUDIT_SELF, BY_CHILD, "child.personality", "0");
	audit_want(u, AUDIT_SELF, BY_CHILD, "child.hostname", audit_text(u, m->hostname));
	audit_want(u, AUDIT_SELF, BY_CHILD, "child.cwd", audit_text(u, m->workdir));
	audit_seen(u, AUDIT_SELF, BY_CHILD, "child.landlock_abi");
	judge_memfd(u);
	if ((m->require & ABPB_REQUIRE_LANDLOCK) &&
	    (!abi || !abi->observed || strtoul(abi->observed, NULL, 10) < m->landlock_abi))
		audit_finding(u, AUDIT_LANDLOCK, "the policy requires ABI %u", m->landlock_abi);
}

void judge_once(struct audit *u)
{
	judge_bundle(u);
	judge_seccomp(u);
	judge_program(u);
	judge_env(u);
	judge_canaries(u);
	judge_child(u);
	audit_want(u, AUDIT_TASK, BY_STOP, "signals.blocked", "0000000000000000");
	audit_want(u, AUDIT_TASK, BY_STOP, "signals.ignored", "0000000000000000");
}

/* ---- the verbatim text ----------------------------------------------------- */

/* The rest of the line that starts with KEY, blanks squeezed; "" if there is none. */
static const char *line_of(const struct audit *u, const char *key)
{
	const char *p = u->e->status;
	size_t n = strlen(key);
	struct buf out = buf_new(u->a);

	while (p && strncmp(p, key, n) != 0)
		p = (p = strchr(p, '\n')) ? p + 1 : NULL;
	if (!p)
		return "";
	char *save, *line = arena_strndup(u->a, p + n, strcspn(p + n, "\n"));
	for (char *w = strtok_r(line, " \t", &save); w; w = strtok_r(NULL, " \t", &save))
		buf_printf(&out, out.len ? " %s" : "%s", w);
	return buf_str(&out);
}

void judge_status(struct audit *u)
{
	static const char *const rows[][2] = {
	    {"CapInh:", "caps.inheritable"}, {"CapPrm:", "caps.permitted"}, {"CapEff:", "caps.effective"},
	    {"CapBnd:", "caps.bounding"},    {"CapAmb:", "caps.ambient"},   {"NoNewPrivs:", "no_new_privs"},
	    {"Seccomp:", "seccomp.mode"},    {"Uid:", "ids.uid"},	    {"Gid:", "ids.gid"},
	    {"Groups:", "ids.groups"},	     {"Threads:", "threads"},	    {"SigBlk:", "signals.blocked"},
	    {"SigIgn:", "signals.ignored"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fact *f = evidence_fact(u->e, rows[i][1]);
		const char *line = line_of(u, rows[i][0]);

		if (!f || !f->observed)
			continue; /* its own wall says so */
		if (strcmp(line, f->observed) != 0)
			audit_finding(u, AUDIT_STATUS, "%s \"%s\" in the text, \"%s\" in the row %s",
				      rows[i][0], line, f->observed, f->name);
		else
			u->count[AUDIT_STATUS][FS_EXEC_STOP]++;
	}
}
