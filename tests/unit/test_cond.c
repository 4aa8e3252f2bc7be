/*
 * test_cond.c - conditions: the normal form, its diagram and its printed text against plain evaluation.
 *
 * Random conditions are written as text for the compiler and evaluated here by C arithmetic on the argument
 * types as the kernel declares them; values are the borders of every constant, with and without stray high
 * bits.
 */
#include "compiler/resolve.h"
#include "tests/unit/unit.h"

#include <string.h>

struct arg {
	const char *name;
	unsigned reg;
	bool wide, sign;
};
static const struct call_args {
	const char *call;
	struct arg arg[3];
} calls[] = {
    {"lseek", {{"fd", 0, false, false}, {"offset", 1, true, true}, {"whence", 2, false, false}}},
    {"openat", {{"dirfd", 0, false, true}, {"flags", 2, false, true}, {"flags", 2, false, true}}},
    {"mmap", {{"length", 1, true, false}, {"prot", 2, true, false}, {"fd", 4, false, true}}},
};

enum op { EQ, NE, LT, LE, GT, GE, MEQ, MNE, MIN, IN, RANGE, FLAGS, N_OPS };

struct node {
	bool leaf, and;
	struct node *l, *r;
	const struct arg *a;
	enum op op;
	uint64_t mask, v[3];
	unsigned n;
};

enum { MAX_VALUES = 256 };
struct gen {
	uint64_t seed;
	struct node pool[64];
	unsigned used;
	uint64_t values[MAX_VALUES];
	unsigned n_values;
	const struct call_args *call;
};

static uint64_t wrap(const struct arg *a, uint64_t v)
{
	return a->wide ? v : (uint32_t)v;
}

static void value_add(struct gen *g, uint64_t v)
{
	for (int d = -1; d <= 1 && g->n_values < MAX_VALUES; d++)
		g->values[g->n_values++] = v + (uint64_t)d;
}

static uint64_t constant(struct gen *g, const struct arg *a)
{
	static const uint64_t odd[] = {0, 1, 2, 7, 0x7f, 0x80, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff};
	uint64_t v = odd[unit_random(&g->seed) % 10];
	if (unit_random(&g->seed) % 3 == 0)
		v = unit_random(&g->seed);
	if (a->wide && unit_random(&g->seed) % 2)
		v |= v << 32;
	value_add(g, wrap(a, v));
	return wrap(a, v);
}

static void leaf(struct gen *g, struct node *n)
{
	n->leaf = true;
	n->a = &g->call->arg[unit_random(&g->seed) % 3];
	n->op = (enum op)(unit_random(&g->seed) % N_OPS);
	n->n = 1 + unit_random(&g->seed) % 3;
	n->mask = constant(g, n->a) | 1;
	for (unsigned i = 0; i < 3; i++)
		n->v[i] = constant(g, n->a);
	if (n->op == MEQ || n->op == MNE || n->op == MIN)
		for (unsigned i = 0; i < 3; i++) {
			n->v[i] &= n->mask;
			value_add(g, n->v[i]);
		}
}

static struct node *tree(struct gen *g, unsigned depth)
{
	struct node *n = &g->pool[g->used++];
	memset(n, 0, sizeof *n);
	if (!depth || unit_random(&g->seed) % 4 == 0) {
		leaf(g, n);
		return n;
	}
	n->and = unit_random(&g->seed) & 1;
	n->l = tree(g, depth - 1);
	n->r = tree(g, depth - 1);
	return n;
}

/* In the argument's own order. */
static bool less(const struct arg *a, uint64_t x, uint64_t y)
{
	if (!a->sign)
		return x < y;
	return a->wide ? (int64_t)x < (int64_t)y : (int32_t)(uint32_t)x < (int32_t)(uint32_t)y;
}

