#include "compiler/verify_evidence.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "compiler/backends/launch/launch.h"
#include "compiler/base/json.h"
#include "compiler/base/sha256.h"
#include "compiler/verify_walls.h"

static const char *const audit_name[N_AUDIT_WALLS] = {
#define W(id, name) [AUDIT_##id] = name,
    AUDIT_EACH(W)
#undef W
};

/* ---- what the judges use --------------------------------------------------- */

void audit_finding(struct audit *u, enum audit_wall w, const char *fmt, ...)
{
	struct buf t = buf_new(u->a);
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&t, fmt, ap);
	va_end(ap);
	struct finding f = {w, buf_str(&t)};
	vec_push(u->a, &u->findings, f);
}

void audit_note(struct audit *u, const char *fmt, ...)
{
	struct buf t = buf_new(u->a);
	va_list ap;

	if (*u->prefix)
		return;
	va_start(ap, fmt);
	buf_vprintf(&t, fmt, ap);
	va_end(ap);
	vec_push(u->a, &u->notes, buf_str(&t));
}

const char *audit_text(const struct audit *u, uint32_t off)
{
	return decode_string(&u->b, off);
}

const void *audit_section(const struct audit *u, uint32_t type, size_t size, uint32_t *n)
{
	return decode_section(&u->b, type, 0, size, n);
}

bool audit_limit(const struct audit *u, enum abpb_resource r, uint64_t *value)
{
	uint32_t n;
	const struct abpb_limit *l = audit_section(u, ABPB_LIMITS, sizeof *l, &n);

	for (uint32_t i = 0; i < n; i++)
		if (l[i].resource == (uint32_t)r) {
			*value = l[i].value;
			return true;
		}
	return false;
}

static struct fact *row_of(struct audit *u, enum audit_wall w, uint32_t by, const char *name)
{
	const char *full = arena_printf(u->a, "%s%s", u->prefix, name);
	struct fact *f = evidence_fact(u->e, full);

	if (!f) {
		audit_finding(u, w, "%s: missing", full);
		return NULL;
	}
	f->used = true;
	if (!(by >> f->source & 1)) {
		audit_finding(u, w, "%s: source %s cannot know it", full, fact_source_name[f->source]);
		return NULL;
	}
	if (!f->observed && !u->lenient)
		audit_finding(u, w, "%s: the kernel did not show it", full);
	return f->observed ? f : NULL;
}

const char *audit_seen(struct audit *u, enum audit_wall w, uint32_t by, const char *name)
{
	struct fact *f = row_of(u, w, by, name);

	if (!f)
		return NULL;
	u->count[w][f->source]++;
	return f->observed;
}

void audit_want(struct audit *u, enum audit_wall w, uint32_t by, const char *name, const char *value)
{
	struct fact *f = row_of(u, w, by, name);

	if (!f)
		return;
	if (strcmp(f->observed, value) != 0)
		audit_finding(u, w, "%s is \"%s\", the policy says \"%s\"", f->name, f->observed, value);
	else if (f->expected && strcmp(f->expected, value) != 0)
		audit_finding(u, w, "%s: the record expects \"%s\", the policy says \"%s\"", f->name,
			      f->expected, value);
	else
		u->count[w][f->source]++;
}

void audit_info(struct audit *u, const char *name)
{
	const char *full = arena_printf(u->a, "%s%s", u->prefix, name);
	size_t n = strlen(full);
	bool all = full[n - 1] == ':';

	for (uint32_t i = 0; i < u->e->facts.n; i++) {
		struct fact *f = &u->e->facts.v[i];

		if (all ? !strncmp(f->name, full, n) : !strcmp(f->name, full))
			f->used = true;
	}
}

/* ---- the judgement ---------------------------------------------------------- */

static void judge_moment(struct audit *u, const char *prefix, uint32_t by, bool lenient)
{
	u->prefix = prefix;
	u->by = by;
	u->lenient = lenient;
	judge_task(u);
	judge_view(u);
	judge_sockets(u);
}

/* A fact nobody judged has no place in this version of the record; a difference is one whoever wrote it. */
static void judge_rest(struct audit *u)
{
	for (uint32_t i = 0; i < u->e->facts.n; i++) {
		const struct fact *f = &u->e->facts.v[i];

		if (!f->used)
			audit_finding(u, AUDIT_BUNDLE, "%s: no fact of this policy", f->name);
		if (f->expected && f->observed && strcmp(f->expected, f->observed) != 0)
			audit_finding(u, AUDIT_BUNDLE, "%s: recorded as different, and yet the program began",
				      f->name);
	}
}

