/*
 * test_check.c - every law of spec/laws.md: a policy that keeps it, and a twin that breaks it.
 */
#include <string.h>

#include "tests/unit/policy.h"
#include "tests/unit/unit.h"

struct twin {
	const char *law;
	const char *good;	 /* no error; NULL: the row before showed it */
	const char *bad;	 /* an error of that code ... */
	const char *code, *says; /* ... whose text holds this */
};

#define P POLICY_OF
#define ONES "1111111111111111111111111111111111111111111111111111111111111111"
#define ZEROS "sha256:0000000000000000000000000000000000000000000000000000000000000000"

static void run_twins(const struct twin *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (t[i].good) {
			struct judged good = judge_text(t[i].good);

			CHECK(good.m && good.errors == 0, "%s, good twin %zu: %s", t[i].law, i, good.text);
			judged_free(&good);
		}
		struct judged bad = judge_text(t[i].bad);

		CHECK(bad.errors > 0, "%s, bad twin %zu: no error", t[i].law, i);
		CHECK(strstr(bad.text, t[i].code) != NULL, "%s, bad twin %zu: no %s in %s", t[i].law, i,
		      t[i].code, bad.text);
		CHECK(strstr(bad.text, t[i].says) != NULL, "%s, bad twin %zu: not `%s` in %s", t[i].law, i,
		      t[i].says, bad.text);
		judged_free(&bad);
	}
}
#define TWINS(table) run_twins(table, sizeof(table) / sizeof *(table))

static void test_never(void)
{
	static const struct twin t[] = {
	    {"never", P("paths { read /etc/hosts }\nnever { read /etc/shadow }"),
	     P("paths { read /etc/** }\nnever { read /etc/shadow }"), "ABP-LAW-001", "`read /etc/shadow`"},
	    {"never, below a plain path", NULL, P("paths { read /etc/ssl/** }\nnever { read /etc }"),
	     "ABP-LAW-001", "breaks `never read /etc`"},
	    {"never, implied", P("never { syscall openat }"),
	     P("paths { read /a }\nnever { syscall openat }"), "ABP-LAW-001", "implied by `read /a`"},
	    {"never, imported grant", P("import t.outer ~1.0\nnever { read /srv/other }"),
	     P("import t.outer ~1.0\nnever { read /srv/data }"), "ABP-LAW-001",
	     "imported here: t.outer 1.0.0, which imports t.reader 1.0.0"},
	    {"never, inherited", P("import t.reader ~1.0\npaths { write /var/x }\nsyscalls { allow getpid }"),
	     P("import t.outer ~1.0\npaths { write /usr/x unsafe }"), "ABP-LAW-001",
	     "the never, from t.outer 1.0.0, which imports t.reader 1.0.0"},
	    {"never, floor", P("never { syscall keyctl }"), P("never { syscall exit_group }"), "ABP-LAW-001",
	     "the floor of every policy"},
	    {"never, unset limit", P("limits { files 64 }\nnever { limit files 1000 }"),
	     P("never { limit files 1000 }"), "ABP-LAW-001", "what no line limits"},
	    {"never, set limit", NULL, P("never { limit memory 16M }"), "ABP-LAW-001",
	     "breaks `never limit memory"},
	};
	TWINS(t);
}

static void test_within(void)
{
	static const struct twin t[] = {
	    {"within, paths", P("within t.ceil ~1.0\npaths { read /etc/hosts }"),
	     P("within t.ceil ~1.0\npaths { write /var/x }"), "ABP-LAW-002", "it permits `write /var/x`"},
	    {"within, imported", NULL, P("within t.ceil ~1.0\nimport t.runner ~1.0"), "ABP-LAW-002",
	     "imported here: t.runner 1.0.0"},
	    {"within, limit", NULL,
	     "abp 1\npolicy t.p 1.0.0 {\nlimits { memory 65M; cpu 10%; pids 8 }\nwithin t.ceil ~1.0\n}\n",
	     "ABP-LAW-002", "limit memory"},
	    {"within, net", P("within t.ceil ~1.0\nports { connect tcp 198.51.100.7:443 }"),
	     P("within t.ceil ~1.0\nrun { net host because \"x\" }"), "ABP-LAW-002",
	     "permits `net relay` at most"},
	    {"within, port", NULL, P("within t.ceil ~1.0\nports { connect tcp 198.51.100.7:444 }"),
	     "ABP-LAW-002", "connect tcp 198.51.100.7:444"},
	    {"within, capability", NULL, P("within t.ceil ~1.0\ncaps { allow SYS_CHROOT unsafe }"),
	     "ABP-LAW-002", "cap SYS_CHROOT"},
	};
	TWINS(t);
}

