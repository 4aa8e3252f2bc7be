#include "compiler/evidence_read.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const fact_source_name[N_FACT_SOURCES] = {
    [FS_EXEC_STOP] = "kernel@exec-stop", [FS_LIVE] = "kernel@live", [FS_TRACE] = "syscall-trace",
    [FS_BEHAVIOUR] = "behaviour",	 [FS_CHILD] = "child",	    [FS_CONFIG] = "config",
};

bool file_read(const char *path, struct buf *out)
{
	unsigned char chunk[16384];
	FILE *f = fopen(path, "rbe");
	size_t n;

	if (!f)
		return false;
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0 && out->len < (64u << 20))
		buf_add(out, chunk, n);
	bool ok = !ferror(f);
	int err = errno;
	fclose(f);
	errno = err;
	return ok;
}

/* ---- reading with the first complaint kept ----------------------------- */

struct reader {
	struct arena *a;
	const char *why;
};

static bool bad(struct reader *r, const char *what, const char *key)
{
	if (!r->why)
		r->why = arena_printf(r->a, "%s: %s", key, what);
	return false;
}

/* One byte per code point: the writer spells a byte outside ASCII as \u00XX. */
static const char *bytes_of(struct reader *r, const char *utf8)
{
	char *out = arena_alloc(r->a, strlen(utf8) + 1), *o = out;

	for (const unsigned char *p = (const unsigned char *)utf8; *p; p++) {
		if (*p < 0x80) {
			*o++ = (char)*p;
		} else if ((*p == 0xc2 || *p == 0xc3) && p[1]) {
			*o++ = (char)((*p & 3) << 6 | (p[1] & 0x3f));
			p++;
		} else {
			bad(r, "a character beyond U+00FF", "string");
			return "";
		}
	}
	return out;
}

/* The string of KEY; NULL for null where that is allowed. */
static const char *text_of(struct reader *r, json_t *o, const char *key, bool may_be_null)
{
	json_t *v = json_object_get(o, key);

	if (json_is_string(v))
		return bytes_of(r, json_string_value(v));
	if (!may_be_null || !json_is_null(v))
		bad(r, "not a string", key);
	return may_be_null ? NULL : "";
}

static json_t *object_of(struct reader *r, json_t *o, const char *key, size_t n_keys)
{
	json_t *v = json_object_get(o, key);

	if (!json_is_object(v) || json_object_size(v) != n_keys)
		bad(r, "not an object of the schema", key);
	return v;
}

/* ---- rows --------------------------------------------------------------- */

static enum fact_source source_of(struct reader *r, const char *name)
{
	for (int i = 0; i < N_FACT_SOURCES; i++)
		if (!strcmp(name, fact_source_name[i]))
			return (enum fact_source)i;
	bad(r, "unknown source", name);
	return FS_CONFIG;
}

static void row_read(struct reader *r, struct evidence *e, json_t *row)
{
	if (!json_is_object(row) || json_object_size(row) != 5) {
		bad(r, "not a row of the schema", "facts");
		return;
	}
	struct fact f = {.name = text_of(r, row, "fact", false),
			 .expected = text_of(r, row, "expected", true),
			 .observed = text_of(r, row, "observed", true),
			 .source = source_of(r, text_of(r, row, "source", false))};
	bool known = f.expected && f.observed;
	const char *verdict = !known ? "unverified" : !strcmp(f.expected, f.observed) ? "ok" : "differs";

	if (strcmp(verdict, text_of(r, row, "verdict", false)) != 0)
		bad(r, "the verdict is not what its own row says", f.name);
	vec_push(r->a, &e->facts, f);
}

static int fact_cmp(const void *x, const void *y)
{
	const struct fact *f = x, *g = y;
	return strcmp(f->name, g->name);
}

static void rows_read(struct reader *r, struct evidence *e, json_t *facts)
{
	if (!json_is_array(facts))
		bad(r, "not an array", "facts");
	for (size_t i = 0; i < json_array_size(facts); i++)
		row_read(r, e, json_array_get(facts, i));
	if (e->facts.n)
		qsort(e->facts.v, e->facts.n, sizeof *e->facts.v, fact_cmp);
	for (uint32_t k = 1; k < e->facts.n; k++)
		if (!strcmp(e->facts.v[k - 1].name, e->facts.v[k].name))
			bad(r, "the same fact twice", e->facts.v[k].name);
}

