/*
 * model.c - a model as one self-contained text, and equality of models.
 */
#include "compiler/model.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/constname.h"

const char *model_where(struct arena *a, struct span at)
{
	if (!at.src)
		return "(default)";
	return arena_printf(a, "%s:%u", at.src->name, span_line(at));
}

typedef VEC(const char *) lines;

static int line_cmp(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Sorted, each once. */
static void lines_sort(lines *l)
{
	uint32_t n = 0;
	if (l->n > 1)
		qsort(l->v, l->n, sizeof *l->v, line_cmp);
	for (uint32_t i = 0; i < l->n; i++)
		if (!n || strcmp(l->v[n - 1], l->v[i]) != 0)
			l->v[n++] = l->v[i];
	l->n = n;
}

static void string_put(struct buf *b, const char *s)
{
	buf_putc(b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_putc(b, '\\');
		buf_putc(b, *s);
	}
	buf_putc(b, '"');
}

static void block_put(struct buf *b, const char *head, const lines *l)
{
	if (!l->n)
		return;
	buf_printf(b, "    %s {\n", head);
	for (uint32_t i = 0; i < l->n; i++)
		buf_printf(b, "        %s\n", l->v[i]);
	buf_puts(b, "    }\n");
}

/* ---- grants ----------------------------------------------------------- */

static const char *tail_of(struct arena *a, const struct grant *g, const char *on)
{
	struct buf b = buf_new(a);
	if (on)
		buf_printf(&b, " on %s", on);
	buf_puts(&b, g->is_unsafe ? " unsafe" : "");
	if (g->because) {
		buf_puts(&b, " because ");
		string_put(&b, g->because);
	}
	return buf_str(&b);
}

/* "allow NAME(cond)" on one architecture; NULL: not there. */
static const char *call_on(struct arena *a, const struct grant *g, enum arch arch)
{
	uint16_t nr = g->u.call.nr[arch];
	const struct sysdef *sys = nr == 0xffff ? NULL : syscall_by_nr(arch, nr);
	const term_list *t = &g->u.call.terms[arch];
	if (!sys)
		return NULL;
	struct buf b = buf_new(a);
	buf_printf(&b, "allow %s", sys->name);
	for (uint32_t i = 0; i < t->n && t->v[i].atoms.n; i++) {
		buf_puts(&b, i ? " or " : "(");
		term_print(&b, arch, nr, &t->v[i]);
	}
	buf_puts(&b, t->n && t->v[0].atoms.n ? ")" : "");
	return buf_str(&b);
}

/* One line if the words are the same wherever the call exists, else one an architecture. */
static void call_lines(struct arena *a, const struct model *m, const struct grant *g, lines *out)
{
	const char *text[N_ARCH] = {NULL}, *any = NULL;
	bool same = true;
	for (unsigned i = 0; i < N_ARCH; i++) {
		text[i] = call_on(a, g, (enum arch)i);
		any = any ? any : text[i];
	}
	for (unsigned i = 0; i < N_ARCH; i++) {
		const struct sysdef *sys =
		    any ? syscall_by_name(arena_strndup(a, any + 6, strcspn(any + 6, "("))) : NULL;
		bool exists = sys && sys->nr[i] != SYS_NONE && m->archs >> i & 1;
		same &= text[i] ? !strcmp(text[i], any) : !exists;
	}
	if (same && any)
		vec_push(a, out, arena_printf(a, "%s%s", any, tail_of(a, g, NULL)));
	for (unsigned i = 0; i < N_ARCH && !same; i++)
		if (text[i])
			vec_push(a, out, arena_printf(a, "%s%s", text[i], tail_of(a, g, arch_table[i].name)));
}

enum block { B_PATHS, B_PORTS, B_SYSCALLS, B_CAPS, B_ENV, B_NONE };

static enum block block_of(enum grant_kind k)
{
	switch (k) {
	case G_PATH:
	case G_SCRATCH:
	case G_DEVICE:
	case G_SYMLINK:
		return B_PATHS;
	case G_NET:
	case G_SOCK:
	case G_UNIX:
	case G_HOST:
	case G_PROXY:
		return B_PORTS;
	case G_CALL:
		return B_SYSCALLS;
	case G_CAP:
		return B_CAPS;
	case G_PASS:
		return B_ENV;
	case G_SETTING_FD:
	case G_LIMIT:
	case G_FLOOR:
		break;
	}
	return B_NONE;
}

static void grant_lines(struct arena *a, const struct model *m, lines out[B_NONE])
{
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];
		enum block k = block_of(g->kind);
		if (g->implied_by >= 0 || k == B_NONE)
			continue;
		if (k == B_SYSCALLS)
			call_lines(a, m, g, &out[k]);
		else
			vec_push(a, &out[k], arena_printf(a, "%s%s", g->text, tail_of(a, g, NULL)));
	}
}

