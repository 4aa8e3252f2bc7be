#include "compiler/constname.h"

#include <string.h>

/* Is the word of n bytes one of a blank-separated list? */
static bool has_word(const char *list, const char *word, size_t n)
{
	while (*list) {
		size_t len = strcspn(list, " ");
		if (len == n && !memcmp(list, word, n))
			return true;
		list += len + (list[len] == ' ');
	}
	return false;
}

/* Do two lists of namespaces share one? */
static bool in_ns(const char *list, const char *ns)
{
	while (*ns) {
		size_t n = strcspn(ns, " ");
		if (has_word(list, ns, n))
			return true;
		ns += n + (ns[n] == ' ');
	}
	return false;
}

bool const_fits(const struct argdef *def, const struct constdef *c)
{
	return !def->ns[0] || in_ns(def->ns, c->ns);
}

static uint64_t wide(const struct argdef *def)
{
	return def->width == 64 ? ~(uint64_t)0 : UINT32_MAX;
}

/* The name of exactly v among the argument's constants; the first in the table's order. */
static const char *name_of(enum arch arch, const struct argdef *def, uint64_t v)
{
	const char *ns = NULL;
	bool good = false;
	if (!def || !def->ns[0] || !v) /* 0 is plainer than the name of an absent flag */
		return NULL;
	for (size_t i = 0; i < const_count(); i++) {
		const struct constdef *c = const_at(i);
		if (!c->on[arch] || (c->value[arch] & wide(def)) != v)
			continue;
		if (c->ns != ns) { /* rows of one namespace stand together: one test for all */
			ns = c->ns;
			good = in_ns(def->ns, ns);
		}
		if (good)
			return c->name;
	}
	return NULL;
}

static void number_put(struct buf *b, const struct argdef *def, uint64_t v, bool mask)
{
	uint64_t top = wide(def) / 2 + 1;
	if (!mask && def->is_signed && v & top && (wide(def) - v) < 4096)
		buf_printf(b, "-%llu", (unsigned long long)(wide(def) - v + 1));
	else
		buf_printf(b, v < 4096 ? "%llu" : "0x%llx", (unsigned long long)v);
}

/* A|B|C, if every bit of v has a name. */
static bool bits_put(struct buf *b, enum arch arch, const struct argdef *def, uint64_t v)
{
	const char *names[64];
	unsigned n = 0;
	for (uint64_t rest = v; rest; rest &= rest - 1, n++) {
		names[n] = name_of(arch, def, rest & -rest);
		if (!names[n])
			return false;
	}
	for (unsigned i = 0; i < n; i++)
		buf_printf(b, "%s%s", i ? "|" : "", names[i]);
	return n > 0;
}

void const_put(struct buf *b, enum arch arch, const struct argdef *def, uint64_t v)
{
	const char *name = name_of(arch, def, v);
	if (name)
		buf_puts(b, name);
	else if (!v || !(v & (v - 1)) || !bits_put(b, arch, def, v))
		number_put(b, def, v, false);
}

void item_put(struct buf *b, enum arch arch, const struct argdef *def, uint64_t v, bool mask)
{
	const char *name = name_of(arch, def, v);
	if (name)
		buf_puts(b, name);
	else
		number_put(b, def, v, mask);
}

void mask_put(struct buf *b, enum arch arch, const struct argdef *def, uint64_t mask, bool *joined)
{
	const char *name = name_of(arch, def, mask);
	*joined = false;
	if (name)
		buf_puts(b, name);
	else if (__builtin_popcountll(mask) < 24 && bits_put(b, arch, def, mask))
		*joined = (mask & (mask - 1)) != 0;
	else
		number_put(b, def, mask, true);
}

static const struct {
	const char *suffix;
	uint64_t ms;
} times[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

void amount_put(struct buf *b, const struct limitdef *def, uint64_t value)
{
	unsigned long long v = value;
	if (def->unit == UNIT_PERCENT) {
		buf_printf(b, "%llu%%", v);
		return;
	}
	for (unsigned i = 4; def->unit == UNIT_SIZE && v && i > 0; i--)
		if (!(v & (((uint64_t)1 << 10 * i) - 1))) {
			buf_printf(b, "%llu%c", v >> 10 * i, "KMGT"[i - 1]);
			return;
		}
	for (unsigned i = 0; def->unit == UNIT_TIME && v && i < 5; i++)
		if (v % times[i].ms == 0) {
			buf_printf(b, "%llu%s", (unsigned long long)(v / times[i].ms), times[i].suffix);
			return;
		}
	buf_printf(b, "%llu", v);
}
