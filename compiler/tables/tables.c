/* tables.c - architectures, and "did you mean". */
#include <string.h>

#include "compiler/base/nearest.h"
#include "compiler/tables/tables.h"

const struct archdef arch_table[N_ARCH] = {
    [ARCH_X86_64] = {"x86_64", ABPB_ARCH_X86_64},
    [ARCH_AARCH64] = {"aarch64", ABPB_ARCH_AARCH64},
};

bool arch_by_name(const char *name, enum arch *arch)
{
	for (int i = 0; i < N_ARCH; i++) {
		if (!strcmp(arch_table[i].name, name)) {
			*arch = (enum arch)i;
			return true;
		}
	}
	return false;
}

const char *nearest(const char *word, const char *(*nth)(size_t))
{
	unsigned best = word_too_far(strlen(word));
	const char *found = NULL, *w;

	for (size_t i = 0; *word && (w = nth(i)); i++) {
		unsigned e = word_edits(word, w, best);

		if (e < best && strcmp(w, word) != 0) {
			best = e;
			found = w;
		}
	}
	return found;
}