static void test_tests(void)
{
	static const struct twin t[] = {
	    {"allow", P("paths { read /a }\ntest \"t\" { allow read /a }"),
	     P("paths { read /a }\ntest \"t\" { allow read /b }"), "ABP-LAW-003",
	     "`read /b` is not permitted"},
	    {"deny", P("paths { read /a }\ntest \"t\" { deny read /b }"),
	     P("paths { read /a }\ntest \"t\" { deny read /a }"), "ABP-LAW-003",
	     "`read /a` is permitted by `read /a`"},
	    {"partly, deny", NULL,
	     P("ports { listen tcp 127.0.0.1:8000-8099 }\ntest \"t\" { deny listen tcp 8000-9000 }"),
	     "ABP-LAW-003", "partly permitted"},
	    {"partly, allow", NULL,
	     P("ports { listen tcp 127.0.0.1:8000-8099 }\ntest \"t\" { allow listen tcp 8000-9000 }"),
	     "ABP-LAW-003", "partly permitted"},
	};
	TWINS(t);
}

static void test_unsafe_lines(void)
{
	static const struct twin t[] = {
	    {"cap", P("caps { allow SYS_CHROOT unsafe }"), P("caps { allow SYS_CHROOT }"), "ABP-LAW-004",
	     "needs the word `unsafe`"},
	    {"low port", P("ports { listen tcp 127.0.0.1:80 unsafe }"),
	     P("ports { listen tcp 127.0.0.1:80 }"), "ABP-LAW-004", "listen tcp 127.0.0.1:80"},
	    {"low port in a range", P("ports { listen tcp 127.0.0.1:1024 }"),
	     P("ports { listen tcp 127.0.0.1:1000-2000 }"), "ABP-LAW-004", "listen tcp 127.0.0.1:1000-2000"},
	    {"udp without from", P("ports { listen udp 127.0.0.1:5000 from 127.0.0.1 }"),
	     P("ports { listen udp 127.0.0.1:5000 }"), "ABP-LAW-004", "listen udp"},
	    {"dns", P("run { net host because \"x\" }\nports { connect udp 192.0.2.53:53 unsafe }"),
	     P("run { net host because \"x\" }\nports { connect udp 192.0.2.53:53 }"), "ABP-LAW-004", "DNS"},
	    {"wide v4", P("ports { connect tcp 8.0.0.0/8:443 }"), P("ports { connect tcp 8.0.0.0/7:443 }"),
	     "ABP-LAW-004", "8.0.0.0/7"},
	    {"wide v6", P("ports { connect tcp [2001::/16]:443 }"),
	     P("ports { connect tcp [2000::/15]:443 }"), "ABP-LAW-004", "2000::/15"},
	    {"everywhere", P("ports { connect tcp *:443 unsafe }"), P("ports { connect tcp *:443 }"),
	     "ABP-LAW-004", "connect tcp *:443"},
	    {"raw", P("ports { socket netlink/raw/route }"), P("ports { socket inet/raw/icmp }"),
	     "ABP-LAW-004", "socket inet/raw"},
	    {"family", P("ports { socket vsock/stream unsafe }"), P("ports { socket packet/raw }"),
	     "ABP-LAW-004", "packet"},
	    {"write", P("paths { write /srv/x/** }"), P("paths { write /etc/x }"), "ABP-LAW-004",
	     "write /etc/x"},
	    {"write above", P("paths { write /var/** }"), P("paths { write /** }"), "ABP-PATH-003",
	     "the whole root"},
	    {"write above", P("paths { write /var/** }"), P("paths { write /usr/*/x }"), "ABP-LAW-004",
	     "write /usr/*/x"},
	    {"write lib*", P("paths { write /srv/lib/x }"), P("paths { write /lib64/x }"), "ABP-LAW-004",
	     "write /lib64/x"},
	    {"code that can be written", P("paths { write /w/**; exec /w/** unsafe }"),
	     P("paths { write /w/**; exec /w/bin/x }"), "ABP-LAW-004", "written here: `write /w/**`"},
	    {"scratch and load", P("paths { scratch /tmp size 1M; load /tmp/x unsafe }"),
	     P("paths { scratch /tmp size 1M; load /tmp/x }"), "ABP-LAW-004", "scratch /tmp"},
	    {"scratch exec", P("paths { scratch /tmp size 1M exec unsafe }"),
	     P("paths { scratch /tmp size 1M exec }"), "ABP-LAW-004", "scratch /tmp"},
	    {"call", P("syscalls { allow ptrace unsafe }"), P("syscalls { allow ptrace }"), "ABP-LAW-004",
	     "ptrace"},
	    {"call, by condition", P("syscalls { allow chmod(mode & 06000 == 0) }"),
	     P("syscalls { allow chmod(mode & 04000 == 0) }"), "ABP-LAW-004", "chmod"},
	    {"secret", P("env { pass LANG }"), P("env { pass AWS_SECRET_ACCESS_KEY }"), "ABP-LAW-004",
	     "AWS_SECRET_ACCESS_KEY"},
	    {"unix any", P("ports { unix connect any unsafe }"), P("ports { unix connect any }"),
	     "ABP-LAW-004", "unix connect any"},
	    {"not needed", P("paths { read /a }"), P("paths { read /a unsafe }"), "ABP-LAW-006",
	     "is not needed here"},
	    {"one item of two", P("ports { listen tcp 127.0.0.1:80 127.0.0.1:8080 unsafe }"),
	     P("ports { listen tcp 127.0.0.1:8081 127.0.0.1:8080 unsafe }"), "ABP-LAW-006",
	     "is not needed here"},
	};
	TWINS(t);
}

