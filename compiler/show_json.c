/* show_json.c - `abpc show --json`: blocked counts, settings, limits and every grant, for machines. */
#include "compiler/base/json.h"
#include "compiler/check.h"
#include "compiler/law.h"

static void json_blocked(struct sets *s, const struct model *m, struct jw *w)
{
	unsigned denied, partly, total;

	jw_object(w, "blocked");
	jw_array(w, "system_calls");
	for (unsigned arch = 0; arch < N_ARCH; arch++) {
		if (!(m->archs & 1u << arch))
			continue;
		denied_calls(m, (enum arch)arch, &denied, &partly, &total);
		jw_object(w, NULL);
		jw_string(w, "arch", arch_table[arch].name);
		jw_uint(w, "denied", denied);
		jw_uint(w, "by_arguments", partly);
		jw_uint(w, "of", total);
		jw_end(w);
	}
	jw_end(w);
	jw_uint(w, "capabilities", N_CAPS - (unsigned)__builtin_popcountll(m->all.k[K_CAP].bits));
	jw_uint(w, "capabilities_of", N_CAPS);
	jw_uint(w, "address_families", denied_families(s, m, &total));
	jw_uint(w, "address_families_of", total);
	jw_end(w);
}

static void json_run(const struct model *m, struct jw *w)
{
	static const char *const stdio[] = {"pipe", "null", "inherit", "tty"};
	const struct settings *r = &m->run;

	jw_object(w, "run");
	jw_string(w, "net", net_name(r->net));
	jw_string(w, "stdio", stdio[r->stdio]);
	jw_uint(w, "uid", r->uid);
	jw_uint(w, "gid", r->gid);
	jw_bool(w, "user_is_default", !r->has_user);
	jw_string(w, "workdir", r->workdir);
	jw_string(w, "hostname", r->hostname);
	jw_string(w, "program", r->program);
	jw_string(w, "on_deny", r->on_deny_kill ? "kill" : "errno");
	jw_end(w);
}

/* Units as in struct abpb_limit: bytes, counts, percent of one CPU, milliseconds; null: unlimited. */
static void json_limits(const struct model *m, struct jw *w)
{
	jw_object(w, "limits");
	for (unsigned i = 0; i < MODEL_RESOURCES; i++) {
		const struct limitdef *l = limit_at((enum abpb_resource)i);

		if (l && m->limits[i].set)
			jw_uint(w, l->name, m->limits[i].value);
		else if (l)
			jw_null(w, l->name);
	}
	jw_end(w);
}

static void json_grant(struct sets *s, const struct model *m, const struct grant *g, struct jw *w)
{
	jw_object(w, NULL);
	jw_string(w, "wall", grant_wall(m, g));
	jw_string(w, "item", g->text);
	jw_string(w, "where", g->at.src ? grant_where(s->a, g) : NULL);
	jw_string(w, "because", g->because);
	jw_bool(w, "unsafe", g->is_unsafe);
	jw_string(w, "imported", g->origin ? origin_chain(s->a, g->origin) : NULL);
	jw_string(w, "implied_by",
		  g->implied_by >= 0   ? m->grants.v[g->implied_by].text
		  : g->kind == G_FLOOR ? "floor"
				       : NULL);
	jw_end(w);
}

void show_json(struct sets *s, const struct model *m, struct buf *out)
{
	static const char *const kind[] = {"policy", "module", "ceiling"};
	struct jw w = jw_new(out);

	jw_object(&w, NULL);
	jw_string(&w, "schema", "abp-show/1");
	jw_string(&w, "kind", kind[m->kind]);
	jw_string(&w, "name", m->name);
	jw_string(&w, "version", m->version);
	jw_string(&w, "title", m->title);
	jw_string(&w, "owner", m->owner);
	jw_hex(&w, "sha256", m->source_sha256, sizeof m->source_sha256);
	json_blocked(s, m, &w);
	json_run(m, &w);
	json_limits(m, &w);
	jw_array(&w, "grants");
	for (uint32_t i = 0; i < m->grants.n; i++)
		json_grant(s, m, &m->grants.v[i], &w);
	jw_end(&w);
	jw_array(&w, "missing_walls");
	for (uint32_t i = 0; i < m->missing.n; i++) {
		jw_object(&w, NULL);
		jw_string(&w, "wall", m->missing.v[i].wall);
		jw_string(&w, "item", m->missing.v[i].what);
		jw_string(&w, "where", model_where(s->a, m->missing.v[i].at));
		jw_end(&w);
	}
	jw_end(&w);
	jw_end(&w);
}
