/*
 * test_resolve.c - text to model: sets of events, addresses, imports, links, defaults, and the way back to
 * text.
 */
#include "compiler/check.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { BOTH_ARCHS = 3 };

struct made { /* one text, resolved */
	struct arena *a;
	struct sets s;
	struct diags *d;
	struct model *m;
	const char *text; /* messages */
};

static struct made make_arch(const char *text, unsigned archs)
{
	static const char *const dirs[] = {"tests/unit/imp"};
	const struct loadpath path = {dirs, 1};
	struct made x = {.a = arena_new()};
	struct buf b = buf_new(x.a);
	x.s = (struct sets){x.a, bdds_new(x.a)};
	x.d = diags_new(x.a);
	x.m = resolve_source(&x.s, x.d, source_text(x.a, "t.abp", text, strlen(text)), &path, archs);
	diags_text(x.d, &b);
	x.text = buf_str(&b);
	return x;
}

static struct made make(const char *body)
{
	struct arena *a = arena_new();
	struct made x = make_arch(arena_printf(a, "abp 1\npolicy t.p 1.0.0 {\n%s\n}\n", body), BOTH_ARCHS);
	x.text = strdup(x.text);
	arena_free(a);
	return x;
}

static void made_free(struct made *x)
{
	free((void *)(uintptr_t)x->text);
	arena_free(x->a);
}

/* ---- what a grant covers ---------------------------------------------- */

struct row {
	const char *body, *pattern;
	char answer; /* '+' all of it, '-' nothing, '~' a part */
};

static char covered(struct made *x, const char *pattern)
{
	pattern_list p = {0};
	struct diags *d = diags_new(x->a);
	bool all = true, none = true;
	if (!x->m || diags_errors(x->d) || !resolve_pattern(&x->s, d, x->m, pattern, &p))
		return '!';
	for (uint32_t i = 0; i < p.n; i++) {
		all &= evset_subset(&x->s, &p.v[i].set, &x->m->all);
		none &= evset_disjoint(&x->s, &p.v[i].set, &x->m->all);
	}
	return all ? '+' : none ? '-' : '~';
}

static void rows(const struct row *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct made x = make(t[i].body);
		char got = covered(&x, t[i].pattern);
		CHECK(got == t[i].answer, "%s | %s: %c, not %c; %s", t[i].body, t[i].pattern, got,
		      t[i].answer, x.text);
		made_free(&x);
	}
}
#define ROWS(t) rows(t, sizeof t / sizeof *t)
#define PORTS(x) "ports { " x " }"

