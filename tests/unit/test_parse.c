/* test_parse.c - the grammar from outside: corpus, recovery, hostile inputs, shape of the tree and of
 * messages. */
#include <glob.h>
#include <jansson.h>
#include <string.h>

#include "compiler/ast_print.h"
#include "compiler/explain_code.h"
#include "compiler/fmt.h"
#include "grammar/parse.h"
#include "tests/unit/unit.h"

#define HEAD "abp 1\npolicy a.b 1.0.0 {\n"

struct parsed {
	struct arena *a;
	struct unit *unit;
	uint32_t errors;
	const char *said;
};

static struct parsed parse_bytes(const char *text, size_t n)
{
	struct parsed r = {.a = arena_new()};
	struct diags *d = diags_new(r.a);
	r.unit = abp_parse(r.a, d, source_text(r.a, "t", text, n));
	r.errors = diags_errors(d);
	struct buf out = buf_new(r.a);
	diags_text(d, &out);
	r.said = buf_str(&out);
	return r;
}

static struct parsed parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

/* Text repeated n times between two others. */
static struct parsed parse_many(const char *before, const char *text, size_t n, const char *after)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a);
	buf_puts(&b, before);
	while (n--)
		buf_puts(&b, text);
	buf_puts(&b, after);
	struct parsed r = parse_bytes((const char *)b.data, b.len);
	arena_free(a);
	return r;
}

/* ---- corpus ------------------------------------------------------------ */

static void corpus_file(const char *path)
{
	struct arena *a = arena_new();
	struct diags *d = diags_new(a);
	struct source *src = source_read(a, d, path, 1 << 20, (struct span){0});
	struct unit *u = src ? abp_parse(a, d, src) : NULL;
	if (CHECK(u && diags_errors(d) == 0, "%s", path)) {
		struct buf once = buf_new(a), twice = buf_new(a), tree = buf_new(a), tree2 = buf_new(a);
		fmt_source(a, src, &once);
		struct source *again = source_text(a, path, buf_str(&once), once.len);
		fmt_source(a, again, &twice);
		CHECK(strcmp(buf_str(&once), buf_str(&twice)) == 0, "layout of %s", path);
		ast_dump(u, &tree);
		ast_dump(abp_parse(a, d, again), &tree2);
		CHECK(strcmp(buf_str(&tree), buf_str(&tree2)) == 0, "tree of %s", path);
	}
	arena_free(a);
}

static void corpus(void)
{
	glob_t g;
	CU_ASSERT_EQUAL_FATAL(glob("tests/cases/policies/*.abp", 0, NULL, &g), 0);
	CU_ASSERT_EQUAL(g.gl_pathc, 11);
	for (size_t i = 0; i < g.gl_pathc; i++)
		corpus_file(g.gl_pathv[i]);
	globfree(&g);
}

/* A file cut at any byte: some errors or none, never a crash, and the layout of what parses is stable. */
static void truncated(void)
{
	struct arena *a = arena_new();
	struct diags *d = diags_new(a);
	struct source *src = source_read(a, d, "tests/cases/policies/redis.abp", 1 << 20, (struct span){0});
	CU_ASSERT_PTR_NOT_NULL_FATAL(src);
	size_t whole = 0;
	for (uint32_t n = 0; n < src->len; n++) {
		struct parsed r = parse_bytes(src->text, n);
		whole += r.errors == 0;
		arena_free(r.a);
	}
	CU_ASSERT_EQUAL(whole, 1); /* only the final newline may be missing */
	arena_free(a);
}

