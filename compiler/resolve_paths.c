/*
 * resolve_paths.c - `paths` lines: patterns, exceptions, scratch, devices, links, and what /proc, /sys and
 * /dev allow.
 */
#include "compiler/resolve.h"

#include <string.h>

static bool below(const char *name, const char *dir)
{
	size_t n = strlen(dir);
	return !strncmp(name, dir, n) && (!name[n] || name[n] == '/');
}

const char *path_name(struct resolver *r, const struct lexeme *x, bool *glob)
{
	const char *bad = path_check(x->text, glob);
	if (!bad)
		return x->text;
	diag_error(r->d, x->at, "ABP-PATH-001", "`%s` %s", x->text, bad);
	size_t n = strlen(x->text);
	if (n > 1 && x->text[n - 1] == '/')
		diag_help(r->d, "write %.*s for the directory's name, %.*s/** for it and all below",
			  (int)n - 1, x->text, (int)n - 1, x->text);
	else if (x->text[0] != '/')
		diag_help(r->d, "write an absolute name: /%s", x->text);
	else if (strstr(bad, "wildcards"))
		diag_help(r->d, "use a tree, /dir/**, or fewer wildcards: each may double the automaton");
	else
		diag_help(r->d,
			  "write the absolute name without `.`, `..` and doubled slashes; `**` stands alone "
			  "between slashes");
	return NULL;
}

/* A plain name: no wildcard. */
static const char *plain_name(struct resolver *r, const struct lexeme *x, const char *what)
{
	bool glob;
	const char *dir, *name = path_name(r, x, &glob);
	if (!name || (!glob && !path_is_tree(r->a, name, &dir)))
		return name;
	diag_error(r->d, x->at, "ABP-PATH-002", "%s is one name, without wildcards", what);
	if (!glob)
		diag_help(r->d, "write %s", dir);
	else
		diag_help(r->d, "write the name itself, /run for instance");
	return NULL;
}

/* The directory above the first component that has a wildcard. */
static const char *literal_dir(struct arena *a, const char *pattern)
{
	size_t n = strcspn(pattern, "*?[");
	while (n > 1 && pattern[n - 1] != '/')
		n--;
	return arena_strndup(a, pattern, n > 1 ? n - 1 : 1);
}

/* ---- one grant -------------------------------------------------------- */

static const struct {
	const char *verb;
	enum right right;
	unsigned kinds; /* bit per enum right */
} verbs[] = {
    {"read", RIGHT_READ, 1},
    {"write", RIGHT_WRITE, 1 | 2},
    {"load", RIGHT_LOAD, 1 | 4},
    {"exec", RIGHT_EXEC, 1 | 4 | 8},
};

static unsigned verb_index(const struct line *l)
{
	for (unsigned i = 0; i < 4; i++)
		if (!strcmp(l->verb.text, verbs[i].verb))
			return i;
	return 0;
}

static bool path_error(struct resolver *r, struct span at, const char *code, const char *text,
		       const char *help)
{
	diag_error(r->d, at, code, "%s", text);
	diag_help(r->d, "%s", help);
	return false;
}

static bool proc_ok(struct resolver *r, struct span at, const struct place *p)
{
	struct arena *a = r->a;
	bool self = below(p->dir, "/proc/self"), single = !p->tree && !p->glob;
	if (p->right == RIGHT_LOAD || p->right == RIGHT_EXEC)
		return path_error(r, at, "ABP-PATH-010", "nothing in /proc is code", "use `read`");
	if (p->tree && !strcmp(p->dir, "/proc/self")) {
		if (p->right == RIGHT_READ)
			return true;
		return path_error(r, at, "ABP-PATH-011", "`/proc/self/**` is granted for reading only",
				  "name the one file: write /proc/self/oom_score_adj");
	}
	if (!single)
		return path_error(
		    r, at, "ABP-PATH-012", "no tree or glob below /proc but /proc/self/**",
		    "write `read /proc/self/**`, and single names: read /proc/meminfo /proc/cpuinfo");
	if (!strcmp(p->dir, "/proc") || !strcmp(p->dir, "/proc/self"))
		return path_error(r, at, "ABP-PATH-013", "the directory alone cannot be granted",
				  "write `read /proc/self/**`, or single names: read /proc/meminfo");
	if (p->right == RIGHT_WRITE && !self)
		return path_error(r, at, "ABP-PATH-014", "only names below /proc/self can be written",
				  arena_printf(a, "write `read %s`", p->pattern));
	return true;
}

