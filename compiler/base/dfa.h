/*
 * dfa.h - exact sets of byte strings (path names, variable names, socket names): minimal complete automata.
 *
 * Every automaton is minimal with states numbered in breadth-first order over increasing bytes, so equal sets
 * are equal structures (dfa_equal compares).  The empty set is NULL everywhere.  Strings have no NUL byte.
 * Wildcard patterns whose automaton explodes (`*a` and twenty `?`) end the process with exit code 3, as
 * running out of memory does.
 */
#ifndef ABP_DFA_H
#define ABP_DFA_H

#include <stdbool.h>

#include "compiler/base/buf.h"

struct dfa;

/* Sets from patterns. */
const struct dfa *dfa_string(struct arena *a, const char *s); /* exactly s */
const struct dfa *dfa_all(struct arena *a);		      /* every string */
/* `*.example.org:443`: one or more labels (bytes but '.' and ':') joined by '.', then suffix, which begins
 * with '.'; a missing '.' is supplied. */
const struct dfa *dfa_suffix(struct arena *a, const char *suffix);
/*
 * A path pattern of language.md section 6.  `*` and `?` never match '/'; `[a-z]` is one byte (no negation);
 * the component `**` matches any number of components, none too: as the last one it means the directory
 * itself and everything below, and alone after the root it is every absolute name.  The caller has checked
 * the syntax. Wildcards stand for names as they are after resolution: no empty, `.` or `..` component is ever
 * matched.
 */
const struct dfa *dfa_path(struct arena *a, const char *pattern);
/*
 * Many patterns at once (100,000 literals stay fast: built as a trie).  `kind` of each: as the functions
 * above.
 */
enum dfa_pattern { DFA_STRING, DFA_PATH };
const struct dfa *dfa_many(struct arena *a, enum dfa_pattern kind, const char *const *patterns, size_t n);

/*
 * The set that an automaton of other make accepts, for verifiers that decode tables: next() gives the state
 * after a byte 1..255, or DFA_DEAD; only states reachable from `start` are asked about.
 */
#define DFA_DEAD UINT32_MAX
struct dfa_source {
	const void *ctx;
	uint32_t start;
	uint32_t (*next)(const void *ctx, uint32_t state, uint8_t byte);
	bool (*accept)(const void *ctx, uint32_t state);
};
const struct dfa *dfa_from(struct arena *a, const struct dfa_source *s);

const struct dfa *dfa_or(struct arena *a, const struct dfa *x, const struct dfa *y);
const struct dfa *dfa_and(struct arena *a, const struct dfa *x, const struct dfa *y);
const struct dfa *dfa_diff(struct arena *a, const struct dfa *x, const struct dfa *y);
bool dfa_equal(const struct dfa *x, const struct dfa *y);
bool dfa_subset(struct arena *a, const struct dfa *x, const struct dfa *y);
bool dfa_disjoint(struct arena *a, const struct dfa *x, const struct dfa *y);
bool dfa_has(const struct dfa *x, const char *s);
/* The shortest member, then the smallest in byte order but printable bytes preferred (letters first); NULL:
 * empty. */
const char *dfa_witness(struct arena *a, const struct dfa *x);
uint32_t dfa_states(const struct dfa *x); /* without the dead state */

/*
 * Syntax of a path pattern: absolute, no `.`, `..`, empty or final empty component; `**` a whole component;
 * brackets closed; no control bytes.  NULL: good; else what is wrong ("has a `..` component").  *glob: has a
 * wildcard other than one final `**` component, so only a path automaton decides it.
 */
const char *path_check(const char *pattern, bool *glob);
/* True for a directory and everything below (one final `**`, no other wildcard); *dir gets the directory. */
bool path_is_tree(struct arena *a, const char *pattern, const char **dir);

#endif
