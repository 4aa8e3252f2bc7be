/*
 * patch.c - patch WALL IN.abpb OUT.abpb: the same bundle with one wall taken out, so that a test can go red.
 *
 *   filter    every filter allows all but unshare(2), which the loader tries as its canary
 *   caps      all capabilities are granted
 *   readonly  every tree and file is writable, no exceptions, no pins
 *   noexec    everything may be mapped and executed
 *   sockets   every socket program allows everything
 *   limits    all limits are a hundred times as wide
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

#include "compiler/base/sha256.h"
#include "spec/bundle.h"

static unsigned char file[ABPB_MAX_SIZE] __attribute__((aligned(8)));

/* Sections keep their place and size: the rest of a filter is filled with RET ALLOW. */
static void patch_filter(void *p, uint32_t size)
{
	static const struct sock_filter head[] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	struct sock_filter *f = p;
	for (uint32_t i = 0; i < size / sizeof *f; i++)
		f[i] = i < 3 ? head[i] : (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
}

static void patch_caps(void *p, uint32_t size)
{
	struct abpb_meta *m = p;
	(void)size;
	m->caps = (1ull << 41) - 1;
}

static void patch_readonly(void *p, uint32_t size)
{
	struct abpb_view *v = p;
	for (uint32_t i = 0; i < size / sizeof *v; i++) {
		if (v[i].kind == ABPB_V_EXCEPT || v[i].kind == ABPB_V_PIN || v[i].kind == ABPB_V_TREE ||
		    v[i].kind == ABPB_V_FILE)
			v[i].flags |= ABPB_WRITE;
		if (v[i].kind == ABPB_V_EXCEPT)
			v[i].kind = ABPB_V_PIN;
	}
}

static void patch_noexec(void *p, uint32_t size)
{
	struct abpb_view *v = p;
	for (uint32_t i = 0; i < size / sizeof *v; i++)
		if (v[i].flags & ABPB_READ && v[i].kind != ABPB_V_DEVICE && v[i].kind != ABPB_V_PROC)
			v[i].flags |= ABPB_LOAD | ABPB_EXEC;
}

/* The kernel takes no dead code: r0 = 1 again and again, then exit. */
static void patch_sockets(void *p, uint32_t size)
{
	struct abpb_insn *i = p;
	uint32_t n = size / sizeof *i;
	for (uint32_t k = 0; k < n; k++)
		i[k] = k + 1 < n ? (struct abpb_insn){0xb7, 0, 0, 1} : (struct abpb_insn){0x95, 0, 0, 0};
}

static void patch_limits(void *p, uint32_t size)
{
	struct abpb_limit *l = p;
	for (uint32_t i = 0; i < size / sizeof *l; i++)
		l[i].value = l[i].resource == ABPB_CPU	  ? 10000
			     : l[i].resource == ABPB_PIDS ? 2000
							  : l[i].value * 100;
}

static const struct {
	const char *wall;
	uint32_t section;
	void (*fn)(void *, uint32_t);
} walls[] = {
    {"filter", ABPB_FILTER, patch_filter},   {"caps", ABPB_META, patch_caps},
    {"readonly", ABPB_VIEW, patch_readonly}, {"noexec", ABPB_VIEW, patch_noexec},
    {"limits", ABPB_LIMITS, patch_limits},   {"sockets", ABPB_SOCK, patch_sockets},
};

static void patch(const char *wall)
{
	struct abpb_header *h = (void *)file;
	struct abpb_section *s = (void *)(file + sizeof *h);
	int done = 0;
	for (uint32_t i = 0; i < h->n_sections; i++)
		for (size_t k = 0; k < sizeof walls / sizeof *walls; k++)
			if (s[i].type == walls[k].section && strcmp(wall, walls[k].wall) == 0) {
				walls[k].fn(file + s[i].off, s[i].size);
				done = 1;
			}
	if (!done) {
		fprintf(stderr, "patch: no wall %s\n", wall);
		exit(2);
	}
	sha256(file + sizeof *h, h->size - sizeof *h, h->sha256);
}

int main(int argc, char **argv)
{
	FILE *in = argc == 4 ? fopen(argv[2], "rb") : NULL, *out = in ? fopen(argv[3], "wb") : NULL;
	if (!in || !out)
		return fputs("usage: patch WALL IN OUT\n", stderr), 2;
	size_t n = fread(file, 1, sizeof file, in);
	patch(argv[1]);
	return fwrite(file, 1, n, out) == n && fclose(out) == 0 ? 0 : 1;
}
