/*
 * test_diff.c - two policies by meaning: rows, witnesses, the direction of each setting.
 */
#include <string.h>

#include "tests/unit/policy.h"
#include "tests/unit/unit.h"

#define P POLICY_OF
enum { WIDER = 1, NARROWER = 2, CHANGED = 4 };

struct pair {
	const char *name, *old, *new_;
	unsigned bits;
	const char *says; /* in the rows; NULL: anything */
};

static void run_pair(const struct pair *p)
{
	struct arena *a = arena_new();
	struct sets s = {a, bdds_new(a)};
	struct diags *d = diags_new(a);
	struct buf rows = buf_new(a), errs = buf_new(a);
	struct model *old = judge_into(&s, d, p->old), *new_ = judge_into(&s, d, p->new_);

	diags_text(d, &errs);
	if (CHECK(old && new_ && !diags_errors(d), "%s: %s", p->name, buf_str(&errs))) {
		unsigned bits = diff_text(&s, old, new_, &rows);

		CHECK(bits == p->bits, "%s: bits %u, not %u: %s", p->name, bits, p->bits, buf_str(&rows));
		CHECK(!p->says || strstr(buf_str(&rows), p->says), "%s: not `%s` in %s", p->name, p->says,
		      buf_str(&rows));
	}
	arena_free(a);
}

static void run_pairs(const struct pair *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		run_pair(&p[i]);
}
#define PAIRS(table) run_pairs(table, sizeof(table) / sizeof *(table))

static void test_events(void)
{
	static const struct pair t[] = {
	    {"same", P("paths { read /a /b }"), P("paths { read /b because \"x\"; read /a }"), 0,
	     "no difference in meaning\n"},
	    {"split tree", P("paths { read /a/** }"), P("paths { read /a/**; read /a/b }"), 0, NULL},
	    {"wider", P("paths { read /a }"), P("paths { read /a /b }"), WIDER, "+ widened   read /b"},
	    {"narrower", P("paths { read /a /b }"), P("paths { read /a }"), NARROWER, "- narrowed  read /b"},
	    {"both", P("paths { read /a }"), P("paths { read /b }"), WIDER | NARROWER, NULL},
	    {"witness", P("ports { listen tcp 127.0.0.1:8000-8099 }"),
	     P("ports { listen tcp 127.0.0.1:8000-8100 }"), WIDER, "127.0.0.1:8100"},
	    {"implied", P(""), P("paths { read /a }"), WIDER, "what `read /a` implies"},
	    {"condition", P("syscalls { allow ioctl(request == 1) }"),
	     P("syscalls { allow ioctl(request in {1, 2}) }"), WIDER, "ioctl(request in {1, 2})"},
	    {"answer of a probe", P("syscalls { allow getpid }"),
	     P("syscalls { allow getpid fchmodat2(flags == 0 and mode & 06000 == 0) }"), WIDER | CHANGED,
	     "answer of fchmodat2, where denied: ENOSYS -> EPERM"},
	    {"newly unsafe", P("paths { exec /w/x }"), P("paths { exec /w/x unsafe; write /w/x }"),
	     WIDER | CHANGED, "newly unsafe: exec /w/x"},
	};
	PAIRS(t);
}

