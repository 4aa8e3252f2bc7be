/*
 * why.c - `abpc why`: is an event permitted, by which line, by which walls; and if not, what the program sees
 * and the narrowest line that would change it.
 */
#include "compiler/check.h"
#include "compiler/law.h"

#include <string.h>

/* ---- words ------------------------------------------------------------ */

const char *net_name(enum net_mode net)
{
	static const char *const names[] = {"none", "private", "relay", "host"};

	return names[net];
}

const char *amount_text(struct arena *a, enum abpb_resource r, uint64_t value)
{
	static const struct {
		uint64_t n;
		const char *suffix;
	} size[] = {{1ull << 40, "T"}, {1ull << 30, "G"}, {1ull << 20, "M"}, {1ull << 10, "K"}},
	  time[] = {{86400000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}};
	const struct limitdef *l = limit_at(r);
	enum limit_unit unit = l ? l->unit : UNIT_COUNT;

	for (unsigned i = 0; value && i < 4; i++) {
		if (unit == UNIT_SIZE && value % size[i].n == 0)
			return arena_printf(a, "%llu%s", (unsigned long long)(value / size[i].n),
					    size[i].suffix);
		if (unit == UNIT_TIME && value % time[i].n == 0)
			return arena_printf(a, "%llu%s", (unsigned long long)(value / time[i].n),
					    time[i].suffix);
	}
	if (unit == UNIT_SIZE && value)
		return arena_printf(a, "%lluK", (unsigned long long)(value / 1024 + 1));
	return arena_printf(a, "%llu%s", (unsigned long long)value,
			    unit == UNIT_PERCENT	 ? "%"
			    : unit == UNIT_TIME && value ? "ms"
							 : "");
}

static const char *call_denial(const struct model *m, enum arch arch, const struct event *e)
{
	int nr = (int)bits_field(e->bit, F_SYS_NR);
	const struct sysdef *c = syscall_by_nr(arch, nr);
	bool partly = false;

	for (uint32_t i = 0; i < m->calls[arch].n; i++)
		partly |= m->calls[arch].v[i].nr == nr;
	if (!partly && (nr > syscall_table_max(arch) || (c && answer_enosys(c->name))))
		return "ENOSYS: the call looks unknown, programs fall back to an older one";
	return m->run.on_deny_kill ? "the process is killed by SIGSYS" : "EPERM";
}

static const char *use_denial(const struct event *e)
{
	static const char *const seen[ABPB_N_RESOURCES] = {
	    [ABPB_MEMORY] = "the kernel reclaims, then kills a process of the run (OOM)",
	    [ABPB_SWAP] = "nothing is swapped beyond it",
	    [ABPB_CPU] = "the run is throttled",
	    [ABPB_PIDS] = "EAGAIN from fork and clone",
	    [ABPB_FILES] = "EMFILE",
	    [ABPB_FILESIZE] = "EFBIG, with SIGXFSZ",
	    [ABPB_STACK] = "SIGSEGV",
	    [ABPB_MEMLOCK] = "ENOMEM or EPERM from mlock",
	    [ABPB_CPUTIME] = "SIGXCPU, then SIGKILL",
	    [ABPB_WALL] = "the supervisor kills the run",
	    [ABPB_CONNECTIONS] = "the connection is refused",
	};
	uint64_t r = bits_field(e->bit, F_USE_RES);

	return r < ABPB_N_RESOURCES ? seen[r] : "nothing";
}

static const char *conn_denial(const struct model *m)
{
	if (m->run.net == NET_NONE)
		return "ENETUNREACH";
	return m->run.net == NET_RELAY ? "ENETUNREACH, or EPERM on loopback" : "EPERM";
}

/* A name that no line grants does not exist in the view; one that exists lacks the right. */
static const char *path_denial(const struct model *m, const struct event *e)
{
	if (!m->all.k[K_READ].d || !dfa_has(m->all.k[K_READ].d, e->str))
		return "ENOENT: the name is not in the view";
	if (e->kind == K_WRITE)
		return "EROFS or EACCES";
	return e->kind == K_LOAD ? "EPERM from mmap: the mount is noexec" : "EACCES";
}