static bool leaf_holds(const struct node *n, const uint64_t reg[6])
{
	uint64_t x = wrap(n->a, reg[n->a->reg]), v = n->v[0];
	bool any = false;
	switch (n->op) {
	case EQ:
		return x == v;
	case NE:
		return x != v;
	case LT:
		return less(n->a, x, v);
	case LE:
		return !less(n->a, v, x);
	case GT:
		return less(n->a, v, x);
	case GE:
		return !less(n->a, x, v);
	case MEQ:
		return (x & n->mask) == v;
	case MNE:
		return (x & n->mask) != v;
	case MIN:
	case IN:
		for (unsigned i = 0; i < n->n; i++)
			any |= (n->op == MIN ? x & n->mask : x) == n->v[i];
		return any;
	case RANGE:
		return !less(n->a, x, v) && !less(n->a, n->v[1], x);
	case FLAGS:
		return !(x & ~n->mask);
	case N_OPS:
		break;
	}
	return false;
}

static bool holds(const struct node *n, const uint64_t reg[6])
{
	if (n->leaf)
		return leaf_holds(n, reg);
	return n->and ? holds(n->l, reg) && holds(n->r, reg) : holds(n->l, reg) || holds(n->r, reg);
}

static void hex_put(struct buf *b, uint64_t v)
{
	buf_printf(b, "0x%llx", (unsigned long long)v);
}

static void leaf_put(struct buf *b, const struct node *n)
{
	static const char *const op[] = {"==", "!=", "<", "<=", ">", ">=", "==", "!=", "in"};
	bool masked = n->op == MEQ || n->op == MNE || n->op == MIN;
	buf_puts(b, n->a->name);
	if (masked) {
		buf_puts(b, " & ");
		hex_put(b, n->mask);
	}
	if (n->op == FLAGS) {
		buf_puts(b, " in flags(");
		hex_put(b, n->mask);
		buf_puts(b, ")");
	} else if (n->op == IN || n->op == MIN) {
		buf_puts(b, " in {");
		for (unsigned i = 0; i < n->n; i++) {
			buf_puts(b, i ? ", " : "");
			hex_put(b, n->v[i]);
		}
		buf_puts(b, "}");
	} else if (n->op == RANGE) {
		buf_puts(b, " in ");
		hex_put(b, n->v[0]);
		buf_puts(b, "-");
		hex_put(b, n->v[1]);
	} else {
		buf_printf(b, " %s ", op[n->op]);
		hex_put(b, n->v[0]);
	}
}

static void tree_put(struct buf *b, const struct node *n)
{
	if (n->leaf) {
		leaf_put(b, n);
		return;
	}
	buf_puts(b, "(");
	tree_put(b, n->l);
	buf_puts(b, n->and ? " and " : " or ");
	tree_put(b, n->r);
	buf_puts(b, ")");
}

static void event_of(struct event *e, int nr, const uint64_t reg[6])
{
	memset(e, 0, sizeof *e);
	e->kind = K_SYS_X86_64;
	for (unsigned i = 0; i < 12; i++)
		e->bit[i] = (uint8_t)(nr >> (11 - i) & 1);
	for (unsigned a = 0; a < 6; a++)
		for (unsigned i = 0; i < 64; i++)
			e->bit[12 + 64 * a + i] = (uint8_t)(reg[a] >> (63 - i) & 1);
}

/* (x & mask) of one of the ranges, for every atom of a term. */
static bool terms_hold(const term_list *t, const uint64_t reg[6])
{
	for (uint32_t i = 0; i < t->n; i++) {
		bool all = true;
		for (uint32_t k = 0; k < t->v[i].atoms.n; k++) {
			const struct atom *at = &t->v[i].atoms.v[k];
			uint64_t x = (at->width == 32 ? (uint32_t)reg[at->arg] : reg[at->arg]) & at->mask;
			bool in = false;
			for (uint32_t r = 0; r < at->in.n; r++)
				in |= x >= at->in.v[r].lo && x <= at->in.v[r].hi;
			all &= in;
		}
		if (all)
			return true;
	}
	return false;
}

static void one_policy(struct sets *s, struct diags *d, const char *cond, const char *call, struct model **m)
{
	const char *text =
	    arena_printf(s->a, "abp 1\nmodule t.m 1.0.0 { syscalls { allow %s(%s) } }\n", call, cond);
	static const struct loadpath none = {NULL, 0};
	*m = resolve_source(s, d, source_text(s->a, "t", text, strlen(text)), &none, 1u << ARCH_X86_64);
}

