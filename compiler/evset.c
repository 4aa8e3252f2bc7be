#include "compiler/evset.h"

#include <string.h>

/* One row a kind, in the order of enum ekind. */
static const struct {
	enum repr repr;
	enum kind kind;
	uint16_t vars; /* REPR_BDD */
} rows[N_EKINDS] = {
    [K_SYS_X86_64] = {REPR_BDD, KIND_SYS, SYS_VARS},
    [K_SYS_AARCH64] = {REPR_BDD, KIND_SYS, SYS_VARS},
    [K_CAP] = {REPR_BITS, KIND_CAP, 0},
    [K_SOCK] = {REPR_BDD, KIND_SOCK, SOCK_VARS},
    [K_BIND] = {REPR_BDD, KIND_BIND, BIND_VARS},
    [K_CONN] = {REPR_BDD, KIND_CONN, CONN_VARS},
    [K_PEER] = {REPR_BDD, KIND_PEER_IN, PEER_VARS},
    [K_UNIX_CONNECT] = {REPR_DFA, KIND_UNIX, 0},
    [K_UNIX_LISTEN] = {REPR_DFA, KIND_UNIX, 0},
    [K_UNIX_PAIR] = {REPR_BITS, KIND_UNIX, 0},
    [K_READ] = {REPR_DFA, KIND_PATH, 0},
    [K_WRITE] = {REPR_DFA, KIND_PATH, 0},
    [K_LOAD] = {REPR_DFA, KIND_PATH, 0},
    [K_EXEC] = {REPR_DFA, KIND_PATH, 0},
    [K_ENV] = {REPR_DFA, KIND_ENV, 0},
    [K_FD] = {REPR_BDD, KIND_FD, FD_VARS},
    [K_USE] = {REPR_BDD, KIND_USE, USE_VARS},
    [K_HOST] = {REPR_DFA, KIND_CONN, 0},
};

_Static_assert((int)PEER_VARS <= (int)BDD_MAX_VARS && (int)SYS_VARS <= (int)BDD_MAX_VARS, "layouts fit");

enum repr ekind_repr(enum ekind k)
{
	return rows[k].repr;
}

enum kind ekind_kind(enum ekind k)
{
	return rows[k].kind;
}

const char *ekind_verb(enum ekind k)
{
	static const char *const verb[N_EKINDS] = {
	    [K_UNIX_CONNECT] = "connect",
	    [K_UNIX_LISTEN] = "listen",
	    [K_UNIX_PAIR] = "pair",
	    [K_READ] = "read",
	    [K_WRITE] = "write",
	    [K_LOAD] = "load",
	    [K_EXEC] = "exec",
	};
	return verb[k];
}

struct evset evset_none(void)
{
	struct evset x;
	memset(&x, 0, sizeof x); /* BDD_NONE, NULL, no bits */
	return x;
}

enum op { OP_OR, OP_AND, OP_DIFF };

static bdd op_bdd(struct sets *s, enum op op, bdd x, bdd y)
{
	if (op == OP_OR)
		return bdd_or(s->t, x, y);
	return op == OP_AND ? bdd_and(s->t, x, y) : bdd_diff(s->t, x, y);
}

/* The empty set and equal structures are common: no product for them. */
static const struct dfa *op_dfa(struct sets *s, enum op op, const struct dfa *x, const struct dfa *y)
{
	if (op == OP_OR) {
		if (!x || x == y)
			return y;
		return y ? dfa_or(s->a, x, y) : x;
	}
	if (op == OP_AND) {
		if (!x || !y)
			return NULL;
		return x == y ? x : dfa_and(s->a, x, y);
	}
	if (!x || !y)
		return x;
	return x == y ? NULL : dfa_diff(s->a, x, y);
}

static uint64_t op_bits(enum op op, uint64_t x, uint64_t y)
{
	if (op == OP_OR)
		return x | y;
	return op == OP_AND ? x & y : x & ~y;
}

static struct evset combine(struct sets *s, enum op op, const struct evset *x, const struct evset *y)
{
	struct evset z = evset_none();
	for (unsigned k = 0; k < N_EKINDS; k++) {
		if (rows[k].repr == REPR_BDD)
			z.k[k].b = op_bdd(s, op, x->k[k].b, y->k[k].b);
		else if (rows[k].repr == REPR_DFA)
			z.k[k].d = op_dfa(s, op, x->k[k].d, y->k[k].d);
		else
			z.k[k].bits = op_bits(op, x->k[k].bits, y->k[k].bits);
	}
	return z;
}

struct evset evset_or(struct sets *s, const struct evset *x, const struct evset *y)
{
	return combine(s, OP_OR, x, y);
}

struct evset evset_and(struct sets *s, const struct evset *x, const struct evset *y)
{
	return combine(s, OP_AND, x, y);
}

struct evset evset_diff(struct sets *s, const struct evset *x, const struct evset *y)
{
	return combine(s, OP_DIFF, x, y);
}

