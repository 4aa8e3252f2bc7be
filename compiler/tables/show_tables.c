/* show_tables.c - what `abpc show --group`, `--call` and `--cap` print. */
#include <string.h>

#include "compiler/tables/tables.h"

static void row_text(struct buf *b, const struct callrow *r)
{
	buf_printf(b, "  %s", r->call);
	if (r->cond)
		buf_printf(b, "(%s)", r->cond);
	buf_printf(b, "\n      # %s\n", r->reason);
}

bool show_group(struct buf *b, const char *name)
{
	const struct groupdef *g = group_by_name(name);

	if (!g)
		return false;
	buf_printf(b, "%s: %s\n", g->name, g->help);
	for (size_t i = 0; i < g->n; i++)
		row_text(b, &g->members[i]);
	return true;
}

void show_groups(struct buf *b)
{
	for (size_t i = 0; i < group_count(); i++)
		buf_printf(b, "%-14s %s\n", group_at(i)->name, group_at(i)->help);
}

/* Is `word` one of the blank-separated words of list? */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += n)
		if ((at == list || at[-1] == ' ') && (!at[n] || at[n] == ' '))
			return true;
	return false;
}

/* Does an argument of namespaces `wanted` take the constant c? */
static bool takes(const char *wanted, const struct constdef *c)
{
	char word[32];

	for (const char *at = c->ns; *at;) {
		size_t n = strcspn(at, " ");

		if (n < sizeof word) {
			memcpy(word, at, n);
			word[n] = '\0';
			if (has_word(wanted, word))
				return true;
		}
		at += n + strspn(at + n, " ");
	}
	return false;
}

#define LINE 96

static void constants(struct buf *b, const char *ns)
{
	size_t col = 0;

	for (size_t i = 0; i < const_count(); i++) {
		const struct constdef *c = const_at(i);
		const char *only = !c->on[ARCH_X86_64] ? "(aarch64)" : !c->on[ARCH_AARCH64] ? "(x86_64)" : "";
		size_t n = strlen(c->name) + strlen(only) + 1;

		if (!takes(ns, c))
			continue;
		if (!col || col + n > LINE) {
			buf_puts(b, col ? "\n                " : "      constants:");
			col = 16;
		}
		buf_printf(b, " %s%s", c->name, only);
		col += n;
	}
	if (col)
		buf_putc(b, '\n');
}

static void argument(struct buf *b, const struct sysdef *call, const struct argdef *a)
{
	int x86 = syscall_arg_reg(call, ARCH_X86_64, a->name),
	    arm = syscall_arg_reg(call, ARCH_AARCH64, a->name);

	buf_printf(b, "  a%d  %-12s ", x86, a->name);
	if (a->is_pointer)
		buf_puts(b, "pointer: == 0 and != 0 only");
	else
		buf_printf(b, "%u bits, %s", a->width, a->is_signed ? "signed" : "unsigned");
	if (*a->alias)
		buf_printf(b, "; also called %s", a->alias);
	if (x86 != arm)
		buf_printf(b, "; a%d on aarch64", arm);
	buf_putc(b, '\n');
	if (*a->ns)
		constants(b, a->ns);
}

static const struct callrow *find_row(const struct callrow *rows, size_t n, const char *call)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].call, call))
			return &rows[i];
	return NULL;
}

static void where_used(struct buf *b, const char *call)
{
	for (size_t i = 0; i < group_count(); i++) {
		const struct groupdef *g = group_at(i);
		const struct callrow *r = find_row(g->members, g->n, call);

		if (r)
			buf_printf(b, "  in %s%s%s: %s\n", g->name, r->cond ? " if " : "",
				   r->cond ? r->cond : "", r->reason);
	}
	for (int c = 0; c < N_CAUSES; c++) {
		size_t n;
		const struct callrow *rows = implied_calls((enum cause)c, &n);
		const struct callrow *r = find_row(rows, n, call);

		if (r)
			buf_printf(b, "  implied by %s%s%s\n", cause_name((enum cause)c),
				   r->cond ? " if " : "", r->cond ? r->cond : "");
	}
}

/* setsockopt and getsockopt: the pairs that ports grants imply. */
static void option_pairs(struct buf *b, const char *call)
{
	bool set = !strcmp(call, "setsockopt"), get = !strcmp(call, "getsockopt");
	size_t n;
	const struct sockopt *o = sockopts(&n);

	for (size_t i = 0; i < n; i++)
		if ((set && o[i].set) || (get && o[i].get))
			buf_printf(b, "  implied by %s: %s, %s: %s\n", cause_name(o[i].cause), o[i].level,
				   o[i].optname, o[i].reason);
}

bool show_call(struct buf *b, const char *name)
{
	const struct sysdef *call = syscall_by_name(name);
	const struct unsafe *u = unsafe_find(UNSAFE_CALL, name);
	const char *enosys = answer_enosys(name), *passes = syscall_unfiltered(name);

	if (!call)
		return false;
	buf_printf(b, "%s:", name);
	for (int a = 0; a < N_ARCH; a++) {
		if (call->nr[a] == SYS_NONE)
			buf_printf(b, " not on %s", arch_table[a].name);
		else
			buf_printf(b, " %s %d", arch_table[a].name, call->nr[a]);
	}
	buf_putc(b, '\n');
	for (unsigned i = 0; i < call->n_args; i++)
		argument(b, call, &call->arg[i]);
	buf_printf(b, "  denied: %s%s\n", enosys ? "ENOSYS: " : "EPERM", enosys ? enosys : "");
	if (passes)
		buf_printf(b, "  never filtered: %s\n", passes);
	if (u)
		buf_printf(b, "  needs `unsafe`%s%s: %s\n", u->cond ? " unless " : "", u->cond ? u->cond : "",
			   u->reason);
	where_used(b, name);
	option_pairs(b, name);
	return true;
}

bool show_cap(struct buf *b, const char *name)
{
	static const char *const scope[] = {
	    [CAP_OWN] = "the run's own user namespace is enough for some of its checks",
	    [CAP_INIT] = "checked in the initial user namespace only: a grant would be dead",
	    [CAP_NET] = "checked in the owner of the network namespace: dead with `net host`",
	};
	const struct capdef *c = cap_by_name(name);

	if (!c)
		return false;
	buf_printf(b, "%s: capability %d\n  opens: %s\n  risk: %s\n  where: %s\n  needs `unsafe`: %s\n",
		   c->name, c->nr, c->gates, c->risk, scope[c->scope],
		   unsafe_find(UNSAFE_RULE, "cap")->reason);
	return true;
}
