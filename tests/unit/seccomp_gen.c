#include "tests/unit/seccomp_gen.h"

#include "compiler/backends/seccomp/emit.h"

uint64_t rng_next(struct rng *r)
{
	uint64_t x = r->state += 0x9e3779b97f4a7c15u; /* splitmix64 */
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)(rng_next(r) % n);
}

/* ---- by hand ---- */

struct policy *policy_new(struct arena *a, enum arch arch, enum filter_deny deny)
{
	struct policy *p = arena_alloc(a, sizeof *p);
	p->a = a;
	p->spec = (struct filter_spec){arch, &p->rules, deny};
	return p;
}

static struct rule *find(struct policy *p, uint16_t nr)
{
	for (uint32_t i = 0; i < p->rules.n; i++)
		if (p->rules.v[i].nr == nr)
			return &p->rules.v[i];
	return NULL;
}

void policy_nr(struct policy *p, uint16_t nr)
{
	if (find(p, nr))
		return;
	struct rule r = {.nr = nr};
	vec_push(p->a, &p->rules, r);
	for (uint32_t i = p->rules.n - 1; i && p->rules.v[i - 1].nr > nr; i--) {
		p->rules.v[i] = p->rules.v[i - 1];
		p->rules.v[i - 1] = r;
	}
	policy_term(p, nr);
}

void policy_call(struct policy *p, const char *call)
{
	policy_nr(p, (uint16_t)syscall_by_name(call)->nr[p->spec.arch]);
}

void policy_term(struct policy *p, uint16_t nr)
{
	struct rule *r = find(p, nr);
	struct term t = {{0}};
	if (r)
		vec_push(p->a, &r->terms, t);
}

static bool before(const struct atom *x, const struct atom *y)
{
	return x->arg < y->arg || (x->arg == y->arg && x->mask < y->mask);
}

/* The term's atom of that key; new ones go to their place in the order (arg, mask). */
static struct atom *atom_of(struct arena *a, struct term *t, struct atom want)
{
	for (uint32_t i = 0; i < t->atoms.n; i++)
		if (t->atoms.v[i].arg == want.arg && t->atoms.v[i].mask == want.mask)
			return &t->atoms.v[i];
	vec_push(a, &t->atoms, want);
	uint32_t i = t->atoms.n - 1;
	for (; i && before(&want, &t->atoms.v[i - 1]); i--)
		t->atoms.v[i] = t->atoms.v[i - 1];
	t->atoms.v[i] = want;
	return &t->atoms.v[i];
}

void policy_atom(struct policy *p, uint16_t nr, unsigned arg, unsigned width, uint64_t mask, uint64_t lo,
		 uint64_t hi)
{
	struct rule *r = find(p, nr);
	struct atom want = {.arg = (uint8_t)arg, .width = (uint8_t)width, .mask = mask};
	if (!r)
		return;
	if (width == 32)
		want.mask &= UINT32_MAX;
	struct atom *x = atom_of(p->a, &r->terms.v[r->terms.n - 1], want);
	vec_push(p->a, &x->in, ((struct range){lo, hi}));
}

/* socket(family, type & 0xf, protocol): three terms that share tails. */
struct policy *policy_sockets(struct arena *a)
{
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
	static const uint32_t rows[][3] = {{2, 1, 6}, {2, 2, 17}, {10, 1, 6}, {10, 2, 17}, {16, 3, 0}};
	policy_call(p, "socket");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (i)
			policy_term(p, 41);
		policy_atom(p, 41, 0, 32, UINT64_MAX, rows[i][0], rows[i][0]);
		policy_atom(p, 41, 1, 32, 0xf, rows[i][1], rows[i][1]);
		policy_atom(p, 41, 2, 32, UINT64_MAX, rows[i][2], rows[i][2]);
	}
	return p;
}

struct filter policy_emit(struct policy *p)
{
	struct filter_code code;
	emit_filter(p->a, &p->spec, NULL, &code);
	return (struct filter){code.insns.v, code.full ? 0 : code.insns.n};
}

