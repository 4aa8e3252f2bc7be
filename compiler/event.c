/*
 * event.c - one event in the words of a pattern.
 */
#include "compiler/evset.h"

#include <arpa/inet.h>
#include <string.h>

#include "compiler/constname.h"

static uint64_t field(const struct event *e, struct field f)
{
	return bits_field(e->bit, f);
}

static void call_arg(struct buf *b, enum arch arch, const struct argdef *def, uint64_t v, bool *some)
{
	if (def && def->width == 32)
		v &= UINT32_MAX;
	if (!v)
		return;
	buf_puts(b, *some ? " and " : "(");
	*some = true;
	buf_printf(b, "%s == ", def->name);
	const_put(b, arch, def, v);
}

static void call_put(struct buf *b, const struct event *e)
{
	enum arch arch = (enum arch)(e->kind - K_SYS_X86_64);
	int nr = (int)field(e, F_SYS_NR);
	const struct sysdef *sys = syscall_by_nr(arch, nr);
	bool some = false;
	if (!sys) {
		buf_printf(b, "syscall number %d on %s", nr, arch_table[arch].name);
		return;
	}
	buf_printf(b, "syscall %s", sys->name);
	for (unsigned i = 0; i < SYS_MAX_ARGS; i++)
		if (syscall_arg(sys, arch, i))
			call_arg(b, arch, syscall_arg(sys, arch, i), field(e, f_sys_arg(i)), &some);
	buf_puts(b, some ? ")" : "");
}

static void part_put(struct buf *b, const char *name, int n)
{
	if (name)
		buf_puts(b, name);
	else
		buf_printf(b, "%u", (unsigned)n);
}

static void sock_put(struct buf *b, const struct event *e)
{
	int f = (int)field(e, F_SOCK_FAMILY), t = (int)field(e, F_SOCK_TYPE), p = (int)field(e, F_SOCK_PROTO);
	const char *fn = sock_family_name(f), *tn = sock_type_name(t), *pn = sock_proto_name(f, p);
	buf_puts(b, "socket ");
	part_put(b, fn, f);
	buf_putc(b, '/');
	part_put(b, tn, t);
	buf_putc(b, '/');
	part_put(b, pn, p);
}

/* Sixteen bytes at a field; v4: mapped.  Brackets when a port follows. */
static void addr_put(struct buf *b, const struct event *e, struct field f, bool port)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	uint8_t a[16] = {0};
	char t[INET6_ADDRSTRLEN];
	for (unsigned i = 0; i < 128; i++)
		a[i / 8] |= (uint8_t)(e->bit[f.first + i] << (7 - i % 8));
	bool v4 = !memcmp(a, mapped, 12);
	inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? a + 12 : a, t, sizeof t);
	buf_printf(b, !v4 && port ? "[%s]" : "%s", t);
}

static void port_put(struct buf *b, uint64_t port)
{
	if (port)
		buf_printf(b, ":%u", (unsigned)port);
	else
		buf_puts(b, ":auto");
}

static const char *proto_word(const struct event *e, struct field f)
{
	return field(e, f) ? "udp" : "tcp";
}

static void net_put(struct buf *b, const struct event *e)
{
	if (e->kind == K_BIND) {
		buf_printf(b, "bind %s ", proto_word(e, F_BIND_TP));
		addr_put(b, e, F_BIND_ADDR, true);
		port_put(b, field(e, F_BIND_PORT));
	} else if (e->kind == K_CONN) {
		buf_printf(b, "connect %s ", proto_word(e, F_CONN_TP));
		addr_put(b, e, F_CONN_ADDR, true);
		port_put(b, field(e, F_CONN_PORT));
	} else {
		buf_printf(b, "listen %s ", proto_word(e, F_PEER_TP));
		addr_put(b, e, F_PEER_LADDR, true);
		port_put(b, field(e, F_PEER_LPORT));
		buf_puts(b, " from ");
		addr_put(b, e, F_PEER_ADDR, false);
	}
}

/* Names with blanks or signs of the language are quoted; control bytes shown as \xNN. */
static void name_put(struct buf *b, const char *s)
{
	bool plain = *s == '/' && !strpbrk(s, " \t#;{}(),=\"\\");
	buf_puts(b, plain ? "" : "\"");
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == 127)
			buf_printf(b, "\\x%02x", (unsigned char)*s);
		else
			buf_printf(b, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	}
	buf_puts(b, plain ? "" : "\"");
}

static void use_put(struct buf *b, const struct event *e)
{
	const struct limitdef *def = limit_at((enum abpb_resource)field(e, F_USE_RES));
	uint64_t v = field(e, F_USE_AMOUNT);
	buf_printf(b, "limit %s ", def ? def->name : "(none)");
	if (def)
		amount_put(b, def, v);
}

static void cap_put(struct buf *b, const struct event *e)
{
	const struct capdef *c = cap_by_nr((int)e->n);
	if (c)
		buf_printf(b, "cap %s", c->name);
	else
		buf_printf(b, "cap number %u", e->n);
}

static void dfa_put(struct buf *b, const struct event *e)
{
	static const char *const verb[N_EKINDS] = {
	    [K_UNIX_CONNECT] = "unix connect ",
	    [K_UNIX_LISTEN] = "unix listen ",
	    [K_READ] = "read ",
	    [K_WRITE] = "write ",
	    [K_LOAD] = "load ",
	    [K_EXEC] = "exec ",
	    [K_ENV] = "env ",
	    [K_HOST] = "connect host ",
	};
	buf_puts(b, verb[e->kind]);
	if (e->kind == K_ENV || e->kind == K_HOST)
		buf_puts(b, e->str);
	else
		name_put(b, e->str);
}

const char *event_text(struct sets *s, const struct event *e)
{
	struct buf b = buf_new(s->a);
	if (ekind_repr(e->kind) == REPR_DFA)
		dfa_put(&b, e);
	else if (e->kind == K_SYS_X86_64 || e->kind == K_SYS_AARCH64)
		call_put(&b, e);
	else if (e->kind == K_SOCK)
		sock_put(&b, e);
	else if (e->kind == K_CAP)
		cap_put(&b, e);
	else if (e->kind == K_UNIX_PAIR)
		buf_puts(&b, "unix pair");
	else if (e->kind == K_FD)
		buf_printf(&b, "fd %u", (unsigned)field(e, F_FD_N));
	else if (e->kind == K_USE)
		use_put(&b, e);
	else
		net_put(&b, e);
	return buf_str(&b);
}
