#include "compiler/base/nearest.h"

#include <string.h>

enum { MAX_WORD = 32 };

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;
	return m < c ? m : c;
}

/* Both at most MAX_WORD long. */
static unsigned edits(const char *a, size_t n, const char *b, size_t m)
{
	unsigned d[MAX_WORD + 1][MAX_WORD + 1];
	for (unsigned i = 0; i <= n; i++)
		d[i][0] = i;
	for (unsigned j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			d[i][j] =
			    min3(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[n][m];
}

const char *word_nearest(const char *word, const char *const *list, size_t n)
{
	size_t len = strlen(word);
	unsigned best = len < 6 ? 2 : len < 9 ? 3 : 4; /* one more than is allowed */
	const char *found = NULL;
	for (size_t i = 0; i < n && len && len <= MAX_WORD; i++) {
		size_t m = strlen(list[i]);
		unsigned e = m <= MAX_WORD ? edits(word, len, list[i], m) : best;
		if (e < best) {
			best = e;
			found = list[i];
		}
	}
	return found;
}
