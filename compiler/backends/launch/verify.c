#include "compiler/backends/launch/launch.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/backends/launch/decode.h"

struct judge {
	struct sets *s;
	struct diags *d;
	const struct model *m;
	struct decoded b;
	bool good;
};

static void differs(struct judge *j, const char *what, const char *detail)
{
	diag_error(j->d, j->m->name_at, "ABP-INT-021", "the bundle does not say what the policy says: %s%s%s",
		   what, detail ? ": " : "", detail ? detail : "");
	j->good = false;
}

static void expect(struct judge *j, bool same, const char *what)
{
	if (!same)
		differs(j, what, NULL);
}

static bool same_text(const struct judge *j, uint32_t off, const char *want)
{
	return strcmp(decode_string(&j->b, off), want ? want : "") == 0;
}

/* ---- the view's meaning ----------------------------------------------- */

/*
 * A name has the rights of the deepest entry that covers it.  For one right, walk the entries in order and
 * count how often the right has changed on the way from the root: odd depths add their names, even depths
 * take them away.
 */
enum { MAX_DEPTH = 16 };

struct layer {
	VEC(const char *) trees, names;
};

static const char *tree_pattern(struct arena *a, const char *dir)
{
	return arena_printf(a, "%s/**", strcmp(dir, "/") == 0 ? "" : dir);
}

static bool inside(const char *name, const char *dir)
{
	size_t n = strlen(dir);
	return strncmp(name, dir, n) == 0 && (name[n] == '/' || !name[n] || n == 1);
}

static bool single_name(const struct abpb_view *v)
{
	return v->kind == ABPB_V_FILE || v->kind == ABPB_V_DEVICE || v->kind == ABPB_V_PROCFILE ||
	       (v->kind == ABPB_V_EXCEPT && !(v->flags & ABPB_BELOW));
}

struct open_dir {
	const char *dir;
	unsigned depth;
};

static bool layer_entry(struct judge *j, const struct abpb_view *v, uint32_t bit, struct open_dir *stack,
			unsigned *n, struct layer *layers)
{
	const char *path = decode_string(&j->b, v->path);
	if (v->kind == ABPB_V_PROC)
		path = "/proc/self"; /* subset=pid: the run's own processes, which is what the grant names */
	while (*n && !inside(path, stack[*n - 1].dir))
		--*n;
	unsigned outer = *n ? stack[*n - 1].depth : 0, depth = outer;
	if (!!(v->flags & bit) != (outer & 1))
		depth++;
	if (depth >= MAX_DEPTH || *n >= MAX_DEPTH * 16)
		return false;
	if (depth != outer && single_name(v))
		vec_push(j->s->a, &layers[depth].names, path);
	else if (depth != outer)
		vec_push(j->s->a, &layers[depth].trees, tree_pattern(j->s->a, path));
	if (!single_name(v))
		stack[(*n)++] = (struct open_dir){path, depth};
	return true;
}

static const struct dfa *layers_set(struct arena *a, const struct layer *layers)
{
	const struct dfa *set = NULL;
	for (unsigned i = 1; i < MAX_DEPTH; i++) {
		const struct dfa *x = dfa_many(a, DFA_PATH, layers[i].trees.v, layers[i].trees.n);
		x = dfa_or(a, x, dfa_many(a, DFA_STRING, layers[i].names.v, layers[i].names.n));
		if (x)
			set = i & 1 ? dfa_or(a, set, x) : dfa_diff(a, set, x);
	}
	return set;
}

static const struct dfa *view_set(struct judge *j, uint32_t bit)
{
	struct layer layers[MAX_DEPTH] = {0};
	struct open_dir stack[MAX_DEPTH * 16];
	unsigned depth = 0;
	uint32_t n;
	const struct abpb_view *v = decode_section(&j->b, ABPB_VIEW, 0, sizeof *v, &n);
	for (uint32_t i = 0; i < n; i++)
		if (v[i].kind != ABPB_V_SYMLINK && !layer_entry(j, &v[i], bit, stack, &depth, layers))
			differs(j, "the view is nested too deeply", decode_string(&j->b, v[i].path));
	return layers_set(j->s->a, layers);
}

