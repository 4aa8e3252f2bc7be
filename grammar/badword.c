/* badword.c - what to say about a word that is nothing in the language: by its shape, in a table. */
#include "grammar/parser.h"

#include <ctype.h>
#include <string.h>

/*
 * Shapes, tried in order.  A shape is a tiny pattern: D one or more digits, W letters, H hexadecimal digits,
 * dots and colons, R the rest, whatever it is; any other byte is itself.
 */
static const struct shape {
	const char *shape, *code, *what, *help;
} words[] =
    {
	{",", "ABP-LEX-019", "`,` stands only inside {...} of a condition",
	 "items of a list are separated by blanks"},
	{"\\", "ABP-LEX-006", "`\\` must be the last character of its line",
	 "it continues a statement on the next line; in names put \"...\" and \\\\"},
	{"./R", "ABP-LEX-014", "a path must be absolute", "paths start with `/` and have no `.` or `..`"},
	{"../R", "ABP-LEX-014", "a path must be absolute", "paths start with `/` and have no `.` or `..`"},
	{"~/R", "ABP-LEX-014", "a path must be absolute",
	 "`~` is the shell's; write the directory's own name"},
	{"$R", "ABP-LEX-013", "nothing is expanded in a policy",
	 "write the value itself; variables are passed by `env`"},
	{"'R", "ABP-LEX-023", "`'` is no quote", "strings are written \"...\""},
	{"shaR", "ABP-LEX-018", "not a digest", "a digest is sha256: and 64 digits 0-9a-f"},
	{"@R", "ABP-LEX-024", "not the name of a group",
	 "a group is `@` and a-z, 0-9, `_`, `-`, from a letter on"},
	{"==R", "ABP-LEX-020", "a comparison stands inside ( )", "write it as CALL(argument == value)"},
	{"!=R", "ABP-LEX-020", "a comparison stands inside ( )", "write it as CALL(argument != value)"},
	{"=D.D", "ABP-LEX-017", "not a range of versions",
	 "`=` names one version, =1.2.3; ~1.2 is any 1.2.x"},
	{"=R", "ABP-LEX-017", "not a range of versions", "a range is =1.2.3, ~1.2.3 or ~1.2"},
	{"~R", "ABP-LEX-017", "not a range of versions", "a range is =1.2.3, ~1.2.3 or ~1.2"},
	{"^R", "ABP-LEX-017", "not a range of versions", "a range is =1.2.3, ~1.2.3 or ~1.2"},
	{">=DR", "ABP-LEX-017", "not a range of versions", "a range is =1.2.3, ~1.2.3 or ~1.2"},
	{">R", "ABP-LEX-020", "a comparison stands inside ( )", "write it as CALL(argument > value)"},
	{"<R", "ABP-LEX-020", "a comparison stands inside ( )", "write it as CALL(argument < value)"},
	{"*", "ABP-LEX-016", "the port is missing", "write *:443, *:8000-8099, *:* or *:auto"},
	{"*:", "ABP-LEX-016", "the port is missing", "write *:443, *:8000-8099, *:* or *:auto"},
	{":D", "ABP-LEX-016", "the address is missing", "write *:PORT for any address"},
	{"[H%R", "ABP-LEX-016", "not an address", "zone ids (%eth0) are not part of an address"},
	{"[R", "ABP-LEX-016", "not an address",
	 "IPv6 with a port is [2001:db8::1]:443, without one it has no brackets"},
	{"D.D%", "ABP-LEX-015", "numbers are whole", "round it"},
	{"H%R", "ABP-LEX-016", "not an address", "zone ids (%eth0) are not part of an address"},
	{"D.D.D.DR", "ABP-LEX-016", "not an address",
	 "IPv4 is 192.0.2.1 or 192.0.2.0/24, with ports :443, :8000-8099, :* or :auto"},
	{"D.D", "ABP-LEX-017", "not a version or a number",
	 "a version is X.Y.Z, a range ~X.Y; numbers are whole"},
	{"D.DR", "ABP-LEX-015", "numbers are whole", "use a smaller unit (1536M for 1.5G) or round"},
	{"0xR", "ABP-LEX-015", "hexadecimal numbers stand only in conditions", "write it in decimal"},
	{"DW", "ABP-LEX-015", "not a number with a unit",
	 "sizes end in K, M, G or T; times in ms, s, m, h or d"},
	{"D_R", "ABP-LEX-015", "not a number", "numbers are digits only"},
	{"-DR", "ABP-LEX-015", "negative numbers stand only in conditions", "write a number without a sign"},
	{"-R", "ABP-LEX-013", "not a word of the language", "there are no options with `-`"},
	{"\"R", "ABP-LEX-007", "the string does not end on its line", "close it with \""},
	{"R", "ABP-LEX-013", "not a word of the language",
	 "names have A-Z a-z 0-9 _ . - and start with a letter or `_`; put a path with other characters in "
	 "\"...\""},
},
  conds[] = {
      {"=", "ABP-LEX-021", "`=` is not a comparison", "write == to compare"},
      {"&&", "ABP-LEX-021", "`&&` is not an operator of conditions", "write `and`"},
      {"||", "ABP-LEX-021", "`||` is not an operator of conditions", "write `or`"},
      {"!", "ABP-LEX-021", "there is no `!` in conditions",
       "write != to compare; say what is allowed instead of `not`"},
      {"~", "ABP-LEX-021", "there is no `~` in conditions",
       "write the mask itself, or `in flags(A|B)`: no other bit set"},
      {"^", "ABP-LEX-021", "there is no `^` in conditions", "bits are joined by |"},
      {"\"R", "ABP-LEX-021", "a condition has no strings",
       "a filter sees numbers, never what a pointer points to"},
      {"'", "ABP-LEX-021", "a condition has no strings",
       "a filter sees numbers, never what a pointer points to"},
      {"0xR", "ABP-LEX-022", "not a number", "hexadecimal is 0x and digits 0-9a-f"},
      {"0D", "ABP-LEX-022", "not an octal number", "a leading 0 means octal, as in C: digits 0-7"},
      {"DW", "ABP-LEX-022", "a number in a condition has no unit", "write the value in bytes: 4096"},
      {"DR", "ABP-LEX-022", "not a number", "numbers are decimal, 0x... or octal with a leading 0"},
      {"R", "ABP-LEX-021", "this does not belong in a condition",
       "a condition compares an argument: fd == 0, flags & MASK == 0, request in {A, B}, mode in flags(A|B)"},
};

