#include "compiler/base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_WORD = 48 };

static unsigned min2(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool same(char a, char b)
{
	return toupper((unsigned char)a) == toupper((unsigned char)b);
}

/* The usual matrix, of which three rows are kept.  n, m <= MAX_WORD. */
static unsigned edits(const char *a, size_t n, const char *b, size_t m)
{
	unsigned row[3][MAX_WORD + 1] = {{0}};

	for (size_t j = 0; j <= m; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = min2(min2(now[j - 1], last[j]) + 1, last[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				now[j] = min2(now[j], before[j - 2] + 1);
		}
	}
	return row[n % 3][m];
}

unsigned word_edits(const char *a, const char *b, unsigned limit)
{
	size_t n = strlen(a), m = strlen(b);
	size_t apart = n > m ? n - m : m - n;

	if (n > MAX_WORD || m > MAX_WORD || apart >= limit)
		return limit;
	return min2(edits(a, n, b, m), limit);
}

unsigned word_too_far(size_t len)
{
	return len < 6 ? 2 : len < 9 ? 3 : 4;
}

const char *word_nearest(const char *word, const char *const *list, size_t n)
{
	unsigned best = word_too_far(strlen(word));
	const char *found = NULL;

	for (size_t i = 0; i < n && *word; i++) {
		unsigned e = word_edits(word, list[i], best);

		if (e < best) {
			best = e;
			found = list[i];
		}
	}
	return found;
}
