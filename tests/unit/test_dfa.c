/* The automata against a matcher that backtracks, on every short string of a small alphabet. */
#include <stdlib.h>
#include <string.h>

#include "compiler/base/dfa_impl.h"
#include "tests/unit/unit.h"

/* ---- the other opinion --------------------------------------------------- */

static bool match_component(const char *p, const char *p_end, const char *s, const char *s_end)
{
	if (p == p_end)
		return s == s_end;
	if (*p == '*')
		return match_component(p + 1, p_end, s, s_end) ||
		       (s < s_end && match_component(p, p_end, s + 1, s_end));
	if (s == s_end)
		return false;
	if (*p == '[') {
		bool in = false;
		for (p++; *p != ']'; p++)
			if (p[1] == '-') {
				in |= *s >= p[0] && *s <= p[2];
				p += 2;
			} else {
				in |= *s == *p;
			}
		return in && match_component(p + 1, p_end, s + 1, s_end);
	}
	return (*p == '?' || *p == *s) && match_component(p + 1, p_end, s + 1, s_end);
}

/* p and s stand before a '/' or at the end. */
static bool match_components(const char *p, const char *s)
{
	if (!*p)
		return !*s;
	const char *p_end = p + 1 + strcspn(p + 1, "/"), *s_end = *s ? s + 1 + strcspn(s + 1, "/") : s;
	if (p_end - p == 3 && p[1] == '*' && p[2] == '*')
		return match_components(p_end, s) || (*s && match_components(p, s_end));
	return *s && match_component(p + 1, p_end, s + 1, s_end) && match_components(p_end, s_end);
}

static bool is_name(const char *s)
{
	if (*s != '/')
		return false;
	while (*s && s[1]) {
		size_t n = strcspn(++s, "/");
		if (!n || (n <= 2 && !memcmp(s, "..", n)))
			return false;
		s += n;
		if (*s && !s[1])
			return false;
	}
	return true;
}

static bool match_path(const char *pattern, const char *s)
{
	bool root = !pattern[1];
	return is_name(s) && (root ? !s[1] : match_components(pattern, s[1] ? s : ""));
}

/* ---- all strings up to a length ------------------------------------------- */

static const char alphabet[] = "/ab.";
enum { LETTERS = 4, LONGEST = 6, N_STRINGS = 1 + 4 + 16 + 64 + 256 + 1024 + 4096 };

/* String number i: shorter ones first. */
static void string(unsigned i, char s[LONGEST + 1])
{
	unsigned len = 0;
	for (unsigned many = 1; i >= many; many *= LETTERS, len++)
		i -= many;
	s[len] = 0;
	while (len-- > 0) {
		s[len] = alphabet[i % LETTERS];
		i /= LETTERS;
	}
}

static void random_pattern(uint64_t *seed, char out[80])
{
	static const char *const piece[] = {"a", "b", "a", ".", "*", "?", "[a-b]", "[.b]", "ab", "*a"};
	bool glob;
	do {
		out[0] = 0;
		for (unsigned n = 1 + unit_random(seed) % 3; n > 0; n--) {
			strcat(out, "/");
			if (unit_random(seed) % 4 == 0) {
				strcat(out, "**");
				continue;
			}
			for (unsigned k = 1 + unit_random(seed) % 3; k > 0; k--)
				strcat(out, piece[unit_random(seed) % (sizeof piece / sizeof *piece)]);
		}
		if (unit_random(seed) % 50 == 0)
			strcpy(out, "/");
	} while (path_check(out, &glob));
}

enum { SET = 4 };
struct set {
	char text[SET][80];
	const char *pattern[SET];
	size_t n;
	const struct dfa *dfa;
};

static void random_set(struct arena *a, uint64_t *seed, struct set *s)
{
	s->n = 1 + unit_random(seed) % SET;
	for (size_t i = 0; i < s->n; i++) {
		random_pattern(seed, s->text[i]);
		s->pattern[i] = s->text[i];
	}
	s->dfa = dfa_many(a, DFA_PATH, s->pattern, s->n);
}

