#include "compiler/backends/seccomp/filter.h"

#include <errno.h>
#include <string.h>

/* The last number that libseccomp 2.5.4 has a name for. */
enum { BENCH_LAST = 456 };

uint32_t filter_last(const struct filter_spec *s)
{
	return s->deny == DENY_BENCH ? BENCH_LAST : (uint32_t)syscall_table_max(s->arch);
}

bool filter_probe(const struct filter_spec *s, const struct sysdef *call)
{
	return s->deny == DENY_BENCH ? !strcmp(call->name, "clone3") : answer_enosys(call->name) != NULL;
}

const char *filter_answer(uint32_t action)
{
	switch (action) {
	case SECCOMP_RET_ALLOW:
		return "ALLOW";
	case SECCOMP_RET_ERRNO | EPERM:
		return "EPERM";
	case SECCOMP_RET_ERRNO | ENOSYS:
		return "ENOSYS";
	case SECCOMP_RET_KILL_PROCESS:
		return "KILL_PROCESS";
	default:
		return NULL;
	}
}

static void event_call(struct buf *b, uint32_t audit, uint32_t nr)
{
	for (enum arch a = 0; a < N_ARCH; a++) {
		if (arch_table[a].audit != audit)
			continue;
		const struct sysdef *call = nr < FILTER_NR_END ? syscall_by_nr(a, (int)nr) : NULL;
		if (call)
			buf_printf(b, "%s %s", arch_table[a].name, call->name);
		else
			buf_printf(b, "%s call 0x%x", arch_table[a].name, nr);
		return;
	}
	buf_printf(b, "architecture 0x%08x call 0x%x", audit, nr);
}

void filter_event(struct buf *b, const uint32_t e[N_WORDS])
{
	event_call(b, e[W_ARCH], e[W_NR]);
	unsigned n = 6;
	while (n && !e[W_ARG0 + 2 * n - 2] && !e[W_ARG0 + 2 * n - 1])
		n--;
	buf_putc(b, '(');
	for (unsigned i = 0; i < n; i++) {
		uint64_t x = (uint64_t)e[W_ARG0 + 2 * i + 1] << 32 | e[W_ARG0 + 2 * i];
		buf_printf(b, "%s0x%llx", i ? ", " : "", (unsigned long long)x);
	}
	buf_putc(b, ')');
}