static void judge(struct audit *u)
{
	judge_moment(u, "go.", BY_LIVE, u->e->rootless);
	judge_moment(u, "", BY_STOP, false);
	judge_once(u);
	judge_reaper(u);
	judge_status(u);
	judge_rest(u);
}

/* ---- the report -------------------------------------------------------------- */

static uint32_t total(const struct audit *u, int wall, uint32_t by)
{
	uint32_t n = 0;

	for (int s = 0; s < N_FACT_SOURCES; s++)
		n += by >> s & 1 ? u->count[wall][s] : 0;
	return n;
}

static const char *verdict(const struct audit *u, int wall)
{
	for (uint32_t i = 0; i < u->findings.n; i++)
		if ((int)u->findings.v[i].wall == wall)
			return "differs";
	return total(u, wall, BY_PROOF) ? "proved" : total(u, wall, ~0u) ? "claimed" : "absent";
}

static const char *ending(const struct audit *u)
{
	const struct evidence *e = u->e;

	if (e->step)
		return arena_printf(u->a, "refused at step %s (%s): the program never ran", e->step,
				    e->why ? e->why : "");
	if (e->exit_status < 0)
		return "started: the record does not say how it ended";
	return arena_printf(u->a, "ended, status %d%s%s", (int)e->exit_status,
			    e->limit ? ", limit reached: " : "", e->limit ? e->limit : "");
}

static void text_report(const struct audit *u, struct buf *out, const char *result)
{
	const struct evidence *e = u->e;

	buf_printf(out, "policy    %s %s\n", audit_text(u, u->b.meta->name),
		   audit_text(u, u->b.meta->version));
	buf_printf(out, "bundle    sha256:%s\nloader    sha256:%s\n", u->bundle_sha256, e->loader);
	buf_printf(out, "program   %s sha256:%s (content when hashed)\n", e->program, e->program_sha256);
	buf_printf(out, "run       %s, Linux %s, %s\noutcome   %s\n", e->run, e->kernel,
		   e->rootless ? "an ordinary user" : "root", ending(u));
	if (!e->step)
		buf_printf(out, "\n%-32s %-8s %s\n", "wall", "verdict", "facts that agree, by source");
	for (int w = 0; w < N_AUDIT_WALLS && !e->step; w++) {
		buf_printf(out, "%-32s %-8s", audit_name[w], verdict(u, w));
		for (int s = 0; s < N_FACT_SOURCES; s++)
			if (u->count[w][s])
				buf_printf(out, " %s %u", fact_source_name[s], u->count[w][s]);
		buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < u->findings.n; i++)
		buf_printf(out, "%s%s: %s\n", i ? "" : "\n", audit_name[u->findings.v[i].wall],
			   u->findings.v[i].text);
	for (uint32_t i = 0; i < u->notes.n; i++)
		buf_printf(out, "%snote: %s\n", i ? "" : "\n", u->notes.v[i]);
	buf_printf(out, "\n%s\n", result);
}

static void json_walls(const struct audit *u, struct jw *j)
{
	jw_array(j, "walls");
	for (int w = 0; w < N_AUDIT_WALLS && !u->e->step; w++) {
		jw_object(j, NULL);
		jw_string(j, "wall", audit_name[w]);
		jw_string(j, "verdict", verdict(u, w));
		jw_object(j, "sources");
		for (int s = 0; s < N_FACT_SOURCES; s++)
			if (u->count[w][s])
				jw_uint(j, fact_source_name[s], u->count[w][s]);
		jw_end(j);
		jw_end(j);
	}
	jw_end(j);
}

static void json_report(const struct audit *u, struct buf *out, int code)
{
	struct jw j = jw_new(out);

	jw_object(&j, NULL);
	jw_string(&j, "schema", "abp-verify/1");
	jw_string(&j, "verdict", code ? "differs" : "proved");
	jw_string(&j, "policy", audit_text(u, u->b.meta->name));
	jw_string(&j, "version", audit_text(u, u->b.meta->version));
	jw_string(&j, "bundle", u->bundle_sha256);
	jw_string(&j, "program", u->e->program);
	jw_string(&j, "outcome", ending(u));
	json_walls(u, &j);
	jw_array(&j, "findings");
	for (uint32_t i = 0; i < u->findings.n; i++) {
		jw_object(&j, NULL);
		jw_string(&j, "wall", audit_name[u->findings.v[i].wall]);
		jw_string(&j, "text", u->findings.v[i].text);
		jw_end(&j);
	}
	jw_end(&j);
	jw_array(&j, "notes");
	for (uint32_t i = 0; i < u->notes.n; i++)
		jw_string(&j, NULL, u->notes.v[i]);
	jw_end(&j);
	jw_end(&j);
}

