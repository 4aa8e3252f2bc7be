/* The bundle is put together by hand here, byte by byte: the compiler's writer is not what is tested. */
#include "tests/unit/evidence_gen.h"

#include <stddef.h>
#include <string.h>

#include "compiler/base/sha256.h"

#define ZERO "0000000000000000"
#define STOP "kernel@exec-stop"
#define LIVE "kernel@live"
#define TRIED "behaviour"
#define SAID "child"

static const uint8_t filter[24] = {6, 0, 0, 0, 0, 0, 255, 127, 0, 1, 2, 3,
				   4, 5, 6, 7, 6, 0, 0,	  0,   1, 0, 5, 0};

static const char *hex(struct arena *a, const void *data, size_t n)
{
	uint8_t d[32];
	char text[65];
	sha256(data, n, d);
	sha256_hex(d, text);
	return arena_strdup(a, text);
}

/* ---- bundle ------------------------------------------------------------- */

struct pool {
	struct buf strings, body;
	VEC(struct abpb_section) table;
};

static uint32_t str(struct pool *p, const char *s)
{
	uint32_t at = (uint32_t)p->strings.len;
	buf_add(&p->strings, s, strlen(s) + 1);
	return at;
}

static void put(struct gen *g, struct pool *p, uint32_t type, uint32_t arch, const void *data, size_t n)
{
	buf_align(&p->body, 8);
	struct abpb_section s = {type, arch, (uint32_t)p->body.len, (uint32_t)n};
	buf_add(&p->body, data, n);
	vec_push(g->a, &p->table, s);
}

static void put_view(struct gen *g, struct pool *p)
{
	const struct {
		uint32_t kind, flags;
		const char *path, *target;
		uint64_t size;
	} row[] = {
	    {ABPB_V_SYMLINK, 0, "/bin", "usr/bin", 0},
	    {ABPB_V_TREE, ABPB_READ | ABPB_SUBMOUNTS, "/data", "", 0},
	    {ABPB_V_DEVICE, ABPB_READ | ABPB_WRITE, "/dev/null", "", 0},
	    {ABPB_V_FILE, ABPB_READ, "/etc/a b", "", 0},
	    {ABPB_V_PROC, ABPB_READ, "/proc", "", 0},
	    {ABPB_V_SCRATCH, ABPB_READ | ABPB_WRITE, "/tmp", "", 1048577},
	    {ABPB_V_TREE, ABPB_READ | ABPB_LOAD | ABPB_EXEC, "/usr", "", 0},
	    {ABPB_V_TREE, ABPB_READ | ABPB_WRITE | ABPB_SLOT, "/w", "", 0},
	    {ABPB_V_PIN, ABPB_READ | ABPB_WRITE, "/w/.git", "", 0},
	    {ABPB_V_EXCEPT, ABPB_READ | ABPB_BELOW, "/w/.git/hooks", "", 0},
	};
	struct abpb_view v[sizeof row / sizeof *row] = {0};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		v[i] = (struct abpb_view){.kind = row[i].kind,
					  .flags = row[i].flags,
					  .path = str(p, row[i].path),
					  .target = *row[i].target ? str(p, row[i].target) : 0,
					  .size = row[i].size,
					  .inodes = row[i].size ? 300 : 0};
	put(g, p, ABPB_VIEW, 0, v, sizeof v);
}