static bool wall_missing(const struct model *m, const char *wall)
{
	for (uint32_t i = 0; i < m->missing.n; i++)
		if (strcmp(m->missing.v[i].wall, wall) == 0)
			return true;
	return false;
}

/* The three files of `connect ... as NAME` are made by nobody yet: its grant must be among the missing. */
static const struct dfa *named_files(const struct judge *j)
{
	static const char *const files[] = {"/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf"};
	for (uint32_t i = 0; i < j->m->grants.n; i++)
		if (j->m->grants.v[i].kind == G_NET && j->m->grants.v[i].u.net.as && j->m->missing.n)
			return dfa_many(j->s->a, DFA_STRING, files, 3);
	return NULL;
}

static void judge_right(struct judge *j, enum right right, uint32_t bit)
{
	static const char *const name[N_RIGHTS] = {"read", "write", "load", "exec"};
	struct arena *a = j->s->a;
	const struct dfa *want = j->m->all.k[K_READ + right].d, *got = view_set(j, bit);
	const struct dfa *less = dfa_diff(a, dfa_diff(a, want, named_files(j)), got),
			 *more = dfa_diff(a, got, want);
	bool bound =
	    wall_missing(j->m, "apparmor"); /* a glob or a single /proc/self name: refused at launch */
	if (less && !bound)
		differs(j, "granted, but not in the view",
			arena_printf(a, "%s %s", name[right], dfa_witness(a, less)));
	if (more && !bound)
		differs(j, "in the view, but not granted",
			arena_printf(a, "%s %s", name[right], dfa_witness(a, more)));
}

static void judge_view(struct judge *j)
{
	judge_right(j, RIGHT_READ, ABPB_READ);
	judge_right(j, RIGHT_WRITE, ABPB_WRITE);
	judge_right(j, RIGHT_LOAD, ABPB_LOAD);
	judge_right(j, RIGHT_EXEC, ABPB_EXEC);
}

/* Names that a rename could carry away stay pinned: every directory between a write tree and its exception.
 */
static bool has_entry(const struct judge *j, const char *path, size_t len)
{
	uint32_t n;
	const struct abpb_view *v = decode_section(&j->b, ABPB_VIEW, 0, sizeof *v, &n);
	for (uint32_t i = 0; i < n; i++) {
		const char *p = decode_string(&j->b, v[i].path);
		if (strncmp(p, path, len) == 0 && !p[len])
			return true;
	}
	return false;
}

static void judge_pins(struct judge *j)
{
	uint32_t n;
	const struct abpb_view *v = decode_section(&j->b, ABPB_VIEW, 0, sizeof *v, &n), *tree = NULL;
	for (uint32_t i = 0; i < n; i++) {
		const char *p = decode_string(&j->b, v[i].path);
		if (v[i].kind == ABPB_V_TREE && (v[i].flags & ABPB_WRITE))
			tree = &v[i];
		if (v[i].kind != ABPB_V_EXCEPT || !tree)
			continue;
		size_t top = strlen(decode_string(&j->b, tree->path));
		for (const char *s = p + top + 1; (s = strchr(s, '/')); s++)
			if (!has_entry(j, p, (size_t)(s - p)))
				differs(j, "a directory above an exception is not pinned", p);
	}
}

/* ---- settings and lists ----------------------------------------------- */

