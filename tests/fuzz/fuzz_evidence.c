/*
 * fuzz_evidence.c - a good bundle and record, then what the input says is done to them: bytes of the bundle
 * changed under a right digest, rows of the record dropped, doubled, changed; or the input is the record.
 * Nothing may crash, and a bundle with other bytes is never proved by the record of the first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compiler/base/sha256.h"
#include "compiler/verify_evidence.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/evidence_gen.h"

/* The bytes as a file without a name on disk; its path into PATH. */
static int file_of(const struct buf *b, char path[32])
{
	int fd = memfd_create("fuzz", 0);
	if (fd < 0 || write(fd, b->data, b->len) != (ssize_t)b->len)
		abort();
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

static int judged(struct gen *g, const struct buf *record, bool json)
{
	char bundle[32], text[32];
	struct buf out = buf_new(g->a);
	int b = file_of(&g->bundle, bundle), r = file_of(record, text);
	int code = verify_evidence(g->a, bundle, text, json, &out);
	if (code != 0 && code != 1 && code != 3)
		abort();
	bundle_describe(g->a, bundle, &out);
	close(b);
	close(r);
	return code;
}

/* Two bytes of place and one of value each; the header's digest is made right again. */
static bool change_bundle(struct gen *g, const uint8_t *data, size_t size)
{
	struct abpb_header *h = (struct abpb_header *)(void *)g->bundle.data;
	uint8_t before[32];
	memcpy(before, h->sha256, 32);
	for (size_t i = 0; i + 3 <= size; i += 3) {
		size_t at = ((size_t)data[i] << 8 | data[i + 1]) % (g->bundle.len - sizeof *h) + sizeof *h;
		g->bundle.data[at] = data[i + 2];
	}
	sha256(g->bundle.data + sizeof *h, g->bundle.len - sizeof *h, h->sha256);
	return memcmp(before, h->sha256, 32) != 0;
}

static void change_rows(struct gen *g, const uint8_t *data, size_t size)
{
	static const char *const text[] = {
	    "", "0", "1", "10001 0 1", "4294967296 18446744073709551616 1", "/", "\\u0080", " "};
	for (size_t i = 0; i + 3 <= size && g->rows.n; i += 3) {
		struct gen_row *r = &g->rows.v[((size_t)data[i] << 8 | data[i + 1]) % g->rows.n];
		const char *t = text[data[i + 2] >> 5];
		switch (data[i + 2] & 3) {
		case 0:
			*r = g->rows.v[--g->rows.n];
			break;
		case 1:
			r->observed = r->expected = t;
			break;
		case 2:
			r->observed = NULL;
			break;
		default:
			gen_add(g, arena_printf(g->a, "%s%s", data[i + 2] & 4 ? "mount:" : "cgroup:", t), t,
				t, r->source);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gen g;
	gen_make(&g);
	struct buf record = gen_record(&g);
	uint8_t mode = size ? data[0] % 3 : 0;
	if (mode == 0 && size > 1) {
		bool changed = change_bundle(&g, data + 1, size - 1);
		if (judged(&g, &record, false) == 0 && changed)
			abort();
	} else if (mode == 1) {
		change_rows(&g, data + 1, size - 1);
		record = gen_record(&g);
		judged(&g, &record, true);
	} else if (size) {
		record = buf_new(g.a);
		buf_add(&record, data + 1, size - 1);
		if (judged(&g, &record, false) == 0)
			abort();
	}
	arena_free(g.a);
	return 0;
}
