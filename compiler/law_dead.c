/*
 * law_dead.c - no dead grant: what a line grants must be possible with everything else the policy says.
 *
 * A line that grants nothing is worse than none: its author believes in something the kernel will refuse.
 */
#include "compiler/law.h"

#include <stdlib.h>
#include <string.h>

/* ---- calls and sockets ------------------------------------------------ */

/* What a kind of line needs.  Calls: groups separated by blanks, alternatives by '|'; one of each group. */
static const struct need {
	enum grant_kind kind;
	const char *verb; /* of u.net; NULL: any */
	const char *calls;
} needs[] = {
    {G_NET, "connect", "socket connect|sendto|sendmsg"},
    {G_NET, "listen", "socket bind listen|recvfrom|recvmsg"},
    {G_NET, "bind", "socket bind"},
    {G_PROXY, NULL, "socket connect"},
    {G_SOCK, NULL, "socket|socketpair"},
    {G_SCRATCH, NULL, "open|openat read write"},
    {G_DEVICE, NULL, "open|openat read"},
};
static const char *const path_needs[N_RIGHTS] = {"open|openat read", "open|openat write", "open|openat mmap",
						 "execve|execveat"};

static int by_nr(const void *key, const void *rule)
{
	return *(const int *)key - ((const struct rule *)rule)->nr;
}

static bool has_call(const struct model *m, enum arch arch, const char *name)
{
	const struct sysdef *c = syscall_by_name(name);

	return c && m->calls[arch].n &&
	       bsearch(&c->nr[arch], m->calls[arch].v, m->calls[arch].n, sizeof *m->calls[arch].v, by_nr);
}

/* Some call of "a|b|c" (n bytes) is permitted on arch. */
static bool one_permitted(const struct model *m, enum arch arch, const char *alt, size_t n)
{
	char name[32];

	for (size_t len; n; alt += len, n -= len) {
		len = strcspn(alt, "|");
		len = len < n ? len : n;
		snprintf(name, sizeof name, "%.*s", (int)len, alt);
		if (has_call(m, arch, name))
			return true;
		len += len < n;
	}
	return false;
}

static void need_calls(struct judge *j, const struct grant *g, const char *calls)
{
	for (unsigned arch = 0; arch < N_ARCH; arch++) {
		if (!(g->arch & j->m->archs & 1u << arch))
			continue;
		for (const char *p = calls; *p;) {
			size_t n = strcspn(p, " ");

			if (!one_permitted(j->m, (enum arch)arch, p, n))
				diag_error(j->d, g->at, "ABP-LAW-010",
					   "`%s` is dead on %s: no line permits the system call %.*s",
					   g->text, arch_table[arch].name, (int)n, p);
			p += n + (p[n] == ' ');
		}
	}
}

/* The socket that a port line uses, by family and type. */
static void need_socket(struct judge *j, const struct grant *g)
{
	static const struct {
		const char *family, *type;
		unsigned tp;
	} row[] = {
	    {"inet", "stream", 0}, {"inet", "dgram", 1}, {"inet6", "stream", 0}, {"inet6", "dgram", 1}};
	const uint8_t v4[16] = {[10] = 0xff, [11] = 0xff};
	bdd ours = j->m->all.k[K_SOCK].b;

	for (unsigned i = 0; i < 4; i++) {
		bdd in4 = bdd_prefix(j->s->t, F_CONN_ADDR, v4, 96);
		bdd conn =
		    bdd_and(j->s->t, g->set.k[K_CONN].b, bdd_range(j->s->t, F_CONN_TP, row[i].tp, row[i].tp));
		int family, type;
		bdd sock;

		conn = i < 2 ? bdd_and(j->s->t, conn, in4) : bdd_diff(j->s->t, conn, in4);
		if (conn == BDD_NONE || !sock_family(row[i].family, &family) ||
		    !sock_type(row[i].type, &type))
			continue;
		sock = bdd_and(j->s->t, bdd_range(j->s->t, F_SOCK_FAMILY, (uint32_t)family, (uint32_t)family),
			       bdd_range(j->s->t, F_SOCK_TYPE, (uint32_t)type, (uint32_t)type));
		if (bdd_disjoint(j->s->t, ours, sock))
			diag_error(j->d, g->at, "ABP-LAW-010", "`%s` is dead: no socket %s/%s is permitted",
				   g->text, row[i].family, row[i].type);
	}
}

