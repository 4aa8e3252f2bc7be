/* bundle.c - checks a mapped bundle once; afterwards every pointer and offset in struct bundle is good. */
#include <stdint.h>
#include <string.h>
#include "compiler/base/sha256.h"
#include "runtime/bundle.h"

#if defined(__x86_64__)
#define ARCH ABPB_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH ABPB_ARCH_AARCH64
#else
#error "no bundle architecture for this machine"
#endif

enum { ONE = 1, ARCHED = 2, NEEDED = 4, HOOKED = 8 }; /* HOOKED: arch is an enum abpb_hook */

/* Record size and form of each section; where its pointer and count live in struct bundle. */
static const struct form {
	uint32_t record, flags, max;
	size_t ptr, count;
} form[ABPB_N_TYPES] = {
#define AT(p, n) offsetof(struct bundle, p), offsetof(struct bundle, n)
    [ABPB_META] = {sizeof(struct abpb_meta), ONE | NEEDED, 1, offsetof(struct bundle, meta), 0},
    [ABPB_STRINGS] = {1, NEEDED, ABPB_MAX_SIZE, AT(strings, n_strings)},
    [ABPB_FILTER] = {sizeof(struct sock_filter), ARCHED | NEEDED, BPF_MAXINSNS, AT(filter, n_filter)},
    [ABPB_REAPER] = {sizeof(struct sock_filter), ARCHED | NEEDED, BPF_MAXINSNS, AT(reaper, n_reaper)},
    [ABPB_VIEW] = {sizeof(struct abpb_view), 0, BUNDLE_MAX_VIEW, AT(view, n_view)},
    [ABPB_ENV] = {sizeof(struct abpb_env), 0, 1024, AT(env, n_env)},
    [ABPB_LIMITS] = {sizeof(struct abpb_limit), NEEDED, ABPB_N_RESOURCES, AT(limit, n_limit)},
    [ABPB_GROUPS] = {4, 0, BUNDLE_MAX_GROUPS, AT(group, n_group)},
    [ABPB_FDS] = {4, 0, ABP_FD_MAX_PASS + 1, AT(fd, n_fd)},
    [ABPB_PROGRAMS] = {sizeof(struct abpb_program), 0, 65536, AT(program, n_program)},
    [ABPB_MISSING] = {sizeof(struct abpb_missing), 0, 65536, AT(missing, n_missing)},
    [ABPB_DESTS] = {sizeof(struct abpb_dest), 0, 65536, AT(dest, n_dest)},
    [ABPB_SOCK] = {sizeof(struct abpb_insn), HOOKED, ABPB_MAX_INSNS, AT(sock, n_sock)},
#undef AT
};

static int bad(struct bundle *b, const char *why)
{
	b->error = why;
	return -1;
}

static int section_check(struct bundle *b, const struct abpb_section *s, uint32_t *end)
{
	const struct form *f = &form[s->type];

	if (s->off % 8 || s->off < *end || s->off - *end > 7 || s->size > b->size ||
	    s->off > b->size - s->size)
		return bad(b, "a section lies outside the file, overlaps or leaves a gap");
	*end = s->off + s->size;
	if (s->size % f->record || s->size / f->record > f->max || ((f->flags & ONE) && s->size != f->record))
		return bad(b, "the size of a section is wrong");
	if (f->flags & HOOKED ? !s->size || !s->arch || s->arch >= ABPB_N_HOOKS
			      : !!(f->flags & ARCHED) != (s->arch != 0))
		return bad(b, "a section is for the wrong kind of architecture");
	if ((f->flags & ARCHED) && s->arch != ARCH)
		return 0;
	const void *data = b->base + s->off;
	uint32_t n = s->size / f->record, at = f->flags & HOOKED ? s->arch : 0;

	memcpy((char *)b + f->ptr + at * sizeof data, &data, sizeof data);
	if (f->count)
		memcpy((char *)b + f->count + at * sizeof n, &n, sizeof n);
	return 0;
}

