/* peer.c - the same policies through libseccomp. */
#include <errno.h>
#include <jansson.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench: %s\n", what);
	exit(2);
}

/* ---- JSON: names, conditions ---- */

static json_t *load(const char *file)
{
	json_error_t e;
	json_t *j = json_load_file(file, 0, &e);
	must(j, file);
	return j;
}

static bool has(const json_t *list, const char *s)
{
	size_t i;
	json_t *v;
	json_array_foreach((json_t *)(uintptr_t)list, i, v) if (!strcmp(json_string_value(v), s)) return true;
	return false;
}

/* For this architecture and without capabilities. */
static bool applies(const json_t *entry)
{
	const json_t *in = json_object_get(entry, "includes"), *out = json_object_get(entry, "excludes");
	const json_t *arches = json_object_get(in, "arches");
	if (json_object_get(in, "caps") || (arches && !has(arches, "amd64")))
		return false;
	return !has(json_object_get(out, "arches"), "amd64");
}

static enum scmp_compare op_of(const char *s)
{
	static const struct {
		const char *name;
		enum scmp_compare op;
	} ops[] = {{"SCMP_CMP_LT", SCMP_CMP_LT},
		   {"SCMP_CMP_GT", SCMP_CMP_GT},
		   {"SCMP_CMP_EQ", SCMP_CMP_EQ},
		   {"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ}};
	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (!strcmp(ops[i].name, s))
			return ops[i].op;
	must(false, "unknown comparison");
	return SCMP_CMP_EQ;
}

static unsigned conditions(const json_t *entry, struct scmp_arg_cmp cmp[6])
{
	json_t *args = json_object_get(entry, "args"), *v;
	size_t i;
	json_array_foreach(args, i, v)
	{
		must(i < 6, "too many conditions");
		unsigned arg = (unsigned)json_integer_value(json_object_get(v, "index"));
		uint64_t x = (uint64_t)json_integer_value(json_object_get(v, "value"));
		uint64_t y = (uint64_t)json_integer_value(json_object_get(v, "valueTwo"));
		cmp[i] = (struct scmp_arg_cmp){arg, op_of(json_string_value(json_object_get(v, "op"))), x, y};
	}
	return (unsigned)json_array_size(args);
}

static uint32_t action_of(const json_t *entry)
{
	if (!strcmp(json_string_value(json_object_get(entry, "action")), "SCMP_ACT_ALLOW"))
		return SCMP_ACT_ALLOW;
	return SCMP_ACT_ERRNO((uint32_t)json_integer_value(json_object_get(entry, "errnoRet")));
}

static void add_docker(scmp_filter_ctx c)
{
	json_t *j = load("tests/cases/seccomp/moby-default.json"), *entry, *name;
	size_t i, k;
	json_array_foreach(json_object_get(j, "syscalls"), i, entry)
	{
		struct scmp_arg_cmp cmp[6];
		unsigned n = conditions(entry, cmp);
		if (!applies(entry))
			continue;
		json_array_foreach(json_object_get(entry, "names"), k, name)
		{
			int nr = seccomp_syscall_resolve_name(json_string_value(name));
			if (nr >= 0)
				must(!seccomp_rule_add_array(c, action_of(entry), nr, n, cmp), "rule");
		}
	}
	json_decref(j);
}

static void add_masked(scmp_filter_ctx c, const char *call, unsigned n, const struct scmp_arg_cmp *cmp)
{
	must(!seccomp_rule_add_array(c, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(call), n, cmp), call);
}

/* (arg & 32 bits) is one of the values */
static void add_values(scmp_filter_ctx c, const char *call, unsigned arg, const uint32_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_masked(c, call, 1, &SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, UINT32_MAX, v[i]));
}

static void add_agent(scmp_filter_ctx c)
{
	static const uint32_t ioctls[] = {0x5401, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451},
			      prctls[] = {1, 3, 15, 16, 0x53564d41}, families[] = {1, 2, 10};
	json_t *j = load("tests/cases/seccomp/agent-policy.json"), *name;
	size_t i;
	json_array_foreach(json_object_get(j, "allow"), i, name)
	    add_masked(c, json_string_value(name), 0, NULL);
	for (i = 0; i < 6; i++)
		add_masked(
		    c, "socket", 2,
		    (struct scmp_arg_cmp[]){SCMP_CMP(0, SCMP_CMP_MASKED_EQ, UINT32_MAX, families[i / 2]),
					    SCMP_CMP(1, SCMP_CMP_MASKED_EQ, 0xfff7f7ff, 1 + i % 2)});
	add_masked(c, "clone", 1, &SCMP_CMP(0, SCMP_CMP_MASKED_EQ, 0x7e020000, 0));
	add_values(c, "ioctl", 1, ioctls, 6);
	add_values(c, "prctl", 0, prctls, 5);
	must(!seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), seccomp_syscall_resolve_name("clone3"), 0),
	     "clone3");
	json_decref(j);
}

/* ---- its filter ---- */

static struct code export(struct arena *a, scmp_filter_ctx c, uint32_t optimize)
{
	struct code f = {0};
	int fd = memfd_create("peer", MFD_CLOEXEC);
	seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, optimize);
	if (!seccomp_export_bpf(c, fd)) {
		size_t size = (size_t)lseek(fd, 0, SEEK_END);
		f.f = arena_alloc(a, size);
		f.n = (uint32_t)((size_t)pread(fd, f.f, size, 0) / sizeof *f.f);
	}
	close(fd);
	seccomp_release(c);
	return f;
}

static scmp_filter_ctx new_filter(void)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	must(c && !seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), "seccomp_init");
	return c;
}

struct code peer_policy(struct arena *a, const char *name, uint32_t optimize)
{
	scmp_filter_ctx c = new_filter();
	(strcmp(name, "docker") ? add_agent : add_docker)(c);
	struct code f = export(a, c, optimize);
	must(f.n, "the peer has no filter");
	return f;
}

/* A term of single values. */
static bool add_term(scmp_filter_ctx c, uint16_t nr, const struct term *t)
{
	struct scmp_arg_cmp cmp[6];
	for (uint32_t i = 0; i < t->atoms.n; i++) {
		const struct atom *x = &t->atoms.v[i];
		uint64_t mask = x->width == 32 ? x->mask & UINT32_MAX : x->mask;
		if (i == 6 || x->in.n != 1 || x->in.v[0].lo != x->in.v[0].hi)
			return false;
		cmp[i] = mask == UINT64_MAX ? SCMP_CMP(x->arg, SCMP_CMP_EQ, x->in.v[0].lo, 0)
					    : SCMP_CMP(x->arg, SCMP_CMP_MASKED_EQ, mask, x->in.v[0].lo);
	}
	return !seccomp_rule_add_array(c, SCMP_ACT_ALLOW, nr, t->atoms.n, cmp);
}

struct code peer_rules(struct arena *a, const rule_list *rules, uint32_t optimize)
{
	scmp_filter_ctx c = new_filter();
	for (uint32_t i = 0; i < rules->n; i++)
		for (uint32_t k = 0; k < rules->v[i].terms.n; k++)
			if (!add_term(c, rules->v[i].nr, &rules->v[i].terms.v[k])) {
				seccomp_release(c);
				return (struct code){0};
			}
	return export(a, c, optimize);
}