void law_dead_calls(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];

		if (!grant_written(g) || evset_empty(&g->set)) /* ABP-LAW-015 says that one */
			continue;
		if (g->kind == G_PATH)
			need_calls(j, g, path_needs[g->u.place.right]);
		if (g->kind == G_NET || g->kind == G_PROXY)
			need_socket(j, g);
		for (size_t n = 0; n < sizeof needs / sizeof *needs; n++)
			if (needs[n].kind == g->kind &&
			    (!needs[n].verb || !strcmp(needs[n].verb, g->u.net.verb)))
				need_calls(j, g, needs[n].calls);
	}
}

/* ---- capabilities ----------------------------------------------------- */

static void dead_cap(struct judge *j, const struct grant *g, const struct capdef *c)
{
	if (!(g->set.k[K_CAP].bits >> c->nr & 1))
		return;
	if (c->scope == CAP_INIT) {
		diag_error(
		    j->d, g->at, "ABP-LAW-011",
		    "`%s` is dead: the kernel checks %s in the initial user namespace only, and the run "
		    "has its own",
		    g->text, c->name);
		say_origin(j, g->origin);
	} else if (c->scope == CAP_NET && j->m->run.net == NET_HOST) {
		diag_error(
		    j->d, g->at, "ABP-LAW-011",
		    "`%s` is dead with `net host`: %s counts in the user namespace that owns the network",
		    g->text, c->name);
		if (j->m->run.has_net)
			diag_also(j->d, j->m->run.net_at, "the network is the host's");
	}
}

void law_dead_caps(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];

		if (g->kind != G_CAP)
			continue;
		for (int nr = 0; nr < N_CAPS; nr++)
			if (cap_by_nr(nr))
				dead_cap(j, g, cap_by_nr(nr));
	}
}

/* ---- network mode ----------------------------------------------------- */

enum { RELAY_PORTS = 256 };

/* Why a mode cannot carry the grant; NULL: it can. */
static const char *dead_reason(const struct grant *g, enum net_mode net)
{
	bool outside = g->kind == G_PROXY || g->kind == G_HOST;

	if (g->kind != G_NET && !outside)
		return NULL;
	switch (net) {
	case NET_NONE:
		return "the run has no network";
	case NET_PRIVATE:
		if (outside)
			return "the proxy is outside, and a private network is loopback only";
		return g->u.net.loopback_only ? NULL : "a private network is loopback only";
	case NET_RELAY:
		if (outside || g->u.net.loopback_only)
			return NULL;
		if (strcmp(g->u.net.verb, "connect"))
			return "the relay carries connections out, no listener or source port outside "
			       "loopback";
		if (g->u.net.udp)
			return "the relay carries TCP only";
		return g->u.net.n_ports > RELAY_PORTS ? "the relay listens on at most 256 ports a grant"
						      : NULL;
	case NET_HOST:
		break;
	}
	return NULL;
}

void law_dead_net(struct judge *j)
{
	const struct settings *run = &j->m->run;

	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		const char *why = grant_written(g) ? dead_reason(g, run->net) : NULL;

		if (!why && (run->has_net || run->net != NET_HOST || !(why = dead_reason(g, NET_RELAY))))
			continue;
		if (run->has_net)
			diag_error(j->d, g->at, "ABP-LAW-012", "`%s` is dead with `net %s`: %s", g->text,
				   net_name(run->net), why);
		else
			diag_error(j->d, g->at, "ABP-LAW-013", "`%s` needs a `net` line: %s", g->text, why);
		if (run->has_net)
			diag_also(j->d, run->net_at, "the network is chosen here");
		say_origin(j, g->origin);
		diag_help(j->d, "write `run { net host because \"...\" }`, or grant loopback or fewer ports");
	}
}

/* ---- memfd ------------------------------------------------------------ */

/* Calls of memfd_create on arch whose flags lack MFD_NOEXEC_SEAL: vm.memfd_noexec=2 refuses them all. */
static bdd memfd_refused(struct sets *s, enum arch arch)
{
	const struct sysdef *c = syscall_by_name("memfd_create");
	int reg = c ? syscall_arg_reg(c, arch, "flags") : -1;
	uint64_t seal;

	if (reg < 0 || !const_value(arch, "MFD_NOEXEC_SEAL", &seal))
		return BDD_NONE;
	return bdd_and(s->t, bdd_range(s->t, F_SYS_NR, (uint64_t)c->nr[arch], (uint64_t)c->nr[arch]),
		       bdd_masked_range(s->t, f_sys_arg32((unsigned)reg), seal, 0, 0));
}