struct fact *evidence_fact(struct evidence *e, const char *name)
{
	struct fact key = {.name = name};

	return e->facts.n ? bsearch(&key, e->facts.v, e->facts.n, sizeof key, fact_cmp) : NULL;
}

/* ---- the rest ----------------------------------------------------------- */

static void degraded_read(struct reader *r, struct evidence *e, json_t *list)
{
	static const char *const name[] = {"apparmor", "landlock", "filter-readback"};

	if (!json_is_array(list))
		bad(r, "not an array", "degraded");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		uint32_t bit = 0;

		for (uint32_t k = 0; k < 3; k++)
			if (json_is_string(item) && !strcmp(json_string_value(item), name[k]))
				bit = 1u << k;
		if (!bit || (e->degraded & bit))
			bad(r, "not a wall that can be degraded", "degraded");
		e->degraded |= bit;
	}
}

static void outcome_read(struct reader *r, struct evidence *e, json_t *root)
{
	json_t *o = object_of(r, root, "outcome", 5), *status = json_object_get(o, "status");

	e->state = text_of(r, o, "state", false);
	e->step = text_of(r, o, "step", true);
	e->why = text_of(r, o, "why", true);
	e->limit = text_of(r, o, "limit", true);
	e->exit_status = json_is_integer(status) ? json_integer_value(status) : -1;
	bool refused = !strcmp(e->state, "refused"), ended = !strcmp(e->state, "ended");
	if (!refused && !ended && strcmp(e->state, "started") != 0)
		bad(r, "unknown state", e->state);
	if (refused != (e->step != NULL) || ended != (e->exit_status >= 0) || e->exit_status > 255)
		bad(r, "does not fit its state", "outcome");
}

static void names_read(struct reader *r, struct evidence *e, json_t *root)
{
	json_t *d = object_of(r, root, "digests", 4), *p = object_of(r, root, "policy", 3);
	json_t *t = object_of(r, root, "program", 4);

	e->bundle = text_of(r, d, "bundle", false);
	e->loader = text_of(r, d, "loader", false);
	e->model = text_of(r, d, "model", false);
	e->source = text_of(r, d, "source", false);
	e->policy = text_of(r, p, "name", true);
	e->version = text_of(r, p, "version", true);
	e->compiler = text_of(r, p, "compiler", true);
	e->asked = text_of(r, t, "asked", false);
	e->program = text_of(r, t, "path", false);
	e->program_sha256 = text_of(r, t, "sha256", false);
	if (strcmp(text_of(r, t, "digest", false), "content when hashed") != 0)
		bad(r, "claims more than a digest of the content when hashed", "program");
}

static void root_read(struct reader *r, struct evidence *e, json_t *root)
{
	json_t *time = json_object_get(root, "time"), *rootless = json_object_get(root, "rootless");

	if (!json_is_object(root) || json_object_size(root) != 12 ||
	    strcmp(text_of(r, root, "schema", false), "abp-evidence/1") != 0) {
		bad(r, "not a record abp-evidence/1", "schema");
		return;
	}
	if (!json_is_integer(time) || !json_is_boolean(rootless))
		bad(r, "wrong type", "time, rootless");
	e->time = json_integer_value(time);
	e->rootless = json_is_true(rootless);
	e->kernel = text_of(r, root, "kernel", false);
	e->run = text_of(r, root, "run", false);
	e->status = text_of(r, root, "status", false);
	degraded_read(r, e, json_object_get(root, "degraded"));
	names_read(r, e, root);
	outcome_read(r, e, root);
	rows_read(r, e, json_object_get(root, "facts"));
}

bool evidence_read(struct arena *a, const struct buf *text, struct evidence *out, const char **why)
{
	struct reader r = {a, NULL};
	json_error_t err;
	json_t *root = json_loadb((const char *)text->data, text->len, JSON_REJECT_DUPLICATES, &err);

	*out = (struct evidence){.exit_status = -1};
	if (root)
		root_read(&r, out, root);
	else
		r.why = arena_printf(a, "line %d: %s", err.line, err.text);
	json_decref(root);
	*why = r.why;
	return !r.why;
}