const char *denial_text(struct sets *s, const struct model *m, const struct event *e)
{
	(void)s;
	switch (e->kind) {
	case K_SYS_X86_64:
	case K_SYS_AARCH64:
		return call_denial(m, (enum arch)(e->kind - K_SYS_X86_64), e);
	case K_CAP:
		return "EPERM from what needs the capability";
	case K_SOCK:
		return "EPERM from socket";
	case K_BIND:
		return "EPERM from bind";
	case K_CONN:
		return conn_denial(m);
	case K_PEER:
		return "nothing: the peer waits and times out";
	case K_UNIX_CONNECT:
	case K_UNIX_LISTEN:
	case K_UNIX_PAIR:
		return "EPERM or EACCES";
	case K_READ:
	case K_WRITE:
	case K_LOAD:
	case K_EXEC:
		return path_denial(m, e);
	case K_ENV:
		return "the variable is not set";
	case K_FD:
		return "EBADF: the descriptor is closed";
	case K_USE:
		return use_denial(e);
	case K_HOST:
		return "the proxy refuses the name";
	case N_EKINDS:
		break;
	}
	return "nothing";
}

const struct wallrow *wall_of_kind(enum ekind k, enum wall w)
{
	const struct wallrow *row = wall_row(ekind_kind(k), ekind_verb(k), w);

	return row && row->claim != CLAIM_NONE ? row : NULL;
}

static const char *walls_text(struct arena *a, enum ekind k)
{
	struct buf b = buf_new(a);

	for (unsigned w = 0; w < N_WALLS; w++) {
		const struct wallrow *row = wall_of_kind(k, (enum wall)w);

		if (!row)
			continue;
		buf_printf(&b, "%s%s %s", b.len ? ", " : "", wall_name(row->wall), claim_name(row->claim));
		if (row->when)
			buf_printf(&b, " (%s)", row->when);
	}
	return buf_str(&b);
}

/* ---- the line that would allow it ------------------------------------- */

/* Where a line of this kind stands, and what replaces the pattern's verb there; printf formats. */
static const struct {
	const char *block, *verb; /* verb: replaces the first word; NULL: the pattern's own */
	enum grant_kind kind;	  /* for the word `unsafe` */
	const char *end;
} spelling[N_EKINDS] = {
    [K_SYS_X86_64] = {"syscalls", "allow", G_CALL, ""},
    [K_SYS_AARCH64] = {"syscalls", "allow", G_CALL, ""},
    [K_CAP] = {"caps", "allow", G_CAP, ""},
    [K_SOCK] = {"ports", NULL, G_SOCK, ""},
    [K_BIND] = {"ports", NULL, G_NET, ""},
    [K_CONN] = {"ports", NULL, G_NET, ""},
    [K_PEER] = {"ports", NULL, G_NET, ""},
    [K_UNIX_CONNECT] = {"ports", NULL, G_UNIX, ""},
    [K_UNIX_LISTEN] = {"ports", NULL, G_UNIX, ""},
    [K_UNIX_PAIR] = {"ports", NULL, G_UNIX, ""},
    [K_READ] = {"paths", NULL, G_PATH, ""},
    [K_WRITE] = {"paths", NULL, G_PATH, ""},
    [K_LOAD] = {"paths", NULL, G_PATH, ""},
    [K_EXEC] = {"paths", NULL, G_PATH, ""},
    [K_ENV] = {"env", "pass", G_PASS, ""},
    [K_FD] = {"run", NULL, G_SETTING_FD, " because \"...\""},
    [K_USE] = {"limits", NULL, G_LIMIT, ""},
    [K_HOST] = {"ports", NULL, G_HOST, " via proxy"},
};

