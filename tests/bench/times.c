/* times.c - nanoseconds of a call under a filter, processor time of a process. */
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"

enum { CALLS = 10000, TRIES = 3, MAX_ROUNDS = 101, MAX_RUNS = 101 };

/* What each probe calls: all fail or do nothing. */
static const struct {
	const char *name;
	long nr, a0, a1;
} probes[PROBES] = {
    {"getppid", SYS_getppid, 0, 0},	      /* allowed by number: the action cache */
    {"ioctl FIOCLEX", SYS_ioctl, -1, 0x5451}, /* agent: allowed by argument */
    {"personality 0xffffffff", SYS_personality, 0xffffffff,
     0},			      /* docker: allowed by argument; not -1, a peer compares 64 bits */
    {"socket 40", SYS_socket, 40, 1}, /* denied by argument */
    {"vhangup", SYS_vhangup, 0, 0},   /* denied by number */
};

const char *probe_name(unsigned i)
{
	return probes[i].name;
}

static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double loop(unsigned probe)
{
	double best = 1e18;
	for (unsigned t = 0; t < TRIES; t++) {
		double start = now_ns();
		for (unsigned i = 0; i < CALLS; i++)
			syscall(probes[probe].nr, probes[probe].a0, probes[probe].a1);
		double spent = (now_ns() - start) / CALLS;
		best = spent < best ? spent : best;
	}
	return best;
}

static void install(struct code f)
{
	struct sock_fprog prog = {.len = (unsigned short)f.n, .filter = f.f};
	bool good = !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
		    !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog);
	if (!good)
		_exit(1);
}

/* Under no filter the denied calls would be real ones: they are not made. */
static void child(struct code f, double *out)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof one, &one);
	setsid(); /* no terminal to hang up */
	if (f.n)
		install(f);
	for (unsigned p = 0; p < PROBES; p++)
		out[p] = f.n || p < 3 ? loop(p) : 0;
	_exit(0);
}

static void one_round(struct code f, double *shared, double *out)
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0)
		child(f, shared);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status) {
		fprintf(stderr, "bench: the timed child ended with status 0x%x\n", status);
		exit(2);
	}
	memcpy(out, shared, PROBES * sizeof *out);
}

static int ascending(const void *x, const void *y)
{
	double p = *(const double *)x, q = *(const double *)y;
	return (p > q) - (p < q);
}

static struct span_of summary(double *v, unsigned n)
{
	qsort(v, n, sizeof *v, ascending);
	return (struct span_of){v[0], v[n / 2]};
}

void kernel_times(const struct code *f, unsigned n, unsigned rounds, struct span_of out[][PROBES])
{
	static double got[MAX_FILTERS][PROBES][MAX_ROUNDS];
	double one[PROBES];
	double *shared = mmap(NULL, sizeof one, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || n > MAX_FILTERS || rounds > MAX_ROUNDS)
		exit(2);
	for (unsigned r = 0; r < rounds; r++)
		for (unsigned i = 0; i < n; i++) {
			unsigned which = (i + r) % n; /* every filter is first as often as the others */
			one_round(f[which], shared, one);
			for (unsigned p = 0; p < PROBES; p++)
				got[which][p][r] = one[p];
		}
	for (unsigned i = 0; i < n; i++)
		for (unsigned p = 0; p < PROBES; p++)
			out[i][p] = summary(got[i][p], rounds);
	munmap(shared, sizeof one);
}

/* ---- a whole process ---- */

static double run(char *const argv[])
{
	struct rusage u;
	int status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		int fd = open("/dev/null", O_RDWR);
		dup2(fd, 1);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &u) != pid || status) {
		fprintf(stderr, "bench: %s ended with status 0x%x\n", argv[0], status);
		exit(2);
	}
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

struct span_of process_time(char *const argv[], unsigned runs)
{
	double v[MAX_RUNS];
	for (unsigned i = 0; i < runs && i < MAX_RUNS; i++)
		v[i] = run(argv);
	return summary(v, runs);
}
