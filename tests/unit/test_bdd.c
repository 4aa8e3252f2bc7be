/* The BDDs against bit sets: a set of vectors of five variables is one 32-bit word. */
#include <string.h>

#include "compiler/base/bdd.h"
#include "tests/unit/unit.h"

enum { VARS = 5, POINTS = 1 << VARS };

/* Variable 0 is the top bit of the vector's number. */
static void vector(unsigned x, uint8_t bit[VARS])
{
	for (unsigned i = 0; i < VARS; i++)
		bit[i] = x >> (VARS - 1 - i) & 1;
}

static uint32_t members(const struct bdds *t, bdd f)
{
	uint32_t set = 0;
	for (unsigned x = 0; x < POINTS; x++) {
		uint8_t bit[VARS];
		vector(x, bit);
		set |= (uint32_t)bdd_has(t, f, bit) << x;
	}
	return set;
}

/* The set as the union of its members, in rising or falling order. */
static bdd from_members(struct bdds *t, uint32_t set, bool falling)
{
	struct field f = {0, VARS};
	bdd sum = BDD_NONE;
	for (unsigned i = 0; i < POINTS; i++) {
		unsigned x = falling ? POINTS - 1 - i : i;
		if (set >> x & 1)
			sum = bdd_or(t, sum, bdd_range(t, f, x, x));
	}
	return sum;
}

static void operations(void)
{
	struct arena *a = arena_new();
	struct bdds *t = bdds_new(a);
	uint64_t seed = 1;
	for (unsigned i = 0; i < 3000; i++) {
		uint32_t x = unit_random(&seed), y = unit_random(&seed);
		if (i % 3 == 0)
			y = x & y; /* subsets happen */
		if (i % 5 == 0)
			y &= ~x; /* disjoint sets happen */
		bdd f = from_members(t, x, false), g = from_members(t, y, true);
		CHECK(members(t, f) == x, "%#x", x);
		CHECK(members(t, bdd_and(t, f, g)) == (x & y), "%#x %#x", x, y);
		CHECK(members(t, bdd_or(t, f, g)) == (x | y), "%#x %#x", x, y);
		CHECK(members(t, bdd_diff(t, f, g)) == (x & ~y), "%#x %#x", x, y);
		CHECK(members(t, bdd_not(t, f)) == ~x, "%#x", x);
		CHECK(bdd_subset(t, g, f) == !(y & ~x), "%#x %#x", x, y);
		CHECK(bdd_disjoint(t, g, f) == !(y & x), "%#x %#x", x, y);
	}
	arena_free(a);
}

/* Every pair of sets of two variables, and the two ends. */
static void small_pairs(void)
{
	struct arena *a = arena_new();
	struct bdds *t = bdds_new(a);
	for (uint32_t c = 0; c < 256; c++) {
		uint32_t x = (c & 15) * 0x11111111u, y = (c >> 4) * 0x11111111u;
		bdd f = from_members(t, x, false), g = from_members(t, y, false);
		CHECK(bdd_and(t, f, g) == from_members(t, x & y, true), "%#x %#x", x, y);
		CHECK(bdd_or(t, f, g) == from_members(t, x | y, true), "%#x %#x", x, y);
		CHECK(bdd_diff(t, f, g) == from_members(t, x & ~y, true), "%#x %#x", x, y);
		CHECK((f == g) == (x == y), "%#x %#x", x, y);
	}
	CHECK(from_members(t, UINT32_MAX, false) == BDD_ALL, "all");
	CHECK(from_members(t, 0, false) == BDD_NONE, "none");
	arena_free(a);
}