static void put_rest(struct gen *g, struct pool *p)
{
	const struct abpb_env env[] = {{ABPB_ENV_SET, str(p, "HOME"), str(p, "/w"), 0},
				       {ABPB_ENV_PASS, str(p, "LANG"), 0, 0},
				       {ABPB_ENV_SECRET, str(p, "TOKEN"), 0, 7}};
	const struct abpb_limit limit[] = {{ABPB_MEMORY, 0, 1000000}, {ABPB_SWAP, 0, 0},
					   {ABPB_CPU, 0, 150},	      {ABPB_PIDS, 0, 10},
					   {ABPB_FILES, 0, 64},	      {ABPB_CPUTIME, 0, 1500}};
	const uint32_t groups[] = {20, 5}, fds[] = {9};
	struct abpb_program program[] = {{str(p, "/usr/bin"), ABPB_PROGRAM_TREE, {0}},
					 {str(p, "/usr/bin/tool"), g->pin ? ABPB_PROGRAM_DIGEST : 0, {7}}};
	put(g, p, ABPB_ENV, 0, env, sizeof env);
	put(g, p, ABPB_LIMITS, 0, limit, sizeof limit);
	put(g, p, ABPB_GROUPS, 0, groups, sizeof groups);
	put(g, p, ABPB_FDS, 0, fds, sizeof fds);
	put(g, p, ABPB_PROGRAMS, 0, program, sizeof program);
	if (g->missing) {
		const struct abpb_missing m = {str(p, "sockets"), str(p, "connect tcp 192.0.2.1:443"), 0, 0};
		put(g, p, ABPB_MISSING, 0, &m, sizeof m);
	}
}

/* Every section in the order of the table: META, STRINGS, FILTER, VIEW, ENV, ...; the pool is what a first
 * pass collected. */
static struct pool compose(struct gen *g, const struct buf *strings)
{
	struct pool p = {buf_new(g->a), buf_new(g->a), {0}};
	buf_putc(&p.strings, 0);
	g->meta.name = str(&p, "acme.tool");
	g->meta.version = str(&p, "1.0.0");
	g->meta.compiler = str(&p, "abpc test");
	g->meta.workdir = str(&p, "/w");
	g->meta.hostname = str(&p, "abp");
	g->meta.program = g->only ? str(&p, g->only) : 0;
	put(g, &p, ABPB_META, 0, &g->meta, sizeof g->meta);
	put(g, &p, ABPB_STRINGS, 0, strings->data, strings->len);
	put(g, &p, ABPB_FILTER, ABPB_ARCH_X86_64, filter, sizeof filter);
	put(g, &p, ABPB_FILTER, ABPB_ARCH_AARCH64, filter, 16);
	put(g, &p, ABPB_REAPER, ABPB_ARCH_X86_64, filter, 8);
	put_view(g, &p);
	put_rest(g, &p);
	buf_align(&p.body, 8);
	return p;
}

void gen_bundle(struct gen *g)
{
	struct buf none = buf_new(g->a);
	struct pool first = compose(g, &none), p = compose(g, &first.strings);
	struct abpb_header h = {.version = ABPB_VERSION};
	uint32_t base = (uint32_t)(sizeof h + p.table.n * sizeof *p.table.v);
	for (uint32_t i = 0; i < p.table.n; i++)
		p.table.v[i].off += base;
	memcpy(h.magic, ABPB_MAGIC, 8);
	h.size = base + (uint32_t)p.body.len;
	h.n_sections = p.table.n;
	g->bundle = buf_new(g->a);
	buf_add(&g->bundle, &h, sizeof h);
	buf_add(&g->bundle, p.table.v, p.table.n * sizeof *p.table.v);
	buf_add(&g->bundle, p.body.data, p.body.len);
	sha256(g->bundle.data + sizeof h, g->bundle.len - sizeof h,
	       g->bundle.data + offsetof(struct abpb_header, sha256));
	g->bundle_sha256 = hex(g->a, g->bundle.data, g->bundle.len);
}

/* ---- record ------------------------------------------------------------- */

void gen_add(struct gen *g, const char *fact, const char *expected, const char *observed, const char *source)
{
	struct gen_row r = {fact, expected, observed, source, NULL};
	vec_push(g->a, &g->rows, r);
}

