/*
 * policy.h - for suites that judge whole policies: text in, model and messages out.
 */
#ifndef ABP_UNIT_POLICY_H
#define ABP_UNIT_POLICY_H

#include "compiler/check.h"

/* A policy of unit tests: mandatory limits and the body. */
#define POLICY_OF(body) "abp 1\npolicy t.p 1.0.0 {\nlimits { memory 16M; cpu 10%; pids 8 }\n" body "\n}\n"

struct judged {
	struct arena *a;
	struct sets s;
	struct diags *d;
	struct model *m;  /* NULL: not even a unit */
	uint32_t errors;  /* after resolve and all laws */
	const char *text; /* all messages */
};

/* Resolve text (imports from tests/unit/mod) and judge it by every law.  End with judged_free. */
struct judged judge_text(const char *text);
/* The same into sets that already exist, to compare two models. */
struct model *judge_into(struct sets *s, struct diags *d, const char *text);
void judged_free(struct judged *j);

#endif
