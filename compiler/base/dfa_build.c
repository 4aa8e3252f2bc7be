/*
 * dfa_build.c - automata from patterns.
 *
 * Plain strings and trees (`/dir/` and `**` after it) go into one trie that is kept minimal while it is
 * built, from sorted words (J. Daciuk et al., "Incremental Construction of Minimal Acyclic Finite-State
 * Automata", 2000).  Other patterns become a small nondeterministic automaton, then subsets of its states.
 */
#include "compiler/base/dfa_impl.h"

#include <stdlib.h>
#include <string.h>

/* ---- the names themselves ----------------------------------------------- */

/*
 * What may follow the '/' of a component: non-empty components that are neither `.` nor `..`, separated by
 * single slashes.  Names after resolution have no others, so no pattern contains them.
 */
enum name_state { IN_NAME, AFTER_SLASH, AFTER_DOT, AFTER_DOTDOT, N_NAME, AT_ROOT = N_NAME, BEFORE_ROOT };

static const struct name_row {
	bool accept;
	uint8_t n;
	struct edge edge[4];
} names[] = {
    [IN_NAME] = {true, 3, {{IN_NAME, 1, '.'}, {AFTER_SLASH, '/', '/'}, {IN_NAME, '0', 255}}},
    [AFTER_SLASH] = {false, 3, {{IN_NAME, 1, '-'}, {AFTER_DOT, '.', '.'}, {IN_NAME, '0', 255}}},
    [AFTER_DOT] = {false, 3, {{IN_NAME, 1, '-'}, {AFTER_DOTDOT, '.', '.'}, {IN_NAME, '0', 255}}},
    [AFTER_DOTDOT] = {false, 2, {{IN_NAME, 1, '.'}, {IN_NAME, '0', 255}}},
    [AT_ROOT] = {true, 3, {{IN_NAME, 1, '-'}, {AFTER_DOT, '.', '.'}, {IN_NAME, '0', 255}}},
    [BEFORE_ROOT] = {false, 1, {{AT_ROOT, '/', '/'}}},
};

/* Every absolute name; with or without the root, which no component matches. */
static const struct dfa *every_name(struct arena *a, bool root)
{
	struct arena *tmp = arena_new();
	struct raw r = {.a = tmp};
	for (unsigned s = 0; s <= BEFORE_ROOT; s++) {
		raw_state(&r, names[s].accept);
		for (unsigned e = 0; e < names[s].n; e++)
			raw_edge(&r, names[s].edge[e].lo, names[s].edge[e].hi, names[s].edge[e].to);
	}
	if (!root)
		r.accept.v[AT_ROOT] = false;
	const struct dfa *d = raw_minimal(a, &r, BEFORE_ROOT);
	arena_free(tmp);
	return d;
}

/* ---- trie ---------------------------------------------------------------- */

/* A state on the way of the last word: it may still get edges. */
struct open {
	bool accept, tree;
	uint8_t byte; /* of the edge to the next open state */
	VEC(struct edge) edge;
};

struct trie {
	struct arena *a;
	VEC(struct open) open; /* kept for reuse; n is the capacity */
	uint32_t depth;	       /* open[0..depth] are in use */
	VEC(uint32_t) key;
	struct interner states; /* key: accept, then two words an edge */
};

static void key_edge(struct trie *t, struct edge e)
{
	vec_push(t->a, &t->key, e.to);
	vec_push(t->a, &t->key, (uint32_t)e.lo << 8 | e.hi);
}

/* The states below a tree come first, so that their numbers are those of enum name_state. */
static void trie_names(struct trie *t)
{
	for (unsigned s = 0; s < N_NAME; s++) {
		bool is_new;
		t->key.n = 0;
		vec_push(t->a, &t->key, names[s].accept);
		for (unsigned e = 0; e < names[s].n; e++)
			key_edge(t, names[s].edge[e]);
		intern_key(&t->states, t->key.v, t->key.n, &is_new);
	}
}

/* The final state equal to o: an old one where there is one. */
static uint32_t trie_close(struct trie *t, const struct open *o)
{
	static const struct edge below = {AFTER_SLASH, '/', '/'};
	bool todo = o->tree, is_new;
	t->key.n = 0;
	vec_push(t->a, &t->key, o->accept);
	for (uint32_t i = 0; i < o->edge.n; i++) {
		if (todo && o->edge.v[i].lo > below.lo) {
			key_edge(t, below);
			todo = false;
		}
		key_edge(t, o->edge.v[i]);
	}
	if (todo)
		key_edge(t, below);
	return intern_key(&t->states, t->key.v, t->key.n, &is_new);
}