/* A grant of e alone, as unsafe_reason looks at one. */
static struct grant as_grant(struct sets *s, const struct event *e)
{
	static const char *const verb[N_EKINDS] = {
	    [K_BIND] = "bind", [K_CONN] = "connect", [K_PEER] = "listen"};
	struct grant g = {.kind = spelling[e->kind].kind, .implied_by = -1, .set = evset_event(s, e)};

	if (g.kind == G_NET)
		g.u.net = (struct netgrant){.verb = verb[e->kind], .tcp = true, .has_from = true};
	if (g.kind == G_CALL)
		for (unsigned a = 0; a < N_ARCH; a++)
			g.u.call.nr[a] = 0xffff;
	if (e->kind == K_SYS_X86_64 || e->kind == K_SYS_AARCH64)
		g.u.call.nr[e->kind - K_SYS_X86_64] = (uint16_t)bits_field(e->bit, F_SYS_NR);
	return g;
}

/* The item of the line: an amount with its unit, a listener for everyone, else the event as it is. */
static const char *item_text(struct sets *s, const struct event *e, const char *text)
{
	const char *rest = strchr(text, ' '), *from = strstr(text, " from ");
	enum abpb_resource r;

	if (e->kind == K_USE) {
		r = (enum abpb_resource)bits_field(e->bit, F_USE_RES);
		return arena_printf(s->a, "%s %s", limit_at(r)->name,
				    amount_text(s->a, r, bits_field(e->bit, F_USE_AMOUNT)));
	}
	if (e->kind == K_PEER && from)
		return arena_strndup(s->a, text, (size_t)(from - text));
	if (spelling[e->kind].verb && rest)
		return arena_printf(s->a, "%s%s", spelling[e->kind].verb, rest);
	return text;
}

/*
 * The calls of language.md, section 3, that no line may grant as they are: what the line says instead, a
 * claim that there is none, or NULL for every other event.
 */
static const char *namespace_text(struct sets *s, const struct event *e, const char *text)
{
	const char *call = text + strcspn(text, " ") + 1, *more = "";

	if (e->kind != K_SYS_X86_64 && e->kind != K_SYS_AARCH64)
		return NULL;
	if (!strcmp(call, "setns") || !strncmp(call, "setns(", 6) ||
	    ((!strncmp(call, "clone(", 6) || !strncmp(call, "unshare(", 8)) && strstr(call, "CLONE_NEW")))
		return "nothing: no line of version 1 may make or join a namespace";
	if (!strcmp(call, "unshare"))
		more = "|CLONE_NEWTIME";
	else if (strcmp(call, "clone"))
		return NULL;
	return arena_printf(s->a, "syscalls { allow %s(flags & (" NEW_NAMESPACES "%s) == 0) }", call, more);
}

const char *would_text(struct sets *s, const struct model *m, const struct event *e, const char **why)
{
	const char *text = event_text(s, e), *instead = namespace_text(s, e, text);
	struct grant g = as_grant(s, e);

	*why = instead ? NULL : unsafe_reason(s, m, &g);
	if (instead)
		return instead;
	return arena_printf(s->a, "%s { %s%s%s }", spelling[e->kind].block, item_text(s, e, text),
			    spelling[e->kind].end, *why ? " unsafe because \"...\"" : "");
}

/* ---- verdicts --------------------------------------------------------- */

static void say_by(struct sets *s, const struct model *m, const struct grant *g, struct buf *out)
{
	if (!g) {
		buf_puts(out, "  by     a default: no line limits it\n");
		return;
	}
	if (g->kind == G_FLOOR) {
		buf_puts(out, "  by     the floor of every policy\n");
		return;
	}
	buf_printf(out, "  by     %s: %s\n", grant_where(s->a, g), grant_desc(s->a, m, g));
	if (g->because)
		buf_printf(out, "         because \"%s\"\n", g->because);
	if (g->origin)
		buf_printf(out, "         imported at %s: %s\n", model_where(s->a, origin_root(g->origin)),
			   origin_chain(s->a, g->origin));
}

enum { MAX_BY = 8 };

