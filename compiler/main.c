/*
 * main.c - abpc: options, then the command; every command is a few passes in order.
 *
 * Exit codes: 0 accepted (`why`: allowed); 1 rejected, widened, denied; 2 usage; 3 I/O or internal, or `why`
 * on a policy that does not build.
 */
#include <stdio.h>
#include <string.h>

#include "compiler/build.h"
#include "compiler/check.h"
#include "compiler/command.h"

static const char usage[] =
    "usage: abpc COMMAND ...\n"
    "  check FILE...                     parse, resolve, judge by every law\n"
    "  build FILE [-o DIR] [--emit LIST] write the verified walls to DIR/NAME/VERSION/ (default: generated)\n"
    "        [--frequency FILE]          `CALL: COUNT` lines: frequent calls get short paths\n"
    "        [--filter-only]             for benchmarks: without the floor; nothing to launch\n"
    "  show FILE [-x]                    every grant, one row each; -x: imports and implied calls too\n"
    "  show --group|--call|--cap NAME    what the tables know; --groups lists all\n"
    "  show --table NAME                 a whole table: answers caps devices groups implied limits settings\n"
    "                                    sockopts unsafe walls; abp-tables(7)\n"
    "  show BUNDLE.abpb                  what a bundle tells the loader\n"
    "  fmt FILE... [-w|--check]          canonical layout to standard output; -w: in place\n"
    "  why FILE PATTERN...               is it permitted, by which line and which wall\n"
    "  diff OLD NEW [--deny-widening] [--strict]   what changed, by meaning\n"
    "  test FILE...                      the test lines only\n"
    "  lock FILE                         write FILE's lock: every import with its digest\n"
    "  verify BUNDLE EVIDENCE            recompute what must hold, compare with what was observed\n"
    "  explain [CODE...]                 what a diagnostic means\n"
    "options: -I DIR (modules), --arch x86_64,aarch64, --json, --version\n";

static const struct command {
	const char *name;
	int (*run)(struct run *r);
	unsigned min_args;
} commands[] = {
    {"build", cmd_build, 1},   {"check", cmd_check, 1}, {"diff", cmd_diff, 2}, {"explain", cmd_explain, 0},
    {"fmt", cmd_fmt, 1},       {"lock", cmd_lock, 1},	{"show", cmd_show, 0}, {"test", cmd_test, 1},
    {"verify", cmd_verify, 2}, {"why", cmd_why, 2},
};

static int usage_error(const char *what, const char *arg)
{
	fprintf(stderr, "abpc: %s%s\n%s", what, arg, usage);
	return EXIT_USAGE;
}

/* ---- options ---------------------------------------------------------- */

enum option_kind { FLAG, VALUE };

static const struct option {
	const char *name;
	enum option_kind kind;
	size_t off;
} options[] = {
    {"-x", FLAG, offsetof(struct run, expand)},
    {"-w", FLAG, offsetof(struct run, write)},
    {"--check", FLAG, offsetof(struct run, fmt_check)},
    {"--json", FLAG, offsetof(struct run, json)},
    {"--deny-widening", FLAG, offsetof(struct run, deny_widening)},
    {"--strict", FLAG, offsetof(struct run, strict)},
    {"--filter-only", FLAG, offsetof(struct run, filter_only)},
    {"--groups", FLAG, offsetof(struct run, groups)},
    {"-o", VALUE, offsetof(struct run, out_dir)},
    {"--arch", VALUE, offsetof(struct run, arch_list)},
    {"--emit", VALUE, offsetof(struct run, emit_list)},
    {"--frequency", VALUE, offsetof(struct run, frequency)},
    {"--group", VALUE, offsetof(struct run, group)},
    {"--call", VALUE, offsetof(struct run, call)},
    {"--cap", VALUE, offsetof(struct run, cap)},
    {"--table", VALUE, offsetof(struct run, table)},
};

static const struct option *option_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

/* Returns how many words were taken, 0: unknown option or value missing. */
static int take_option(struct run *r, char **argv)
{
	if (strcmp(argv[0], "-I") == 0 && argv[1]) {
		vec_push(r->s.a, &r->include, argv[1]);
		return 2;
	}
	const struct option *o = option_by_name(argv[0]);
	if (!o || (o->kind == VALUE && !argv[1]))
		return 0;
	char *field = (char *)r + o->off;
	if (o->kind == FLAG)
		*(bool *)(void *)field = true;
	else
		*(const char **)(void *)field = argv[1];
	return o->kind == FLAG ? 1 : 2;
}

static bool take_archs(struct run *r)
{
	char *save = NULL, *list = arena_strdup(r->s.a, r->arch_list ? r->arch_list : "x86_64,aarch64");
	for (char *w = strtok_r(list, ", ", &save); w; w = strtok_r(NULL, ", ", &save)) {
		enum arch arch;
		if (!arch_by_name(w, &arch))
			return false;
		r->archs |= 1u << arch;
	}
	return r->archs != 0;
}

static int take_arguments(struct run *r, char **argv)
{
	bool only_words = false;
	while (*argv) {
		bool option = !only_words && argv[0][0] == '-' && argv[0][1];
		if (option && strcmp(argv[0], "--") == 0) {
			only_words = true;
			argv++;
			continue;
		}
		int n = option ? take_option(r, argv) : 1;
		if (n == 0)
			return usage_error("unknown option or missing value: ", argv[0]);
		if (!option)
			vec_push(r->s.a, &r->args, argv[0]);
		argv += n;
	}
	return take_archs(r) ? EXIT_OK : usage_error("--arch takes x86_64, aarch64 or both: ", r->arch_list);
}

static const struct command *command_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int run_command(struct run *r, char **argv)
{
	const struct command *c = command_by_name(argv[1]);
	if (!c)
		return usage_error("unknown command: ", argv[1]);
	int rc = take_arguments(r, argv + 2);
	if (rc)
		return rc;
	if (r->args.n < c->min_args)
		return usage_error("too few arguments for ", c->name);
	return c->run(r);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage_error("no command", "");
	if (strcmp(argv[1], "--version") == 0) {
		puts("abpc " ABP_VERSION);
		return EXIT_OK;
	}
	if (strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return EXIT_OK;
	}
	struct arena *a = arena_new();
	struct run r = {.s = {a, bdds_new(a)}, .d = diags_new(a), .out_dir = "generated"};
	int rc = run_command(&r, argv);
	arena_free(a);
	if (fflush(stdout) || ferror(stdout)) {
		perror("abpc: standard output");
		return EXIT_IO;
	}
	return rc;
}