static bool in_set(const struct set *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (match_path(s->pattern[i], name))
			return true;
	return false;
}

/* ---- form -------------------------------------------------------------------- */

static uint32_t next_state(const struct dfa *d, uint32_t s, unsigned byte)
{
	for (uint32_t e = s == DFA_DEAD ? 0 : d->first[s]; s != DFA_DEAD && e < d->first[s + 1]; e++)
		if (d->edge[e].lo <= byte && byte <= d->edge[e].hi)
			return d->edge[e].to;
	return DFA_DEAD;
}

/* One byte of each kind: those where some edge begins, or the one after its end. */
static unsigned kinds(const struct dfa *d, uint8_t out[256])
{
	bool begins[257] = {[1] = true};
	unsigned n = 0;
	for (uint32_t e = 0; e < d->first[d->n]; e++)
		begins[d->edge[e].lo] = begins[d->edge[e].hi + 1] = true;
	for (unsigned b = 1; b < 256; b++)
		if (begins[b])
			out[n++] = (uint8_t)b;
	return n;
}

/* No two states, nor a state and the dead one, accept the same: by marking pairs until nothing changes. */
static bool is_minimal(const struct dfa *d)
{
	uint32_t n = d->n + 1;
	uint8_t byte[256];
	unsigned n_bytes = kinds(d, byte);
	uint8_t *differ = calloc(n, n);
	for (uint32_t p = 0; p < n; p++)
		for (uint32_t q = 0; q < n; q++)
			differ[p * n + q] = (p < d->n && d->accept[p]) != (q < d->n && d->accept[q]);
	for (bool changed = true; changed;) {
		changed = false;
		for (uint32_t p = 0; p < n; p++)
			for (uint32_t q = 0; q < n; q++)
				for (unsigned b = 0; b < n_bytes && !differ[p * n + q]; b++) {
					uint32_t x = next_state(d, p < d->n ? p : DFA_DEAD, byte[b]);
					uint32_t y = next_state(d, q < d->n ? q : DFA_DEAD, byte[b]);
					x = x == DFA_DEAD ? d->n : x;
					y = y == DFA_DEAD ? d->n : y;
					if (differ[x * n + y])
						differ[p * n + q] = 1, changed = true;
				}
	}
	bool minimal = true;
	for (uint32_t p = 0; p < n; p++)
		for (uint32_t q = 0; q < p; q++)
			minimal &= differ[p * n + q];
	free(differ);
	return minimal;
}

/* States are numbered in the order in which a breadth-first walk meets them; edges ascend and are joined. */
static bool is_numbered(const struct dfa *d)
{
	uint32_t met = 1;
	for (uint32_t s = 0; s < d->n; s++)
		for (uint32_t e = d->first[s]; e < d->first[s + 1]; e++) {
			const struct edge *x = &d->edge[e], *before = e > d->first[s] ? x - 1 : NULL;
			if (x->lo > x->hi || !x->lo || x->to > met || s >= met)
				return false;
			if (before &&
			    (before->hi >= x->lo || (before->hi + 1 == x->lo && before->to == x->to)))
				return false;
			met += x->to == met;
		}
	return met == d->n;
}

/* ---- cases --------------------------------------------------------------------- */

static void patterns(void)
{
	struct arena *a = arena_new();
	uint64_t seed = 1;
	for (unsigned i = 0; i < 500; i++) {
		char pattern[80], s[LONGEST + 1];
		random_pattern(&seed, pattern);
		const struct dfa *d = dfa_path(a, pattern);
		for (unsigned k = 0; k < N_STRINGS; k++) {
			string(k, s);
			if (!CHECK(dfa_has(d, s) == match_path(pattern, s), "'%s' with '%s'", pattern, s))
				break;
		}
		CHECK(!d || (is_numbered(d) && is_minimal(d)), "form of '%s'", pattern);
	}
	arena_free(a);
}

