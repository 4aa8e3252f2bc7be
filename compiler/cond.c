/*
 * cond.c - the condition of one call on one architecture: names to numbers, widths and signs, normal form.
 */
#include "compiler/resolve.h"

#include <string.h>

#include "compiler/constname.h"

struct ccx { /* what every step needs */
	struct resolver *r;
	const struct sysdef *sys;
	enum arch arch;
	const struct cond *top; /* for hints */
	bool warn;		/* on the first architecture only */
};

struct arg { /* the argument of one atom */
	const struct argdef *def;
	unsigned reg;
	uint64_t wide; /* all bits of its width */
};

static bool arg_find(struct ccx *x, const struct cond *c, struct arg *g)
{
	struct diags *d = x->r->d;
	int reg = syscall_arg_reg(x->sys, x->arch, c->arg.text);
	if (reg >= 0) {
		g->reg = (unsigned)reg;
		g->def = syscall_arg(x->sys, x->arch, g->reg);
		g->wide = width_mask(g->def->width);
		return true;
	}
	diag_error(d, c->arg.at, "ABP-SYS-004", "%s has no argument `%s`", x->sys->name, c->arg.text);
	if (!x->sys->n_args) {
		diag_help(d, "it takes no arguments: write `%s`", x->sys->name);
		return false;
	}
	struct buf b = buf_new(x->r->a);
	for (unsigned i = 0; i < x->sys->n_args; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", x->sys->arg[i].name);
	diag_help(d, "its arguments are %s", buf_str(&b));
	return false;
}

/* Literal forms: decimal, 0x.., octal with a leading 0. */
static bool int_value(const char *t, uint64_t *out)
{
	unsigned base = 10;
	if (t[0] == '0' && (t[1] == 'x' || t[1] == 'X')) {
		base = 16;
		t += 2;
	} else if (t[0] == '0' && t[1]) {
		base = 8;
		t++;
	}
	uint64_t v = 0;
	for (; *t; t++) {
		unsigned dig = *t <= '9' ? (unsigned)(*t - '0') : (unsigned)((*t | 32) - 'a' + 10);
		if (dig >= base || v > (UINT64_MAX - dig) / base)
			return false;
		v = v * base + dig;
	}
	*out = v;
	return true;
}

static const char *other_arch(const struct constdef *c)
{
	for (unsigned i = 0; i < N_ARCH; i++)
		if (c->on[i])
			return arch_table[i].name;
	return "x86_64";
}

/* `family == SOCK_STREAM` is a number like any other, and not what was meant. */
static void symbol_place(struct ccx *x, const struct arg *g, const struct item *it)
{
	const struct constdef *c = x->warn ? const_by_name(it->lex.text) : NULL;
	if (!c || const_fits(g->def, c))
		return;
	diag_warning(x->r->d, it->lex.at, "ABP-SYS-019", "`%s` is no value of `%s`", c->name, g->def->name);
	diag_help(x->r->d, "`abpc show --call %s` says which constants are", x->sys->name);
}

static bool symbol_value(struct ccx *x, const struct arg *g, const struct item *it, uint64_t *out)
{
	struct diags *d = x->r->d;
	symbol_place(x, g, it);
	if (const_value(x->arch, it->lex.text, out))
		return true;
	const struct constdef *c = const_by_name(it->lex.text);
	if (c) {
		diag_error(d, it->lex.at, "ABP-SYS-007", "`%s` does not exist on %s", c->name,
			   arch_table[x->arch].name);
		diag_help(d, "end the line with `on %s`", other_arch(c));
		return false;
	}
	diag_error(d, it->lex.at, "ABP-SYS-006", "unknown constant `%s`", it->lex.text);
	const char *near = nearest(it->lex.text, nth_const);
	if (near)
		diag_help(d, "did you mean `%s`?", near);
	else
		diag_help(d, "write the number: decimal, 0x… or octal with a leading 0");
	return false;
}

static bool not_fit(struct ccx *x, const struct arg *g, const struct item *it)
{
	struct diags *d = x->r->d;
	unsigned w = g->def->width;
	diag_error(d, it->lex.at, "ABP-SYS-005",
		   "%s%s does not fit `%s`, which the kernel reads as %u %s bits", it->minus ? "-" : "",
		   it->lex.text, g->def->name, w, g->def->is_signed ? "signed" : "unsigned");
	if (it->minus && !g->def->is_signed)
		diag_help(d, "minus is legal on signed arguments only; the bits of -1 are 0x%llx",
			  (unsigned long long)g->wide);
	else if (g->def->is_signed)
		diag_help(d, "use a value from -%llu to %llu", (unsigned long long)(g->wide / 2 + 1),
			  (unsigned long long)(g->wide / 2));
	else
		diag_help(d, "use a value from 0 to 0x%llx", (unsigned long long)g->wide);
	return false;
}

/* Does v, written so, fit?  Hexadecimal, octal and names are bit patterns; decimal numbers are numbers. */
static bool fits(const struct arg *g, const struct item *it, uint64_t v)
{
	bool sign = g->def->is_signed, decimal = it->lex.kind == LEX_INT && it->lex.text[0] != '0';
	int64_t n = (int64_t)v;
	if (it->minus)
		return sign && (g->def->width == 64 ? n <= 0 : n <= 0 && n >= -(int64_t)(g->wide / 2) - 1);
	if (it->lex.kind == LEX_SYMBOL && n < 0 && g->def->width == 32)
		return sign && n >= -(int64_t)(g->wide / 2) - 1;
	return v <= (sign && decimal ? g->wide / 2 : g->wide);
}

static bool item_value(struct ccx *x, const struct arg *g, const struct item *it, uint64_t *out)
{
	uint64_t v = 0;
	if (it->lex.kind == LEX_SYMBOL) {
		if (!symbol_value(x, g, it, &v))
			return false;
	} else if (!int_value(it->lex.text, &v)) {
		return not_fit(x, g, it);
	}
	if (it->minus) {
		if (v > (uint64_t)1 << 63)
			return not_fit(x, g, it);
		v = 0 - v;
	}
	if (!fits(g, it, v))
		return not_fit(x, g, it);
	*out = v & g->wide;
	return true;
}

static bool bits_value(struct ccx *x, const struct arg *g, const bits *b, uint64_t *out)
{
	*out = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		uint64_t v;
		if (!item_value(x, g, &b->v[i], &v))
			return false;
		*out |= v;
	}
	return true;
}

