/* observe_filter.c - the filters that the kernel holds, against the bundle's, instruction by instruction. */
#include "runtime/observe.h"

#include <errno.h>
#include <stdio.h>
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

/* One row with both digests; a difference names its first instruction.  -1: this tracer may not look. */
static int filter_row(struct run *r, const struct point *at, pid_t pid, const char *fact,
		      const struct sock_filter *f, uint32_t len)
{
	char want[65], seen[160];
	struct text w = TEXT(want), s = TEXT(seen);
	long n = get_filter(pid, observe_own_filters()), i = 0;

	if (n < 0 && (errno == EACCES || errno == EIO || errno == EPERM))
		return -1;
	digest(&w, f, len);
	if (n >= 0)
		digest(&s, installed, (size_t)n);
	while (i < n && i < (long)len && !memcmp(&installed[i], &f[i], sizeof *f))
		i++;
	if (n >= 0 && (i < n || n != (long)len)) {
		text_puts(&s, ", first difference at instruction ");
		text_i64(&s, i);
	}
	observe_row(r, at, fact, NULL, want, n < 0 ? NULL : seen);
	return 0;
}

/* Whether having seen the call is enough: always, unless the policy says otherwise and the caller does not.
 */
static int trace_will_do(struct run *r)
{
	if (!(r->b.meta->require & ABPB_REQUIRE_READBACK) || (r->degraded & DEGRADED_READBACK))
		return 1;
	if (!(r->allow_degraded & DEGRADED_READBACK))
		return 0;
	dprintf(2, "abprun: WARNING: the filter is not read back (--allow-degraded)\n");
	r->degraded |= DEGRADED_READBACK;
	return 1;
}

void observe_filter(struct run *r, const struct point *at)
{
	const struct point trace = {at->prefix, SRC_TRACE, at->final};
	const struct traced_filter *t = &r->traced;
	char want[65];
	struct text w = TEXT(want);
	int same = t->seen && t->equal && t->length == r->b.n_filter;

	if (!filter_row(r, at, r->target_task.pid, "seccomp.filter", r->b.filter, r->b.n_filter))
		return;
	digest(&w, r->b.filter, r->b.n_filter);
	if (!trace_will_do(r))
		observe_row(r, at, "seccomp.filter", NULL, want, NULL);
	else
		observe_row(r, &trace, "seccomp.filter", NULL, want,
			    same      ? want
			    : t->seen ? "other instructions"
				      : NULL);
}

/* Where this tracer may not look, the row says that nobody did. */
void observe_reaper_filter(struct run *r, const struct point *at)
{
	if (filter_row(r, at, r->reaper.pid, "reaper.seccomp.filter", r->b.reaper, r->b.n_reaper))
		observe_row(r, at, "reaper.seccomp.filter", NULL, NULL, NULL);
}