static void operations(void)
{
	struct arena *a = arena_new();
	uint64_t seed = 2;
	for (unsigned i = 0; i < 300; i++) {
		struct set x, y;
		char s[LONGEST + 1];
		random_set(a, &seed, &x);
		random_set(a, &seed, &y);
		const struct dfa *all[] = {dfa_or(a, x.dfa, y.dfa), dfa_and(a, x.dfa, y.dfa),
					   dfa_diff(a, x.dfa, y.dfa)};
		for (unsigned k = 0; k < N_STRINGS; k++) {
			string(k, s);
			bool p = in_set(&x, s), q = in_set(&y, s);
			if (!CHECK(dfa_has(all[0], s) == (p || q) && dfa_has(all[1], s) == (p && q) &&
				       dfa_has(all[2], s) == (p && !q),
				   "'%s'... and '%s'... with '%s'", x.pattern[0], y.pattern[0], s))
				break;
		}
		for (unsigned k = 0; k < 3; k++)
			CHECK(!all[k] || (is_numbered(all[k]) && is_minimal(all[k])), "form, operation %u",
			      k);
		CHECK(dfa_subset(a, x.dfa, y.dfa) == !all[2], "'%s'... in '%s'...", x.pattern[0],
		      y.pattern[0]);
		CHECK(dfa_disjoint(a, x.dfa, y.dfa) == !all[1], "'%s'... meets '%s'...", x.pattern[0],
		      y.pattern[0]);
	}
	arena_free(a);
}

/* A non-empty difference is proved by a name that the other matcher finds in one set only. */
static void witnesses(void)
{
	struct arena *a = arena_new();
	uint64_t seed = 3;
	for (unsigned i = 0; i < 1500; i++) {
		struct set x, y;
		random_set(a, &seed, &x);
		random_set(a, &seed, &y);
		const struct dfa *d = dfa_diff(a, x.dfa, y.dfa);
		const char *w = dfa_witness(a, d);
		if (!CHECK(!w == !d, "a witness where there is a member") || !w)
			continue;
		CHECK(in_set(&x, w) && !in_set(&y, w), "'%s' in '%s'... without '%s'...", w, x.pattern[0],
		      y.pattern[0]);
		for (unsigned k = 0; k < N_STRINGS; k++) {
			char s[LONGEST + 1];
			string(k, s);
			if (strlen(s) >= strlen(w))
				break;
			if (!CHECK(!dfa_has(d, s), "'%s' is shorter than '%s'", s, w))
				break;
		}
	}
	arena_free(a);
}

static void examples(void)
{
	static const struct {
		const char *pattern, *without, *witness;
	} row[] = {
	    {"/**", "/", "/a"},	     {"/x?", "/none", "/xa"},	{"/[B-C]/*", "/none", "/B/a"},
	    {"/?", "/[a-z]", "/A"},  {"/?", "/[A-Za-z]", "/0"}, {"/a/**", "/a", "/a/a"},
	    {"/[.]", "/none", NULL}, {"/a", "/*", NULL},	{"/?", "/[!-~]", "/ "},
	};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		/* "/[!-~]" is a negated class for path_check, not for the automaton */
		const struct dfa *d = dfa_diff(a, dfa_path(a, row[i].pattern), dfa_path(a, row[i].without));
		const char *w = dfa_witness(a, d);
		CHECK(w ? row[i].witness && !strcmp(w, row[i].witness) : !row[i].witness, "%s without %s: %s",
		      row[i].pattern, row[i].without, w ? w : "none");
	}
	CHECK(!strcmp(dfa_witness(a, dfa_all(a)), ""), "the shortest string");
	arena_free(a);
}

