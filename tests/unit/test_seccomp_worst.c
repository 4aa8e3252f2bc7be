/* The seccomp wall at its limits: many conditions, wide ranges, large sets, filters as long as the kernel
 * takes. */
#include "tests/unit/seccomp_gen.h"
#include "tests/unit/unit.h"

static void is_equal(const struct policy *p, struct filter f)
{
	struct proof r = policy_prove(p, f);
	CHECK(r.verdict == PROOF_EQUAL, "%u instructions: verdict %d, filter %x, policy %x; %s at %u", f.n,
	      r.verdict, r.got, r.want, r.why ? r.why : "-", r.at);
}

/* 400 calls, each with a 64-bit range of its own; every third crosses high words. */
static void many_checked(void)
{
	struct arena *a = arena_new();
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
	for (uint16_t nr = 0; nr < 400; nr++) {
		uint64_t low = 0x100000000u * (nr + 1u) + 16u * nr;
		policy_nr(p, nr);
		policy_atom(p, nr, nr % 6, 64, UINT64_MAX, low, low + (nr % 3 ? 0xfu : 0x30000000fu));
	}
	struct filter f = policy_emit(p);
	is_equal(p, f);
	CHECK(f.n < BPF_MAXINSNS, "%u instructions", f.n);
	arena_free(a);
}

/* Calls with sets of 100 values, none of which two calls share. */
static struct policy *with_sets(struct arena *a, uint16_t calls, unsigned values)
{
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
	for (uint16_t nr = 0; nr < calls; nr++) {
		policy_nr(p, nr);
		for (unsigned i = 0; i < values; i++) {
			uint64_t v = 1000u * (nr + 1u) + 3u * i;
			policy_atom(p, nr, 1, nr % 2 ? 64 : 32, UINT64_MAX, v, v);
		}
	}
	return p;
}

static void large_sets(void)
{
	for (uint16_t calls = 1; calls <= 30; calls = (uint16_t)(calls * 3)) {
		struct arena *a = arena_new();
		struct policy *p = with_sets(a, calls, 100);
		struct filter f = policy_emit(p);
		is_equal(p, f);
		CHECK(f.n <= 16u + calls * 125u, "%u calls with 100 values: %u instructions", calls, f.n);
		arena_free(a);
	}
}

/* Up to the last one that the kernel takes. */
static void near_the_limit(void)
{
	uint32_t longest = 0;
	for (unsigned values = 76; values <= 104; values += 2) {
		struct arena *a = arena_new();
		struct policy *p = with_sets(a, 40, values);
		struct filter f = policy_emit(p);
		if (f.n <= BPF_MAXINSNS) {
			is_equal(p, f);
			longest = f.n > longest ? f.n : longest;
		}
		arena_free(a);
	}
	CHECK(longest > BPF_MAXINSNS - 150, "longest proved %u", longest);
}

void suite_seccomp_worst(void)
{
	static const struct unit_case cases[] = {
	    {"400 calls with 64-bit ranges", many_checked},
	    {"sets of 100 values", large_sets},
	    {"near 4096 instructions", near_the_limit},
	    {NULL, NULL},
	};
	unit_suite("seccomp-worst", cases);
}
