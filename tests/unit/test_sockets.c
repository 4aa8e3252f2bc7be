/*
 * The socket programs: random rules through the compiler, against their meaning read rule by rule and a
 * simulator; planted bugs and mutants, each found with an input on which they really differ.  N=100000: that
 * many policies.
 */
#include <stdlib.h>
#include <string.h>

#include "compiler/backends/sockets/sockets.h"
#include "tests/unit/sockets_gen.h"
#include "tests/unit/unit.h"

static bool agrees(const struct gen *g, enum abpb_hook h, const struct sock_input *in)
{
	int got = gen_run(g->insns[h].data, g->insns[h].len, h, in);
	return CHECK(got == gen_want(g, h, in),
		     "%s: program %d; proto %u addr %x:%x:%x:%x port %u ether %x src %x dst %x ports %u %u "
		     "flags %x len %u",
		     hook_def(h)->name, got, in->proto, in->addr[0], in->addr[1], in->addr[2], in->addr[3],
		     in->port, in->ether, in->src[3], in->dst[3], in->sport, in->dport, in->flags,
		     in->length);
}

static void random_rules(void)
{
	uint64_t seed = 5;
	const char *wanted = getenv("N_SOCKETS");
	unsigned n = wanted ? (unsigned)strtoul(wanted, NULL, 10) : 60;
	unsigned long inputs = 0, allowed = 0;
	for (unsigned i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct gen *g = gen_rules(a, &seed, 1 + unit_random(&seed) % (i % 10 ? 8 : 200));
		if (!CHECK(g && gen_emit(g), "policy %u", i))
			return;
		for (enum abpb_hook h = 1; h < ABPB_N_HOOKS; h++) {
			struct sock_proof p;
			sockets_prove(&g->s, &g->all, h, &g->insns[h], &p);
			CHECK(p.verdict == SOCK_EQUAL, "policy %u %s: %d at %u %s %s", i, hook_def(h)->name,
			      p.verdict, p.at, p.why ? p.why : "", p.event ? p.event : "");
			for (unsigned k = 0; k < 2000; k++) {
				struct sock_input in;
				gen_input(g, h, &seed, &in);
				inputs++;
				allowed += gen_want(g, h, &in);
				if (!agrees(g, h, &in))
					return;
			}
		}
		arena_free(a);
	}
	CHECK(allowed > inputs / 20 && allowed < inputs / 2,
	      "%lu of %lu inputs allowed: the rules say too little", allowed, inputs);
}

/* ---- mutants ---------------------------------------------------------- */

struct tally {
	unsigned differs, malformed, equal;
};

/* One changed program: a difference is real, equality holds on samples. */
static void judge(const struct gen *g, enum abpb_hook h, const struct buf *code, uint64_t *seed,
		  struct tally *t)
{
	struct sock_proof p;
	struct sets s = g->s;
	sockets_prove(&s, &g->all, h, code, &p);
	t->malformed += p.verdict == SOCK_MALFORMED;
	t->equal += p.verdict == SOCK_EQUAL;
	if (p.verdict == SOCK_DIFFERS) {
		t->differs++;
		CHECK(gen_run(code->data, code->len, h, p.input) == p.got &&
			  gen_want(g, h, p.input) == p.want,
		      "%s: %s is no witness", hook_def(h)->name, p.event);
	}
	for (unsigned k = 0; k < 200 && p.verdict == SOCK_EQUAL; k++) {
		struct sock_input in;
		gen_input(g, h, seed, &in);
		if (!CHECK(gen_run(code->data, code->len, h, &in) == gen_want(g, h, &in), "%s: missed",
			   hook_def(h)->name))
			return;
	}
}

static void mutate(struct abpb_insn *i, unsigned how)
{
	switch (how) {
	case 0:
		i->imm = (int32_t)((uint32_t)i->imm + 1);
		break;
	case 1:
		i->imm = (int32_t)((uint32_t)i->imm - 1);
		break;
	case 2:
		i->off++;
		break;
	case 3:
		i->off--;
		break;
	case 4: /* the other jump */
		i->code ^= (i->code & 7) == 6 ? 0x40 : 0;
		break;
	case 5: /* a forgotten swap */
		if (i->code == 0xdc)
			*i = (struct abpb_insn){0xbf, (uint8_t)((i->regs & 15) * 17), 0, 0};
		break;
	case 6: /* a constant in the other byte order */
		i->imm = (int32_t)__builtin_bswap32((uint32_t)i->imm);
		break;
	case 7: /* source for destination, own port for the other */
		i->off = (int16_t)(i->off ^ ((i->code & 7) == 1 ? (i->code == 0x69 ? 2 : 4) : 0));
		break;
	}
}
enum { N_MUTATIONS = 8 };

static void mutants(void)
{
	uint64_t seed = 77;
	struct tally t = {0};
	for (unsigned i = 0; i < 3; i++) {
		struct arena *a = arena_new();
		struct gen *g = gen_rules(a, &seed, 6);
		if (!CHECK(g && gen_emit(g), "policy %u", i))
			return;
		for (enum abpb_hook h = 1; h < ABPB_N_HOOKS; h++)
			for (size_t at = 0; at < g->insns[h].len; at += 8)
				for (unsigned how = 0; how < N_MUTATIONS; how++) {
					struct abpb_insn old, new;
					memcpy(&old, g->insns[h].data + at, 8);
					new = old;
					mutate(&new, how);
					if (!memcmp(&old, &new, 8))
						continue;
					memcpy(g->insns[h].data + at, &new, 8);
					judge(g, h, &g->insns[h], &seed, &t);
					memcpy(g->insns[h].data + at, &old, 8);
				}
		arena_free(a);
	}
	CHECK(t.differs > 2000 && t.malformed > 500, "%u differ, %u malformed, %u equal", t.differs,
	      t.malformed, t.equal);
	CHECK(t.equal * 5 < t.differs, "%u mutants of %u change nothing", t.equal, t.differs);
}