static void canonical(void)
{
	struct arena *a = arena_new();
	uint64_t seed = 4;
	const struct dfa *names = dfa_path(a, "/**");
	for (unsigned i = 0; i < 1000; i++) {
		struct set x, y;
		random_set(a, &seed, &x);
		random_set(a, &seed, &y);
		const struct dfa *sum = NULL;
		for (size_t k = x.n; k-- > 0;)
			sum = dfa_or(a, dfa_path(a, x.pattern[k]), sum);
		CHECK(dfa_equal(sum, x.dfa), "one by one: '%s'...", x.pattern[0]);
		const struct dfa * or = dfa_or(a, x.dfa, y.dfa), *and = dfa_and(a, x.dfa, y.dfa);
		const struct dfa *not_x = dfa_diff(a, names, x.dfa), *not_y = dfa_diff(a, names, y.dfa);
		CHECK(dfa_equal(dfa_diff(a, names, or), dfa_and(a, not_x, not_y)), "de Morgan: '%s'...",
		      x.pattern[0]);
		CHECK(dfa_equal(and, dfa_diff(a, x.dfa, not_y)), "and by diff: '%s'...", x.pattern[0]);
		CHECK(dfa_equal(or, dfa_or(a, dfa_diff(a, y.dfa, x.dfa), x.dfa)), "or by diff: '%s'...",
		      x.pattern[0]);
		CHECK(dfa_equal(dfa_and(a, x.dfa, names), x.dfa), "all are names: '%s'...", x.pattern[0]);
		CHECK(dfa_equal(x.dfa, y.dfa) == (dfa_subset(a, x.dfa, y.dfa) && dfa_subset(a, y.dfa, x.dfa)),
		      "'%s'... is '%s'...", x.pattern[0], y.pattern[0]);
	}
	arena_free(a);
}

enum { TABLE = 7 };
struct table {
	uint32_t next[TABLE][LETTERS], start;
	bool accept[TABLE];
};

static uint32_t table_next(const void *ctx, uint32_t state, uint8_t byte)
{
	const struct table *t = ctx;
	const char *at = strchr(alphabet, byte);
	return at ? t->next[state][at - alphabet] : DFA_DEAD;
}

static bool table_accept(const void *ctx, uint32_t state)
{
	const struct table *t = ctx;
	return t->accept[state];
}

static struct table random_table(uint64_t *seed)
{
	struct table t = {.start = unit_random(seed) % TABLE};
	for (unsigned s = 0; s < TABLE; s++) {
		t.accept[s] = unit_random(seed) % 4 == 0;
		for (unsigned c = 0; c < LETTERS; c++)
			t.next[s][c] = unit_random(seed) % 5 ? unit_random(seed) % TABLE : DFA_DEAD;
	}
	return t;
}

/* The same automaton with state s called TABLE - 1 - s. */
static struct table renamed(const struct table *t)
{
	struct table r = {.start = TABLE - 1 - t->start};
	for (unsigned s = 0; s < TABLE; s++) {
		r.accept[TABLE - 1 - s] = t->accept[s];
		for (unsigned c = 0; c < LETTERS; c++)
			r.next[TABLE - 1 - s][c] =
			    t->next[s][c] == DFA_DEAD ? DFA_DEAD : TABLE - 1 - t->next[s][c];
	}
	return r;
}

static bool table_has(const struct table *t, const char *s)
{
	uint32_t state = t->start;
	for (; *s && state != DFA_DEAD; s++)
		state = table_next(t, state, (uint8_t)*s);
	return state != DFA_DEAD && t->accept[state];
}

