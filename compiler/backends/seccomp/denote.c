#include "compiler/backends/seccomp/denote.h"

#include <errno.h>
#include <linux/filter.h>

enum { KILL = 0, EPERM_ANSWER, ENOSYS_ANSWER };

static uint32_t answer(const struct filter_spec *s, int kind)
{
	bool kill =
	    kind == KILL || s->deny == DENY_KILL_ALL || (kind == EPERM_ANSWER && s->deny == DENY_KILL);
	if (kill)
		return SECCOMP_RET_KILL_PROCESS;
	return SECCOMP_RET_ERRNO | (kind == ENOSYS_ANSWER ? ENOSYS : EPERM);
}

/* What a number below FILTER_NR_END that no rule names is answered. */
static uint32_t ungranted(const struct filter_spec *s, uint32_t nr)
{
	if (nr > filter_last(s))
		return answer(s, ENOSYS_ANSWER);
	const struct sysdef *call = syscall_by_nr(s->arch, (int)nr);
	return answer(s, call && filter_probe(s, call) ? ENOSYS_ANSWER : EPERM_ANSWER);
}

/* NULL: the number is not granted at all. */
static const struct rule *rule_of(const struct filter_spec *s, uint32_t nr)
{
	for (uint32_t i = 0; i < s->rules->n; i++)
		if (s->rules->v[i].nr == nr)
			return s->rules->v[i].terms.n ? &s->rules->v[i] : NULL;
	return NULL;
}

/* ---- one event ---- */

static bool atom_holds(const struct atom *a, const uint32_t e[N_WORDS])
{
	uint64_t x = e[W_ARG0 + 2 * a->arg];
	if (a->width == 64)
		x |= (uint64_t)e[W_ARG0 + 2 * a->arg + 1] << 32;
	for (uint32_t i = 0; i < a->in.n; i++)
		if ((x & a->mask) >= a->in.v[i].lo && (x & a->mask) <= a->in.v[i].hi)
			return true;
	return false;
}

static bool term_holds(const struct term *t, const uint32_t e[N_WORDS])
{
	for (uint32_t i = 0; i < t->atoms.n; i++)
		if (!atom_holds(&t->atoms.v[i], e))
			return false;
	return true;
}

uint32_t denote_event(const struct filter_spec *s, const uint32_t e[N_WORDS])
{
	if (e[W_ARCH] != arch_table[s->arch].audit || e[W_NR] >= FILTER_NR_END)
		return answer(s, KILL);
	const struct rule *r = rule_of(s, e[W_NR]);
	if (!r)
		return ungranted(s, e[W_NR]);
	for (uint32_t i = 0; i < r->terms.n; i++)
		if (term_holds(&r->terms.v[i], e))
			return SECCOMP_RET_ALLOW;
	return answer(s, EPERM_ANSWER);
}

/* ---- all events of a state ---- */

struct walk {
	const struct filter_spec *s;
	struct word *w; /* N_WORDS of them */
	denote_leaf *leaf;
	void *ctx;
};

struct test { /* of one word */
	unsigned word;
	enum wtest t;
	uint32_t mask, k;
};

/* A statement about all members of a state: true, false, or it depends on the test in *ask. */
enum tri { NO, YES, SOME };

static enum tri decide(const struct walk *k, struct test t, struct test *ask)
{
	struct wpart part[WORD_MAX_PARTS];
	unsigned n = word_split(k->w[t.word], t.t, t.mask, t.k, part);
	for (unsigned i = 1; i < n; i++)
		if (part[i].truth != part[0].truth) {
			*ask = t;
			return SOME;
		}
	return part[0].truth ? YES : NO;
}

/* (word & mask) >= k, or > k */
static enum tri word_over(const struct walk *w, unsigned word, bool strict, uint32_t mask, uint32_t k,
			  struct test *ask)
{
	enum wtest plain = strict ? WORD_GT : WORD_GE, masked = strict ? WORD_MASK_GT : WORD_MASK_GE;
	return decide(w, (struct test){word, mask == UINT32_MAX ? plain : masked, mask, k}, ask);
}

/* (argument & mask) >= k, or > k; 64 bits by the high word first. */
static enum tri arg_over(const struct walk *w, const struct atom *a, bool strict, uint64_t k,
			 struct test *ask)
{
	unsigned low = W_ARG0 + 2u * a->arg;
	if (a->width == 64) {
		uint32_t mask = (uint32_t)(a->mask >> 32), high = (uint32_t)(k >> 32);
		enum tri above = word_over(w, low + 1, true, mask, high, ask);
		if (above != NO)
			return above;
		enum tri reaches = word_over(w, low + 1, false, mask, high, ask);
		if (reaches != YES)
			return reaches;
	} else if (k > UINT32_MAX) {
		return NO;
	}
	return word_over(w, low, strict, (uint32_t)a->mask, (uint32_t)k, ask);
}

