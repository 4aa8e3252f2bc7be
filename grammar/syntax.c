/* syntax.c - saying what was found, what was expected, and what to write instead. */
#include "grammar/parser.h"

#include <string.h>

#include "compiler/base/nearest.h"

enum { MAX_NAMES = 160, MAX_SHOWN = 40, SYNTAX_LIST = 14 };

static bool has(const struct syntax *s, const char *name)
{
	for (int i = 0; i < s->n; i++)
		if (strcmp(s->expected[i], name) == 0)
			return true;
	return false;
}

static bool starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_keyword(const char *name)
{
	return name[0] >= 'a' && name[0] <= 'z' && !strchr(name, ' ');
}

/* ---- what was found ---------------------------------------------------- */

static const char *found_end(const struct parser *p, struct span at)
{
	if (at.len)
		return "`;`";
	if (p->src->text[p->off] == '\n')
		return "the end of the line";
	return p->src->text[p->next] == '}' ? "`}`" : "the end of the file";
}

static const char *found_text(struct parser *p, const struct syntax *s)
{
	if (strcmp(s->found, "the end of the line") == 0)
		return found_end(p, s->at);
	if (s->at.len == 0)
		return "the end of the file";
	uint32_t n = s->at.len < MAX_SHOWN ? s->at.len : MAX_SHOWN;
	return arena_printf(p->a, "`%.*s%s`", (int)n, p->src->text + s->at.off, n < s->at.len ? "..." : "");
}

/* ---- what was expected ------------------------------------------------- */

/* Kinds that an author thinks of as one thing: said once, when the first is expected; the others are dropped.
 */
static const struct group {
	const char *first, *needs, *say;
	const char *drop[10];
} groups[] = {
    {"a size like 256M",
     "a time like 30s",
     "a value",
     {"a name", "a number", "a size like 256M", "a time like 30s", "a percentage like 150%",
      "a pair of ids like 1000:1000", "a path", "a string", "an address like 192.0.2.1:443",
      "a digest like sha256:..."}},
    {"a port range like 8000-8099",
     "a number",
     "an address, a port or a range of ports",
     {"a number", "a port range like 8000-8099", "an address like 192.0.2.1:443", "any"}},
    {"a path", "a string", "a path", {"a path", "a string"}},
    {"a constant", "an integer", "a value", {"a constant", "an integer", "-"}},
    {"(", "flags", "an argument", {"a constant", "flags", "("}},
    {"==", "<", "a comparison", {"==", "!=", "<", "<=", ">", ">=", "&", "in"}},
};

struct names {
	const char *v[MAX_NAMES];
	int n;
};

static void drop(struct names *l, const char *name)
{
	int kept = 0;
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->v[i], name) != 0)
			l->v[kept++] = l->v[i];
	l->n = kept;
}

/* Where any word may stand, naming the keywords would only confuse. */
static void drop_words(struct names *l, const struct syntax *s)
{
	static const char *const stay[] = {"because", "unsafe", "on", "from", "via", "slot", "except"};
	if (!has(s, "a name") || !has(s, "symlink"))
		return;
	int kept = 0;
	for (int i = 0; i < l->n; i++) {
		bool keep = !is_keyword(l->v[i]);
		for (size_t k = 0; k < sizeof stay / sizeof *stay; k++)
			keep = keep || strcmp(l->v[i], stay[k]) == 0;
		if (keep)
			l->v[kept++] = l->v[i];
	}
	l->n = kept;
}

static bool lists(const struct names *l, const char *name)
{
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->v[i], name) == 0)
			return true;
	return false;
}

static void merge(struct names *l, struct names *said)
{
	for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
		if (!lists(l, groups[g].first) || !lists(l, groups[g].needs))
			continue;
		said->v[said->n++] = groups[g].say;
		for (size_t k = 0; k < sizeof groups->drop / sizeof *groups->drop && groups[g].drop[k]; k++)
			drop(l, groups[g].drop[k]);
	}
}

static const char *expected_text(struct parser *p, const struct syntax *s)
{
	struct names l = {.n = s->n < MAX_NAMES ? s->n : MAX_NAMES}, said = {.n = 0};
	memcpy(l.v, s->expected, (size_t)l.n * sizeof *l.v);
	drop_words(&l, s);
	if (has(s, "the end of the file") || has(s, "}") || has(s, "policy"))
		drop(&l, "the end of the line"); /* it may stand there, but is not what was missing */
	if (l.n > 3)
		drop(&l, "}");
	merge(&l, &said);
	for (int i = 0; i < l.n && said.n < MAX_NAMES; i++) {
		const char *name = strcmp(l.v[i], "{ of a set") == 0 ? "{" : l.v[i];
		name = strcmp(name, "} of a set") == 0 ? "}" : name;
		said.v[said.n++] = strchr(name, ' ') ? name : arena_printf(p->a, "`%s`", name);
	}
	struct buf b = buf_new(p->a);
	for (int i = 0; i < said.n && i < SYNTAX_LIST; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : i == said.n - 1 ? " or " : ", ", said.v[i]);
	if (said.n > SYNTAX_LIST)
		buf_puts(&b, " ...");
	return buf_str(&b);
}

