#include "compiler/backends/launch/launch.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/backends/launch/judge.h"
#include "compiler/base/sha256.h"

/* ---- shared ----------------------------------------------------------- */

void judge_differs(struct judge *j, const char *what, const char *detail)
{
	diag_error(j->d, j->m->name_at, "ABP-INT-021", "the bundle does not say what the policy says: %s%s%s",
		   what, detail ? ": " : "", detail ? detail : "");
	j->good = false;
}

void judge_expect(struct judge *j, bool same, const char *what)
{
	if (!same)
		judge_differs(j, what, NULL);
}

bool judge_text_is(const struct judge *j, uint32_t off, const char *want)
{
	return strcmp(decode_string(&j->b, off), want ? want : "") == 0;
}

const char *judge_tree(struct arena *a, const char *dir)
{
	return arena_printf(a, "%s/**", strcmp(dir, "/") == 0 ? "" : dir);
}

bool judge_missing_wall(const struct model *m, const char *wall)
{
	for (uint32_t i = 0; i < m->missing.n; i++)
		if (strcmp(m->missing.v[i].wall, wall) == 0)
			return true;
	return false;
}

/* ---- settings and lists ----------------------------------------------- */

/* A granted memfd_create is a call of the model, on whatever architecture. */
static uint32_t meta_flags(const struct judge *j)
{
	const struct settings *r = &j->m->run;
	uint32_t flags = (r->on_deny_kill ? ABPB_FLAG_KILL : 0) | (r->has_user ? 0 : ABPB_FLAG_CALLER_ID) |
			 (r->net == NET_HOST ? 0 : ABPB_FLAG_ROOTLESS_OK);
	bdd local = bdd_range(j->s->t, F_SOCK_FAMILY, 1, 1); /* AF_UNIX */
	if (r->net == NET_HOST && !bdd_disjoint(j->s->t, j->m->all.k[K_SOCK].b, local))
		flags |= ABPB_FLAG_UNIX;
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		const struct sysdef *call = syscall_by_name("memfd_create");
		for (int a = 0; g->kind == G_CALL && a < N_ARCH; a++)
			if (g->u.call.nr[a] == call->nr[a])
				flags |= ABPB_FLAG_MEMFD;
	}
	return flags;
}

static void judge_meta(struct judge *j)
{
	struct buf text = buf_new(j->s->a);
	uint8_t model[32];
	model_print(j->s, j->m, &text);
	sha256(text.data, text.len, model);
	const struct abpb_meta *b = j->b.meta;
	const struct settings *r = &j->m->run;
	uint32_t require =
	    (r->require_apparmor ? 1u : 0) | (r->landlock_abi ? 2u : 0) | (r->require_readback ? 4u : 0);
	judge_expect(j, judge_text_is(j, b->name, j->m->name) && judge_text_is(j, b->version, j->m->version),
		     "name or version");
	judge_expect(j, b->caps == j->m->all.k[K_CAP].bits, "capabilities");
	judge_expect(j, b->uid == r->uid && b->gid == r->gid, "user");
	judge_expect(j, (int)b->net == (int)r->net && (int)b->stdio == (int)r->stdio, "net or stdio");
	judge_expect(j, b->require == require && b->landlock_abi == r->landlock_abi, "require");
	judge_expect(j, judge_text_is(j, b->workdir, r->workdir), "workdir");
	judge_expect(j, judge_text_is(j, b->hostname, r->hostname), "hostname");
	judge_expect(j, judge_text_is(j, b->program, r->program), "program");
	judge_expect(j, b->flags == meta_flags(j), "flags");
	judge_expect(j, !b->zero, "zero");
	judge_expect(j, memcmp(b->model_sha256, model, 32) == 0, "model digest");
	judge_expect(j, memcmp(b->source_sha256, j->m->source_sha256, 32) == 0, "source digest");
}

