/* text.c - the bytes of a source before anything is read from them. */
#include "grammar/parser.h"

#include "compiler/base/utf8.h"

enum { MAX_REPORTS = 10 }; /* one a line; a binary file needs no more */

static void report(struct diags *d, struct span at, uint32_t used, uint32_t c)
{
	if (used == 0) {
		diag_error(d, at, "ABP-LEX-001", "the file is not UTF-8 here");
	} else if (!utf8_control(c)) {
		diag_error(d, at, "ABP-LEX-003", "invisible character U+%04X", c);
		diag_help(d, c == 0xFEFF ? "save the file without a byte order mark"
					 : "it can make the text look different from what is enforced");
	} else {
		diag_error(d, at, "ABP-LEX-002", "control character U+%04X", c);
		diag_help(d, c == '\r' ? "lines end with LF alone, not CR LF"
				       : "only tab and newline are allowed");
	}
}

bool text_check(struct diags *d, const struct source *src)
{
	unsigned reports = 0;
	bool line_ok = true, crlf = false;
	if (src->len > MAX_SOURCE) {
		diag_error(d, (struct span){src, 0, 1}, "ABP-LEX-004",
			   "the file has %u bytes, at most %d are allowed", src->len, MAX_SOURCE);
		return false;
	}
	for (uint32_t i = 0, used, c; i < src->len && reports < MAX_REPORTS; i += used ? used : 1) {
		used = utf8_next(src->text + i, src->len - i, &c);
		bool bad = used == 0 || (utf8_hidden(c) && c != '\t' && c != '\n');
		if (bad && line_ok && !(c == '\r' && crlf)) {
			report(d, (struct span){src, i, used ? used : 1}, used, c);
			reports++;
			crlf = crlf || c == '\r'; /* once: most likely every line has it */
		}
		line_ok = c == '\n' || (line_ok && !bad);
	}
	return reports == 0;
}
