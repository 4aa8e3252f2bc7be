/*
 * `abpc verify`: a record that agrees is proved, and every way of forging one that we could think of is
 * caught. Forged rows agree with themselves: only the bundle gives them away.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler/verify_evidence.h"
#include "tests/unit/evidence_gen.h"
#include "tests/unit/unit.h"

static void write_file(const char *path, const struct buf *b)
{
	FILE *f = fopen(path, "wb");
	if (!CHECK(f && fwrite(b->data, 1, b->len, f) == b->len, "%s", path))
		exit(2);
	fclose(f);
}

static char said[16384]; /* the last report; an array, because CHECK takes it before it calls judged() */

/* The exit code of verify for G. */
static int judged(struct gen *g, bool json)
{
	char bundle[] = "/tmp/abp-unit-b-XXXXXX", record[] = "/tmp/abp-unit-e-XXXXXX";
	struct buf text = gen_record(g), out = buf_new(g->a);
	close(mkstemp(bundle));
	close(mkstemp(record));
	write_file(bundle, &g->bundle);
	write_file(record, &text);
	int code = verify_evidence(g->a, bundle, record, json, &out);
	unlink(bundle);
	unlink(record);
	snprintf(said, sizeof said, "%s", buf_str(&out));
	return code;
}

static void proved(void)
{
	struct gen g;
	gen_make(&g);
	CHECK(judged(&g, false) == 0, "%s", said);
	CHECK(strstr(said, "\nproved:") != NULL, "%s", said);
	CHECK(strstr(said, "ended, status 125") != NULL, "%s", said);
	CHECK(judged(&g, true) == 0, "%s", said);
	CHECK(strstr(said, "\"verdict\": \"proved\"") != NULL, "%s", said);
	arena_free(g.a);
}

/* Every row that the policy demands, changed to something else, in the record's expectation too. */
static void changed_value(void)
{
	static const char *const free_rows[] = {
	    "name=systemd",  "rlimit:stack", "rlimit:filesize", "memlock", "landlock_abi", "net_after",
	    "secret.length", "fd:9",	     "fd:20",		"parent.", "exe",	   "ns.inode",
	    "object:"};
	struct gen g;
	gen_make(&g);
	uint32_t n = g.rows.n;
	arena_free(g.a);
	for (uint32_t i = 0; i < n; i++) {
		gen_make(&g);
		const char *fact = g.rows.v[i].fact;
		bool skip = false;
		for (size_t k = 0; k < sizeof free_rows / sizeof *free_rows; k++)
			skip = skip || strstr(fact, free_rows[k]);
		gen_set(&g, fact, "7");
		if (!skip)
			CHECK(judged(&g, false) == 1, "%s forged, and still: %s", fact, said);
		arena_free(g.a);
	}
}

static void missing_or_twice(void)
{
	struct gen g;
	gen_make(&g);
	uint32_t n = g.rows.n;
	arena_free(g.a);
	for (uint32_t i = 0; i < n; i++) {
		gen_make(&g);
		struct gen_row row = g.rows.v[i];
		gen_add(&g, row.fact, row.expected, row.observed, row.source);
		CHECK(judged(&g, false) == 1 && strstr(said, "twice"), "%s twice: %s", row.fact, said);
		gen_drop(&g, row.fact);
		if (strstr(row.fact, "cgroup:pids") ||
		    strstr(row.fact, "cgroup:unified")) /* reads as another host */
			row.expected = NULL;
		CHECK(row.expected == NULL || (gen_drop(&g, row.fact), judged(&g, false) == 1),
		      "%s missing: %s", row.fact, said);
		arena_free(g.a);
	}
}

/* One change each; TEXT must be in the report. */
struct forged {
	const char *what;
	void (*forge)(struct gen *g);
	const char *text;
};