static struct span bits_at(const bits *b)
{
	return b->n ? span_join(b->v[0].lex.at, b->v[b->n - 1].lex.at) : (struct span){0};
}

/* Signed order is unsigned order with the top bit turned. */
static uint64_t turn(const struct arg *g, uint64_t v)
{
	return g->def->is_signed ? v ^ (g->wide / 2 + 1) : v;
}

/* All values from lo to hi in the argument's own order; both given as bit patterns. */
static void own_range(struct arena *a, const struct arg *g, struct atom *at, uint64_t lo, uint64_t hi)
{
	uint64_t top = g->wide / 2 + 1;
	bool split = g->def->is_signed && (lo & top) && !(hi & top);
	if (split) {
		atom_range(a, at, lo, g->wide);
		atom_range(a, at, 0, hi);
	} else {
		atom_range(a, at, lo, hi);
	}
}

static bool rel_atom(struct ccx *x, const struct arg *g, const struct cond *c, struct atom *at)
{
	struct arena *a = x->r->a;
	uint64_t v, o, end = g->wide;
	if (!bits_value(x, g, &c->value, &v))
		return false;
	o = turn(g, v);
	if (c->rel == REL_EQ)
		atom_range(a, at, v, v);
	if ((c->rel == REL_LT || c->rel == REL_NE) && o > 0)
		own_range(a, g, at, turn(g, 0), turn(g, o - 1));
	if ((c->rel == REL_GT || c->rel == REL_NE) && o < end)
		own_range(a, g, at, turn(g, o + 1), turn(g, end));
	if (c->rel == REL_LE)
		own_range(a, g, at, turn(g, 0), v);
	if (c->rel == REL_GE)
		own_range(a, g, at, v, turn(g, end));
	return true;
}