static bool sys_ok(struct resolver *r, struct span at, const struct place *p)
{
	if (p->right == RIGHT_READ)
		return true;
	return path_error(r, at, "ABP-PATH-015", "names below /sys are granted for reading only",
			  arena_printf(r->a, "write `read %s`", p->pattern));
}

static bool dev_ok(struct resolver *r, struct span at, const struct place *p)
{
	const char *name = p->dir + strlen("/dev/");
	if (!below(p->dir, "/dev") || strlen(p->dir) < 6 || !device_help(name))
		return true;
	return path_error(r, at, "ABP-PATH-016", "device nodes are granted by `device`",
			  arena_printf(r->a, "write `device %s`", name));
}

static bool place_ok(struct resolver *r, struct span at, const struct place *p)
{
	if (!strcmp(p->dir, "/") && (p->tree || p->glob) && !in_ceiling(r))
		return path_error(r, at, "ABP-PATH-003", "the whole root is legal in a ceiling only",
				  "name a directory: /usr/share/**");
	if (!strcmp(p->dir, "/") && !p->tree && !p->glob)
		return path_error(r, at, "ABP-PATH-004", "the root directory alone cannot be granted",
				  "name what is needed below it: /etc/hosts");
	if (in_ceiling(r))
		return true;
	if (p->proc && below(p->dir, "/proc"))
		return proc_ok(r, at, p);
	return p->proc ? sys_ok(r, at, p) : dev_ok(r, at, p);
}

static void place_fill(struct resolver *r, const char *pattern, bool glob, struct place *p)
{
	p->pattern = pattern;
	p->glob = glob;
	p->tree = !glob && path_is_tree(r->a, pattern, &p->dir);
	if (glob)
		p->dir = literal_dir(r->a, pattern);
	else if (!p->tree)
		p->dir = pattern;
	p->proc = below(p->dir, "/proc") || below(p->dir, "/sys");
}

