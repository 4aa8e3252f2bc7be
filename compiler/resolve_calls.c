/*
 * resolve_calls.c - `syscalls` and `caps` lines: names to numbers, groups to calls.
 */
#include "compiler/resolve.h"
#include "grammar/parse.h"

#include <string.h>

enum { NO_NR = 0xffff };

/* CLONE_NEW* bits (include/uapi/linux/sched.h); NEWTIME is a signal number in clone(2). */
#define NEW_CLONE 0x7e020000u
#define NEW_UNSHARE 0x7e020080u

static const struct sysdef *call_find(struct resolver *r, const struct lexeme *x)
{
	const struct sysdef *sys = syscall_by_name(x->text);
	if (!sys) {
		diag_error(r->d, x->at, "ABP-SYS-001", "unknown system call `%s`", x->text);
		const char *near = syscall_suggest(x->text);
		if (near)
			diag_help(r->d, "did you mean `%s`?", near);
		else
			diag_help(r->d,
				  "`abpc show --groups` lists the groups, `abpc show --call NAME` one call");
		return NULL;
	}
	const char *why = syscall_unfiltered(x->text);
	if (!why)
		return sys;
	diag_error(r->d, x->at, "ABP-SYS-014", "the kernel never filters %s: no policy decides it", x->text);
	diag_help(r->d, "delete it: %s", why);
	return NULL;
}

static bool on_target(struct resolver *r, const struct sysdef *sys, unsigned archs, struct span at)
{
	struct buf b = buf_new(r->a);
	for (unsigned i = 0; i < N_ARCH; i++) {
		if (archs >> i & 1 && sys->nr[i] != SYS_NONE)
			return true;
		if (archs >> i & 1)
			buf_printf(&b, "%s%s", b.len ? " and " : "", arch_table[i].name);
	}
	diag_error(r->d, at, "ABP-SYS-003", "%s does not exist on %s", sys->name, buf_str(&b));
	for (unsigned i = 0; i < N_ARCH; i++)
		if (sys->nr[i] != SYS_NONE)
			diag_help(r->d, "it exists on %s only: build with --arch %s, or delete it",
				  arch_table[i].name, arch_table[i].name);
	return false;
}

static bdd with_nr(struct sets *s, int nr, bdd args)
{
	return bdd_and(s->t, bdd_range(s->t, F_SYS_NR, (uint64_t)nr, (uint64_t)nr), args);
}

/* The arguments that make or join a namespace; BDD_NONE: never. */
static bdd namespace_args(struct sets *s, const struct sysdef *sys, enum arch arch)
{
	if (!strcmp(sys->name, "setns"))
		return BDD_ALL;
	bool clone = !strcmp(sys->name, "clone");
	if (!clone && strcmp(sys->name, "unshare"))
		return BDD_NONE;
	int reg = syscall_arg_reg(sys, arch, "flags");
	if (reg < 0)
		return BDD_NONE;
	return bdd_masked_range(s->t, f_sys_arg32((unsigned)reg), clone ? NEW_CLONE : NEW_UNSHARE, 1,
				UINT32_MAX);
}

static void namespace_error(struct resolver *r, const struct sysdef *sys, const struct call *c)
{
	const char *more = !strcmp(sys->name, "unshare") ? "|CLONE_NEWTIME" : "";
	const char *mask = arena_printf(r->a, "flags & (" NEW_NAMESPACES "%s) == 0", more);
	if (!strcmp(sys->name, "setns")) {
		diag_error(r->d, c->name.at, "ABP-SYS-015",
			   "setns joins namespaces: not grantable in version 1");
		diag_help(r->d, "delete setns; the run has its own namespaces already");
		return;
	}
	diag_error(r->d, c->name.at, "ABP-SYS-016",
		   "the flags of %s can hold a CLONE_NEW* bit: new namespaces are not grantable in version 1",
		   sys->name);
	if (!c->cond) {
		diag_help(r->d, "write `%s(%s)`", sys->name, mask);
		return;
	}
	const char *text = call_text(r->a, "", c);
	const char *cond = strchr(text, '(') + 1;
	int len = (int)strlen(cond) - 1;
	bool par = c->cond->kind == COND_OR;
	diag_help(r->d, "write `%s(%s%.*s%s and %s)`", sys->name, par ? "(" : "", len, cond, par ? ")" : "",
		  mask);
}

/* Fill g's call, terms and set on its architectures; false: an error is queued. */
static bool call_build(struct resolver *r, struct grant *g, const struct sysdef *sys, const struct call *c)
{
	struct sets *s = r->s;
	for (unsigned i = 0; i < N_ARCH; i++) {
		g->u.call.nr[i] = NO_NR;
		if (!(g->arch >> i & 1) || sys->nr[i] == SYS_NONE)
			continue;
		if (!cond_terms(r, sys, (enum arch)i, c->cond, &g->u.call.terms[i]))
			return false;
		bdd args = terms_set(s, &g->u.call.terms[i]);
		bdd ns = namespace_args(s, sys, (enum arch)i);
		if (ns != BDD_NONE && !bdd_disjoint(s->t, args, ns)) {
			namespace_error(r, sys, c);
			return false;
		}
		g->u.call.nr[i] = (uint16_t)sys->nr[i];
		g->set.k[K_SYS_X86_64 + i].b = with_nr(s, sys->nr[i], args);
	}
	return true;
}