static void test_addresses(void)
{
	static const struct row t[] = {
	    {PORTS("connect tcp 10.0.0.0/8:443"), "connect tcp 10.0.0.0:443", '+'},
	    {PORTS("connect tcp 10.0.0.0/8:443"), "connect tcp 10.255.255.255:443", '+'},
	    {PORTS("connect tcp 10.0.0.0/8:443"), "connect tcp 9.255.255.255:443", '-'},
	    {PORTS("connect tcp 10.0.0.0/8:443"), "connect tcp 11.0.0.0:443", '-'},
	    {PORTS("connect tcp 10.0.0.0/8:443"), "connect tcp 10.0.0.1:442", '-'},
	    {PORTS("connect tcp 10.0.0.0/8:443"), "connect udp 10.0.0.1:443", '-'},
	    {PORTS("connect tcp 10.0.0.0/8:443"), "connect 10.0.0.1:443", '~'},
	    {PORTS("connect tcp 10.0.0.0/8:443"), "connect tcp 10.0.0.1", '~'},
	    {PORTS("connect tcp 10.0.0.0/8:443"), "connect tcp [::ffff:10.0.0.1]:443", '+'},
	    {PORTS("connect tcp [::ffff:10.0.0.1]:443"), "connect tcp 10.0.0.1:443", '+'},
	    {PORTS("connect tcp 10.0.0.1:8000-8099"), "connect tcp 10.0.0.1:8000-8099", '+'},
	    {PORTS("connect tcp 10.0.0.1:8000-8099"), "connect tcp 10.0.0.1:7999", '-'},
	    {PORTS("connect tcp 10.0.0.1:8000-8099"), "connect tcp 10.0.0.1:8100", '-'},
	    {PORTS("connect tcp [2001:db8::/32]:*"), "connect tcp [2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:1",
	     '+'},
	    {PORTS("connect tcp [2001:db8::/32]:*"), "connect tcp [2001:db9::]:1", '-'},
	    /* special destinations are granted only inside */
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp 8.8.8.8:80", '+'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp 127.0.0.0/8:80", '-'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp 126.255.255.255:80", '+'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp 128.0.0.0:80", '+'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp 169.254.0.0/16:80", '-'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp 224.0.0.0/4:80", '-'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp 223.255.255.255:80", '+'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp 255.255.255.255:80", '-'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp 0.0.0.0/8:80", '-'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp [::]:80", '-'},
	    {PORTS("connect tcp 0.0.0.0/0:80"), "connect tcp [2001:db8::1]:80", '-'},
	    {PORTS("connect tcp 126.0.0.0/7:80"), "connect tcp 127.0.0.1:80", '-'},
	    {PORTS("connect tcp 127.0.0.0/9:80"), "connect tcp 127.0.0.1:80", '+'},
	    {PORTS("connect tcp 169.254.169.254:80"), "connect tcp 169.254.169.254:80", '+'},
	    {PORTS("connect tcp *:80"), "connect tcp [2001:db8::1]:80", '+'},
	    {PORTS("connect tcp *:80"), "connect tcp 10.0.0.1:80", '+'},
	    {PORTS("connect tcp *:80"), "connect tcp [::1]:80", '-'},
	    {PORTS("connect tcp *:80"), "connect tcp [fe80::/10]:80", '-'},
	    {PORTS("connect tcp *:80"), "connect tcp [ff02::1]:80", '-'},
	    {PORTS("connect tcp *:80"), "connect tcp [::]:80", '-'},
	    {PORTS("connect tcp [::/0]:80"), "connect tcp 10.0.0.1:80", '-'},
	    {PORTS("connect tcp [::1]:80"), "connect tcp [::1]:80", '+'},
	};
	ROWS(t);
}

static void test_listeners(void)
{
	static const struct row t[] = {
	    {PORTS("listen tcp 127.0.0.1:80"), "listen tcp 127.0.0.1:80", '+'},
	    {PORTS("listen tcp 127.0.0.1:80"), "bind tcp 127.0.0.1:80", '+'},
	    {PORTS("listen tcp 127.0.0.1:80"), "connect tcp any", '-'},
	    {PORTS("listen tcp 10.0.0.0/8:80 from 10.1.0.0/16"), "listen tcp 10.0.0.1:80 from 10.1.2.3", '+'},
	    {PORTS("listen tcp 10.0.0.0/8:80 from 10.1.0.0/16"), "listen tcp 10.0.0.1:80 from 10.2.0.0", '-'},
	    {PORTS("listen tcp 10.0.0.0/8:80 from 10.1.0.0/16"), "listen tcp 10.0.0.1:80", '~'},
	    {PORTS("listen tcp 10.0.0.1:80 from 0.0.0.0/0"), "listen tcp 10.0.0.1:80 from 127.0.0.1", '+'},
	    {PORTS("listen tcp 0.0.0.0/0:80"), "bind tcp 0.0.0.0:80", '+'},
	    {PORTS("listen tcp 0.0.0.0/0:80"), "bind tcp [::]:80", '-'},
	    {PORTS("listen tcp 0.0.0.0/1:80"), "bind tcp 0.0.0.0:80", '-'},
	    {PORTS("listen tcp [::/0]:80"), "bind tcp [::]:80", '-'},
	    {PORTS("listen tcp [::/0]:80"), "bind tcp [::1]:80", '+'},
	    {PORTS("listen tcp *:80"), "bind tcp [::]:80", '+'},
	    {PORTS("listen tcp *:80"), "bind tcp 0.0.0.0:80", '+'},
	    {PORTS("bind tcp 10.0.0.1:auto"), "bind tcp 10.0.0.1:auto", '+'},
	    {PORTS("bind tcp 10.0.0.1:auto"), "bind tcp 10.0.0.1:1", '-'},
	    {PORTS("bind tcp 10.0.0.1:*"), "bind tcp 10.0.0.1:auto", '-'},
	    {PORTS("bind udp 10.0.0.1:99"), "listen udp 10.0.0.1:99", '-'},
	    /* a UDP listener answers from its port, nowhere else */
	    {PORTS("listen udp 10.0.0.1:99 from 10.0.0.0/8"), "connect udp 10.3.3.3:5", '~'},
	    {PORTS("listen udp 10.0.0.1:99 from 10.0.0.0/8"), "connect udp 11.3.3.3:5", '-'},
	    {PORTS("listen udp 10.0.0.1:99 from 10.0.0.0/8"), "connect tcp 10.3.3.3:5", '-'},
	    {PORTS("listen udp 10.0.0.1:99 from 0.0.0.0/0"), "connect udp 127.0.0.1:5", '-'},
	    {PORTS("listen udp 10.0.0.1:99 from 0.0.0.0/0"), "listen udp 10.0.0.1:99 from 169.254.1.1", '-'},
	    {PORTS("connect udp 10.3.3.3:5"), "connect udp 10.3.3.3:5", '+'},
	};
	ROWS(t);
}

