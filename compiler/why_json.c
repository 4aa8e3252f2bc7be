/* why_json.c - `abpc why --json`: the answer for machines. */
#include "compiler/base/json.h"
#include "compiler/check.h"
#include "compiler/law.h"

static void json_grant(struct sets *s, struct jw *w, const struct grant *g)
{
	jw_object(w, NULL);
	jw_string(w, "item", g ? g->text : "a default, no line limits it");
	jw_string(w, "where", g && g->at.src ? grant_where(s->a, g) : NULL);
	jw_string(w, "because", g ? g->because : NULL);
	jw_string(w, "imported", g && g->origin ? origin_chain(s->a, g->origin) : NULL);
	jw_string(w, "implied", g ? g->implied_why : NULL);
	jw_end(w);
}

enum { MAX_BY = 64 };

static void json_allowed(struct sets *s, const struct model *m, struct evset left, struct jw *w)
{
	struct event e;

	jw_object(w, "allowed");
	evset_witness(s, &left, &e);
	jw_string(w, "event", event_text(s, &e));
	jw_array(w, "by");
	for (unsigned n = 0; n < MAX_BY && evset_witness(s, &left, &e); n++) {
		const struct grant *g = grant_of(s, m, &e);

		json_grant(s, w, g);
		if (!g)
			break;
		left = evset_diff(s, &left, &g->set);
	}
	jw_end(w);
	jw_end(w);
}

static void json_breaks(struct sets *s, const struct model *m, const struct event *e, struct jw *w)
{
	jw_array(w, "forbidden_by");
	for (uint32_t i = 0; i < m->nevers.n; i++) {
		const struct pattern *p = &m->nevers.v[i];

		if (!evset_has(s, &p->set, e))
			continue;
		jw_object(w, NULL);
		jw_string(w, "item", arena_printf(s->a, "never %s", p->text));
		jw_string(w, "where", model_where(s->a, p->at));
		jw_string(w, "imported", p->origin ? origin_chain(s->a, p->origin) : NULL);
		jw_end(w);
	}
	for (uint32_t i = 0; i < m->ceilings.n; i++) {
		if (evset_has(s, &m->ceilings.v[i].m->all, e))
			continue;
		jw_object(w, NULL);
		jw_string(w, "item", arena_printf(s->a, "within %s", m->ceilings.v[i].name));
		jw_string(w, "where", model_where(s->a, m->ceilings.v[i].at));
		jw_null(w, "imported");
		jw_end(w);
	}
	jw_end(w);
}

static void json_denied(struct sets *s, const struct model *m, const struct event *e, struct jw *w)
{
	const char *why, *would = would_text(s, m, e, &why);

	jw_object(w, "denied");
	jw_string(w, "event", event_text(s, e));
	jw_string(w, "sees", denial_text(s, m, e));
	jw_string(w, "would_allow", would);
	jw_string(w, "unsafe", why);
	json_breaks(s, m, e, w);
	jw_end(w);
}

static void json_walls(struct jw *w, enum ekind k)
{
	jw_array(w, "walls");
	for (unsigned i = 0; i < N_WALLS; i++) {
		const struct wallrow *row = wall_of_kind(k, (enum wall)i);

		if (!row)
			continue;
		jw_object(w, NULL);
		jw_string(w, "wall", wall_name(row->wall));
		jw_string(w, "claim", claim_name(row->claim));
		jw_string(w, "when", row->when);
		jw_end(w);
	}
	jw_end(w);
}

static int json_pattern(struct sets *s, const struct model *m, const struct pattern *p, struct jw *w)
{
	struct evset in = evset_and(s, &p->set, &m->all), rest = evset_diff(s, &p->set, &m->all);
	struct event yes, no;
	bool some = evset_witness(s, &in, &yes), not_all = evset_witness(s, &rest, &no);

	jw_object(w, NULL);
	jw_string(w, "pattern", p->text);
	jw_string(w, "verdict", some && not_all ? "partly" : some ? "allowed" : "denied");
	if (some)
		json_allowed(s, m, in, w);
	if (not_all)
		json_denied(s, m, &no, w);
	if (some || not_all)
		json_walls(w, some ? yes.kind : no.kind);
	jw_end(w);
	return !some || not_all;
}

int why_json(struct sets *s, const struct model *m, const pattern_list *p, struct buf *out)
{
	struct jw w = jw_new(out);
	int denied = 0;

	jw_object(&w, NULL);
	jw_string(&w, "schema", "abp-why/1");
	jw_string(&w, "policy", m->name);
	jw_string(&w, "version", m->version);
	jw_array(&w, "answers");
	for (uint32_t i = 0; i < p->n; i++)
		denied |= json_pattern(s, m, &p->v[i], &w);
	jw_end(&w);
	jw_end(&w);
	return denied;
}
