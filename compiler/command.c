#include "compiler/command.h"

#include <stdio.h>
#include <string.h>

#include "compiler/build.h"
#include "compiler/check.h"
#include "compiler/frequency.h"
#include "compiler/verify_evidence.h"
#include "compiler/write_file.h"

/* ---- shared ----------------------------------------------------------- */

struct model *run_load(struct run *r, const char *file, bool judge)
{
	struct loadpath path = {r->include.v, r->include.n};
	uint32_t had = diags_count(r->d),
		 before = diags_errors(r->d); /* of other files: this one is judged all the same */
	unsigned archs = r->archs | (r->filter_only ? RESOLVE_FILTER_ONLY : 0u);
	struct model *m = resolve_file(&r->s, r->d, file, &path, archs);
	if (m && judge && diags_errors(r->d) == before && !bdds_full(r->s.t))
		check_model(&r->s, r->d, m);
	if (bdds_full(r->s.t)) { /* since then no set is what it should be, and no message true */
		diags_forget(r->d, had);
		diag_error(r->d, (struct span){0}, "ABP-INT-001",
			   "the conditions of this policy are too large: %s", file);
	}
	return m;
}

/* The exit code for what was queued: a file that cannot be read says nothing about the policy. */
static int report_code(const struct run *r)
{
	if (diags_have(r->d, "ABP-IO-") || diags_have(r->d, "ABP-INT-"))
		return EXIT_IO;
	return diags_errors(r->d) ? EXIT_REJECTED : EXIT_OK;
}

int run_report(struct run *r)
{
	struct buf b = buf_new(r->s.a);
	diags_text(r->d, &b);
	if (b.len)
		fwrite(b.data, 1, b.len, stderr);
	return report_code(r);
}

void run_print(struct buf *b)
{
	if (b->len)
		fwrite(b->data, 1, b->len, stdout);
}

/* ---- check, test, build ----------------------------------------------- */

int cmd_check(struct run *r)
{
	for (uint32_t i = 0; i < r->args.n; i++) {
		uint32_t before = diags_errors(r->d);
		const struct model *m = run_load(r, r->args.v[i], true);
		if (m && diags_errors(r->d) == before && !r->json)
			printf("%s: %s %s is accepted\n", r->args.v[i], m->name, m->version);
	}
	if (!r->json)
		return run_report(r);
	struct buf out = buf_new(r->s.a);
	diags_json(r->d, &out);
	run_print(&out);
	return report_code(r);
}

int cmd_test(struct run *r)
{
	struct buf out = buf_new(r->s.a);
	unsigned failed = 0;
	for (uint32_t i = 0; i < r->args.n; i++) {
		const struct model *m = run_load(r, r->args.v[i], false);
		if (m && !diags_errors(r->d))
			failed += check_tests(&r->s, m, &out);
	}
	run_print(&out);
	int rc = run_report(r);
	return rc ? rc : failed ? EXIT_REJECTED : EXIT_OK;
}

static void print_built(const struct run *r, const struct model *m, const build_files *files)
{
	printf("%s/%s/%s/\n", r->out_dir, m->name, m->version);
	for (uint32_t i = 0; i < files->n; i++) {
		const struct build_file *f = &files->v[i];
		printf("  %-22s %7zu bytes%s%s\n", f->name, f->bytes.len, f->proof ? "  proved: " : "",
		       f->proof ? f->proof : "");
	}
	for (uint32_t i = 0; i < m->missing.n; i++)
		printf("missing wall %s: %s (%s); abprun refuses this bundle\n", m->missing.v[i].wall,
		       m->missing.v[i].what, model_where(r->s.a, m->missing.v[i].at));
}

int cmd_build(struct run *r)
{
	if (r->args.n != 1) {
		fputs("abpc build: one FILE\n", stderr);
		return EXIT_USAGE;
	}
	build_files files = {0};
	struct model *m = run_load(r, r->args.v[0], true);
	if (m && m->kind != MODEL_POLICY)
		diag_error(r->d, m->name_at, "ABP-BLD-001", "only a policy is built; this is a %s",
			   m->kind == MODEL_MODULE ? "module" : "ceiling");
	if (m && r->filter_only && m->run.on_deny_kill) {
		fputs("abpc build: --filter-only measures filters that answer by error numbers\n", stderr);
		return EXIT_USAGE;
	}
	if (m && !diags_errors(r->d))
		lock_check(&r->s, r->d, m, r->args.v[0]);
	if (m && r->frequency)
		frequency_read(&r->s, r->d, r->frequency, m);
	bool good = m && !diags_errors(r->d) && build_artefacts(&r->s, r->d, m, r->emit_list, &files);
	if (good)
		build_manifest(&r->s, m, &files);
	if (good && build_write(r->s.a, r->d, r->out_dir, m, &files))
		print_built(r, m, &files);
	return run_report(r);
}

/* ---- show ------------------------------------------------------------- */