static void canonical(void)
{
	struct arena *a = arena_new();
	struct bdds *t = bdds_new(a);
	uint64_t seed = 2;
	for (unsigned i = 0; i < 2000; i++) {
		uint32_t x = unit_random(&seed), y = unit_random(&seed), z = unit_random(&seed);
		bdd f = from_members(t, x, false), g = from_members(t, y, true),
		    h = from_members(t, z, false);
		CHECK(f == from_members(t, x, true), "%#x", x);
		CHECK(bdd_or(t, f, bdd_or(t, g, h)) == bdd_or(t, bdd_or(t, h, f), g), "or %#x %#x %#x", x, y,
		      z);
		CHECK(bdd_and(t, f, bdd_or(t, g, h)) == bdd_or(t, bdd_and(t, h, f), bdd_and(t, g, f)),
		      "distribution %#x %#x %#x", x, y, z);
		CHECK(bdd_not(t, bdd_not(t, f)) == f, "not not %#x", x);
		CHECK(bdd_diff(t, f, g) == bdd_and(t, f, bdd_not(t, g)), "diff %#x %#x", x, y);
	}
	arena_free(a);
}

/* All fields of up to four bits at each place, all masks and bounds one bit wider than the field. */
static void masked_ranges(void)
{
	struct arena *a = arena_new();
	struct bdds *t = bdds_new(a);
	for (unsigned width = 1; width <= 4; width++)
		for (unsigned c = 0; c < 32 * 32 * 32; c++) {
			struct field f = {(uint16_t)(c % (VARS - width + 1)), (uint16_t)width};
			unsigned mask = c & 31, lo = c >> 5 & 31, hi = c >> 10 & 31;
			uint32_t want = 0;
			for (unsigned x = 0; x < POINTS; x++) {
				unsigned v = x >> (VARS - f.first - width) & ((1u << width) - 1) & mask;
				want |= (uint32_t)(lo <= v && v <= hi) << x;
			}
			uint32_t got = members(t, bdd_masked_range(t, f, mask, lo, hi));
			if (!CHECK(got == want, "field %u+%u mask %#x %u..%u: %#x, not %#x", f.first, width,
				   mask, lo, hi, got, want))
				goto out;
		}
out:
	arena_free(a);
}

/* A 64-bit field: the ends of the word, and no more nodes than two a bit for each bound. */
static void wide_ranges(void)
{
	struct arena *a = arena_new();
	struct bdds *t = bdds_new(a);
	struct field f = {3, 64};
	uint8_t bit[67] = {0};
	uint64_t seed = 3;
	CHECK(bdd_range(t, f, 0, UINT64_MAX) == BDD_ALL, "everything");
	CHECK(bdd_range(t, f, 1, 0) == BDD_NONE, "nothing");
	for (unsigned i = 0; i < 500; i++) {
		uint64_t lo = (uint64_t)unit_random(&seed) << 32 | unit_random(&seed);
		uint64_t hi = lo + unit_random(&seed);
		bdd r = bdd_range(t, f, lo, hi);
		bdd_witness(t, r, bit, 67);
		CHECK(lo > hi || bits_field(bit, f) == lo, "%#lx..%#lx", lo, hi);
		CHECK(bdd_size(t, r) <= 128 && (lo > hi || bdd_size(t, r) >= 32), "%u nodes", bdd_size(t, r));
		CHECK(bdd_or(t, r,
			     bdd_or(t, bdd_range(t, f, hi + 1, UINT64_MAX), bdd_range(t, f, 0, lo - 1))) ==
			  (lo > hi
			       ? bdd_or(t, bdd_range(t, f, hi + 1, UINT64_MAX), bdd_range(t, f, 0, lo - 1))
			       : BDD_ALL),
		      "%#lx..%#lx and the rest", lo, hi);
	}
	arena_free(a);
}