static const char *const twice[][2] = {
    {"caps.inheritable", "0000000000000400"},
    {"caps.permitted", "0000000000000400"},
    {"caps.effective", "0000000000000400"},
    {"caps.bounding", "0000000000000400"},
    {"caps.ambient", "0000000000000400"},
    {"no_new_privs", "1"},
    {"ids.uid", "300000 300000 300000 300000"},
    {"ids.gid", "300000 300000 300000 300000"},
    {"ids.groups", "300001 300002"},
    {"uid_map", "10001 300000 1"},
    {"gid_map", "10001 300000 1 20 300001 1 5 300002 1"},
    {"threads", "1"},
    {"umask", "0022"},
    {"session", "own"},
    {"ns:user", "own"},
    {"ns:pid", "own"},
    {"ns:mnt", "own"},
    {"ns:net", "own"},
    {"ns:ipc", "own"},
    {"ns:uts", "own"},
    {"ns:cgroup", "own"},
    {"ns:time", "own"},
    {"cgroup:memory", "/a/abp-1-2"},
    {"cgroup:pids", "/abp-1-2"},
    {"cgroup:cpu,cpuacct", "/abp-1-2"},
    {"cgroup:unified", "/abp-1-2"},
    {"limit:memory.limit_in_bytes", "999424"},
    {"limit:memory.memsw.limit_in_bytes", "999424"},
    {"limit:cpu.cfs_quota_us", "150000"},
    {"limit:cpu.cfs_period_us", "100000"},
    {"limit:pids.max", "11"},
    {"limit:cgroup.max.descendants", "0"},
    {"rlimit:files", "64 64"},
    {"rlimit:cputime", "2 2"},
    {"rlimit:core", "1 1"},
    {"rlimit:nice", "0 0"},
    {"rlimit:rtprio", "0 0"},
    {"mount:/", "ro,nosuid,nodev,noexec"},
    {"mount:/data", "ro,nosuid,nodev,noexec"},
    {"mount:/dev/null", "ro,nosuid,noexec"},
    {"mount:/etc/a b", "ro,nosuid,nodev,noexec"},
    {"mount:/proc", "ro,nosuid,nodev,noexec proc subset=pid hidepid=ptraceable"},
    {"mount:/tmp", "rw,nosuid,nodev,noexec"},
    {"scratch:/tmp", "size=1028k nr_inodes=300"},
    {"mount:/usr", "ro,nosuid,nodev"},
    {"mount:/w", "rw,nosuid,nodev,noexec"},
    {"mount:/w/.git", "rw,nosuid,nodev,noexec"},
    {"mount:/w/.git/hooks", "ro,nosuid,nodev,noexec"},
    {"symlink:/bin", "usr/bin"},
    {"fd:0", "pipe r"},
    {"fd:1", "pipe w"},
    {"fd:2", "pipe w"},
};

static const char *const info[][2] = {{"cgroup:name=systemd", "/"},
				      {"rlimit:stack", "8388608 x"},
				      {"rlimit:filesize", "u u"},
				      {"rlimit:memlock", "65536 65536"},
				      {"fd:9", "file r"}};

