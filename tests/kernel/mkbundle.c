/*
 * mkbundle.c - a bundle written by hand, so that the loader can be tried apart from the compiler.
 *
 *   mkbundle OUT WORD...
 *
 *   base                     what Debian's python needs, 64M, 100%, 16 pids, a filter that allows nearly
 * everything tree:PATH:RIGHTS         RIGHTS of r w l x s(ubmounts) S(lot) b(elow) file:PATH:RIGHTS
 * scratch:PATH:SIZE[:INODES]  device:PATH  symlink:PATH:TARGET  proc:PATH procfile:PATH  except:PATH pin:PATH
 *   limit:N:VALUE            resource number of spec/bundle.h
 *   env:NAME  set:NAME:VALUE  secret:NAME:FD  fd:N  group:N  cap:N
 *   program:PATH[:HEX]  programs:TREE  only:PATH  missing:WALL:WHAT
 *   user:UID:GID  net:N  stdio:N  require:N  landlock:N  flags:N  workdir:PATH  hostname:NAME
 *   deny:NR (answer EPERM)  kill (denied calls kill)  open (the filter allows unshare too)  reaper:open
 *   unsorted                 the view in the order of the words
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include "compiler/base/sha256.h"
#include "runtime/reaper.h"
#include "spec/bundle.h"

#if defined(__x86_64__)
#define ARCH ABPB_ARCH_X86_64
#else
#define ARCH ABPB_ARCH_AARCH64
#endif
#define MAX 600

struct maker {
	struct abpb_meta meta;
	char strings[1 << 18];
	uint32_t n_strings;
	struct abpb_view view[MAX];
	struct abpb_env env[MAX];
	struct abpb_limit limit[ABPB_N_RESOURCES];
	uint32_t group[64], fd[64], deny[64];
	struct abpb_program program[MAX];
	struct abpb_missing missing[8];
	uint32_t n_view, n_env, n_limit, n_group, n_fd, n_program, n_missing, n_deny;
	int open, kill, reaper_open, unsorted;
};

static struct maker m;

static uint32_t str(const char *s)
{
	size_t n = strlen(s) + 1;
	uint32_t at = m.n_strings;

	if (n == 1)
		return 0;
	if (at + n > sizeof m.strings)
		exit(3);
	memcpy(m.strings + at, s, n);
	m.n_strings += (uint32_t)n;
	return at;
}

static uint64_t num(const char *s)
{
	char *end;
	uint64_t v = strtoull(s, &end, 0);

	switch (*end) {
	case 'K':
		return v << 10;
	case 'M':
		return v << 20;
	case 'G':
		return v << 30;
	default:
		return v;
	}
}

static void program(const char *path, uint32_t flags, const char *hex)
{
	struct abpb_program *p = &m.program[m.n_program++];

	p->path = str(path);
	p->flags = flags;
	for (int i = 0; hex && i < 32; i++) {
		unsigned byte;

		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			exit(2);
		p->sha256[i] = (uint8_t)byte;
		p->flags |= ABPB_PROGRAM_DIGEST;
	}
}

static void view(uint32_t kind, const char *path, const char *rights)
{
	struct abpb_view *v = &m.view[m.n_view++];
	static const char letters[] = "rwlxsSb";

	v->kind = kind;
	v->path = str(path);
	v->where = str("test.abp:1");
	for (const char *r = rights; *r; r++) {
		const char *at = strchr(letters, *r);

		if (!at)
			exit(2);
		v->flags |= 1u << (at - letters);
	}
	if (v->flags & ABPB_EXEC)
		program(path, kind == ABPB_V_TREE ? ABPB_PROGRAM_TREE : 0, NULL);
}

static void limit(uint32_t resource, uint64_t value)
{
	for (uint32_t i = 0; i < m.n_limit; i++)
		if (m.limit[i].resource == resource) {
			m.limit[i].value = value;
			return;
		}
	m.limit[m.n_limit].resource = resource;
	m.limit[m.n_limit++].value = value;
}

static void symlink_(const char *path, const char *target)
{
	view(ABPB_V_SYMLINK, path, "");
	m.view[m.n_view - 1].target = str(target);
}

static void scratch(const char *path, const char *size, const char *inodes)
{
	view(ABPB_V_SCRATCH, path, "rw");
	m.view[m.n_view - 1].size = num(size);
	m.view[m.n_view - 1].inodes = inodes ? num(inodes) : 0;
}

static void base(void)
{
	symlink_("/bin", "usr/bin");
	symlink_("/lib", "usr/lib");
	symlink_("/lib64", "usr/lib64");
	view(ABPB_V_TREE, "/usr/lib", "rl");
	view(ABPB_V_TREE, "/usr/lib64", "rl");
	view(ABPB_V_FILE, "/usr/bin/python3.11", "rlx");
	view(ABPB_V_FILE, "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "rlx");
	view(ABPB_V_FILE, "/usr/bin/busybox", "rlx");
	view(ABPB_V_DEVICE, "/dev/null", "rw");
	scratch("/tmp", "16M", NULL);
	limit(ABPB_MEMORY, 64 << 20);
	limit(ABPB_CPU, 100);
	limit(ABPB_PIDS, 16);
}

struct word {
	const char *key;
	uint32_t kind;
};

/* PATH or PATH:REST of a view word */
static int view_word(const char *key, char *a, char *b, char *c)
{
	static const struct word k[] = {
	    {"tree", ABPB_V_TREE}, {"file", ABPB_V_FILE},	  {"device", ABPB_V_DEVICE},
	    {"proc", ABPB_V_PROC}, {"procfile", ABPB_V_PROCFILE}, {"except", ABPB_V_EXCEPT},
	    {"pin", ABPB_V_PIN}};

	for (size_t i = 0; i < sizeof k / sizeof *k; i++)
		if (!strcmp(k[i].key, key))
			return view(k[i].kind, a, b ? b : "r"), 1;
	if (!strcmp(key, "scratch"))
		return scratch(a, b, c), 1;
	if (!strcmp(key, "symlink"))
		return symlink_(a, b), 1;
	return 0;
}