/* Ranges are sorted: from the lowest, is it reached, and if so, is it passed? */
static enum tri atom_state(const struct walk *w, const struct atom *a, struct test *ask)
{
	for (uint32_t i = 0; i < a->in.n; i++) {
		enum tri reached = arg_over(w, a, false, a->in.v[i].lo, ask);
		if (reached != YES)
			return reached;
		enum tri passed = arg_over(w, a, true, a->in.v[i].hi, ask);
		if (passed != YES)
			return passed == NO ? YES : SOME;
	}
	return NO;
}

static enum tri term_state(const struct walk *w, const struct term *t, struct test *ask)
{
	enum tri all = YES;
	for (uint32_t i = 0; i < t->atoms.n; i++) {
		struct test mine;
		enum tri one = atom_state(w, &t->atoms.v[i], &mine);
		if (one == NO)
			return NO;
		if (one == SOME && all == YES) {
			*ask = mine;
			all = SOME;
		}
	}
	return all;
}

static enum tri rule_state(const struct walk *w, const struct rule *r, struct test *ask)
{
	enum tri any = NO;
	for (uint32_t i = 0; i < r->terms.n; i++) {
		struct test mine;
		enum tri one = term_state(w, &r->terms.v[i], &mine);
		if (one == YES)
			return YES;
		if (one == SOME && any == NO) {
			*ask = mine;
			any = SOME;
		}
	}
	return any;
}

/* Split by the first test that the rule's verdict depends on, until it depends on none. */
static bool walk_rule(struct walk *w, const struct rule *r)
{
	struct test ask = {0, WORD_EQ, 0, 0};
	enum tri verdict = rule_state(w, r, &ask);
	if (verdict != SOME)
		return w->leaf(w->ctx, w->w, verdict == YES ? SECCOMP_RET_ALLOW : answer(w->s, EPERM_ANSWER));
	struct wpart part[WORD_MAX_PARTS];
	struct word whole = w->w[ask.word];
	unsigned n = word_split(whole, ask.t, ask.mask, ask.k, part);
	bool on = true;
	for (unsigned i = 0; i < n && on; i++) {
		w->w[ask.word] = part[i].w;
		on = walk_rule(w, r);
	}
	w->w[ask.word] = whole;
	return on;
}

static bool walk_number(struct walk *w, uint32_t nr)
{
	const struct rule *r = rule_of(w->s, nr);
	if (r)
		return walk_rule(w, r);
	return w->leaf(w->ctx, w->w, ungranted(w->s, nr));
}

/* Every number up to the last one that has an answer of its own, one by one; the rest at once. */
static bool walk_numbers(struct walk *w)
{
	uint32_t last = filter_last(w->s);
	uint32_t n_rules = w->s->rules->n;
	if (n_rules && last < w->s->rules->v[n_rules - 1].nr)
		last = w->s->rules->v[n_rules - 1].nr;
	struct word whole = w->w[W_NR];
	bool on = true;
	for (uint32_t nr = whole.lo; nr <= last && nr <= whole.hi && on; nr++) {
		if (!word_has(&whole, nr))
			continue;
		w->w[W_NR].lo = w->w[W_NR].hi = nr;
		on = walk_number(w, nr);
	}
	w->w[W_NR] = whole;
	if (w->w[W_NR].lo <= last)
		w->w[W_NR].lo = last + 1;
	if (on && word_witness(&w->w[W_NR], NULL))
		on = w->leaf(w->ctx, w->w, ungranted(w->s, last + 1));
	w->w[W_NR] = whole;
	return on;
}

/* Split word by a test; the true part is killed or, with kill_if false, the false part; `next` takes the
 * other. */
static bool walk_guard(struct walk *w, struct test t, bool kill_if, bool (*next)(struct walk *))
{
	struct wpart part[WORD_MAX_PARTS];
	struct word whole = w->w[t.word];
	unsigned n = word_split(whole, t.t, t.mask, t.k, part);
	bool on = true;
	for (unsigned i = 0; i < n && on; i++) {
		w->w[t.word] = part[i].w;
		on = part[i].truth == kill_if ? w->leaf(w->ctx, w->w, answer(w->s, KILL)) : next(w);
	}
	w->w[t.word] = whole;
	return on;
}

static bool walk_native(struct walk *w)
{
	return walk_guard(w, (struct test){W_NR, WORD_GE, 0, FILTER_NR_END}, true, walk_numbers);
}

bool denote_state(const struct filter_spec *s, struct word w[N_WORDS], denote_leaf *leaf, void *ctx)
{
	struct walk k = {s, w, leaf, ctx};
	return walk_guard(&k, (struct test){W_ARCH, WORD_EQ, 0, arch_table[s->arch].audit}, false,
			  walk_native);
}