/* ---- named bugs ------------------------------------------------------- */

static const char *policy_text(struct arena *a, const char *ports)
{
	return arena_printf(a, "%s%s%s",
			    "abp 1\npolicy t.p 1.0.0 {\nlimits { memory 16M; cpu 10%; pids 8 }\nports {\n",
			    ports, "\n} }\n");
}

/* The programs of one policy judged by the sets of another. */
static void swapped_policies(const char *ports, const char *other, enum abpb_hook h, const char *event)
{
	struct arena *a = arena_new();
	struct sets s = {a, bdds_new(a)};
	struct diags *d = diags_new(a);
	const struct loadpath path = {NULL, 0};
	const char *text[2] = {policy_text(a, ports), policy_text(a, other)};
	struct model *m[2];
	for (unsigned i = 0; i < 2; i++)
		m[i] = resolve_source(&s, d, source_text(a, "t.abp", text[i], strlen(text[i])), &path, 1);
	struct buf code = buf_new(a);
	struct sock_proof p;
	if (CHECK(m[0] && m[1] && sockets_emit(&s, &m[0]->all, h, &code), "%s", ports)) {
		sockets_prove(&s, &m[1]->all, h, &code, &p);
		CHECK(p.verdict == SOCK_DIFFERS && p.event && strstr(p.event, event),
		      "%s against %s: %d %s, want %s", ports, other, p.verdict, p.event ? p.event : "",
		      event);
	}
	arena_free(a);
}

static void named_bugs(void)
{
	swapped_policies("connect tcp 192.0.2.1:443", "connect tcp 192.0.2.1:442-443", ABPB_CONNECT4,
			 "tcp 192.0.2.1:442");
	swapped_policies("connect tcp [2001:db8::1]:443",
			 "connect tcp [2001:db8::1]:443\nconnect tcp 192.0.2.1:443", ABPB_CONNECT6,
			 "[0:0:0:0:0:ffff:c000:201]:443");
	swapped_policies("connect udp 192.0.2.1:53 unsafe", "connect tcp 192.0.2.1:53 unsafe", ABPB_SENDMSG4,
			 "192.0.2.1:53");
	swapped_policies("connect udp 192.0.2.1:443", "listen udp 192.0.2.1:443 from 192.0.2.1", ABPB_EGRESS,
			 "udp");
	swapped_policies("listen tcp 10.0.0.1:8000", "listen tcp 10.0.0.1:8000 from 10.0.0.0/8", ABPB_INGRESS,
			 "to 10.0.0.1:8000");
	swapped_policies("listen tcp 0.0.0.0/0:8000", "listen tcp 10.0.0.1:8000", ABPB_BIND6, "ffff");
}

/* ---- the object ------------------------------------------------------- */

static void object_is_the_same_twice(void)
{
	uint64_t seed = 9;
	struct arena *a = arena_new();
	struct gen *g = gen_rules(a, &seed, 20);
	struct buf x = buf_new(a), y = buf_new(a);
	if (CHECK(g && gen_emit(g), "policy")) {
		CHECK(sockets_object(a, g->insns, &x) && sockets_object(a, g->insns, &y), "libelf");
		CHECK(x.len == y.len && !memcmp(x.data, y.data, x.len), "bytes differ");
	}
	arena_free(a);
}

/* 100,000 unrelated addresses: an error, not a program that the kernel refuses. */
static void too_many(void)
{
	struct arena *a = arena_new();
	struct sets s = {a, bdds_new(a)};
	struct evset all = evset_none();
	uint64_t seed = 3;
	struct buf code = buf_new(a);
	for (unsigned i = 0; i < 20000; i++) {
		uint8_t addr[16] = {[10] = 0xff, [11] = 0xff};
		uint32_t r = unit_random(&seed), port = unit_random(&seed) & 0xffff;
		memcpy(addr + 12, &r, 4);
		bdd x = bdd_and(s.t, bdd_prefix(s.t, F_CONN_ADDR, addr, 128),
				bdd_range(s.t, F_CONN_PORT, port, port));
		all.k[K_CONN].b =
		    bdd_or(s.t, all.k[K_CONN].b, bdd_and(s.t, x, bdd_range(s.t, F_CONN_TP, 0, 0)));
	}
	CHECK(!sockets_emit(&s, &all, ABPB_CONNECT4, &code), "%zu bytes", code.len);
	arena_free(a);
}

void suite_sockets(void)
{
	static const struct unit_case cases[] = {
	    {"random rules: proof, simulator, meaning", random_rules},
	    {"mutants: every difference has a witness", mutants},
	    {"named bugs", named_bugs},
	    {"the object is reproducible", object_is_the_same_twice},
	    {"too many rules are an error", too_many},
	    {NULL, NULL},
	};
	unit_suite("sockets", cases);
}
