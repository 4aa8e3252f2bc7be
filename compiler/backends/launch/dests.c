#include "compiler/backends/launch/dests.h"

bool dest_line(const struct model *m, const struct grant *g)
{
	bool sends = g->kind == G_PROXY || (g->kind == G_NET && g->u.net.verb[0] == 'c');
	return m->run.net == NET_HOST && sends && g->implied_by < 0 && !g->u.net.local;
}

struct walk {
	struct sets *s;
	const struct grant *g;
	dest_list *out;
	uint8_t addr[16];
};

/* Variables of the address, from its top; `bit` of them are fixed.  What is left for some port is a prefix.
 */
static void address(struct walk *w, bdd f, unsigned bit)
{
	unsigned var;
	bdd side[2];
	if (f == BDD_NONE)
		return;
	bool more = bdd_node(w->s->t, f, &var, &side[0], &side[1]) && var < F_CONN_PORT.first;
	if (!more) {
		struct dest d = {.bits = bit, .g = w->g};
		for (unsigned i = 0; i < 16; i++)
			d.addr[i] = w->addr[i];
		vec_push(w->s->a, w->out, d);
		return;
	}
	if (var != F_CONN_ADDR.first + bit)
		side[0] = side[1] = f;
	address(w, side[0], bit + 1);
	w->addr[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	address(w, side[1], bit + 1);
	w->addr[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
}

/* Protocol and own port: whatever they are. */
static void before_address(struct walk *w, bdd f)
{
	unsigned var;
	bdd lo, hi;
	if (!bdd_node(w->s->t, f, &var, &lo, &hi) || var >= F_CONN_ADDR.first) {
		address(w, f, 0);
		return;
	}
	before_address(w, lo);
	if (hi != lo)
		before_address(w, hi);
}

void dests_make(struct sets *s, const struct model *m, dest_list *out)
{
	for (uint32_t i = 0; i < m->grants.n; i++) {
		struct walk w = {.s = s, .g = &m->grants.v[i], .out = out};
		if (dest_line(m, w.g))
			before_address(&w, w.g->set.k[K_CONN].b);
	}
}
