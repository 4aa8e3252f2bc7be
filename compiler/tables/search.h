/* search.h - binary search in a table whose rows begin with their name. */
#ifndef ABP_SEARCH_H
#define ABP_SEARCH_H

#include <stddef.h>
#include <string.h>

/* The row called `name` of n rows of `size` bytes at `table`, sorted by strcmp of their first member, a
 * const char *; NULL: none. */
static inline const void *search(const char *name, const void *table, size_t n, size_t size)
{
	const char *base = table;

	while (n) {
		const char *mid = base + n / 2 * size;
		int c = strcmp(name, *(const char *const *)(const void *)mid);

		if (!c)
			return mid;
		if (c > 0) {
			base = mid + size;
			n--;
		}
		n /= 2;
	}
	return NULL;
}

#endif
