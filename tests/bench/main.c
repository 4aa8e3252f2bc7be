/*
 * main.c - the seccomp wall measured: filters of two policies, ours and libseccomp's, in one run.
 *
 *	bench check ABPC     figures that no clock enters, against their limits; ABPC writes these filters
 *	bench run ABPC       the same, kernel nanoseconds, processor time of ABPC
 *	bench table          bench/growth.md
 *	bench peer NAME N    libseccomp makes the filter of a policy (for the processor time of that)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"

struct tally {
	unsigned passed, failed;
};

static void judge(struct tally *t, const char *policy, const char *what, double got, double limit)
{
	bool good = got <= limit;
	t->passed += good;
	t->failed += !good;
	printf("  %-6s %-6s %-44s %8.2f   at most %.2f\n", good ? "ok" : "FAILED", policy, what, got, limit);
}

static const struct limits {
	const char *name;
	double insns, of_peer, denied, by_argument, cpu;
} limits[] = {{"docker", 66, 0.20, 8.0, 12.0, 3.0}, {"agent", 97, 0.68, 8.9, 15.0, 3.0}};

/* ---- figures ---- */

enum { OURS, LAUNCHABLE, LINEAR, TREE, N_CODES };
static const char *const code_name[N_CODES] = {"abpc, filter only", "abpc, launchable", "libseccomp",
					       "libseccomp OPTIMIZE=2"};

static void print(const char *policy, const char *who, const struct figures *x)
{
	printf("  %-6s %-22s %5u  %7.2f %3u-%-3u  %7.2f %3u-%-3u  %7.2f %3u-%-3u  %4u/%u\n", policy, who,
	       x->insns, x->denied.mean, x->denied.least, x->denied.most, x->by_argument.mean,
	       x->by_argument.least, x->by_argument.most, x->by_number.mean, x->by_number.least,
	       x->by_number.most, x->cacheable, x->by_number_calls);
}

static void print_all(const struct case_ *c, const struct code code[N_CODES], struct figures x[N_CODES])
{
	for (unsigned i = 0; i < N_CODES; i++) {
		x[i] = figures_of(&c->spec, &c->by_argument, code[i]);
		print(c->name, code_name[i], &x[i]);
	}
}

static void judge_figures(struct tally *t, const struct case_ *c, const struct code code[N_CODES],
			  const struct figures x[N_CODES], const struct limits *l)
{
	judge(t, c->name, "instructions", x[OURS].insns, l->insns);
	judge(t, c->name, "instructions / libseccomp's", (double)x[OURS].insns / x[LINEAR].insns, l->of_peer);
	judge(t, c->name, "executed, denied numbers, mean", x[OURS].denied.mean, l->denied);
	judge(t, c->name, "executed, allowed by argument, mean", x[OURS].by_argument.mean, l->by_argument);
	judge(t, c->name, "allowed by number, not cacheable", x[OURS].by_number_calls - x[OURS].cacheable, 0);
	judge(t, c->name, "answers unlike the policy's: ours",
	      differences(&c->spec, &c->by_argument, code[OURS]), 0);
	judge(t, c->name, "answers unlike the policy's: libseccomp",
	      differences(&c->spec, &c->by_argument, code[LINEAR]), 0);
}

/* ---- times ---- */

static void times(const struct case_ *c, const struct code code[N_CODES])
{
	const struct code f[MAX_FILTERS] = {{0}, code[OURS], code[LINEAR], code[TREE]};
	static const char *const who[] = {"no filter", "abpc", "libseccomp", "libseccomp OPTIMIZE=2"};
	struct span_of x[MAX_FILTERS][PROBES];
	kernel_times(f, MAX_FILTERS, 31, x);
	for (unsigned i = 0; i < MAX_FILTERS; i++) {
		printf("  %-6s %-22s", c->name, who[i]);
		for (unsigned p = 0; p < PROBES; p++)
			if (x[i][p].min > 0)
				printf("  %7.1f %7.1f", x[i][p].min, x[i][p].median);
			else
				printf("  %7s %7s", "-", "-");
		putchar('\n');
	}
}