static void judge_limits(struct judge *j)
{
	uint32_t n, seen = 0;
	const struct abpb_limit *l = decode_section(&j->b, ABPB_LIMITS, 0, sizeof *l, &n);
	for (uint32_t i = 0; i < n; i++) {
		bool same = !l[i].zero && l[i].resource < ABPB_N_RESOURCES &&
			    j->m->limits[l[i].resource].set &&
			    j->m->limits[l[i].resource].value == l[i].value;
		judge_expect(j, same, "limits");
		seen |= same ? 1u << l[i].resource : 0;
	}
	for (uint32_t i = 0; i < ABPB_N_RESOURCES; i++)
		judge_expect(j, !j->m->limits[i].set == !(seen >> i & 1), "limits");
}

/* The names that the environment may have = the grants' set, plus what is set and handed over by name. */
static void judge_env(struct judge *j)
{
	struct arena *a = j->s->a;
	VEC(const char *) pass = {0};
	uint32_t n, sets = 0, secrets = 0;
	const struct abpb_env *e = decode_section(&j->b, ABPB_ENV, 0, sizeof *e, &n);
	for (uint32_t i = 0; i < n; i++) {
		judge_expect(j,
			     (e[i].kind == ABPB_ENV_SET || !e[i].value) &&
				 (e[i].kind == ABPB_ENV_SECRET || !e[i].fd),
			     "env fields");
		if (e[i].kind == ABPB_ENV_PASS)
			vec_push(a, &pass, decode_string(&j->b, e[i].name));
		for (uint32_t k = 0; e[i].kind == ABPB_ENV_SET && k < j->m->sets.n; k++)
			sets += judge_text_is(j, e[i].name, j->m->sets.v[k].name) &&
				judge_text_is(j, e[i].value, j->m->sets.v[k].value);
		for (uint32_t k = 0; e[i].kind == ABPB_ENV_SECRET && k < j->m->secrets.n; k++)
			secrets += judge_text_is(j, e[i].name, j->m->secrets.v[k].name) &&
				   e[i].fd == j->m->secrets.v[k].fd;
	}
	judge_expect(j, sets == j->m->sets.n && secrets == j->m->secrets.n, "env set or secret");
	judge_expect(j, pass.n + sets + secrets == n, "env rows");
	const struct dfa *got = dfa_many(a, DFA_STRING, pass.v, pass.n);
	VEC(const char *) own = {0};
	for (uint32_t k = 0; k < j->m->sets.n; k++)
		vec_push(a, &own, j->m->sets.v[k].name);
	for (uint32_t k = 0; k < j->m->secrets.n; k++)
		vec_push(a, &own, j->m->secrets.v[k].name);
	const struct dfa *names = dfa_many(a, DFA_STRING, own.v, own.n), *want = j->m->all.k[K_ENV].d;
	judge_expect(j, dfa_equal(dfa_diff(a, got, names), dfa_diff(a, want, names)), "env pass");
}

static void judge_numbers(struct judge *j)
{
	uint32_t n;
	const uint32_t *v = decode_section(&j->b, ABPB_GROUPS, 0, sizeof *v, &n);
	judge_expect(j, n == j->m->run.groups.n && (!n || memcmp(v, j->m->run.groups.v, n * sizeof *v) == 0),
		     "groups");
	v = decode_section(&j->b, ABPB_FDS, 0, sizeof *v, &n);
	judge_expect(j, n == j->m->run.fds.n && (!n || memcmp(v, j->m->run.fds.v, n * sizeof *v) == 0),
		     "descriptors");
}

/* An exec grant as the loader will read it: path, tree or name, pin. */
static bool program_is(const struct judge *j, const struct abpb_program *p, const struct place *want)
{
	static const uint8_t none[32];
	uint32_t flags = (want->tree ? ABPB_PROGRAM_TREE : 0) | (want->digest ? ABPB_PROGRAM_DIGEST : 0);
	return p->flags == flags && judge_text_is(j, p->path, want->dir) &&
	       memcmp(p->sha256, want->digest ? want->digest : none, 32) == 0;
}

static void judge_programs(struct judge *j)
{
	uint32_t n, k = 0;
	const struct abpb_program *p = decode_section(&j->b, ABPB_PROGRAMS, 0, sizeof *p, &n);
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		if (g->kind == G_PATH && g->u.place.right == RIGHT_EXEC) {
			judge_expect(j, k < n && program_is(j, &p[k], &g->u.place), "programs");
			k++;
		}
	}
	judge_expect(j, k == n, "number of programs");
}