static void sample(struct gen *g, uint64_t reg[6])
{
	for (unsigned i = 0; i < 6; i++) {
		reg[i] = g->values[unit_random(&g->seed) % g->n_values];
		if (unit_random(&g->seed) % 3 == 0)
			reg[i] ^= (uint64_t)unit_random(&g->seed)
				  << 32; /* must not matter where 32 bits count */
	}
}

static bool compare(struct sets *s, struct gen *g, const struct node *n, const struct grant *x,
		    const char *text)
{
	for (unsigned k = 0; k < 400; k++) {
		uint64_t reg[6];
		struct event e;
		sample(g, reg);
		bool want = holds(n, reg);
		event_of(&e, x->u.call.nr[ARCH_X86_64], reg);
		if (!CHECK(evset_has(s, &x->set, &e) == want, "diagram: %s", text) ||
		    !CHECK(terms_hold(&x->u.call.terms[ARCH_X86_64], reg) == want, "terms: %s", text))
			return false;
	}
	return true;
}

/* The printed normal form reads back to the same set. */
static void reprint(struct sets *s, const struct grant *x, const char *call, const char *text)
{
	const term_list *t = &x->u.call.terms[ARCH_X86_64];
	struct diags *d = diags_new(s->a);
	struct buf b = buf_new(s->a);
	struct model *m;
	for (uint32_t i = 0; i < t->n; i++) {
		buf_puts(&b, i ? " or " : "");
		term_print(&b, ARCH_X86_64, x->u.call.nr[ARCH_X86_64], &t->v[i]);
	}
	one_policy(s, d, buf_str(&b), call, &m);
	CHECK(!diags_errors(d) && m->grants.v[0].set.k[K_SYS_X86_64].b == x->set.k[K_SYS_X86_64].b,
	      "%s printed as %s", text, buf_str(&b));
	if (!diags_errors(d))
		CHECK(terms_equal(&m->grants.v[0].u.call.terms[ARCH_X86_64], t), "normal form of %s",
		      buf_str(&b));
}

static bool normal(const struct term *t)
{
	for (uint32_t i = 0; i < t->atoms.n; i++) {
		const struct atom *x = &t->atoms.v[i];
		if (i && (x[-1].arg > x->arg || (x[-1].arg == x->arg && x[-1].mask >= x->mask)))
			return false;
		for (uint32_t k = 0; k < x->in.n; k++) {
			struct range r = x->in.v[k];
			if (r.lo > r.hi || (r.lo | r.hi) & ~x->mask)
				return false;
			if (k && (((x->in.v[k - 1].hi | ~x->mask) + 1) & x->mask) >= r.lo)
				return false;
		}
	}
	return true;
}

static void test_random(void)
{
	struct gen g = {.seed = 20};
	unsigned judged = 0;
	for (unsigned i = 0; i < 400; i++) {
		struct arena *a = arena_new();
		struct sets s = {a, bdds_new(a)};
		struct diags *d = diags_new(a);
		struct buf b = buf_new(a);
		struct model *m;
		g.used = g.n_values = 0;
		g.call = &calls[i % 3];
		value_add(&g, 0);
		struct node *n = tree(&g, 3);
		tree_put(&b, n);
		one_policy(&s, d, buf_str(&b), g.call->call, &m);
		if (!diags_errors(d) && m->grants.n &&
		    m->grants.v[0].kind == G_CALL) { /* else always or never */
			const struct grant *x = &m->grants.v[0];
			judged++;
			if (compare(&s, &g, n, x, buf_str(&b)))
				reprint(&s, x, g.call->call, buf_str(&b));
			for (uint32_t k = 0; k < x->u.call.terms[0].n; k++)
				CHECK(normal(&x->u.call.terms[0].v[k]), "not normal: %s", buf_str(&b));
		}
		arena_free(a);
	}
	CHECK(judged > 100, "only %u conditions judged", judged);
}

