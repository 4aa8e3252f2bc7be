#include "compiler/backends/seccomp/seccomp.h"

#include <stdlib.h>

#include "compiler/backends/seccomp/emit.h"
#include "compiler/backends/seccomp/sim.h"
#include "compiler/backends/seccomp/verify.h"

static struct filter_spec spec_of(const struct model *m, enum arch arch)
{
	enum filter_deny deny = m->run.on_deny_kill ? DENY_KILL : DENY_ERRNO;
	return (struct filter_spec){arch, &m->calls[arch], m->filter_only ? DENY_BENCH : deny};
}

static void put_le(struct buf *b, uint32_t x, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_putc(b, (char)(x >> 8 * i));
}

static void put_insns(struct buf *b, const struct filter_code *code)
{
	for (uint32_t i = 0; i < code->insns.n; i++) {
		const struct sock_filter *f = &code->insns.v[i];
		put_le(b, f->code, 2);
		put_le(b, f->jt, 1);
		put_le(b, f->jf, 1);
		put_le(b, f->k, 4);
	}
}

/* ---- too long ---- */

enum { SHOWN = 4 };

static void help_costs(struct sets *s, struct diags *d, enum arch arch, const struct filter_code *code)
{
	struct buf b = buf_new(s->a);
	for (uint32_t i = 0; i < code->cost.n && i < SHOWN; i++) {
		const struct filter_cost *c = &code->cost.v[i];
		const struct sysdef *call = syscall_by_nr(arch, c->nr);
		buf_printf(&b, "%s%s ", i ? ", " : "", call ? call->name : "a call without a name");
		if (c->insns)
			buf_printf(&b, "%u", c->insns);
		else
			buf_puts(&b, "more than can be built");
	}
	diag_help(d, "conditions that cost most, in instructions: %s; use fewer values, or ranges",
		  buf_str(&b));
}

static bool fits(struct sets *s, struct diags *d, const struct model *m, enum arch arch,
		 const struct filter_code *code)
{
	if (!code->full && code->insns.n <= BPF_MAXINSNS)
		return true;
	const char *name = arch_table[arch].name;
	if (code->full)
		diag_error(d, m->name_at, "ABP-SEC-001", "the conditions for %s need too many decisions",
			   name);
	else
		diag_error(d, m->name_at, "ABP-SEC-001",
			   "the filter for %s would have %u instructions, the kernel takes %d", name,
			   code->insns.n, BPF_MAXINSNS);
	for (uint32_t i = 0; i < m->grants.n && code->cost.n; i++) {
		const struct grant *g = &m->grants.v[i];
		if (g->kind == G_CALL && g->u.call.nr[arch] == code->cost.v[0].nr)
			diag_also(d, g->at, "the call that costs most");
	}
	help_costs(s, d, arch, code);
	return false;
}

/* ---- the backend ---- */

static bool seccomp_emit(struct sets *s, struct diags *d, const struct model *m, enum arch arch,
			 struct artefact *out)
{
	struct filter_spec spec = spec_of(m, arch);
	struct filter_code code;
	emit_filter(s->a, &spec, m->frequency[arch], &code);
	if (!fits(s, d, m, arch, &code))
		return false;
	*out = (struct artefact){.arch = arch,
				 .name = arena_printf(s->a, "seccomp.%s.%sbpf", arch_table[arch].name,
						      m->filter_only ? "filter-only." : ""),
				 .bytes = buf_new(s->a)};
	put_insns(&out->bytes, &code);
	return true;
}

static const char *answer_text(struct sets *s, uint32_t action)
{
	const char *name = filter_answer(action);
	return name ? name : arena_printf(s->a, "0x%08x", action);
}

static bool refuse(struct sets *s, struct diags *d, struct span at, enum arch arch, const struct proof *p)
{
	const char *name = arch_table[arch].name;
	struct buf event = buf_new(s->a);
	if (p->verdict == PROOF_MALFORMED)
		diag_error(d, at, "ABP-INT-011",
			   "the emitted filter for %s is malformed at instruction %u: %s", name, p->at,
			   p->why);
	if (p->verdict == PROOF_UNDECIDED)
		diag_error(d, at, "ABP-INT-012", "the filter for %s is not proved within %llu steps", name,
			   (unsigned long long)p->steps);
	if (p->verdict != PROOF_DIFFERS)
		return false;
	filter_event(&event, p->event);
	diag_error(d, at, "ABP-INT-010", "the emitted filter answers %s to %s, the policy %s%s",
		   answer_text(s, p->got), buf_str(&event), answer_text(s, p->want),
		   p->confirmed ? "" : " (not confirmed by simulation: the proof itself is wrong)");
	return false;
}

/* Law of the action cache: a call that is allowed whatever its arguments must not look at any. */
static bool cacheable(struct diags *d, struct span at, const struct filter_spec *spec,
		      const struct buf *bytes)
{
	const struct sock_filter *f = (const struct sock_filter *)(const void *)bytes->data;
	const struct archdef *arch = &arch_table[spec->arch];
	for (uint32_t i = 0; i < spec->rules->n; i++) {
		const struct rule *r = &spec->rules->v[i];
		uint32_t done;
		if (!r->terms.n || r->terms.v[0].atoms.n)
			continue;
		uint32_t end = sim_by_number(f, bytes->len / sizeof *f, arch->audit, r->nr, &done);
		if (f[end].code == (BPF_RET | BPF_K))
			continue;
		diag_error(d, at, "ABP-INT-013",
			   "the filter for %s looks at arguments of call %u, which is allowed with all",
			   arch->name, r->nr);
		return false;
	}
	return true;
}

