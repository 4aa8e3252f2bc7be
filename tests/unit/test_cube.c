/* The word domain against brute force: every test on all words of three bits (at both ends of a word),
 * samples of 8 and 32. */
#include "compiler/base/cube.h"
#include "tests/unit/unit.h"

static bool truth(enum wtest t, uint32_t mask, uint32_t k, uint32_t x)
{
	switch (t) {
	case WORD_EQ:
		return x == k;
	case WORD_GT:
		return x > k;
	case WORD_GE:
		return x >= k;
	case WORD_MASK_EQ:
		return (x & mask) == k;
	case WORD_MASK_GT:
		return (x & mask) > k;
	case WORD_MASK_GE:
		return (x & mask) >= k;
	case WORD_MASK_SET:
		return x & mask & k;
	}
	return false;
}

static const enum wtest all_tests[] = {WORD_EQ,	     WORD_GT,	   WORD_GE,	 WORD_MASK_EQ,
				       WORD_MASK_GT, WORD_MASK_GE, WORD_MASK_SET};
enum { N_TESTS = sizeof all_tests / sizeof *all_tests };

struct split {
	struct word w;
	enum wtest t;
	uint32_t mask, k;
	unsigned n;
	struct wpart part[WORD_MAX_PARTS];
};

/* x is in exactly one part when it is in w, else in none, and the part's truth is that of the test. */
static bool right_for(const struct split *s, uint32_t x)
{
	unsigned in = 0;
	bool right = true;
	for (unsigned i = 0; i < s->n; i++)
		if (word_has(&s->part[i].w, x)) {
			in++;
			right &= s->part[i].truth == truth(s->t, s->mask, s->k, x);
		}
	return CHECK(right && in == word_has(&s->w, x),
		     "x %#x in [%#x,%#x] & %#x == %#x, test %d mask %#x k %#x: in %u of %u parts", x, s->w.lo,
		     s->w.hi, s->w.mask, s->w.val, (int)s->t, s->mask, s->k, in, s->n);
}

static bool split(struct split *s)
{
	s->n = word_split(s->w, s->t, s->mask, s->k, s->part);
	for (unsigned i = 0; i < s->n; i++)
		if (!CHECK(word_witness(&s->part[i].w, NULL), "empty part %u of test %d", i, (int)s->t) ||
		    !CHECK(!(s->part[i].w.val & ~s->part[i].w.mask), "value outside mask, part %u", i))
			return false;
	return CHECK(s->n <= WORD_MAX_PARTS && s->n >= word_witness(&s->w, NULL), "%u parts", s->n);
}

/* All tests with all masks and constants of four bits on one word of three bits, moved up by shift. */
static bool all_splits(struct word w, unsigned shift)
{
	uint32_t fill = ((uint32_t)1 << shift) - 1;
	for (unsigned c = 0; c < N_TESTS * 256; c++) {
		struct split s = {w, all_tests[c / 256], (c & 15) << shift, (c / 16 & 15) << shift,
				  0, {{w, false}}};
		if (!split(&s))
			return false;
		for (uint32_t x = 0; x < 8; x++)
			if (!right_for(&s, x << shift) || !right_for(&s, x << shift | fill))
				return false;
	}
	return true;
}

static void three_bits(unsigned shift)
{
	uint32_t fill = ((uint32_t)1 << shift) - 1;
	for (uint32_t c = 0; c < 8 * 8 * 64; c++) {
		struct word w = {(c & 7) << shift, (c >> 3 & 7) << shift | fill, (c >> 6 & 7) << shift, 0};
		w.val = (c >> 9 & 7) << shift & w.mask;
		if (!all_splits(w, shift))
			return;
	}
}

static void low_bits(void)
{
	three_bits(0);
}

static void high_bits(void)
{
	three_bits(29);
}

static struct word random_word(uint64_t *seed, uint32_t domain)
{
	struct word w = {unit_random(seed) & domain, unit_random(seed) & domain, unit_random(seed) & domain,
			 0};
	if (unit_random(seed) % 4)
		w.mask &= unit_random(seed) & unit_random(seed); /* cubes with members are sparse */
	if (w.lo > w.hi && unit_random(seed) % 8) {
		uint32_t lo = w.lo;
		w.lo = w.hi;
		w.hi = lo;
	}
	w.val = unit_random(seed) & w.mask;
	return w;
}

static void eight_bits(void)
{
	uint64_t seed = 1;
	for (unsigned i = 0; i < 60000; i++) {
		struct split s = {.w = random_word(&seed, 255), .t = all_tests[i % N_TESTS]};
		s.mask = unit_random(&seed) & (i % 3 ? 255 : UINT32_MAX);
		s.k = unit_random(&seed) & (i % 2 ? s.mask & 255 : 511);
		if (!split(&s))
			return;
		for (uint32_t x = 0; x < 257; x++)
			if (!right_for(&s, x))
				return;
	}
}

/* A member of w, or anything, near the constant as often as not. */
static uint32_t probe(const struct split *s, uint64_t *seed)
{
	uint32_t x = unit_random(seed), r = unit_random(seed);
	if (r & 1)
		x = s->k + (r >> 1 & 3) - 1;
	if (r & 8)
		x = (x & ~s->w.mask) | s->w.val;
	if (r & 16)
		x = r & 32 ? s->w.lo + (r >> 6 & 1) : s->w.hi - (r >> 6 & 1);
	return x;
}

static void whole_words(void)
{
	uint64_t seed = 2;
	for (unsigned i = 0; i < 100000; i++) {
		struct split s = {.w = i % 5 ? random_word(&seed, UINT32_MAX) : WORD_ALL,
				  .t = all_tests[i % N_TESTS]};
		s.mask = i % 11 ? unit_random(&seed) : UINT32_MAX;
		s.k = i % 13 ? unit_random(&seed) & (i % 2 ? s.mask : UINT32_MAX) : i % 2 ? UINT32_MAX : 0;
		if (!split(&s))
			return;
		for (unsigned p = 0; p < 20; p++)
			if (!right_for(&s, probe(&s, &seed)))
				return;
	}
}

static void witness_is_smallest(void)
{
	for (uint32_t c = 0; c < 1u << 18; c++) {
		struct word w = {c & 31, c >> 5 & 31, c >> 10 & 31, (c >> 10 & 31) & (c >> 13)};
		uint32_t x = 0, y = 77;
		while (x < 32 && !word_has(&w, x))
			x++;
		bool found = word_witness(&w, &y);
		if (!CHECK(found == (x < 32) && y == (found ? x : 77), "[%u,%u] & %#x == %#x: %u", w.lo, w.hi,
			   w.mask, w.val, y))
			return;
	}
}

static void most_parts(void)
{
	struct wpart out[WORD_MAX_PARTS];
	unsigned n = word_split(WORD_ALL, WORD_MASK_EQ, UINT32_MAX, 5, out);
	CHECK(n == 33, "%u", n);
	n = word_split(WORD_ALL, WORD_MASK_GE, UINT32_MAX, 0x55555555, out);
	CHECK(n == 33, "%u", n);
	n = word_split((struct word){9, 3, 0, 0}, WORD_EQ, 0, 5, out);
	CHECK(n == 0, "an empty word has %u parts", n);
}

void suite_cube(void)
{
	static const struct unit_case cases[] = {
	    {"every split of three low bits", low_bits},
	    {"every split of three high bits", high_bits},
	    {"splits of eight bits", eight_bits},
	    {"splits of whole words", whole_words},
	    {"the witness is the smallest member", witness_is_smallest},
	    {"33 parts at most", most_parts},
	    {NULL, NULL},
	};
	unit_suite("cube", cases);
}
