/*
 * resolve_env.c - `env` lines: what the program finds in its environment.
 */
#include "compiler/resolve.h"

#include <ctype.h>
#include <string.h>

bool env_name_ok(struct resolver *r, const struct lexeme *x)
{
	bool ok = isalpha((unsigned char)x->text[0]) || x->text[0] == '_';
	for (const char *p = x->text; *p; p++)
		ok &= isalnum((unsigned char)*p) || *p == '_';
	if (ok)
		return true;
	diag_error(r->d, x->at, "ABP-ENV-001", "`%s` is not a variable name", x->text);
	diag_help(r->d, "names are letters, digits and `_`, exact and without wildcards: pass LANG TERM");
	return false;
}

static void pass_grants(struct resolver *r, const struct line *l)
{
	uint32_t n = any_alone(r, &l->items) ? l->items.n : 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct lexeme *x = &l->items.v[i];
		struct grant g;
		bool any = lex_is(x, "any");
		if (any && !in_ceiling(r)) {
			diag_error(r->d, x->at, "ABP-ENV-004",
				   "`any` is legal in a ceiling or a pattern only");
			diag_help(r->d, "name the variables: pass LANG TERM");
			continue;
		}
		if (!env_name_ok(r, x) || !grant_begin(r, &g, G_PASS, l, x->at))
			continue;
		if (any)
			grant_dfa(r, &g, K_ENV, dfa_all(r->a));
		else
			grant_string(r, &g, K_ENV, x->text);
		g.u.place.pattern = x->text;
		g.text = arena_printf(r->a, "pass %s", x->text);
		grant_add(r, &g);
	}
}

static bool policy_only(struct resolver *r, const struct line *l)
{
	if (r->cur->u->kind == UNIT_POLICY)
		return true;
	diag_error(r->d, l->at, "ABP-ENV-002", "`%s` belongs to a policy: it is a setting", l->verb.text);
	diag_help(r->d, "move the line to the policy");
	return false;
}

static void set_line(struct resolver *r, const struct line *l)
{
	const struct lexeme *key = &l->items.v[0];
	struct model *m = r->m;
	if (!policy_only(r, l) || !env_name_ok(r, key))
		return;
	for (uint32_t i = 0; i < m->sets.n; i++)
		if (!strcmp(m->sets.v[i].name, key->text)) {
			diag_error(r->d, key->at, "ABP-ENV-003", "a second value for %s", key->text);
			diag_also(r->d, m->sets.v[i].at, "the first one");
			diag_help(r->d, "keep one of them");
			return;
		}
	vec_push(r->a, &m->sets, ((struct envset){key->text, l->items.v[1].text, l->at}));
}

static void secret_line(struct resolver *r, const struct line *l)
{
	const struct lexeme *name = &l->items.v[0], *fd = &l->items.v[1];
	struct model *m = r->m;
	uint64_t v;
	if (!policy_only(r, l) || !env_name_ok(r, name))
		return;
	if (!num_value(fd->text, ABP_FD_MAX_PASS, &v) || v < 3) {
		diag_error(r->d, fd->at, "ABP-ENV-005", "descriptor %s is not from 3 to 199", fd->text);
		diag_help(r->d, "write secret %s from fd 3", name->text);
		return;
	}
	for (uint32_t i = 0; i < m->secrets.n; i++)
		if (!strcmp(m->secrets.v[i].name, name->text)) {
			diag_error(r->d, name->at, "ABP-ENV-003", "a second value for %s", name->text);
			diag_also(r->d, m->secrets.v[i].at, "the first one");
			diag_help(r->d, "keep one of them");
			return;
		}
	vec_push(r->a, &m->secrets, ((struct secret){name->text, (uint32_t)v, l->at}));
}

void env_line(struct resolver *r, const struct line *l)
{
	if (l->kind == LINE_PASS)
		pass_grants(r, l);
	else if (l->kind == LINE_SET)
		set_line(r, l);
	else if (l->kind == LINE_SECRET)
		secret_line(r, l);
}
