#include "compiler/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/backends/launch/dests.h"
#include "compiler/backends/launch/view.h"
#include "compiler/base/sha256.h"
#include "spec/bundle.h"

/* ---- strings and sections --------------------------------------------- */

struct piece {
	struct abpb_section sec; /* without its offset */
	const void *data;
};

struct writer {
	struct arena *a;
	struct buf strings;
	VEC(struct piece) pieces;
};

/* 0 is the empty string. */
static uint32_t intern(struct writer *w, const char *s)
{
	if (!s || !*s)
		return 0;
	uint32_t at = (uint32_t)w->strings.len;
	buf_add(&w->strings, s, strlen(s) + 1);
	return at;
}

/* The bytes are copied: callers' buffers may be on their stack. */
static void section(struct writer *w, uint32_t type, uint32_t arch, const void *data, size_t size)
{
	struct piece p = {{type, arch, 0, (uint32_t)size}, arena_strndup(w->a, data, size)};
	vec_push(w->a, &w->pieces, p);
}

static uint32_t where(struct writer *w, struct span at)
{
	const char *full = model_where(w->a, at), *slash = strrchr(full, '/');
	return intern(w, slash ? slash + 1 : full); /* no directory: the bytes must not depend on it */
}

/* ---- one function a section ------------------------------------------- */

static uint32_t require_bits(const struct settings *r)
{
	return (r->require_apparmor ? ABPB_REQUIRE_APPARMOR : 0) |
	       (r->landlock_abi ? ABPB_REQUIRE_LANDLOCK : 0) |
	       (r->require_readback ? ABPB_REQUIRE_READBACK : 0);
}

static bool grants_call(const struct model *m, const char *name)
{
	const struct sysdef *c = syscall_by_name(name);
	for (int arch = 0; c && arch < N_ARCH; arch++)
		for (uint32_t i = 0; i < m->calls[arch].n; i++)
			if (m->calls[arch].v[i].nr == c->nr[arch])
				return true;
	return false;
}

static bool grants_unix(struct sets *s, const struct model *m)
{
	return !bdd_disjoint(s->t, m->all.k[K_SOCK].b, bdd_range(s->t, F_SOCK_FAMILY, 1, 1)); /* AF_UNIX */
}

static uint32_t flag_bits(struct sets *s, const struct model *m)
{
	return (grants_call(m, "memfd_create") ? ABPB_FLAG_MEMFD : 0) |
	       (m->run.on_deny_kill ? ABPB_FLAG_KILL : 0) |
	       (m->run.net != NET_HOST ? ABPB_FLAG_ROOTLESS_OK : 0) |
	       (m->run.net == NET_HOST && grants_unix(s, m) ? ABPB_FLAG_UNIX : 0) |
	       (m->run.has_user ? 0 : ABPB_FLAG_CALLER_ID);
}

static void write_meta(struct sets *s, struct writer *w, const struct model *m,
		       const uint8_t model_sha256[32])
{
	const struct settings *r = &m->run;
	struct abpb_meta meta = {
	    .name = intern(w, m->name),
	    .version = intern(w, m->version),
	    .compiler = intern(w, "abpc " ABP_VERSION),
	    .net = r->net,
	    .stdio = r->stdio,
	    .require = require_bits(r),
	    .landlock_abi = r->landlock_abi,
	    .flags = flag_bits(s, m),
	    .uid = r->uid,
	    .gid = r->gid,
	    .workdir = intern(w, r->workdir),
	    .hostname = intern(w, r->hostname),
	    .program = intern(w, r->program),
	    .caps = m->all.k[K_CAP].bits,
	};
	memcpy(meta.source_sha256, m->source_sha256, 32);
	memcpy(meta.model_sha256, model_sha256, 32);
	section(w, ABPB_META, 0, &meta, sizeof meta);
}

static void write_filters(struct writer *w, uint32_t type, const struct buf *const filter[N_ARCH])
{
	for (int arch = 0; arch < N_ARCH; arch++)
		if (filter[arch])
			section(w, type, arch_table[arch].audit, filter[arch]->data, filter[arch]->len);
}