/* ---- settings --------------------------------------------------------- */

static const char *const net_words[] = {"none", "private", "relay", "host"};
static const char *const stdio_words[] = {"pipe", "null", "inherit", "tty"};

static void fd_lines(struct arena *a, const struct model *m, lines *l)
{
	for (uint32_t i = 0; i < m->grants.n; i++)
		if (m->grants.v[i].kind == G_SETTING_FD)
			vec_push(
			    a, l,
			    arena_printf(a, "%s%s", m->grants.v[i].text, tail_of(a, &m->grants.v[i], NULL)));
}

static const char *groups_line(struct arena *a, const struct settings *run)
{
	struct buf b = buf_new(a);
	buf_puts(&b, "groups");
	for (uint32_t i = 0; i < run->groups.n; i++)
		buf_printf(&b, " %u", run->groups.v[i]);
	return buf_str(&b);
}

static const char *net_line(struct arena *a, const struct settings *run)
{
	struct buf b = buf_new(a);
	buf_printf(&b, "net %s", net_words[run->net]);
	if (run->net_because) {
		buf_puts(&b, " because ");
		string_put(&b, run->net_because);
	}
	return buf_str(&b);
}

static const char *path_line(struct arena *a, const char *key, const char *name)
{
	struct buf b = buf_new(a);
	buf_printf(&b, "%s ", key);
	if (strpbrk(name, " \t#;{}(),=\"\\"))
		string_put(&b, name);
	else
		buf_puts(&b, name);
	return buf_str(&b);
}

static void run_lines(struct arena *a, const struct model *m, lines *l)
{
	const struct settings *run = &m->run;
	if (run->has_user)
		vec_push(a, l, arena_printf(a, "user %u:%u", run->uid, run->gid));
	if (run->groups.n)
		vec_push(a, l, groups_line(a, run));
	if (strcmp(run->workdir, "/") != 0)
		vec_push(a, l, path_line(a, "workdir", run->workdir));
	if (strcmp(run->hostname, "abp") != 0)
		vec_push(a, l, arena_printf(a, "hostname \"%s\"", run->hostname));
	if (run->has_net)
		vec_push(a, l, net_line(a, run));
	if (run->stdio != STDIO_PIPE)
		vec_push(a, l, arena_printf(a, "stdio %s", stdio_words[run->stdio]));
	if (run->on_deny_kill)
		vec_push(a, l, "on-deny kill");
	if (run->require_apparmor)
		vec_push(a, l, "require apparmor");
	if (run->require_readback)
		vec_push(a, l, "require filter-readback");
	if (run->landlock_abi)
		vec_push(a, l, arena_printf(a, "require landlock %u", run->landlock_abi));
	if (run->program)
		vec_push(a, l, path_line(a, "program", run->program));
	fd_lines(a, m, l);
}

static void env_lines(struct arena *a, const struct model *m, lines *l)
{
	for (uint32_t i = 0; i < m->sets.n; i++) {
		struct buf b = buf_new(a);
		buf_printf(&b, "set %s=", m->sets.v[i].name);
		string_put(&b, m->sets.v[i].value);
		vec_push(a, l, buf_str(&b));
	}
	for (uint32_t i = 0; i < m->secrets.n; i++)
		vec_push(a, l,
			 arena_printf(a, "secret %s from fd %u", m->secrets.v[i].name, m->secrets.v[i].fd));
}

static void limit_lines(struct arena *a, const struct model *m, lines *l)
{
	for (unsigned i = 0; i < MODEL_RESOURCES; i++) {
		const struct limitdef *def = limit_at((enum abpb_resource)i);
		struct buf b = buf_new(a);
		if (!m->limits[i].set)
			continue;
		buf_printf(&b, "%s ", def->name);
		amount_put(&b, def, m->limits[i].value);
		vec_push(a, l, buf_str(&b));
	}
}

/* ---- patterns --------------------------------------------------------- */