static void cpu(struct tally *t, char *abpc, char *self, const struct limits *l)
{
	char file[64], name[16], dir[] = "/dev/shm/abp-bench-XXXXXX"; /* memory: not the disk's time */
	snprintf(file, sizeof file, "policies/bench/%s.abp", l->name);
	snprintf(name, sizeof name, "%s", l->name);
	if (!mkdtemp(dir))
		exit(2);
	char *const build[] = {abpc, "build", "--emit", "seccomp", "--arch", "x86_64", "--filter-only",
			       "-o", dir,     file,	NULL};
	char *const peer[] = {self, "peer", name, "1", NULL}, *const tree[] = {self, "peer", name, "2", NULL};
	char *const nothing[] = {abpc, "--version", NULL}, *const clean[] = {"/bin/rm", "-r", dir, NULL};
	struct span_of x = process_time(build, 41), y = process_time(peer, 41), z = process_time(tree, 41),
		       v = process_time(nothing, 41);
	printf("  %-6s abpc build %.2f %.2f  libseccomp %.2f %.2f  OPTIMIZE=2 %.2f %.2f  abpc --version %.2f "
	       "%.2f\n",
	       l->name, x.min, x.median, y.min, y.median, z.min, z.median, v.min, v.median);
	/* others on the machine only add to it */
	judge(t, l->name, "processor time of a build, ms, minimum", x.min, l->cpu);
	process_time(clean, 1);
}

/* ---- the compiler writes that filter ---- */

static bool same_bytes(const char *file, struct code f)
{
	struct sock_filter got[BPF_MAXINSNS];
	FILE *in = fopen(file, "r");
	size_t n = in ? fread(got, sizeof *got, BPF_MAXINSNS, in) : 0;
	if (in)
		fclose(in);
	return n == f.n && !memcmp(got, f.f, n * sizeof *got);
}

static void builds(struct tally *t, char *abpc, const struct case_ *c)
{
	char file[64], out[128], dir[] = "/tmp/abp-bench-XXXXXX";
	snprintf(file, sizeof file, "policies/bench/%s.abp", c->name);
	if (!mkdtemp(dir))
		exit(2);
	char *const build[] = {abpc, "build", "--emit", "seccomp", "--arch", "x86_64", "--filter-only",
			       "-o", dir,     file,	NULL};
	char *const clean[] = {"/bin/rm", "-r", dir, NULL};
	process_time(build, 1); /* ends the program if it is refused */
	snprintf(out, sizeof out, "%s/bench.%s/1.0.0/seccomp.x86_64.filter-only.bpf", dir, c->name);
	judge(t, c->name, "bytes that abpc writes otherwise", !same_bytes(out, c->ours), 0);
	process_time(clean, 1);
}

/* ---- the commands ---- */

static void figures(struct tally *t, char *abpc, bool clocks)
{
	puts(
	    "policy, filter: instructions; executed, mean and least-most, on denied numbers 0-469, on events "
	    "allowed by argument,\non calls allowed by number; of those, how many the kernel's action cache "
	    "can "
	    "take");
	for (unsigned i = 0; i < 2; i++) {
		struct arena *a = arena_new();
		struct case_ *c = case_load(a, limits[i].name);
		struct code code[N_CODES] = {c->ours, c->launchable, peer_policy(a, c->name, 1),
					     peer_policy(a, c->name, 2)};
		struct figures x[N_CODES];
		print_all(c, code, x);
		judge_figures(t, c, code, x, &limits[i]);
		builds(t, abpc, c);
		if (clocks) {
			printf("nanoseconds a call, minimum and median of 31 rounds:");
			for (unsigned p = 0; p < PROBES; p++)
				printf(" %s%s", probe_name(p), p + 1 < PROBES ? "," : "\n");
			times(c, code);
		}
		arena_free(a);
	}
}

static int finish(const struct tally *t)
{
	printf("%u passed, %u failed\n", t->passed, t->failed);
	return t->failed || !t->passed;
}

int main(int argc, char **argv)
{
	struct tally t = {0};
	const char *what = argc > 1 ? argv[1] : "";
	setvbuf(stdout, NULL, _IOLBF, 0); /* nothing buffered when a child is made */
	if (!strcmp(what, "check") && argc == 3) {
		figures(&t, argv[2], false);
		return finish(&t);
	}
	if (!strcmp(what, "run") && argc == 3) {
		figures(&t, argv[2], true);
		puts("processor time of the whole process, ms, minimum and median of 41 runs");
		for (unsigned i = 0; i < 2; i++)
			cpu(&t, argv[2], argv[0], &limits[i]);
		return finish(&t);
	}
	if (!strcmp(what, "table") && argc == 2) {
		growth_print();
		return 0;
	}
	if (!strcmp(what, "peer") && argc == 4) {
		struct arena *a = arena_new();
		peer_policy(a, argv[2], (uint32_t)strtoul(argv[3], NULL, 10));
		arena_free(a);
		return 0;
	}
	fputs("usage: bench check ABPC | run ABPC | table | peer NAME 1|2\n", stderr);
	return 2;
}
