#include "compiler/build.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler/backends/launch/launch.h"
#include "compiler/backends/sockets/sockets.h"
#include "compiler/base/json.h"
#include "compiler/base/sha256.h"
#include "compiler/write_file.h"

static bool wanted(const char *emit, const char *name)
{
	size_t n = strlen(name);
	for (const char *s = emit; s && (s = strstr(s, name)); s += n) {
		bool starts = s == emit || s[-1] == ',';
		if (starts && (!s[n] || s[n] == ','))
			return true;
	}
	return !emit;
}

static void add_file(struct arena *a, build_files *l, const char *name, struct buf bytes, const char *proof)
{
	struct build_file f = {name, bytes, proof};
	vec_push(a, l, f);
}

/* ---- artefacts -------------------------------------------------------- */

/* What the reaper does once its own filter is on; runtime/reaper.h says the same. */
static const char *const reaper_calls[] = {"wait4",	 "waitid",	 "poll",	   "ppoll",
					   "read",	 "write",	 "close",	   "exit",
					   "exit_group", "rt_sigreturn", "restart_syscall"};

struct built {
	struct artefact target[N_ARCH], reaper[N_ARCH];
	struct sock_programs sock;
	struct bundle_filters filters;
};

static bool build_filter(struct sets *s, struct diags *d, const struct model *m, enum arch arch,
			 struct built *b)
{
	const struct backend *k = &backend_seccomp;
	struct artefact *t = &b->target[arch];
	t->bytes = buf_new(s->a);
	if (!k->emit(s, d, m, arch, t) || !k->verify(s, d, m, t))
		return false;
	b->filters.target[arch] = &t->bytes;
	return true;
}

static bool build_reaper(struct sets *s, struct diags *d, enum arch arch, struct built *b)
{
	struct buf *bytes = &b->reaper[arch].bytes;
	*bytes = buf_new(s->a);
	b->filters.reaper[arch] = bytes;
	return seccomp_emit_list(s, d, arch, reaper_calls, sizeof reaper_calls / sizeof *reaper_calls, bytes);
}

static bool build_sockets(struct sets *s, struct diags *d, const struct model *m, struct built *b)
{
	if (!sockets_build(s, d, m, &b->sock))
		return false;
	for (enum abpb_hook h = 1; b->sock.needed && h < ABPB_N_HOOKS; h++)
		b->filters.sock[h] = &b->sock.insns[h];
	return true;
}

static void file_sockets(struct sets *s, const struct model *m, const struct sock_programs *p,
			 build_files *out)
{
	struct buf text = buf_new(s->a);
	if (!p->needed)
		return;
	add_file(s->a, out, "sockets.bpf.o", p->object, p->summary);
	sockets_list(s, m, p, &text);
	add_file(s->a, out, "sockets.txt", text, NULL);
}

static void file_filter(struct sets *s, const struct model *m, const struct artefact *t, build_files *out)
{
	struct buf text = buf_new(s->a);
	int stem = (int)(strrchr(t->name, '.') - t->name);
	add_file(s->a, out, t->name, t->bytes, t->proof);
	backend_seccomp.list(s, m, t, &text);
	add_file(s->a, out, arena_printf(s->a, "%.*s.txt", stem, t->name), text, NULL);
}

static bool file_bundle(struct sets *s, struct diags *d, const struct model *m, const struct built *b,
			const uint8_t model_sha256[32], build_files *out)
{
	struct buf bundle = buf_new(s->a), text = buf_new(s->a);
	if (!bundle_write(s, d, m, &b->filters, model_sha256, &bundle) ||
	    !launch_verify(s, d, m, &b->filters, &bundle))
		return false;
	launch_list(&bundle, &text);
	add_file(s->a, out, "launch.txt", text, NULL);
	add_file(s->a, out, arena_printf(s->a, "%s.abpb", m->name), bundle,
		 m->missing.n ? "equal to the model; refused at launch, walls missing"
			      : "equal to the model");
	return true;
}

bool build_artefacts(struct sets *s, struct diags *d, const struct model *m, const char *emit,
		     build_files *out)
{
	struct built b = {0};
	uint8_t digest[32] = {0};
	struct buf model = buf_new(s->a);
	bool launch = wanted(emit, "launch") && !m->filter_only;
	if (launch) {
		model_print(s, m, &model);
		sha256(model.data, model.len, digest);
		add_file(s->a, out, "model.abp", model, NULL);
	}
	for (enum arch arch = 0; arch < N_ARCH; arch++) {
		if (!(m->archs >> arch & 1))
			continue;
		if (!build_filter(s, d, m, arch, &b) || (launch && !build_reaper(s, d, arch, &b)))
			return false;
		if (wanted(emit, "seccomp"))
			file_filter(s, m, &b.target[arch], out);
	}
	bool sockets = wanted(emit, "sockets") && !m->filter_only;
	if ((launch || sockets) && !build_sockets(s, d, m, &b))
		return false;
	if (sockets)
		file_sockets(s, m, &b.sock, out);
	return !launch || file_bundle(s, d, m, &b, digest, out);
}

/* ---- manifest --------------------------------------------------------- */

static void json_digest(struct buf *b, const char *key, const uint8_t digest[32])
{
	char hex[65];
	sha256_hex(digest, hex);
	buf_printf(b, "\"%s\": \"%s\"", key, hex);
}

