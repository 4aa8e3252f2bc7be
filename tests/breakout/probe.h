/*
 * probe.h - attempts from inside: each is a function that tries one thing and says how the kernel answered.
 *
 * A static program without help from the run: it knows nothing of the policy.  An attempt returns 0 when it
 * worked, else the errno; it runs in a child of its own, so SIGSYS and other ends are seen.
 */
#ifndef PROBE_H
#define PROBE_H

struct attempt {
	const char *name;
	int (*fn)(void);
};

extern const struct attempt attempts_abi[], attempts_caps[], attempts_files[], attempts_net[], attempts_ipc[];

/* What the harness passes on the command line. */
extern int probe_victim; /* pid of a process outside, or 0 */

/* errno of the last call if r < 0, else 0. */
int answer(long r);

/* Writes what this process is to a new file; 0: done. */
int report(const char *path);

#endif