static bool stray_bits(struct ccx *x, const bits *b, uint64_t v, uint64_t mask)
{
	if (!(v & ~mask))
		return false;
	diag_error(x->r->d, bits_at(b), "ABP-SYS-009", "0x%llx has bits outside the mask 0x%llx: never equal",
		   (unsigned long long)v, (unsigned long long)mask);
	diag_help(x->r->d, "widen the mask to 0x%llx, or compare with 0x%llx", (unsigned long long)(v | mask),
		  (unsigned long long)(v & mask));
	return true;
}

static bool mask_atom(struct ccx *x, const struct arg *g, const struct cond *c, struct atom *at)
{
	struct arena *a = x->r->a;
	uint64_t v;
	if (!bits_value(x, g, &c->mask, &at->mask) || !bits_value(x, g, &c->value, &v))
		return false;
	if (stray_bits(x, &c->value, v, at->mask))
		return false;
	if (c->rel == REL_EQ) {
		atom_range(a, at, v, v);
		return true;
	}
	if (v > 0)
		atom_range(a, at, 0, v - 1);
	if (v < at->mask)
		atom_range(a, at, v + 1, at->mask);
	return true;
}

static bool member_atom(struct ccx *x, const struct arg *g, const struct member *m, struct atom *at,
			bool masked)
{
	uint64_t lo, hi;
	if (!bits_value(x, g, &m->lo, &lo))
		return false;
	if (!m->hi.n) {
		if (masked && stray_bits(x, &m->lo, lo, at->mask))
			return false;
		atom_range(x->r->a, at, lo, lo);
		return true;
	}
	if (!bits_value(x, g, &m->hi, &hi))
		return false;
	bool reversed = masked ? lo > hi : turn(g, lo) > turn(g, hi);
	if (reversed) {
		diag_error(x->r->d, span_join(bits_at(&m->lo), bits_at(&m->hi)), "ABP-SYS-008",
			   "the range is reversed: nothing is in it");
		const struct item *l = &m->lo.v[0], *h = &m->hi.v[0];
		diag_help(x->r->d, "write %s%s-%s%s", h->minus ? "-" : "", h->lex.text, l->minus ? "-" : "",
			  l->lex.text);
		return false;
	}
	if (masked)
		atom_range(x->r->a, at, lo, hi);
	else
		own_range(x->r->a, g, at, lo, hi);
	return true;
}

static bool set_atom(struct ccx *x, const struct arg *g, const struct cond *c, struct atom *at)
{
	bool masked = c->kind == COND_MASKIN, ok = true;
	if (masked && !bits_value(x, g, &c->mask, &at->mask))
		return false;
	for (uint32_t i = 0; i < c->set.n; i++)
		ok &= member_atom(x, g, &c->set.v[i], at, masked);
	return ok;
}

static bool flags_atom(struct ccx *x, const struct arg *g, const struct cond *c, struct atom *at)
{
	uint64_t v;
	if (!bits_value(x, g, &c->value, &v))
		return false;
	at->mask = g->wide & ~v;
	atom_range(x->r->a, at, 0, 0);
	return true;
}

/* A pointer says nothing but "given or not": what it points to can change after the check. */
static bool pointer_ok(struct ccx *x, const struct arg *g, const struct cond *c)
{
	if (!g->def->is_pointer)
		return true;
	bool cmp = c->kind == COND_CMP && (c->rel == REL_EQ || c->rel == REL_NE) && c->value.n == 1;
	if (cmp && !strcmp(c->value.v[0].lex.text, "0") && !c->value.v[0].minus)
		return true;
	diag_error(x->r->d, c->at, "ABP-SYS-010", "`%s` of %s is a pointer: it can be compared with 0 only",
		   g->def->name, x->sys->name);
	if (!strncmp(g->def->name, "addr", 4) || !strcmp(x->sys->name, "connect") ||
	    !strcmp(x->sys->name, "bind"))
		diag_help(x->r->d, "addresses are granted by `ports`: connect tcp 203.0.113.10:443");
	else
		diag_help(x->r->d, "write `%s == 0` or `%s != 0`, or use a `paths` line for names",
			  g->def->name, g->def->name);
	return false;
}

