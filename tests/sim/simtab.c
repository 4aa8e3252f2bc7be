/*
 * simtab DIR TABLE - a decision table against the filters in DIR (seccomp.ARCH.bpf), by simulation.
 *
 *	x86_64 socket AF_INET SOCK_STREAM|SOCK_CLOEXEC 0 -> ALLOW
 *	x86_64 ioctl * 0x5401 -> ALLOW
 *	x86_64 read 0-9 -> EPERM
 *	0x40000003 1 -> KILL_PROCESS
 *	x86_64 rest -> EPERM|ENOSYS
 *
 * Architecture: a name, or the number of struct seccomp_data (the filter of the row before judges it).  Call:
 *name or number; `rest`: every number of the table that no row above names.  Arguments: numbers (also
 *negative), constants joined by |, `lo-hi` (its ends, their neighbours inside, the middle), `*` (many
 *values); those left out are 0.  Each row is also run with noise in the high halves of its 32-bit arguments:
 *the answer must be the same.  Answers: one, or several joined by |.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/backends/seccomp/sim.h"

enum { MAX_VALUES = 16, MAX_INSNS = 4096, MAX_NR = 1024 };

struct filter_file {
	struct sock_filter f[MAX_INSNS];
	size_t n;
};

struct row {
	uint32_t audit;
	enum arch arch; /* whose filter judges */
	bool rest;
	uint32_t nr;
	uint64_t value[6][MAX_VALUES];
	unsigned n[6];
	const char *answers;
};

struct run {
	struct filter_file file[N_ARCH];
	bool named[N_ARCH][MAX_NR];
	const char *table;
	unsigned line, passed, failed;
};

static void fatal(const struct run *r, const char *what)
{
	printf("%s:%u: %s\n0 passed, 1 failed\n", r->table, r->line, what);
	exit(2);
}

static void load(struct filter_file *f, const char *dir, enum arch arch)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/seccomp.%s.bpf", dir, arch_table[arch].name);
	FILE *in = fopen(path, "rb");
	if (!in)
		return;
	f->n = fread(f->f, sizeof *f->f, MAX_INSNS, in);
	fclose(in);
}

/* ---- values ---- */

static bool number(const char *s, uint64_t *x)
{
	char *end;
	if (!isdigit((unsigned char)*s) && *s != '-')
		return false;
	errno = 0;
	*x = *s == '-' ? (uint64_t)strtoll(s, &end, 0) : strtoull(s, &end, 0);
	return !*end && !errno;
}

static uint64_t bits(const struct run *r, enum arch arch, char *s)
{
	uint64_t all = 0;
	char *save = NULL;
	for (char *word = strtok_r(s, "|", &save); word; word = strtok_r(NULL, "|", &save)) {
		uint64_t x;
		if (!number(word, &x) && !const_value(arch, word, &x))
			fatal(r, "unknown constant");
		all |= x;
	}
	return all;
}

static unsigned values(const struct run *r, enum arch arch, char *s, uint64_t out[MAX_VALUES])
{
	static const uint64_t many[] = {
	    0,		1,	2,	    3,		200,	     0x7fffffff,	0x80000000,
	    0xffffffff, 0x1000, 0xfffffffe, UINT64_MAX, 0x100000000, 0x8000000000000000};
	char *dash = isdigit((unsigned char)*s) ? strchr(s, '-') : NULL;
	if (!strcmp(s, "*")) {
		memcpy(out, many, sizeof many);
		return sizeof many / sizeof *many;
	}
	if (!dash) {
		out[0] = bits(r, arch, s);
		return 1;
	}
	*dash = 0;
	uint64_t lo = bits(r, arch, s), hi = bits(r, arch, dash + 1);
	if (lo > hi)
		fatal(r, "range is reversed");
	const uint64_t ends[] = {lo, lo < hi ? lo + 1 : lo, lo + (hi - lo) / 2, lo < hi ? hi - 1 : hi, hi};
	memcpy(out, ends, sizeof ends);
	return 5;
}

/* ---- one event ---- */

static bool answer_listed(const char *answers, uint32_t action)
{
	const char *name = filter_answer(action);
	size_t n = name ? strlen(name) : 0;
	for (const char *s = answers; n && s; s = strchr(s, '|') ? strchr(s, '|') + 1 : NULL)
		if (!strncmp(s, name, n) && (s[n] == 0 || s[n] == '|'))
			return true;
	return false;
}

static void judge(struct run *r, const struct row *row, const uint32_t e[N_WORDS])
{
	const struct filter_file *f = &r->file[row->arch];
	uint32_t action = 1;
	if (sim_run(f->f, f->n, e, &action, NULL) && answer_listed(row->answers, action)) {
		r->passed++;
		return;
	}
	const char *name = filter_answer(action);
	printf("%s:%u: nr %u", r->table, r->line, e[W_NR]);
	for (unsigned i = 0; i < 6; i++)
		printf(" 0x%x%08x", e[W_ARG0 + 2 * i + 1], e[W_ARG0 + 2 * i]);
	printf(": %s, want %s\n", name ? name : "?", row->answers);
	r->failed++;
}