/* ---- hints ------------------------------------------------------------- */

/*
 * The first row that fits gives code and help.  found: the token's name, or the beginning of the source text
 * when it starts with '='; NULL: anything.  expected: a name that must be among the expected ones; NULL: any.
 * max: how many may be expected at most; 0: any number.
 */
#define PATH_TAIL "a path line ends in this order: except, submounts, slot, on, unsafe, because"
#define PORT_TAIL "a port line ends in this order: as, from, local, on, unsafe, because"
#define ONE_UNIT "one file holds one policy, module or ceiling"

static const struct hint {
	const char *found, *expected;
	int max;
	const char *code, *help;
} hints[] = {
    {"=//", NULL, 0, "ABP-SYN-015", "comments start with `#`"},
    {"=/*", "title", 0, "ABP-SYN-015", "comments start with `#`"},
    {"not", NULL, 0, "ABP-SYN-017", "there is no `not`: write !=, or the values that are allowed"},
    {"policy", "the end of the file", 0, "ABP-SYN-008", ONE_UNIT},
    {"module", "the end of the file", 0, "ABP-SYN-008", ONE_UNIT},
    {"ceiling", "the end of the file", 0, "ABP-SYN-008", ONE_UNIT},
    {"}", "the end of the file", 0, "ABP-SYN-007", "this `}` closes nothing: every block is closed already"},
    {NULL, "the end of the file", 0, "ABP-SYN-008", "nothing follows the closing `}` of the unit"},
    {"a variable like NAME=", NULL, 0, "ABP-SYN-013",
     "`NAME=value` stands only after `set`; settings are `name value`"},
    {NULL, "a value", 0, "ABP-SYN-013", "the value follows `=` without a blank: set HOME=/workspace"},
    {NULL, "policy", 0, "ABP-SYN-003",
     "after `abp 1` a file has one `policy NAME VERSION {`, `module` or `ceiling`"},
    {NULL, "a version like 1.2.3", 0, "ABP-SYN-009",
     "a unit starts with name and version: policy acme.app 1.0.0 {"},
    {NULL, "a range like ~1.2", 0, "ABP-SYN-009", "say which versions: ~1.2 is any 1.2.x, =1.2.3 that one"},
    {"a name", "a string", 1, "ABP-SYN-016", "texts are written \"...\""},
    {"=sha256:", NULL, 0, "ABP-SYN-016", "a digest is sha256: and 64 digits 0-9a-f"},
    {"a name", "a path", 0, "ABP-SYN-016", "paths are absolute: they start with `/`"},
    {"a socket like inet/stream", "a path", 0, "ABP-SYN-016", "paths are absolute: they start with `/`"},
    {"(", "{ of a set", 0, "ABP-SYN-016", "a set is written {A, B}"},
    {",", "-", 0, "ABP-SYN-016", "a set is written {A, B}"},
    {"an integer", "flags", 0, "ABP-SYN-016", "the argument comes first: fd == 0"},
    {"a path", "a port range like 8000-8099", 0, "ABP-SYN-016",
     "a socket with a path is `unix connect PATH`"},
    {"a name and port like example.org:443", "an address like 192.0.2.1:443", 1, "ABP-SYN-016",
     "the proxy is named by its address"},
    {"an address like 192.0.2.1:443", "a name and port like example.org:443", 0, "ABP-SYN-016",
     "`connect host` takes names; an address needs `connect tcp`"},
    {NULL, "a variable like NAME=", 1, "ABP-SYN-013", "it is written without blanks: set HOME=/workspace"},
    {"{", "a string", 1, "ABP-SYN-016", "a test has a name: test \"what it shows\" {"},
    {NULL, "a size like 256M", 3, "ABP-SYN-016", "a size is digits and K, M, G or T: 256M"},
    {"a name", "a port range like 8000-8099", 0, "ABP-SYN-016",
     "names are not looked up: write the address, the port's number, or `connect host NAME:PORT via proxy`"},
    {"a name and port like example.org:443", "a port range like 8000-8099", 0, "ABP-SYN-016",
     "names are not looked up: write the address (`as NAME` names it), or `connect host NAME:PORT via "
     "proxy`"},
    {"unsafe", "the end of the line", 0, "ABP-SYN-010",
     "a line ends in this order: on ARCH, unsafe, because \"...\""},
    {"on", "the end of the line", 0, "ABP-SYN-010",
     "a line ends in this order: on ARCH, unsafe, because \"...\""},
    {"slot", "the end of the line", 0, "ABP-SYN-010", PATH_TAIL},
    {"except", "the end of the line", 0, "ABP-SYN-010", PATH_TAIL},
    {"submounts", "the end of the line", 0, "ABP-SYN-010", PATH_TAIL},
    {"from", "the end of the line", 0, "ABP-SYN-010", PORT_TAIL},
    {"as", "the end of the line", 0, "ABP-SYN-010", PORT_TAIL},
    {"local", "the end of the line", 0, "ABP-SYN-010", PORT_TAIL},
    {NULL, "the end of the line", 1, "ABP-SYN-011", "a statement ends at a newline or `;`"},
    {"a string", "because", 0, "ABP-SYN-001", "a reason is written: because \"...\""},
    {"because", NULL, 0, "ABP-SYN-014", "the grant or setting comes first, its reason last"},
    {"from", NULL, 0, "ABP-SYN-014", "`from` is never an item of a list"},
    {"{", NULL, 0, "ABP-SYN-001", "only blocks have a `{`; is the block before this one closed?"},
};