static int hex(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

static bool digest_fill(struct resolver *r, const struct pitem *it, struct place *p)
{
	if (!lex_given(&it->digest))
		return true;
	if (p->right != RIGHT_EXEC || p->tree || p->glob)
		return path_error(r, it->digest.at, "ABP-PATH-017",
				  "a digest pins one program of an `exec` line",
				  "delete the digest, or write `exec FILE sha256:…` for each file");
	const char *t = strchr(it->digest.text, ':') + 1;
	if (strlen(t) != 64)
		return path_error(r, it->digest.at, "ABP-PATH-018",
				  "a SHA-256 digest has 64 hexadecimal digits",
				  "write what `sha256sum FILE` prints");
	uint8_t *d = arena_alloc(r->a, 32);
	for (unsigned i = 0; i < 32; i++)
		d[i] = (uint8_t)(hex(t[2 * i]) << 4 | hex(t[2 * i + 1]));
	p->digest = d;
	return true;
}

/* One right of a grant; K_WRITE without the exceptions. */
static void right_set(struct resolver *r, struct grant *g, enum right right, const struct dfa *whole)
{
	const struct place *p = &g->u.place;
	enum ekind k = (enum ekind)(K_READ + right);
	if (right != RIGHT_WRITE || !p->except.n) {
		g->set.k[k].d = whole;
		vec_push(r->a, &r->col[k].paths, p->pattern);
		return;
	}
	const struct dfa *out = dfa_many(r->a, DFA_PATH, p->except.v, p->except.n);
	grant_dfa(r, g, k, dfa_diff(r->a, whole, out));
}

static void place_sets(struct resolver *r, struct grant *g, unsigned kinds)
{
	const struct dfa *whole = dfa_path(r->a, g->u.place.pattern);
	for (unsigned i = 0; i < N_RIGHTS; i++)
		if (kinds >> i & 1)
			right_set(r, g, (enum right)i, whole);
}

static bool except_fill(struct resolver *r, const struct line *l, struct place *p)
{
	bool ok = true;
	for (uint32_t i = 0; i < l->except.n; i++) {
		const struct lexeme *x = &l->except.v[i];
		bool glob;
		const char *name = path_name(r, x, &glob);
		if (name && glob)
			path_error(r, x->at, "ABP-PATH-021", "an exception is one name or a tree",
				   "write the names one by one, or DIR/**");
		ok &= name && !glob;
		if (name)
			vec_push(r->a, &p->except, name);
	}
	return ok;
}

static bool options_ok(struct resolver *r, const struct line *l)
{
	bool tree = l->paths.n == 1;
	const char *dir;
	for (uint32_t i = 0; i < l->paths.n; i++)
		tree &= path_is_tree(r->a, l->paths.v[i].path.text, &dir);
	bool write = !strcmp(l->verb.text, "write");
	if (l->except.n && (!write || !tree))
		return path_error(r, l->except.v[0].at, "ABP-PATH-020",
				  "`except` belongs to one tree of a `write` line",
				  "write `write DIR/** except DIR/NAME`");
	if (l->slot && (!write || !tree))
		return path_error(r, l->at, "ABP-PATH-022", "a slot is one tree of a `write` line",
				  "write `write DIR/** slot`");
	if (l->slot && r->cur->u->kind != UNIT_POLICY)
		return path_error(r, l->at, "ABP-PATH-023", "a slot belongs to a policy",
				  "move the line to the policy");
	for (uint32_t i = 0; l->submounts && i < l->paths.n; i++)
		if (!path_is_tree(r->a, l->paths.v[i].path.text, &dir))
			return path_error(r, l->paths.v[i].path.at, "ABP-PATH-024",
					  "`submounts` belongs to trees",
					  arena_printf(r->a, "write %s/**, or delete `submounts`",
						       l->paths.v[i].path.text));
	return true;
}

static const char *place_text(struct arena *a, const char *verb, const struct place *p)
{
	struct buf b = buf_new(a);
	buf_printf(&b, "%s %s", verb, quoted(a, p->pattern));
	if (p->digest) {
		buf_puts(&b, " sha256:");
		for (unsigned i = 0; i < 32; i++)
			buf_printf(&b, "%02x", p->digest[i]);
	}
	for (uint32_t i = 0; i < p->except.n; i++)
		buf_printf(&b, "%s%s", i ? " " : " except ", quoted(a, p->except.v[i]));
	buf_printf(&b, "%s%s", p->submounts ? " submounts" : "", p->slot ? " slot" : "");
	return buf_str(&b);
}

static void path_grant(struct resolver *r, const struct line *l, const struct pitem *it)
{
	unsigned v = verb_index(l);
	struct grant g;
	bool glob;
	const char *name = path_name(r, &it->path, &glob);
	if (!name || !grant_begin(r, &g, G_PATH, l, it->path.at))
		return;
	struct place *p = &g.u.place;
	p->right = verbs[v].right;
	p->submounts = l->submounts;
	p->slot = l->slot;
	place_fill(r, name, glob, p);
	if (!place_ok(r, it->path.at, p) || !digest_fill(r, it, p) || !except_fill(r, l, p))
		return;
	place_sets(r, &g, verbs[v].kinds);
	g.text = place_text(r->a, l->verb.text, p);
	grant_add(r, &g);
}

/* ---- scratch, device, symlink ----------------------------------------- */

static bool size_value(struct resolver *r, const struct lexeme *x, uint64_t *out)
{
	static const char units[] = "KMGT";
	char num[32];
	size_t n = strlen(x->text);
	const char *u = x->kind == LEX_SIZE ? strchr(units, x->text[n - 1]) : NULL;
	unsigned shift = u ? (unsigned)(u - units + 1) * 10 : 0;
	snprintf(num, sizeof num, "%.*s", (int)(u ? n - 1 : n), x->text);
	if (n < sizeof num && num_value(num, UINT64_MAX >> shift, out) && *out > 0) {
		*out <<= shift;
		return true;
	}
	return path_error(r, x->at, "ABP-PATH-030", "a size is a number above 0 with K, M, G or T",
			  "write size 64M");
}

static void scratch_grant(struct resolver *r, const struct line *l)
{
	struct grant g;
	const struct lexeme *x = &l->paths.v[0].path;
	if (r->cur->u->kind != UNIT_POLICY && !in_ceiling(r)) {
		path_error(r, l->at, "ABP-PATH-031", "`scratch` belongs to a policy: its size is a setting",
			   "move the line to the policy");
		return;
	}
	const char *name = plain_name(r, x, "the directory of `scratch`");
	if (!name || !grant_begin(r, &g, G_SCRATCH, l, x->at))
		return;
	struct place *p = &g.u.place;
	*p = (struct place){.right = RIGHT_WRITE, .pattern = arena_printf(r->a, "%s/**", name), .dir = name};
	p->tree = true;
	p->exec = l->exec;
	if (!size_value(r, &l->size, &p->size))
		return;
	if (lex_given(&l->inodes) && !num_value(l->inodes.text, UINT32_MAX, &p->inodes)) {
		path_error(r, l->inodes.at, "ABP-PATH-032", "the number of inodes is above 4294967295",
			   "write inodes 20000");
		return;
	}
	if (!strcmp(name, "/") || below(name, "/proc") || below(name, "/sys")) {
		path_error(r, x->at, "ABP-PATH-033", "no scratch on the root, /proc or /sys",
			   "write scratch /tmp size 64M");
		return;
	}
	place_sets(r, &g, p->exec ? 15 : 3);
	struct buf b = buf_new(r->a);
	buf_printf(&b, "scratch %s size %s", quoted(r->a, name),
		   limit_text(r->a, limit_at(ABPB_MEMORY), p->size));
	if (p->inodes)
		buf_printf(&b, " inodes %llu", (unsigned long long)p->inodes);
	buf_puts(&b, p->exec ? " exec" : "");
	g.text = buf_str(&b);
	grant_add(r, &g);
}

static void device_grants(struct resolver *r, const struct line *l)
{
	for (uint32_t i = 0; i < l->items.n; i++) {
		const struct lexeme *x = &l->items.v[i];
		struct grant g;
		if (!device_help(x->text)) {
			const char *near = nearest(x->text, nth_device);
			diag_error(r->d, x->at, "ABP-PATH-034", "device `%s` is not grantable", x->text);
			if (near)
				diag_help(r->d, "did you mean `%s`?", near);
			else
				diag_help(r->d, "the devices are full null random tty urandom zero");
			continue;
		}
		if (!grant_begin(r, &g, G_DEVICE, l, x->at))
			return;
		struct place *p = &g.u.place;
		*p = (struct place){.right = RIGHT_WRITE, .pattern = arena_printf(r->a, "/dev/%s", x->text)};
		p->dir = p->pattern;
		place_sets(r, &g, 3);
		g.text = arena_printf(r->a, "device %s", x->text);
		grant_add(r, &g);
	}
}

static void symlink_grant(struct resolver *r, const struct line *l)
{
	struct grant g;
	const char *link = plain_name(r, &l->items.v[0], "a link"),
		   *target = plain_name(r, &l->items.v[1], "a target");
	if (!link || !target || !grant_begin(r, &g, G_SYMLINK, l, l->items.v[0].at))
		return;
	if (below(target, link)) {
		path_error(r, l->items.v[1].at, "ABP-PATH-040", "the target goes through the link itself",
			   "write another target");
		return;
	}
	g.u.place = (struct place){.pattern = link, .dir = link, .target = target};
	g.text = arena_printf(r->a, "symlink %s %s", quoted(r->a, link), quoted(r->a, target));
	vec_push(r->a, &r->links, ((struct symlink){link, target, l->items.v[0].at}));
	grant_add(r, &g);
}

void path_line(struct resolver *r, const struct line *l)
{
	if (l->kind == LINE_SCRATCH) {
		scratch_grant(r, l);
	} else if (l->kind == LINE_DEVICE) {
		device_grants(r, l);
	} else if (l->kind == LINE_SYMLINK) {
		symlink_grant(r, l);
	} else if (options_ok(r, l)) {
		for (uint32_t i = 0; i < l->paths.n; i++)
			path_grant(r, l, &l->paths.v[i]);
	}
}
