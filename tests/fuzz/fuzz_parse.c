/* fuzz_parse.c - any bytes: parse and print what was wrong; errors and a tree never come from nothing. */
#include <stdlib.h>

#include "compiler/ast_print.h"
#include "grammar/parse.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct diags *d = diags_new(a);
	struct buf out = buf_new(a);
	struct unit *u = abp_parse(a, d, source_text(a, "fuzz", (const char *)data, size));
	if (u)
		ast_dump(u, &out);
	else if (!diags_errors(d))
		abort();
	diags_text(d, &out);
	arena_free(a);
	return 0;
}