static void test_unsafe_imports(void)
{
	static const struct twin t[] = {
	    {"import", P("import t.tracer ~1.0 unsafe"), P("import t.tracer ~1.0"), "ABP-LAW-005",
	     "the import of t.tracer 1.0.0 brings `allow ptrace`"},
	    {"write that meets imported code", P("import t.runner ~1.0\npaths { write /task/** unsafe }"),
	     P("import t.runner ~1.0\npaths { write /task/** }"), "ABP-LAW-004", "code: `exec /task/**`"},
	    {"code and writer of two modules", P("import t.runner ~1.0 unsafe\nimport t.writer ~1.0"),
	     P("import t.runner ~1.0\nimport t.writer ~1.0"), "ABP-LAW-005",
	     "the import of t.runner 1.0.0 brings `exec /task/**`"},
	    {"not on the writer", NULL, P("import t.runner ~1.0 unsafe\nimport t.writer ~1.0 unsafe"),
	     "ABP-LAW-006", "nothing that t.writer 1.0.0 brings is"},
	    {"import, not needed", P("import t.reader ~1.0"), P("import t.reader ~1.0 unsafe"), "ABP-LAW-006",
	     "nothing that t.reader 1.0.0 brings is"},
	    {"two ways to one module", P("import t.tracer ~1.0 unsafe\nimport t.both ~1.0 unsafe"),
	     P("import t.tracer ~1.0 unsafe\nimport t.both ~1.0"), "ABP-LAW-005",
	     "the import of t.both 1.0.0 brings"},
	    {"two ways, other order", P("import t.both ~1.0 unsafe\nimport t.tracer ~1.0 unsafe"),
	     P("import t.both ~1.0 unsafe\nimport t.tracer ~1.0"), "ABP-LAW-005",
	     "the import of t.tracer 1.0.0 brings"},
	    {"writer meets code that came two ways", NULL,
	     P("import t.both ~1.0 unsafe\nimport t.runner ~1.0 unsafe\npaths { write /task/** unsafe }"),
	     "ABP-LAW-006", "nothing that t.runner 1.0.0 brings is"},
	    {"ceiling", "abp 1\nceiling t.c 1.0.0 { paths { write /** } }\n",
	     "abp 1\nceiling t.c 1.0.0 { paths { write /** unsafe } }\n", "ABP-LAW-007",
	     "a ceiling never says"},
	};
	TWINS(t);
}

