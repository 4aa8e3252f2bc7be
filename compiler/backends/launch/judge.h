/*
 * judge.h - one judgement of a bundle; private to the verifier's files.
 */
#ifndef ABP_LAUNCH_JUDGE_H
#define ABP_LAUNCH_JUDGE_H

#include "compiler/backends/launch/decode.h"
#include "compiler/model.h"

struct judge {
	struct sets *s;
	struct diags *d;
	const struct model *m;
	struct decoded b;
	bool good;
};

/* Queue a difference; detail may be NULL. */
void judge_differs(struct judge *j, const char *what, const char *detail);
void judge_expect(struct judge *j, bool same, const char *what);
bool judge_text_is(const struct judge *j, uint32_t off, const char *want); /* NULL and "" are the same */
/* "DIR/(two stars)": the pattern of a directory and everything below it. */
const char *judge_tree(struct arena *a, const char *dir);
bool judge_missing_wall(const struct model *m, const char *wall);

/* judge_view.c: which names the view lets a program read, write, map and start, and how each entry is made.
 */
void launch_judge_view(struct judge *j);

#endif
