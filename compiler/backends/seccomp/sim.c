#include "compiler/backends/seccomp/sim.h"

struct cpu {
	uint32_t pc, a;
};

static bool jump(struct cpu *c, const struct sock_filter *i)
{
	bool yes;
	switch (BPF_OP(i->code)) {
	case BPF_JA:
		c->pc += 1 + i->k;
		return true;
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
	return true;
}

/* One instruction that is not RET; last: the highest word that may be loaded. */
static bool step(struct cpu *c, const struct sock_filter *i, const uint32_t e[N_WORDS], uint32_t last)
{
	switch (i->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (i->k % 4 || i->k / 4 > last)
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
		return jump(c, i);
	default:
		return false;
	}
}

static bool run(const struct sock_filter *f, size_t n, const uint32_t e[N_WORDS], uint32_t last, uint32_t *action,
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
		if (!step(&c, i, e, last))
			return false;
	}
	return false;
}

bool sim_run(const struct sock_filter *f, size_t n, const uint32_t e[N_WORDS], uint32_t *action, uint32_t *steps)
{
	return run(f, n, e, N_WORDS - 1, action, steps);
}

bool sim_const_allow(const struct sock_filter *f, size_t n, uint32_t audit_arch, uint32_t nr)
{
	uint32_t e[N_WORDS] = {[W_NR] = nr, [W_ARCH] = audit_arch};
	uint32_t action;
	return run(f, n, e, W_ARCH, &action, NULL) && action == SECCOMP_RET_ALLOW;
}
