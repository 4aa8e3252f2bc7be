/*
 * fuzz_resolve.c - any text: resolve it; what is accepted prints to a text that means the same, and is judged
 * by the laws without harm.
 */
#include <stdlib.h>
#include <string.h>

#include "compiler/check.h"
#include "tests/fuzz/fuzz.h"

enum { BOTH_ARCHS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct loadpath none = {NULL, 0};
	struct arena *a = arena_new();
	struct sets s = {a, bdds_new(a)};
	struct diags *d = diags_new(a);
	struct buf out = buf_new(a), text = buf_new(a);
	struct model *m =
	    resolve_source(&s, d, source_text(a, "fuzz", (const char *)data, size), &none, BOTH_ARCHS);
	if (m && !diags_errors(d)) {
		model_print(&s, m, &text);
		struct model *back = resolve_source(&s, d, source_text(a, "back", buf_str(&text), text.len),
						    &none, BOTH_ARCHS);
		if (!back || diags_errors(d) || !model_equal(&s, m, back))
			abort();
		check_model(&s, d, m);
	}
	diags_text(d, &out);
	arena_free(a);
	return 0;
}