static void write_dests(struct sets *s, struct writer *w, const struct model *m)
{
	dest_list l = {0};
	struct buf out = buf_new(w->a);
	const struct grant *last = NULL;
	struct abpb_dest row = {{0}, 0, 0, 0, 0};
	dests_make(s, m, &l);
	for (uint32_t i = 0; i < l.n; i++) {
		if (l.v[i].g != last) {
			row.what = intern(w, l.v[i].g->text);
			row.where = where(w, l.v[i].g->at);
		}
		last = l.v[i].g;
		memcpy(row.addr, l.v[i].addr, sizeof row.addr);
		row.bits = l.v[i].bits;
		buf_add(&out, &row, sizeof row);
	}
	if (l.n)
		section(w, ABPB_DESTS, 0, out.data, out.len);
}

static void write_sock(struct writer *w, const struct buf *const sock[ABPB_N_HOOKS])
{
	for (uint32_t h = 1; h < ABPB_N_HOOKS; h++)
		if (sock[h])
			section(w, ABPB_SOCK, h, sock[h]->data, sock[h]->len);
}

static void write_view(struct writer *w, const struct model *m)
{
	view_list view;
	struct buf out = buf_new(w->a);
	view_make(w->a, m, &view);
	for (uint32_t i = 0; i < view.n; i++) {
		const struct view_entry *e = &view.v[i];
		struct abpb_view v = {
		    .kind = e->kind,
		    .flags = e->flags,
		    .path = intern(w, e->path),
		    .target = intern(w, e->target),
		    .size = e->size,
		    .inodes = e->inodes,
		    .where = where(w, e->at),
		};
		buf_add(&out, &v, sizeof v);
	}
	section(w, ABPB_VIEW, 0, out.data, out.len);
}

typedef VEC(struct abpb_env) env_list;

static int env_cmp(const void *x, const void *y, void *strings)
{
	const struct abpb_env *e = x, *f = y;
	return strcmp((const char *)strings + e->name, (const char *)strings + f->name);
}

/* `pass` grants carry one name in place.dir; the same name twice (two modules) is one row. */
static void collect_env(struct writer *w, const struct model *m, env_list *l)
{
	for (uint32_t i = 0; i < m->grants.n; i++)
		if (m->grants.v[i].kind == G_PASS) {
			struct abpb_env e = {ABPB_ENV_PASS, intern(w, m->grants.v[i].u.place.pattern), 0, 0};
			vec_push(w->a, l, e);
		}
	for (uint32_t i = 0; i < m->sets.n; i++) {
		struct abpb_env e = {ABPB_ENV_SET, intern(w, m->sets.v[i].name),
				     intern(w, m->sets.v[i].value), 0};
		vec_push(w->a, l, e);
	}
	for (uint32_t i = 0; i < m->secrets.n; i++) {
		struct abpb_env e = {ABPB_ENV_SECRET, intern(w, m->secrets.v[i].name), 0, m->secrets.v[i].fd};
		vec_push(w->a, l, e);
	}
}

static void write_env(struct writer *w, const struct model *m)
{
	env_list l = {0};
	collect_env(w, m, &l);
	if (l.n)
		qsort_r(l.v, l.n, sizeof *l.v, env_cmp, w->strings.data);
	uint32_t n = 0;
	for (uint32_t i = 0; i < l.n; i++) {
		bool again = n && env_cmp(&l.v[n - 1], &l.v[i], w->strings.data) == 0;
		if (!again)
			l.v[n++] = l.v[i];
	}
	section(w, ABPB_ENV, 0, l.v, n * sizeof *l.v);
}

static void write_limits(struct writer *w, const struct model *m)
{
	struct buf out = buf_new(w->a);
	for (uint32_t i = 0; i < ABPB_N_RESOURCES; i++) {
		struct abpb_limit lim = {i, 0, m->limits[i].value};
		if (m->limits[i].set)
			buf_add(&out, &lim, sizeof lim);
	}
	section(w, ABPB_LIMITS, 0, out.data, out.len);
}