static void test_settings(void)
{
	static const struct twin t[] = {
	    {"limits", P(""), "abp 1\npolicy t.p 1.0.0 {\nlimits { memory 1M; cpu 1% }\n}\n", "ABP-LAW-020",
	     "pids"},
	    {"net host", P("run { net host because \"x\" }"), P("run { net host }"), "ABP-LAW-021",
	     "needs a reason"},
	    {"fd", P("run { fd 5 because \"x\" }"), P("run { fd 5 }"), "ABP-LAW-021", "needs a reason"},
	    {"connections", P("limits { connections 4 }\nports { connect tcp 192.0.2.1:443 }"),
	     P("limits { connections 4 }"), "ABP-LAW-022", "`connections` is dead"},
	    {"pass and set", P("env { pass A; set B=1 }"), P("env { pass A; set A=1 }"), "ABP-LAW-023",
	     "one variable has one source"},
	    {"pass and secret", P("env { pass A; secret B from fd 3 }"),
	     P("env { pass A; secret A from fd 3 }"), "ABP-LAW-023", "one variable has one source"},
	    {"set and secret", NULL, P("env { set A=1; secret A from fd 3 }"), "ABP-LAW-023",
	     "one variable has one source"},
	    {"secrets", P("env { secret A from fd 3; secret B from fd 4 }"),
	     P("env { secret A from fd 3; secret B from fd 3 }"), "ABP-LAW-024", "would be empty"},
	    {"secret and fd", NULL, P("run { fd 3 because \"x\" }\nenv { secret A from fd 3 }"),
	     "ABP-LAW-024", "also handed over"},
	    {"program", P("run { program /bin/x }\npaths { exec /bin/x }"),
	     P("run { program /bin/x }\npaths { read /bin/x }"), "ABP-LAW-025", "no `exec` grant covers"},
	    {"workdir", P("run { workdir /srv }\npaths { read /srv/x/** }"),
	     P("run { workdir /srv/y }\npaths { read /srv/x/** }"), "ABP-LAW-026", "not in the view"},
	};
	TWINS(t);
}

static void test_dead(void)
{
	static const struct twin t[] = {
	    {"init cap", P("caps { allow SYS_CHROOT unsafe }"), P("caps { allow SYS_TIME unsafe }"),
	     "ABP-LAW-011", "initial user namespace only"},
	    {"net cap", P("caps { allow NET_ADMIN unsafe }"),
	     P("run { net host because \"x\" }\ncaps { allow NET_ADMIN unsafe }"), "ABP-LAW-011",
	     "is dead with `net host`"},
	    {"private", P("run { net private }\nports { listen tcp 127.0.0.1:8080 }"),
	     P("run { net private }\nports { connect tcp 192.0.2.1:443 }"), "ABP-LAW-012", "loopback only"},
	    {"none", P("run { net none }\nports { unix pair }"),
	     P("run { net none }\nports { connect tcp 127.0.0.1:443 }"), "ABP-LAW-012", "no network"},
	    {"relay udp", P("run { net relay }\nports { connect tcp 192.0.2.1:443 }"),
	     P("run { net relay }\nports { connect udp 192.0.2.1:443 }"), "ABP-LAW-012", "TCP only"},
	    {"relay listener", NULL, P("run { net relay }\nports { listen tcp *:8080 }"), "ABP-LAW-012",
	     "no listener"},
	    {"relay ports", P("run { net relay }\nports { connect tcp 192.0.2.1:1000-1255 }"),
	     P("run { net relay }\nports { connect tcp 192.0.2.1:1000-1256 }"), "ABP-LAW-012", "256 ports"},
	    {"no net line", P("run { net host because \"x\" }\nports { listen tcp *:8080 }"),
	     P("ports { listen tcp *:8080 }"), "ABP-LAW-013", "needs a `net` line"},
	    {"memfd", P("syscalls { allow memfd_create(flags & MFD_NOEXEC_SEAL == MFD_NOEXEC_SEAL) }"),
	     P("syscalls { allow memfd_create }"), "ABP-LAW-014", "without MFD_NOEXEC_SEAL"},
	    {"empty", P("paths { write /w/** except /w/x }"), P("paths { write /w/** except /w/** }"),
	     "ABP-LAW-015", "grants nothing"},
	    {"scratch over a tree", P("paths { read /tmp/x/**; scratch /tmp size 1M }"),
	     P("paths { read /tmp/**; scratch /tmp size 1M }"), "ABP-LAW-016", "the scratch hides it"},
	    {"link in a tree", P("paths { read /usr/**; symlink /lib /usr/lib }"),
	     P("paths { read /usr/**; symlink /usr/x /usr/y }"), "ABP-LAW-016", "cannot make a link"},
	    {"except", P("paths { write /w/** except /w/a/** }"), P("paths { write /w/** except /v/a/** }"),
	     "ABP-LAW-017", "is outside of"},
	    {"host without proxy", P("ports { proxy 192.0.2.80:3128; connect host a.example:443 via proxy }"),
	     P("ports { connect host a.example:443 via proxy }"), "ABP-LAW-018", "no `proxy` line"},
	    {"except that another line writes", P("paths { write /w/** except /w/a/**; write /w/a/b }"),
	     P("paths { write /w/** except /w/a/**; write /w/** }"), "ABP-LAW-017", "has no effect"},
	    {"pin", P("paths { exec /a/x " ZEROS "; exec /a/** }"),
	     P("paths { exec /a/x " ZEROS "; exec /a/x }"), "ABP-LAW-029", "`exec /a/x` permits it, too"},
	    {"two pins", P("paths { exec /a/x " ZEROS "; exec /a/x " ZEROS " }"),
	     P("paths { exec /a/x " ZEROS "; exec /a/x sha256:" ONES " }"), "ABP-LAW-029", "has no effect"},
	    {"unix listen", P("paths { scratch /run size 1M }\nports { unix listen /run/x.sock \"@name\" }"),
	     P("paths { write /srv/** }\nports { unix listen /srv/x.sock }"), "ABP-LAW-028",
	     "in a scratch directory"},
	    {"unix listen, partly", NULL,
	     P("paths { scratch /run/a size 1M }\nports { unix listen /run/** }"), "ABP-LAW-028",
	     "none holds /run/**"},
	    {"tty", P("run { stdio tty }\npaths { device tty null }"), P("paths { device tty }"),
	     "ABP-LAW-019", "no terminal"},
	};
	TWINS(t);
}