static const char *const once[][3] = {
    {"seccomp.mode", "2", STOP},
    {"seccomp.filters_added", "1", STOP},
    {"signals.blocked", ZERO, STOP},
    {"signals.ignored", ZERO, STOP},
    {"exe", "8:1 inode 5 size 9 ctime 1.2", STOP},
    {"object:/data", "8:1 inode 2", STOP},
    {"object:/dev/null", "0:6 inode 3", STOP},
    {"object:/etc/a b", "8:1 inode 4", STOP},
    {"object:/usr", "8:1 inode 6", STOP},
    {"object:/w", "8:1 inode 7", STOP},
    {"object:/w/.git", "8:1 inode 8", STOP},
    {"object:/w/.git/hooks", "8:1 inode 9", STOP},
    {"env.names", "HOME LANG TOKEN", STOP},
    {"env.set", "HOME", STOP},
    {"reaper.caps.inheritable", ZERO, STOP},
    {"reaper.caps.permitted", ZERO, STOP},
    {"reaper.caps.effective", ZERO, STOP},
    {"reaper.caps.bounding", ZERO, STOP},
    {"reaper.caps.ambient", ZERO, STOP},
    {"reaper.no_new_privs", "1", STOP},
    {"reaper.threads", "1", STOP},
    {"reaper.dumpable", "0", STOP},
    {"go.dumpable", "0", LIVE},
    {"reaper.seccomp.mode", "2", STOP},
    {"reaper.seccomp.filters_added", "1", STOP},
    {"reaper.ids.uid", "300000 300000 300000 300000", STOP},
    {"fds", "0 1 2 9", STOP},
    {"go.fds", "0 1 2 9 200 201", LIVE},
    {"canary.open_before", "0", TRIED},
    {"canary.open_after", "13", TRIED},
    {"canary.write_after", "13", TRIED},
    {"canary.exec_after", "13", TRIED},
    {"canary.unshare_after", "1", TRIED},
    {"canary.unshare_killed", "0", TRIED},
    {"child.securebits", "000000ef", SAID},
    {"child.no_new_privs", "1", SAID},
    {"child.dumpable", "0", SAID},
    {"child.pdeathsig", "9", SAID},
    {"child.personality", "0", SAID},
    {"child.hostname", "abp", SAID},
    {"child.cwd", "/w", SAID},
    {"child.sysctl:user.max_user_namespaces", "0", SAID},
    {"child.sysctl:user.max_mnt_namespaces", "0", SAID},
    {"child.sysctl:user.max_pid_namespaces", "0", SAID},
    {"child.sysctl:user.max_net_namespaces", "0", SAID},
    {"child.sysctl:user.max_ipc_namespaces", "0", SAID},
    {"child.sysctl:user.max_uts_namespaces", "0", SAID},
    {"child.sysctl:user.max_cgroup_namespaces", "0", SAID},
    {"child.sysctl:user.max_time_namespaces", "0", SAID},
    {"child.sysctl:vm.memfd_noexec", "2", SAID},
};

static void add_twice(struct gen *g, const char *fact, const char *expected, const char *observed)
{
	gen_add(g, fact, expected, observed, STOP);
	gen_add(g, arena_printf(g->a, "go.%s", fact), expected, observed, LIVE);
}

static void add_rows(struct gen *g)
{
	static const char *const ns[] = {"user", "pid", "mnt", "net", "ipc", "uts", "cgroup", "time"};
	const char *digest = hex(g->a, filter, sizeof filter);
	for (size_t i = 0; i < sizeof twice / sizeof *twice; i++)
		add_twice(g, twice[i][0], twice[i][1], twice[i][1]);
	for (size_t i = 0; i < sizeof info / sizeof *info; i++)
		add_twice(g, info[i][0], NULL, info[i][1]);
	for (int i = 0; i < 8; i++) {
		add_twice(g, arena_printf(g->a, "ns.inode:%s", ns[i]), NULL,
			  arena_printf(g->a, "%d", 4000 + i));
		gen_add(g, arena_printf(g->a, "parent.ns.inode:%s", ns[i]), NULL,
			arena_printf(g->a, "%d", 50 + i), LIVE);
	}
	for (size_t i = 0; i < sizeof once / sizeof *once; i++)
		gen_add(g, once[i][0], once[i][1], once[i][1], once[i][2]);
	add_twice(g, "seccomp.filter", digest, digest);
	digest = hex(g->a, filter, 8);
	gen_add(g, "reaper.seccomp.filter", digest, digest, STOP);
	gen_add(g, "program.sha256", NULL, g->program_sha256, LIVE);
	gen_add(g, "child.landlock_abi", NULL, "7", SAID);
	gen_add(g, "canary.net_after", NULL, "-1", TRIED);
	gen_add(g, "secret.length:TOKEN", NULL, "12", STOP);
	gen_add(g, "go.fd:200", NULL, "socket rw", LIVE);
	gen_add(g, "go.fd:201", NULL, "file ?", LIVE);
}