/*
 * Calls whose other events no wall but the filter decides: who writes `allow socket` grants those sockets.  A
 * ceiling's calls stay calls: it names sockets by `socket`.
 */
static void call_events(struct resolver *r, struct grant *g, const struct sysdef *sys)
{
	bool socket = !strcmp(sys->name, "socket"), pair = !strcmp(sys->name, "socketpair");
	for (unsigned i = 0; i < N_ARCH && (socket || pair) && !in_ceiling(r); i++) {
		if (g->u.call.nr[i] == NO_NR)
			continue;
		bdd set = call_sockets(r->s, sys, (enum arch)i, &g->u.call.terms[i]);
		bdd local = bdd_range(r->s->t, F_SOCK_FAMILY, 1, 1); /* AF_UNIX */
		if (socket)
			g->set.k[K_SOCK].b = bdd_or(r->s->t, g->set.k[K_SOCK].b, set);
		else if (!bdd_disjoint(r->s->t, set, local))
			g->set.k[K_UNIX_PAIR].bits = 1;
	}
}

static void call_grant(struct resolver *r, const struct line *l, const struct call *c)
{
	const struct sysdef *sys = call_find(r, &c->name);
	struct grant g;
	if (!sys || !grant_begin(r, &g, G_CALL, l, c->name.at))
		return;
	if (!on_target(r, sys, g.arch, c->name.at) || !call_build(r, &g, sys, c))
		return;
	call_events(r, &g, sys);
	g.text = call_text(r->a, "allow", c);
	grant_add(r, &g);
}

/* The condition of one row of tables/; NULL: it has none. */
static const struct cond *table_cond(struct resolver *r, const char *call, const char *cond)
{
	if (!cond)
		return NULL;
	const char *text =
	    arena_printf(r->a, "abp 1\nmodule abp.tables 1.0.0 { syscalls { allow %s(%s) } }\n", call, cond);
	const struct source *src = source_text(r->a, TABLES_SOURCE, text, strlen(text));
	const struct unit *u = abp_parse(r->a, r->d, src);
	if (!u || !u->stmts.n || !u->stmts.v[0]->lines.n || !u->stmts.v[0]->lines.v[0]->calls.n)
		return NULL;
	return u->stmts.v[0]->lines.v[0]->calls.v[0].cond;
}

static struct call row_call(struct resolver *r, const struct callrow *row, struct span at)
{
	struct call c = {
	    .name = {.kind = LEX_WORD, .text = row->call, .len = (uint32_t)strlen(row->call), .at = at}};
	c.cond = (struct cond *)(uintptr_t)table_cond(r, row->call, row->cond);
	return c;
}

static bool some_arch(const struct sysdef *sys, unsigned archs)
{
	for (unsigned i = 0; i < N_ARCH; i++)
		if (archs >> i & 1 && sys->nr[i] != SYS_NONE)
			return true;
	return false;
}

static const struct groupdef *group_find(struct resolver *r, const struct lexeme *x)
{
	const struct groupdef *grp = group_by_name(x->text);
	if (grp)
		return grp;
	diag_error(r->d, x->at, "ABP-SYS-002", "unknown group `%s`", x->text);
	const char *near = nearest(x->text, nth_group);
	if (near)
		diag_help(r->d, "did you mean `%s`?", near);
	else
		diag_help(r->d, "`abpc show --groups` lists them");
	return NULL;
}

static void group_grants(struct resolver *r, const struct line *l, const struct call *c)
{
	const struct groupdef *grp = group_find(r, &c->name);
	for (size_t i = 0; grp && i < grp->n; i++) {
		const struct sysdef *sys = syscall_by_name(grp->members[i].call);
		struct grant g;
		if (!sys || !grant_begin(r, &g, G_CALL, l, c->name.at) || !some_arch(sys, g.arch))
			continue;
		struct call m = row_call(r, &grp->members[i], c->name.at);
		if (!call_build(r, &g, sys, &m))
			continue;
		call_events(r, &g, sys);
		g.text = call_text(r->a, "allow", &m);
		grant_add(r, &g);
	}
}

/* `any` of a ceiling: every call the table knows; namespaces stay out. */
static void any_grants(struct resolver *r, const struct line *l, const struct call *c)
{
	for (size_t i = 0; i < syscall_count(); i++) {
		const struct sysdef *sys = syscall_at(i);
		struct grant g;
		if (syscall_unfiltered(sys->name) || !strcmp(sys->name, "setns"))
			continue;
		if (!grant_begin(r, &g, G_CALL, l, c->name.at) || !some_arch(sys, g.arch))
			continue;
		struct callrow row = {.call = sys->name};
		if (!strcmp(sys->name, "clone"))
			row.cond = "flags & (" NEW_NAMESPACES ") == 0";
		if (!strcmp(sys->name, "unshare"))
			row.cond = "flags & (" NEW_NAMESPACES "|CLONE_NEWTIME) == 0";
		struct call m = row_call(r, &row, c->name.at);
		if (!call_build(r, &g, sys, &m))
			continue;
		g.text = call_text(r->a, "allow", &m);
		grant_add(r, &g);
	}
}

