/*
 * prove.h - what decode.c, walk.c and meaning.c of the verifier share.
 *
 * A state is a box: one word (base/cube.h) per input of the hook, always as a number in host order.  The walk
 * takes the program through boxes; at an exit, the meaning cuts the box by the model and wants one verdict.
 */
#ifndef ABP_SOCKETS_PROVE_H
#define ABP_SOCKETS_PROVE_H

#include "compiler/backends/sockets/sockets.h"
#include "compiler/base/cube.h"

/* Inputs of all hooks; ADDR, SRC and DST are four each. */
enum input {
	IN_FAMILY,
	IN_TYPE,
	IN_PROTO,
	IN_ADDR,
	IN_PORT = IN_ADDR + 4,
	IN_ETHER,
	IN_FIRST,
	IN_FRAG,
	IN_SRC,
	IN_DST = IN_SRC + 4,
	IN_SPORT = IN_DST + 4,
	IN_DPORT,
	IN_FLAGS,
	N_INPUTS
};

enum layout { LAYOUT_SOCK, LAYOUT_ADDR4, LAYOUT_ADDR6, LAYOUT_SKB, LAYOUT_PACKET4, LAYOUT_PACKET6 };

/* The input of `size` bytes at `off` of a context or a packet; swapped: it lies there in network order. */
struct place_of {
	enum layout layout;
	uint16_t off;
	uint8_t size, input;
	uint8_t bytes; /* that mean something: a port in a word of four has two */
	bool swapped;
};
const struct place_of *place_find(enum layout layout, int64_t off, unsigned size);
unsigned input_bytes(enum input i); /* 1, 2 or 4 */

struct box {
	struct word w[N_INPUTS];
	uint32_t readable;   /* the packet has at least so many bytes */
	uint32_t unreadable; /* and not so many; 0: not known */
};

struct prover {
	struct sets *s;
	const struct evset *all;
	enum abpb_hook h;
	bdd conn_any[2], conn_every[2]; /* by protocol, without the own port */
	/* a claim is being proved: these are what is left of the sets (addresses of calls and packets' peers)
	 */
	bool has_rest;
	bdd rest[2];
	uint64_t budget;
	struct sock_proof *out;
};

bool prove_spend(struct prover *p);
/* The policy's verdict on every member of the box is `got`; else the proof has a witness, and false. */
bool meaning_check(struct prover *p, const struct box *b, bool got);
void meaning_prepare(struct prover *p);
/*
 * What is left of the one or two sets that decide the box once the words it constrains are looked at; words
 * that are still whole, and the one that is loaded next, are not.  A set that does not leave one rest for all
 * members is left as it is.  False: family and protocol are not known.
 */
bool meaning_rest(struct prover *p, const struct box *b, unsigned input, bdd rest[2]);
bool word_single(const struct word *w, uint32_t *x);

#endif