static bool fits(const struct parser *p, const struct syntax *s, const struct hint *h)
{
	bool words = has(s, "a name"); /* any keyword is expected too, but not as such */
	if (h->max && s->n > h->max)
		return false;
	if (h->expected && (!has(s, h->expected) || (words && is_keyword(h->expected) && h->found == NULL)))
		return false;
	if (!h->found)
		return true;
	if (h->found[0] == '=' && h->found[1])
		return starts(p->src->text + s->at.off, h->found + 1);
	return strcmp(s->found, h->found) == 0;
}

static const char *find_near(struct parser *p, const struct syntax *s)
{
	const char *list[MAX_NAMES];
	size_t n = 0;
	if (!is_keyword(s->found) && strcmp(s->found, "a name") != 0 && strcmp(s->found, "a constant") != 0)
		return NULL;
	for (int i = 0; i < s->n && n < MAX_NAMES; i++)
		if (is_keyword(s->expected[i]))
			list[n++] = s->expected[i];
	return word_nearest(arena_strndup(p->a, p->src->text + s->at.off, s->at.len), list, n);
}

static const struct hint *find_hint(const struct parser *p, const struct syntax *s)
{
	static const struct hint none = {NULL, NULL, 0, "ABP-SYN-001", NULL};
	static const struct hint head = {NULL, NULL, 0, "ABP-SYN-009",
					 "a unit starts with name and version: policy acme.app 1.0.0 {"};
	if (!p->unit && has(s, "a name"))
		return &head;
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (fits(p, s, &hints[i]))
			return &hints[i];
	return &none;
}

/* Skip to the end of the statement the token stands in; a separator, or the "{" of the unit, ends it already.
 */
static void start_panic(struct parser *p, const struct syntax *s)
{
	bool opens = strcmp(s->found, "{") == 0 && p->braces > 0;
	if (strcmp(s->found, "the end of the line") == 0 || (opens && p->braces == 1 && !p->unit))
		return;
	p->panic = true;
	p->floor = p->braces - opens;
}

void syntax_error(struct parser *p, const struct syntax *s)
{
	const struct hint *h = find_hint(p, s);
	const char *near = find_near(p, s), *found = found_text(p, s);
	bool end = strcmp(s->found, "the end of the line") == 0;
	const char *code = near						? "ABP-SYN-012"
			   : end && strcmp(h->code, "ABP-SYN-001") == 0 ? "ABP-SYN-002"
									: h->code;
	if (lex_error(p, s->at, code, "found %s, expected %s", found, expected_text(p, s))) {
		if (strcmp(code, "ABP-SYN-008") == 0)
			diag_also(p->d, p->unit_end, "the unit ends here");
		if (near)
			diag_help(p->d, "did you mean `%s`?", near);
		else if (h->help)
			diag_help(p->d, "%s", h->help);
	}
	start_panic(p, s);
}

/* ---- heads ------------------------------------------------------------- */

void syntax_no_version(struct parser *p, struct span at)
{
	at.len = at.off < p->src->len;
	if (lex_error(p, at, "ABP-SYN-003", "the first statement must be `abp 1`"))
		diag_help(p->d, "it says which version of the language the file is written in");
}

void syntax_version(struct parser *p, struct lexeme version)
{
	if (strcmp(version.text, "1") == 0)
		return;
	diag_error(p->d, version.at, "ABP-SYN-004", "version %s of the language is not known", version.text);
	diag_help(p->d, "this compiler reads `abp 1`");
}

/* Length of one component [a-z][a-z0-9-]*, 0 if there is none. */
static size_t component(const char *s)
{
	if (*s < 'a' || *s > 'z')
		return 0;
	return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

struct lexeme syntax_name(struct parser *p, struct lexeme name)
{
	unsigned parts = 0;
	size_t n;
	const char *s = name.text;
	while ((n = component(s)) != 0) {
		parts++;
		s += n;
		if (*s != '.')
			break;
		s++;
	}
	if (*s || n == 0 || parts < 2 || name.len > 64) {
		diag_error(p->d, name.at, "ABP-SYN-009", "`%s` is not the name of a unit", name.text);
		diag_help(p->d, "a name is two or more parts of a-z, 0-9 and `-`, each from a letter on, "
				"joined by `.`, at "
				"most 64 bytes: acme.web-front");
	}
	return name;
}