static void test_settings(void)
{
	static const struct pair t[] = {
	    {"net", P("run { net none }"), P("run { net private }"), WIDER, "net none -> private"},
	    {"net back", P("run { net host because \"x\" }"), P("run { net relay }"), NARROWER,
	     "net host -> relay"},
	    {"root", P("run { user 5:5 }"), P("run { user 0:5 }"), WIDER, "user 5:5 -> 0:5"},
	    {"user", P("run { user 5:5 }"), P("run { user 6:5 }"), CHANGED, "user 5:5 -> 6:5"},
	    {"require", P("run { require landlock 6 }"), P(""), WIDER, "require landlock: dropped"},
	    {"stdio", P("run { stdio null }"), P("run { stdio tty }"), WIDER, "stdio null -> tty"},
	    {"limit", P("limits { files 10 }"), P("limits { files 11 }"), WIDER, "files 10 -> 11"},
	    {"limit gone", P("limits { files 10 }"), P(""), WIDER, "files 10 -> unlimited"},
	    {"limit down", P("limits { wall 2m }"), P("limits { wall 90s }"), NARROWER, "wall 2m -> 90s"},
	    {"set", P("env { set A=1 }"), P("env { set A=2 }"), CHANGED, "set A 1 -> 2"},
	    {"scratch", P("paths { scratch /tmp size 1M }"), P("paths { scratch /tmp size 2M }"), CHANGED,
	     "2M"},
	    {"slot", P("paths { write /a/** }"), P("paths { write /a/** slot }"), CHANGED,
	     "write /a/**: (none) -> slot"},
	    {"no slot", P("paths { write /a/** slot }"), P("paths { write /a/** }"), CHANGED,
	     "slot -> (none)"},
	    {"local", P("ports { connect tcp 192.0.2.1:443 }"),
	     P("ports { connect tcp 192.0.2.1:443 local }"), CHANGED, "(none) -> local"},
	    {"as", P("ports { connect tcp 192.0.2.1:443 as a.example }"),
	     P("ports { connect tcp 192.0.2.1:443 as b.example }"), CHANGED, "as a.example -> as b.example"},
	    {"workdir", P("paths { read /a/** }"), P("run { workdir /a }\npaths { read /a/** }"), CHANGED,
	     "/a"},
	    {"never", P("never { cap any }"), P(""), CHANGED, "never cap any: dropped"},
	    {"answer", P("run { on-deny errno }"), P("run { on-deny kill }"), CHANGED, "EPERM -> kill"},
	};
	PAIRS(t);
}

static struct model *some_lines(struct sets *s, struct diags *d, uint32_t which)
{
	static const char *const line[] = {"paths { read /a/** }",
					   "paths { read /a/b /c }",
					   "paths { write /w/** }",
					   "paths { write /v/** except /v/x }",
					   "ports { connect tcp 192.0.2.0/24:1-50 }",
					   "ports { connect tcp 192.0.2.7:7 }",
					   "ports { listen tcp 127.0.0.1:8000-8099 from 127.0.0.0/8 }",
					   "ports { listen tcp 127.0.0.1:8050 from 127.0.0.1 }",
					   "syscalls { allow ioctl(request in {1, 2}) }",
					   "syscalls { allow ioctl(request == 2 or request == 5) }",
					   "env { pass LANG }",
					   "limits { files 7 }"};
	struct buf b = buf_new(s->a);

	buf_puts(&b, "abp 1\npolicy t.p 1.0.0 {\nlimits { memory 1M; cpu 1%; pids 1 }\n"
		     "run { net host because \"x\" }\n");
	for (unsigned i = 0; i < sizeof line / sizeof *line; i++)
		if (which >> i & 1)
			buf_printf(&b, "%s\n", line[i]);
	buf_puts(&b, "}\n");
	return judge_into(s, d, buf_str(&b));
}

/* The bits are those of the sets, whatever the lines. */
static void test_random(void)
{
	uint64_t seed = 1;

	for (unsigned round = 0; round < 60; round++) {
		struct arena *a = arena_new();
		struct sets s = {a, bdds_new(a)};
		struct diags *d = diags_new(a);
		struct buf rows = buf_new(a), errs = buf_new(a);
		struct model *old = some_lines(&s, d, unit_random(&seed)),
			     *new_ = some_lines(&s, d, unit_random(&seed));

		diags_text(d, &errs);
		if (CHECK(old && new_ && !diags_errors(d), "%s", buf_str(&errs))) {
			unsigned bits = diff_text(&s, old, new_, &rows);

			CHECK(!(bits & WIDER) == evset_subset(&s, &new_->all, &old->all), "%u: %s", round,
			      buf_str(&rows));
			CHECK(!(bits & NARROWER) == evset_subset(&s, &old->all, &new_->all), "%u: %s", round,
			      buf_str(&rows));
		}
		arena_free(a);
	}
}

void suite_diff(void)
{
	static const struct unit_case cases[] = {
	    {"events", test_events},
	    {"settings", test_settings},
	    {"random policies", test_random},
	    {NULL, NULL},
	};
	unit_suite("diff", cases);
}