static void test_sockets(void)
{
	static const struct row t[] = {
	    {PORTS("connect tcp 10.0.0.1:1"), "socket inet/stream/tcp", '+'},
	    {PORTS("connect tcp 10.0.0.1:1"), "socket inet6/stream", '-'},
	    {PORTS("connect tcp 10.0.0.1:1"), "socket inet/dgram", '-'},
	    {PORTS("connect tcp 10.0.0.1:1"), "socket */raw", '-'},
	    {PORTS("connect tcp *:1"), "socket inet6/stream/tcp", '+'},
	    {PORTS("socket netlink/raw/route"), "socket netlink/raw/route", '+'},
	    {PORTS("socket netlink/raw/route"), "socket netlink", '~'},
	    {PORTS("socket inet6/stream"), "socket inet6/stream/tcp", '+'},
	    {PORTS("socket inet6/stream"), "socket inet6/stream", '~'},
	    {PORTS("socket packet"), "socket packet", '+'},
	    {PORTS("connect tcp 10.0.0.1:1"),
	     "syscall socket(family == AF_INET and type & 0xf == SOCK_STREAM and protocol == 0)", '+'},
	    {PORTS("connect tcp 10.0.0.1:1"), "syscall socket(family == AF_INET6)", '-'},
	    {PORTS("connect tcp 10.0.0.1:1"), "syscall listen", '-'},
	    {PORTS("listen tcp 10.0.0.1:1"), "syscall listen", '+'},
	    {PORTS("connect tcp 10.0.0.1:1"),
	     "syscall setsockopt(level == SOL_SOCKET and optname == SO_BINDTODEVICE)", '-'},
	    {PORTS("connect tcp 10.0.0.1:1"),
	     "syscall setsockopt(level == IPPROTO_TCP and optname == TCP_NODELAY)", '+'},
	    /* a call that only the filter decides grants its sockets */
	    {"syscalls { allow socket }", "socket any", '~'},
	    {"syscalls { allow socket }", "socket packet/raw", '+'},
	    {"syscalls { allow socket(family == AF_UNIX) }", "socket unix/dgram", '+'},
	    {"syscalls { allow socket(family == AF_UNIX) }", "socket inet", '-'},
	    {"syscalls { allow socket(family == AF_INET and type == SOCK_STREAM|SOCK_CLOEXEC) }",
	     "socket inet/stream/tcp", '+'},
	    {"syscalls { allow socket(family == AF_INET and type == SOCK_STREAM|SOCK_CLOEXEC) }",
	     "socket inet/dgram", '-'},
	    {"syscalls { allow socket(family == AF_INET and type == 0x1001) }", "socket inet", '-'},
	    {"syscalls { allow socketpair(family == AF_UNIX) }", "unix pair", '+'},
	    {"syscalls { allow socketpair(family == AF_INET) }", "unix pair", '-'},
	    {PORTS("unix pair"), "unix pair", '+'},
	    {PORTS("unix pair"), "unix connect any", '-'},
	    {PORTS("unix pair"), "syscall socketpair(family == AF_INET)", '-'},
	    {PORTS("unix connect /run/x"), "unix connect /run/x", '+'},
	    {PORTS("unix connect /run/x"), "unix listen /run/x", '-'},
	    {PORTS("unix connect \"@x\""), "unix connect \"@x\"", '+'},
	    {PORTS("unix connect \"@x\""), "unix connect \"@y\"", '-'},
	    {PORTS("proxy 192.0.2.80:3128"), "connect tcp 192.0.2.80:3128", '+'},
	    {PORTS("proxy 192.0.2.80:3128; connect host a.org:443 *.b.org:443 via proxy"),
	     "connect host a.org:443", '+'},
	    {PORTS("proxy 192.0.2.80:3128; connect host a.org:443 *.b.org:443 via proxy"),
	     "connect host x.y.b.org:443", '+'},
	    {PORTS("proxy 192.0.2.80:3128; connect host a.org:443 *.b.org:443 via proxy"),
	     "connect host b.org:443", '-'},
	    {PORTS("proxy 192.0.2.80:3128; connect host a.org:443 *.b.org:443 via proxy"),
	     "connect host a.org:80", '-'},
	    {PORTS("connect tcp 10.0.0.1:1 as api.example.com"), "read /etc/hosts", '+'},
	};
	ROWS(t);
}

