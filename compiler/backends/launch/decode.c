#include "compiler/backends/launch/decode.h"

#include <stdbool.h>
#include <string.h>

#include "compiler/base/sha256.h"

static const char *check_header(const struct buf *b)
{
	uint8_t digest[32];
	const struct abpb_header *h = (const void *)b->data;
	if (b->len < sizeof *h || memcmp(h->magic, ABPB_MAGIC, 8) != 0)
		return "not a bundle";
	if (h->version != ABPB_VERSION)
		return "another version of the format";
	if (h->size != b->len || h->n_sections > ABPB_MAX_SECTIONS)
		return "truncated, or too many sections";
	if (sizeof *h + h->n_sections * sizeof(struct abpb_section) > b->len)
		return "section table out of bounds";
	sha256(b->data + sizeof *h, b->len - sizeof *h, digest);
	return memcmp(digest, h->sha256, 32) == 0 ? NULL : "digest does not match the bytes";
}

static bool variant_known(const struct abpb_section *s)
{
	if (s->type == ABPB_FILTER || s->type == ABPB_REAPER)
		return s->arch == ABPB_ARCH_X86_64 || s->arch == ABPB_ARCH_AARCH64;
	if (s->type == ABPB_SOCK)
		return s->arch > 0 && s->arch < ABPB_N_HOOKS;
	return s->arch == 0;
}

/* Sections are of known types, sorted, and leave no gap but padding up to the next multiple of 8. */
static const char *check_table(const struct decoded *b)
{
	uint64_t last = 0, end = sizeof(struct abpb_header) + b->n_sections * sizeof(struct abpb_section);
	for (uint32_t i = 0; i < b->n_sections; i++) {
		const struct abpb_section *s = &b->table[i];
		uint64_t key = (uint64_t)s->type << 32 | s->arch;
		if (s->type == 0 || s->type >= ABPB_N_TYPES || !variant_known(s))
			return "a section of unknown type";
		if (key <= last)
			return "section table not sorted";
		if (s->off != end || s->size > b->size - s->off)
			return "section out of its place";
		last = key;
		end = (end + s->size + 7) & ~(uint64_t)7;
	}
	return end == b->size ? NULL : "bytes after the last section";
}

const char *decode_bundle(const struct buf *bundle, struct decoded *out)
{
	const char *wrong = check_header(bundle);
	if (wrong)
		return wrong;
	const struct abpb_header *h = (const void *)bundle->data;
	*out = (struct decoded){.p = bundle->data, .size = h->size, .n_sections = h->n_sections};
	out->table = (const void *)(bundle->data + sizeof *h);
	if ((wrong = check_table(out)))
		return wrong;
	uint32_t n;
	out->strings = decode_section(out, ABPB_STRINGS, 0, 1, &out->strings_size);
	if (!out->strings || out->strings[0] || out->strings[out->strings_size - 1])
		return "string pool without its NULs";
	out->meta = decode_section(out, ABPB_META, 0, sizeof *out->meta, &n);
	return out->meta && n == 1 ? NULL : "no meta section";
}

const void *decode_section(const struct decoded *b, uint32_t type, uint32_t arch, size_t size, uint32_t *n)
{
	*n = 0;
	for (uint32_t i = 0; i < b->n_sections; i++) {
		const struct abpb_section *s = &b->table[i];
		bool match = s->type == type && s->arch == arch;
		if (!match || s->size % size || !s->size)
			continue;
		*n = (uint32_t)(s->size / size);
		return b->p + s->off;
	}
	return NULL;
}

const char *decode_string(const struct decoded *b, uint32_t off)
{
	return off < b->strings_size ? b->strings + off : "<bad string>";
}
