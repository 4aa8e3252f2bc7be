#include "compiler/backends/sockets/sockets.h"

#include <elf.h>
#include <string.h>

/* Anything of internet sockets, or the host's network in reach. */
static bool is_needed(struct sets *s, const struct model *m)
{
	bdd inet = bdd_or(s->t, bdd_range(s->t, F_SOCK_FAMILY, 2, 2), bdd_range(s->t, F_SOCK_FAMILY, 10, 10));
	return m->run.net == NET_HOST || m->all.k[K_BIND].b != BDD_NONE || m->all.k[K_CONN].b != BDD_NONE ||
	       m->all.k[K_PEER].b != BDD_NONE || !bdd_disjoint(s->t, m->all.k[K_SOCK].b, inet);
}

static bool too_large(struct diags *d, const struct model *m, enum abpb_hook h)
{
	diag_error(d, m->name_at, "ABP-SOCK-001",
		   "the socket program of %s is too large for the kernel's jumps", hook_def(h)->name);
	for (uint32_t i = 0, shown = 0; i < m->grants.n && shown < 1; i++)
		if (m->grants.v[i].kind == G_NET) {
			diag_also(d, m->grants.v[i].at, "the first of the grants");
			shown++;
		}
	diag_help(
	    d, "about 3,000 unrelated addresses fit: write prefixes and port ranges instead of single ones");
	return false;
}

static bool refuse(struct diags *d, const struct model *m, enum abpb_hook h, const struct sock_proof *p)
{
	const char *name = hook_def(h)->name;
	if (p->verdict == SOCK_DIFFERS)
		diag_error(d, m->name_at, "ABP-INT-030",
			   "the emitted socket program %s %s, the policy does not",
			   p->got ? "allows" : "denies", p->event);
	else if (p->verdict == SOCK_MALFORMED)
		diag_error(d, m->name_at, "ABP-INT-031",
			   "the emitted socket program of %s is malformed at instruction %u: %s", name, p->at,
			   p->why);
	else
		diag_error(d, m->name_at, "ABP-INT-032",
			   "the socket program of %s is not proved within %llu steps", name,
			   (unsigned long long)p->steps);
	return false;
}

static bool build_one(struct sets *s, struct diags *d, const struct model *m, enum abpb_hook h,
		      struct sock_programs *out, uint64_t *leaves)
{
	struct sock_proof p;
	out->insns[h] = buf_new(s->a);
	if (!sockets_emit(s, &m->all, h, &out->insns[h]))
		return too_large(d, m, h);
	sockets_prove(s, &m->all, h, &out->insns[h], &p);
	if (p.verdict != SOCK_EQUAL)
		return refuse(d, m, h, &p);
	out->proof[h] = arena_printf(s->a, "equal on all inputs: %llu parts, %llu steps",
				     (unsigned long long)p.leaves, (unsigned long long)p.steps);
	*leaves += p.leaves;
	return true;
}

/* The object holds the proven bytes: read by hand, not by the library that wrote it. */
static bool object_holds(const struct buf *o, const struct hookdef *d, const struct buf *insns)
{
	const Elf64_Ehdr *e = (const void *)o->data;
	if (o->len < sizeof *e || e->e_shoff > o->len ||
	    (o->len - e->e_shoff) / sizeof(Elf64_Shdr) < e->e_shnum || e->e_shstrndx >= e->e_shnum)
		return false;
	const Elf64_Shdr *sec = (const void *)(o->data + e->e_shoff);
	const Elf64_Shdr *names = &sec[e->e_shstrndx];
	for (unsigned i = 1; i < e->e_shnum; i++) {
		bool inside = names->sh_offset + sec[i].sh_name < o->len && sec[i].sh_offset <= o->len &&
			      sec[i].sh_size <= o->len - sec[i].sh_offset;
		if (inside && !strcmp((const char *)o->data + names->sh_offset + sec[i].sh_name, d->section))
			return sec[i].sh_size == insns->len &&
			       !memcmp(o->data + sec[i].sh_offset, insns->data, insns->len);
	}
	return false;
}

static bool build_object(struct sets *s, struct diags *d, const struct model *m, struct sock_programs *out)
{
	out->object = buf_new(s->a);
	bool good = sockets_object(s->a, out->insns, &out->object);
	for (enum abpb_hook h = 1; good && h < ABPB_N_HOOKS; h++)
		good = object_holds(&out->object, hook_def(h), &out->insns[h]);
	if (!good)
		diag_error(d, m->name_at, "ABP-INT-033", "sockets.bpf.o does not hold the proven programs");
	return good;
}

bool sockets_build(struct sets *s, struct diags *d, const struct model *m, struct sock_programs *out)
{
	uint64_t leaves = 0;
	size_t bytes = 0;
	*out = (struct sock_programs){.needed = is_needed(s, m)};
	if (!out->needed)
		return true;
	for (enum abpb_hook h = 1; h < ABPB_N_HOOKS; h++) {
		if (!build_one(s, d, m, h, out, &leaves))
			return false;
		bytes += out->insns[h].len;
	}
	out->summary =
	    arena_printf(s->a, "equal on all inputs: %d programs, %zu instructions, %llu parts",
			 ABPB_N_HOOKS - 1, bytes / sizeof(struct abpb_insn), (unsigned long long)leaves);
	return build_object(s, d, m, out);
}
