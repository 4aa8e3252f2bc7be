#include "compiler/backends/launch/launch.h"

#include "compiler/backends/launch/decode.h"

static const char *const net_names[] = {"none", "private", "relay", "host"};
static const char *const stdio_names[] = {"pipe", "null", "inherit", "tty"};
static const char *const view_names[] = {"tree", "file",     "scratch", "device", "symlink",
					 "proc", "procfile", "except",	"pin"};
static const char *const env_names[] = {"pass", "set", "secret"};
#define NAME(table, i) ((i) < sizeof(table) / sizeof *(table) ? (table)[i] : "?")

static void list_meta(const struct decoded *b, struct buf *t)
{
	const struct abpb_meta *m = b->meta;
	buf_printf(t, "policy    %s %s\n", decode_string(b, m->name), decode_string(b, m->version));
	buf_printf(t, "user      %u:%u inside; one host id per run, never 0\n", m->uid, m->gid);
	buf_printf(t, "net       %s\nstdio     %s\n", NAME(net_names, m->net), NAME(stdio_names, m->stdio));
	buf_printf(t, "hostname  %s\nworkdir   %s\n", decode_string(b, m->hostname),
		   decode_string(b, m->workdir));
	buf_printf(t, "caps      %016llx in all five sets, securebits locked\n", (unsigned long long)m->caps);
	if (m->program)
		buf_printf(t, "program   %s and no other\n", decode_string(b, m->program));
}

static void list_view(const struct decoded *b, struct buf *t)
{
	uint32_t n;
	const struct abpb_view *v = decode_section(b, ABPB_VIEW, 0, sizeof *v, &n);
	buf_puts(t, "\nview, in mount order; what is not named does not exist\n");
	for (uint32_t i = 0; i < n; i++) {
		uint32_t f = v[i].flags;
		buf_printf(t, "  %-8s %s%s%s%s %s", NAME(view_names, v[i].kind), f & ABPB_READ ? "r" : "-",
			   f & ABPB_WRITE ? "w" : "-", f & ABPB_LOAD ? "l" : "-", f & ABPB_EXEC ? "x" : "-",
			   decode_string(b, v[i].path));
		if (v[i].target)
			buf_printf(t, " -> %s", decode_string(b, v[i].target));
		if (v[i].size)
			buf_printf(t, " size %llu", (unsigned long long)v[i].size);
		buf_printf(t, "%s%s  # %s\n", f & ABPB_SLOT ? " slot" : "",
			   f & ABPB_SUBMOUNTS ? " submounts" : "", decode_string(b, v[i].where));
	}
}

static void list_env(const struct decoded *b, struct buf *t)
{
	uint32_t n;
	const struct abpb_env *e = decode_section(b, ABPB_ENV, 0, sizeof *e, &n);
	buf_printf(t, "\nenvironment%s\n", n ? "" : ": empty");
	for (uint32_t i = 0; i < n; i++) {
		buf_printf(t, "  %-8s %s", NAME(env_names, e[i].kind), decode_string(b, e[i].name));
		if (e[i].kind == ABPB_ENV_SET)
			buf_printf(t, "=%s", decode_string(b, e[i].value));
		if (e[i].kind == ABPB_ENV_SECRET)
			buf_printf(t, " from fd %u", e[i].fd);
		buf_putc(t, '\n');
	}
}

static void list_limits(const struct decoded *b, struct buf *t)
{
	uint32_t n;
	const struct abpb_limit *l = decode_section(b, ABPB_LIMITS, 0, sizeof *l, &n);
	buf_puts(t, "\nlimits\n");
	for (uint32_t i = 0; i < n; i++) {
		const struct limitdef *d = l[i].resource < ABPB_N_RESOURCES ? limit_at(l[i].resource) : NULL;
		buf_printf(t, "  %-11s %llu %s  (%s)\n", d ? d->name : "?", (unsigned long long)l[i].value,
			   d ? unit_name(d->unit) : "", d ? d->object : "");
	}
}

static void list_programs(const struct decoded *b, struct buf *t)
{
	uint32_t n;
	const struct abpb_program *p = decode_section(b, ABPB_PROGRAMS, 0, sizeof *p, &n);
	buf_printf(t, "\nprograms that may be started%s\n", n ? "" : ": none");
	for (uint32_t i = 0; i < n; i++)
		buf_printf(t, "  %s%s%s\n", decode_string(b, p[i].path),
			   p[i].flags & ABPB_PROGRAM_TREE ? "/**" : "",
			   p[i].flags & ABPB_PROGRAM_DIGEST ? "  pinned by sha256" : "");
}

static void list_sock(const struct decoded *b, struct buf *t)
{
	static const char *const hook[ABPB_N_HOOKS] = {"",	   "sock_create", "bind4",    "bind6",
						       "connect4", "connect6",	  "sendmsg4", "sendmsg6",
						       "egress",   "ingress"};
	uint32_t n;
	for (uint32_t h = 1; h < ABPB_N_HOOKS; h++) {
		if (!decode_section(b, ABPB_SOCK, h, sizeof(struct abpb_insn), &n))
			continue;
		buf_puts(t, h == 1
				? "\nsocket programs, attached to the run's own v2 group before it is born\n"
				: "");
		buf_printf(t, "  %-12s %u instructions\n", hook[h], n);
	}
}

static void list_missing(const struct decoded *b, struct buf *t)
{
	uint32_t n;
	const struct abpb_missing *m = decode_section(b, ABPB_MISSING, 0, sizeof *m, &n);
	if (n)
		buf_puts(t, "\nno wall of this version decides these grants: abprun refuses the bundle\n");
	for (uint32_t i = 0; i < n; i++)
		buf_printf(t, "  %-9s %s  # %s\n", decode_string(b, m[i].wall), decode_string(b, m[i].what),
			   decode_string(b, m[i].where));
}

void launch_list(const struct buf *bundle, struct buf *text)
{
	struct decoded b;
	const char *wrong = decode_bundle(bundle, &b);
	if (wrong) {
		buf_printf(text, "not readable: %s\n", wrong);
		return;
	}
	list_meta(&b, text);
	list_view(&b, text);
	list_env(&b, text);
	list_limits(&b, text);
	list_programs(&b, text);
	list_sock(&b, text);
	list_missing(&b, text);
}