static void test_paths(void)
{
	static const struct row t[] = {
	    {"paths { write /w/** except /w/.git/hooks/** /w/x }", "write /w/a", '+'},
	    {"paths { write /w/** except /w/.git/hooks/** /w/x }", "write /w/.git/hooks/pre-commit", '-'},
	    {"paths { write /w/** except /w/.git/hooks/** /w/x }", "read /w/.git/hooks/pre-commit", '+'},
	    {"paths { write /w/** except /w/.git/hooks/** /w/x }", "write /w/x", '-'},
	    {"paths { write /w/** except /w/.git/hooks/** /w/x }", "write /w/x/y", '+'},
	    {"paths { exec /usr/bin/a }", "load /usr/bin/a", '+'},
	    {"paths { exec /usr/bin/a }", "read /usr/bin/a", '+'},
	    {"paths { load /usr/bin/a }", "exec /usr/bin/a", '-'},
	    {"paths { scratch /tmp size 1M }", "write /tmp/x", '+'},
	    {"paths { scratch /tmp size 1M }", "exec /tmp/x", '-'},
	    {"paths { scratch /tmp size 1M exec }", "exec /tmp/x", '+'},
	    {"paths { device null }", "write /dev/null", '+'},
	    {"paths { symlink /bin /usr/bin; exec /usr/bin/a }", "exec /bin/a", '+'},
	    {"paths { symlink /a /b; symlink /b /c; read /c/x }", "read /a/x", '+'},
	    {"paths { symlink /a /b }", "read /ab", '-'},
	    {"paths { read /x }", "syscall openat2", '-'},
	    {"paths { write /x/** }", "syscall chmod(mode & 06000 != 0)", '-'},
	    {"paths { write /x/** }", "syscall chmod(mode == 0755)", '+'},
	    {"paths { read /x/** }", "syscall unlink", '-'},
	    {"env { pass A }", "env A", '+'},
	    {"env { pass A }", "env AB", '-'},
	    {"limits { memory 1G }", "limit memory 1G", '+'},
	    {"limits { memory 1G }", "limit memory 2G", '-'},
	    {"", "limit swap 1K", '-'},
	    {"", "limit files 1000", '+'},
	    {"run { fd 7 because \"x\" }", "fd 7", '+'},
	    {"", "fd 7", '-'},
	    {"", "syscall exit exit_group rt_sigreturn restart_syscall", '+'},
	    {"", "syscall read(fd == 200)", '+'},
	    {"", "syscall read", '~'},
	    {"", "syscall execveat(dirfd == 201 and flags == AT_EMPTY_PATH)", '+'},
	};
	ROWS(t);
}

/* ---- laws of sets ----------------------------------------------------- */