static int show_table(bool (*show)(struct buf *, const char *), const char *name, const char *(*nth)(size_t),
		      struct buf *out)
{
	if (show(out, name)) {
		run_print(out);
		return EXIT_OK;
	}
	const char *near = nearest(name, nth);
	fprintf(stderr, "abpc show: no such name: %s%s%s\n", name, near ? "; did you mean " : "",
		near ? near : "");
	return EXIT_REJECTED;
}

static bool is_bundle(const char *file)
{
	size_t n = strlen(file);
	return n > 5 && strcmp(file + n - 5, ".abpb") == 0;
}

static void show_bundle(struct run *r, const char *file, struct buf *out)
{
	struct buf text = buf_new(r->s.a);
	if (bundle_describe(r->s.a, file, &text))
		diag_error(r->d, (struct span){0}, "ABP-IO-001", "%.*s", (int)text.len - 1, buf_str(&text));
	else
		buf_add(out, text.data, text.len);
}

int cmd_show(struct run *r)
{
	struct buf out = buf_new(r->s.a);
	if (r->group)
		return show_table(show_group, r->group, nth_group, &out);
	if (r->call)
		return show_table(show_call, r->call, nth_syscall, &out);
	if (r->cap)
		return show_table(show_cap, r->cap, nth_cap, &out);
	if (r->table)
		return show_table(show_list, r->table, nth_list, &out);
	if (!r->groups && !r->args.n) {
		fputs("abpc show: a FILE, or one of --group --call --cap --table NAME, --groups\n", stderr);
		return EXIT_USAGE;
	}
	if (r->groups)
		show_groups(&out);
	for (uint32_t i = 0; i < r->args.n; i++) {
		if (is_bundle(r->args.v[i])) {
			show_bundle(r, r->args.v[i], &out);
			continue;
		}
		const struct model *m = run_load(r, r->args.v[i], false);
		if (m && !diags_errors(r->d))
			r->json ? show_json(&r->s, m, &out) : show_text(&r->s, m, r->expand, &out);
	}
	run_print(&out);
	return run_report(r);
}

int cmd_verify(struct run *r)
{
	struct buf out = buf_new(r->s.a);
	int code = verify_evidence(r->s.a, r->args.v[0], r->args.v[1], r->json, &out);
	if (code == EXIT_IO)
		fprintf(stderr, "abpc: %s", buf_str(&out));
	else
		run_print(&out);
	return code;
}

/* ---- why, diff, lock -------------------------------------------------- */

/* One pattern is one argument, or several words: abpc why FILE connect tcp 10.0.0.1:443. */
static const char *join_words(struct run *r)
{
	struct buf b = buf_new(r->s.a);
	for (uint32_t i = 1; i < r->args.n; i++)
		buf_printf(&b, "%s%s", i > 1 ? " " : "", r->args.v[i]);
	return buf_str(&b);
}

int cmd_why(struct run *r)
{
	struct buf out = buf_new(r->s.a);
	pattern_list patterns = {0};
	const struct model *m = run_load(r, r->args.v[0], true);
	if (!m || diags_errors(r->d))
		return run_report(r), EXIT_IO;
	if (!resolve_pattern(&r->s, r->d, m, join_words(r), &patterns))
		return run_report(r), EXIT_USAGE;
	if (!patterns.n) {
		fputs("abpc why: no pattern: connect tcp 192.0.2.1:443, read /etc/hosts, syscall ptrace\n",
		      stderr);
		return EXIT_USAGE;
	}
	int denied = (r->json ? why_json : why_text)(&r->s, m, &patterns, &out);
	run_print(&out);
	return denied ? EXIT_REJECTED : EXIT_OK;
}

int cmd_diff(struct run *r)
{
	struct buf out = buf_new(r->s.a);
	const struct model *old = run_load(r, r->args.v[0], false);
	const struct model *new_ = run_load(r, r->args.v[1], false);
	if (!old || !new_ || diags_errors(r->d))
		return run_report(r), EXIT_IO;
	unsigned changed = (r->json ? diff_json : diff_text)(&r->s, old, new_, &out);
	run_print(&out);
	bool refuse = (r->deny_widening && changed & 1) || (r->strict && changed & 4);
	return refuse ? EXIT_REJECTED : EXIT_OK;
}

int cmd_lock(struct run *r)
{
	struct buf text = buf_new(r->s.a);
	const char *file = r->args.v[0];
	const struct model *m = run_load(r, file, false);
	if (!m || diags_errors(r->d))
		return run_report(r);
	lock_text(m, &text);
	size_t n = strlen(file);
	bool abp = n > 4 && strcmp(file + n - 4, ".abp") == 0;
	const char *out = arena_printf(r->s.a, "%.*s.lock", (int)(abp ? n - 4 : n), file);
	if (!write_file(r->d, out, &text))
		return run_report(r), EXIT_IO;
	printf("%s: %u units\n", out, m->closure.n);
	return EXIT_OK;
}