void law_dead_memfd(struct judge *j)
{
	/* a filter alone has no run whose memfd_noexec could refuse */
	for (uint32_t i = 0; i < j->m->grants.n && !j->m->filter_only; i++) {
		const struct grant *g = &j->m->grants.v[i];
		bool bad = false;

		if (!grant_is_call(g, "memfd_create"))
			continue;
		for (unsigned arch = 0; arch < N_ARCH; arch++)
			bad |= !bdd_disjoint(j->s->t, g->set.k[K_SYS_X86_64 + arch].b,
					     memfd_refused(j->s, (enum arch)arch));
		if (!bad)
			continue;
		diag_error(
		    j->d, g->at, "ABP-LAW-014",
		    "`%s` is dead without MFD_NOEXEC_SEAL: the run's vm.memfd_noexec refuses such files",
		    g->text);
		say_origin(j, g->origin);
		diag_help(j->d, "allow memfd_create(flags & MFD_NOEXEC_SEAL == MFD_NOEXEC_SEAL)");
	}
}

/* ---- nothing left ----------------------------------------------------- */

/* Nothing is left of what the line's own verb grants. */
static bool is_empty(const struct grant *g)
{
	if (g->kind == G_PATH)
		return evset_no(&g->set, (enum ekind)(K_READ + g->u.place.right));
	return evset_empty(&g->set);
}

void law_dead_empty(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];

		if (!grant_written(g) || g->kind == G_CALL || g->kind == G_SYMLINK || !is_empty(g) ||
		    !(g->arch & j->m->archs))
			continue;
		diag_error(j->d, g->at, "ABP-LAW-015", "`%s` grants nothing: no event is left of it",
			   g->text);
		say_origin(j, g->origin);
		diag_help(j->d, g->kind == G_NET
				    ? "0.0.0.0/8 and :: are no destination, and loopback, link-local and "
				      "multicast only by a prefix inside them: connect tcp "
				      "127.0.0.1:443"
				    : "delete the line, or its exceptions");
	}
}

/* ---- hidden by another mount ------------------------------------------ */

/* The one name, or the directory, where the loader mounts for g; NULL: it mounts nothing. */
static const char *mount_point(const struct grant *g)
{
	if (g->kind != G_PATH && g->kind != G_SCRATCH && g->kind != G_DEVICE && g->kind != G_SYMLINK)
		return NULL;
	return g->u.place.dir ? g->u.place.dir : g->u.place.pattern;
}

/* The names at which x, a scratch or a link, and y cannot both be; *dead gets the one that loses. */
static const char *hidden_reason(const struct grant *x, const struct grant *y, const struct grant **dead)
{
	const char *p = mount_point(x), *q = mount_point(y);

	*dead = x;
	if (!p || !q)
		return NULL;
	if (x->kind == G_SYMLINK && y->kind == G_PATH && y->u.place.tree && path_below(p, q))
		return "the loader cannot make a link inside a tree of the host";
	if (strcmp(p, q))
		return NULL;
	if (x->kind == G_SYMLINK) /* two links of one name: resolve says it */
		return y->kind == G_SYMLINK ? NULL : "something else has this name";
	if (y->kind == G_SCRATCH)
		return "one directory has one scratch";
	if (y->kind != G_PATH)
		return NULL;
	*dead = y;
	return "the scratch hides it";
}

static void hidden_pair(struct judge *j, const struct grant *x, const struct grant *y)
{
	const struct grant *dead;
	const char *why = hidden_reason(x, y, &dead);
	const struct grant *other = dead == x ? y : x;

	if (!why || (x->kind == y->kind && y > x)) /* two of a kind: once, at the later one */
		return;
	diag_error(j->d, dead->at, "ABP-LAW-016", "`%s` is dead: %s", dead->text, why);
	diag_also(j->d, other->at, "`%s` is here", other->text);
	say_origin(j, dead->origin ? dead->origin : other->origin);
}

void law_dead_hidden(struct judge *j)
{
	const grant_list *all = &j->m->grants;

	for (uint32_t i = 0; i < all->n; i++) {
		if (all->v[i].kind != G_SCRATCH && all->v[i].kind != G_SYMLINK)
			continue;
		for (uint32_t k = 0; k < all->n; k++)
			if (k != i)
				hidden_pair(j, &all->v[i], &all->v[k]);
	}
}

/* ---- exceptions and pins ---------------------------------------------- */

static void dead_exception(struct judge *j, const struct grant *g, const char *except, const struct dfa *tree)
{
	const struct dfa *names = dfa_path(j->s->a, except);
	struct event e = {.kind = K_WRITE};
	const struct grant *by;

	if (!dfa_subset(j->s->a, names, tree)) {
		diag_error(j->d, g->at, "ABP-LAW-017", "`except %s` is outside of `%s`", except,
			   g->u.place.pattern);
		diag_help(j->d, "an exception takes away from its own line only; leave it out");
		return;
	}
	if (!dfa_subset(j->s->a, names, j->m->all.k[K_WRITE].d))
		return;
	e.str = dfa_witness(j->s->a, names);
	by = grant_of(j->s, j->m, &e);
	diag_error(j->d, g->at, "ABP-LAW-017", "`except %s` has no effect: %s permits `%s`", except,
		   grant_desc(j->s->a, j->m, by), event_text(j->s, &e));
	if (by) {
		diag_also(j->d, by->at, "written here");
		say_origin(j, by->origin);
	}
	diag_help(j->d, "give the other line the same exception; `never { write ... }` keeps it so");
}

