#include "compiler/explain_code.h"

#include <string.h>
#include <strings.h>

enum { WIDTH = 78 };

static const struct row {
	const char *code, *summary, *explanation;
} rows[] = {
#define DIAG(code, summary, explanation) {code, summary, explanation},
#include "compiler/tables/diag.def"
#undef DIAG
};

/* A paragraph of n bytes, filled. */
static void wrap(struct buf *out, const char *s, size_t n)
{
	size_t column = 0;
	for (const char *end = s + n; s < end;) {
		size_t word = strcspn(s, " \n");
		if (column && column + 1 + word > WIDTH) {
			buf_putc(out, '\n');
			column = 0;
		}
		if (column)
			buf_putc(out, ' ');
		buf_add(out, s, word);
		column += word + (column != 0);
		s += word + strspn(s + word, " \n");
	}
	buf_putc(out, '\n');
}

/* Lines that start with a blank are examples: they stay as they are. */
static void put_explanation(struct buf *out, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, "\n");
		if (*s == ' ')
			buf_printf(out, "%.*s\n", (int)n, s);
		else if (n)
			wrap(out, s, n);
		else
			buf_putc(out, '\n');
		s += n + (s[n] == '\n');
	}
}

bool explain_code(const char *code, struct buf *out)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcasecmp(rows[i].code, code) != 0)
			continue;
		buf_printf(out, "%s: %s\n\n", rows[i].code, rows[i].summary);
		put_explanation(out, rows[i].explanation);
		return true;
	}
	return false;
}

void explain_list(struct buf *out)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		buf_printf(out, "%s  %s\n", rows[i].code, rows[i].summary);
}