void gen_make(struct gen *g)
{
	uint8_t seven[32] = {7};
	char text[65];
	*g = (struct gen){
	    .a = arena_new(), .degraded = "[]", .run = "abp-1-2", .program = "/usr/bin/tool", .extra = ""};
	g->meta = (struct abpb_meta){.net = ABPB_NET_NONE, .uid = 10001, .gid = 10001, .caps = 1u << 10};
	memset(g->meta.model_sha256, 1, 32);
	sha256_hex(seven, text);
	g->program_sha256 = arena_strdup(g->a, text);
	sha256_hex(g->meta.model_sha256, text);
	g->model = arena_strdup(g->a, text);
	g->outcome = "{\"limit\":null,\"state\":\"ended\",\"status\":125,\"step\":null,\"why\":null}";
	g->status =
	    "Name:\\ttool\\nUid:\\t300000\\t300000\\t300000\\t300000\\nGid:"
	    "\\t300000\\t300000\\t300000\\t300000"
	    "\\nGroups:\\t300001 300002 "
	    "\\nThreads:\\t1\\nSigBlk:\\t0000000000000000\\nSigIgn:\\t0000000000000000"
	    "\\nCapInh:\\t0000000000000400\\nCapPrm:\\t0000000000000400\\nCapEff:\\t0000000000000400"
	    "\\nCapBnd:\\t0000000000000400\\nCapAmb:\\t0000000000000400\\nNoNewPrivs:\\t1\\nSeccomp:\\t2\\n";
	gen_bundle(g);
	add_rows(g);
}

static void put_text(struct buf *b, const char *s)
{
	if (s)
		buf_printf(b, "\"%s\"", s);
	else
		buf_puts(b, "null");
}

static void put_row(struct buf *b, const struct gen_row *r)
{
	bool known = r->expected && r->observed;
	const char *verdict = !known				      ? "unverified"
			      : strcmp(r->expected, r->observed) == 0 ? "ok"
								      : "differs";
	buf_puts(b, "{\"expected\":");
	put_text(b, r->expected);
	buf_printf(b, ",\"fact\":\"%s\",\"observed\":", r->fact);
	put_text(b, r->observed);
	buf_printf(b, ",\"source\":\"%s\",\"verdict\":\"%s\"}", r->source, r->verdict ? r->verdict : verdict);
}

struct buf gen_record(struct gen *g)
{
	struct buf b = buf_new(g->a);
	char source[65];
	sha256_hex(g->meta.source_sha256, source);
	buf_printf(&b,
		   "{%s\"degraded\":%s,\"digests\":{\"bundle\":\"%s\",\"loader\":\"%s\",\"model\":\"%s\",",
		   g->extra, g->degraded, g->bundle_sha256, source, g->model);
	buf_printf(&b, "\"source\":\"%s\"},\"facts\":[", source);
	for (uint32_t i = 0; i < g->rows.n; i++) {
		buf_puts(&b, i ? ",\n" : "\n");
		put_row(&b, &g->rows.v[i]);
	}
	buf_printf(&b, "],\"kernel\":\"6.18.0\",\"outcome\":%s,\"policy\":{\"compiler\":\"abpc test\",",
		   g->outcome);
	buf_printf(&b, "\"name\":\"acme.tool\",\"version\":\"1.0.0\"},\"program\":{\"asked\":\"/bin/"
		       "tool\",\"digest\":\"content when hashed\",");
	buf_printf(&b, "\"path\":\"%s\",\"sha256\":\"%s\"},\"rootless\":%s,", g->program, g->program_sha256,
		   g->rootless ? "true" : "false");
	buf_printf(&b, "\"run\":\"%s\",\"schema\":\"abp-evidence/1\",\"status\":\"%s\",\"time\":1}\n", g->run,
		   g->status);
	return b;
}

struct gen_row *gen_row(struct gen *g, const char *fact)
{
	for (uint32_t i = 0; i < g->rows.n; i++)
		if (!strcmp(g->rows.v[i].fact, fact))
			return &g->rows.v[i];
	return NULL;
}

void gen_set(struct gen *g, const char *fact, const char *observed)
{
	struct gen_row *r = gen_row(g, fact);
	if (!r)
		return;
	r->expected = r->expected ? observed : NULL;
	r->observed = observed;
}

void gen_drop(struct gen *g, const char *fact)
{
	struct gen_row *r = gen_row(g, fact);
	if (r)
		*r = g->rows.v[--g->rows.n];
}
