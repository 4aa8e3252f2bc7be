/* path.c - the syntax of path patterns (language.md section 6). */
#include "compiler/base/dfa.h"

#include <string.h>

enum { LONGEST = 4095 }; /* PATH_MAX with its NUL, <linux/limits.h>: no system call takes more */

/* A class at p, "[a-z_]": *end is the place of its last byte, the bracket. */
static const char *check_class(const char *p, size_t left, size_t *used)
{
	size_t n = 1;
	if (n < left && (p[n] == '^' || p[n] == '!'))
		return "has a negated `[ ]`";
	if (n < left && p[n] == ']')
		return "has an empty `[ ]`";
	for (; n < left && p[n] != ']'; n++) {
		if (p[n] == '[')
			return "has a `[` inside `[ ]`";
		if (p[n] == '-')
			return "has a `-` in `[ ]` that is not between two bytes";
		if (n + 2 < left && p[n + 1] == '-' && p[n + 2] != ']' && p[n + 2] != '-' &&
		    p[n + 2] != '[') {
			if ((unsigned char)p[n] > (unsigned char)p[n + 2])
				return "has a reversed range in `[ ]`";
			n += 2;
		}
	}
	if (n >= left)
		return "has an unclosed `[`";
	*used = n + 1;
	return NULL;
}

/* Inside one component of len > 0 bytes, not `**`. */
static const char *check_component(const char *p, size_t len, bool *glob)
{
	if (len <= 2 && !memcmp(p, "..", len))
		return len == 1 ? "has a `.` component" : "has a `..` component";
	for (size_t i = 0, used; i < len; i += used) {
		used = 1;
		if (p[i] == '*' && i + 1 < len && p[i + 1] == '*')
			return "has a `**` that is not a whole component";
		if (p[i] == ']')
			return "has a `]` without `[`";
		if (p[i] == '*' || p[i] == '?' || p[i] == '[')
			*glob = true;
		const char *wrong = p[i] == '[' ? check_class(p + i, len - i, &used) : NULL;
		if (wrong)
			return wrong;
	}
	return NULL;
}

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

/* Every wildcard after a `*` may double the states of the automaton: it must remember which of them were met.
 */
enum { MAX_AFTER_STAR = 12 };

static bool too_many_wildcards(const char *pattern)
{
	size_t len = strlen(pattern);
	unsigned n = 0;
	bool star = false;
	if (len >= 3 && !strcmp(pattern + len - 3, "/**"))
		len -= 3;
	for (size_t i = 0; i < len; i++) {
		bool any = pattern[i] == '*';
		bool again = any && i && pattern[i - 1] == '*';
		n += star && !again && (any || pattern[i] == '?' || pattern[i] == '[');
		star |= any;
	}
	return n > MAX_AFTER_STAR;
}

const char *path_check(const char *pattern, bool *glob)
{
	*glob = false;
	if (*pattern != '/')
		return "is not absolute";
	if (has_control(pattern))
		return "has a control byte";
	if (strlen(pattern) > LONGEST)
		return "is longer than 4095 bytes";
	if (!pattern[1])
		return NULL; /* the root */
	if (too_many_wildcards(pattern))
		return "has more than 12 wildcards after a `*`";
	for (const char *p = pattern; *p;) {
		size_t len = strcspn(++p, "/");
		const char *wrong = NULL;
		if (!len)
			return p[0] ? "has an empty component" : "ends with a `/`";
		if (len == 2 && !memcmp(p, "**", 2))
			*glob |= p[len] != 0;
		else
			wrong = check_component(p, len, glob);
		if (wrong)
			return wrong;
		p += len;
	}
	return NULL;
}

bool path_is_tree(struct arena *a, const char *pattern, const char **dir)
{
	size_t len = strlen(pattern);
	bool glob;
	if (len < 3 || strcmp(pattern + len - 3, "/**") || path_check(pattern, &glob) || glob)
		return false;
	*dir = len == 3 ? "/" : arena_strndup(a, pattern, len - 3);
	return true;
}