static void test_laws(void)
{
	struct made x = make(
	    "paths { write /w/** except /w/x; exec /usr/bin/[a-c]* }\n caps { allow NET_RAW CHOWN unsafe }\n"
	    "ports { listen udp 10.0.0.1:99 from 10.0.0.0/8; connect tcp *:80; unix pair; unix connect any "
	    "}\n"
	    "syscalls { allow ioctl(request == 1) ioctl(request in {1, 2}) mmap }\n env { pass A B }\n"
	    "limits { memory 1G }\n run { fd 9 because \"x\" }");
	struct sets *s = &x.s;
	uint64_t seed = 7;
	for (unsigned i = 0; x.m && i < 300; i++) {
		struct evset p[3], u, v, w;
		for (unsigned k = 0; k < 3; k++) { /* unions of a few grants */
			p[k] = evset_none();
			for (unsigned n = 0; n < 12; n++)
				p[k] = evset_or(s, &p[k],
						&x.m->grants.v[unit_random(&seed) % x.m->grants.n].set);
		}
		u = evset_or(s, &p[0], &p[1]);
		v = evset_and(s, &u, &p[2]);
		struct evset v0 = evset_and(s, &p[0], &p[2]), v1 = evset_and(s, &p[1], &p[2]);
		w = evset_or(s, &v0, &v1);
		CU_ASSERT(evset_equal(&v, &w)); /* distributes */
		v = evset_diff(s, &u, &p[1]);
		w = evset_and(s, &v, &p[1]);
		CU_ASSERT(evset_empty(&w) && evset_disjoint(s, &v, &p[1]));
		w = evset_or(s, &v, &p[1]);
		CU_ASSERT(evset_equal(&w, &u) && evset_subset(s, &p[0], &u));
		CU_ASSERT(evset_subset(s, &u, &p[0]) == evset_equal(&u, &p[0]));
		struct event e;
		v = evset_diff(s, &p[0], &p[1]);
		if (evset_witness(s, &v, &e))
			CU_ASSERT(evset_has(s, &p[0], &e) && !evset_has(s, &p[1], &e) && *event_text(s, &e));
	}
	CU_ASSERT(x.m && !diags_errors(x.d));
	made_free(&x);
}

/* Every witness, said as a pattern, is a pattern that the grants cover. */
static void test_texts(void)
{
	struct made x = make("paths { exec \"/usr/a b\" }\n caps { allow NET_RAW }\n"
			     "ports { connect tcp [2001:db8::1]:443 10.0.0.1:5; listen tcp 127.0.0.1:9; bind "
			     "tcp 10.0.0.1:auto;\n"
			     " unix pair; unix connect \"@x\"; socket netlink/raw/route }\n"
			     "env { pass A }\n limits { memory 1G; wall 5m }\n run { fd 9 because \"x\" }");
	for (uint32_t i = 0; x.m && i < x.m->grants.n; i++) {
		struct event e;
		if (!evset_witness(&x.s, &x.m->grants.v[i].set, &e))
			continue;
		const char *text = event_text(&x.s, &e);
		char got = covered(&x, text);
		CHECK(got == '+' || got == '~', "%s: %c", text, got);
	}
	CU_ASSERT(x.m && !diags_errors(x.d));
	made_free(&x);
}

/* ---- imports ---------------------------------------------------------- */

static void test_imports(void)
{
	static const struct {
		const char *body, *says; /* NULL: no error */
		const char *var;	 /* then this variable is passed */
	} t[] = {
	    {"import t.lib ~1.0", NULL, "V109"},
	    {"import t.lib =1.0.0", NULL, "V100"},
	    {"import t.lib ~1.1", NULL, "V110"},
	    {"import t.lib ~1.10", NULL, "V1100"},
	    {"import t.lib ~1.0; import t.low ~1.0", NULL, "V109"},
	    {"import t.exact ~1.0; import t.lib ~1.0", NULL, "V100"},
	    {"import t.lib ~1.2", "there are", NULL},
	    {"import t.lib ~1.0.10", "ABP-IMP-011", NULL},
	    {"import t.low ~1.0; import t.high ~1.0", "and ~1.1 is wanted here", NULL},
	    {"import t.low ~1.0; import t.exact ~1.0", "and =1.0.0 is wanted here", NULL},
	    {"import t.none ~1.0", "ABP-IMP-011", NULL},
	    {"import t.a ~1.0", "import cycle: t.a imports itself", NULL},
	    {"import t.wrong ~1.0", "ABP-IMP-013", NULL},
	    {"import t.sets ~1.0", "a module has no `run`", NULL},
	    {"within t.lib ~1.0", "t.lib is not a ceiling", NULL},
	    {"import t.lib ~1.99999999999", "ABP-IMP-010", NULL},
	    {"import t.deep02 ~1.0", NULL, "DEEP"},
	    {"import t.deep01 ~1.0", "ABP-IMP-015", NULL},
	};
	for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
		struct made x = make(t[i].body);
		CHECK((diags_errors(x.d) > 0) == (t[i].says != NULL), "%s: %s", t[i].body, x.text);
		if (t[i].says)
			CHECK(strstr(x.text, t[i].says) && strstr(x.text, "help: "), "%s: %s", t[i].body,
			      x.text);
		else if (x.m->all.k[K_ENV].d)
			CHECK(dfa_has(x.m->all.k[K_ENV].d, t[i].var), "%s: no %s", t[i].body, t[i].var);
		made_free(&x);
	}
}