struct proof policy_prove(const struct policy *p, struct filter f)
{
	struct proof out;
	filter_prove(&p->spec, (const uint8_t *)f.f, f.n * sizeof *f.f, PROOF_BUDGET, NULL, NULL, &out);
	return out;
}

/* ---- at random ---- */

static unsigned width_of(uint16_t nr, unsigned arg) /* an argument has one width, whatever the term */
{
	return (nr * 7 + arg * 3) % 5 < 3 ? 32 : 64;
}

static uint64_t edge_value(struct rng *r, unsigned width)
{
	static const uint64_t edges[] = {0,
					 1,
					 2,
					 3,
					 0xf,
					 0x7f,
					 0x80,
					 0xff,
					 0xffff,
					 0x20000,
					 0x7fffffff,
					 0x80000000,
					 0x80000001,
					 0xfffffffe,
					 0xffffffff,
					 0x100000000,
					 0x100000001,
					 0x1ffffffff,
					 0x7fffffffffffffff,
					 0x8000000000000000,
					 0xffffffff00000000,
					 0xfffffffffffffffe,
					 0xffffffffffffffff};
	uint64_t x = edges[rng_below(r, sizeof edges / sizeof *edges)];
	uint32_t how = rng_below(r, 4);
	if (how == 0)
		x = rng_next(r) >> rng_below(r, 64);
	else if (how == 1)
		x += rng_below(r, 16);
	return width == 32 ? x & UINT32_MAX : x;
}

static void random_ranges(struct policy *p, struct rng *r, uint16_t nr, unsigned arg, unsigned width,
			  uint64_t mask)
{
	uint64_t top = width == 32 ? UINT32_MAX : UINT64_MAX, from = 0;
	if (mask != top && __builtin_popcountll(mask) > 8) { /* flags(...) */
		policy_atom(p, nr, arg, width, mask, 0, 0);
		return;
	}
	for (uint32_t n = 1 + rng_below(r, 3); n; n--) {
		uint64_t lo = edge_value(r, width) & mask,
			 hi = rng_below(r, 3) ? lo : edge_value(r, width) & mask;
		if (lo > hi) {
			uint64_t x = lo;
			lo = hi;
			hi = x;
		}
		if (lo < from)
			continue;
		policy_atom(p, nr, arg, width, mask, lo, hi);
		if (hi >= top - 1)
			return;
		from = hi + 2;
	}
	if (!from)
		policy_atom(p, nr, arg, width, mask, 0, 0);
}

/* A few bits, or all but a few: comparing under a mask costs the verifier a part a bit. */
static uint64_t random_mask(struct rng *r, unsigned width)
{
	uint64_t all = width == 32 ? UINT32_MAX : UINT64_MAX, few = 0;
	for (unsigned n = 1 + rng_below(r, 4); n; n--)
		few |= (uint64_t)(1 + rng_below(r, 3)) << rng_below(r, width - 1);
	switch (rng_below(r, 24)) {
	case 0:
		return all & ~few;
	case 1:
	case 2:
	case 3:
	case 4:
		return few;
	case 5:
	case 6:
	case 7:
		return (uint64_t)1 << rng_below(r, width);
	default:
		return all;
	}
}

static bool has_key(const struct policy *p, uint16_t nr, unsigned arg, uint64_t mask)
{
	const struct rule *r = &p->rules.v[0];
	while (r->nr != nr)
		r++;
	const struct term *t = &r->terms.v[r->terms.n - 1];
	for (uint32_t i = 0; i < t->atoms.n; i++)
		if (t->atoms.v[i].arg == arg && t->atoms.v[i].mask == mask)
			return true;
	return false;
}