/* Laws that no text can break: resolve makes what they ask for, so the model is broken by hand. */
static void test_dead_calls(void)
{
	struct judged j = judge_text(P("paths { read /a }\nports { connect tcp 127.0.0.1:80 }"));
	struct buf b = buf_new(j.a);

	if (!CHECK(j.m && !j.errors, "%s", j.text))
		return;
	for (unsigned a = 0; a < N_ARCH; a++)
		j.m->calls[a].n = 0;
	j.m->all.k[K_SOCK].b = BDD_NONE;
	check_model(&j.s, j.d, j.m);
	diags_text(j.d, &b);
	CHECK(strstr(buf_str(&b), "no line permits the system call open|openat") != NULL, "%s", buf_str(&b));
	CHECK(strstr(buf_str(&b), "no socket inet/stream is permitted") != NULL, "%s", buf_str(&b));
	judged_free(&j);
}

/* What no raised wall decides must be said to the loader, which then refuses. */
static void test_walls(void)
{
	struct judged j =
	    judge_text(P("run { net host because \"x\" }\npaths { read /a/*/b /c }\n"
			 "ports { connect tcp 192.0.2.1:443; unix connect /run/x; unix pair }"));
	struct buf b = buf_new(j.a);

	if (!CHECK(j.m && !j.errors && j.m->missing.n, "%s", j.text))
		return;
	j.m->missing.n = 0;
	check_model(&j.s, j.d, j.m);
	diags_text(j.d, &b);
	CHECK(diags_errors(j.d) == 2, "%s", buf_str(&b)); /* connect: the socket programs */
	CHECK(strstr(buf_str(&b), "no wall of this version decides `read /a/*/b` exactly") != NULL, "%s",
	      buf_str(&b));
	CHECK(strstr(buf_str(&b), "decides `unix connect /run/x` exactly") != NULL, "%s", buf_str(&b));
	judged_free(&j);
}

static void test_shadowed(void)
{
	static const struct {
		const char *text, *says;
	} t[] = {
	    {P("paths { read /a }\nsyscalls { allow read(fd == 5) }"), "is shadowed by line"},
	    {P("paths { read /a/** /a/b }"), "`read /a/b` is shadowed by line"},
	    {P("paths { read /a }\npaths { read /a }"), "says the same as"},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct judged j = judge_text(t[i].text);

		CHECK(j.errors == 0 && strstr(j.text, t[i].says) != NULL, "%zu: %s", i, j.text);
		judged_free(&j);
	}
	struct judged j = judge_text(P("paths { read /a/** }\nsyscalls { allow ioctl(request == 1) }"));

	CHECK(!strstr(j.text, "ABP-LAW-03"), "%s", j.text);
	judged_free(&j);
}

