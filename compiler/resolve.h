/*
 * resolve.h - what the files of the resolver share; nobody else includes it but the tests.
 *
 * The resolver reads one tree after the other (the unit, then the modules it imports) and appends grants to
 * one model.  Every function that meets a mistake queues a record and goes on with the next item.
 */
#ifndef ABP_RESOLVE_H
#define ABP_RESOLVE_H

#include "compiler/ast.h"
#include "compiler/model.h"

typedef VEC(const char *) name_list;
typedef VEC(const struct dfa *) dfa_list;

/* Everything that goes into one automaton of model.all: built in one piece at the end, never pair by pair. */
struct collector {
	name_list strings, paths;
	dfa_list others;
};

struct symlink { /* of the policy or a module */
	const char *link, *target;
	struct span at;
};

/* One unit whose lines are appended: the file itself, or an imported module. */
struct loaded {
	const struct unit *u;
	const struct origin *origin; /* NULL: the file itself */
	const char *file;
};

struct resolver {
	struct sets *s;
	struct arena *a;
	struct diags *d;
	const struct loadpath *path;
	struct model *m;

	VEC(struct loaded) units;
	const struct loaded *cur; /* whose lines are being read */

	struct collector col[N_EKINDS];
	VEC(struct symlink) links; /* sorted by link once all grants are read */
	uint32_t seen_settings;	   /* run keys that have a value: bit i of tables' setting_at(i) */
	struct span setting_at[32];
	uint32_t depth; /* ceilings are resolved by a resolver of their own */
};

/* ---- resolve.c -------------------------------------------------------- */

/* A grant of the current line with everything but text and set; false: not for an architecture that is built.
 */
bool grant_begin(struct resolver *r, struct grant *g, enum grant_kind kind, const struct line *l,
		 struct span at);
void grant_add(struct resolver *r, const struct grant *g);
/* Put a pattern into a grant's set and into the collector of model.all. */
void grant_path(struct resolver *r, struct grant *g, enum ekind k, const char *pattern);
void grant_string(struct resolver *r, struct grant *g, enum ekind k, const char *name);
void grant_dfa(struct resolver *r, struct grant *g, enum ekind k, const struct dfa *d);
bool in_ceiling(const struct resolver *r);
bool in_policy(const struct resolver *r);
static inline bool lex_given(const struct lexeme *x)
{
	return x->text != NULL;
}
/* `any` is the only item, or is not there; else an error. */
bool any_alone(struct resolver *r, const lexeme_list *items);
bool lex_is(const struct lexeme *x, const char *word);
/* A word, path or value as the language writes it: quoted when it has to be. */
const char *quoted(struct arena *a, const char *s);
struct model *resolve_unit(struct sets *s, struct diags *d, const struct unit *u, const struct loadpath *path,
			   unsigned archs, uint32_t depth);

/* ---- resolve_import.c ------------------------------------------------- */

/* Find, read and order the closure of r->units[0]; appends to r->units, fills closure and ceilings. */
void import_closure(struct resolver *r);

/* ---- resolve_calls.c -------------------------------------------------- */

void calls_line(struct resolver *r, const struct line *l);
void caps_line(struct resolver *r, const struct line *l);
/* One call with a condition in text form ("NULL": none) from a table, as an implied grant. */
void calls_implied(struct resolver *r, const char *call, const char *cond, struct grant *proto);
/* The set of `syscall CALL(cond)` of a pattern on every architecture that is built. */
bool calls_pattern(struct resolver *r, const struct call *c, struct evset *out);
bool caps_pattern(struct resolver *r, const struct lexeme *x, struct evset *out);

/* ---- call_text.c ------------------------------------------------------ */

const char *call_text(struct arena *a, const char *verb, const struct call *c);

/* ---- cond.c: conditions to normal form ------------------------------- */

/*
 * The condition c of call `sys` on one architecture.  terms: normal form without the number; false: errors
 * queued (at most one per atom).  c NULL: one term without atoms.
 */
bool cond_terms(struct resolver *r, const struct sysdef *sys, enum arch arch, const struct cond *c,
		term_list *terms);

/* ---- terms.c: sets of terms ------------------------------------------ */