static void f_bundle(struct gen *g)
{
	g->bundle_sha256 = g->program_sha256;
}
static void f_model(struct gen *g)
{
	g->model = g->program_sha256;
}
static void f_child_as_proof(struct gen *g)
{
	gen_row(g, "child.securebits")->source = "kernel@exec-stop";
}
static void f_proof_from_child(struct gen *g)
{
	gen_row(g, "caps.effective")->source = "child";
}
static void f_config(struct gen *g)
{
	gen_row(g, "limit:pids.max")->source = "config";
}
static void f_live_as_final(struct gen *g)
{
	gen_row(g, "caps.bounding")->source = "kernel@live";
}
static void f_verdict(struct gen *g)
{
	struct gen_row *r = gen_row(g, "caps.effective");
	r->observed = "00000000ffffffff";
	r->verdict = "ok";
}
static void f_unverified(struct gen *g)
{
	gen_row(g, "caps.ambient")->observed = NULL;
}
static void f_mount(struct gen *g)
{
	gen_add(g, "mount:/etc", "absent", "absent", "kernel@exec-stop");
}
static void f_submount_rw(struct gen *g)
{
	gen_add(g, "mount:/data/x", "rw,nosuid", "rw,nosuid", "kernel@exec-stop");
}
static void f_fact(struct gen *g)
{
	gen_add(g, "all.well", "yes", "yes", "kernel@exec-stop");
}
static void f_fd(struct gen *g)
{
	gen_set(g, "fds", "0 1 2 3 9");
}
static void f_socket(struct gen *g)
{
	gen_set(g, "fd:0", "socket rw");
}
static void f_root(struct gen *g)
{
	gen_set(g, "uid_map", "10001 0 1");
	gen_set(g, "ids.uid", "0 0 0 0");
}
static void f_two_ids(struct gen *g)
{
	gen_set(g, "uid_map", "10001 300000 1 10002 300001 1");
}
static void f_namespace(struct gen *g)
{
	gen_set(g, "ns.inode:net", "53");
}
static void f_group(struct gen *g)
{
	gen_set(g, "cgroup:memory", "/");
}
static void f_env(struct gen *g)
{
	gen_set(g, "env.names", "HOME LANG LD_PRELOAD TOKEN");
}
static void f_value(struct gen *g)
{
	gen_set(g, "env.set", "");
}
static void f_program(struct gen *g)
{
	g->program = "/usr/binary";
}
static void f_pin(struct gen *g)
{
	g->pin = true;
	gen_bundle(g);
	g->program_sha256 = "0000000000000000000000000000000000000000000000000000000000000000";
	gen_set(g, "program.sha256", g->program_sha256);
}
static void f_only(struct gen *g)
{
	g->only = "/usr/bin/other";
	gen_bundle(g);
}
static void f_object(struct gen *g)
{
	gen_row(g, "object:/usr")->expected = NULL;
}
static void f_missing(struct gen *g)
{
	g->missing = true;
	gen_bundle(g);
}
static void f_relay(struct gen *g)
{
	g->meta.net = ABPB_NET_RELAY;
	gen_bundle(g);
}
static void f_apparmor(struct gen *g)
{
	g->meta.require = ABPB_REQUIRE_APPARMOR;
	gen_bundle(g);
}
static void f_rootless(struct gen *g)
{
	g->rootless = true;
}
static void f_readback(struct gen *g)
{
	g->meta.require = ABPB_REQUIRE_READBACK;
	gen_bundle(g);
	gen_row(g, "seccomp.filter")->source = "syscall-trace";
}
static void f_status(struct gen *g)
{
	g->status = "CapEff:\\t000001ffffffffff\\n";
}
static void f_landlock(struct gen *g)
{
	g->degraded = "[\"landlock\"]";
}
static void f_key(struct gen *g)
{
	g->extra = "\"note\":\"trust me\",";
}
static void f_outcome(struct gen *g)
{
	g->outcome = "{\"limit\":null,\"state\":\"ended\",\"status\":null,\"step\":null,\"why\":null}";
}
static void f_refused(struct gen *g)
{
	g->outcome = "{\"limit\":null,\"state\":\"refused\",\"status\":null,\"step\":\"caps\",\"why\":\"x\"}";
}