static void test_check_tests(void)
{
	struct judged j =
	    judge_text(P("paths { read /a }\ntest \"t\" { allow read /a; deny read /a; deny cap any }"));
	struct buf b = buf_new(j.a);

	if (!CHECK(j.m != NULL, "%s", j.text))
		return;
	CU_ASSERT_EQUAL(check_tests(&j.s, j.m, &b), 1);
	CHECK(!strcmp(buf_str(&b), "ok   t: allow read /a\n"
				   "FAIL t: deny read /a: `read /a` is permitted by `read /a`\n"
				   "ok   t: deny cap any\n"),
	      "%s", buf_str(&b));
	judged_free(&j);
}

static void test_deny_by_default(void)
{
	struct judged j = judge_text(P(""));

	if (!CHECK(j.m && !j.errors, "%s", j.text))
		return;
	for (unsigned k = 0; k < N_EKINDS; k++) {
		struct evset one = evset_none();

		one.k[k] = j.m->all.k[k];
		CHECK(evset_empty(&one) == (k != K_SYS_X86_64 && k != K_SYS_AARCH64 && k != K_USE), "kind %u",
		      k);
	}
	CHECK(j.m->calls[ARCH_X86_64].n == 6, "%u calls in the floor", j.m->calls[ARCH_X86_64].n);
	judged_free(&j);
}

/* The events of some lines in some order. */
static struct evset events(struct sets *s, const char *const *line, const unsigned *order, unsigned n)
{
	struct diags *d = diags_new(s->a);
	struct buf b = buf_new(s->a), errs = buf_new(s->a);
	struct model *m;

	buf_puts(&b, "abp 1\npolicy t.p 1.0.0 {\nlimits { memory 16M; cpu 10%; pids 8 }\n");
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b, "%s\n", line[order[i]]);
	buf_puts(&b, "}\n");
	m = judge_into(s, d, buf_str(&b));
	diags_text(d, &errs);
	CHECK(m && !diags_errors(d), "%s", buf_str(&errs));
	return m ? m->all : evset_none();
}

static void test_monotone(void)
{
	static const char *const line[] = {
	    "paths { read /a/** /b }",	   "paths { write /a/x }",  "ports { connect tcp 127.0.0.1:80 }",
	    "ports { unix pair }",	   "import t.outer ~1.0",   "caps { allow SYS_CHROOT unsafe }",
	    "syscalls { allow @threads }", "env { pass LANG TERM }"};
	enum { N = sizeof line / sizeof *line };
	struct arena *a = arena_new();
	struct sets s = {a, bdds_new(a)};
	unsigned order[N], swap;
	uint64_t seed = 7;
	struct evset all, part;

	for (unsigned i = 0; i < N; i++)
		order[i] = i;
	all = events(&s, line, order, N);
	for (unsigned round = 0; round < 12; round++) {
		for (unsigned i = N; i-- > 1;) {
			unsigned k = unit_random(&seed) % (i + 1);

			swap = order[i], order[i] = order[k], order[k] = swap;
		}
		part = events(&s, line, order, N);
		CHECK(evset_equal(&part, &all), "order of round %u", round);
		part = events(&s, line, order, N - 1);
		CHECK(evset_subset(&s, &part, &all) && !evset_equal(&part, &all), "one less in round %u",
		      round);
	}
	arena_free(a);
}

void suite_check(void)
{
	static const struct unit_case cases[] = {
	    {"deny by default", test_deny_by_default},
	    {"monotone", test_monotone},
	    {"never", test_never},
	    {"within", test_within},
	    {"test lines", test_tests},
	    {"test lines, as printed", test_check_tests},
	    {"unsafe lines", test_unsafe_lines},
	    {"unsafe imports, ceilings", test_unsafe_imports},
	    {"settings", test_settings},
	    {"dead grants", test_dead},
	    {"dead grants: calls and sockets", test_dead_calls},
	    {"walls agree", test_walls},
	    {"shadowed lines", test_shadowed},
	    {NULL, NULL},
	};
	unit_suite("check", cases);
}