static void prefixes(void)
{
	struct arena *a = arena_new();
	struct bdds *t = bdds_new(a);
	struct field small = {1, 4}, address = {10, 128};
	for (unsigned v = 0; v < 16; v++)
		for (unsigned bits = 0; bits <= 4; bits++) {
			uint8_t value[16] = {(uint8_t)(v << 4)};
			uint32_t lo = v & ~((16u >> bits) - 1), hi = lo + (16u >> bits) - 1;
			CHECK(bdd_prefix(t, small, value, bits) == bdd_range(t, small, lo, hi), "%u/%u", v,
			      bits);
		}
	uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}, bit[138];
	bdd one = bdd_prefix(t, address, v6, 128), net = bdd_prefix(t, address, v6, 32);
	CHECK(bdd_size(t, one) == 128 && bdd_size(t, net) == 32, "%u %u", bdd_size(t, one), bdd_size(t, net));
	CHECK(bdd_subset(t, one, net) && !bdd_subset(t, net, one), "::1 of the net");
	CHECK(bdd_witness(t, one, bit, 138) && bit[10 + 127] && bit[10 + 2] && !bit[10], "its bits");
	CHECK(bdd_prefix(t, address, v6, 0) == BDD_ALL, "/0");
	arena_free(a);
}

static void witnesses(void)
{
	struct arena *a = arena_new();
	struct bdds *t = bdds_new(a);
	uint64_t seed = 4;
	uint8_t bit[VARS];
	CHECK(!bdd_witness(t, BDD_NONE, bit, VARS), "nothing has no member");
	for (unsigned i = 0; i < 3000; i++) {
		uint32_t x = unit_random(&seed) & unit_random(&seed) & unit_random(&seed);
		bdd f = from_members(t, x, false);
		bool found = bdd_witness(t, f, bit, VARS);
		CHECK(found == (x != 0), "%#x", x);
		CHECK(!found || bits_field(bit, (struct field){0, VARS}) == (unsigned)__builtin_ctz(x),
		      "%#x: %lu", x, bits_field(bit, (struct field){0, VARS}));
	}
	arena_free(a);
}

/* Enough nodes for the tables to grow many times; 512 variables is the deepest recursion. */
static void growth(void)
{
	struct arena *a = arena_new();
	struct bdds *t = bdds_new(a);
	uint64_t seed = 5;
	bdd sum = BDD_NONE, back = BDD_NONE;
	struct {
		struct field f;
		uint64_t lo, hi;
	} row[200];
	for (unsigned i = 0; i < 200; i++) {
		row[i].f = (struct field){(uint16_t)(i % 7 * 64), 64};
		row[i].lo = (uint64_t)unit_random(&seed) << 32;
		row[i].hi = row[i].lo + unit_random(&seed);
		sum = bdd_or(t, sum, bdd_range(t, row[i].f, row[i].lo, row[i].hi));
	}
	for (unsigned i = 200; i-- > 0;)
		back = bdd_or(t, bdd_range(t, row[i].f, row[i].lo, row[i].hi), back);
	CHECK(sum == back && !bdds_full(t), "%u and %u nodes", bdd_size(t, sum), bdd_size(t, back));
	bdd even = BDD_ALL, odd = BDD_NONE; /* parity of 512 bits: two nodes a variable */
	for (unsigned i = BDD_MAX_VARS; i-- > 0;) {
		bdd one = bdd_range(t, (struct field){(uint16_t)i, 1}, 1, 1), e = even;
		even = bdd_or(t, bdd_diff(t, even, one), bdd_and(t, odd, one));
		odd = bdd_or(t, bdd_diff(t, odd, one), bdd_and(t, e, one));
	}
	CHECK(bdd_not(t, even) == odd && bdd_size(t, even) == 2 * BDD_MAX_VARS - 1, "%u", bdd_size(t, even));
	arena_free(a);
}

void suite_bdd(void)
{
	static const struct unit_case cases[] = {
	    {"operations are those of sets", operations},
	    {"every pair of small sets", small_pairs},
	    {"equal sets are equal numbers", canonical},
	    {"masked ranges of up to four bits, all of them", masked_ranges},
	    {"ranges of 64 bits", wide_ranges},
	    {"prefixes", prefixes},
	    {"the witness is the smallest member", witnesses},
	    {"tables grow, 512 variables", growth},
	    {NULL, NULL},
	};
	unit_suite("bdd", cases);
}
