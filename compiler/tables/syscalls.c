/* syscalls.c - look-ups over syscalls.def. */
#include <string.h>

#include "compiler/tables/tables.h"
#include "compiler/tables/search.h"

#define I(name, alias, ns)                                                                                   \
	{                                                                                                    \
#name, #alias, #ns, 32, true, false                                                          \
	}
#define U(name, alias, ns)                                                                                   \
	{                                                                                                    \
#name, #alias, #ns, 32, false, false                                                         \
	}
#define M(name, alias, ns)                                                                                   \
	{                                                                                                    \
#name, #alias, #ns, 32, false, false                                                         \
	}
#define L(name, alias, ns)                                                                                   \
	{                                                                                                    \
#name, #alias, #ns, 64, true, false                                                          \
	}
#define Z(name, alias, ns)                                                                                   \
	{                                                                                                    \
#name, #alias, #ns, 64, false, false                                                         \
	}
#define P(name)                                                                                              \
	{                                                                                                    \
#name, "", "", 64, false, true                                                               \
	}

#define N_ARGS(...) (sizeof((const struct argdef[]){__VA_ARGS__}) / sizeof(struct argdef))
#define ROW(name, x86, arm, clone, ...) {#name, {x86, arm}, N_ARGS(__VA_ARGS__), clone, {__VA_ARGS__}},

static const struct sysdef table[] = {
#define BOTH(name, x86, arm, ...) ROW(name, x86, arm, false, __VA_ARGS__)
#define X86(name, x86, ...) ROW(name, x86, SYS_NONE, false, __VA_ARGS__)
#define CLONE(name, x86, arm, ...) ROW(name, x86, arm, true, __VA_ARGS__)
#include "compiler/tables/syscalls.def"
#undef BOTH
#undef X86
#undef CLONE
};
#define N_TABLE (sizeof table / sizeof *table)

/* Position of each call in the table, plus one: 0 means "no call of that number". */
enum index {
	AT_NOTHING,
#define BOTH(name, x86, arm, ...) AT_##name,
#define X86(name, x86, ...) AT_##name,
#define CLONE(name, x86, arm, ...) AT_##name,
#include "compiler/tables/syscalls.def"
#undef BOTH
#undef X86
#undef CLONE
};

static const uint16_t x86_64_nr[] = {
#define BOTH(name, x86, arm, ...) [x86] = AT_##name,
#define X86(name, x86, ...) [x86] = AT_##name,
#define CLONE(name, x86, arm, ...) [x86] = AT_##name,
#include "compiler/tables/syscalls.def"
#undef BOTH
#undef X86
#undef CLONE
};

static const uint16_t aarch64_nr[] = {
#define BOTH(name, x86, arm, ...) [arm] = AT_##name,
#define X86(name, x86, ...)
#define CLONE(name, x86, arm, ...) [arm] = AT_##name,
#include "compiler/tables/syscalls.def"
};

static const struct {
	const uint16_t *at;
	int n;
} by_nr[N_ARCH] = {
    [ARCH_X86_64] = {x86_64_nr, (int)(sizeof x86_64_nr / sizeof *x86_64_nr)},
    [ARCH_AARCH64] = {aarch64_nr, (int)(sizeof aarch64_nr / sizeof *aarch64_nr)},
};

const struct sysdef *syscall_by_name(const char *name)
{
	return search(name, table, N_TABLE, sizeof *table);
}

const struct sysdef *syscall_by_nr(enum arch arch, int nr)
{
	if (nr < 0 || nr >= by_nr[arch].n || !by_nr[arch].at[nr])
		return NULL;
	return &table[by_nr[arch].at[nr] - 1];
}

size_t syscall_count(void)
{
	return N_TABLE;
}

const struct sysdef *syscall_at(size_t i)
{
	return &table[i];
}

int syscall_table_max(enum arch arch)
{
	return by_nr[arch].n - 1;
}

const char *nth_syscall(size_t i)
{
	return i < N_TABLE ? table[i].name : NULL;
}

static const struct {
	const char *name, *call;
} libc[] = {
#define LIBC(name, call) {#name, #call},
#include "compiler/tables/libc.def"
};

const char *syscall_suggest(const char *word)
{
	const char *const *row = search(word, libc, sizeof libc / sizeof *libc, sizeof *libc);

	return row ? row[1] : nearest(word, nth_syscall);
}

/* Table position of register reg, and back: the swap is its own inverse. */
static unsigned reorder(const struct sysdef *call, enum arch arch, unsigned i)
{
	if (arch == ARCH_AARCH64 && call->clone_order && (i == 3 || i == 4))
		return 7 - i;
	return i;
}

int syscall_arg_reg(const struct sysdef *call, enum arch arch, const char *name)
{
	for (unsigned i = 0; i < call->n_args; i++) {
		const struct argdef *a = &call->arg[i];

		if (!strcmp(a->name, name) || (*a->alias && !strcmp(a->alias, name)))
			return (int)reorder(call, arch, i);
	}
	return -1;
}

const struct argdef *syscall_arg(const struct sysdef *call, enum arch arch, unsigned reg)
{
	return reg < call->n_args ? &call->arg[reorder(call, arch, reg)] : NULL;
}

/* kernel/seccomp.c: seccomp_uprobe_exception(), since Linux 6.14. */
const char *syscall_unfiltered(const char *name)
{
	if (!strcmp(name, "uprobe") || !strcmp(name, "uretprobe"))
		return "the kernel lets it pass before any filter runs; it works only from the kernel's own "
		       "trampoline";
	return NULL;
}
