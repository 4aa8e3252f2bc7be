/* policy.c - see policy.h. */
#include "tests/unit/policy.h"

#include <string.h>

struct model *judge_into(struct sets *s, struct diags *d, const char *text)
{
	static const char *const dirs[] = {"tests/unit/mod"};
	const struct loadpath path = {dirs, 1};
	struct source *src = source_text(s->a, "t.abp", text, strlen(text));
	struct model *m = resolve_source(s, d, src, &path, (1u << N_ARCH) - 1);

	if (m && !diags_errors(d))
		check_model(s, d, m);
	return m;
}

struct judged judge_text(const char *text)
{
	struct judged j = {.a = arena_new()};
	struct buf b = buf_new(j.a);

	j.s = (struct sets){j.a, bdds_new(j.a)};
	j.d = diags_new(j.a);
	j.m = judge_into(&j.s, j.d, text);
	j.errors = diags_errors(j.d);
	diags_text(j.d, &b);
	j.text = buf_str(&b);
	return j;
}

void judged_free(struct judged *j)
{
	arena_free(j->a);
}
