#include "compiler/backends/seccomp/sim.h"

struct cpu {
	uint32_t pc, a;
};

static void jump(struct cpu *c, const struct sock_filter *i)
{
	bool yes;
	switch (BPF_OP(i->code)) {
	case BPF_JA:
		c->pc += 1 + i->k;
		return;
	case BPF_JEQ:
		yes = c->a == i->k;
		break;
	case BPF_JGT:
		yes = c->a > i->k;
		break;
	case BPF_JGE:
		yes = c->a >= i->k;
		break;
	default:
		yes = c->a & i->k;
		break;
	}
	c->pc += 1u + (yes ? i->jt : i->jf);
}

/* One instruction that is not RET. */
static bool step(struct cpu *c, const struct sock_filter *i, const uint32_t e[N_WORDS])
{
	switch (i->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (i->k % 4 || i->k / 4 >= N_WORDS)
			return false;
		c->a = e[i->k / 4];
		c->pc++;
		return true;
	case BPF_ALU | BPF_AND | BPF_K:
		c->a &= i->k;
		c->pc++;
		return true;
	case BPF_JMP | BPF_JA:
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_K:
		jump(c, i);
		return true;
	default:
		return false;
	}
}

bool sim_run(const struct sock_filter *f, size_t n, const uint32_t e[N_WORDS], uint32_t *action,
	     uint32_t *steps)
{
	struct cpu c = {0, 0};
	for (uint32_t done = 1; c.pc < n && done <= n; done++) {
		const struct sock_filter *i = &f[c.pc];
		if (i->code == (BPF_RET | BPF_K)) {
			*action = i->k;
			if (steps)
				*steps = done;
			return true;
		}
		if (!step(&c, i, e))
			return false;
	}
	return false;
}

uint32_t sim_by_number(const struct sock_filter *f, size_t n, uint32_t audit_arch, uint32_t nr,
		       uint32_t *done)
{
	uint32_t e[N_WORDS] = {[W_NR] = nr, [W_ARCH] = audit_arch};
	struct cpu c = {0, 0};
	*done = 0;
	while (c.pc < n) {
		const struct sock_filter *i = &f[c.pc];
		bool other_load = BPF_CLASS(i->code) == BPF_LD && i->k / 4 > W_ARCH;
		if (other_load || !step(&c, i, e))
			break;
		++*done;
	}
	return c.pc;
}