static bool prove(struct sets *s, struct diags *d, struct span at, const struct filter_spec *spec,
		  const struct buf *bytes, struct proof *p)
{
	filter_prove(spec, bytes->data, bytes->len, PROOF_BUDGET, NULL, NULL, p);
	if (p->verdict != PROOF_EQUAL)
		return refuse(s, d, at, spec->arch, p);
	return cacheable(d, at, spec, bytes);
}

/* ---- the rules against the set that the laws judged ---- */

static bdd atom_set(struct bdds *t, const struct atom *a)
{
	struct field f = a->width == 32 ? f_sys_arg32(a->arg) : f_sys_arg(a->arg);
	bdd any = BDD_NONE;
	for (uint32_t i = 0; i < a->in.n; i++)
		any = bdd_or(t, any, bdd_masked_range(t, f, a->mask, a->in.v[i].lo, a->in.v[i].hi));
	return any;
}

static bdd rule_set(struct bdds *t, const struct rule *r)
{
	bdd any = BDD_NONE;
	for (uint32_t i = 0; i < r->terms.n; i++) {
		bdd all = BDD_ALL;
		for (uint32_t x = 0; x < r->terms.v[i].atoms.n; x++)
			all = bdd_and(t, all, atom_set(t, &r->terms.v[i].atoms.v[x]));
		any = bdd_or(t, any, all);
	}
	return bdd_and(t, any, bdd_range(t, F_SYS_NR, r->nr, r->nr));
}

/* How many rules from i on have neighbouring numbers and no conditions: one range of them. */
static uint32_t plain_run(const rule_list *rules, uint32_t i)
{
	uint32_t n = 0;
	for (; i + n < rules->n; n++) {
		const struct rule *r = &rules->v[i + n];
		if (!r->terms.n || r->terms.v[0].atoms.n || r->nr != rules->v[i].nr + n)
			break;
	}
	return n;
}

/* The proof is about m->calls; the laws, `never` and the tests are about m->all: they must be one set. */
static bool rules_are_the_set(struct sets *s, struct diags *d, const struct model *m, enum arch arch)
{
	bdd all = BDD_NONE, want = m->all.k[K_SYS_X86_64 + arch].b;
	for (uint32_t i = 0; i < m->calls[arch].n;) {
		uint32_t n = plain_run(&m->calls[arch], i);
		const struct rule *r = &m->calls[arch].v[i];
		bdd set = n ? bdd_range(s->t, F_SYS_NR, r->nr, r[n - 1].nr) : rule_set(s->t, r);
		all = bdd_or(s->t, all, set);
		i += n ? n : 1;
	}
	if (all == want)
		return true;
	struct evset differ = evset_none();
	struct event e;
	differ.k[K_SYS_X86_64 + arch].b = bdd_or(s->t, bdd_diff(s->t, all, want), bdd_diff(s->t, want, all));
	diag_error(d, m->name_at, "ABP-INT-014", "the rules for %s and the judged set differ on %s",
		   arch_table[arch].name, evset_witness(s, &differ, &e) ? event_text(s, &e) : "nothing");
	return false;
}

static bool seccomp_verify(struct sets *s, struct diags *d, const struct model *m, struct artefact *art)
{
	struct filter_spec spec = spec_of(m, art->arch);
	struct proof p;
	if (!rules_are_the_set(s, d, m, art->arch) || !prove(s, d, m->name_at, &spec, &art->bytes, &p))
		return false;
	art->proof = arena_printf(s->a, "equal on all inputs, verdict and answer: %llu parts, %llu steps",
				  (unsigned long long)p.leaves, (unsigned long long)p.steps);
	return true;
}

const struct backend backend_seccomp = {
    .name = "seccomp",
    .per_arch = true,
    .emit = seccomp_emit,
    .verify = seccomp_verify,
    .list = seccomp_list,
};

/* ---- allow-lists ---- */

static int by_nr(const void *x, const void *y)
{
	return ((const struct rule *)x)->nr - ((const struct rule *)y)->nr;
}

static bool list_rules(struct sets *s, struct diags *d, enum arch arch, const char *const *calls, size_t n,
		       rule_list *rules)
{
	struct term always = {{0}};
	for (size_t i = 0; i < n; i++) {
		const struct sysdef *call = syscall_by_name(calls[i]);
		struct rule r = {0};
		if (!call) {
			diag_error(d, (struct span){0}, "ABP-SEC-002", "no system call is called %s",
				   calls[i]);
			return false;
		}
		if (call->nr[arch] == SYS_NONE)
			continue;
		r.nr = (uint16_t)call->nr[arch];
		vec_push(s->a, &r.terms, always);
		vec_push(s->a, rules, r);
	}
	if (rules->n)
		qsort(rules->v, rules->n, sizeof *rules->v, by_nr);
	return true;
}

bool seccomp_emit_list(struct sets *s, struct diags *d, enum arch arch, const char *const *calls, size_t n,
		       struct buf *out)
{
	rule_list rules = {0};
	struct filter_spec spec = {arch, &rules, DENY_KILL_ALL};
	struct filter_code code;
	struct buf bytes = buf_new(s->a);
	struct proof p;
	if (!list_rules(s, d, arch, calls, n, &rules))
		return false;
	emit_filter(s->a, &spec, NULL, &code);
	put_insns(&bytes, &code);
	if (!prove(s, d, (struct span){0}, &spec, &bytes, &p))
		return false;
	buf_add(out, bytes.data, bytes.len);
	return true;
}
