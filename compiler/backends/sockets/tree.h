/*
 * tree.h - a set of bit vectors as a tree of comparisons on words.
 *
 * The diagram is cut where a word ends: between two cuts of a word one rest of the diagram is left, and equal
 * rests are one piece of code.  So cells are disjoint and neighbours of the same meaning are already one.
 */
#ifndef ABP_SOCKETS_TREE_H
#define ABP_SOCKETS_TREE_H

#include "compiler/backends/sockets/code.h"
#include "compiler/base/bdd.h"

/* Variables first .. first + width - 1 of the diagram: a constant, or a word that the program can load. */
struct tword {
	uint16_t first, width; /* width <= 32 */
	bool fixed;
	uint32_t value;		  /* fixed */
	uint8_t base, size, swap; /* register, bytes, bits to swap (0, 16, 32) */
	int16_t off;
};

enum { TREE_MAX_CUTS = 1 << 16 }; /* of one word */

/*
 * Code that goes to yes for the members of f and to no for all others; its label.  c->far: too large.  The
 * words are in the order of the variables and cover all that f depends on.  Uses R2.
 */
label tree_put(struct code *c, struct bdds *t, bdd f, const struct tword *w, unsigned n, label yes, label no);

#endif
