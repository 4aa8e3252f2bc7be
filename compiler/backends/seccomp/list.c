/* list.c - seccomp.ARCH.txt: what the bytes do, and which line of the policy wants it. */
#include "compiler/backends/seccomp/seccomp.h"
#include "compiler/backends/seccomp/sim.h"

#include <string.h>

enum { MAX_NR = 4096 }; /* of rules */

struct path {
	uint32_t least, most; /* instructions executed, RET included */
	bool by_number;	      /* no argument is looked at */
	uint32_t action;      /* by_number */
};

struct listing {
	struct sets *s;
	const struct model *m;
	enum arch arch;
	const struct sock_filter *f;
	uint32_t n;
	uint32_t *least, *most; /* per instruction: executed from here to a RET, itself included */
	uint32_t *next,
	    *first;	   /* grants of a number: the first one, and behind each the next; + 1, 0: none */
	struct path *path; /* per number; found once */
	uint32_t n_paths;
	struct buf *text;
};

static uint32_t min_u32(uint32_t x, uint32_t y)
{
	return x < y ? x : y;
}

static uint32_t max_u32(uint32_t x, uint32_t y)
{
	return x > y ? x : y;
}

/* Where instruction i can go; the two are equal for all but conditional jumps. */
static void targets(const struct listing *l, uint32_t i, uint32_t *yes, uint32_t *no)
{
	const struct sock_filter *f = &l->f[i];
	*yes = *no = i + 1;
	if (BPF_CLASS(f->code) != BPF_JMP)
		return;
	bool always = BPF_OP(f->code) == BPF_JA;
	*yes += always ? f->k : f->jt;
	*no += always ? f->k : f->jf;
}

static void measure(struct listing *l)
{
	l->least = arena_alloc(l->s->a, l->n * sizeof *l->least);
	l->most = arena_alloc(l->s->a, l->n * sizeof *l->most);
	for (uint32_t i = l->n; i-- > 0;) {
		uint32_t yes, no;
		l->least[i] = l->most[i] = 1;
		if (BPF_CLASS(l->f[i].code) == BPF_RET)
			continue;
		targets(l, i, &yes, &no);
		l->least[i] += min_u32(l->least[yes], l->least[no]);
		l->most[i] += max_u32(l->most[yes], l->most[no]);
	}
}

/* ---- what a number costs and answers, from the bytes ---- */

static struct path find_path(const struct listing *l, uint32_t nr)
{
	uint32_t done, at = sim_by_number(l->f, l->n, arch_table[l->arch].audit, nr, &done);
	bool ret = BPF_CLASS(l->f[at].code) == BPF_RET;
	return (struct path){done + l->least[at], done + l->most[at], ret, l->f[at].k};
}

static struct path path_of(const struct listing *l, uint32_t nr)
{
	return nr < l->n_paths ? l->path[nr] : find_path(l, nr);
}

static void put_path(struct buf *b, const struct path *p)
{
	char text[24];
	if (p->least == p->most)
		snprintf(text, sizeof text, "%u", p->least);
	else
		snprintf(text, sizeof text, "%u-%u", p->least, p->most);
	buf_printf(b, "%-7s", text);
}

static const char *call_name(enum arch arch, uint32_t nr)
{
	const struct sysdef *call = syscall_by_nr(arch, (int)nr);
	return call ? call->name : "?";
}

static uint32_t last_number(const struct listing *l)
{
	struct filter_spec s = {l->arch, NULL, l->m->filter_only ? DENY_BENCH : DENY_ERRNO};
	return filter_last(&s);
}

/* ---- granted calls ---- */

/* Numbers from 0 to the last that is listed. */
static void find_paths(struct listing *l)
{
	const rule_list *rules = &l->m->calls[l->arch];
	uint32_t last = last_number(l) + 1, table = (uint32_t)syscall_table_max(l->arch);
	last = max_u32(max_u32(last, table), rules->n ? rules->v[rules->n - 1].nr : 0);
	l->n_paths = last + 1;
	l->path = arena_alloc(l->s->a, l->n_paths * sizeof *l->path);
	for (uint32_t nr = 0; nr < l->n_paths; nr++)
		l->path[nr] = find_path(l, nr);
}

