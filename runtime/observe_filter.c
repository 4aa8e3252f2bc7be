/* observe_filter.c - the filter that the kernel holds, against the bundle's, instruction by instruction. */
#include "runtime/observe.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>
#include "compiler/base/sha256.h"

static struct sock_filter installed[BPF_MAXINSNS];

static void digest(struct text *t, const struct sock_filter *f, size_t n)
{
	uint8_t d[32];

	sha256(f, n * sizeof *f, d);
	text_sha256(t, d);
}

/* Reads filter INDEX (0 is the oldest) of the stopped task PID.  The number of instructions, or -1 with
 * errno: EACCES for a tracer without CAP_SYS_ADMIN in the initial user namespace or with a filter of its own,
 * EIO without CONFIG_CHECKPOINT_RESTORE (ptrace(2), PTRACE_SECCOMP_GET_FILTER). */
static long get_filter(pid_t pid, unsigned long index)
{
	long n = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, index, NULL);

	if (n < 0 || n > BPF_MAXINSNS)
		return -1;
	return ptrace(PTRACE_SECCOMP_GET_FILTER, pid, index, installed);
}

/* The number of the first instruction that is not the bundle's, as text for the reader of a refusal. */
static void first_difference(struct text *t, const struct run *r, long n)
{
	long i = 0, len = (long)r->b.n_filter;

	while (i < n && i < len && !memcmp(&installed[i], &r->b.filter[i], sizeof installed[i]))
		i++;
	text_puts(t, ", first difference at instruction ");
	text_i64(t, i);
}

static void traced_row(struct run *r, const struct point *at, const char *want)
{
	const struct point trace = {at->prefix, SRC_TRACE, at->final};
	int same = r->traced.seen && r->traced.equal && r->traced.length == r->b.n_filter;

	observe_row(r, &trace, "seccomp.filter", NULL, want,
		    r->traced.seen ? (same ? want : "other instructions") : NULL);
}

void observe_filter(struct run *r, const struct point *at, int may_trace)
{
	char want[65], seen[160];
	struct text w = TEXT(want), s = TEXT(seen);
	long n = get_filter(r->target_task.pid, observe_own_filters());
	int refused = n < 0 && (errno == EACCES || errno == EIO || errno == EPERM);

	digest(&w, r->b.filter, r->b.n_filter);
	if (refused && may_trace && !(r->b.meta->require & ABPB_REQUIRE_READBACK))
		return traced_row(r, at, want);
	if (n >= 0) {
		digest(&s, installed, (size_t)n);
		if (strcmp(want, seen) != 0)
			first_difference(&s, r, n);
	}
	observe_row(r, at, "seccomp.filter", NULL, want, n < 0 ? NULL : seen);
}