/* The lines that together permit the set, written ones first. */
static void say_allowed(struct sets *s, const struct model *m, struct evset left, struct buf *out)
{
	struct event e;

	for (unsigned n = 0; n < MAX_BY && evset_witness(s, &left, &e); n++) {
		const struct grant *g = grant_of(s, m, &e);

		if (n == 0)
			buf_printf(out, "  event  %s\n", event_text(s, &e));
		say_by(s, m, g, out);
		if (!g)
			return;
		left = evset_diff(s, &left, &g->set);
	}
	if (!evset_empty(&left))
		buf_puts(out, "         and more lines\n");
}

static void say_nevers(struct sets *s, const struct model *m, const struct event *e, struct buf *out)
{
	for (uint32_t i = 0; i < m->nevers.n; i++) {
		const struct pattern *p = &m->nevers.v[i];

		if (!evset_has(s, &p->set, e))
			continue;
		buf_printf(out, "  never  %s: `never %s` forbids it%s%s\n", model_where(s->a, p->at), p->text,
			   p->origin ? ", from " : "", origin_chain(s->a, p->origin));
	}
	for (uint32_t i = 0; i < m->ceilings.n; i++)
		if (!evset_has(s, &m->ceilings.v[i].m->all, e))
			buf_printf(out, "  within %s: the ceiling %s does not permit it\n",
				   model_where(s->a, m->ceilings.v[i].at), m->ceilings.v[i].name);
}

/*
 * The groups that hold a denied call: what an author who needs it will often need with it.  When its
 * arguments matter only those that hold it whatever they are.
 */
static void say_groups(struct sets *s, const struct event *e, struct buf *out)
{
	if (e->kind != K_SYS_X86_64 && e->kind != K_SYS_AARCH64)
		return;
	const char *call = event_text(s, e) + strlen("syscall ");
	size_t len = strcspn(call, "(");

	for (size_t i = 0; i < group_count(); i++) {
		const struct groupdef *g = group_at(i);

		for (size_t k = 0; k < g->n; k++) {
			const struct callrow *c = &g->members[k];

			if (strlen(c->call) == len && !memcmp(c->call, call, len) && (!c->cond || !call[len]))
				buf_printf(out, "  group  %s%s: %s\n", g->name, c->cond ? ", in part" : "",
					   g->help);
		}
	}
}

static void say_denied(struct sets *s, const struct model *m, const struct event *e, struct buf *out)
{
	const char *why;

	buf_printf(out, "  event  %s\n", event_text(s, e));
	buf_puts(out, "  by     no line grants it, and what no line grants is denied\n");
	buf_printf(out, "  sees   %s\n", denial_text(s, m, e));
	buf_printf(out, "  would  %s\n", would_text(s, m, e, &why));
	if (why)
		buf_printf(out, "         unsafe: %s\n", why);
	say_groups(s, e, out);
	say_nevers(s, m, e, out);
}

static int why_one(struct sets *s, const struct model *m, const struct pattern *p, struct buf *out)
{
	struct evset in = evset_and(s, &p->set, &m->all), rest = evset_diff(s, &p->set, &m->all);
	struct event yes, no;
	bool some = evset_witness(s, &in, &yes), not_all = evset_witness(s, &rest, &no);

	buf_printf(out, "%s: %s\n",
		   some && not_all ? "partly allowed"
		   : some	   ? "allowed"
				   : "denied",
		   p->text);
	if (some)
		say_allowed(s, m, in, out);
	if (not_all) {
		if (some)
			buf_puts(out, "  but not the rest, for example\n");
		say_denied(s, m, &no, out);
	}
	if (!some && !not_all)
		buf_puts(out, "  no event: the call does not exist on any architecture of this build\n");
	else
		buf_printf(out, "  walls  %s\n", walls_text(s->a, some ? yes.kind : no.kind));
	return !some || not_all;
}

int why_text(struct sets *s, const struct model *m, const pattern_list *p, struct buf *out)
{
	int denied = 0;

	for (uint32_t i = 0; i < p->n; i++)
		denied |= why_one(s, m, &p->v[i], out);
	return denied;
}
