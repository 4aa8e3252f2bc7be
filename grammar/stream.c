/*
 * stream.c - the tokens the parser sees: separators supplied, brackets that are certainly missing put in, and
 * after an error the rest of the statement left out.
 */
#include "grammar/parse.h"
#include "grammar/parser.h"

#include <string.h>

#include "grammar/abp.tab.h"

int yylex(YYSTYPE *lval, YYLTYPE *at, struct parser *p);

/* ---- the end of the file ----------------------------------------------- */

static void say_open(struct parser *p)
{
	struct span at = {p->src, p->end, 1};
	bool panic = p->panic, quiet = p->quiet;
	p->panic = p->quiet = false;
	if (lex_error(p, at, "ABP-SYN-006", "the file ends, but a block is still open")) {
		for (uint32_t i = p->braces < MAX_NESTING ? p->braces : MAX_NESTING; i > 0; i--)
			diag_also(p->d, p->brace[i - 1], "opened here");
		diag_help(p->d, "add `}`");
	}
	p->panic = panic;
	p->quiet = quiet;
}

/* Every open block is closed, so that what stands in it is still checked. */
static int at_end(struct parser *p)
{
	if (!p->sep)
		return SEP;
	if (p->braces == 0)
		return YYEOF;
	if (!p->ended)
		say_open(p);
	p->ended = true;
	return lex_close_brace(p);
}

/* ---- missing brackets -------------------------------------------------- */

static int balance(struct parser *p)
{
	token_list l = abp_tokens(p->a, p->src);
	int open = 0, parens = 0;
	for (uint32_t i = 0; i < l.n; i++) {
		char c = p->src->text[l.v[i].off];
		parens += (c == '(') - (c == ')');
		if (parens == 0)
			open += (c == '{') - (c == '}');
	}
	return open;
}

/* More `}` than `{` in the whole file: so many `{` are missing, and may be put where a head lacks one. */
static bool lacks_open(struct parser *p)
{
	if (!p->counted)
		p->lacking = -balance(p);
	p->counted = true;
	return p->lacking > 0;
}

static void hold(struct parser *p, int token, const struct lexeme *lv, bool sep)
{
	p->held = token;
	p->held_lv = *lv;
	p->held_sep = sep;
}

static bool starts_block(int token)
{
	switch (token) {
	case KW_RUN:
	case KW_LIMITS:
	case KW_SYSCALLS:
	case KW_CAPS:
	case KW_PORTS:
	case KW_PATHS:
	case KW_ENV:
	case KW_NEVER:
	case KW_TEST:
		return true;
	default:
		return false;
	}
}

/* Is the token just read the head of a block, `{` included? */
static bool is_head(const struct parser *p, int token)
{
	const char *s = p->src->text + p->next;
	s += strspn(s, " \t");
	if (token == KW_TEST && *s == '"') {
		s += 1 + strcspn(s + 1, "\"\n");
		s += *s == '"';
		s += strspn(s, " \t");
	}
	return starts_block(token) && *s == '{';
}

/* No line of a block starts like the next block: the `}` before it is missing. */
static bool lacks_close(struct parser *p, int token, const struct lexeme *lv)
{
	if (!p->fresh || p->braces != 2 || !is_head(p, token))
		return false;
	if (!lex_error(p, lv->at, "ABP-SYN-006", "`%s` starts a block, but the one before is still open",
		       lv->text))
		return false;
	diag_also(p->d, p->brace[1], "opened here");
	diag_help(p->d, "add `}` before it");
	return true;
}

static enum head next_head(const struct parser *p, int token)
{
	if (p->braces == 0)
		return token == VERSION ? HEAD_DONE : NO_HEAD;
	if (p->braces == 1 && p->fresh && starts_block(token))
		return token == KW_TEST ? HEAD_NAME : HEAD_DONE;
	return p->head == HEAD_NAME && token == STRING ? HEAD_DONE : NO_HEAD;
}

static int repair(struct parser *p, int token, struct lexeme *lv)
{
	bool head = p->head == HEAD_DONE && token != LBRACE && (token != SEP || lv->text || p->next > p->off);
	if (lacks_close(p, token, lv)) {
		hold(p, token, lv, true);
		*lv = (struct lexeme){.at = {p->src, p->end, 0}};
		return lex_close_brace(p);
	}
	if (head && lacks_open(p) &&
	    lex_error(p, (struct span){p->src, p->end, 1}, "ABP-SYN-005", "`{` is missing")) {
		diag_help(p->d, "the file has more `}` than `{`");
		p->lacking--;
		hold(p, token, lv, false);
		*lv = (struct lexeme){.at = {p->src, p->end, 0}};
		return lex_open_brace(p);
	}
	return token;
}

/* ---- the stream -------------------------------------------------------- */

static int raw_token(struct parser *p, struct lexeme *lv)
{
	*lv = (struct lexeme){0};
	int token = lex_raw(p, lv);
	if (token == YYEOF)
		token = at_end(p);
	else if (!(token == SEP && !lv->text))
		lex_blank(p, token);
	if (!lv->at.src) {
		bool bracket = token == LBRACE || token == RBRACE;
		lv->at = bracket && !p->ended ? lex_span(p) : (struct span){p->src, p->end, 0};
	}
	return token;
}

static int held_token(struct parser *p, struct lexeme *lv)
{
	int token = p->held_sep ? SEP : p->held;
	*lv = p->held_sep ? (struct lexeme){.at = {p->src, p->end, 0}} : p->held_lv;
	if (!p->held_sep)
		p->held = 0;
	p->held_sep = false;
	return token;
}

static int next_token(struct parser *p, struct lexeme *lv)
{
	bool held = p->held != 0;
	int token = held ? held_token(p, lv) : raw_token(p, lv);
	if (!held && !p->panic)
		token = repair(p, token, lv);
	p->head = next_head(p, token);
	p->sep = token == SEP;
	if (token != SEP && !p->ended && !p->held)
		p->end = p->next;
	return token;
}

int yylex(YYSTYPE *lval, YYLTYPE *at, struct parser *p)
{
	if (p->fresh && !p->panic)
		p->quiet = false; /* the parser is done with the statement before */
	int token = next_token(p, &lval->lex);
	while (p->panic) {
		bool done = p->braces == p->floor && token == SEP;
		bool head = p->floor == 0 && p->braces == 1 && token == LBRACE;
		if (done || head || token == YYEOF)
			p->panic = false;
		else
			token = next_token(p, &lval->lex);
	}
	p->fresh = token == SEP || token == LBRACE;
	*at = lval->lex.at;
	return token;
}

token_list abp_tokens(struct arena *a, const struct source *src)
{
	token_list l = {0};
	struct lexeme lv;
	struct parser p = {.a = a, .src = src, .sep = true, .panic = true}; /* panic: nothing is reported */
	if (!lex_start(&p))
		return l;
	for (int token; (token = lex_raw(&p, &lv)) != YYEOF;)
		if (token != SEP)
			vec_push(a, &l, lex_span(&p));
	lex_stop(&p);
	return l;
}
