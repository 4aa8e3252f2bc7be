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

static void wrap(struct buf *out, const char *s)
{
	size_t column = 0;
	while (*s) {
		size_t n = strcspn(s, " ");
		if (column && column + 1 + n > WIDTH) {
			buf_putc(out, '\n');
			column = 0;
		}
		if (column)
			buf_putc(out, ' ');
		buf_add(out, s, n);
		column += n + (column != 0);
		s += n + strspn(s + n, " ");
	}
	buf_putc(out, '\n');
}

bool explain_code(const char *code, struct buf *out)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcasecmp(rows[i].code, code) != 0)
			continue;
		buf_printf(out, "%s: %s\n\n", rows[i].code, rows[i].summary);
		wrap(out, rows[i].explanation);
		return true;
	}
	return false;
}

void explain_list(struct buf *out)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		buf_printf(out, "%s  %s\n", rows[i].code, rows[i].summary);
}