static bool kind_empty(const struct evset *x, unsigned k)
{
	if (rows[k].repr == REPR_BDD)
		return x->k[k].b == BDD_NONE;
	return rows[k].repr == REPR_DFA ? !x->k[k].d : !x->k[k].bits;
}

static bool kind_equal(const struct evset *x, const struct evset *y, unsigned k)
{
	if (rows[k].repr == REPR_BDD)
		return x->k[k].b == y->k[k].b;
	if (rows[k].repr == REPR_BITS)
		return x->k[k].bits == y->k[k].bits;
	if (!x->k[k].d || !y->k[k].d)
		return x->k[k].d == y->k[k].d;
	return x->k[k].d == y->k[k].d || dfa_equal(x->k[k].d, y->k[k].d);
}

bool evset_equal(const struct evset *x, const struct evset *y)
{
	for (unsigned k = 0; k < N_EKINDS; k++)
		if (!kind_equal(x, y, k))
			return false;
	return true;
}

bool evset_empty(const struct evset *x)
{
	for (unsigned k = 0; k < N_EKINDS; k++)
		if (!kind_empty(x, k))
			return false;
	return true;
}

static bool kind_subset(struct sets *s, const struct evset *x, const struct evset *y, unsigned k)
{
	if (rows[k].repr == REPR_BDD)
		return bdd_subset(s->t, x->k[k].b, y->k[k].b);
	if (rows[k].repr == REPR_BITS)
		return !(x->k[k].bits & ~y->k[k].bits);
	if (!x->k[k].d || !y->k[k].d)
		return !x->k[k].d;
	return dfa_subset(s->a, x->k[k].d, y->k[k].d);
}

bool evset_subset(struct sets *s, const struct evset *x, const struct evset *y)
{
	for (unsigned k = 0; k < N_EKINDS; k++)
		if (!kind_subset(s, x, y, k))
			return false;
	return true;
}

static bool kind_disjoint(struct sets *s, const struct evset *x, const struct evset *y, unsigned k)
{
	if (rows[k].repr == REPR_BDD)
		return bdd_disjoint(s->t, x->k[k].b, y->k[k].b);
	if (rows[k].repr == REPR_BITS)
		return !(x->k[k].bits & y->k[k].bits);
	return !x->k[k].d || !y->k[k].d || dfa_disjoint(s->a, x->k[k].d, y->k[k].d);
}

bool evset_disjoint(struct sets *s, const struct evset *x, const struct evset *y)
{
	for (unsigned k = 0; k < N_EKINDS; k++)
		if (!kind_disjoint(s, x, y, k))
			return false;
	return true;
}

/*
 * A member that people recognise, where there is one: IPv4, and not 0.0.0.0/8 as the other end.
 */
static bdd familiar(struct sets *s, enum ekind k, bdd set)
{
	static const uint8_t v4[16] = {[10] = 0xff, [11] = 0xff};
	static const struct field own[N_EKINDS] = {[K_BIND] = F_BIND_ADDR, [K_PEER] = F_PEER_LADDR};
	static const struct field other[N_EKINDS] = {[K_CONN] = F_CONN_ADDR, [K_PEER] = F_PEER_ADDR};
	bdd in = set;
	if (own[k].width)
		in = bdd_and(s->t, in, bdd_prefix(s->t, own[k], v4, 96));
	if (other[k].width) {
		in = bdd_and(s->t, in, bdd_prefix(s->t, other[k], v4, 96));
		in = bdd_diff(s->t, in, bdd_prefix(s->t, other[k], v4, 104));
	}
	return in == BDD_NONE ? set : in;
}

static void kind_witness(struct sets *s, const struct evset *x, unsigned k, struct event *e)
{
	memset(e, 0, sizeof *e);
	e->kind = (enum ekind)k;
	if (rows[k].repr == REPR_BDD)
		bdd_witness(s->t, familiar(s, (enum ekind)k, x->k[k].b), e->bit, rows[k].vars);
	else if (rows[k].repr == REPR_DFA)
		e->str = dfa_witness(s->a, x->k[k].d);
	else
		e->n = (unsigned)__builtin_ctzll(x->k[k].bits);
}

bool evset_witness(struct sets *s, const struct evset *x, struct event *e)
{
	for (unsigned k = 0; k < N_EKINDS; k++) {
		if (kind_empty(x, k))
			continue;
		kind_witness(s, x, k, e);
		return true;
	}
	return false;
}

bool evset_has(struct sets *s, const struct evset *x, const struct event *e)
{
	unsigned k = e->kind;
	if (kind_empty(x, k))
		return false;
	if (rows[k].repr == REPR_BDD)
		return bdd_has(s->t, x->k[k].b, e->bit);
	if (rows[k].repr == REPR_DFA)
		return dfa_has(x->k[k].d, e->str);
	return x->k[k].bits >> e->n & 1;
}