static void judge_meta(struct judge *j)
{
	const struct abpb_meta *b = j->b.meta;
	const struct settings *r = &j->m->run;
	uint32_t require =
	    (r->require_apparmor ? 1u : 0) | (r->landlock_abi ? 2u : 0) | (r->require_readback ? 4u : 0);
	expect(j, same_text(j, b->name, j->m->name) && same_text(j, b->version, j->m->version),
	       "name or version");
	expect(j, b->caps == j->m->all.k[K_CAP].bits, "capabilities");
	expect(j, b->uid == r->uid && b->gid == r->gid, "user");
	expect(j, (int)b->net == (int)r->net && (int)b->stdio == (int)r->stdio, "net or stdio");
	expect(j, b->require == require && b->landlock_abi == r->landlock_abi, "require");
	expect(j, same_text(j, b->workdir, r->workdir), "workdir");
	expect(j, same_text(j, b->hostname, r->hostname), "hostname");
	expect(j, same_text(j, b->program, r->program), "program");
	expect(j, !(b->flags & ABPB_FLAG_KILL) == !r->on_deny_kill, "on-deny");
	expect(j, memcmp(b->source_sha256, j->m->source_sha256, 32) == 0, "source digest");
}

static void judge_limits(struct judge *j)
{
	uint32_t n, seen = 0;
	const struct abpb_limit *l = decode_section(&j->b, ABPB_LIMITS, 0, sizeof *l, &n);
	for (uint32_t i = 0; i < n; i++) {
		bool same = l[i].resource < ABPB_N_RESOURCES && j->m->limits[l[i].resource].set &&
			    j->m->limits[l[i].resource].value == l[i].value;
		expect(j, same, "limits");
		seen |= same ? 1u << l[i].resource : 0;
	}
	for (uint32_t i = 0; i < ABPB_N_RESOURCES; i++)
		expect(j, !j->m->limits[i].set == !(seen >> i & 1), "limits");
}

/* The names that the environment may have = the grants' set, plus what is set and handed over by name. */
static void judge_env(struct judge *j)
{
	struct arena *a = j->s->a;
	VEC(const char *) pass = {0};
	uint32_t n, sets = 0, secrets = 0;
	const struct abpb_env *e = decode_section(&j->b, ABPB_ENV, 0, sizeof *e, &n);
	for (uint32_t i = 0; i < n; i++) {
		if (e[i].kind == ABPB_ENV_PASS)
			vec_push(a, &pass, decode_string(&j->b, e[i].name));
		for (uint32_t k = 0; e[i].kind == ABPB_ENV_SET && k < j->m->sets.n; k++)
			sets += same_text(j, e[i].name, j->m->sets.v[k].name) &&
				same_text(j, e[i].value, j->m->sets.v[k].value);
		for (uint32_t k = 0; e[i].kind == ABPB_ENV_SECRET && k < j->m->secrets.n; k++)
			secrets += same_text(j, e[i].name, j->m->secrets.v[k].name) &&
				   e[i].fd == j->m->secrets.v[k].fd;
	}
	expect(j, sets == j->m->sets.n && secrets == j->m->secrets.n, "env set or secret");
	expect(j, pass.n + sets + secrets == n, "env rows");
	const struct dfa *got = dfa_many(a, DFA_STRING, pass.v, pass.n);
	VEC(const char *) own = {0};
	for (uint32_t k = 0; k < j->m->sets.n; k++)
		vec_push(a, &own, j->m->sets.v[k].name);
	for (uint32_t k = 0; k < j->m->secrets.n; k++)
		vec_push(a, &own, j->m->secrets.v[k].name);
	const struct dfa *names = dfa_many(a, DFA_STRING, own.v, own.n), *want = j->m->all.k[K_ENV].d;
	expect(j, dfa_equal(dfa_diff(a, got, names), dfa_diff(a, want, names)), "env pass");
}

static void judge_numbers(struct judge *j)
{
	uint32_t n;
	const uint32_t *v = decode_section(&j->b, ABPB_GROUPS, 0, sizeof *v, &n);
	expect(j, n == j->m->run.groups.n && (!n || memcmp(v, j->m->run.groups.v, n * sizeof *v) == 0),
	       "groups");
	v = decode_section(&j->b, ABPB_FDS, 0, sizeof *v, &n);
	expect(j, n == j->m->run.fds.n && (!n || memcmp(v, j->m->run.fds.v, n * sizeof *v) == 0),
	       "descriptors");
}

