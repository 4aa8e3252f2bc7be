/*
 * dag.h - a filter as a decision diagram: each node looks at one masked word of the event once, and where the
 * value lies says which node is next.
 *
 * Equal nodes are one node (hash-consing), so shared tails exist once.  Arguments are tested in the order
 * (argument, mask, high word before low word), whatever the terms look like.
 */
#ifndef ABP_SECCOMP_DAG_H
#define ABP_SECCOMP_DAG_H

#include "compiler/backends/seccomp/filter.h"

struct cut {
	uint32_t from; /* the masked word is >= from, and below the next cut */
	uint32_t to;   /* node */
};
typedef VEC(struct cut) cut_list;

struct node {
	bool is_ret;
	uint32_t action; /* is_ret */
	uint32_t word, mask;
	cut_list cuts; /* at least 2; the first from 0; neighbours lead to different nodes */
};

enum { DAG_MAX_NODES = 1 << 16, DAG_MAX_MEMO = 1 << 13 /* open sets of one call */ };

struct dag {
	struct arena *a;
	VEC(struct node) nodes;
	VEC(uint32_t) table; /* hash table of node numbers + 1; size a power of two */
	bool full;	     /* more than DAG_MAX_NODES: the diagram is not complete */
};

struct dag dag_new(struct arena *a);
uint32_t dag_ret(struct dag *d, uint32_t action);
/* The node that sends (word & mask) along the cuts; one of their targets if it makes no difference. */
uint32_t dag_switch(struct dag *d, uint32_t word, uint32_t mask, const cut_list *cuts);
/* The diagram of a rule's terms: `yes` where one holds, `no` elsewhere. */
uint32_t dag_rule(struct dag *d, const struct rule *r, uint32_t yes, uint32_t no);

#endif