/* Grants by number, in the order of the model. */
static void index_grants(struct listing *l)
{
	uint32_t n = l->m->grants.n;
	l->first = arena_alloc(l->s->a, MAX_NR * sizeof *l->first);
	l->next = arena_alloc(l->s->a, n * sizeof *l->next);
	for (uint32_t i = n; i-- > 0;) {
		const struct grant *g = &l->m->grants.v[i];
		if (g->kind != G_CALL || g->u.call.nr[l->arch] >= MAX_NR)
			continue;
		uint32_t *first = &l->first[g->u.call.nr[l->arch]];
		l->next[i] = *first;
		*first = i + 1;
	}
}

static void list_grant(const struct listing *l, const struct grant *g)
{
	buf_printf(l->text, "%20s %s: %s", "", model_where(l->s->a, g->at), g->text);
	if (g->origin)
		buf_printf(l->text, " (from %s)", g->origin->module);
	if (g->implied_by >= 0)
		buf_printf(l->text, " (implied by %s)", l->m->grants.v[g->implied_by].text);
	const char *why = g->because ? g->because : g->implied_why;
	if (why)
		buf_printf(l->text, " because \"%s\"", why);
	buf_putc(l->text, '\n');
}

static void list_rule(const struct listing *l, const struct rule *r)
{
	struct path p = path_of(l, r->nr);
	buf_printf(l->text, "%5u  ", r->nr);
	put_path(l->text, &p);
	buf_printf(l->text, " %s", call_name(l->arch, r->nr));
	for (uint32_t i = 0; i < r->terms.n && r->terms.v[i].atoms.n; i++) {
		buf_puts(l->text, i ? "\n                     or " : " if ");
		term_print(l->text, l->arch, r->nr, &r->terms.v[i]);
	}
	buf_putc(l->text, '\n');
	for (uint32_t i = l->first[r->nr]; i; i = l->next[i - 1])
		list_grant(l, &l->m->grants.v[i - 1]);
}

static void list_calls(const struct listing *l)
{
	const rule_list *rules = &l->m->calls[l->arch];
	buf_printf(
	    l->text,
	    "\nALLOWED: number, instructions executed, call; %u calls.  Where the condition fails: %s\n",
	    rules->n, l->m->run.on_deny_kill ? "KILL_PROCESS" : "EPERM");
	for (uint32_t i = 0; i < rules->n; i++)
		list_rule(l, &rules->v[i]);
}

/* ---- the rest ---- */

enum { LINE = 100 };

/* The calls of the table whose number alone gets this answer; those that are never filtered are not its
 * business. */
static void list_answer(const struct listing *l, uint32_t action)
{
	size_t column = LINE;
	for (size_t i = 0; i < syscall_count(); i++) {
		const struct sysdef *call = syscall_at(i);
		if (call->nr[l->arch] == SYS_NONE)
			continue;
		struct path p = path_of(l, (uint32_t)call->nr[l->arch]);
		if (!p.by_number || p.action != action || syscall_unfiltered(call->name))
			continue;
		size_t n = strlen(call->name) + 1;
		bool wrap = column + n > LINE;
		column = wrap ? 4 + n : column + n;
		buf_puts(l->text, wrap ? "\n    " : " ");
		buf_puts(l->text, call->name);
	}
	buf_putc(l->text, '\n');
}

static void list_denied(const struct listing *l)
{
	uint32_t end = last_number(l) + 1;
	struct path newer = path_of(l, end), x32 = path_of(l, FILTER_NR_END);
	uint32_t e[N_WORDS] = {[W_ARCH] = ~arch_table[l->arch].audit}, foreign = 0;
	sim_run(l->f, l->n, e, &foreign, NULL);
	buf_puts(l->text, "\nDENIED, from the instructions below\n");
	buf_printf(l->text, "  another architecture: %s\n", filter_answer(foreign));
	buf_printf(l->text, "  numbers from 0x%x on (x32, -1): %s\n", FILTER_NR_END,
		   filter_answer(x32.action));
	buf_printf(l->text, "  numbers from %u on (newer than the table): %s\n", end,
		   filter_answer(newer.action));
	buf_puts(l->text, "  ENOSYS, to make the program fall back:");
	list_answer(l, SECCOMP_RET_ERRNO | 38);
	uint32_t rest = l->m->run.on_deny_kill ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | 1;
	buf_printf(l->text, "  %s:", filter_answer(rest));
	list_answer(l, rest);
}

