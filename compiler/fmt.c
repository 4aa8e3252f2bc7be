#include "compiler/fmt.h"

#include <string.h>

#include "grammar/parse.h"

enum { INDENT = 4, CONTINUE = 8 };

/* The source as a flat list: its tokens, and what stands between them. */
enum part_kind { TOKEN, SEMI, NEWLINE, COMMENT, CONTINUED, END };

struct part {
	enum part_kind kind;
	const char *s;
	uint32_t n;
	bool blank; /* NEWLINE: an empty line follows */
};

struct fmt {
	struct arena *a;
	struct buf *out;
	VEC(struct part) parts;
	uint32_t i; /* the next part */
};

/* ---- splitting --------------------------------------------------------- */

static void add(struct fmt *f, enum part_kind kind, const char *s, uint32_t n)
{
	struct part p = {kind, s, n, false};
	vec_push(f->a, &f->parts, p);
}

static uint32_t trimmed(const char *s, uint32_t n)
{
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	return n;
}

static void add_newline(struct fmt *f)
{
	struct part *last = f->parts.n ? &f->parts.v[f->parts.n - 1] : NULL;
	if (last && last->kind == NEWLINE)
		last->blank = true;
	else
		add(f, NEWLINE, "", 0);
}

static void split_gap(struct fmt *f, const char *s, const char *end)
{
	while (s < end) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		if (*s == '#') {
			const char *stop = nl ? nl : end;
			add(f, COMMENT, s, trimmed(s, (uint32_t)(stop - s)));
			s = stop;
			continue;
		}
		if (*s == '\n')
			add_newline(f);
		else if (*s == ';')
			add(f, SEMI, s, 1);
		else if (*s == '\\') {
			add(f, CONTINUED, s, 1);
			s++; /* its newline */
		}
		s++;
	}
}

static void split(struct fmt *f, const struct source *src)
{
	token_list l = abp_tokens(f->a, src);
	uint32_t at = 0;
	for (uint32_t i = 0; i < l.n; i++) {
		split_gap(f, src->text + at, src->text + l.v[i].off);
		add(f, TOKEN, src->text + l.v[i].off, l.v[i].len);
		at = l.v[i].off + l.v[i].len;
	}
	split_gap(f, src->text + at, src->text + src->len);
	add(f, NEWLINE, "", 0);
	add(f, END, "", 0);
}

/* ---- printing ---------------------------------------------------------- */

static const struct part *peek(const struct fmt *f)
{
	return &f->parts.v[f->i];
}

static bool is(const struct part *p, const char *text)
{
	return p->kind == TOKEN && p->n == strlen(text) && memcmp(p->s, text, p->n) == 0;
}

static void newline(struct fmt *f, uint32_t columns)
{
	buf_putc(f->out, '\n');
	while (columns--)
		buf_putc(f->out, ' ');
}

static bool is_operand(const struct part *p)
{
	return p && p->kind == TOKEN && p->n && !strchr("(){},|&-<>=!", p->s[0]) && !is(p, "in") &&
	       !is(p, "and") && !is(p, "or");
}

/* What goes before the token `p` of a statement: q is the token before it, r the one before that; NULL: none.
 */
struct place {
	const struct part *q, *r;
	uint32_t parens; /* open before p */
	bool sign;	 /* q is the minus of a number, or the dash of a range */
};

static bool space_in_cond(const struct part *p, const struct place *at)
{
	const struct part *q = at->q;
	if (is(q, "(") || is(q, "{") || is(q, "|") || at->sign)
		return false;
	if (is(p, ")") || is(p, "}") || is(p, ",") || is(p, "|"))
		return false;
	if (is(p, "-"))
		return !is_operand(q);
	if (is(p, "("))
		return !(is(q, "flags") && at->r && is(at->r, "in"));
	return true;
}

static bool space_before(const struct part *p, const struct place *at)
{
	if (!at->q)
		return false;
	if (at->parens)
		return space_in_cond(p, at);
	bool glued = at->q->s + at->q->n == p->s; /* NAME=value */
	return is(p, "{") || !(glued || is(p, "("));
}

static void statements(struct fmt *f, uint32_t depth, bool after_head);

/* The parts from `{` to its `}` as one line; false when the author or the width wants more. */
static bool fits_line(const struct fmt *f, size_t used)
{
	size_t width = used;
	uint32_t parens = 0;
	for (uint32_t i = f->i + 1; f->parts.v[i].kind != END; i++) {
		const struct part *p = &f->parts.v[i];
		if (p->kind == NEWLINE || p->kind == COMMENT || p->kind == CONTINUED)
			return false;
		width += p->n + 1;
		if (is(p, "}") && parens == 0)
			return width <= FMT_WIDTH;
		parens += is(p, "(");
		parens -= is(p, ")");
	}
	return false;
}