static void tables(void)
{
	struct arena *a = arena_new();
	uint64_t seed = 5;
	for (unsigned i = 0; i < 1000; i++) {
		struct table t = random_table(&seed), r = renamed(&t);
		const struct dfa *d =
		    dfa_from(a, &(struct dfa_source){&t, t.start, table_next, table_accept});
		const struct dfa *e =
		    dfa_from(a, &(struct dfa_source){&r, r.start, table_next, table_accept});
		char s[LONGEST + 1];
		CHECK(dfa_equal(d, e), "renamed table %u", i);
		CHECK(!d || (is_numbered(d) && is_minimal(d)), "form of table %u", i);
		for (unsigned k = 0; k < N_STRINGS; k++) {
			string(k, s);
			if (!CHECK(dfa_has(d, s) == table_has(&t, s), "table %u with '%s'", i, s))
				break;
		}
	}
	arena_free(a);
}

static void strings(void)
{
	struct arena *a = arena_new();
	uint64_t seed = 6;
	for (unsigned i = 0; i < 300; i++) {
		char text[30][LONGEST + 1];
		const char *word[30];
		const struct dfa *sum = NULL;
		for (unsigned k = 0; k < 30; k++) {
			string(unit_random(&seed) % N_STRINGS, text[k]);
			word[k] = text[k];
			sum = dfa_or(a, sum, dfa_string(a, text[k]));
		}
		const struct dfa *d = dfa_many(a, DFA_STRING, word, 30);
		CHECK(dfa_equal(d, sum) && is_minimal(d) && is_numbered(d), "30 strings, '%s'...", word[0]);
	}
	CHECK(dfa_equal(dfa_string(a, "a*"), dfa_diff(a, dfa_string(a, "a*"), dfa_string(a, "ab"))),
	      "no wildcards");
	CHECK(!dfa_many(a, DFA_STRING, NULL, 0) && !dfa_many(a, DFA_PATH, NULL, 0), "no strings");
	CHECK(dfa_has(dfa_string(a, "\xff\x01"), "\xff\x01") && dfa_has(dfa_all(a), "\xff\x01/\n"),
	      "any bytes");
	static const char *const two[] = {"a", "aa"}, *const wild[] = {"/a/**", "/**", "/b*"};
	const struct dfa *sum =
	    dfa_or(a, dfa_string(a, wild[0]), dfa_or(a, dfa_string(a, wild[1]), dfa_string(a, wild[2])));
	CHECK(dfa_equal(dfa_many(a, DFA_STRING, wild, 3), sum), "no wildcards in strings");
	CHECK(!dfa_equal(dfa_path(a, "/[a-b]"), dfa_path(a, "/[a-c]")), "differ in the end of a range only");
	CHECK(!dfa_equal(dfa_many(a, DFA_STRING, two, 2), dfa_string(a, "aa")), "differ in accepting only");
	CHECK(!dfa_has(NULL, ""), "the empty set");
	arena_free(a);
}

/* Names that begin like a tree's directory and go on with every byte a name can have, some before the '/'. */
static void siblings(void)
{
	struct arena *a = arena_new();
	char text[255][4] = {{0}};
	const char *pattern[256];
	const struct dfa *sum = dfa_path(a, "/t/**");
	size_t n = 0;
	for (unsigned b = 1; b < 256; b++) {
		if (strchr("*?[/", (int)b))
			continue;
		memcpy(text[n], "/t", 2);
		text[n][2] = (char)b;
		pattern[n] = text[n];
		sum = dfa_or(a, sum, dfa_string(a, text[n++]));
	}
	pattern[n] = "/t/**";
	const struct dfa *d = dfa_many(a, DFA_PATH, pattern, n + 1);
	CHECK(dfa_equal(d, sum) && is_minimal(d) && is_numbered(d), "%u and %u states", dfa_states(d),
	      dfa_states(sum));
	arena_free(a);
}

static bool match_suffix(const char *suffix, const char *s)
{
	size_t n = strlen(s), m = strlen(suffix);
	if (n <= m || strcmp(s + n - m, suffix))
		return false;
	bool label = false;
	for (size_t i = 0; i < n - m; i++) {
		if (s[i] == ':' || (s[i] == '.' && !label))
			return false;
		label = s[i] != '.';
	}
	return label;
}