static void write_programs(struct writer *w, const struct model *m)
{
	struct buf out = buf_new(w->a);
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];
		if (g->kind != G_PATH || g->u.place.right != RIGHT_EXEC)
			continue;
		struct abpb_program p = {.path = intern(w, g->u.place.dir),
					 .flags = (g->u.place.tree ? ABPB_PROGRAM_TREE : 0) |
						  (g->u.place.digest ? ABPB_PROGRAM_DIGEST : 0)};
		if (g->u.place.digest)
			memcpy(p.sha256, g->u.place.digest, 32);
		buf_add(&out, &p, sizeof p);
	}
	section(w, ABPB_PROGRAMS, 0, out.data, out.len);
}

static void write_missing(struct writer *w, const struct model *m)
{
	struct buf out = buf_new(w->a);
	for (uint32_t i = 0; i < m->missing.n; i++) {
		const struct missing *x = &m->missing.v[i];
		struct abpb_missing row = {intern(w, x->wall), intern(w, x->what), where(w, x->at), 0};
		buf_add(&out, &row, sizeof row);
	}
	section(w, ABPB_MISSING, 0, out.data, out.len);
}

/* ---- the whole -------------------------------------------------------- */

static int piece_cmp(const void *x, const void *y)
{
	const struct abpb_section *s = &((const struct piece *)x)->sec, *t = &((const struct piece *)y)->sec;
	if (s->type != t->type)
		return s->type < t->type ? -1 : 1;
	return (s->arch > t->arch) - (s->arch < t->arch);
}

/* Sections lie in the order of the table, each from the next multiple of 8. */
static void lay_out(struct writer *w, struct buf *table, struct buf *body)
{
	uint32_t base = (uint32_t)(sizeof(struct abpb_header) + w->pieces.n * sizeof(struct abpb_section));
	qsort(w->pieces.v, w->pieces.n, sizeof *w->pieces.v, piece_cmp);
	for (uint32_t i = 0; i < w->pieces.n; i++) {
		struct piece *p = &w->pieces.v[i];
		p->sec.off = base + (uint32_t)body->len;
		buf_add(table, &p->sec, sizeof p->sec);
		buf_add(body, p->data, p->sec.size);
		buf_align(body, 8);
	}
}

static void finish(struct writer *w, struct buf *out)
{
	struct buf table = buf_new(w->a), body = buf_new(w->a);
	struct abpb_header h = {.version = ABPB_VERSION, .n_sections = w->pieces.n};
	lay_out(w, &table, &body);
	memcpy(h.magic, ABPB_MAGIC, sizeof h.magic);
	h.size = (uint32_t)(sizeof h + table.len + body.len);
	buf_add(out, &h, sizeof h);
	buf_add(out, table.data, table.len);
	buf_add(out, body.data, body.len);
	sha256(out->data + sizeof h, out->len - sizeof h, out->data + offsetof(struct abpb_header, sha256));
}

bool bundle_write(struct sets *s, struct diags *d, const struct model *m, const struct bundle_filters *f,
		  const uint8_t model_sha256[32], struct buf *out)
{
	struct writer w = {.a = s->a, .strings = buf_new(s->a)};
	buf_putc(&w.strings, 0);
	write_meta(s, &w, m, model_sha256);
	write_filters(&w, ABPB_FILTER, f->target);
	write_filters(&w, ABPB_REAPER, f->reaper);
	write_view(&w, m);
	write_env(&w, m);
	write_limits(&w, m);
	section(&w, ABPB_GROUPS, 0, m->run.groups.v, m->run.groups.n * sizeof *m->run.groups.v);
	section(&w, ABPB_FDS, 0, m->run.fds.v, m->run.fds.n * sizeof *m->run.fds.v);
	write_programs(&w, m);
	write_missing(&w, m);
	write_sock(&w, f->sock);
	write_dests(s, &w, m);
	section(&w, ABPB_STRINGS, 0, w.strings.data, w.strings.len);
	finish(&w, out);
	if (out->len <= ABPB_MAX_SIZE)
		return true;
	diag_error(d, m->name_at, "ABP-INT-020", "the bundle is %zu bytes, the loader maps at most %u",
		   out->len, ABPB_MAX_SIZE);
	return false;
}
