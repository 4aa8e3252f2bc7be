/*
 * test_launch.c - the view from grants, and the judge of a finished bundle: every byte that means something
 * is judged.
 */
#include <stdio.h>
#include <string.h>

#include "compiler/backends/launch/launch.h"
#include "compiler/backends/launch/view.h"
#include "compiler/base/sha256.h"
#include "spec/bundle.h"
#include "tests/unit/policy.h"
#include "tests/unit/unit.h"

static const char policy[] =
    "abp 1\npolicy t.launch 1.2.3 {\n"
    "run { user 7:8; groups 9 10; workdir /ws; hostname box; stdio null; fd 5 because \"x\"; program /bin/a "
    "}\n"
    "limits { memory 16M; swap 0; cpu 10%; pids 8; files 20; wall 1m }\n"
    "paths {\n"
    "  write /ws/** except /ws/.git/hooks/** /ws/keep/it slot\n"
    "  read /etc/a /usr/share/x/**\n load /usr/lib/**\n"
    "  exec /bin/a sha256:1111111111111111111111111111111111111111111111111111111111111111\n"
    "  exec /usr/lib/tool\n"
    "  scratch /tmp size 1M inodes 99\n scratch /var/x size 2M\n"
    "  symlink /sbin /usr/sbin\n device null\n read /proc/self/** /proc/meminfo\n"
    "  read /srv/** submounts\n }\n"
    "env { pass LANG TERM; set A=b; secret TOKEN from fd 9 }\n"
    "syscalls { allow read write }\n"
    "}\n";

struct made {
	struct judged j;
	struct buf target, reaper, bundle;
	struct bundle_filters f;
};

static struct made make(const char *text)
{
	static const uint8_t filter[16] = {6, 0, 0, 0, 1, 2, 3, 4};
	uint8_t digest[32];
	struct made m = {.j = judge_text(text)};
	struct arena *a = m.j.a;
	struct buf model = buf_new(a);
	CHECK(m.j.errors == 0, "%s", m.j.text);
	m.target = buf_new(a);
	m.reaper = buf_new(a);
	m.bundle = buf_new(a);
	buf_add(&m.target, filter, sizeof filter);
	buf_add(&m.reaper, filter, 8);
	m.f.target[ARCH_X86_64] = &m.target;
	m.f.reaper[ARCH_X86_64] = &m.reaper;
	model_print(&m.j.s, m.j.m, &model);
	sha256(model.data, model.len, digest);
	CU_ASSERT_TRUE(bundle_write(&m.j.s, m.j.d, m.j.m, &m.f, digest, &m.bundle));
	return m;
}

/* f points into the made struct: set again after it was returned by value. */
static bool judged_good(struct made *m)
{
	m->f.target[ARCH_X86_64] = &m->target;
	m->f.reaper[ARCH_X86_64] = &m->reaper;
	return launch_verify(&m->j.s, diags_new(m->j.a), m->j.m, &m->f, &m->bundle);
}

/* ---- what may change unseen: places in the sources, padding ----------- */

static const struct abpb_section *sections(const struct made *m, uint32_t *n)
{
	const struct abpb_header *h = (const void *)m->bundle.data;
	*n = h->n_sections;
	return (const void *)(h + 1);
}

static const struct abpb_section *section_of(const struct made *m, uint32_t type)
{
	uint32_t n;
	const struct abpb_section *s = sections(m, &n);
	for (uint32_t i = 0; i < n; i++)
		if (s[i].type == type)
			return &s[i];
	CU_FAIL_FATAL("a section is missing");
	return s;
}

static bool in_string(const struct made *m, size_t at, uint32_t string)
{
	const struct abpb_section *s = section_of(m, ABPB_STRINGS);
	size_t begin = s->off + string;
	return at >= begin && at <= begin + strlen((const char *)m->bundle.data + begin);
}

static bool is_padding(const struct made *m, size_t at)
{
	uint32_t n;
	const struct abpb_section *s = sections(m, &n);
	if (at < sizeof(struct abpb_header) + n * sizeof *s)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (at >= s[i].off && at < s[i].off + s[i].size)
			return false;
	return true;
}