static void test_inherited(void)
{
	struct made x = make("import t.never ~1.0; import t.low ~1.0; import t.lib ~1.0");
	CU_ASSERT_FATAL(x.m && !diags_errors(x.d));
	CU_ASSERT(x.m->nevers.n == 1 && x.m->tests.n == 0);
	CU_ASSERT(x.m->nevers.v[0].origin && !strcmp(x.m->nevers.v[0].origin->module, "t.never 1.0.0"));
	CU_ASSERT(x.m->closure.n == 3 && !strcmp(x.m->closure.v[0].name, "t.lib"));
	unsigned lib = 0;
	for (uint32_t i = 0; i < x.m->grants.n; i++)
		lib += !strcmp(x.m->grants.v[i].text, "pass V109");
	CU_ASSERT(lib == 1); /* two importers, one union */
	made_free(&x);
}

/* ---- defaults, missing walls ------------------------------------------ */

static void test_net(void)
{
	static const struct {
		const char *ports;
		enum net_mode net;
		const char *missing; /* walls of all grants, joined */
	} t[] = {
	    {"", NET_NONE, ""},
	    {PORTS("unix pair"), NET_PRIVATE, ""},
	    {PORTS("socket netlink/raw/route"), NET_PRIVATE, ""},
	    {PORTS("socket inet6/stream"), NET_PRIVATE, ""},
	    {PORTS("connect tcp 127.0.0.1:80"), NET_PRIVATE, ""},
	    {PORTS("listen tcp [::1]:80"), NET_PRIVATE, ""},
	    {PORTS("unix connect any"), NET_PRIVATE, ""},
	    {PORTS("unix connect /run/x \"@a\""), NET_PRIVATE, "apparmor apparmor "},
	    {PORTS("connect tcp 10.0.0.1:443; listen tcp 127.0.0.1:80"), NET_RELAY, "relay "},
	    {PORTS("connect tcp 10.0.0.1:1-256"), NET_RELAY, "relay "},
	    {PORTS("connect tcp 10.0.0.1:1-257"), NET_HOST, ""},
	    {PORTS("proxy 127.0.0.1:3128"), NET_RELAY, "relay "},
	    {PORTS("connect udp 10.0.0.1:1"), NET_HOST, ""},
	    {PORTS("listen tcp 10.0.0.1:80"), NET_HOST, ""},
	    {"run { net host because \"x\" }\n" PORTS("connect tcp 10.0.0.1:443"), NET_HOST, ""},
	    {"syscalls { allow socket(family == AF_INET) }", NET_NONE, ""},
	    {"syscalls { allow socket(family == AF_UNIX) }", NET_NONE, "apparmor "},
	    {"syscalls { allow socket(family == AF_NETLINK) }", NET_NONE, ""},
	    {"paths { read /a/*/b /a/** }", NET_NONE, "apparmor "},
	    {"paths { read /proc/self/stat }", NET_NONE, "apparmor "},
	    {"paths { read /proc/self/stat /proc/self/** }", NET_NONE, ""},
	};
	for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
		struct made x = make(t[i].ports);
		struct buf b = buf_new(x.a);
		for (uint32_t k = 0; x.m && k < x.m->missing.n; k++)
			buf_printf(&b, "%s ", x.m->missing.v[k].wall);
		CHECK(x.m && x.m->run.net == t[i].net, "%s: net %d; %s", t[i].ports,
		      x.m ? (int)x.m->run.net : -1, x.text);
		CHECK(!strcmp(buf_str(&b), t[i].missing), "%s: missing %s", t[i].ports, buf_str(&b));
		made_free(&x);
	}
}