static void trie_close_below(struct trie *t, uint32_t depth)
{
	for (; t->depth > depth; t->depth--) {
		uint32_t to = trie_close(t, &t->open.v[t->depth]);
		struct open *o = &t->open.v[t->depth - 1];
		vec_push(t->a, &o->edge, ((struct edge){to, o->byte, o->byte}));
	}
}

static void trie_open(struct trie *t, uint32_t depth)
{
	if (depth == t->open.n)
		vec_push(t->a, &t->open, (struct open){0});
	struct open *o = &t->open.v[depth];
	o->accept = o->tree = false;
	o->edge.n = 0;
	t->depth = depth;
}

/* Words come in ascending order. */
static void trie_add(struct trie *t, const char *word, size_t len, bool tree)
{
	uint32_t same = 0;
	while (same < len && same < t->depth && t->open.v[same].byte == (uint8_t)word[same])
		same++;
	if (same < len && t->open.v[same].tree && word[same] == '/')
		return; /* below a tree already */
	trie_close_below(t, same);
	for (uint32_t i = same; i < len; i++) {
		t->open.v[i].byte = (uint8_t)word[i];
		trie_open(t, i + 1);
	}
	t->open.v[len].accept = true;
	t->open.v[len].tree |= tree;
}

static const struct dfa *trie_end(struct arena *a, struct trie *t)
{
	trie_close_below(t, 0);
	uint32_t start = trie_close(t, &t->open.v[0]);
	struct raw r = {.a = t->a};
	for (uint32_t s = 0; s < t->states.first.n; s++) {
		uint32_t len;
		const uint32_t *key = interned(&t->states, s, &len);
		raw_state(&r, key[0]);
		for (uint32_t i = 1; i < len; i += 2)
			raw_edge(&r, (uint8_t)(key[i + 1] >> 8), (uint8_t)key[i + 1], key[i]);
	}
	return raw_numbered(a, &r, start);
}

struct word {
	const char *s;
	size_t len;
	bool tree;
};

static int compare_words(const void *x, const void *y)
{
	const struct word *a = x, *b = y;
	int c = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
	return c ? c : (a->len > b->len) - (a->len < b->len);
}

static const struct dfa *from_words(struct arena *a, struct word *w, size_t n)
{
	if (!n)
		return NULL;
	qsort(w, n, sizeof *w, compare_words);
	struct arena *tmp = arena_new();
	struct trie t = {.a = tmp, .states = {.a = tmp}};
	trie_names(&t);
	trie_open(&t, 0);
	for (size_t i = 0; i < n; i++)
		trie_add(&t, w[i].s, w[i].len, w[i].tree);
	const struct dfa *d = trie_end(a, &t);
	arena_free(tmp);
	return d;
}

const struct dfa *dfa_string(struct arena *a, const char *s)
{
	return from_words(a, &(struct word){s, strlen(s), false}, 1);
}

/* ---- nondeterministic automata -------------------------------------------- */

/*
 * States are made one after the other; an edge starts at the newest.  skip: the state that is entered
 * together with this one, 0 for none.  The last state accepts.
 */
struct nfa {
	struct arena *a;
	VEC(uint32_t) first; /* edges of a state in edge */
	VEC(struct edge) edge;
	VEC(uint32_t) skip;
};

static uint32_t nfa_state(struct nfa *f)
{
	vec_push(f->a, &f->first, f->edge.n);
	vec_push(f->a, &f->skip, 0);
	return f->first.n - 1;
}

static void nfa_edge(struct nfa *f, uint8_t lo, uint8_t hi, uint32_t to)
{
	vec_push(f->a, &f->edge, ((struct edge){to, lo, hi}));
}

/* Every byte but the two. */
static void nfa_edges_but(struct nfa *f, uint8_t x, uint8_t y, uint32_t to)
{
	uint8_t lo = x < y ? x : y, hi = x < y ? y : x;
	nfa_edge(f, 1, (uint8_t)(lo - 1), to);
	if (lo + 1 < hi)
		nfa_edge(f, (uint8_t)(lo + 1), (uint8_t)(hi - 1), to);
	nfa_edge(f, (uint8_t)(hi + 1), 255, to);
}

/* The subset construction under way: a set of states is its sorted list. */
struct subsets {
	struct nfa *nfa;
	struct interner sets;
	VEC(uint32_t) set, from; /* the set that is being made, and the one whose edges are read */
};