void law_dead_except(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];

		for (uint32_t k = 0; g->kind == G_PATH && k < g->u.place.except.n; k++)
			dead_exception(j, g, g->u.place.except.v[k], dfa_path(j->s->a, g->u.place.pattern));
	}
}

static bool same_pin(const struct grant *x, const struct grant *y)
{
	return x->u.place.digest && y->u.place.digest && !memcmp(x->u.place.digest, y->u.place.digest, 32);
}

/* Another line for the same name with other bytes; a tree around it is none: the loader goes by the exact
 * name. */
static const struct grant *unpinned(const struct model *m, const struct grant *pin)
{
	for (uint32_t i = 0; i < m->grants.n; i++) {
		const struct grant *g = &m->grants.v[i];

		if (g != pin && g->kind == G_PATH && g->u.place.right == RIGHT_EXEC && !same_pin(g, pin) &&
		    !strcmp(g->u.place.pattern, pin->u.place.pattern))
			return g;
	}
	return NULL;
}

void law_dead_pin(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		const struct grant *other = g->kind == G_PATH && g->u.place.digest ? unpinned(j->m, g) : NULL;

		if (!other)
			continue;
		diag_error(j->d, g->at, "ABP-LAW-029", "the digest of %s has no effect: `%s` permits it, too",
			   g->u.place.pattern, other->text);
		diag_also(j->d, other->at, "the other line");
		say_origin(j, other->origin ? other->origin : g->origin);
		diag_help(j->d, "a program with a digest is granted by that line only");
	}
}

/* ---- listening sockets with a name ------------------------------------ */

/* Names below the run's scratch directories: a write grant holds no sockets. */
static const struct dfa *scratch_names(struct judge *j)
{
	const struct dfa *all = NULL;

	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];

		if (g->kind == G_SCRATCH)
			all = all ? dfa_or(j->s->a, all, g->set.k[K_WRITE].d) : g->set.k[K_WRITE].d;
	}
	return all;
}

void law_dead_unix(struct judge *j)
{
	const struct dfa *scratch = scratch_names(j);

	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];
		const char *name = g->kind == G_UNIX ? g->u.place.pattern : NULL;

		if (!name || name[0] != '/' || !g->set.k[K_UNIX_LISTEN].d ||
		    dfa_subset(j->s->a, g->set.k[K_UNIX_LISTEN].d, scratch))
			continue;
		diag_error(
		    j->d, g->at, "ABP-LAW-028",
		    "`%s` is dead: a listening socket is made in a scratch directory, and none holds %s",
		    g->text, name);
		say_origin(j, g->origin);
		diag_help(j->d, "paths { scratch DIR size 1M } above the name");
	}
}

/* ---- proxy and terminal ----------------------------------------------- */

void law_dead_proxy(struct judge *j)
{
	const struct grant *proxy = NULL;

	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];

		if (g->kind != G_PROXY || !grant_written(g))
			continue;
		if (proxy) {
			diag_error(j->d, g->at, "ABP-LAW-018", "`%s`: a policy has one proxy", g->text);
			diag_also(j->d, proxy->at, "the other one");
			say_origin(j, g->origin);
		}
		proxy = g;
	}
	for (uint32_t i = 0; i < j->m->grants.n && !proxy; i++) {
		const struct grant *g = &j->m->grants.v[i];

		if (g->kind != G_HOST)
			continue;
		diag_error(j->d, g->at, "ABP-LAW-018", "`%s` is dead: the policy has no `proxy` line",
			   g->text);
		say_origin(j, g->origin);
		diag_help(j->d, "ports { proxy 192.0.2.80:3128 }");
	}
}

void law_dead_device(struct judge *j)
{
	for (uint32_t i = 0; i < j->m->grants.n; i++) {
		const struct grant *g = &j->m->grants.v[i];

		if (g->kind != G_DEVICE || strcmp(g->text, "device tty") || j->m->run.stdio == STDIO_TTY)
			continue;
		diag_error(j->d, g->at, "ABP-LAW-019", "`device tty` is dead: the run has no terminal");
		if (j->m->run.stdio_at.src)
			diag_also(j->d, j->m->run.stdio_at, "standard input and output are chosen here");
		say_origin(j, g->origin);
		diag_help(j->d, "run { stdio tty }");
	}
}
