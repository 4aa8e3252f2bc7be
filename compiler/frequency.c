#include "compiler/frequency.h"

#include <string.h>

#include "compiler/base/sha256.h"

enum { MAX_SIZE = 1 << 20, SCALE = 1000 * 1000 /* the most frequent call */ };

struct count {
	const struct sysdef *call;
	uint64_t n;
};
typedef VEC(struct count) count_list;

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *skip(const char *s, const char *end)
{
	while (s < end && blank(*s))
		s++;
	return s;
}

static const char *take_number(const char *s, const char *end, uint64_t *n)
{
	for (*n = 0; s < end && *s >= '0' && *s <= '9' && *n <= UINT64_MAX / 100; s++)
		*n = *n * 10 + (uint64_t)(*s - '0');
	return s;
}

/* [s, end) is one line without its newline. */
static bool take_line(struct arena *a, const char *s, const char *end, count_list *out)
{
	struct count c = {0};
	const char *name = skip(s, end), *colon = memchr(s, ':', (size_t)(end - s));
	if (name == end || *name == '#')
		return true;
	if (!colon || colon < name)
		return false;
	c.call = syscall_by_name(arena_strndup(a, name, (size_t)(colon - name)));
	const char *digits = skip(colon + 1, end), *rest = take_number(digits, end, &c.n);
	if (!c.call || rest == digits || skip(rest, end) != end)
		return false;
	vec_push(a, out, c);
	return true;
}

static bool take_lines(struct sets *s, struct diags *d, const struct source *src, count_list *out)
{
	bool good = true;
	for (uint32_t at = 0; at < src->len;) {
		const char *line = src->text + at, *nl = memchr(line, '\n', src->len - at);
		uint32_t n = nl ? (uint32_t)(nl - line) : src->len - at;
		if (!take_line(s->a, line, line + n, out)) {
			diag_error(d, (struct span){src, at, n}, "ABP-SEC-003", "not `CALL: COUNT`");
			good = false;
		}
		at += n + 1;
	}
	return good;
}

bool frequency_read(struct sets *s, struct diags *d, const char *file, struct model *m)
{
	count_list counts = {0};
	const struct source *src = source_read(s->a, d, file, MAX_SIZE, (struct span){0});
	if (!src || !take_lines(s, d, src, &counts))
		return false;
	uint64_t most = 1;
	for (uint32_t i = 0; i < counts.n; i++)
		most = counts.v[i].n > most ? counts.v[i].n : most;
	for (enum arch arch = 0; arch < N_ARCH; arch++) {
		uint32_t n = (uint32_t)syscall_table_max(arch) + 1;
		uint32_t *w = arena_alloc(s->a, n * sizeof *w);
		for (uint32_t nr = 0; nr < n; nr++)
			w[nr] = 1;
		for (uint32_t i = 0; i < counts.n; i++)
			if (counts.v[i].call->nr[arch] != SYS_NONE)
				w[counts.v[i].call->nr[arch]] +=
				    (uint32_t)((double)counts.v[i].n / (double)most * SCALE);
		m->frequency[arch] = w;
	}
	m->has_frequency = true;
	sha256((const uint8_t *)src->text, src->len, m->frequency_sha256);
	return true;
}
