/* consts.c - look-ups over consts_*.def: five sorted runs in one array. */
#include "compiler/tables/tables.h"
#include "compiler/tables/search.h"

#define V(value) ((uint64_t)(int64_t)(value))
#define SAME(name, ns, value) {#name, #ns, {true, true}, {V(value), V(value)}},
#define EACH(name, ns, x86, arm) {#name, #ns, {true, true}, {V(x86), V(arm)}},
#define X86(name, ns, value) {#name, #ns, {true, false}, {V(value), 0}},
#define ARM(name, ns, value) {#name, #ns, {false, true}, {0, V(value)}},

static const struct constdef table[] = {
#include "compiler/tables/consts_file.def"
#include "compiler/tables/consts_ioctl.def"
#include "compiler/tables/consts_memory.def"
#include "compiler/tables/consts_net.def"
#include "compiler/tables/consts_process.def"
};
#define N_TABLE (sizeof table / sizeof *table)

#undef SAME
#undef EACH
#undef X86
#undef ARM
#define SAME(name, ns, value) +1
#define EACH(name, ns, x86, arm) +1
#define X86(name, ns, value) +1
#define ARM(name, ns, value) +1

static const size_t runs[] = {0
#include "compiler/tables/consts_file.def"
			      ,
			      0
#include "compiler/tables/consts_ioctl.def"
			      ,
			      0
#include "compiler/tables/consts_memory.def"
			      ,
			      0
#include "compiler/tables/consts_net.def"
			      ,
			      0
#include "compiler/tables/consts_process.def"
};

const struct constdef *const_by_name(const char *name)
{
	const struct constdef *run = table;

	for (size_t i = 0; i < sizeof runs / sizeof *runs; run += runs[i++]) {
		const struct constdef *c = search(name, run, runs[i], sizeof *run);

		if (c)
			return c;
	}
	return NULL;
}

bool const_value(enum arch arch, const char *name, uint64_t *value)
{
	const struct constdef *c = const_by_name(name);

	if (!c || !c->on[arch])
		return false;
	*value = c->value[arch];
	return true;
}

size_t const_count(void)
{
	return N_TABLE;
}

const struct constdef *const_at(size_t i)
{
	return &table[i];
}

const char *nth_const(size_t i)
{
	return i < N_TABLE ? table[i].name : NULL;
}
