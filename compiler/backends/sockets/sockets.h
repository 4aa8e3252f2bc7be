/*
 * sockets.h - the network wall: one eBPF program per cgroup hook, without maps, loops or BTF.
 *
 * What each hook has to answer, as a set of its inputs, is the model's projection:
 *   sock_create   the triple as the kernel resolved it (protocol 0 is TCP or UDP by then), inet and inet6
 * only bind4/6       bind events connect4/6, sendmsg4/6    conn events from whatever own port: the hook comes
 * before the port is chosen egress        TCP: conn, and but for a first SYN the way back of peer_in; UDP:
 * conn with its own port; nothing else, no fragments, no IP options, no extension headers ingress       TCP:
 * everything but a first SYN, which is peer_in; UDP: peer_in, or from an address and port that is conn from
 * every own port; nothing else
 */
#ifndef ABP_SOCKETS_H
#define ABP_SOCKETS_H

#include "compiler/backend.h"
#include "spec/bundle.h"

struct hookdef {	     /* hooks.c: one row per enum abpb_hook */
	const char *name;    /* "connect4" */
	const char *section; /* as libbpf knows it: "cgroup/connect4" */
	enum ekind kinds[2]; /* whose grants matter, for the listing; the same twice: one */
	bool v6, skb;
};
const struct hookdef *hook_def(enum abpb_hook h);

struct sock_programs {
	bool needed; /* false: the policy has no event for them to decide, and the rest is empty */
	struct buf insns[ABPB_N_HOOKS]; /* struct abpb_insn[]; index 0 unused */
	const char *proof[ABPB_N_HOOKS];
	const char *summary; /* of all proofs */
	struct buf object;   /* sockets.bpf.o */
};

/* Emit, verify every program over all inputs, make the object.  False: errors queued. */
bool sockets_build(struct sets *s, struct diags *d, const struct model *m, struct sock_programs *out);
/* sockets.txt */
void sockets_list(struct sets *s, const struct model *m, const struct sock_programs *p, struct buf *text);

/* ---- parts; for build and the tests ---- */

/* Appends the program of one hook; false: it would be too large for the kernel's jumps. */
bool sockets_emit(struct sets *s, const struct evset *all, enum abpb_hook h, struct buf *out);

enum sock_verdict { SOCK_EQUAL, SOCK_DIFFERS, SOCK_MALFORMED, SOCK_UNDECIDED };
struct sock_proof {
	enum sock_verdict verdict;
	uint64_t leaves, steps;
	uint32_t at;		  /* MALFORMED: instruction */
	const char *why;	  /* MALFORMED */
	bool got, want;		  /* DIFFERS: allowed by the program, by the policy */
	const char *event;	  /* DIFFERS: the input, as text */
	struct sock_input *input; /* DIFFERS: the same, for a simulator */
};
/* One concrete input of a hook.  Numbers are in host order; addresses four words, the first the highest. */
struct sock_input {
	uint32_t family, type, proto; /* of the socket; packets: proto is the packet's */
	uint32_t addr[4], port;	      /* sock_addr hooks; v4: addr[3] */
	uint32_t ether;		      /* packets: 0x0800, 0x86dd or anything else */
	uint8_t first;		      /* packets: byte 0 */
	uint16_t frag;		      /* packets, v4: bytes 6, 7 */
	uint32_t src[4], dst[4];
	uint16_t sport, dport;
	uint8_t flags;	 /* TCP, byte 13 */
	uint32_t length; /* readable bytes of the packet */
};
/* Program and policy on all inputs. */
void sockets_prove(struct sets *s, const struct evset *all, enum abpb_hook h, const struct buf *insns,
		   struct sock_proof *out);
/* An ELF object of all programs (libelf); false: the library refused. */
bool sockets_object(struct arena *a, const struct buf insns[ABPB_N_HOOKS], struct buf *out);

#endif
