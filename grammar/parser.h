/*
 * parser.h - what lexer, parser and the reporters of their errors share; private to grammar/.
 */
#ifndef ABP_PARSER_H
#define ABP_PARSER_H

#include "compiler/ast_build.h"

enum { MAX_SOURCE = 1 << 20, MAX_NESTING = 16, MAX_STRING = 200 };

struct parser {
	struct arena *a;
	struct diags *d;
	const struct source *src;
	struct unit *unit; /* NULL until its head is read */
	void *scanner;

	/* the token read last, and the byte after it; everything about places comes from these two */
	uint32_t off, next;
	uint32_t end; /* of the last token that is no separator: there "the end of the line" is shown */

	/* brackets: how many are open, and where */
	uint32_t braces, parens, sets; /* blocks; ( ) and { } of a condition */
	struct span brace[MAX_NESTING], paren;
	struct span unit_end; /* the "}" that closed the last block */

	/* about the token given last */
	bool sep;	 /* it was a separator: none is needed before "}" */
	bool fresh;	 /* it ended a statement or opened a block */
	bool line_start; /* inside ( ): the next is the first of its line */
	bool ended;	 /* the end was reached: what comes now is supplied */
	enum head { NO_HEAD, HEAD_NAME, HEAD_DONE } head; /* of a block: wants its name, wants its "{" */

	/* a token that waits while missing brackets are put before it; 0: none */
	int held;
	bool held_sep; /* a separator comes before it */
	struct lexeme held_lv;
	int lacking; /* "{" the file has too few, once counted */
	bool counted;

	bool quiet; /* this statement has its error already */
	bool panic; /* skip to the end of the statement that stands `floor` blocks deep */
	uint32_t floor;
};

/* ---- abp.l ---- */
bool lex_start(struct parser *p);
void lex_stop(struct parser *p);
/* The next token as the rules see it, no separators supplied; 0 at the end.  Sets p->off, p->next, *lv. */
int lex_raw(struct parser *p, struct lexeme *lv);

/* ---- lex.c: called by the rules ---- */
struct span lex_span(const struct parser *p);
/* Queue an error at the last token unless this statement has one or is being skipped; returns whether it did.
 */
bool lex_error(struct parser *p, struct span at, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Fill *lv with the token's bytes and return `token`. */
int lex_text(struct parser *p, struct lexeme *lv, int token, enum lex kind);
int lex_word(struct parser *p, struct lexeme *lv, bool in_cond);
int lex_string(struct parser *p, struct lexeme *lv, bool closed);
void lex_comment(struct parser *p);
bool lex_newline(struct parser *p); /* false: the newline does not count, "{" follows */
/* Queue an error when the next item follows without a blank: `a"b"`, `f(x)g` would read as one. */
void lex_blank(struct parser *p, int token);
int lex_open_brace(struct parser *p);
int lex_close_brace(struct parser *p);
/* Count the bracket; returns token, or BADWORD where nesting is too deep. */
int lex_open(struct parser *p, struct lexeme *lv, uint32_t *count, int token);
bool lex_ends_cond(const struct parser *p); /* the word just read cannot stand inside ( ) */
bool lex_ends_block(
    const struct parser *p); /* the "}" just read closes a block, not a set whose "{" is missing */
void lex_unclosed(struct parser *p);

/* ---- badword.c: queue the error for a word that fits no rule ---- */
void lex_badword(struct parser *p);
void lex_badcond(struct parser *p);

/* ---- text.c: UTF-8, control characters, size; false when an error was queued ---- */
bool text_check(struct diags *d, const struct source *src);

/* ---- syntax.c ---- */
struct syntax { /* names as in the %token lines of abp.y; one with a blank is a phrase, others are literal */
	const char *found;
	struct span at;
	const char *const *expected;
	int n;
};
void syntax_error(struct parser *p, const struct syntax *s);
void syntax_no_version(struct parser *p, struct span at);
void syntax_version(struct parser *p, struct lexeme version);
/* Is it [a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+, at most 64 bytes?  Queues the error; returns the name. */
struct lexeme syntax_name(struct parser *p, struct lexeme name);

#endif