/* The event, and again with noise where the kernel does not look. */
static void judge_both(struct run *r, const struct row *row, uint32_t e[N_WORDS])
{
	const struct sysdef *call = e[W_NR] < FILTER_NR_END ? syscall_by_nr(row->arch, (int)e[W_NR]) : NULL;
	judge(r, row, e);
	for (unsigned i = 0; call && i < 6; i++) {
		const struct argdef *a = syscall_arg(call, row->arch, i);
		if (!a || a->width == 32)
			e[W_ARG0 + 2 * i + 1] ^= 0xa5a5a5a5;
	}
	if (call)
		judge(r, row, e);
}

static void judge_product(struct run *r, const struct row *row, uint32_t nr, unsigned arg,
			  const uint32_t e[N_WORDS])
{
	uint32_t mine[N_WORDS];
	memcpy(mine, e, sizeof mine);
	mine[W_NR] = nr;
	mine[W_ARCH] = row->audit;
	if (arg == 6) {
		judge_both(r, row, mine);
		return;
	}
	for (unsigned i = 0; i < row->n[arg]; i++) {
		mine[W_ARG0 + 2 * arg] = (uint32_t)row->value[arg][i];
		mine[W_ARG0 + 2 * arg + 1] = (uint32_t)(row->value[arg][i] >> 32);
		judge_product(r, row, nr, arg + 1, mine);
	}
}

/* ---- rows ---- */

static void parse_arch(const struct run *r, struct row *row, const char *s)
{
	uint64_t x;
	if (arch_by_name(s, &row->arch))
		row->audit = arch_table[row->arch].audit;
	else if (number(s, &x))
		row->audit = (uint32_t)x;
	else
		fatal(r, "unknown architecture");
}

static void parse_call(struct run *r, struct row *row, const char *s)
{
	uint64_t x = 0;
	const struct sysdef *call = syscall_by_name(s);
	row->rest = !strcmp(s, "rest");
	if (call && call->nr[row->arch] != SYS_NONE)
		x = (uint64_t)call->nr[row->arch];
	else if (!row->rest && !number(s, &x))
		fatal(r, "no such call on this architecture");
	row->nr = (uint32_t)x;
	if (row->nr < MAX_NR && !row->rest && row->audit == arch_table[row->arch].audit)
		r->named[row->arch][row->nr] = true;
}

static void parse(struct run *r, struct row *row, char *line)
{
	char *save = NULL, *arrow = strstr(line, "->");
	if (!arrow)
		fatal(r, "no -> in the row");
	*arrow = 0;
	row->answers = strtok_r(arrow + 2, " \t\n", &save);
	char *word = strtok_r(line, " \t", &save);
	parse_arch(r, row, word ? word : "");
	word = strtok_r(NULL, " \t", &save);
	parse_call(r, row, word ? word : "");
	for (unsigned i = 0; i < 6; i++) {
		word = strtok_r(NULL, " \t", &save);
		row->value[i][0] = 0;
		row->n[i] = word ? values(r, row->arch, word, row->value[i]) : 1;
	}
	if (!row->answers || strtok_r(NULL, " \t", &save))
		fatal(r, "a row is ARCH CALL, up to six arguments, -> ANSWER");
	if (!r->file[row->arch].n)
		fatal(r, "no filter for this architecture");
}

static void judge_row(struct run *r, const struct row *row)
{
	const uint32_t none[N_WORDS] = {0};
	if (!row->rest) {
		judge_product(r, row, row->nr, 0, none);
		return;
	}
	for (int nr = 0; nr <= syscall_table_max(row->arch); nr++)
		if (!r->named[row->arch][nr])
			judge_product(r, row, (uint32_t)nr, 0, none);
}

int main(int argc, char **argv)
{
	static struct run r;
	static struct row row;
	char line[1024];
	FILE *in = argc == 3 ? fopen(argv[2], "r") : NULL;
	if (!in) {
		fprintf(stderr, "usage: simtab DIR TABLE\n");
		return 2;
	}
	r.table = argv[2];
	for (enum arch a = 0; a < N_ARCH; a++)
		load(&r.file[a], argv[1], a);
	while (fgets(line, sizeof line, in)) {
		r.line++;
		line[strcspn(line, "#")] = 0;
		if (!line[strspn(line, " \t\n")])
			continue;
		parse(&r, &row, line);
		judge_row(&r, &row);
	}
	fclose(in);
	printf("%u passed, %u failed\n", r.passed, r.failed);
	return r.failed || !r.passed;
}