/* The text of a place, or the number that names it. */
static bool is_place(const struct made *m, size_t at)
{
	const struct abpb_section *view = section_of(m, ABPB_VIEW), *meta = section_of(m, ABPB_META);
	const struct abpb_view *v = (const void *)(m->bundle.data + view->off);
	const struct abpb_meta *b = (const void *)(m->bundle.data + meta->off);
	size_t compiler = meta->off + offsetof(struct abpb_meta, compiler);
	for (uint32_t i = 0; i < view->size / sizeof *v; i++) {
		size_t field = view->off + i * sizeof *v + offsetof(struct abpb_view, where);
		if ((at >= field && at < field + 4) || in_string(m, at, v[i].where))
			return true;
	}
	/* the pool's length within its padding */
	const struct abpb_section *pool = section_of(m, ABPB_STRINGS);
	size_t length = (size_t)((const unsigned char *)&pool->size - m->bundle.data);
	return (at >= compiler && at < compiler + 4) || in_string(m, at, b->compiler) || at == length;
}

/* The section that byte `at` is in, for messages. */
static struct abpb_section at_section(const struct made *m, size_t at)
{
	uint32_t n;
	const struct abpb_section *s = sections(m, &n);
	for (uint32_t i = 0; i < n; i++)
		if (at >= s[i].off && at < s[i].off + s[i].size)
			return s[i];
	return (struct abpb_section){0};
}

static void seal(struct made *m)
{
	struct abpb_header *h = (void *)m->bundle.data;
	sha256(m->bundle.data + sizeof *h, m->bundle.len - sizeof *h, h->sha256);
}

static void test_every_byte(void)
{
	static const uint8_t flips[] = {0x01, 0x02, 0x10, 0x80, 0xff};
	struct made m = make(policy);
	unsigned killed = 0, places = 0;
	CU_ASSERT_TRUE_FATAL(judged_good(&m));
	for (size_t at = sizeof(struct abpb_header); at < m.bundle.len; at++)
		for (size_t k = 0; k < sizeof flips; k++) {
			bool free_ = is_padding(&m, at) || is_place(&m, at);
			m.bundle.data[at] ^= flips[k];
			seal(&m);
			bool good = judged_good(&m);
			m.bundle.data[at] ^= flips[k];
			CHECK(!good || free_, "byte %zu of section %u ^ %02x is judged by nobody",
			      at - at_section(&m, at).off, at_section(&m, at).type, flips[k]);
			killed += !good;
			places += good;
		}
	seal(&m);
	CU_ASSERT_TRUE(judged_good(&m));
	CU_ASSERT_TRUE(killed > 5 * places);
	judged_free(&m.j);
}

static void test_damaged(void)
{
	struct made m = make(policy);
	size_t len = m.bundle.len;
	for (size_t at = 0; at < sizeof(struct abpb_header); at++) {
		bool zero =
		    at >= offsetof(struct abpb_header, zero) && at < offsetof(struct abpb_header, sha256);
		m.bundle.data[at] ^= 0x40;
		CHECK(!judged_good(&m) || zero, "header byte %zu", at);
		m.bundle.data[at] ^= 0x40;
	}
	for (m.bundle.len = 0; m.bundle.len < len; m.bundle.len += 7)
		CHECK(!judged_good(&m), "cut at %zu", m.bundle.len);
	judged_free(&m.j);
}

/* ---- the view --------------------------------------------------------- */

/* "KIND:rights:path ..." of the entries, to compare with a line. */
static const char *view_line(const char *body)
{
	static char line[1024];
	static const char *const kind[] = {"tree", "file",     "scratch", "device", "symlink",
					   "proc", "procfile", "except",  "pin"};
	char text[1024];
	view_list v;
	snprintf(text, sizeof text,
		 "abp 1\npolicy t.p 1.0.0 {\nlimits { memory 16M; cpu 10%%; pids 8 }\n%s\n}\n", body);
	struct judged j = judge_text(text);
	CHECK(j.errors == 0, "%s: %s", body, j.text);
	line[0] = 0;
	view_make(j.a, j.m, &v);
	for (uint32_t i = 0; i < v.n; i++) {
		size_t n = strlen(line);
		uint32_t f = v.v[i].flags;
		snprintf(line + n, sizeof line - n, "%s%s:%s%s%s%s:%s", n ? " " : "", kind[v.v[i].kind],
			 f & ABPB_READ ? "r" : "", f & ABPB_WRITE ? "w" : "", f & ABPB_LOAD ? "l" : "",
			 f & ABPB_EXEC ? "x" : "", v.v[i].path);
	}
	judged_free(&j);
	return line;
}

