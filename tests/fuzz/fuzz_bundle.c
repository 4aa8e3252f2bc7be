/*
 * fuzz_bundle.c - any bytes before the loader's check; size and digest are put right, so that the rest is
 * reached. What it accepts, the loader uses without further checks: here every string and record is read to
 * its end.
 */
#include <stdlib.h>
#include <string.h>

#include "compiler/base/sha256.h"
#include "runtime/bundle.h"
#include "tests/fuzz/fuzz.h"

static volatile uint64_t sink;

static void text(const struct bundle *b, uint32_t o)
{
	sink += strlen(bundle_str(b, o));
}

static void bytes(const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sink += ((const uint8_t *)p)[i];
}

static void use_view(const struct bundle *b)
{
	for (uint32_t i = 0; i < b->n_view; i++) {
		const struct abpb_view *v = &b->view[i];

		text(b, v->path), text(b, v->target), text(b, v->where);
		if (bundle_str(b, v->path)[0] != '/' || v->kind > ABPB_V_PIN)
			abort();
	}
}

static void use(const struct bundle *b)
{
	const struct abpb_meta *m = b->meta;

	bytes(m, sizeof *m);
	bytes(b->filter, b->n_filter * sizeof *b->filter);
	bytes(b->reaper, b->n_reaper * sizeof *b->reaper);
	bytes(b->limit, b->n_limit * sizeof *b->limit);
	bytes(b->group, b->n_group * sizeof *b->group);
	bytes(b->fd, b->n_fd * sizeof *b->fd);
	text(b, m->name), text(b, m->version), text(b, m->compiler), text(b, m->workdir);
	text(b, m->hostname), text(b, m->program);
	use_view(b);
	for (uint32_t i = 0; i < b->n_env; i++)
		text(b, b->env[i].name), text(b, b->env[i].value);
	for (uint32_t i = 0; i < b->n_program; i++)
		text(b, b->program[i].path), bytes(b->program[i].sha256, 32);
	for (uint32_t i = 0; i < b->n_missing; i++)
		text(b, b->missing[i].wall), text(b, b->missing[i].what), text(b, b->missing[i].where);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct abpb_header *h = malloc(size ? size : 1); /* exact: a byte too far is seen */
	struct bundle b;

	if (size)
		memcpy(h, data, size);
	if (size >= sizeof *h) {
		memcpy(h->magic, ABPB_MAGIC, 8);
		h->version = ABPB_VERSION;
		h->size = (uint32_t)size;
		sha256((const uint8_t *)h + 64, size - 64, h->sha256);
	}
	if (bundle_check(h, size, &b) == 0)
		use(&b);
	else if (!b.error)
		abort();
	free(h);
	return 0;
}