/* Comments, breaks and continuations in the middle of a statement; *breaks: the next token starts a line. */
static void inside(struct fmt *f, uint32_t depth, bool in_cond, bool *breaks)
{
	const struct part *p = peek(f);
	if (p->kind == COMMENT) {
		if (*breaks)
			newline(f, depth * INDENT + CONTINUE);
		else
			buf_putc(f->out, ' ');
		buf_add(f->out, p->s, p->n);
		*breaks = true;
	} else if (in_cond) {
		*breaks = true;
	} else if (p[1].kind == TOKEN && !is(p + 1, "}") && !*breaks) {
		buf_puts(f->out, " \\");
		*breaks = true;
	}
	f->i++;
}

static size_t column(const struct buf *b)
{
	size_t n = 0;
	while (n < b->len && b->data[b->len - 1 - n] != '\n')
		n++;
	return n;
}

static void block(struct fmt *f, uint32_t depth, bool one_line);

static bool ends_statement(const struct part *p, uint32_t parens)
{
	if (p->kind == END)
		return true;
	return parens == 0 && (p->kind == SEMI || p->kind == NEWLINE || p->kind == COMMENT || is(p, "}"));
}

static void token(struct fmt *f, struct place *at, uint32_t depth, bool breaks)
{
	const struct part *p = peek(f);
	if (breaks)
		newline(f, depth * INDENT + CONTINUE);
	else if (space_before(p, at))
		buf_putc(f->out, ' ');
	bool sign = at->parens && is(p, "-");
	buf_add(f->out, p->s, p->n);
	at->parens += is(p, "(");
	at->parens -= is(p, ")") && at->parens;
	*at = (struct place){p, at->q, at->parens, sign};
	f->i++;
}

static void statement(struct fmt *f, uint32_t depth)
{
	struct place at = {NULL, NULL, 0, false};
	bool breaks = false;
	while (!ends_statement(peek(f), at.parens)) {
		if (peek(f)->kind != TOKEN) {
			inside(f, depth, at.parens > 0, &breaks);
			continue;
		}
		bool opens = at.parens == 0 && is(peek(f), "{");
		bool one_line = opens && depth > 0 && fits_line(f, column(f->out) + 2);
		token(f, &at, depth, breaks);
		breaks = false;
		if (opens)
			block(f, depth, one_line);
	}
}

static void one_line_block(struct fmt *f, uint32_t depth)
{
	for (const char *gap = " ";; gap = "; ") {
		while (peek(f)->kind == SEMI)
			f->i++;
		if (is(peek(f), "}"))
			break;
		buf_puts(f->out, gap);
		statement(f, depth);
	}
	buf_putc(f->out, ' ');
}

/* What stands between `{`, already written, and its `}`; and that. */
static void block(struct fmt *f, uint32_t depth, bool one_line)
{
	if (one_line) {
		one_line_block(f, depth);
	} else {
		statements(f, depth + 1, true);
		newline(f, depth * INDENT);
	}
	buf_putc(f->out, '}');
	f->i++;
}

/* Statements and comments, one a line, up to the `}` that closes them (not written) or the end. */
static void statements(struct fmt *f, uint32_t depth, bool after_head)
{
	bool same_line = after_head, blank = false, first = true;
	while (peek(f)->kind != END && !is(peek(f), "}")) {
		const struct part *p = peek(f);
		if (p->kind == SEMI || p->kind == NEWLINE || p->kind == CONTINUED) {
			same_line = same_line && p->kind == SEMI;
			blank = blank || p->blank;
			f->i++;
			continue;
		}
		if (p->kind == COMMENT && same_line) {
			buf_putc(f->out, ' ');
		} else {
			if (blank && !first)
				buf_putc(f->out, '\n');
			if (depth > 0 || !first)
				newline(f, depth * INDENT);
		}
		if (p->kind == COMMENT) {
			buf_add(f->out, p->s, p->n);
			f->i++;
		} else {
			statement(f, depth);
		}
		same_line = true;
		blank = first = false;
	}
}

void fmt_source(struct arena *a, const struct source *src, struct buf *out)
{
	struct diags *d = diags_new(a);
	struct fmt f = {.a = a, .out = out};
	abp_parse(a, d, src);
	if (diags_errors(d)) {
		buf_add(out, src->text, src->len);
		return;
	}
	split(&f, src);
	statements(&f, 0, false);
	buf_putc(out, '\n');
}
