/*
 * sockets_gen.h - for the suites of the socket programs: rules, their meaning read from language.md section 5
 * rule by rule, and a simulator of the few eBPF instructions.  Shares no code with the compiler.
 */
#ifndef ABP_UNIT_SOCKETS_GEN_H
#define ABP_UNIT_SOCKETS_GEN_H

#include "compiler/backends/sockets/sockets.h"

enum { MAX_RULES = 4096, MAX_FROM = 2 };
enum verb { CONNECT, LISTEN, BIND };

struct gen_addr {
	uint8_t b[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint8_t bits;  /* of 128 */
};
struct gen_rule {
	enum verb verb;
	unsigned tp; /* 0 tcp, 1 udp */
	struct gen_addr addr, from[MAX_FROM];
	unsigned n_from;
	uint16_t lo, hi; /* hi 0: auto */
};
struct gen {
	struct arena *a;
	struct sets s;
	struct evset all;
	struct gen_rule rule[MAX_RULES];
	unsigned n;
	struct buf insns[ABPB_N_HOOKS];
};

/* N random rules, through the compiler's front end into sets; NULL: the text was refused. */
struct gen *gen_rules(struct arena *a, uint64_t *seed, unsigned n);
/* Programs of all hooks; false: too large. */
bool gen_emit(struct gen *g);
/* What the rules say of one input of a hook. */
bool gen_want(const struct gen *g, enum abpb_hook h, const struct sock_input *in);
/* An input near the edges of a rule, or random. */
void gen_input(const struct gen *g, enum abpb_hook h, uint64_t *seed, struct sock_input *in);
/* Runs a program; -1: it does something that is not in the subset. */
int gen_run(const uint8_t *code, size_t n, enum abpb_hook h, const struct sock_input *in);

#endif