/* For each policy of the corpus: run(a, source). */
static void each_policy(void (*run)(struct arena *a, struct source *src))
{
	glob_t g;
	CU_ASSERT_EQUAL_FATAL(glob("tests/cases/policies/*.abp", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct arena *a = arena_new();
		struct diags *d = diags_new(a);
		struct source *src = source_read(a, d, g.gl_pathv[i], 1 << 20, (struct span){0});
		CU_ASSERT_PTR_NOT_NULL_FATAL(src);
		run(a, src);
		arena_free(a);
	}
	globfree(&g);
}

/* One word taken out, or written twice: no avalanche of errors. */
static void one_word_wrong(struct arena *a, struct source *src)
{
	token_list l = abp_tokens(a, src);
	for (uint32_t i = 0; i < 2 * l.n; i++) {
		struct span x = l.v[i / 2];
		struct buf b = buf_new(a);
		buf_add(&b, src->text, x.off + (i % 2 ? x.len : 0));
		if (i % 2) {
			buf_putc(&b, ' ');
			buf_add(&b, src->text + x.off, x.len);
		}
		buf_add(&b, src->text + x.off + x.len, src->len - x.off - x.len);
		struct parsed r = parse_bytes((const char *)b.data, b.len);
		CHECK(r.errors <= 3, "%s: %.*s %s: %u errors", src->name, (int)x.len, src->text + x.off,
		      i % 2 ? "twice" : "removed", r.errors);
		arena_free(r.a);
	}
}

static void avalanche(void)
{
	each_policy(one_word_wrong);
}

/* What an author may put between two items, and between two statements. */
static const char *random_gap(uint64_t *seed, bool sep, bool in_cond)
{
	static const char *const blank[] = {" ", "\t", "   ", " \\\n", "\\\n\t", " \\\n\\\n "};
	static const char *const cond[] = {" ", "\n", " # c\n", "\n\n\t", " \\\n"};
	static const char *const end[] = {
	    "\n", ";", " ; ;", "\n\n\n", " # c\n", ";# c\n", "\n# own\n\n# own\n"};
	uint32_t n = unit_random(seed);
	return sep ? end[n % 7] : in_cond ? cond[n % 5] : blank[n % 6];
}

static void respace(struct arena *a, struct source *src, uint64_t *seed, struct buf *out)
{
	token_list l = abp_tokens(a, src);
	int parens = 0;
	for (uint32_t i = 0; i < l.n; i++) {
		struct span x = l.v[i];
		uint32_t end = x.off + x.len, next = i + 1 < l.n ? l.v[i + 1].off : src->len;
		bool sep = false;
		buf_add(out, src->text + x.off, x.len);
		parens += (src->text[x.off] == '(') - (src->text[x.off] == ')');
		for (uint32_t k = end; k < next && src->text[k] != '#'; k++)
			sep = sep || src->text[k] == '\n' || src->text[k] == ';';
		if (end < next)
			buf_puts(out, random_gap(seed, sep && !parens, parens > 0));
	}
}

static void any_spaces(struct arena *a, struct source *src)
{
	uint64_t seed = src->len;
	struct parsed good = parse_bytes(src->text, src->len);
	struct buf tree = buf_new(a);
	ast_dump(good.unit, &tree);
	for (unsigned n = 0; n < 40; n++) {
		struct buf text = buf_new(good.a), once = buf_new(good.a), twice = buf_new(good.a),
			   dump = buf_new(good.a);
		respace(good.a, src, &seed, &text);
		struct source *odd = source_text(good.a, "odd", buf_str(&text), text.len);
		fmt_source(good.a, odd, &once);
		fmt_source(good.a, source_text(good.a, "once", buf_str(&once), once.len), &twice);
		CHECK(strcmp(buf_str(&once), buf_str(&twice)) == 0, "%s: layout of\n%s", src->name,
		      buf_str(&text));
		struct parsed r = parse(buf_str(&once));
		if (CHECK(r.errors == 0, "%s: %s", src->name, r.said))
			ast_dump(r.unit, &dump);
		CHECK(strcmp(buf_str(&tree), buf_str(&dump)) == 0, "%s: tree of\n%s", src->name,
		      buf_str(&text));
		arena_free(r.a);
	}
	arena_free(good.a);
}

static void spaces(void)
{
	each_policy(any_spaces);
}

/* ---- the tree ---------------------------------------------------------- */

static bool at(struct span s, const char *text)
{
	return s.src && s.len == strlen(text) && memcmp(s.src->text + s.off, text, s.len) == 0;
}

static void tree(void)
{
	struct parsed r =
	    parse(HEAD "ports { listen tcp *:80 [::]:1-2 from 10.0.0.0/8 local on x86_64 unsafe because "
		       "\"a \\\"b\\\" \\\\\" }\ntitle \"é\"\n}");
	CU_ASSERT_EQUAL_FATAL(r.errors, 0);
	CU_ASSERT_STRING_EQUAL(r.unit->stmts.v[1]->name.text, "é");
	CU_ASSERT_EQUAL(r.unit->kind, UNIT_POLICY);
	CU_ASSERT_STRING_EQUAL(r.unit->name.text, "a.b");
	CU_ASSERT_STRING_EQUAL(r.unit->version.text, "1.0.0");
	CU_ASSERT_EQUAL_FATAL(r.unit->stmts.n, 2);
	CU_ASSERT(at(r.unit->stmts.v[0]->at, "ports"));
	const struct line *l = r.unit->stmts.v[0]->lines.v[0];
	CU_ASSERT(at(l->at, "listen tcp *:80 [::]:1-2 from 10.0.0.0/8 local"));
	CU_ASSERT(at(l->items.v[1].at, "[::]:1-2"));
	CU_ASSERT_STRING_EQUAL(l->items.v[1].text, "[::]:1-2");
	CU_ASSERT(at(l->tail.unsafe_at, "unsafe"));
	CU_ASSERT_STRING_EQUAL(l->tail.because.text, "a \"b\" \\");
	CU_ASSERT_EQUAL(l->tail.because.len, 7);
	CU_ASSERT(l->local && l->from.n == 1 && l->kind == LINE_NET);
	arena_free(r.a);
}

static unsigned depth(const struct cond *c)
{
	if (c->kind != COND_AND && c->kind != COND_OR)
		return 1;
	unsigned l = depth(c->l), r = depth(c->r);
	return 1 + (l > r ? l : r);
}

static void long_condition(void)
{
	struct parsed r = parse_many(HEAD "syscalls { allow a(x == 0", " or x == 1", 90000, ") } \n}");
	CU_ASSERT_EQUAL_FATAL(r.errors, 0);
	CU_ASSERT(depth(r.unit->stmts.v[0]->lines.v[0]->calls.v[0].cond) <= 18);
	arena_free(r.a);
}

/* Every keyword is an ordinary word inside lists, but for the seven that end them. */
static void keywords(void)
{
	static const struct {
		const char *text;
		enum { LINE, COND, RESERVED } where;
	} rows[] = {
#define KEYWORD(token, text, where) {text, where},
#include "grammar/keywords.def"
#undef KEYWORD
	};
	unsigned reserved = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[100];
		snprintf(text, sizeof text, HEAD "env { pass %s B }\n}\n", rows[i].text);
		struct parsed r = parse(text);
		CHECK((r.errors == 0) == (rows[i].where != RESERVED), "pass %s", rows[i].text);
		reserved += rows[i].where == RESERVED;
		arena_free(r.a);
	}
	CU_ASSERT_EQUAL(reserved, 7);
}