uint64_t width_mask(unsigned width);
/* The smallest value of `x & mask` that is >= v; false: none.  The largest <= v (always exists: 0). */
bool reach_ge(uint64_t mask, uint64_t v, uint64_t *out);
uint64_t reach_le(uint64_t mask, uint64_t v);
/* Add [lo, hi], clamped to what the mask can give; atom_normal sorts and joins. */
void atom_range(struct arena *a, struct atom *at, uint64_t lo, uint64_t hi);
void atom_normal(struct atom *at);
bool atom_always(const struct atom *at);
/* x := x and y; false: too many terms. */
bool terms_and(struct sets *s, term_list *x, const term_list *y);
bdd term_set(struct sets *s, const struct term *t); /* arguments only */
bdd terms_set(struct sets *s, const term_list *t);
/* Sorted, joined, without terms or atoms that the rest implies. */
void terms_normal(struct sets *s, term_list *t);
int term_cmp(const struct term *x, const struct term *y);
bool terms_equal(const term_list *x, const term_list *y);

/* ---- resolve_net.c, addr.c ------------------------------------------- */

struct addr {
	uint8_t b[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint8_t bits;  /* prefix length in 128 bits */
	bool v4, any;  /* any: both families, everything */
};
struct end { /* ADDR | NUM | PORTRANGE | any */
	struct addr a;
	bool has_port, port_any, port_auto;
	uint16_t lo, hi; /* has_port */
	struct span at;
};
/* Parse, with an error and a hint for everything that is not an address of section 5. */
bool end_parse(struct resolver *r, const struct lexeme *x, struct end *e);
const char *end_text(struct arena *a, const struct end *e);
void addr_text(struct buf *b, const struct addr *x);
/* The 128-bit field holds an address of the prefix. */
bdd addr_set(struct sets *s, struct field f, const struct addr *x);
/* The same by the rule for destinations / own addresses of a grant. */
bdd addr_dest(struct sets *s, struct field f, const struct addr *x);
bdd addr_own(struct sets *s, struct field f, const struct addr *x);
bool addr_loopback(const struct addr *x);
bool addr_single(const struct addr *x);

void port_line(struct resolver *r, const struct line *l);
void sock_grants(struct resolver *r, const struct line *l);
void unix_grants(struct resolver *r, const struct line *l);
bool net_pattern(struct resolver *r, const struct line *l, const struct lexeme *item, struct evset *out,
		 const char **text);
bool sock_spec(struct resolver *r, const struct lexeme *x, bool grant, bdd *out, const char **text);
/* The sock events of `socket` under these terms: seccomp is their wall, so an explicit call grants them. */
bdd call_sockets(struct sets *s, const struct sysdef *sys, enum arch arch, const term_list *terms);
bool host_name(struct resolver *r, const struct lexeme *x);
const struct dfa *host_dfa(struct arena *a, const char *hostport);
/* The default of `net`, and what has no wall in this version. */
void missing_walls(struct resolver *r);
void net_finish(struct resolver *r);

/* ---- resolve_paths.c -------------------------------------------------- */

void path_line(struct resolver *r, const struct line *l);
/* A path lexeme checked for syntax; NULL: error queued. */
const char *path_name(struct resolver *r, const struct lexeme *x, bool *glob);
/* The name with links of the policy followed; NULL: it goes through none.  links_sort() first. */
const char *link_rewrite(const struct resolver *r, const char *name);
void links_sort(struct resolver *r);
/* Grants that go through a link, links that meet. */
void links_check(struct resolver *r);

/* ---- resolve_settings.c, resolve_env.c, resolve_pattern.c, implied.c --- */

void run_stmt(struct resolver *r, const struct stmt *st);
void limits_stmt(struct resolver *r, const struct stmt *st);
void settings_finish(struct resolver *r);
/* SIZE, TIME, PERCENT or NUM of a limit; false: error queued. */
bool limit_value(struct resolver *r, const struct limitdef *def, const struct lexeme *v, uint64_t *out);
const struct limitdef *limit_key(struct resolver *r, const struct lexeme *key);
const char *limit_text(struct arena *a, const struct limitdef *def, uint64_t value);
/* use(resource, lo..hi) */
bdd limit_set(struct sets *s, unsigned resource, uint64_t lo, uint64_t hi);
bool num_value(const char *text, uint64_t max, uint64_t *out);
void env_line(struct resolver *r, const struct line *l);
bool env_name_ok(struct resolver *r, const struct lexeme *x);
void pattern_line(struct resolver *r, const struct line *l, bool never, pattern_list *out);
void patterns_stmt(struct resolver *r, const struct stmt *st);
/* Calls, sockets that the grants imply; then the floor; then model.calls and model.all. */
void implied_add(struct resolver *r);
void model_unite(struct resolver *r);
/* The name of the source that conditions of tables/ are parsed from. */
#define TABLES_SOURCE "built-in tables"

#endif