static bool atom_build(struct ccx *x, const struct arg *g, const struct cond *c, struct atom *at)
{
	switch (c->kind) {
	case COND_CMP:
		return rel_atom(x, g, c, at);
	case COND_MASK:
		return mask_atom(x, g, c, at);
	case COND_FLAGS:
		return flags_atom(x, g, c, at);
	case COND_MASKIN:
	case COND_IN:
		return set_atom(x, g, c, at);
	case COND_AND:
	case COND_OR:
		break;
	}
	return false;
}

static bool const_truth(struct ccx *x, const struct cond *c, bool always)
{
	diag_error(x->r->d, c->at, always ? "ABP-SYS-011" : "ABP-SYS-012", "this condition is always %s",
		   always ? "true" : "false");
	if (c == x->top && always)
		diag_help(x->r->d, "write `%s` without a condition", x->sys->name);
	else if (c == x->top)
		diag_help(x->r->d, "nothing is granted: delete `%s`, or correct the values", x->sys->name);
	else
		diag_help(x->r->d, "delete this part of the condition, or correct its values");
	return false;
}

static bool leaf_terms(struct ccx *x, const struct cond *c, term_list *out)
{
	struct arg g;
	if (!arg_find(x, c, &g) || !pointer_ok(x, &g, c))
		return false;
	struct atom at = {.arg = (uint8_t)g.reg, .width = g.def->width == 32 ? 32 : 64, .mask = g.wide};
	if (!atom_build(x, &g, c, &at))
		return false;
	atom_normal(&at);
	if (!at.in.n || atom_always(&at))
		return const_truth(x, c, at.in.n > 0);
	struct term t = {0};
	vec_push(x->r->a, &t.atoms, at);
	vec_push(x->r->a, out, t);
	return true;
}

static bool too_large(struct ccx *x, const struct cond *c)
{
	diag_error(x->r->d, c->at, "ABP-SYS-013", "the condition has more than 1024 alternatives");
	diag_help(x->r->d, "write it as several lines: they are a union");
	return false;
}

/* One side of an `or` that the other holds already. */
static void or_warn(struct ccx *x, const struct cond *c, const term_list *l, const term_list *r)
{
	struct sets *s = x->r->s;
	bdd left = terms_set(s, l), right = terms_set(s, r);
	bool more = bdd_subset(s->t, right, left);
	if (!x->warn || (!more && !bdd_subset(s->t, left, right)))
		return;
	diag_warning(x->r->d, more ? c->r->at : c->l->at, "ABP-SYS-021",
		     "this part of the condition adds nothing");
	diag_also(x->r->d, more ? c->l->at : c->r->at, "this holds whenever it does");
	diag_help(x->r->d, "delete it");
}

static bool cond_build(struct ccx *x, const struct cond *c, term_list *out)
{
	if (c->kind != COND_AND && c->kind != COND_OR)
		return leaf_terms(x, c, out);
	term_list l = {0}, r = {0};
	bool ok = cond_build(x, c->l, &l);
	if (!cond_build(x, c->r, &r) || !ok)
		return false;
	if (c->kind == COND_OR) {
		or_warn(x, c, &l, &r);
		for (uint32_t i = 0; i < r.n; i++)
			vec_push(x->r->a, &l, r.v[i]);
		if (l.n > 1024)
			return too_large(x, c);
	} else if (!terms_and(x->r->s, &l, &r)) {
		return too_large(x, c);
	}
	*out = l;
	bdd set = terms_set(x->r->s, out);
	return set == BDD_NONE || set == BDD_ALL ? const_truth(x, c, set == BDD_ALL) : true;
}

bool cond_terms(struct resolver *r, const struct sysdef *sys, enum arch arch, const struct cond *c,
		term_list *terms)
{
	if (!c) {
		vec_push(r->a, terms, (struct term){0});
		return true;
	}
	bool first = arch == ARCH_X86_64 || sys->nr[ARCH_X86_64] == SYS_NONE;
	struct ccx x = {r, sys, arch, c, first && strcmp(c->at.src->name, TABLES_SOURCE) != 0};
	if (!cond_build(&x, c, terms))
		return false;
	terms_normal(r->s, terms);
	return true;
}
