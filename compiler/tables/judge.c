/* judge.c - look-ups over unsafe.def, answers.def and walls.def. */
#include "compiler/tables/tables.h"
#include "compiler/tables/search.h"

#define COUNT(table) (sizeof table / sizeof *table)

static const struct unsafe rows[] = {
#define CALL(name, reason) {UNSAFE_CALL, #name, NULL, reason},
#define UNLESS(name, cond, reason) {UNSAFE_CALL, #name, cond, reason},
#define WRITE(path, reason) {UNSAFE_WRITE, path, NULL, reason},
#define FAMILY(name, reason) {UNSAFE_FAMILY, name, NULL, reason},
#define TYPE(name, exempt, reason) {UNSAFE_TYPE, name, exempt, reason},
#define RULE(name, reason) {UNSAFE_RULE, name, NULL, reason},
#define ENV(glob, reason) {UNSAFE_ENV, glob, NULL, reason},
#include "compiler/tables/unsafe.def"
};

const struct unsafe *unsafe_rows(enum unsafe_kind kind, size_t *n)
{
	size_t first = 0, end;

	while (first < COUNT(rows) && rows[first].kind != kind)
		first++;
	for (end = first; end < COUNT(rows) && rows[end].kind == kind; end++)
		;
	*n = end - first;
	return &rows[first];
}

/* Does the glob ('*' is any run of bytes) cover the whole word? */
static bool covers(const char *glob, const char *word)
{
	for (; *glob != '*'; glob++, word++) {
		if (*glob != *word)
			return false;
		if (!*glob)
			return true;
	}
	for (glob++;; word++) {
		if (covers(glob, word))
			return true;
		if (!*word)
			return false;
	}
}

/* Is the path the row's name, or below it?  "/lib*" covers /lib64 and /lib64/x. */
static bool covers_path(const char *glob, const char *path)
{
	while (*glob && *glob != '*' && *glob == *path)
		glob++, path++;
	if (*glob == '*')
		return true;
	return !*glob && (!*path || *path == '/');
}

static bool matches(const struct unsafe *row, const char *what)
{
	if (row->kind == UNSAFE_ENV)
		return covers(row->what, what);
	if (row->kind == UNSAFE_WRITE && row->what[1])
		return covers_path(row->what, what);
	return *row->what == *what && !strcmp(row->what, what); /* many rows, one match: a call less */
}

const struct unsafe *unsafe_find(enum unsafe_kind kind, const char *what)
{
	size_t n;
	const struct unsafe *row = unsafe_rows(kind, &n);

	for (; n; row++, n--)
		if (matches(row, what))
			return row;
	return NULL;
}

static const struct {
	const char *name, *reason;
} probes[] = {
#define PROBE(name, reason) {#name, reason},
#include "compiler/tables/answers.def"
};

const char *answer_enosys(const char *name)
{
	const char *const *row = search(name, probes, COUNT(probes), sizeof *probes);

	return row ? row[1] : NULL;
}

#undef ROW
#define ROW(kind, verb, wall, claim, when, example)                                                          \
	{KIND_##kind,	sizeof(verb) > 1 ? (verb) : NULL, WALL_##wall,                                       \
	 CLAIM_##claim, sizeof(when) > 1 ? (when) : NULL, example},
static const struct wallrow walls[] = {
#define EXACT(kind, verb, wall, when, example) ROW(kind, verb, wall, EXACT, when, example)
#define BOUND(kind, verb, wall, when, example) ROW(kind, verb, wall, BOUND, when, example)
#define NONE(kind, verb, wall, when, example) ROW(kind, verb, wall, NONE, when, example)
#include "compiler/tables/walls.def"
};

const struct wallrow *wall_row(enum kind kind, const char *verb, enum wall wall)
{
	const struct wallrow *general = NULL;

	for (size_t i = 0; i < COUNT(walls); i++) {
		if (walls[i].kind != kind || walls[i].wall != wall)
			continue;
		if (verb && walls[i].verb && !strcmp(walls[i].verb, verb))
			return &walls[i];
		if (!walls[i].verb && !general)
			general = &walls[i];
	}
	return general;
}

size_t wall_count(void)
{
	return COUNT(walls);
}

const struct wallrow *wall_at(size_t i)
{
	return &walls[i];
}

const char *kind_name(enum kind kind)
{
	static const char *const names[N_KINDS] = {"sys",  "cap",  "sock", "bind", "conn", "peer_in",
						   "unix", "path", "env",  "fd",   "use"};

	return names[kind];
}

const char *wall_name(enum wall wall)
{
	static const char *const names[N_WALLS] = {
	    [WALL_SECCOMP] = "seccomp",	  [WALL_SOCKETS] = "sockets",	[WALL_NETNS] = "network namespace",
	    [WALL_VIEW] = "view",	  [WALL_LANDLOCK] = "landlock", [WALL_APPARMOR] = "apparmor",
	    [WALL_CAPS] = "capabilities", [WALL_LIMITS] = "limits",	[WALL_LAUNCH] = "launch",
	};

	return names[wall];
}

const char *claim_name(enum claim claim)
{
	static const char *const names[] = {"none", "bound", "exact"};

	return names[claim];
}