static int table_check(struct bundle *b)
{
	const struct abpb_section *s = (const void *)(b->base + sizeof(struct abpb_header));
	uint32_t n = b->header->n_sections, end = (uint32_t)sizeof(struct abpb_header);

	if (n > ABPB_MAX_SECTIONS || n * sizeof *s > b->size - end)
		return bad(b, "too many sections");
	end += n * (uint32_t)sizeof *s;
	for (uint32_t i = 0; i < n; i++) {
		if (s[i].type == 0 || s[i].type >= ABPB_N_TYPES)
			return bad(b, "an unknown section: made by another version of abpc?");
		if (i &&
		    (s[i].type < s[i - 1].type || (s[i].type == s[i - 1].type && s[i].arch <= s[i - 1].arch)))
			return bad(b, "sections are not in order");
		if (section_check(b, &s[i], &end))
			return -1;
	}
	if (b->size - end > 7)
		return bad(b, "bytes after the last section");
	for (uint32_t t = 1; t < ABPB_N_TYPES; t++) {
		const void *data;

		memcpy(&data, (char *)b + form[t].ptr, sizeof data);
		if ((form[t].flags & NEEDED) && !data)
			return bad(b, (form[t].flags & ARCHED) ? "it was not built for this architecture"
							       : "a section is missing");
	}
	return 0;
}

/* A usable string offset: inside, and (the last byte being 0) terminated. */
static int str_ok(const struct bundle *b, uint32_t o)
{
	return o < b->n_strings;
}

/* An absolute name without ".", "..", "//" or final "/": safe to join to any directory. */
static int path_ok(const struct bundle *b, uint32_t o)
{
	if (!str_ok(b, o))
		return 0;
	const char *p = b->strings + o;

	if (p[0] != '/' || strlen(p) >= 4096)
		return 0;
	if (!p[1])
		return 1;
	for (; *p; p++) {
		if (*p != '/')
			continue;
		if (p[1] == 0 || p[1] == '/')
			return 0;
		if (p[1] == '.' && (p[2] == 0 || p[2] == '/' || (p[2] == '.' && (p[3] == 0 || p[3] == '/'))))
			return 0;
	}
	return 1;
}

static int meta_check(struct bundle *b)
{
	const struct abpb_meta *m = b->meta;

	if (!str_ok(b, m->name) || !str_ok(b, m->version) || !str_ok(b, m->compiler) ||
	    !str_ok(b, m->hostname))
		return bad(b, "a string of META lies outside");
	if (!path_ok(b, m->workdir) || (m->program && !path_ok(b, m->program)))
		return bad(b, "workdir or program is not an absolute name");
	if (m->net > ABPB_NET_HOST || m->stdio > ABPB_STDIO_TTY || m->zero)
		return bad(b, "META holds an unknown value");
	if (m->require >= 8 || m->flags >= 32 || m->caps >> 48)
		return bad(b, "META holds an unknown bit");
	if (strlen(bundle_str(b, m->hostname)) > 64)
		return bad(b, "the host name is too long");
	if (m->uid == UINT32_MAX || m->gid == UINT32_MAX)
		return bad(b, "uid or gid -1");
	return 0;
}

/* Byte order in which '/' comes first: what lies below a name follows it at once, so parents come first. */
static int path_order(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	int x = *a == '/' ? 1 : (unsigned char)*a + 1, y = *b == '/' ? 1 : (unsigned char)*b + 1;

	return (*a ? x : 0) - (*b ? y : 0);
}

static int view_check(struct bundle *b)
{
	for (uint32_t i = 0; i < b->n_view; i++) {
		const struct abpb_view *v = &b->view[i];

		if (v->kind > ABPB_V_PIN || v->flags >= 128 || v->zero)
			return bad(b, "a view entry of unknown kind");
		if (!path_ok(b, v->path) || !str_ok(b, v->where) || !str_ok(b, v->target))
			return bad(b, "a view entry with a bad string");
		if (v->kind == ABPB_V_SYMLINK && (!v->target || strlen(bundle_str(b, v->target)) >= 4096))
			return bad(b, "a symlink without a target");
		if (bundle_str(b, v->path)[1] == 0 && v->kind != ABPB_V_FILE)
			return bad(b, "the root itself cannot be a mount of the view");
		if (v->kind == ABPB_V_SCRATCH && (!v->size || v->size >> 50 || v->inodes >> 40))
			return bad(b, "a scratch of no size");
		if ((v->flags & ABPB_SLOT) && v->kind != ABPB_V_TREE)
			return bad(b, "a slot that is no tree");
		if (i && path_order(bundle_str(b, v[-1].path), bundle_str(b, v->path)) >= 0)
			return bad(b, "view entries are not in mount order");
	}
	return 0;
}