/* ---- recovery and messages --------------------------------------------- */

static void recovery(void)
{
	struct parsed r =
	    parse(HEAD "titel \"x\"\nfoo { a; b { c }; d }\nports { conect any; listen tcp 80 }\n"
		       "title \"good\"\n}\n");
	CU_ASSERT_EQUAL(r.errors, 3);
	CU_ASSERT_EQUAL_FATAL(r.unit->stmts.n, 2);
	CU_ASSERT_EQUAL(r.unit->stmts.v[0]->lines.n, 1);
	CU_ASSERT_EQUAL(r.unit->stmts.v[1]->kind, STMT_TITLE);
	arena_free(r.a);
	r = parse("abp 1\npolicy {\n foo\n}\n");
	CU_ASSERT_EQUAL(r.errors, 2);
	CU_ASSERT_PTR_NULL(r.unit);
	arena_free(r.a);
	r = parse("");
	CU_ASSERT(r.errors > 0 && !r.unit);
	arena_free(r.a);
}

static void cap(void)
{
	struct parsed r = parse_many(HEAD, "foo\n", 100000, "}");
	CU_ASSERT_EQUAL(r.errors, DIAG_MAX_ERRORS);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.said, "too many errors\n50 errors\n"));
	arena_free(r.a);
}

static void carets(void)
{
	struct parsed r = parse(HEAD "\t\ttitle\tÄé");
	CU_ASSERT_PTR_NOT_NULL(strstr(r.said, "t:3:9: error: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(r.said, "    \t\ttitle\tÄé\n    \t\t     \t^~\n"));
	arena_free(r.a);
	r = parse_many(HEAD "title \"", "x", 190, "\" ,\n}");
	CU_ASSERT_PTR_NOT_NULL(strstr(r.said, "\n    ...xxx"));
	CU_ASSERT_PTR_NOT_NULL(strstr(r.said, "x\" ,\n"));
	arena_free(r.a);
}

static void places(void)
{
	struct arena *a = arena_new();
	struct diags *d = diags_new(a);
	struct source *one = source_text(a, "one", "a b\n", 4), *two = source_text(a, "two", "c\n", 2);
	two->id = 1;
	diag_error(d, (struct span){two, 0, 1}, "ABP-X-002", "second");
	diag_error(d, (struct span){one, 2, 1}, "ABP-X-001", "first");
	diag_also(d, (struct span){two, 0, 1}, "here");
	diag_also(d, (struct span){one, 0, 1}, "and here");
	diag_also(d, (struct span){one, 0, 1}, "dropped");
	diag_help(d, "do %s", "it");
	diag_error(d, (struct span){0}, "ABP-X-000", "no place");
	struct buf out = buf_new(a);
	diags_text(d, &out);
	CU_ASSERT_STRING_EQUAL(buf_str(&out), "abpc: error: no place [ABP-X-000]\n"
					      "one:1:3: error: first [ABP-X-001]\n    a b\n      ^\n"
					      "two:1:1: note: here\n    c\n    ^\n"
					      "one:1:1: note: and here\n    a b\n    ^\n"
					      "help: do it\n"
					      "two:1:1: error: second [ABP-X-002]\n    c\n    ^\n3 errors\n");
	CU_ASSERT(diags_have(d, "ABP-X-") && !diags_have(d, "ABP-IO-"));
	struct buf json = buf_new(a);
	diags_json(d, &json);
	json_t *j = json_loadb((const char *)json.data, json.len, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(j);
	json_t *r = json_array_get(json_object_get(j, "records"), 1), *at = json_object_get(r, "places");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(j, "errors")), 3);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(r, "help")), "do it");
	CU_ASSERT_EQUAL(json_array_size(at), 3);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_array_get(at, 0), "column")), 3);
	CU_ASSERT(json_is_null(json_object_get(json_array_get(json_object_get(j, "records"), 0), "help")));
	json_decref(j);
	arena_free(a);
}

