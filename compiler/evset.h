/*
 * evset.h - sets of events, one canonical set per kind (language.md section 1), and the four operations.
 *
 * Everything in this compiler that means something means an evset: a grant, a whole policy, a ceiling, a
 * `never` line, a test pattern.  Equality is equality of members; all operations are exact.
 */
#ifndef ABP_EVSET_H
#define ABP_EVSET_H

#include "compiler/base/bdd.h"
#include "compiler/base/dfa.h"
#include "compiler/tables/tables.h"

enum ekind {
	K_SYS_X86_64, /* (nr, a0..a5): kind K_SYS_X86_64 + arch */
	K_SYS_AARCH64,
	K_CAP,
	K_SOCK,		/* (family, type, protocol) */
	K_BIND,		/* (protocol, address, port) */
	K_CONN,		/* (protocol, own port, address, port) */
	K_PEER,		/* (protocol, local address, local port, peer address) */
	K_UNIX_CONNECT, /* name; abstract names start with '@' */
	K_UNIX_LISTEN,
	K_UNIX_PAIR, /* one event */
	K_READ,	     /* absolute name; READ, WRITE, LOAD, EXEC are consecutive: K_READ + enum right */
	K_WRITE,
	K_LOAD,
	K_EXEC,
	K_ENV,	/* variable name */
	K_FD,	/* descriptor number */
	K_USE,	/* (resource, amount) */
	K_HOST, /* "name:port" for the proxy's list */
	N_EKINDS
};
enum right { RIGHT_READ, RIGHT_WRITE, RIGHT_LOAD, RIGHT_EXEC, N_RIGHTS };

/* How a kind is represented. */
enum repr { REPR_BDD, REPR_DFA, REPR_BITS };
enum repr ekind_repr(enum ekind k);
enum kind ekind_kind(enum ekind k); /* the kind of tables/walls.def it belongs to */
/* The verb of tables/walls.def for it; NULL: the kind's row has none. */
const char *ekind_verb(enum ekind k);

struct evset {
	union {
		bdd b;		     /* SYS, SOCK, BIND, CONN, PEER, FD, USE */
		const struct dfa *d; /* UNIX_*, paths, ENV, HOST */
		uint64_t bits;	     /* CAP: bit n; UNIX_PAIR: 0 or 1 */
	} k[N_EKINDS];
};

/*
 * Variable layouts (most significant bit first).  Addresses are 128 bits, IPv4 as ::ffff:a.b.c.d; protocol 0
 * = tcp, 1 = udp; resources as enum abpb_resource of spec/bundle.h.
 */
enum {
	SYS_VARS = 12 + 6 * 64,
	SOCK_VARS = 96,
	BIND_VARS = 1 + 128 + 16,
	CONN_VARS = 1 + 16 + 128 + 16,
	PEER_VARS = 1 + 128 + 16 + 128,
	FD_VARS = 32,
	USE_VARS = 4 + 64
};
#define F_SYS_NR ((struct field){0, 12})
static inline struct field
f_sys_arg(unsigned i) /* a 32-bit argument uses the low 32 bits, the high are free */
{
	return (struct field){(uint16_t)(12 + 64 * i), 64};
}
static inline struct field f_sys_arg32(unsigned i)
{
	return (struct field){(uint16_t)(12 + 64 * i + 32), 32};
}
#define F_SOCK_FAMILY ((struct field){0, 32})
#define F_SOCK_TYPE ((struct field){32, 32}) /* without SOCK_NONBLOCK, SOCK_CLOEXEC */
#define F_SOCK_PROTO ((struct field){64, 32})
#define F_BIND_TP ((struct field){0, 1})
#define F_BIND_ADDR ((struct field){1, 128})
#define F_BIND_PORT ((struct field){129, 16})
#define F_CONN_TP ((struct field){0, 1})
#define F_CONN_OWN ((struct field){1, 16})
#define F_CONN_ADDR ((struct field){17, 128})
#define F_CONN_PORT ((struct field){145, 16})
#define F_PEER_TP ((struct field){0, 1})
#define F_PEER_LADDR ((struct field){1, 128})
#define F_PEER_LPORT ((struct field){129, 16})
#define F_PEER_ADDR ((struct field){145, 128})
#define F_FD_N ((struct field){0, 32})
#define F_USE_RES ((struct field){0, 4})
#define F_USE_AMOUNT ((struct field){4, 64})

struct sets { /* what the operations need; one per run */
	struct arena *a;
	struct bdds *t;
};

struct evset evset_none(void);
struct evset evset_or(struct sets *s, const struct evset *x, const struct evset *y);
struct evset evset_and(struct sets *s, const struct evset *x, const struct evset *y);
struct evset evset_diff(struct sets *s, const struct evset *x, const struct evset *y);
bool evset_equal(const struct evset *x, const struct evset *y);
bool evset_empty(const struct evset *x);
bool evset_subset(struct sets *s, const struct evset *x, const struct evset *y);
bool evset_disjoint(struct sets *s, const struct evset *x, const struct evset *y);

/* One concrete event. */
struct event {
	enum ekind kind;
	uint8_t bit[BDD_MAX_VARS]; /* REPR_BDD: one byte a variable */
	const char *str;	   /* REPR_DFA */
	unsigned n;		   /* CAP: number */
};
/* An event of x, kinds in order; false: empty. */
bool evset_witness(struct sets *s, const struct evset *x, struct event *e);
bool evset_has(struct sets *s, const struct evset *x, const struct event *e);
/*
 * As an author would write it in a pattern: "syscall socket(family == 2, type == 3)", "connect
 * tcp 10.0.0.1:443", "write /etc/passwd", "cap NET_RAW", "limit memory 2147483648".  Arguments that are 0 are
 * left out of system calls.
 */
const char *event_text(struct sets *s, const struct event *e);

#endif