static void judge_missing(struct judge *j)
{
	uint32_t n;
	const struct abpb_missing *x = decode_section(&j->b, ABPB_MISSING, 0, sizeof *x, &n);
	judge_expect(j, n == j->m->missing.n, "missing walls");
	for (uint32_t i = 0; i < n && i < j->m->missing.n; i++)
		judge_expect(j,
			     judge_text_is(j, x[i].wall, j->m->missing.v[i].wall) &&
				 judge_text_is(j, x[i].what, j->m->missing.v[i].what),
			     "missing walls");
}

static void judge_filters(struct judge *j, uint32_t type, const struct buf *const want[N_ARCH])
{
	for (int arch = 0; arch < N_ARCH; arch++) {
		uint32_t n;
		const void *p = decode_section(&j->b, type, arch_table[arch].audit, 1, &n);
		bool same =
		    want[arch] ? p && n == want[arch]->len && memcmp(p, want[arch]->data, n) == 0 : !p;
		judge_expect(j, same, "a filter differs from the verified bytes");
	}
}

static void judge_sock(struct judge *j, const struct buf *const want[ABPB_N_HOOKS])
{
	uint32_t n, have = 0, wanted = 0;
	for (uint32_t i = 0; i < j->b.n_sections; i++)
		have += j->b.table[i].type == ABPB_SOCK;
	for (uint32_t h = 1; h < ABPB_N_HOOKS; h++) {
		const void *p = decode_section(&j->b, ABPB_SOCK, h, 1, &n);
		wanted += want[h] != NULL;
		judge_expect(j, want[h] ? p && n == want[h]->len && memcmp(p, want[h]->data, n) == 0 : !p,
			     "a socket program differs from the verified bytes");
	}
	judge_expect(j, have == wanted && (!have || have == ABPB_N_HOOKS - 1), "number of socket programs");
}

/* A line of the host's network that may send, and does not say `local`. */
static bool must_stay_away(const struct judge *j, const struct grant *g)
{
	bool sends = g->kind == G_PROXY || (g->kind == G_NET && strcmp(g->u.net.verb, "connect") == 0);
	return j->m->run.net == NET_HOST && g->implied_by < 0 && sends && !g->u.net.local;
}

/* The rows of such lines, in their order: each prefix is met by its line, which goes nowhere else. */
static void judge_dests(struct judge *j)
{
	uint32_t n, at = 0;
	struct bdds *t = j->s->t;
	const struct abpb_dest *x = decode_section(&j->b, ABPB_DESTS, 0, sizeof *x, &n);
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		bdd sent = g->set.k[K_CONN].b, rows = BDD_NONE;
		if (!must_stay_away(j, g))
			continue;
		for (; at < n && !bdd_subset(t, sent, rows); at++) {
			bdd row = bdd_prefix(t, F_CONN_ADDR, x[at].addr, x[at].bits <= 128 ? x[at].bits : 0);
			judge_expect(j,
				     x[at].bits <= 128 && !x[at].zero && !bdd_disjoint(t, row, sent) &&
					 judge_text_is(j, x[at].what, g->text),
				     "a destination");
			rows = bdd_or(t, rows, row);
		}
		judge_expect(j, bdd_subset(t, sent, rows), "destinations");
	}
	judge_expect(j, at == n, "number of destinations");
}

bool launch_verify(struct sets *s, struct diags *d, const struct model *m, const struct bundle_filters *f,
		   const struct buf *bundle)
{
	struct judge j = {.s = s, .d = d, .m = m, .good = true};
	const char *wrong = decode_bundle(bundle, &j.b);
	if (wrong) {
		judge_differs(&j, wrong, NULL);
		return false;
	}
	judge_meta(&j);
	launch_judge_view(&j);
	judge_limits(&j);
	judge_env(&j);
	judge_numbers(&j);
	judge_programs(&j);
	judge_missing(&j);
	judge_filters(&j, ABPB_FILTER, f->target);
	judge_filters(&j, ABPB_REAPER, f->reaper);
	judge_sock(&j, f->sock);
	judge_dests(&j);
	return j.good;
}