static void list_unfiltered(const struct listing *l)
{
	buf_puts(l->text, "\nNEVER FILTERED by the kernel, whatever a filter says\n");
	for (size_t i = 0; i < syscall_count(); i++) {
		const struct sysdef *call = syscall_at(i);
		const char *why = call->nr[l->arch] == SYS_NONE ? NULL : syscall_unfiltered(call->name);
		if (why)
			buf_printf(l->text, "  %s (%d): %s\n", call->name, call->nr[l->arch], why);
	}
	buf_puts(l->text, "  vDSO functions: they make no system call\n");
}

static void list_paths(const struct listing *l)
{
	struct path longest = {0};
	uint32_t sum = 0, n = 0, at = 0;
	for (uint32_t nr = 0; nr <= last_number(l); nr++) {
		struct path p = path_of(l, nr);
		if (p.most > longest.most) {
			longest = p;
			at = nr;
		}
		if (p.by_number) {
			sum += p.most;
			n++;
		}
	}
	buf_printf(l->text, "longest path %u instructions (%s)", longest.most, call_name(l->arch, at));
	if (n)
		buf_printf(l->text, "; %u numbers decided by number alone, %u.%02u on average", n, sum / n,
			   sum * 100 / n % 100);
	buf_putc(l->text, '\n');
}

/* ---- instructions ---- */

static const char *const words[N_WORDS] = {"nr", "arch",  "ip", "ip.hi", "a0", "a0.hi", "a1", "a1.hi",
					   "a2", "a2.hi", "a3", "a3.hi", "a4", "a4.hi", "a5", "a5.hi"};

static const char *jump_name(uint16_t code)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return "jeq";
	case BPF_JGT:
		return "jgt";
	case BPF_JGE:
		return "jge";
	default:
		return "jset";
	}
}

static void list_insn(const struct listing *l, uint32_t i)
{
	const struct sock_filter *f = &l->f[i];
	uint32_t yes, no;
	targets(l, i, &yes, &no);
	buf_printf(l->text, "%5u  %02x %02x %02x %08x  ", i, f->code, f->jt, f->jf, f->k);
	if (BPF_CLASS(f->code) == BPF_LD)
		buf_printf(l->text, "ld   %s\n", words[f->k / 4]);
	else if (BPF_CLASS(f->code) == BPF_ALU)
		buf_printf(l->text, "and  0x%x\n", f->k);
	else if (BPF_CLASS(f->code) == BPF_RET)
		buf_printf(l->text, "ret  %s\n", filter_answer(f->k));
	else if (BPF_OP(f->code) == BPF_JA)
		buf_printf(l->text, "ja   %u\n", yes);
	else
		buf_printf(l->text, "%-4s 0x%x, %u, %u\n", jump_name(f->code), f->k, yes, no);
}

void seccomp_list(struct sets *s, const struct model *m, const struct artefact *art, struct buf *text)
{
	struct listing l = {.s = s, .m = m, .arch = art->arch, .text = text};
	l.f = (const struct sock_filter *)(const void *)art->bytes.data;
	l.n = (uint32_t)(art->bytes.len / sizeof *l.f);
	measure(&l);
	index_grants(&l);
	find_paths(&l);
	buf_printf(text, "%s: seccomp filter of %s %s for %s\n", art->name, m->name, m->version,
		   arch_table[l.arch].name);
	if (m->filter_only)
		buf_puts(text,
			 "FILTER ONLY: without the floor, with the answers of a benchmark; nothing can be "
			 "launched with it\n");
	buf_printf(text, "%u instructions of at most %u, %zu bytes\n", l.n, BPF_MAXINSNS, art->bytes.len);
	buf_printf(text, "proof: %s\n", art->proof ? art->proof : "none");
	list_paths(&l);
	list_calls(&l);
	list_denied(&l);
	list_unfiltered(&l);
	buf_puts(text, "\nINSTRUCTIONS: code, jt, jf, k; jumps as absolute targets, taken first\n");
	for (uint32_t i = 0; i < l.n; i++)
		list_insn(&l, i);
}
