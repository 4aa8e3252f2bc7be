/*
 * caps.c - bounding, permitted, effective, inheritable, ambient: exactly the grant.
 *
 * The order matters: the bounding set and securebits need CAP_SETPCAP; ambient cannot be raised once
 * NO_CAP_AMBIENT_RAISE is set; the last capset drops SETPCAP.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "runtime/caps.h"
#include "runtime/steps.h"

#define BITS 0xefUL /* all of securebits with their locks, but KEEP_CAPS only locked off */

static int put(uint64_t permitted, uint64_t inheritable)
{
	struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct d[2];

	for (int i = 0; i < 2; i++) {
		d[i].effective = d[i].permitted = (uint32_t)(permitted >> 32 * i);
		d[i].inheritable = (uint32_t)(inheritable >> 32 * i);
	}
	return (int)syscall(SYS_capset, &h, d);
}

/* Drops from the bounding set what is not in KEEP, up to the last capability this kernel knows. */
static int bound(struct run *r, uint64_t keep)
{
	int c = 0, v;

	for (; (v = prctl(PR_CAPBSET_READ, (long)c, 0L, 0L, 0L)) >= 0; c++) {
		if (c >= 64)
			return run_why(r, 0, "this kernel has more than 64 capabilities");
		if (keep >> c & 1 && !v)
			return run_why(r, 0, "capability %d is granted, but not to be had here", c);
		if (!(keep >> c & 1) && prctl(PR_CAPBSET_DROP, (long)c, 0L, 0L, 0L))
			return run_why(r, errno, "dropping capability %d", c);
	}
	if (errno != EINVAL || c <= CAP_CHECKPOINT_RESTORE) /* the last one of the oldest kernel we run on */
		return run_why(r, errno, "reading capability %d", c);
	if (c < 64 && keep >> c)
		return run_why(r, 0, "a capability is granted that this kernel has not");
	return 0;
}

/* What the task can see of itself; the parent compares all five sets from outside. */
static int check(struct run *r, uint64_t keep)
{
	struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct d[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};

	if (syscall(SYS_capget, &h, d))
		return run_why(r, errno, "capget");
	for (int i = 0; i < 2; i++) {
		uint32_t want = (uint32_t)(keep >> 32 * i);

		if (d[i].effective != want || d[i].permitted != want || d[i].inheritable != want)
			return run_why(r, 0, "capability sets do not read back");
	}
	if (prctl(PR_GET_SECUREBITS, 0L, 0L, 0L, 0L) != (int)BITS)
		return run_why(r, 0, "securebits do not read back");
	return 0;
}

int caps_set(struct run *r, uint64_t keep)
{
	if (bound(r, keep))
		return -1;
	if (put(keep | 1ULL << CAP_SETPCAP, keep))
		return run_why(r, errno, "capset");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0L, 0L, 0L))
		return run_why(r, errno, "ambient");
	for (int c = 0; c < 64; c++)
		if (keep >> c & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, (long)c, 0L, 0L))
			return run_why(r, errno, "ambient capability %d", c);
	if (prctl(PR_SET_SECUREBITS, BITS, 0L, 0L, 0L))
		return run_why(r, errno, "securebits");
	if (put(keep, keep))
		return run_why(r, errno, "capset");
	return check(r, keep);
}

int step_caps(struct run *r)
{
	return caps_set(r, r->b.meta->caps);
}