static void forgeries(void)
{
	static const struct forged rows[] = {
	    {"another bundle's digest", f_bundle, "bundle digest"},
	    {"another model's digest", f_model, "model digest"},
	    {"the child's word sold as the kernel's", f_child_as_proof, "cannot know it"},
	    {"the child's word for a capability set", f_proof_from_child, "cannot know it"},
	    {"what was written sold as read back", f_config, "cannot know it"},
	    {"a fact of the first GO sold as final", f_live_as_final, "cannot know it"},
	    {"a verdict that its row contradicts", f_verdict, "verdict"},
	    {"a fact that nobody saw", f_unverified, "did not show it"},
	    {"a mount that the policy does not name", f_mount, "does not name"},
	    {"a submount with other flags", f_submount_rw, "mount:/data/x"},
	    {"a fact that does not exist", f_fact, "no fact of this policy"},
	    {"a descriptor too many", f_fd, "fds"},
	    {"a socket as standard input", f_socket, "fd:0"},
	    {"root of the host", f_root, "uid_map"},
	    {"a second id", f_two_ids, "more lines"},
	    {"the launcher's network namespace", f_namespace, "ns:net"},
	    {"another control group", f_group, "group of this run"},
	    {"a name too many in the environment", f_env, "LD_PRELOAD"},
	    {"another value of a set name", f_value, "HOME"},
	    {"a program without a grant", f_program, "no exec grant"},
	    {"another file than the pinned one", f_pin, "pins"},
	    {"another program than the policy's", f_only, "/usr/bin/other only"},
	    {"an object that nobody compared", f_object, "object:/usr"},
	    {"a bundle with a grant that no wall decides", f_missing, "sockets"},
	    {"a bundle with a relay", f_relay, "relay"},
	    {"a bundle that requires AppArmor", f_apparmor, "AppArmor"},
	    {"an ordinary user under a policy for root", f_rootless, "only root"},
	    {"a traced filter where read-back is required", f_readback, "cannot know it"},
	    {"a status text that says otherwise", f_status, "CapEff"},
	    {"Landlock left out", f_landlock, "allow-degraded"},
	    {"a key that the schema does not have", f_key, "abp-evidence/1"},
	    {"an end without a status", f_outcome, "state"},
	    {"a launch that was refused", f_refused, "never ran"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct gen g;
		gen_make(&g);
		rows[i].forge(&g);
		CHECK(judged(&g, false) == 1 && strstr(said, rows[i].text), "%s: %s", rows[i].what, said);
		arena_free(g.a);
	}
}

/* What may differ between two honest launches. */
static void honest(void)
{
	struct gen g;
	gen_make(&g);
	gen_row(&g, "seccomp.filter")->source = "syscall-trace"; /* not required: proof enough */
	gen_set(&g, "env.names", "HOME TOKEN");			 /* LANG was not set outside */
	gen_add(&g, "mount:/data/x", "ro,nosuid,nodev,noexec", "ro,nosuid,nodev,noexec", "kernel@exec-stop");
	gen_set(&g, "mount:/etc/a b", "directory of the root");
	g.outcome = "{\"limit\":null,\"state\":\"started\",\"status\":null,\"step\":null,\"why\":null}";
	gen_drop(&g, "object:/etc/a b");
	g.only = "/bin/tool"; /* what was asked for: a link on that host */
	gen_bundle(&g);
	CHECK(judged(&g, false) == 0, "%s", said);
	CHECK(strstr(said, "note: /bin/tool, the policy's program, was a link to /usr/bin/tool") != NULL,
	      "%s", said);
	arena_free(g.a);
}

static void no_bundle(void)
{
	struct gen g;
	gen_make(&g);
	struct buf out = buf_new(g.a);
	CHECK(verify_evidence(g.a, "/nonexistent", "/nonexistent", false, &out) == 3, "%s", buf_str(&out));
	for (size_t i = 0; i < g.bundle.len; i += 41) { /* any byte changed: no bundle, or not this one */
		g.bundle.data[i] ^= 1;
		CHECK(judged(&g, false) != 0, "byte %zu", i);
		g.bundle.data[i] ^= 1;
	}
	CHECK(judged(&g, false) == 0, "%s", said);
	arena_free(g.a);
}

void suite_evidence(void)
{
	static const struct unit_case cases[] = {
	    {"a record that agrees is proved", proved},
	    {"every row forged, one at a time", changed_value},
	    {"every row missing or twice", missing_or_twice},
	    {"forgeries", forgeries},
	    {"honest launches differ", honest},
	    {"no bundle, no verdict", no_bundle},
	    {NULL, NULL},
	};
	unit_suite("evidence", cases);
}