static int meta_word(const char *key, char *a, char *b)
{
	const struct {
		const char *key;
		uint32_t *to;
	} n[] = {{"net", &m.meta.net},
		 {"stdio", &m.meta.stdio},
		 {"require", &m.meta.require},
		 {"landlock", &m.meta.landlock_abi},
		 {"flags", &m.meta.flags}},
	  s[] = {{"workdir", &m.meta.workdir}, {"hostname", &m.meta.hostname}, {"only", &m.meta.program}};

	for (size_t i = 0; i < sizeof n / sizeof *n; i++)
		if (!strcmp(n[i].key, key))
			return *n[i].to = (uint32_t)num(a), 1;
	for (size_t i = 0; i < sizeof s / sizeof *s; i++)
		if (!strcmp(s[i].key, key))
			return *s[i].to = str(a), 1;
	if (!strcmp(key, "user"))
		return m.meta.uid = (uint32_t)num(a), m.meta.gid = (uint32_t)num(b), 1;
	if (!strcmp(key, "cap"))
		return m.meta.caps |= 1ULL << num(a), 1;
	return 0;
}

static int env_word(const char *key, char *a, char *b)
{
	struct abpb_env e = {.name = str(a)};

	if (!strcmp(key, "env"))
		e.kind = ABPB_ENV_PASS;
	else if (!strcmp(key, "set"))
		e.kind = ABPB_ENV_SET, e.value = str(b);
	else if (!strcmp(key, "secret"))
		e.kind = ABPB_ENV_SECRET, e.fd = (uint32_t)num(b);
	else
		return 0;
	m.env[m.n_env++] = e;
	return 1;
}

static int word(char *w)
{
	char *key = strsep(&w, ":"), *a = strsep(&w, ":"), *b = strsep(&w, ":"), *c = w;

	if (!a) {
		if (!strcmp(key, "base"))
			return base(), 1;
		m.open |= !strcmp(key, "open");
		m.kill |= !strcmp(key, "kill");
		m.unsorted |= !strcmp(key, "unsorted");
		return m.open || m.kill || m.unsorted;
	}
	if (view_word(key, a, b, c) || meta_word(key, a, b))
		return 1;
	if (!strcmp(key, "limit"))
		return limit((uint32_t)num(a), num(b)), 1;
	if (!strcmp(key, "fd"))
		return m.fd[m.n_fd++] = (uint32_t)num(a), 1;
	if (!strcmp(key, "group"))
		return m.group[m.n_group++] = (uint32_t)num(a), 1;
	if (!strcmp(key, "deny"))
		return m.deny[m.n_deny++] = (uint32_t)num(a), 1;
	if (!strcmp(key, "reaper"))
		return m.reaper_open = 1, 1;
	if (!strcmp(key, "program"))
		return program(a, 0, b), 1;
	if (!strcmp(key, "programs"))
		return program(a, ABPB_PROGRAM_TREE, NULL), 1;
	if (!strcmp(key, "missing"))
		return m.missing[m.n_missing++] = (struct abpb_missing){str(a), str(b), str("test.abp:9"), 0},
		       1;
	return env_word(key, a, b);
}