static void random_term(struct policy *p, struct rng *r, uint16_t nr)
{
	for (uint32_t n = 1 + rng_below(r, 3); n; n--) {
		unsigned arg = rng_below(r, rng_below(r, 4) ? 2 : 6);
		unsigned width = width_of(nr, arg);
		uint64_t mask = random_mask(r, width);
		if (!has_key(p, nr, arg, mask))
			random_ranges(p, r, nr, arg, width, mask);
	}
}

struct policy *policy_random(struct arena *a, struct rng *r, enum arch arch, uint32_t max_rules)
{
	struct policy *p =
	    policy_new(a, arch, rng_below(r, 3) ? DENY_ERRNO : (enum filter_deny)(1 + rng_below(r, 2)));
	uint32_t numbers = (uint32_t)syscall_table_max(arch) + 1;
	for (uint32_t n = rng_below(r, max_rules + 1); n; n--) {
		uint16_t nr = (uint16_t)rng_below(r, rng_below(r, 20) ? numbers : numbers + 40);
		if (find(p, nr))
			continue;
		policy_nr(p, nr);
		if (rng_below(r, 2))
			continue;
		random_term(p, r, nr);
		for (uint32_t t = rng_below(r, 5); t; t--) {
			policy_term(p, nr);
			random_term(p, r, nr);
		}
	}
	return p;
}

static void set_arg(uint32_t e[N_WORDS], unsigned arg, uint64_t x)
{
	e[W_ARG0 + 2 * arg] = (uint32_t)x;
	e[W_ARG0 + 2 * arg + 1] = (uint32_t)(x >> 32);
}

/* The argument just at, before or behind an edge of the atom; what the mask does not see is noise. */
static void aim(const struct atom *x, struct rng *r, uint32_t e[N_WORDS])
{
	const struct range *in = &x->in.v[rng_below(r, x->in.n)];
	uint64_t v = rng_below(r, 2) ? in->lo : in->hi;
	v += rng_below(r, 4) ? 0 : rng_below(r, 3);
	v -= rng_below(r, 4) ? 0 : 1;
	uint64_t noise = rng_below(r, 3) ? 0 : rng_next(r), see = x->mask;
	set_arg(e, x->arg, (v & see) | (noise & ~see));
}

static void spoil(struct rng *r, uint32_t e[N_WORDS])
{
	unsigned w = W_ARG0 + rng_below(r, N_WORDS - W_ARG0);
	switch (rng_below(r, 12)) {
	case 0:
		e[w] ^= (uint32_t)1 << rng_below(r, 32);
		break;
	case 1:
		e[w] = (uint32_t)rng_next(r);
		break;
	case 2: { /* halves swapped */
		unsigned low = w & ~1u;
		uint32_t x = e[low];
		e[low] = e[low + 1];
		e[low + 1] = x;
		break;
	}
	case 3:
		e[W_NR] += rng_below(r, 3) - 1;
		break;
	case 4:
		e[W_NR] |= rng_below(r, 2) ? FILTER_NR_END : (uint32_t)rng_next(r);
		break;
	case 5:
		e[W_ARCH] ^= (uint32_t)1 << rng_below(r, 32);
		break;
	default:
		break;
	}
}

void event_random(const struct policy *p, struct rng *r, uint32_t e[N_WORDS])
{
	for (unsigned i = 0; i < N_WORDS; i++)
		e[i] = rng_below(r, 3) ? 0 : (uint32_t)edge_value(r, 32);
	e[W_ARCH] = arch_table[p->spec.arch].audit;
	e[W_NR] = rng_below(r, (uint32_t)syscall_table_max(p->spec.arch) + 3);
	if (p->rules.n && rng_below(r, 5)) {
		const struct rule *x = &p->rules.v[rng_below(r, p->rules.n)];
		e[W_NR] = x->nr;
		for (uint32_t t = rng_below(r, 2); t < 2; t++) { /* one term, or two mixed */
			const struct term *term = &x->terms.v[rng_below(r, x->terms.n)];
			for (uint32_t i = 0; i < term->atoms.n; i++)
				aim(&term->atoms.v[i], r, e);
		}
	}
	spoil(r, e);
}
