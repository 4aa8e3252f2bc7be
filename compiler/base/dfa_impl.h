/*
 * dfa_impl.h - what the dfa_*.c files share: the automaton itself, and automata under construction.
 *
 * Edges are byte ranges; a byte without an edge leads to the dead state, which is not stored.  So every
 * stored state of a finished automaton reaches an accepting one.
 */
#ifndef ABP_DFA_IMPL_H
#define ABP_DFA_IMPL_H

#include "compiler/base/dfa.h"

struct edge {
	uint32_t to;
	uint8_t lo, hi; /* 1..255 */
};

/* Edges of state s: edge[first[s]] up to edge[first[s + 1]], ascending, disjoint, adjacent ones with one
 * target joined. */
struct dfa {
	uint32_t n; /* states; 0 is the start */
	uint32_t *first;
	struct edge *edge;
	uint8_t *accept;
};

/*
 * An automaton under construction, states in any order, not minimal.  raw_state() begins the next state,
 * raw_edge() adds edges to the state begun last, in ascending order; targets may come later.
 * More states than `limit` (0: any number) end the process with exit code 3 and a message, as running out of
 * memory does: wildcards can make automata exponential in their pattern, though those that people write stay
 * below a thousand.
 */
enum { RAW_LIMIT = 1 << 18 };
struct raw {
	struct arena *a;
	uint32_t limit;
	VEC(uint32_t) first;
	VEC(struct edge) edge;
	VEC(uint8_t) accept;
};
uint32_t raw_state(struct raw *r, bool accept);
void raw_edge(struct raw *r, uint8_t lo, uint8_t hi, uint32_t to);

/* Like a struct dfa, but of any numbering; ends the edge list of the last state. */
struct dfa raw_view(struct raw *r);

/* The minimal automaton of r from `start`, in a; NULL: the empty set.  r's arena is scratch. */
const struct dfa *raw_minimal(struct arena *a, struct raw *r, uint32_t start);
/* The same for an r that is minimal already: numbered, unreachable states dropped. */
const struct dfa *raw_numbered(struct arena *a, struct raw *r, uint32_t start);

/* Ids 0, 1, 2 ... for distinct keys of `len` words, in order of arrival. */
struct interner {
	struct arena *a;
	uint32_t *slot; /* id + 1; 0: free */
	uint32_t n_slots;
	VEC(uint32_t) first; /* of the key of id in word */
	VEC(uint32_t) word;
};
uint32_t intern_key(struct interner *t, const uint32_t *key, uint32_t len, bool *is_new);
static inline const uint32_t *interned(const struct interner *t, uint32_t id, uint32_t *len)
{
	uint32_t end = id + 1 < t->first.n ? t->first.v[id + 1] : t->word.n;
	*len = end - t->first.v[id];
	return t->word.v + t->first.v[id];
}

#endif