/* Without the remark on a symlink that was followed. */
static const char *pattern_text(struct arena *a, const struct pattern *p)
{
	const char *note = strstr(p->text, " (written ");
	return note ? arena_strndup(a, p->text, (size_t)(note - p->text)) : p->text;
}

static void never_lines(struct arena *a, const struct model *m, lines *l)
{
	for (uint32_t i = 0; i < m->nevers.n; i++) {
		struct buf b = buf_new(a);
		buf_puts(&b, pattern_text(a, &m->nevers.v[i]));
		if (m->nevers.v[i].because) {
			buf_puts(&b, " because ");
			string_put(&b, m->nevers.v[i].because);
		}
		vec_push(a, l, buf_str(&b));
	}
}

static void tests_put(struct arena *a, const struct model *m, struct buf *out)
{
	for (uint32_t i = 0; i < m->tests.n; i++) {
		struct buf head = buf_new(a);
		lines l = {0};
		buf_puts(&head, "test ");
		string_put(&head, m->tests.v[i].title);
		for (uint32_t k = 0; k < m->tests.v[i].lines.n; k++) {
			const struct test_line *t = &m->tests.v[i].lines.v[k];
			vec_push(
			    a, &l,
			    arena_printf(a, "%s %s", t->deny ? "deny" : "allow", pattern_text(a, &t->p)));
		}
		block_put(out, buf_str(&head), &l);
	}
}

void model_print(struct sets *s, const struct model *m, struct buf *out)
{
	static const char *const word[] = {"policy", "module", "ceiling"};
	static const char *const heads[B_NONE] = {"paths", "ports", "syscalls", "caps", "env"};
	struct arena *a = s->a;
	lines grants[B_NONE] = {{0}}, run = {0}, limits = {0}, nevers = {0};
	buf_printf(out, "abp 1\n\n%s %s %s {\n", word[m->kind], m->name, m->version);
	if (m->title) {
		buf_puts(out, "    title ");
		string_put(out, m->title);
		buf_putc(out, '\n');
	}
	if (m->owner) {
		buf_puts(out, "    owner ");
		string_put(out, m->owner);
		buf_putc(out, '\n');
	}
	for (uint32_t i = 0; i < m->ceilings.n; i++)
		buf_printf(out, "    # within %s\n", m->ceilings.v[i].name);
	grant_lines(a, m, grants);
	env_lines(a, m, &grants[B_ENV]);
	run_lines(a, m, &run);
	limit_lines(a, m, &limits);
	never_lines(a, m, &nevers);
	lines_sort(&run);
	lines_sort(&nevers);
	block_put(out, "run", &run);
	for (unsigned i = 0; i < B_NONE; i++) {
		lines_sort(&grants[i]);
		block_put(out, heads[i], &grants[i]);
	}
	block_put(out, "limits", &limits);
	block_put(out, "never", &nevers);
	tests_put(a, m, out);
	buf_puts(out, "}\n");
}

/* ---- equality --------------------------------------------------------- */

static bool same_text(const char *x, const char *y)
{
	return x && y ? !strcmp(x, y) : x == y;
}

static bool same_lines(const lines *x, const lines *y)
{
	if (x->n != y->n)
		return false;
	for (uint32_t i = 0; i < x->n; i++)
		if (strcmp(x->v[i], y->v[i]) != 0)
			return false;
	return true;
}

/* What the sets do not say: settings, sizes, links, slots, pins, marks. */
static lines facts(struct arena *a, const struct model *m)
{
	lines l = {0};
	run_lines(a, m, &l);
	limit_lines(a, m, &l);
	env_lines(a, m, &l);
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];
		const struct place *p = &g->u.place;
		bool marked = g->kind == G_PATH && (p->slot || p->submounts || p->digest || p->except.n);
		bool named = g->kind == G_NET && (g->u.net.as || g->u.net.local);
		if (g->kind == G_SCRATCH || g->kind == G_SYMLINK || g->kind == G_PROXY || marked || named)
			vec_push(a, &l, g->text);
	}
	lines_sort(&l);
	return l;
}

bool model_equal(struct sets *s, const struct model *x, const struct model *y)
{
	lines fx = facts(s->a, x), fy = facts(s->a, y);
	return x->kind == y->kind && x->archs == y->archs && same_text(x->name, y->name) &&
	       same_text(x->version, y->version) && x->run.net == y->run.net && same_lines(&fx, &fy) &&
	       evset_equal(&x->all, &y->all);
}