static void suffixes(void)
{
	struct arena *a = arena_new();
	static const char *const suffix[] = {".a", ".a.b", ".", ".b.b", ".a/b"};
	char s[LONGEST + 1];
	for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++) {
		const struct dfa *d = dfa_suffix(a, suffix[i]);
		CHECK(is_minimal(d) && is_numbered(d), "form of '%s'", suffix[i]);
		for (unsigned k = 0; k < N_STRINGS; k++) {
			string(k, s);
			CHECK(dfa_has(d, s) == match_suffix(suffix[i], s), "*%s with '%s'", suffix[i], s);
		}
	}
	const struct dfa *d = dfa_suffix(a, ".example.org:443");
	CHECK(dfa_has(d, "a.example.org:443") && dfa_has(d, "b.a.example.org:443"), "labels");
	CHECK(!dfa_has(d, ".example.org:443") && !dfa_has(d, "example.org:443"), "the apex");
	CHECK(!dfa_has(d, "a:1.example.org:443") && !dfa_has(d, "badexample.org:443"), "no label");
	CHECK(dfa_equal(d, dfa_suffix(a, "example.org:443")), "the dot is supplied");
	arena_free(a);
}

/* A hundred thousand names, in both orders, some below trees: quadratic work would take minutes. */
static void many(void)
{
	enum { N = 100000 };
	struct arena *a = arena_new();
	const char **p = arena_alloc(a, (N + 2) * sizeof *p), **q = arena_alloc(a, (N + 2) * sizeof *q);
	uint64_t seed = 7;
	for (unsigned i = 0; i < N; i++)
		p[i] = q[N - 1 - i] = arena_printf(a, "/srv/project-%u/src/%08x/module-%u.py", i % 100,
						   unit_random(&seed), i % 17);
	p[N] = q[N + 1] = "/srv/project-7/**";
	p[N + 1] = q[N] = "/srv/project-9*/src";
	const struct dfa *x = dfa_many(a, DFA_PATH, p, N), *y = dfa_many(a, DFA_PATH, q, N);
	CHECK(dfa_equal(x, y) && dfa_states(x) > 100000, "%u and %u states", dfa_states(x), dfa_states(y));
	CHECK(dfa_has(x, p[77]) && !dfa_has(x, "/srv/project-1"), "members");
	y = dfa_many(a, DFA_PATH, q, N + 2);
	CHECK(dfa_subset(a, x, y) && !dfa_subset(a, y, x), "a larger set");
	x = dfa_or(a, dfa_path(a, p[N]), dfa_or(a, x, dfa_path(a, p[N + 1])));
	CHECK(dfa_equal(x, y), "by union: %u and %u states", dfa_states(x), dfa_states(y));
	arena_free(a);
}

/* One name of 4095 bytes with a wildcard at each end, which the minimiser must not meet one state a round. */
static void deep(void)
{
	struct arena *a = arena_new();
	char pattern[4096];
	bool glob;
	memset(pattern, 'a', sizeof pattern);
	memcpy(pattern, "/*/", 3);
	memcpy(pattern + 4090, "/x*", 3);
	pattern[4093] = 0;
	CHECK(!path_check(pattern, &glob) && glob, "%s", path_check(pattern, &glob));
	const struct dfa *d = dfa_path(a, pattern);
	pattern[1] = 'c';
	pattern[4092] = 0;
	CHECK(dfa_has(d, pattern) && dfa_states(d) > 4000, "%u states", dfa_states(d));
	char *s = arena_alloc(a, 1000001);
	memset(s, 'a', 1000000);
	CHECK(dfa_states(dfa_string(a, s)) == 1000001, "a long string");
	CHECK(dfa_equal(dfa_or(a, dfa_string(a, s), dfa_string(a, s)), dfa_string(a, s)), "its union");
	arena_free(a);
}