static int env_check(struct bundle *b)
{
	for (uint32_t i = 0; i < b->n_env; i++) {
		const struct abpb_env *e = &b->env[i];

		if (e->kind > ABPB_ENV_SECRET || !str_ok(b, e->name) || !str_ok(b, e->value) || !e->name)
			return bad(b, "an environment entry of unknown kind");
		if (strchr(bundle_str(b, e->name), '='))
			return bad(b, "an environment name with '='");
		if (e->kind == ABPB_ENV_SECRET && e->fd > ABP_FD_MAX_PASS)
			return bad(b, "a secret from a descriptor out of range");
		if (i && strcmp(bundle_str(b, e[-1].name), bundle_str(b, e->name)) >= 0)
			return bad(b, "environment names are not in order");
	}
	return 0;
}

static int lists_check(struct bundle *b)
{
	uint32_t need = 0;

	for (uint32_t i = 0; i < b->n_limit; i++) {
		if (b->limit[i].resource >= ABPB_N_RESOURCES || b->limit[i].zero || b->limit[i].value >> 62)
			return bad(b, "a limit of unknown kind or beyond 2^62");
		if (i && b->limit[i].resource <= b->limit[i - 1].resource)
			return bad(b, "limits are not in order");
		need |= 1u << b->limit[i].resource;
	}
	if (~need & (1u << ABPB_MEMORY | 1u << ABPB_CPU | 1u << ABPB_PIDS))
		return bad(b, "memory, cpu or pids has no limit");
	for (uint32_t i = 0; i < b->n_group; i++)
		if (b->group[i] == UINT32_MAX)
			return bad(b, "group -1");
	for (uint32_t i = 0; i < b->n_fd; i++)
		if (b->fd[i] > ABP_FD_MAX_PASS || b->fd[i] < 3 || (i && b->fd[i] <= b->fd[i - 1]))
			return bad(b, "passed descriptors out of range or order");
	for (uint32_t i = 0; i < b->n_program; i++)
		if (!path_ok(b, b->program[i].path) || b->program[i].flags >= 4)
			return bad(b, "a program entry with a bad string");
	for (uint32_t i = 0; i < b->n_missing; i++)
		if (!str_ok(b, b->missing[i].wall) || !str_ok(b, b->missing[i].what) ||
		    !str_ok(b, b->missing[i].where))
			return bad(b, "a missing-wall entry with a bad string");
	for (uint32_t i = 0; i < b->n_dest; i++)
		if (!str_ok(b, b->dest[i].what) || !str_ok(b, b->dest[i].where) || b->dest[i].bits > 128 ||
		    b->dest[i].zero)
			return bad(b, "a destination with a bad string or length");
	return 0;
}

/* All hooks or none; in the host's network never none. */
static int sock_check(struct bundle *b)
{
	uint32_t have = 0;

	for (uint32_t h = 1; h < ABPB_N_HOOKS; h++)
		have += b->sock[h] != NULL;
	if (have && have != ABPB_N_HOOKS - 1)
		return bad(b, "some socket programs are missing");
	if (!have && b->meta->net == ABPB_NET_HOST)
		return bad(b, "net host without socket programs");
	return 0;
}

int bundle_check(const void *data, size_t n, struct bundle *out)
{
	uint8_t digest[32];

	memset(out, 0, sizeof *out);
	if (n < sizeof(struct abpb_header) || n > ABPB_MAX_SIZE)
		return bad(out, "the size of the file is wrong");
	out->base = data;
	out->size = (uint32_t)n;
	out->header = data;
	if (memcmp(out->header->magic, ABPB_MAGIC, 8))
		return bad(out, "it is not a bundle");
	if (out->header->version != ABPB_VERSION)
		return bad(out, "it is of another version");
	if (out->header->size != n)
		return bad(out, "it is truncated or has a tail");
	sha256(out->base + 64, n - 64, digest);
	if (memcmp(digest, out->header->sha256, sizeof digest))
		return bad(out, "its digest does not match its bytes");
	if (table_check(out))
		return -1;
	if (!out->n_strings || out->strings[0] || out->strings[out->n_strings - 1])
		return bad(out, "the strings are not terminated");
	if (!out->n_filter || !out->n_reaper)
		return bad(out, "an empty filter");
	if (meta_check(out) || view_check(out) || env_check(out) || lists_check(out) || sock_check(out))
		return -1;
	return 0;
}

const char *bundle_str(const struct bundle *b, uint32_t o)
{
	return b->strings + o;
}

int bundle_limit(const struct bundle *b, uint32_t resource, uint64_t *value)
{
	for (uint32_t i = 0; i < b->n_limit; i++)
		if (b->limit[i].resource == resource) {
			*value = b->limit[i].value;
			return 1;
		}
	return 0;
}
