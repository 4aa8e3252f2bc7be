/*
 * unit.h - what the unit tests share.  A suite is one file: `void suite_NAME(void)` calls unit_suite() with
 * its table of cases; its line in suites.def runs it.
 */
#ifndef ABP_UNIT_H
#define ABP_UNIT_H

#include <stdint.h>

#include <CUnit/CUnit.h>

#define SUITE(name) void suite_##name(void);
#include "tests/unit/suites.def"
#undef SUITE

struct unit_case {
	const char *name;
	void (*run)(void);
};
/* The table ends with a row of NULL. */
void unit_suite(const char *name, const struct unit_case *cases);

/*
 * One assertion for a loop of thousands: counts as one check, says the place once, and what was tried.  False
 * when it failed, for `if (!CHECK(...)) return;`.
 */
#define CHECK(ok, ...) unit_check((ok), __FILE__, __LINE__, #ok, __VA_ARGS__)
int unit_check(int ok, const char *file, unsigned line, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Numbers that look random and are the same in every run. */
static inline uint32_t unit_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 32);
}

#endif