static void judge_programs(struct judge *j)
{
	struct arena *a = j->s->a;
	VEC(const char *) trees = {0}, names = {0};
	uint32_t n, k, pins = 0, pinned = 0;
	const struct abpb_program *p = decode_section(&j->b, ABPB_PROGRAMS, 0, sizeof *p, &n);
	for (uint32_t i = 0; i < n; i++) {
		if (p[i].flags & ABPB_PROGRAM_TREE)
			vec_push(a, &trees, tree_pattern(a, decode_string(&j->b, p[i].path)));
		else
			vec_push(a, &names, decode_string(&j->b, p[i].path));
		pins += p[i].flags & ABPB_PROGRAM_DIGEST ? 1 : 0;
	}
	for (k = 0; k < j->m->grants.n; k++)
		pinned += j->m->grants.v[k].kind == G_PATH && j->m->grants.v[k].u.place.digest;
	const struct dfa *set =
	    dfa_or(a, dfa_many(a, DFA_PATH, trees.v, trees.n), dfa_many(a, DFA_STRING, names.v, names.n));
	expect(j, pins == pinned, "program digests");
	expect(j, dfa_subset(a, set, j->m->all.k[K_EXEC].d) || wall_missing(j->m, "apparmor"), "programs");
}

static void judge_missing(struct judge *j)
{
	uint32_t n;
	const struct abpb_missing *x = decode_section(&j->b, ABPB_MISSING, 0, sizeof *x, &n);
	expect(j, n == j->m->missing.n, "missing walls");
	for (uint32_t i = 0; i < n && i < j->m->missing.n; i++)
		expect(j,
		       same_text(j, x[i].wall, j->m->missing.v[i].wall) &&
			   same_text(j, x[i].what, j->m->missing.v[i].what),
		       "missing walls");
}

static void judge_filters(struct judge *j, uint32_t type, const struct buf *const want[N_ARCH])
{
	for (int arch = 0; arch < N_ARCH; arch++) {
		uint32_t n;
		const void *p = decode_section(&j->b, type, arch_table[arch].audit, 1, &n);
		bool same =
		    want[arch] ? p && n == want[arch]->len && memcmp(p, want[arch]->data, n) == 0 : !p;
		expect(j, same, "a filter differs from the verified bytes");
	}
}

static void judge_sock(struct judge *j, const struct buf *const want[ABPB_N_HOOKS])
{
	uint32_t n, have = 0, wanted = 0;
	for (uint32_t i = 0; i < j->b.n_sections; i++)
		have += j->b.table[i].type == ABPB_SOCK;
	for (uint32_t h = 1; h < ABPB_N_HOOKS; h++) {
		const void *p = decode_section(&j->b, ABPB_SOCK, h, 1, &n);
		wanted += want[h] != NULL;
		expect(j, want[h] ? p && n == want[h]->len && memcmp(p, want[h]->data, n) == 0 : !p,
		       "a socket program differs from the verified bytes");
	}
	expect(j, have == wanted && (!have || have == ABPB_N_HOOKS - 1), "number of socket programs");
}

bool launch_verify(struct sets *s, struct diags *d, const struct model *m, const struct bundle_filters *f,
		   const struct buf *bundle)
{
	struct judge j = {.s = s, .d = d, .m = m, .good = true};
	const char *wrong = decode_bundle(bundle, &j.b);
	if (wrong) {
		differs(&j, wrong, NULL);
		return false;
	}
	judge_meta(&j);
	judge_view(&j);
	judge_pins(&j);
	judge_limits(&j);
	judge_env(&j);
	judge_numbers(&j);
	judge_programs(&j);
	judge_missing(&j);
	judge_filters(&j, ABPB_FILTER, f->target);
	judge_filters(&j, ABPB_REAPER, f->reaper);
	judge_sock(&j, f->sock);
	return j.good;
}
