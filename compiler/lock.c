/*
 * lock.c - X.lock beside X.abp: what the closure of a policy was when somebody reviewed it.
 *
 * One line a unit, `NAME VERSION sha256:HEX` of its raw bytes, sorted by name; ceilings too.  Only `abpc
 * lock` writes it; `build` compares.
 */
#include "compiler/base/sha256.h"
#include "compiler/check.h"

#include <string.h>
#include <unistd.h>

enum { LOCK_MAX = 1 << 20 };

void lock_text(const struct model *m, struct buf *out)
{
	char hex[65];

	for (uint32_t i = 0; i < m->closure.n; i++) {
		const struct unit_ref *u = &m->closure.v[i];

		sha256_hex(u->sha256, hex);
		buf_printf(out, "%s %s sha256:%s\n", u->name, u->version, hex);
	}
}

struct entry {
	const char *name, *version, *digest; /* digest: "sha256:..." */
	struct span at;
};
typedef VEC(struct entry) entry_list;

/* The next word of a line, up to one blank; NULL at the end. */
static char *word(char **line)
{
	char *w = *line, *blank = w ? strchr(w, ' ') : NULL;

	if (blank)
		*blank++ = '\0';
	*line = blank;
	return w && *w ? w : NULL;
}

static bool good_digest(const char *s)
{
	return !strncmp(s, "sha256:", 7) && strspn(s + 7, "0123456789abcdef") == 64 && s[71] == '\0';
}

static bool lock_line(struct sets *s, struct span at, entry_list *out)
{
	char *rest = arena_strndup(s->a, at.src->text + at.off, at.len);
	struct entry e = {.at = at};

	e.name = word(&rest);
	e.version = word(&rest);
	e.digest = word(&rest);
	if (!e.name || !e.version || !e.digest || rest || !good_digest(e.digest))
		return false;
	if (out->n && strcmp(out->v[out->n - 1].name, e.name) >= 0)
		return false;
	vec_push(s->a, out, e);
	return true;
}

static bool lock_parse(struct sets *s, struct diags *d, const struct source *src, entry_list *out)
{
	for (uint32_t off = 0; off < src->len;) {
		const char *nl = memchr(src->text + off, '\n', src->len - off);
		uint32_t len = nl ? (uint32_t)(nl - src->text) - off : src->len - off;
		struct span at = {src, off, len};

		if (!nl || memchr(src->text + off, '\0', len) || !lock_line(s, at, out)) {
			diag_error(d, at, "ABP-LOCK-002",
				   "not a line of a lock file: `NAME VERSION sha256:HEX`, sorted by name");
			diag_help(d, "write it with `abpc lock`, do not edit it");
			return false;
		}
		off += len + 1;
	}
	return true;
}

static const struct entry *entry_find(const entry_list *l, const char *name)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].name, name))
			return &l->v[i];
	return NULL;
}

static void stale(struct diags *d, const char *source_file)
{
	diag_help(d, "review what changed, then run `abpc lock %s`", source_file);
}

static void lock_unit(struct diags *d, const struct model *m, const struct unit_ref *u, const struct entry *e,
		      const char *source_file)
{
	char hex[65];

	sha256_hex(u->sha256, hex);
	if (!e)
		diag_error(d, m->name_at, "ABP-LOCK-003", "the lock file does not know %s %s", u->name,
			   u->version);
	else if (strcmp(e->version, u->version))
		diag_error(d, e->at, "ABP-LOCK-003", "stale: %s is locked at %s, the build would take %s",
			   u->name, e->version, u->version);
	else if (strcmp(e->digest + 7, hex))
		diag_error(d, e->at, "ABP-LOCK-003",
			   "stale: %s %s has changed since it was locked, it is sha256:%s now", u->name,
			   u->version, hex);
	else
		return;
	stale(d, source_file);
}

static void lock_compare(struct diags *d, const struct model *m, const entry_list *l, const char *source_file)
{
	for (uint32_t i = 0; i < m->closure.n; i++)
		lock_unit(d, m, &m->closure.v[i], entry_find(l, m->closure.v[i].name), source_file);
	for (uint32_t i = 0; i < l->n; i++) {
		bool used = false;

		for (uint32_t k = 0; k < m->closure.n; k++)
			used |= !strcmp(m->closure.v[k].name, l->v[i].name);
		if (used)
			continue;
		diag_error(d, l->v[i].at, "ABP-LOCK-003", "stale: nothing imports %s any more", l->v[i].name);
		stale(d, source_file);
	}
}

void lock_check(struct sets *s, struct diags *d, const struct model *m, const char *source_file)
{
	size_t n = strlen(source_file);
	struct source *src;
	entry_list l = {0};
	const char *path;

	if (n > 4 && !strcmp(source_file + n - 4, ".abp"))
		n -= 4;
	path = arena_printf(s->a, "%.*s.lock", (int)n, source_file);
	if (access(path, F_OK)) {
		if (!m->has_import && !m->has_within)
			return;
		diag_error(d, m->name_at, "ABP-LOCK-001",
			   "%s is missing, and the policy takes in other files", path);
		diag_help(d, "run `abpc lock %s` and commit the file", source_file);
		return;
	}
	src = source_read(s->a, d, path, LOCK_MAX, m->name_at);
	if (src && lock_parse(s, d, src, &l))
		lock_compare(d, m, &l, source_file);
}