/* What reach_ge and reach_le promise, against a walk over all 10-bit values. */
static void test_reach(void)
{
	uint64_t seed = 3;
	for (unsigned i = 0; i < 200; i++) {
		uint64_t mask = unit_random(&seed) & 1023, v = unit_random(&seed) & 1023, up = 0, got = 0;
		while (up < 1024 && (up & ~mask || up < v))
			up++;
		uint64_t down = v;
		while (down & ~mask)
			down--;
		bool have = reach_ge(mask, v, &got);
		CHECK(have == (up < 1024) && (!have || got == up), "least above %llu of mask %llu",
		      (unsigned long long)v, (unsigned long long)mask);
		CHECK(reach_le(mask, v) == down, "greatest below %llu of mask %llu", (unsigned long long)v,
		      (unsigned long long)mask);
	}
}

/* One error each, with its code. */
static void test_errors(void)
{
	static const struct {
		const char *call, *cond, *code;
	} t[] = {
	    {"lseek", "fd >= 0", "ABP-SYS-011"},
	    {"lseek", "fd < 0", "ABP-SYS-012"},
	    {"lseek", "whence == 1 and whence == 2", "ABP-SYS-012"},
	    {"lseek", "whence == 1 or whence != 1", "ABP-SYS-011"},
	    {"lseek", "fd == 0x100000000", "ABP-SYS-005"},
	    {"lseek", "fd == -1", "ABP-SYS-005"},
	    {"openat", "dirfd == 4294967295", "ABP-SYS-005"},
	    {"openat", "dirfd == -2147483649", "ABP-SYS-005"},
	    {"lseek", "offset == 0x10000000000000000", "ABP-SYS-005"},
	    {"openat", "pathname != 4", "ABP-SYS-010"},
	    {"openat", "pathname > 0", "ABP-SYS-010"},
	    {"openat", "path == 0", "ABP-SYS-004"},
	    {"openat", "flags == O_RDONLYY", "ABP-SYS-006"},
	    {"openat", "flags & 3 == 4", "ABP-SYS-009"},
	    {"openat", "flags in 5-3", "ABP-SYS-008"},
	};
	for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
		struct arena *a = arena_new();
		struct sets s = {a, bdds_new(a)};
		struct diags *d = diags_new(a);
		struct buf b = buf_new(a);
		struct model *m;
		one_policy(&s, d, t[i].cond, t[i].call, &m);
		diags_text(d, &b);
		CHECK(diags_errors(d) == 1 && strstr(buf_str(&b), t[i].code), "%s(%s): %s", t[i].call,
		      t[i].cond, buf_str(&b));
		CHECK(strstr(buf_str(&b), "help: ") != NULL, "no hint: %s", buf_str(&b));
		arena_free(a);
	}
}

static void test_legal(void)
{
	static const char *const t[][2] = {
	    {"openat", "dirfd == AT_FDCWD"},
	    {"openat", "dirfd == -100"},
	    {"openat", "dirfd == 0xffffff9c"},
	    {"openat", "pathname == 0"},
	    {"openat", "pathname != 0"},
	    {"openat", "flags & 0xffffff00 == 0"},
	    {"openat", "dirfd in -5 - -3"},
	    {"openat", "dirfd in {-5--3, 0-7}"},
	    {"mmap", "prot in flags(PROT_READ|PROT_WRITE)"},
	    {"lseek", "offset < 0"},
	    {"lseek", "whence == 010"},
	};
	for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
		struct arena *a = arena_new();
		struct sets s = {a, bdds_new(a)};
		struct diags *d = diags_new(a);
		struct buf b = buf_new(a);
		struct model *m;
		one_policy(&s, d, t[i][1], t[i][0], &m);
		diags_text(d, &b);
		CHECK(!diags_errors(d), "%s(%s): %s", t[i][0], t[i][1], buf_str(&b));
		if (!diags_errors(d))
			reprint(&s, &m->grants.v[0], t[i][0], t[i][1]);
		arena_free(a);
	}
}

void suite_cond(void)
{
	static const struct unit_case cases[] = {
	    {"random conditions against evaluation", test_random},
	    {"reachable values of a mask", test_reach},
	    {"errors", test_errors},
	    {"legal forms", test_legal},
	    {NULL, NULL},
	};
	unit_suite("cond", cases);
}
