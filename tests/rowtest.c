/*
 * rowtest.c - rows of tests/rows/NAME.t: `input;ok;canonical` or `input;fail;CODE`.
 *
 * A line `:HEAD` sets the block the following rows stand in (`:` alone: the unit itself).  $n is a newline,
 * $s a semicolon.  An ok row must parse, its layout must be the canonical text (omitted: the input itself),
 * the layout must be stable and have the same tree.  A fail row must fail with CODE as its first code
 * (omitted: any).
 */
#include <string.h>

#include "compiler/ast_print.h"
#include "compiler/fmt.h"
#include "grammar/parse.h"

struct run {
	struct arena *a;
	const char *file, *head;
	unsigned line, passed, failed;
};

static const char *expand(struct arena *a, const char *s, size_t n)
{
	struct buf b = buf_new(a);
	for (size_t i = 0; i < n; i++) {
		bool mark = s[i] == '$' && i + 1 < n && (s[i + 1] == 'n' || s[i + 1] == 's');
		buf_putc(&b, !mark ? s[i] : s[i + 1] == 'n' ? '\n' : ';');
		i += mark;
	}
	return buf_str(&b);
}

static const char *whole(struct run *r, const char *statement)
{
	if (!*r->head)
		return arena_printf(r->a, "abp 1\npolicy a.b 1.0.0 {\n    %s\n}\n", statement);
	return arena_printf(r->a, "abp 1\npolicy a.b 1.0.0 {\n    %s {\n        %s\n    }\n}\n", r->head,
			    statement);
}

/* Parse; *tree and *layout are set when there is no error, *said to the messages else. */
static bool try(struct arena *a, const char *text, const char **tree, const char **layout, const char **said)
{
	struct diags *d = diags_new(a);
	struct buf dump = buf_new(a), fmt = buf_new(a), out = buf_new(a);
	struct source *src = source_text(a, "row", text, strlen(text));
	struct unit *u = abp_parse(a, d, src);
	bool ok = diags_errors(d) == 0 && u;
	if (ok) {
		ast_dump(u, &dump);
		fmt_source(a, src, &fmt);
	}
	diags_text(d, &out);
	*tree = buf_str(&dump);
	*layout = buf_str(&fmt);
	*said = buf_str(&out);
	return ok;
}

static void verdict(struct run *r, bool ok, const char *why, const char *detail)
{
	r->passed += ok;
	r->failed += !ok;
	if (!ok)
		printf("FAILED %s:%u: %s\n%s", r->file, r->line, why, detail);
}

static void ok_row(struct run *r, const char *input, const char *canonical)
{
	const char *tree, *layout, *said, *tree2, *layout2, *said2;
	if (!try(r->a, whole(r, input), &tree, &layout, &said))
		verdict(r, false, "does not parse", said);
	else if (strcmp(layout, whole(r, canonical)) != 0)
		verdict(r, false, "layout is", layout);
	else if (!try(r->a, layout, &tree2, &layout2, &said2) || strcmp(layout, layout2) != 0)
		verdict(r, false, "layout of the layout is", layout2);
	else
		verdict(r, strcmp(tree, tree2) == 0, "the layout has another tree", tree2);
}

static void fail_row(struct run *r, const char *input, const char *code)
{
	const char *tree, *layout, *said;
	bool ok = try(r->a, whole(r, input), &tree, &layout, &said);
	const char *first = strstr(said, "[ABP-");
	verdict(r, !ok && (!*code || (first && strncmp(first + 1, code, strlen(code)) == 0)), "should fail",
		said);
}

static void row(struct run *r, const char *s)
{
	size_t n = strcspn(s, ";");
	const char *input = expand(r->a, s, n), *want = s + n + (s[n] == ';');
	size_t m = strcspn(want, ";");
	const char *rest = want[m] ? expand(r->a, want + m + 1, strlen(want + m + 1)) : "";
	if (m == 2 && memcmp(want, "ok", m) == 0)
		ok_row(r, input, *rest ? rest : input);
	else if (m == 4 && memcmp(want, "fail", m) == 0)
		fail_row(r, input, rest);
	else
		verdict(r, false, "not a row\n", s);
}

static void file(struct run *r)
{
	struct diags *d = diags_new(r->a);
	struct source *src = source_read(r->a, d, r->file, 1 << 20, (struct span){0});
	const char *s = src ? src->text : ":\ncannot be read;ok\n";
	for (r->line = 1, r->head = ""; *s; r->line++) {
		size_t n = strcspn(s, "\n");
		const char *text = arena_strndup(r->a, s, n);
		if (*text == ':')
			r->head = text + 1;
		else if (*text && *text != '#')
			row(r, text);
		s += n + (s[n] == '\n');
	}
}

int main(int argc, char **argv)
{
	struct run r = {.a = arena_new()};
	for (int i = 1; i < argc; i++) {
		r.file = argv[i];
		file(&r);
	}
	arena_free(r.a);
	printf("%u passed, %u failed\n", r.passed, r.failed);
	return r.failed != 0 || r.passed == 0;
}
