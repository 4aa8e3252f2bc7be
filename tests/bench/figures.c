/* figures.c - what a filter executes, by simulation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/backends/seccomp/denote.h"
#include "compiler/backends/seccomp/emit.h"
#include "compiler/backends/seccomp/sim.h"
#include "compiler/backends/seccomp/verify.h"
#include "tests/bench/bench.h"

enum { LAST_NR = 469 }; /* "every number": 0 to here */

/* ---- loading ---- */

static void fail(const char *what, const char *file)
{
	fprintf(stderr, "bench: %s: %s\n", what, file);
	exit(2);
}

static void read_vector(struct case_ *c, char *line)
{
	struct vector v = {{[W_ARCH] = arch_table[ARCH_X86_64].audit}};
	char *save = NULL, *word = strtok_r(line, " \n", &save);
	const struct sysdef *call = word && *word != '#' ? syscall_by_name(word) : NULL;
	if (!call)
		return;
	v.e[W_NR] = (uint32_t)call->nr[ARCH_X86_64];
	for (unsigned i = 0; i < 6 && (word = strtok_r(NULL, " \n", &save)); i++) {
		uint64_t x = strtoull(word, NULL, 0);
		v.e[W_ARG0 + 2 * i] = (uint32_t)x;
		v.e[W_ARG0 + 2 * i + 1] = (uint32_t)(x >> 32);
	}
	vec_push(c->a, &c->by_argument, v);
}

static void read_vectors(struct case_ *c, const char *file)
{
	char line[200];
	FILE *f = fopen(file, "r");
	if (!f)
		fail("cannot read", file);
	while (fgets(line, sizeof line, f))
		read_vector(c, line);
	fclose(f);
}

static const struct model *resolve(struct case_ *c, const char *file, bool filter_only)
{
	struct loadpath path = {NULL, 0};
	unsigned archs = 1u << ARCH_X86_64 | (filter_only ? RESOLVE_FILTER_ONLY : 0u);
	struct diags *d = diags_new(c->a);
	const struct model *m = resolve_file(&c->s, d, file, &path, archs);
	if (!m || diags_errors(d))
		fail("does not resolve", file);
	return m;
}

static struct code emit(struct case_ *c, const struct filter_spec *spec)
{
	struct filter_code code;
	struct proof p;
	emit_filter(c->a, spec, NULL, &code);
	filter_prove(spec, (const uint8_t *)code.insns.v, code.insns.n * sizeof *code.insns.v, PROOF_BUDGET,
		     NULL, NULL, &p);
	if (p.verdict != PROOF_EQUAL)
		fail("not proved", c->name);
	return (struct code){code.insns.v, code.insns.n};
}

struct case_ *case_load(struct arena *a, const char *name)
{
	struct case_ *c = arena_alloc(a, sizeof *c);
	const char *file = arena_printf(a, "policies/bench/%s.abp", name);
	*c = (struct case_){.a = a, .s = {a, bdds_new(a)}, .name = name};
	c->m = resolve(c, file, true);
	c->spec = (struct filter_spec){ARCH_X86_64, &c->m->calls[ARCH_X86_64], DENY_BENCH};
	c->ours = emit(c, &c->spec);
	const struct model *run = resolve(c, file, false);
	struct filter_spec full = {ARCH_X86_64, &run->calls[ARCH_X86_64], DENY_ERRNO};
	c->launchable = emit(c, &full);
	read_vectors(c, arena_printf(a, "tests/cases/seccomp/%s.vec", name));
	return c;
}

/* ---- counting ---- */

static void count(struct mean *m, uint32_t steps)
{
	m->least = m->n && m->least < steps ? m->least : steps;
	m->most = m->most > steps ? m->most : steps;
	m->mean += steps;
	m->n++;
}

static uint32_t steps_of(struct code f, const uint32_t e[N_WORDS], uint32_t *action)
{
	uint32_t steps = 0;
	if (!sim_run(f.f, f.n, e, action, &steps))
		fail("a filter does not end", "simulator");
	return steps;
}

static const struct rule *rule_of(const struct filter_spec *spec, uint32_t nr)
{
	for (uint32_t i = 0; i < spec->rules->n; i++)
		if (spec->rules->v[i].nr == nr && spec->rules->v[i].terms.n)
			return &spec->rules->v[i];
	return NULL;
}

struct figures figures_of(const struct filter_spec *spec, const vector_list *by_argument, struct code f)
{
	struct figures x = {.insns = f.n};
	uint32_t audit = arch_table[spec->arch].audit, action, done;
	for (uint32_t nr = 0; nr <= LAST_NR; nr++) {
		const struct rule *r = rule_of(spec, nr);
		uint32_t e[N_WORDS] = {[W_NR] = nr, [W_ARCH] = audit};
		if (r && r->terms.v[0].atoms.n)
			continue;
		count(r ? &x.by_number : &x.denied, steps_of(f, e, &action));
		x.by_number_calls += r != NULL;
		x.cacheable += r && f.f[sim_by_number(f.f, f.n, audit, nr, &done)].code == (BPF_RET | BPF_K);
	}
	for (uint32_t i = 0; i < by_argument->n; i++)
		count(&x.by_argument, steps_of(f, by_argument->v[i].e, &action));
	struct mean *all[] = {&x.by_number, &x.by_argument, &x.denied};
	for (unsigned i = 0; i < 3; i++)
		all[i]->mean /= all[i]->n ? all[i]->n : 1;
	return x;
}

static bool differs(const struct filter_spec *spec, struct code f, const uint32_t e[N_WORDS])
{
	uint32_t action = 0;
	steps_of(f, e, &action);
	return action != denote_event(spec, e);
}

unsigned differences(const struct filter_spec *spec, const vector_list *by_argument, struct code f)
{
	unsigned n = 0;
	for (uint32_t nr = 0; nr <= filter_last(spec); nr++) {
		const struct rule *r = rule_of(spec, nr);
		uint32_t e[N_WORDS] = {[W_NR] = nr, [W_ARCH] = arch_table[spec->arch].audit};
		n += !(r && r->terms.v[0].atoms.n) && differs(spec, f, e);
	}
	for (uint32_t i = 0; i < by_argument->n; i++) {
		struct vector v = by_argument->v[i];
		n += differs(spec, f, v.e);
		for (unsigned b = 0; b < 32 * 4; b++) { /* each bit of the first two arguments turned over */
			v.e[W_ARG0 + b / 32] ^= 1u << b % 32;
			n += b / 32 % 2 == 0 && differs(spec, f, v.e);
			v.e[W_ARG0 + b / 32] ^= 1u << b % 32;
		}
	}
	return n;
}
