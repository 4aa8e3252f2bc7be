/*
 * term_print.c - the normal form of a condition, back in the words of the language.
 */
#include "compiler/constname.h"
#include "compiler/model.h"

struct tcx {
	struct buf *out;
	enum arch arch;
	const struct argdef *def;
	const struct atom *at;
	uint64_t wide;
};

static void value_put(const struct tcx *x, uint64_t v)
{
	bool joined;
	if (x->at->mask == x->wide)
		const_put(x->out, x->arch, x->def, v);
	else
		mask_put(x->out, x->arch, x->def, v, &joined);
}

/* A range of values; on a signed argument one that crosses from the largest to the smallest is two. */
static void range_put(const struct tcx *x, uint64_t lo, uint64_t hi)
{
	uint64_t top = x->wide / 2 + 1;
	bool split = x->at->mask == x->wide && x->def->is_signed && !(lo & top) && hi & top;
	if (split) {
		range_put(x, lo, top - 1);
		buf_puts(x->out, ", ");
		range_put(x, top, hi);
		return;
	}
	bool masked = x->at->mask != x->wide;
	if (lo == hi) {
		value_put(x, lo);
		return;
	}
	item_put(x->out, x->arch, x->def, lo, masked);
	buf_putc(x->out, '-');
	item_put(x->out, x->arch, x->def, hi, masked);
}

static void left_put(const struct tcx *x)
{
	bool joined;
	buf_puts(x->out, x->def->name);
	if (x->at->mask == x->wide)
		return;
	struct buf m = buf_new(x->out->a);
	mask_put(&m, x->arch, x->def, x->at->mask, &joined);
	buf_printf(x->out, joined ? " & (%s)" : " & %s", buf_str(&m));
}

/* Everything but one value; *v gets it. */
static bool all_but(const struct tcx *x, uint64_t *v)
{
	const struct atom *at = x->at;
	if (x->def->is_pointer && at->in.n == 1 && at->in.v[0].lo == 1) {
		*v = 0;
		return at->in.v[0].hi == at->mask;
	}
	if (at->in.n != 2 || at->in.v[0].lo != 0 || at->in.v[1].hi != at->mask)
		return false;
	*v = ((at->in.v[0].hi | ~at->mask) + 1) & at->mask;
	return at->in.v[1].lo == (((*v | ~at->mask) + 1) & at->mask);
}

static void atom_put(const struct tcx *x)
{
	const struct atom *at = x->at;
	uint64_t v, free = x->wide & ~at->mask;
	bool one = at->in.n == 1 && at->in.v[0].lo == at->in.v[0].hi, joined;
	if (one && !at->in.v[0].lo && free && __builtin_popcountll(free) <= __builtin_popcountll(at->mask)) {
		buf_printf(x->out, "%s in flags(", x->def->name);
		mask_put(x->out, x->arch, x->def, free, &joined);
		buf_putc(x->out, ')');
		return;
	}
	left_put(x);
	if (one || all_but(x, &v)) {
		buf_puts(x->out, one ? " == " : " != ");
		value_put(x, one ? at->in.v[0].lo : v);
		return;
	}
	buf_puts(x->out, " in {");
	for (uint32_t i = 0; i < at->in.n; i++) {
		buf_puts(x->out, i ? ", " : "");
		range_put(x, at->in.v[i].lo, at->in.v[i].hi);
	}
	buf_putc(x->out, '}');
}

void term_print(struct buf *out, enum arch arch, uint16_t nr, const struct term *t)
{
	const struct sysdef *sys = syscall_by_nr(arch, nr);
	for (uint32_t i = 0; sys && i < t->atoms.n; i++) {
		const struct atom *at = &t->atoms.v[i];
		struct tcx x = {out, arch, syscall_arg(sys, arch, at->arg), at, 0};
		if (!x.def)
			continue;
		x.wide = x.def->width == 64 ? ~(uint64_t)0 : UINT32_MAX;
		buf_puts(out, i ? " and " : "");
		atom_put(&x);
	}
}
