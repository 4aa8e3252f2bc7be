/* fuzz_fmt.c - what parses has a layout that parses to the same tree and is stable. */
#include <stdlib.h>
#include <string.h>

#include "compiler/ast_print.h"
#include "compiler/fmt.h"
#include "grammar/parse.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct diags *d = diags_new(a);
	struct source *src = source_text(a, "fuzz", (const char *)data, size), *again;
	struct buf tree = buf_new(a), tree2 = buf_new(a), once = buf_new(a), twice = buf_new(a);
	struct unit *u = abp_parse(a, d, src);
	if (u && !diags_errors(d)) {
		ast_dump(u, &tree);
		fmt_source(a, src, &once);
		again = source_text(a, "again", (const char *)once.data, once.len);
		fmt_source(a, again, &twice);
		u = abp_parse(a, d, again);
		if (!u || diags_errors(d))
			abort();
		ast_dump(u, &tree2);
		if (strcmp(buf_str(&tree), buf_str(&tree2)) != 0 ||
		    strcmp(buf_str(&once), buf_str(&twice)) != 0)
			abort();
	}
	arena_free(a);
	return 0;
}