static uint32_t filter(struct sock_filter *f)
{
	uint32_t n = 0, no = m.kill ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM;

	f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	if (!m.open)
		m.deny[m.n_deny++] = SYS_unshare;
	for (uint32_t i = 0; i < m.n_deny; i++) {
		f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, m.deny[i], 0, 1);
		f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, no);
	}
	f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return n;
}

static uint32_t reaper(struct sock_filter *f)
{
	static const uint32_t may[] = {SYS_write, SYS_ppoll,	  SYS_read,
				       SYS_wait4, SYS_exit_group, SYS_restart_syscall};
	uint32_t n = 0;

	f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < sizeof may / sizeof *may; i++) {
		f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, may[i], 0, 1);
		f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
					      m.reaper_open ? SECCOMP_RET_ALLOW : SECCOMP_RET_KILL_PROCESS);
	return n;
}

static uint8_t file[1 << 20] __attribute__((aligned(8)));

static void section(uint32_t type, uint32_t arch, const void *data, size_t size)
{
	struct abpb_header *h = (void *)file;
	struct abpb_section *s = (void *)(file + sizeof *h);

	s[h->n_sections++] = (struct abpb_section){type, arch, h->size, (uint32_t)size};
	if (h->size + size + 8 > sizeof file)
		exit(3);
	memcpy(file + h->size, data, size);
	h->size += (uint32_t)((size + 7) & ~7ul);
}

static int by_resource(const void *a, const void *b)
{
	return (int)((const struct abpb_limit *)a)->resource - (int)((const struct abpb_limit *)b)->resource;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(m.strings + ((const struct abpb_env *)a)->name,
		      m.strings + ((const struct abpb_env *)b)->name);
}

/* '/' first: parents before what lies in them */
static int by_path(const void *a, const void *b)
{
	const char *x = m.strings + ((const struct abpb_view *)a)->path;
	const char *y = m.strings + ((const struct abpb_view *)b)->path;

	while (*x && *x == *y)
		x++, y++;
	return (*x == '/' ? 1
		: *x	  ? (unsigned char)*x + 1
			  : 0) -
	       (*y == '/' ? 1
		: *y	  ? (unsigned char)*y + 1
			  : 0);
}

static void sections(void)
{
	struct sock_filter f[BPF_MAXINSNS];
	struct abpb_header *h = (void *)file;

	qsort(m.limit, m.n_limit, sizeof *m.limit, by_resource);
	if (!m.unsorted)
		qsort(m.view, m.n_view, sizeof *m.view, by_path);
	qsort(m.env, m.n_env, sizeof *m.env, by_name);
	memcpy(h->magic, ABPB_MAGIC, 8);
	h->version = ABPB_VERSION;
	h->size = sizeof *h + 11 * sizeof(struct abpb_section);
	section(ABPB_META, 0, &m.meta, sizeof m.meta);
	section(ABPB_STRINGS, 0, m.strings, m.n_strings);
	section(ABPB_FILTER, ARCH, f, filter(f) * sizeof *f);
	section(ABPB_REAPER, ARCH, f, reaper(f) * sizeof *f);
	section(ABPB_VIEW, 0, m.view, m.n_view * sizeof *m.view);
	section(ABPB_ENV, 0, m.env, m.n_env * sizeof *m.env);
	section(ABPB_LIMITS, 0, m.limit, m.n_limit * sizeof *m.limit);
	section(ABPB_GROUPS, 0, m.group, m.n_group * 4);
	section(ABPB_FDS, 0, m.fd, m.n_fd * 4);
	section(ABPB_PROGRAMS, 0, m.program, m.n_program * sizeof *m.program);
	section(ABPB_MISSING, 0, m.missing, m.n_missing * sizeof *m.missing);
	sha256(file + 64, h->size - 64, h->sha256);
}

int main(int argc, char **argv)
{
	struct abpb_header *h = (void *)file;

	if (argc < 2)
		return 2;
	m.n_strings = 1;
	m.meta.name = str("test.policy");
	m.meta.version = str("1.0.0");
	m.meta.compiler = str("mkbundle");
	m.meta.workdir = str("/");
	m.meta.hostname = str("abp");
	m.meta.uid = m.meta.gid = 65534;
	m.meta.flags = ABPB_FLAG_ROOTLESS_OK;
	for (int i = 2; i < argc; i++)
		if (!word(argv[i])) {
			fprintf(stderr, "mkbundle: %s?\n", argv[i]);
			return 2;
		}
	sections();
	FILE *f = fopen(argv[1], "wb");
	if (!f || fwrite(file, 1, h->size, f) != h->size || fclose(f)) {
		perror(argv[1]);
		return 3;
	}
	return 0;
}