static void test_view_rows(void)
{
	static const struct {
		const char *body, *view;
	} rows[] = {
	    {"paths { read /srv/a/** }", "tree:r:/srv/a"},
	    {"paths { read /srv/a/** /srv/a/b/** /srv/a/c }", "tree:r:/srv/a"},
	    {"paths { read /srv/a/**; load /srv/a/b/** }", "tree:r:/srv/a tree:rl:/srv/a/b"},
	    {"paths { load /srv/a/b/**; read /srv/a/** }", "tree:r:/srv/a tree:rl:/srv/a/b"},
	    {"paths { load /srv/a/**; exec /srv/a/t }", "tree:rl:/srv/a file:rlx:/srv/a/t"},
	    {"paths { read /srv/a-b /srv/a/** }", "tree:r:/srv/a file:r:/srv/a-b"},
	    {"paths { write /srv/w/** except /srv/w/.g/h/** }",
	     "tree:rw:/srv/w pin:rw:/srv/w/.g except:r:/srv/w/.g/h"},
	    {"paths { write /srv/w/** except /srv/w/f }", "tree:rw:/srv/w except:r:/srv/w/f"},
	    {"paths { write /srv/w/** except /srv/w/x/y/z }",
	     "tree:rw:/srv/w pin:rw:/srv/w/x pin:rw:/srv/w/x/y except:r:/srv/w/x/y/z"},
	    {"paths { read /srv/x/y /srv/x/y/** }", "tree:r:/srv/x/y"},
	    {"paths { device null zero; scratch /tmp size 1M }",
	     "device:rw:/dev/null device:rw:/dev/zero scratch:rw:/tmp"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = view_line(rows[i].body);
		CHECK(strcmp(got, rows[i].view) == 0, "%s: got %s", rows[i].body, got);
	}
}

/* The verifier against the view of another policy: a right more, a right less, an entry lost. */
static void test_other_policy(void)
{
	static const char *const bodies[] = {
	    "paths { read /srv/a/** }",
	    "paths { write /srv/a/** }",
	    "paths { load /srv/a/** }",
	    "paths { exec /srv/a/** }",
	    "paths { read /srv/a }",
	    "paths { read /srv/a/** /srv/b }",
	    "paths { write /srv/a/** slot }",
	    "paths { write /srv/a/** except /srv/a/b }",
	    "paths { write /srv/a/** except /srv/a/b/** }",
	    "paths { read /srv/a/** submounts }",
	    "paths { read /srv/a/**; scratch /tmp size 1M }",
	    "paths { read /srv/a/**; scratch /tmp size 2M }",
	    "paths { read /srv/a/**; symlink /l /srv/a }",
	    "paths { read /srv/a/**; symlink /l /srv/b }",
	};
	enum { N = sizeof bodies / sizeof *bodies };
	struct made made[N];
	char text[512];
	for (int i = 0; i < N; i++) {
		snprintf(text, sizeof text,
			 "abp 1\npolicy t.p 1.0.0 {\nlimits { memory 16M; cpu 10%%; pids 8 }\n%s\n}\n",
			 bodies[i]);
		made[i] = make(text);
	}
	for (int i = 0; i < N; i++)
		for (int k = 0; k < N; k++) {
			struct buf own = made[i].bundle;
			made[i].bundle = made[k].bundle;
			CHECK(judged_good(&made[i]) == (i == k), "%s as %s", bodies[k], bodies[i]);
			made[i].bundle = own;
		}
	for (int i = 0; i < N; i++)
		judged_free(&made[i].j);
}

void suite_launch(void)
{
	static const struct unit_case cases[] = {{"the view of grants", test_view_rows},
						 {"every byte of a bundle", test_every_byte},
						 {"a damaged bundle", test_damaged},
						 {"the bundle of another policy", test_other_policy},
						 {NULL, NULL}};
	unit_suite("launch", cases);
}