static void manifest_files(struct buf *b, const build_files *files)
{
	buf_puts(b, "  \"files\": [\n");
	for (uint32_t i = 0; i < files->n; i++) {
		const struct build_file *f = &files->v[i];
		uint8_t digest[32];
		sha256(f->bytes.data, f->bytes.len, digest);
		buf_puts(b, "    {\"name\": ");
		jw_quote(b, f->name, strlen(f->name));
		buf_printf(b, ", \"size\": %zu, ", f->bytes.len);
		json_digest(b, "sha256", digest);
		if (f->proof) {
			buf_puts(b, ", \"proof\": ");
			jw_quote(b, f->proof, strlen(f->proof));
		}
		buf_printf(b, "}%s\n", i + 1 < files->n ? "," : "");
	}
	buf_puts(b, "  ],\n");
}

static void manifest_closure(struct buf *b, const struct model *m)
{
	buf_puts(b, "  \"imports\": [");
	for (uint32_t i = 0; i < m->closure.n; i++) {
		const struct unit_ref *u = &m->closure.v[i];
		buf_puts(b, i ? ",\n    {\"name\": " : "\n    {\"name\": ");
		jw_quote(b, u->name, strlen(u->name));
		buf_puts(b, ", \"version\": ");
		jw_quote(b, u->version, strlen(u->version));
		buf_puts(b, ", ");
		json_digest(b, "sha256", u->sha256);
		buf_putc(b, '}');
	}
	buf_puts(b, m->closure.n ? "\n  ],\n" : "],\n");
}

static void manifest_missing(struct buf *b, const struct model *m)
{
	buf_puts(b, "  \"missing_walls\": [");
	for (uint32_t i = 0; i < m->missing.n; i++) {
		buf_puts(b, i ? ",\n    {\"wall\": " : "\n    {\"wall\": ");
		jw_quote(b, m->missing.v[i].wall, strlen(m->missing.v[i].wall));
		buf_puts(b, ", \"grant\": ");
		jw_quote(b, m->missing.v[i].what, strlen(m->missing.v[i].what));
		buf_putc(b, '}');
	}
	buf_puts(b, m->missing.n ? "\n  ]\n" : "]\n");
}

void build_manifest(struct sets *s, const struct model *m, build_files *files)
{
	struct buf b = buf_new(s->a);
	buf_puts(&b, "{\n  \"schema\": \"abp-manifest/1\",\n  \"name\": ");
	jw_quote(&b, m->name, strlen(m->name));
	buf_puts(&b, ",\n  \"version\": ");
	jw_quote(&b, m->version, strlen(m->version));
	buf_puts(&b, ",\n  \"compiler\": \"abpc " ABP_VERSION "\",\n  ");
	json_digest(&b, "source_sha256", m->source_sha256);
	if (m->has_frequency) {
		buf_puts(&b, ",\n  ");
		json_digest(&b, "frequency_sha256", m->frequency_sha256);
	}
	buf_puts(&b, ",\n");
	manifest_closure(&b, m);
	manifest_files(&b, files);
	manifest_missing(&b, m);
	buf_puts(&b, "}\n");
	add_file(s->a, files, "manifest.json", b, NULL);
}

/* ---- writing ---------------------------------------------------------- */

static bool io_error(struct diags *d, const char *what, const char *path)
{
	diag_error(d, (struct span){0}, "ABP-IO-002", "cannot %s %s: %s", what, path, strerror(errno));
	return false;
}

static bool make_dirs(struct arena *a, struct diags *d, const char *path)
{
	for (const char *s = path + 1;; s++) {
		if (*s && *s != '/')
			continue;
		const char *dir = arena_strndup(a, path, (size_t)(s - path));
		if (mkdir(dir, 0755) < 0 && errno != EEXIST)
			return io_error(d, "make", dir);
		if (!*s)
			return true;
	}
}

/* A directory of ours: plain files only. */
static void remove_dir(struct arena *a, const char *dir)
{
	DIR *list = opendir(dir);
	for (struct dirent *e; list && (e = readdir(list));)
		unlink(arena_printf(a, "%s/%s", dir, e->d_name));
	if (list)
		closedir(list);
	rmdir(dir);
}

/* The old directory, if any, trades places with the new one and is then removed. */
static bool swap_in(struct arena *a, struct diags *d, const char *tmp, const char *final)
{
	if (rename(tmp, final) == 0)
		return true;
	if (renameat2(AT_FDCWD, tmp, AT_FDCWD, final, RENAME_EXCHANGE) < 0)
		return io_error(d, "replace", final);
	remove_dir(a, tmp);
	return true;
}

static bool sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

bool build_write(struct arena *a, struct diags *d, const char *dir, const struct model *m,
		 const build_files *files)
{
	const char *parent = arena_printf(a, "%s/%s", dir, m->name);
	const char *final = arena_printf(a, "%s/%s", parent, m->version);
	const char *tmp = arena_printf(a, "%s/.%s.%ld.tmp", parent, m->version, (long)getpid());
	if (!make_dirs(a, d, parent))
		return false;
	if (mkdir(tmp, 0755) < 0)
		return io_error(d, "make", tmp);
	bool good = true;
	for (uint32_t i = 0; good && i < files->n; i++)
		good = write_file(d, arena_printf(a, "%s/%s", tmp, files->v[i].name), &files->v[i].bytes);
	if (good && !sync_dir(tmp))
		good = io_error(d, "sync", tmp);
	good = good && swap_in(a, d, tmp, final);
	if (!good)
		remove_dir(a, tmp);
	return good;
}
