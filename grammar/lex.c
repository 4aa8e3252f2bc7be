/* lex.c - what the rules of abp.l call. */
#include "grammar/parser.h"

#include <stdarg.h>
#include <string.h>

#include "compiler/base/utf8.h"
#include "grammar/abp.tab.h"

struct span lex_span(const struct parser *p)
{
	return (struct span){p->src, p->off, p->next - p->off};
}

bool lex_error(struct parser *p, struct span at, const char *code, const char *fmt, ...)
{
	if (p->quiet || p->panic)
		return false;
	p->quiet = true;
	va_list ap;
	va_start(ap, fmt);
	struct buf b = buf_new(p->a);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	diag_error(p->d, at, code, "%s", buf_str(&b));
	return true;
}

int lex_text(struct parser *p, struct lexeme *lv, int token, enum lex kind)
{
	uint32_t len = p->next - p->off;
	if (kind == LEX_ENVKEY)
		len--;
	*lv = (struct lexeme){kind, arena_strndup(p->a, p->src->text + p->off, len), len, lex_span(p)};
	p->line_start = false;
	return token;
}

enum where { LINE, RESERVED, COND };

static const struct keyword {
	const char *text;
	int token;
	enum where where;
} keywords[] = {
#define KEYWORD(token, text, where) {text, token, where},
#include "grammar/keywords.def"
#undef KEYWORD
};

int lex_word(struct parser *p, struct lexeme *lv, bool in_cond)
{
	lex_text(p, lv, 0, in_cond ? LEX_SYMBOL : LEX_WORD);
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if ((keywords[i].where == COND) == in_cond && strcmp(keywords[i].text, lv->text) == 0)
			return keywords[i].token;
	return in_cond ? SYMBOL : NAME;
}

/* Copy the inside of a string without its backslashes; returns its length in characters. */
static uint32_t unescape(struct parser *p, const char *s, uint32_t n, char *to)
{
	uint32_t chars = 0, c;
	for (uint32_t i = 0; i < n; chars++) {
		if (s[i] == '\\' && i + 1 < n) {
			if (s[i + 1] != '"' && s[i + 1] != '\\') {
				struct span at = {p->src, p->off + 1 + i, 2};
				if (lex_error(p, at, "ABP-LEX-008", "`\\%c` is not an escape", s[i + 1]))
					diag_help(p->d, "a string knows two: \\\" and \\\\");
			}
			i++;
		}
		uint32_t used = utf8_next(s + i, n - i, &c);
		used = used ? used : 1;
		memcpy(to, s + i, used);
		to += used;
		i += used;
	}
	*to = 0;
	return chars;
}

int lex_string(struct parser *p, struct lexeme *lv, bool closed)
{
	uint32_t len = p->next - p->off - 1 - closed;
	char *text = arena_alloc(p->a, len + 1);
	p->line_start = false;
	if (!closed && lex_error(p, lex_span(p), "ABP-LEX-007", "the string does not end on its line"))
		diag_help(p->d, "close it with \"; inside it write \\\" and \\\\");
	uint32_t chars = unescape(p, p->src->text + p->off + 1, len, text);
	if (chars == 0)
		lex_error(p, lex_span(p), "ABP-LEX-009", "the string is empty");
	else if (chars > MAX_STRING)
		lex_error(p, lex_span(p), "ABP-LEX-009",
			  "the string has %u characters, at most %d are allowed", chars, MAX_STRING);
	*lv = (struct lexeme){LEX_STRING, text, (uint32_t)strlen(text), lex_span(p)};
	return STRING;
}

/* Bytes after which a comment may start, and which end a word or a string. */
static bool is_gap(char c)
{
	return c == 0 || strchr(" \t\n;{}", c) != NULL;
}

void lex_comment(struct parser *p)
{
	if (p->off == 0 || is_gap(p->src->text[p->off - 1]))
		return;
	struct span at = {p->src, p->off, 1};
	if (lex_error(p, at, "ABP-LEX-005", "`#` is glued to the word before it"))
		diag_help(p->d, "put a blank before a comment; put a name that contains # in \"...\"");
}

void lex_blank(struct parser *p, int token)
{
	char c = p->src->text[p->next];
	bool item = token == STRING || token == BARE || (token == RPAREN && p->parens == 0) ||
		    (token != SEP && token != ENVKEY && c == '"');
	if (!item || p->next >= p->src->len || is_gap(c) || c == '(' || c == ')' || c == '#' || c == ',' ||
	    c == '\\')
		return;
	struct span at = {p->src, p->next, 1};
	if (lex_error(p, at, "ABP-LEX-010", "a blank is missing before `%c`", c))
		diag_help(
		    p->d,
		    "items of a list are separated by blanks; a name with special characters is one \"...\"");
}

/* ---- brackets ---------------------------------------------------------- */

bool lex_newline(struct parser *p)
{
	p->line_start = true;
	if (p->src->text[p->next] != '{' || p->panic)
		return true;
	struct span at = {p->src, p->next, 1};
	if (lex_error(p, at, "ABP-SYN-005", "`{` must stand on the line of its head")) {
		diag_also(p->d, (struct span){p->src, p->end ? p->end - 1 : 0, 1}, "the head ends here");
		return false;
	}
	return true;
}

static bool too_deep(struct parser *p)
{
	if (p->braces + p->parens + p->sets <= MAX_NESTING)
		return false;
	lex_error(p, lex_span(p), "ABP-LEX-011", "brackets are nested deeper than %d", MAX_NESTING);
	return true;
}

int lex_open(struct parser *p, struct lexeme *lv, uint32_t *count, int token)
{
	(*count)++;
	return lex_text(p, lv, too_deep(p) ? BADWORD : token, LEX_WORD);
}

int lex_open_brace(struct parser *p)
{
	if (p->braces < MAX_NESTING)
		p->brace[p->braces] = lex_span(p);
	p->braces++;
	return too_deep(p) ? BADWORD : LBRACE;
}

int lex_close_brace(struct parser *p)
{
	if (p->braces && --p->braces == 0)
		p->unit_end = (struct span){p->src, p->off, 1};
	return RBRACE;
}

bool lex_ends_cond(const struct parser *p)
{
	const char *s = p->src->text + p->off;
	uint32_t n = p->next - p->off;
	return p->line_start &&
	       ((n == 5 && memcmp(s, "allow", 5) == 0) || (n == 4 && memcmp(s, "deny", 4) == 0));
}

bool lex_ends_block(const struct parser *p)
{
	const char *s = p->src->text + p->next;
	return p->sets == 0 && s[strspn(s, " \t")] != ')';
}

void lex_unclosed(struct parser *p)
{
	p->parens = p->sets = 0;
	if (lex_error(p, p->paren, "ABP-LEX-012", "this `(` is not closed"))
		diag_also(p->d, (struct span){p->src, p->next < p->src->len ? p->next : p->end, 1},
			  "the condition cannot go on here");
}