/* ---- there and back --------------------------------------------------- */

static void round_trip(const char *file, const char *dir)
{
	const char *dirs[] = {dir};
	const struct loadpath path = {dirs, 1};
	struct arena *a = arena_new();
	struct sets s = {a, bdds_new(a)};
	struct diags *d = diags_new(a);
	struct model *m = resolve_file(&s, d, file, &path, BOTH_ARCHS);
	if (m && !diags_errors(d)) {
		struct buf one = buf_new(a), two = buf_new(a), says = buf_new(a);
		model_print(&s, m, &one);
		const struct source *src = source_text(a, "printed", buf_str(&one), one.len);
		struct model *back = resolve_source(&s, d, src, &path, BOTH_ARCHS);
		diags_text(d, &says);
		if (CHECK(back && !diags_errors(d), "%s printed: %s", file, buf_str(&says))) {
			CHECK(model_equal(&s, m, back), "%s: another model", file);
			model_print(&s, back, &two);
			CHECK(!strcmp(buf_str(&one), buf_str(&two)), "%s: printed twice, two texts", file);
		}
	}
	arena_free(a);
}

static unsigned round_trips(const char *dir)
{
	unsigned n = 0;
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		char file[512];
		size_t len = strlen(e->d_name);
		if (len < 5 || strcmp(e->d_name + len - 4, ".abp") != 0)
			continue;
		snprintf(file, sizeof file, "%s/%s", dir, e->d_name);
		round_trip(file, dir);
		n++;
	}
	if (d)
		closedir(d);
	return n;
}

static void test_round_trip(void)
{
	unsigned n = round_trips("tests/cases/policies") + round_trips("policies/std") +
		     round_trips("policies/examples") + round_trips("tests/unit/mod") +
		     round_trips("tests/unit/imp");
	CHECK(n > 20, "only %u policies", n);
}

/* The model says when something else was meant. */
static void test_differs(void)
{
	static const char *const t[][2] = {
	    {"paths { scratch /tmp size 1M }", "paths { scratch /tmp size 2M }"},
	    {"paths { write /w/** }", "paths { write /w/** slot }"},
	    {"limits { pids 1 }", "limits { pids 2 }"},
	    {"env { set A=b }", "env { set A=c }"},
	    {"run { workdir /a }", "run { workdir /b }"},
	    {"syscalls { allow ioctl(request == 1) }", "syscalls { allow ioctl(request == 2) }"},
	    {"paths { symlink /a /b }", "paths { symlink /a /c }"},
	};
	for (unsigned i = 0; i < sizeof t / sizeof *t; i++) {
		struct made x = make(t[i][0]);
		const char *text = arena_printf(x.a, "abp 1\npolicy t.p 1.0.0 {\n%s\n}\n", t[i][1]);
		const struct loadpath none = {NULL, 0};
		struct model *y =
		    resolve_source(&x.s, x.d, source_text(x.a, "y", text, strlen(text)), &none, BOTH_ARCHS);
		CHECK(x.m && y && !diags_errors(x.d) && !model_equal(&x.s, x.m, y) && model_equal(&x.s, y, y),
		      "%s | %s", t[i][0], t[i][1]);
		made_free(&x);
	}
}

void suite_resolve(void)
{
	static const struct unit_case cases[] = {
	    {"destinations", test_addresses},
	    {"listeners and own addresses", test_listeners},
	    {"sockets, names, the proxy", test_sockets},
	    {"paths, settings, the floor", test_paths},
	    {"laws of sets", test_laws},
	    {"witnesses are patterns", test_texts},
	    {"imports", test_imports},
	    {"what is inherited", test_inherited},
	    {"network mode and missing walls", test_net},
	    {"printed and read again", test_round_trip},
	    {"what makes two models differ", test_differs},
	    {NULL, NULL},
	};
	unit_suite("resolve", cases);
}
