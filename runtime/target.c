/* target.c - the program: found in the view, covered by an exec grant, hashed; opened again inside the run.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "compiler/base/sha256.h"
#include "runtime/steps.h"
#include "runtime/sys.h"
#include "runtime/view.h"

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#else
#define MACHINE EM_AARCH64
#endif

/* The program entry that covers PATH, or NULL; an exact one with a pin before a tree. */
static const struct abpb_program *grant_for(const struct run *r, const char *path)
{
	const struct abpb_program *best = NULL;

	for (uint32_t i = 0; i < r->b.n_program; i++) {
		const struct abpb_program *p = &r->b.program[i];
		const char *name = bundle_str(&r->b, p->path);
		int hit = p->flags & ABPB_PROGRAM_TREE ? sys_below(path, name) : !strcmp(path, name);

		if (hit && (!best || !(best->flags & ABPB_PROGRAM_DIGEST)))
			best = p;
	}
	return best;
}

static int hash(int fd, off_t size, uint8_t out[32])
{
	struct sha256 s;
	char buf[16384];
	ssize_t got;
	off_t at = 0;

	sha256_init(&s);
	while ((got = pread(fd, buf, sizeof buf, at)) > 0) {
		sha256_add(&s, buf, (size_t)got);
		at += got;
	}
	sha256_end(&s, out);
	return got < 0 || at != size ? -1 : 0;
}

/* Opens PATH of the view for SEEN: regular, hashed, stable while it was hashed, pinned digest kept.
 * Returns a descriptor or -1 after run_exit(). */
static int look(struct run *r, const char *path, struct seen *seen, const char *what)
{
	struct stat a, b;
	int fd = sys_high(view_open(r, path, O_RDONLY | O_NONBLOCK | O_NOCTTY));

	if (fd < 0)
		return run_exit(r, errno == ENOENT || errno == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE,
				errno, "%s %s in the policy's view%s", what, path,
				seen == &r->interp ? " (not granted? abp.base has Debian's)" : "");
	if (fstat(fd, &a) || !S_ISREG(a.st_mode))
		return run_exit(r, EXIT_NOT_EXECUTABLE, 0, "%s %s is not a regular file", what, path);
	if (hash(fd, a.st_size, seen->sha256) || fstat(fd, &b) ||
	    sys_copy(seen->path, sizeof seen->path, path))
		return run_exit(r, EXIT_NOT_EXECUTABLE, errno, "%s %s", what, path);
	if (a.st_ctim.tv_sec != b.st_ctim.tv_sec || a.st_ctim.tv_nsec != b.st_ctim.tv_nsec ||
	    a.st_size != b.st_size)
		return run_exit(r, EXIT_NOT_EXECUTABLE, 0, "%s %s changes while it is read", what, path);
	seen->dev = a.st_dev;
	seen->ino = a.st_ino;
	seen->size = a.st_size;
	seen->ctime = a.st_ctim;
	const struct abpb_program *g = grant_for(r, path);
	if (!g)
		return run_exit(r, EXIT_NOT_EXECUTABLE, 0, "no exec grant covers %s %s", what, path);
	if ((g->flags & ABPB_PROGRAM_DIGEST) && memcmp(g->sha256, seen->sha256, 32))
		return run_exit(r, EXIT_NOT_EXECUTABLE, 0,
				"%s %s is not the file that the policy pins by digest", what, path);
	return fd;
}

/* Reads PT_INTERP of the ELF file FD into OUT; "" if it has none.  Returns -1 if it is no ELF file for here.
 */
static int interp_of(int fd, char out[PATH_MAX])
{
	Elf64_Ehdr e;
	Elf64_Phdr p;

	out[0] = 0;
	if (pread(fd, &e, sizeof e, 0) != (ssize_t)sizeof e || memcmp(e.e_ident, ELFMAG, SELFMAG) ||
	    e.e_ident[EI_CLASS] != ELFCLASS64 || e.e_machine != MACHINE || e.e_phentsize != sizeof p ||
	    e.e_phnum > 512)
		return -1;
	for (unsigned i = 0; i < e.e_phnum; i++) {
		if (pread(fd, &p, sizeof p, (off_t)(e.e_phoff + i * sizeof p)) != (ssize_t)sizeof p)
			return -1;
		if (p.p_type != PT_INTERP)
			continue;
		if (p.p_filesz < 2 || p.p_filesz >= PATH_MAX ||
		    pread(fd, out, p.p_filesz, (off_t)p.p_offset) != (ssize_t)p.p_filesz ||
		    out[p.p_filesz - 1] != 0)
			return -1;
		return 0;
	}
	return 0;
}

/* A script cannot start from a close-on-exec descriptor: says what to run instead. */
static int script(struct run *r, int fd, const char *path)
{
	char line[256];
	ssize_t n = pread(fd, line, sizeof line - 1, 0);

	if (n < 2 || line[0] != '#' || line[1] != '!')
		return run_exit(r, EXIT_NOT_EXECUTABLE, 0, "%s is not an ELF program for this machine", path);
	line[n] = 0;
	line[strcspn(line, "\n")] = 0;
	const char *p = line + 2 + strspn(line + 2, " \t");
	return run_exit(r, EXIT_NOT_EXECUTABLE, 0, "%s is a script: run its interpreter: %.200s %s", path, p,
			path);
}

int step_target(struct run *r)
{
	const char *only = bundle_str(&r->b, r->b.meta->program);
	char path[PATH_MAX], interp[PATH_MAX];

	if (r->program[0] != '/')
		return run_exit(r, EXIT_NOT_FOUND, 0, "%s: give the absolute name of the program",
				r->program);
	if (view_resolve(r, r->program, path))
		return run_exit(r, EXIT_NOT_FOUND, errno, "%s", r->program);
	if (r->b.meta->program && strcmp(only, path) && strcmp(only, r->program))
		return run_exit(r, EXIT_NOT_EXECUTABLE, 0, "the policy starts %s only, not %s", only, path);
	if ((r->target_fd = look(r, path, &r->target, "program")) < 0)
		return -1;
	if (interp_of(r->target_fd, interp))
		return script(r, r->target_fd, path);
	if (!interp[0])
		return 0;
	if (view_resolve(r, interp, path))
		return run_exit(r, EXIT_NOT_EXECUTABLE, errno, "ELF interpreter %s", interp);
	int fd = look(r, path, &r->interp, "ELF interpreter");
	return fd < 0 || close(fd) ? -1 : 0;
}

/* In the target, inside its own root: the same name must be the same, unchanged file. */
int step_open_target(struct run *r)
{
	const struct seen *t = &r->target;
	struct stat st;
	int fd = sys_high(sys_openat2(AT_FDCWD, t->path, O_PATH, VIEW_RESOLVE));

	if (fd < 0 || fstat(fd, &st))
		return run_why(r, errno, "%s inside the run", t->path);
	if (st.st_dev != t->dev || st.st_ino != t->ino || st.st_size != t->size ||
	    st.st_ctim.tv_sec != t->ctime.tv_sec || st.st_ctim.tv_nsec != t->ctime.tv_nsec)
		return run_why(r, 0, "%s inside the run is not the file that was hashed", t->path);
	close(r->target_fd);
	r->target_fd = fd;
	return 0;
}