static void syntax(void)
{
	static const struct {
		const char *pattern, *wrong;
		bool glob;
	} row[] = {
	    {"/", NULL, false},
	    {"/a/b", NULL, false},
	    {"/a/**", NULL, false},
	    {"/**", NULL, false},
	    {"/a/.b/...", NULL, false},
	    {"/a/**/b", NULL, true},
	    {"/**/**", NULL, true},
	    {"/a/*", NULL, true},
	    {"/a/?b", NULL, true},
	    {"/a/[a-z_0-9]x", NULL, true},
	    {"/a\xc3\xa4", NULL, false},
	    {"", "is not absolute", false},
	    {"a/b", "is not absolute", false},
	    {"/a/", "ends with a `/`", false},
	    {"/a//b", "has an empty component", false},
	    {"//", "has an empty component", false},
	    {"/./a", "has a `.` component", false},
	    {"/a/..", "has a `..` component", false},
	    {"/a/**b", "has a `**` that is not a whole component", false},
	    {"/a/b**/c", "has a `**` that is not a whole component", false},
	    {"/***", "has a `**` that is not a whole component", false},
	    {"/a/[a", "has an unclosed `[`", false},
	    {"/a/[a/b]", "has an unclosed `[`", false},
	    {"/a/[", "has an unclosed `[`", false},
	    {"/a]", "has a `]` without `[`", false},
	    {"/[]", "has an empty `[ ]`", false},
	    {"/[^a]", "has a negated `[ ]`", false},
	    {"/[!a]", "has a negated `[ ]`", false},
	    {"/[z-a]", "has a reversed range in `[ ]`", false},
	    {"/[-a]", "has a `-` in `[ ]` that is not between two bytes", false},
	    {"/[a-]", "has a `-` in `[ ]` that is not between two bytes", false},
	    {"/[a[]", "has a `[` inside `[ ]`", false},
	    {"/a\tb", "has a control byte", false},
	    {"/a\x7f", "has a control byte", false},
	};
	bool glob;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const char *wrong = path_check(row[i].pattern, &glob);
		CHECK(row[i].wrong ? wrong && !strcmp(wrong, row[i].wrong) : !wrong, "'%s': %s",
		      row[i].pattern, wrong ? wrong : "good");
		CHECK(wrong || glob == row[i].glob, "wildcards of '%s'", row[i].pattern);
	}
	char longest[4097];
	memset(longest, 'a', 4096);
	longest[0] = '/';
	longest[4096] = 0;
	CHECK(path_check(longest, &glob) != NULL, "4096 bytes");
	longest[4095] = 0;
	CHECK(!path_check(longest, &glob), "4095 bytes");
}

static void trees(void)
{
	static const struct {
		const char *pattern, *dir;
	} row[] = {{"/a/b/**", "/a/b"}, {"/**", "/"},	  {"/a", NULL},	  {"/a/*/**", NULL},
		   {"/a/**/b", NULL},	{"/**/**", NULL}, {"/a**", NULL}, {"a/**", NULL}};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		const char *dir = NULL;
		bool tree = path_is_tree(a, row[i].pattern, &dir);
		CHECK(tree == (row[i].dir != NULL) && (!tree || !strcmp(dir, row[i].dir)), "'%s'",
		      row[i].pattern);
	}
	arena_free(a);
}

void suite_dfa(void)
{
	static const struct unit_case cases[] = {
	    {"patterns, on all short strings", patterns},
	    {"operations are those of sets", operations},
	    {"witnesses are shortest members", witnesses},
	    {"examples prefer letters", examples},
	    {"equal sets are equal structures", canonical},
	    {"automata of other make", tables},
	    {"sets of strings", strings},
	    {"a tree and all its siblings", siblings},
	    {"suffixes", suffixes},
	    {"100,000 names", many},
	    {"long patterns and strings", deep},
	    {"syntax of path patterns", syntax},
	    {"trees", trees},
	    {NULL, NULL},
	};
	unit_suite("dfa", cases);
}
