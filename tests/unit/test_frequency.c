/* Frequencies: the file is read exactly, frequent calls get shorter paths, answers stay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler/backends/seccomp/emit.h"
#include "compiler/backends/seccomp/sim.h"
#include "compiler/frequency.h"
#include "tests/unit/seccomp_gen.h"
#include "tests/unit/unit.h"

static bool read_text(struct arena *a, const char *text, struct model *m, struct buf *said)
{
	char name[] = "/tmp/abp-unit-freq-XXXXXX";
	struct sets s = {a, NULL};
	struct diags *d = diags_new(a);
	int fd = mkstemp(name);
	bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	bool good = written && frequency_read(&s, d, name, m);
	if (fd >= 0)
		close(fd);
	unlink(name);
	*said = buf_new(a);
	diags_text(d, said);
	return good;
}

static void reads(void)
{
	struct arena *a = arena_new();
	struct model m = {0};
	struct buf said;
	bool good = read_text(a, "# what was seen\n\n  read: 400\nwrite:100 \nopen: 0", &m, &said);
	CHECK(good, "%s", buf_str(&said));
	const uint32_t *w = m.frequency[ARCH_X86_64], *arm = m.frequency[ARCH_AARCH64];
	CHECK(w[0] == 1000001 && w[1] == 250001 && w[2] == 1 && w[3] == 1, "%u %u %u %u", w[0], w[1], w[2],
	      w[3]);
	CHECK(arm[63] == 1000001 && arm[0] == 1, "%u %u", arm[63], arm[0]);
	arena_free(a);
}

static void refuses(void)
{
	static const char *const bad[] = {"read 100\n", "read:\n", "raed: 1\n",	  "read: 1 2\n",
					  "read: -1\n", ": 1\n",   "read: 0x10\n"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena *a = arena_new();
		struct model m = {0};
		struct buf said;
		bool good = read_text(a, bad[i], &m, &said);
		CHECK(!good, "%s", bad[i]);
		CHECK(strstr(buf_str(&said), "[ABP-SEC-003]") != NULL, "%s", buf_str(&said));
		arena_free(a);
	}
}

static uint32_t steps_of(const struct filter_code *c, uint32_t nr)
{
	uint32_t e[N_WORDS] = {[W_NR] = nr, [W_ARCH] = arch_table[ARCH_X86_64].audit}, action, steps = 0;
	sim_run(c->insns.v, c->insns.n, e, &action, &steps);
	return steps;
}

static void shapes(void)
{
	struct arena *a = arena_new();
	struct policy *p = policy_new(a, ARCH_X86_64, DENY_ERRNO);
	struct filter_code usual, shaped;
	struct model m = {0};
	struct buf said;
	for (uint16_t nr = 0; nr < 300; nr += 2)
		policy_nr(p, nr);
	read_text(a, "getpgid: 1000\n", &m, &said);
	uint32_t nr = (uint32_t)syscall_by_name("getpgid")->nr[ARCH_X86_64];
	emit_filter(a, &p->spec, NULL, &usual);
	emit_filter(a, &p->spec, m.frequency[ARCH_X86_64], &shaped);
	CHECK(steps_of(&shaped, nr) < steps_of(&usual, nr) && steps_of(&shaped, nr) <= 7, "%u, was %u",
	      steps_of(&shaped, nr), steps_of(&usual, nr));
	struct proof r = policy_prove(p, (struct filter){shaped.insns.v, shaped.insns.n});
	CHECK(r.verdict == PROOF_EQUAL, "%d", r.verdict);
	arena_free(a);
}

void suite_frequency(void)
{
	static const struct unit_case cases[] = {
	    {"lines, comments, scale", reads},
	    {"what is no line of it", refuses},
	    {"frequent calls get short paths", shapes},
	    {NULL, NULL},
	};
	unit_suite("frequency", cases);
}
