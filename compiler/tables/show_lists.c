/* show_lists.c - `abpc show --table NAME`: a whole table, one row a line; abp-tables(7) is made of them. */
#include <string.h>

#include "compiler/tables/tables.h"

static void list_groups(struct buf *b)
{
	for (size_t i = 0; i < group_count(); i++) {
		if (i)
			buf_putc(b, '\n');
		show_group(b, group_at(i)->name);
	}
}

static void list_caps(struct buf *b)
{
	for (size_t i = 0; nth_cap(i); i++) {
		if (i)
			buf_putc(b, '\n');
		show_cap(b, nth_cap(i));
	}
}

static void list_limits(struct buf *b)
{
	for (size_t i = 0; nth_limit(i); i++) {
		const struct limitdef *l = limit_by_name(nth_limit(i));

		buf_printf(b, "%-12s %s%s: %s\n", l->name, unit_name(l->unit),
			   l->mandatory ? ", mandatory" : "", l->help);
		buf_printf(b, "             held by %s", l->object);
		if (l->has_default)
			buf_printf(b, "; default %llu", (unsigned long long)l->def);
		buf_putc(b, '\n');
	}
}

static void list_settings(struct buf *b)
{
	for (size_t i = 0; i < setting_count(); i++) {
		const struct settingdef *s = setting_at(i);

		buf_printf(b, "%-12s %s%s\n", s->key, s->help, s->repeat ? "; may repeat" : "");
		if (s->values)
			buf_printf(b, "             %s%s\n", s->values,
				   s->ordered ? " (narrowest first)" : "");
	}
}

static void list_devices(struct buf *b)
{
	for (size_t i = 0; nth_device(i); i++)
		buf_printf(b, "%-12s %s\n", nth_device(i), device_help(nth_device(i)));
}

static void list_walls(struct buf *b)
{
	for (size_t i = 0; i < wall_count(); i++) {
		const struct wallrow *w = wall_at(i);

		buf_printf(b, "%-8s %-8s %-12s %-6s %s", kind_name(w->kind), w->verb ? w->verb : "",
			   wall_name(w->wall), claim_name(w->claim), w->example ? w->example : "");
		if (w->when)
			buf_printf(b, " [%s]", w->when);
		buf_putc(b, '\n');
	}
}

static void list_unsafe(struct buf *b)
{
	static const char *const kinds[] = {
	    [UNSAFE_CALL] = "call", [UNSAFE_WRITE] = "write", [UNSAFE_FAMILY] = "family",
	    [UNSAFE_TYPE] = "type", [UNSAFE_RULE] = "rule",   [UNSAFE_ENV] = "variable",
	};

	for (int k = 0; k < (int)(sizeof kinds / sizeof *kinds); k++) {
		size_t n;
		const struct unsafe *u = unsafe_rows((enum unsafe_kind)k, &n);

		for (size_t i = 0; i < n; i++) {
			buf_printf(b, "%-8s %s: %s\n", kinds[k], u[i].what, u[i].reason);
			if (u[i].cond)
				buf_printf(b, "         unless %s\n", u[i].cond);
		}
	}
}

static void list_answers(struct buf *b)
{
	for (size_t i = 0; nth_syscall(i); i++)
		if (answer_enosys(nth_syscall(i)))
			buf_printf(b, "%-20s %s\n", nth_syscall(i), answer_enosys(nth_syscall(i)));
}

static void list_implied(struct buf *b)
{
	for (int c = 0; c < N_CAUSES; c++) {
		size_t n;
		const struct callrow *rows = implied_calls((enum cause)c, &n);

		buf_printf(b, "%s%s:\n", c ? "\n" : "", cause_name((enum cause)c));
		for (size_t i = 0; i < n; i++)
			buf_printf(b, "  %s%s%s%s: %s\n", rows[i].call, rows[i].cond ? "(" : "",
				   rows[i].cond ? rows[i].cond : "", rows[i].cond ? ")" : "", rows[i].reason);
	}
}

static void list_sockopts(struct buf *b)
{
	size_t n;
	const struct sockopt *o = sockopts(&n);

	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%-8s %-12s %-22s %s%s%s: %s\n", cause_name(o[i].cause), o[i].level,
			   o[i].optname, o[i].get ? "get" : "", o[i].get && o[i].set ? " " : "",
			   o[i].set ? "set" : "", o[i].reason);
}

static const struct {
	const char *name;
	void (*list)(struct buf *b);
} lists[] = {
    {"answers", list_answers},	 {"caps", list_caps},	      {"devices", list_devices},
    {"groups", list_groups},	 {"implied", list_implied},   {"limits", list_limits},
    {"settings", list_settings}, {"sockopts", list_sockopts}, {"unsafe", list_unsafe},
    {"walls", list_walls},
};

const char *nth_list(size_t i)
{
	return i < sizeof lists / sizeof *lists ? lists[i].name : NULL;
}

bool show_list(struct buf *b, const char *name)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (!strcmp(lists[i].name, name)) {
			lists[i].list(b);
			return true;
		}
	return false;
}
