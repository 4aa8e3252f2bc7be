/* tables.c - architectures, and "did you mean". */
#include <ctype.h>
#include <string.h>

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

#define MAX_WORD 40

static bool same(const char *a, const char *b, size_t i, size_t j)
{
	return toupper((unsigned char)a[i]) == toupper((unsigned char)b[j]);
}

static unsigned min2(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap of neighbours; case ignored) from a to b: three rows of the usual
 * matrix.  Both are at most MAX_WORD long. */
static unsigned edits(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned row[3][MAX_WORD + 1] = {{0}};

	for (size_t j = 0; j <= nb; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			now[j] = min2(min2(now[j - 1], last[j]) + 1, last[j - 1] + !same(a, b, i - 1, j - 1));
			if (i > 1 && j > 1 && same(a, b, i - 1, j - 2) && same(a, b, i - 2, j - 1))
				now[j] = min2(now[j], before[j - 2] + 1);
		}
	}
	return row[na % 3][nb];
}

static size_t apart(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

const char *nearest(const char *word, const char *(*nth)(size_t))
{
	size_t n = strlen(word);
	unsigned best = n <= 4 ? 2 : n <= 7 ? 3 : 4; /* one more than what is near */
	const char *found = NULL, *w;

	if (n > MAX_WORD)
		return NULL;
	for (size_t i = 0; (w = nth(i)); i++) {
		size_t nw = strlen(w);
		unsigned e;

		if (nw > MAX_WORD || apart(n, nw) >= best || !strcmp(w, word))
			continue;
		e = edits(word, n, w, nw);
		if (e < best) {
			best = e;
			found = w;
		}
	}
	return found;
}