/* ---- the two commands --------------------------------------------------------- */

/* Sections whose size is no multiple of their record would be skipped by decode_section(): not here. */
static const char *odd_section(const struct decoded *b)
{
	static const size_t size[ABPB_N_TYPES] = {
	    [ABPB_META] = sizeof(struct abpb_meta),
	    [ABPB_STRINGS] = 1,
	    [ABPB_FILTER] = 8,
	    [ABPB_REAPER] = 8,
	    [ABPB_VIEW] = sizeof(struct abpb_view),
	    [ABPB_ENV] = sizeof(struct abpb_env),
	    [ABPB_LIMITS] = sizeof(struct abpb_limit),
	    [ABPB_GROUPS] = 4,
	    [ABPB_FDS] = 4,
	    [ABPB_PROGRAMS] = sizeof(struct abpb_program),
	    [ABPB_MISSING] = sizeof(struct abpb_missing),
	    [ABPB_SOCK] = sizeof(struct abpb_insn),
	    [ABPB_DESTS] = sizeof(struct abpb_dest),
	};

	for (uint32_t i = 0; i < b->n_sections; i++) {
		uint32_t type = b->table[i].type;

		if (!type || type >= ABPB_N_TYPES || b->table[i].size % size[type])
			return "a section of no known form";
	}
	return NULL;
}

static int bundle_open(struct arena *a, const char *file, struct decoded *b, const char **digest,
		       struct buf *out)
{
	struct buf bytes = buf_new(a);
	const char *wrong;
	uint8_t d[32];
	char hex[65];

	if (!file_read(file, &bytes)) {
		buf_printf(out, "%s: %s\n", file, strerror(errno));
		return 3;
	}
	wrong = decode_bundle(&bytes, b);
	wrong = wrong ? wrong : odd_section(b);
	if (wrong) {
		buf_printf(out, "%s: %s\n", file, wrong);
		return 3;
	}
	sha256(bytes.data, bytes.len, d);
	sha256_hex(d, hex);
	*digest = arena_strdup(a, hex);
	return 0;
}

int verify_evidence(struct arena *a, const char *bundle_file, const char *evidence_file, bool json,
		    struct buf *out)
{
	struct evidence e;
	struct audit u = {.a = a, .e = &e, .prefix = ""};
	struct buf text = buf_new(a);
	const char *why;

	if (bundle_open(a, bundle_file, &u.b, &u.bundle_sha256, out))
		return 3;
	if (!file_read(evidence_file, &text)) {
		buf_printf(out, "%s: %s\n", evidence_file, strerror(errno));
		return 3;
	}
	if (!evidence_read(a, &text, &e, &why)) {
		buf_printf(out, "%s: no record of a launch: %s\n", evidence_file, why);
		return 1;
	}
	if (!e.step)
		judge(&u);
	int code = e.step || u.findings.n ? 1 : 0;
	if (json)
		json_report(&u, out, code);
	else
		text_report(
		    &u, out,
		    e.step ? "nothing ran, so there is nothing to prove"
		    : code
			? "NOT proved: see above"
			: "proved: every wall of this bundle stood before the program's first instruction");
	return code;
}

int bundle_describe(struct arena *a, const char *bundle_file, struct buf *out)
{
	static const struct {
		uint32_t arch;
		const char *name;
	} arch[] = {{ABPB_ARCH_X86_64, "x86_64"}, {ABPB_ARCH_AARCH64, "aarch64"}};
	struct decoded b;
	const char *digest;
	char hex[65];
	uint32_t n, k;

	if (bundle_open(a, bundle_file, &b, &digest, out))
		return 3;
	buf_printf(out, "bundle    sha256:%s, %u bytes, %s\n", digest, b.size,
		   decode_string(&b, b.meta->compiler));
	sha256_hex(b.meta->source_sha256, hex);
	buf_printf(out, "source    sha256:%s\n", hex);
	sha256_hex(b.meta->model_sha256, hex);
	buf_printf(out, "model     sha256:%s\n", hex);
	for (int i = 0; i < 2; i++) {
		decode_section(&b, ABPB_FILTER, arch[i].arch, 8, &n);
		decode_section(&b, ABPB_REAPER, arch[i].arch, 8, &k);
		if (n)
			buf_printf(out, "filter    %s: %u instructions; pid 1 of the run: %u\n", arch[i].name,
				   n, k);
	}
	struct buf bytes = buf_new(a);
	if (!file_read(bundle_file, &bytes))
		return 3;
	launch_list(&bytes, out);
	return 0;
}