static void explain(void)
{
	struct arena *a = arena_new();
	struct buf out = buf_new(a), list = buf_new(a);
	CU_ASSERT(explain_code("ABP-SYN-006", &out));
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&out), "ABP-SYN-006: a block is not closed\n\n"));
	CU_ASSERT(explain_code("abp-lex-001", &out));
	CU_ASSERT_FALSE(explain_code("ABP-SYN-999", &out));
	explain_list(&list);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&list), "ABP-LEX-001  the file is not UTF-8\n"));
	arena_free(a);
}

/* ---- hostile inputs ---------------------------------------------------- */

static void hostile(void)
{
	static const char *const unit[] = {
	    "{",	  "}",	"(",	   ")",	      "\n",	      ";",	     "\\\n",   "\"", "#",
	    "a",	  " ",	"a ",	   "\"x",     "a(b ",	      "/",	     "{a",     "a{", "-",
	    "a(b in {c,", "\\", "run x\n", "run {\n", "test \"x\"\n", "run { } }\n", "caps {;"};
	for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
		size_t n = ((1 << 20) - 100) / strlen(unit[i]);
		struct parsed r = parse_many("", unit[i], n, "");
		CHECK(r.errors > 0, "only %s", unit[i]);
		arena_free(r.a);
		r = parse_many(HEAD, unit[i], n / 8, "\n}\n");
		arena_free(r.a);
		r = parse_many(HEAD "syscalls { allow a(", unit[i], n / 8, ") }\n}\n");
		arena_free(r.a);
	}
}

static void sizes(void)
{
	struct parsed r = parse_many(HEAD "caps { allow ", "A ", 500000, "}\n}");
	CU_ASSERT_EQUAL(r.errors, 0);
	arena_free(r.a);
	r = parse_many(HEAD, "title \"x\"\n", 100000, "}");
	CU_ASSERT_EQUAL(r.errors, 0);
	CU_ASSERT_EQUAL(r.unit->stmts.n, 100000);
	arena_free(r.a);
	r = parse_many(HEAD, " ", 1 << 20, "}");
	CU_ASSERT_PTR_NOT_NULL(strstr(r.said, "ABP-LEX-004"));
	arena_free(r.a);
	r = parse_bytes(HEAD "\0}", sizeof HEAD "\0}" - 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.said, "control character U+0000"));
	arena_free(r.a);
	r = parse_many(HEAD "title \"", "é", 200, "\"\n}");
	CU_ASSERT_EQUAL(r.errors, 0); /* characters, not bytes */
	arena_free(r.a);
	r = parse_many(HEAD "title \"", "\\\"", 201, "\"\n}");
	CU_ASSERT_EQUAL(r.errors, 1);
	arena_free(r.a);
}

void suite_parse(void)
{
	static const struct unit_case cases[] = {
	    {"the eleven policies parse, and keep their tree", corpus},
	    {"a policy cut at every byte", truncated},
	    {"one word wrong, few errors", avalanche},
	    {"any spaces, comments, breaks: the same tree", spaces},
	    {"places and texts of the tree", tree},
	    {"a long condition is a flat tree", long_condition},
	    {"keywords are words inside lists", keywords},
	    {"several errors in one run", recovery},
	    {"fifty errors and no more", cap},
	    {"carets under tabs, wide letters, long lines", carets},
	    {"order, three places, help", places},
	    {"explain", explain},
	    {"one token a million times", hostile},
	    {"limits of size", sizes},
	    {NULL, NULL},
	};
	unit_suite("parse", cases);
}