static bool in_class(char class, unsigned char c)
{
	return (class == 'D' && isdigit(c)) || (class == 'W' && isalpha(c)) ||
	       (class == 'H' && (isxdigit(c) || c == ':' || c == '.'));
}

/* s is not NUL-terminated; every class takes as much as it can, so one pass is enough. */
static bool fits(const char *shape, const char *s, size_t n)
{
	size_t i = 0;
	for (; *shape && *shape != 'R'; shape++) {
		size_t from = i;
		while (i < n && in_class(*shape, (unsigned char)s[i]))
			i++;
		if (i == from && i < n && s[i] == *shape)
			i++;
		if (i == from)
			return false;
	}
	return *shape == 'R' || i == n;
}

static bool has_non_ascii(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] >= 0x80)
			return true;
	return false;
}

static void report(struct parser *p, const struct shape *row)
{
	const char *s = p->src->text + p->off;
	size_t n = p->next - p->off;
	while (!fits(row->shape, s, n))
		row++;
	bool word = strncmp(row->what, "not ", 4) == 0;
	bool ok;
	if (word)
		ok = lex_error(p, lex_span(p), row->code, "`%.*s` is %s", n > 80 ? 80 : (int)n, s, row->what);
	else
		ok = lex_error(p, lex_span(p), row->code, "%s", row->what);
	if (ok)
		diag_help(p->d, "%s", row->help);
}

static bool report_non_ascii(struct parser *p)
{
	const char *s = p->src->text + p->off;
	size_t n = p->next - p->off;
	if (!has_non_ascii(s, n))
		return false;
	bool quote = memcmp(s, "\xE2\x80", n < 2 ? n : 2) == 0;
	if (!lex_error(p, lex_span(p), quote ? "ABP-LEX-023" : "ABP-LEX-025", "%s",
		       quote ? "typographic quotes and dashes are not those of the language"
			     : "only strings, comments and paths may have letters outside ASCII"))
		return true;
	diag_help(p->d,
		  quote ? "strings are written \"...\", ranges with -" : "put it in \"...\" if it is a name");
	return true;
}

void lex_badword(struct parser *p)
{
	if (!report_non_ascii(p))
		report(p, words);
}

void lex_badcond(struct parser *p)
{
	if (!report_non_ascii(p))
		report(p, conds);
}