void calls_line(struct resolver *r, const struct line *l)
{
	for (uint32_t i = 0; i < l->calls.n; i++) {
		const struct call *c = &l->calls.v[i];
		if (c->name.kind == LEX_GROUP) {
			group_grants(r, l, c);
		} else if (!strcmp(c->name.text, "any") && !c->cond) {
			if (in_ceiling(r)) {
				any_grants(r, l, c);
				continue;
			}
			diag_error(r->d, c->name.at, "ABP-SYS-018", "`any` is legal in a ceiling only");
			diag_help(r->d, "name calls or a group: allow @memory read write");
		} else {
			call_grant(r, l, c);
		}
	}
}

void calls_implied(struct resolver *r, const char *call, const char *cond, struct grant *proto)
{
	const struct sysdef *sys = syscall_by_name(call);
	if (!sys || !some_arch(sys, proto->arch))
		return;
	struct callrow row = {.call = call, .cond = cond};
	struct call c = row_call(r, &row, proto->at);
	struct grant g = *proto;
	if (!call_build(r, &g, sys, &c))
		return;
	g.text = cond ? arena_printf(r->a, "allow %s(%s)", call, cond) : arena_printf(r->a, "allow %s", call);
	grant_add(r, &g);
}

static bool pattern_one(struct resolver *r, const struct sysdef *sys, const struct call *c, struct evset *out)
{
	for (unsigned i = 0; i < N_ARCH; i++) {
		if (!(r->m->archs >> i & 1) || sys->nr[i] == SYS_NONE)
			continue;
		term_list t = {0};
		if (!cond_terms(r, sys, (enum arch)i, c->cond, &t))
			return false;
		bdd set = with_nr(r->s, sys->nr[i], terms_set(r->s, &t));
		bdd *b = &out->k[K_SYS_X86_64 + i].b;
		*b = bdd_or(r->s->t, *b, set);
	}
	return true;
}

bool calls_pattern(struct resolver *r, const struct call *c, struct evset *out)
{
	if (c->name.kind == LEX_GROUP) {
		const struct groupdef *grp = group_find(r, &c->name);
		for (size_t i = 0; grp && i < grp->n; i++) {
			const struct sysdef *sys = syscall_by_name(grp->members[i].call);
			struct call m = row_call(r, &grp->members[i], c->name.at);
			if (sys)
				pattern_one(r, sys, &m, out);
		}
		return grp != NULL;
	}
	if (!strcmp(c->name.text, "any") && !c->cond) {
		for (unsigned i = 0; i < N_ARCH; i++)
			out->k[K_SYS_X86_64 + i].b = r->m->archs >> i & 1 ? BDD_ALL : BDD_NONE;
		return true;
	}
	const struct sysdef *sys = call_find(r, &c->name);
	return sys && pattern_one(r, sys, c, out);
}

static uint64_t cap_bits(struct resolver *r, const struct lexeme *x)
{
	const struct capdef *c = cap_by_name(x->text);
	if (c)
		return (uint64_t)1 << c->nr;
	if (lex_is(x, "any")) {
		diag_error(r->d, x->at, "ABP-SYS-018", "`any` is legal in a ceiling or a pattern only");
		diag_help(r->d, "name the capability: allow NET_BIND_SERVICE unsafe");
		return 0;
	}
	diag_error(r->d, x->at, "ABP-SYS-020", "unknown capability `%s`", x->text);
	const char *bare = !strncmp(x->text, "CAP_", 4) ? x->text + 4 : x->text;
	const char *near = cap_by_name(bare) ? bare : nearest(bare, nth_cap);
	if (near)
		diag_help(r->d, "write `%s`", near);
	else
		diag_help(r->d, "names are those of capabilities(7) without CAP_: NET_BIND_SERVICE");
	return 0;
}

void caps_line(struct resolver *r, const struct line *l)
{
	uint32_t n = any_alone(r, &l->items) ? l->items.n : 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct lexeme *x = &l->items.v[i];
		struct grant g;
		bool any = lex_is(x, "any") && in_ceiling(r);
		if (!grant_begin(r, &g, G_CAP, l, x->at))
			return;
		g.set.k[K_CAP].bits = any ? ((uint64_t)1 << N_CAPS) - 1 : cap_bits(r, x);
		if (!g.set.k[K_CAP].bits)
			continue;
		g.text = arena_printf(r->a, "allow %s", x->text);
		grant_add(r, &g);
	}
}

bool caps_pattern(struct resolver *r, const struct lexeme *x, struct evset *out)
{
	out->k[K_CAP].bits = lex_is(x, "any") ? ((uint64_t)1 << N_CAPS) - 1 : cap_bits(r, x);
	return out->k[K_CAP].bits != 0;
}
