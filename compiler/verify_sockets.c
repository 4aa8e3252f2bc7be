/* verify_sockets.c - the socket programs on the run's group: each hook one program, with the bundle's bytes.
 */
#include "compiler/verify_walls.h"

#include <string.h>

#include "compiler/base/sha1.h"
#include "compiler/base/sha256.h"

static const char *const hook[ABPB_N_HOOKS] = {"",	   "sock_create", "bind4",    "bind6",	"connect4",
					       "connect6", "sendmsg4",	  "sendmsg6", "egress", "ingress"};

static const char *tag(struct arena *a, const char *form, const uint8_t *digest)
{
	struct buf b = buf_new(a);
	buf_printf(&b, "%s:", form);
	for (unsigned i = 0; i < 8; i++)
		buf_printf(&b, "%02x", digest[i]);
	return buf_str(&b);
}

/* A kernel tags a program by SHA-1 of its instructions, from 6.18 on by SHA-256. */
static void judge_hook(struct audit *u, uint32_t h)
{
	const char *name = arena_printf(u->a, "sockets.tag:%s", hook[h]);
	uint8_t new[32], old[20];
	uint32_t n;
	const void *code = decode_section(&u->b, ABPB_SOCK, h, 1, &n);

	sha256(code, n, new);
	sha1(code, n, old);
	const struct fact *f = evidence_fact(u->e, arena_printf(u->a, "%s%s", u->prefix, name));
	bool is_old = f && f->observed && !strcmp(f->observed, tag(u->a, "sha1", old));
	audit_want(u, AUDIT_SOCKETS, u->by, name, is_old ? tag(u->a, "sha1", old) : tag(u->a, "sha256", new));
	/* the number is the kernel's own; that it is the one of our program is what the loader compared */
	const char *id = audit_seen(u, AUDIT_SOCKETS, u->by, arena_printf(u->a, "sockets.id:%s", hook[h]));
	if (id && (!*id || strspn(id, "0123456789") != strlen(id) || *id == '0'))
		audit_finding(u, AUDIT_SOCKETS, "%ssockets.id:%s: %s is no program", u->prefix, hook[h], id);
}

void judge_sockets(struct audit *u)
{
	uint32_t n;

	if (!decode_section(&u->b, ABPB_SOCK, ABPB_SOCK_CREATE, 1, &n))
		return;
	if (u->e->rootless) { /* language.md section 1: bound, inside the run's own network namespace */
		if (u->b.meta->net == ABPB_NET_HOST)
			audit_finding(u, AUDIT_SOCKETS, "net host without socket programs");
		audit_info(u, "sockets");
		if (!*u->prefix)
			audit_note(
			    u, "no socket programs: inside the run's own network namespace bind, connect and "
			       "listen are not decided");
		return;
	}
	audit_want(u, AUDIT_SOCKETS, u->by, "sockets", "raised");
	for (uint32_t h = 1; h < ABPB_N_HOOKS; h++)
		judge_hook(u, h);
}
