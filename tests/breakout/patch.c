/*
 * patch.c - patch WALL IN.abpb OUT.abpb: the same bundle with one wall taken out, so that a test can go red.
 *
 *   filter    every filter becomes RET ALLOW (the kernel still runs it)
 *   caps      all capabilities are granted
 *   readonly  every tree and file is writable, no exceptions, no pins
 *   noexec    everything may be mapped and executed
 *   limits    all limits but the mandatory ones are dropped, those are made huge
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/sha256.h"
#include "spec/bundle.h"

static unsigned char file[ABPB_MAX_SIZE] __attribute__((aligned(8)));

/* Sections keep their place and size: a filter is filled with RET ALLOW. */
static void patch_filter(void *p, uint32_t size)
{
	struct sock_filter *f = p;
	for (uint32_t i = 0; i < size / sizeof *f; i++)
		f[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
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

static void patch_limits(void *p, uint32_t size)
{
	struct abpb_limit *l = p;
	for (uint32_t i = 0; i < size / sizeof *l; i++)
		l[i].value = l[i].resource == ABPB_CPU	  ? 10000
			     : l[i].resource == ABPB_PIDS ? 20000
							  : l[i].value * 1000;
}

static const struct {
	const char *wall;
	uint32_t section;
	void (*fn)(void *, uint32_t);
} walls[] = {
    {"filter", ABPB_FILTER, patch_filter},   {"caps", ABPB_META, patch_caps},
    {"readonly", ABPB_VIEW, patch_readonly}, {"noexec", ABPB_VIEW, patch_noexec},
    {"limits", ABPB_LIMITS, patch_limits},
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