static void set_add(struct subsets *s, uint32_t state)
{
	for (;;) {
		uint32_t i = s->set.n;
		while (i > 0 && s->set.v[i - 1] > state)
			i--;
		if (i > 0 && s->set.v[i - 1] == state)
			return;
		vec_push(s->nfa->a, &s->set, state);
		memmove(s->set.v + i + 1, s->set.v + i, (s->set.n - 1 - i) * sizeof *s->set.v);
		s->set.v[i] = state;
		if (!s->nfa->skip.v[state])
			return;
		state = s->nfa->skip.v[state];
	}
}

static uint32_t edges_end(const struct nfa *f, uint32_t state)
{
	return state + 1 < f->first.n ? f->first.v[state + 1] : f->edge.n;
}

/* Where byte b leads from s->from, into s->set; *upto is lowered to the last byte for which that holds. */
static void subset_step(struct subsets *s, unsigned b, unsigned *upto)
{
	s->set.n = 0;
	for (uint32_t i = 0; i < s->from.n; i++)
		for (uint32_t e = s->nfa->first.v[s->from.v[i]]; e < edges_end(s->nfa, s->from.v[i]); e++) {
			struct edge edge = s->nfa->edge.v[e];
			if (edge.lo > b && edge.lo - 1u < *upto)
				*upto = edge.lo - 1u;
			if (edge.lo > b || edge.hi < b)
				continue;
			*upto = edge.hi < *upto ? edge.hi : *upto;
			set_add(s, edge.to);
		}
}

static void subset_state(struct subsets *s, struct raw *r, uint32_t id)
{
	uint32_t len, last = s->nfa->first.n - 1;
	const uint32_t *set = interned(&s->sets, id, &len);
	s->from.n = 0;
	for (uint32_t i = 0; i < len; i++)
		vec_push(s->nfa->a, &s->from, set[i]);
	raw_state(r, set[len - 1] == last);
	for (unsigned b = 1, upto; b <= 255; b = upto + 1) {
		bool is_new;
		upto = 255;
		subset_step(s, b, &upto);
		if (s->set.n)
			raw_edge(r, (uint8_t)b, (uint8_t)upto,
				 intern_key(&s->sets, s->set.v, s->set.n, &is_new));
	}
}

static const struct dfa *nfa_minimal(struct arena *a, struct nfa *f)
{
	struct subsets s = {.nfa = f, .sets = {.a = f->a}};
	struct raw r = {.a = f->a, .limit = RAW_LIMIT};
	bool is_new;
	set_add(&s, 0);
	intern_key(&s.sets, s.set.v, s.set.n, &is_new);
	for (uint32_t i = 0; i < s.sets.first.n; i++)
		subset_state(&s, &r, i);
	return raw_minimal(a, &r, 0);
}

/* ---- patterns --------------------------------------------------------------- */

const struct dfa *dfa_all(struct arena *a)
{
	struct arena *tmp = arena_new();
	struct raw r = {.a = tmp};
	raw_edge(&r, 1, 255, raw_state(&r, true));
	const struct dfa *d = raw_numbered(a, &r, 0);
	arena_free(tmp);
	return d;
}

static void nfa_string(struct nfa *f, const char *s)
{
	for (; *s; s++) {
		nfa_edge(f, (uint8_t)*s, (uint8_t)*s, f->first.n);
		nfa_state(f);
	}
}

/* State 0: a label must begin; state 1: inside a label, where the suffix may begin too. */
const struct dfa *dfa_suffix(struct arena *a, const char *suffix)
{
	struct arena *tmp = arena_new();
	struct nfa f = {.a = tmp};
	nfa_state(&f);
	nfa_edges_but(&f, '.', ':', 1);
	nfa_state(&f);
	nfa_edges_but(&f, '.', ':', 1);
	nfa_edge(&f, '.', '.', 0);
	if (*suffix != '.') /* else `*.example.org` would hold badexample.org */
		nfa_string(&f, ".");
	nfa_string(&f, suffix);
	const struct dfa *d = nfa_minimal(a, &f);
	arena_free(tmp);
	return d;
}

/* `**` after a '/', as a whole component. */
static bool is_tree_component(const char *slash)
{
	return !strncmp(slash, "/**", 3) && (slash[3] == '/' || !slash[3]);
}

