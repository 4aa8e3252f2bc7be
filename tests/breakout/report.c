/* report.c - `probe report FILE`: what this process is, as far as it can see; the same walls give the same
 * bytes. */
#include "tests/breakout/probe.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lines of /proc/self/status that name a wall. */
static const char *const status_keys[] = {
    "Uid:",    "Gid:",	  "Groups:", "NStgid:",	    "CapInh:",	  "CapPrm:",
    "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:", "Seccomp:",	  "Seccomp_filters:",
    "SigBlk:", "SigIgn:", "SigCgt:", "Threads:",    "TracerPid:", "Umask:"};

static void status(FILE *out)
{
	char line[512];
	FILE *in = fopen("/proc/self/status", "r");
	while (in && fgets(line, sizeof line, in))
		for (size_t i = 0; i < sizeof status_keys / sizeof *status_keys; i++)
			if (strncmp(line, status_keys[i], strlen(status_keys[i])) == 0)
				fputs(line, out);
	if (in)
		fclose(in);
}

/* All of a file, or of each line what follows the first `skip` words. */
static void copy_lines(FILE *out, const char *path, int skip)
{
	char line[1024];
	FILE *in = fopen(path, "r");
	while (in && fgets(line, sizeof line, in)) {
		char *p = line;
		for (int i = 0; i < skip && p; i++)
			p = (p = strchr(p, ' ')) ? p + 1 : NULL;
		char *super =
		    p ? strstr(p, " - ") : NULL; /* source and options of the superblock carry the host id */
		if (super && skip)
			strcpy(super, "\n");
		fputs(p ? p : line, out);
	}
	if (in)
		fclose(in);
	else
		fprintf(out, "%s: absent\n", path);
}

static void task(FILE *out)
{
	char text[4096] = "";
	int death = -1;
	struct stat st;
	prctl(PR_GET_PDEATHSIG, &death);
	fprintf(out, "securebits %x\npdeathsig %d\n", prctl(PR_GET_SECUREBITS), death);
	fprintf(out, "cwd %s\n", getcwd(text, sizeof text) ? text : "none");
	gethostname(text, sizeof text);
	fprintf(out, "hostname %s\nsession leader %d\n", text, getsid(0) == getpid());
	for (int fd = 0; fd < 256; fd++)
		if (fd != fileno(out) && fstat(fd, &st) == 0)
			fprintf(out, "fd %d type %o access %x\n", fd, st.st_mode & S_IFMT,
				fcntl(fd, F_GETFL) & O_ACCMODE);
}

int report(const char *path)
{
	char tmp[256];
	snprintf(tmp, sizeof tmp, "%s.tmp", path);
	FILE *out = fopen(tmp, "w");
	if (!out)
		return 1;
	status(out);
	task(out);
	copy_lines(out, "/proc/self/limits", 0);
	copy_lines(out, "/proc/self/mountinfo", 3);
	return fclose(out) != 0 || rename(tmp, path) != 0;
}
