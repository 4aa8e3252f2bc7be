/* growth.c - size and executed instructions against the number of calls and conditions, up to the limit. */
#include <linux/filter.h>
#include <stdio.h>

#include "compiler/backends/seccomp/denote.h"
#include "compiler/backends/seccomp/emit.h"
#include "compiler/backends/seccomp/sim.h"
#include "tests/bench/bench.h"

/* Calls 0, step, 2 * step ...: no two neighbours, so that no two share an interval. */
enum { STEP = 2, FIRST_VALUE = 0x5400, DISTANCE = 3 };

struct shape {
	uint32_t calls, checked, values; /* the first `checked` calls have that many values of argument 1 */
};

static const struct shape shapes[] = {
    {10, 0, 0},	   {25, 0, 0},	  {50, 0, 0},	 {100, 0, 0},	{200, 0, 0},   {20, 10, 5},    {50, 20, 5},
    {100, 40, 5},  {200, 100, 5}, {200, 200, 1}, {200, 200, 2}, {200, 200, 5}, {200, 200, 10}, {20, 10, 50},
    {20, 10, 100}, {20, 10, 200}, {20, 10, 300}, {20, 10, 400}, {40, 40, 80},  {40, 40, 100},
};

/* Values differ from call to call, or the calls would share one set. */
static uint64_t value_of(uint32_t call, uint32_t i)
{
	return FIRST_VALUE + call + (uint64_t)i * (DISTANCE + call);
}

static rule_list rules_of(struct arena *a, const struct shape *s)
{
	rule_list rules = {0};
	for (uint32_t c = 0; c < s->calls; c++) {
		struct rule r = {.nr = (uint16_t)(c * STEP)};
		for (uint32_t i = 0; i < (c < s->checked ? s->values : 1); i++) {
			struct term t = {{0}};
			struct atom x = {.arg = 1, .width = 32, .mask = UINT32_MAX};
			vec_push(a, &x.in, ((struct range){value_of(c, i), value_of(c, i)}));
			if (c < s->checked)
				vec_push(a, &t.atoms, x);
			vec_push(a, &r.terms, t);
		}
		vec_push(a, &rules, r);
	}
	return rules;
}

static void event(uint32_t nr, uint64_t arg, uint32_t e[N_WORDS])
{
	for (unsigned i = 0; i < N_WORDS; i++)
		e[i] = 0;
	e[W_ARCH] = arch_table[ARCH_X86_64].audit;
	e[W_NR] = nr;
	e[W_ARG0 + 2] = (uint32_t)arg;
}

static void add(struct code f, uint32_t nr, uint64_t arg, double *sum, uint32_t *n)
{
	uint32_t e[N_WORDS], action = 0, steps = 0;
	event(nr, arg, e);
	sim_run(f.f, f.n, e, &action, &steps);
	*sum += steps;
	++*n;
}

static void print(struct code f, const struct shape *s)
{
	double denied = 0, allowed = 0;
	uint32_t n_denied = 0, n_allowed = 0;
	if (!f.n) {
		printf(" - | - | - |");
		return;
	}
	for (uint32_t nr = 0; nr < s->calls * STEP; nr++)
		if (nr % STEP)
			add(f, nr, 0, &denied, &n_denied);
	for (uint32_t c = 0; c < s->checked; c++)
		for (uint32_t i = 0; i < s->values; i++)
			add(f, c * STEP, value_of(c, i), &allowed, &n_allowed);
	printf(" %u%s | %.1f |", f.n, f.n > BPF_MAXINSNS ? " (too long)" : "", denied / n_denied);
	if (n_allowed)
		printf(" %.1f |", allowed / n_allowed);
	else
		printf(" - |");
}

static void row(const struct shape *s)
{
	struct arena *a = arena_new();
	rule_list rules = rules_of(a, s);
	struct filter_spec spec = {ARCH_X86_64, &rules, DENY_BENCH};
	struct filter_code code;
	emit_filter(a, &spec, NULL, &code);
	printf("| %u | %u | %u |", s->calls, s->checked, s->values);
	print((struct code){code.insns.v, code.full ? 0 : code.insns.n}, s);
	print(peer_rules(a, &rules, 1), s);
	print(peer_rules(a, &rules, 2), s);
	putchar('\n');
	arena_free(a);
}

void growth_print(void)
{
	puts("# Growth of filters\n\n"
	     "Written by `make bench`. Calls: every second number is allowed, so that no two share an "
	     "interval (the worst "
	     "case of a\nlist). Checked: so many of them have *values* accepted constants of one 32-bit "
	     "argument, others for each "
	     "call. Size in\ninstructions (the kernel takes 4096); executed: mean over the denied numbers "
	     "between the calls, and "
	     "over every accepted\nconstant. `-`: the filter was not made. libseccomp is 2.5.4, rules as "
	     "MASKED_EQ.\n\n"
	     "| calls | checked | values | abpc size | denied | by argument | libseccomp size | denied | by "
	     "argument | "
	     "OPTIMIZE=2 size | denied | by argument |\n|---|---|---|---|---|---|---|---|---|---|---|---|");
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		row(&shapes[i]);
}