/* "[a-z_]" at p; returns the place after it. */
static const char *nfa_class(struct nfa *f, const char *p, uint32_t to)
{
	for (p++; *p && *p != ']'; p++) {
		uint8_t lo = (uint8_t)*p, hi = lo;
		if (p[1] == '-' && p[2] && p[2] != ']') {
			hi = (uint8_t)p[2];
			p += 2;
		}
		if (lo <= hi)
			nfa_edge(f, lo, hi, to);
	}
	return *p ? p + 1 : p;
}

/*
 * Loose about empty and dot components: the result is cut with every_name().  `/` `**` is an optional '/'
 * with anything after it, and what follows in the pattern begins with '/' again.
 */
static void nfa_path(struct nfa *f, const char *p)
{
	uint32_t here = nfa_state(f);
	while (*p) {
		if (is_tree_component(p)) {
			f->skip.v[here] = here + 2;
			nfa_edge(f, '/', '/', here + 1);
			nfa_state(f);
			nfa_edge(f, 1, 255, here + 1);
			f->skip.v[here + 1] = here + 2;
			p += 3;
		} else if (*p == '*') {
			nfa_edges_but(f, '/', '/', here);
			p++;
			continue; /* the next element starts in the same state */
		} else if (*p == '?') {
			nfa_edges_but(f, '/', '/', here + 1);
			p++;
		} else if (*p == '[') {
			p = nfa_class(f, p, here + 1);
		} else {
			nfa_edge(f, (uint8_t)*p, (uint8_t)*p, here + 1);
			p++;
		}
		here = nfa_state(f);
	}
}

static const struct dfa *from_glob(struct arena *a, const char *pattern)
{
	struct arena *tmp = arena_new();
	struct nfa f = {.a = tmp};
	nfa_path(&f, pattern);
	const struct dfa *d = dfa_and(a, nfa_minimal(tmp, &f), every_name(tmp, false));
	arena_free(tmp);
	return d;
}

const struct dfa *dfa_path(struct arena *a, const char *pattern)
{
	return dfa_many(a, DFA_PATH, &pattern, 1);
}

/* The union of d[0..n), by halves. */
static const struct dfa *union_of(struct arena *a, const struct dfa **d, size_t n)
{
	for (; n > 1; n = (n + 1) / 2)
		for (size_t i = 0; i < n; i += 2)
			d[i / 2] = i + 1 < n ? dfa_or(a, d[i], d[i + 1]) : d[i];
	return n ? d[0] : NULL;
}

/* What is no plain word goes to `other`, as an automaton. */
static bool sort_out(struct arena *a, enum dfa_pattern kind, const char *pattern, struct word *word,
		     const struct dfa **other)
{
	size_t len = strlen(pattern), stem = len;
	while (kind == DFA_PATH && stem >= 3 && !memcmp(pattern + stem - 3, "/**", 3))
		stem -= 3;
	*word = (struct word){pattern, stem, stem < len};
	if (kind == DFA_STRING)
		return true;
	if (!stem && len) {
		*other = every_name(a, true);
		return false;
	}
	if (strcspn(pattern, "*?[") >= word->len)
		return true;
	*other = from_glob(a, pattern);
	return false;
}

static const struct dfa *copy(struct arena *a, const struct dfa *d)
{
	uint32_t edges = d->first[d->n];
	struct dfa *out = arena_alloc(a, sizeof *out);
	*out = (struct dfa){d->n, arena_alloc(a, (d->n + 1) * sizeof *out->first),
			    arena_alloc(a, edges * sizeof *out->edge), arena_alloc(a, d->n)};
	memcpy(out->first, d->first, (d->n + 1) * sizeof *out->first);
	memcpy(out->accept, d->accept, d->n);
	if (edges)
		memcpy(out->edge, d->edge, edges * sizeof *out->edge);
	return out;
}

const struct dfa *dfa_many(struct arena *a, enum dfa_pattern kind, const char *const *patterns, size_t n)
{
	struct arena *tmp = arena_new();
	struct word *word = arena_alloc(tmp, n * sizeof *word + sizeof *word);
	const struct dfa **other = arena_alloc(tmp, (n + 1) * sizeof(void *));
	size_t n_words = 0, n_other = 0;
	for (size_t i = 0; i < n; i++)
		if (sort_out(tmp, kind, patterns[i], &word[n_words], &other[n_other]))
			n_words++;
		else
			n_other++;
	other[n_other++] = from_words(tmp, word, n_words);
	const struct dfa *d = union_of(tmp, other, n_other);
	d = d ? copy(a, d) : NULL;
	arena_free(tmp);
	return d;
}
