/*
 * bench.h - what the benchmark of the seccomp wall shares: policies, filters, figures.
 *
 * x86_64 only: the peer's rules of the two policies are for it.  All memory is the arena's.
 */
#ifndef ABP_TEST_BENCH_H
#define ABP_TEST_BENCH_H

#include <linux/filter.h>

#include "compiler/backends/seccomp/filter.h"

struct code {
	struct sock_filter *f;
	uint32_t n;
};

struct vector { /* one event: native architecture */
	uint32_t e[N_WORDS];
};
typedef VEC(struct vector) vector_list;

struct case_ { /* one benchmark policy */
	struct arena *a;
	struct sets s;
	const char *name;
	const struct model *m;	 /* without the floor */
	struct filter_spec spec; /* of m */
	struct code ours, launchable;
	vector_list by_argument; /* allowed */
};

/* policies/bench/NAME.abp and tests/cases/seccomp/NAME.vec; ends the program on any error. */
struct case_ *case_load(struct arena *a, const char *name);

/* ---- the peer --------------------------------------------------------- */

/*
 * libseccomp's filter for the same policy from tests/cases/seccomp/, not from the language.  optimize: 1 (its
 * default, rules in a row) or 2 (a tree).  Ends the program on any error.
 */
struct code peer_policy(struct arena *a, const char *name, uint32_t optimize);
/* For rules of single values: EQ on 64-bit arguments, MASKED_EQ with 32 bits on others. n == 0: not built. */
struct code peer_rules(struct arena *a, const rule_list *rules, uint32_t optimize);

/* ---- figures ---------------------------------------------------------- */

struct mean {
	double mean;
	uint32_t least, most, n;
};

struct figures { /* instructions executed, RET included */
	uint32_t insns;
	struct mean by_number, by_argument, denied;
	uint32_t cacheable,
	    by_number_calls; /* calls allowed by number whose path the action cache can take */
};

/* spec says which number is of which kind; f is judged. */
struct figures figures_of(const struct filter_spec *spec, const vector_list *by_argument, struct code f);
/* Numbers and vectors on which f does not answer what spec means, apart from numbers above filter_last(). */
unsigned differences(const struct filter_spec *spec, const vector_list *by_argument, struct code f);

/* ---- times ------------------------------------------------------------ */

enum { PROBES = 5, MAX_FILTERS = 4 };
const char *probe_name(unsigned i);
struct span_of {
	double min, median;
};
/*
 * Nanoseconds a call.  Each filter runs in a child of its own, in rounds that visit the filters in changing
 * order; a filter with n == 0 is none (its denied probes are 0).  At most 101 rounds.
 */
void kernel_times(const struct code *f, unsigned n, unsigned rounds, struct span_of out[][PROBES]);
/* User + system time of a whole process, milliseconds, of at most 101 runs.  argv[0] is a path. */
struct span_of process_time(char *const argv[], unsigned runs);

/* ---- growth ----------------------------------------------------------- */

/* bench/growth.md to standard output. */
void growth_print(void);

#endif
