/* The tables of the compiler: sorted, complete, consistent with each other and with libseccomp. */
#include <ctype.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/tables/tables.h"
#include "tests/unit/unit.h"

static const uint32_t seccomp_arch[N_ARCH] = {SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64};

static void syscalls_found(void)
{
	for (size_t i = 0; i < syscall_count(); i++) {
		const struct sysdef *c = syscall_at(i);

		CHECK(!i || strcmp(syscall_at(i - 1)->name, c->name) < 0, "%s is not in order", c->name);
		CHECK(syscall_by_name(c->name) == c, "%s is not found", c->name);
		for (int a = 0; a < N_ARCH; a++)
			if (c->nr[a] != SYS_NONE)
				CHECK(syscall_by_nr((enum arch)a, c->nr[a]) == c, "%s by number", c->name);
	}
	CHECK(!syscall_by_name("") && !syscall_by_name("zzz") && !syscall_by_name("reax"), "unknown names");
	CHECK(!syscall_by_nr(ARCH_X86_64, -1) && !syscall_by_nr(ARCH_X86_64, 0x40000000), "no such numbers");
	CHECK(syscall_table_max(ARCH_X86_64) == 469 && syscall_table_max(ARCH_AARCH64) == 469,
	      "highest number");
}

/* Our numbers are libseccomp's; what it does not know is newer than it, and printed. */
static void syscalls_libseccomp(void)
{
	unsigned unknown = 0;

	for (size_t i = 0; i < syscall_count(); i++) {
		const struct sysdef *c = syscall_at(i);

		for (int a = 0; a < N_ARCH; a++) {
			int nr = seccomp_syscall_resolve_name_arch(seccomp_arch[a], c->name);

			if (nr == __NR_SCMP_ERROR) {
				CHECK(c->nr[a] > 456 || c->nr[a] == SYS_NONE || syscall_unfiltered(c->name),
				      "%s should be known to libseccomp", c->name);
				if (c->nr[a] != SYS_NONE)
					printf("%s%s/%s",
					       unknown ? " " : "       not in libseccomp: ", c->name,
					       arch_table[a].name);
				unknown += c->nr[a] != SYS_NONE;
				continue;
			}
			CHECK((nr < 0 ? SYS_NONE : nr) == c->nr[a], "%s on %s: libseccomp says %d", c->name,
			      arch_table[a].name, nr);
		}
	}
	printf(": %u\n", unknown);
}

/* Every number that libseccomp names is in the table, under the same name. */
static void syscalls_complete(void)
{
	for (int a = 0; a < N_ARCH; a++) {
		for (int nr = 0; nr < 600; nr++) {
			char *name = seccomp_syscall_resolve_num_arch(seccomp_arch[a], nr);
			const struct sysdef *c = syscall_by_nr((enum arch)a, nr);

			if (name)
				CHECK(c && !strcmp(c->name, name), "%s %d is %s in libseccomp",
				      arch_table[a].name, nr, name);
			free(name);
		}
	}
}

static void syscalls_types(void)
{
	static const struct {
		const char *call, *arg;
		int width, sign, pointer, reg[N_ARCH];
	} want[] = {
	    {"clone", "flags", 64, 0, 0, {0, 0}},
	    {"clone", "tls", 64, 0, 0, {4, 3}},
	    {"clone", "child_tid", 64, 0, 1, {3, 4}},
	    {"ioctl", "request", 32, 0, 0, {1, 1}},
	    {"ioctl", "cmd", 32, 0, 0, {1, 1}},
	    {"fcntl", "cmd", 32, 0, 0, {1, 1}},
	    {"prctl", "option", 32, 1, 0, {0, 0}},
	    {"prctl", "arg2", 64, 0, 0, {1, 1}},
	    {"openat", "dirfd", 32, 1, 0, {0, 0}},
	    {"openat", "flags", 32, 1, 0, {2, 2}},
	    {"openat", "mode", 32, 0, 0, {3, 3}},
	    {"mmap", "fd", 32, 1, 0, {4, 4}},
	    {"mmap", "prot", 64, 0, 0, {2, 2}},
	    {"lseek", "offset", 64, 1, 0, {1, 1}},
	    {"readv", "fd", 32, 0, 0, {0, 0}},
	    {"socket", "domain", 32, 1, 0, {0, 0}},
	    {"socket", "family", 32, 1, 0, {0, 0}},
	    {"setsockopt", "level", 32, 1, 0, {1, 1}},
	    {"ptrace", "pid", 32, 1, 0, {1, 1}},
	    {"ptrace", "request", 64, 1, 0, {0, 0}},
	    {"execveat", "pathname", 64, 0, 1, {1, 1}},
	    {"unshare", "flags", 64, 0, 0, {0, 0}},
	    {"setns", "nstype", 32, 1, 0, {1, 1}},
	    {"kill", "sig", 32, 1, 0, {1, 1}},
	    {"madvise", "advice", 32, 1, 0, {2, 2}},
	    {"seccomp", "op", 32, 0, 0, {0, 0}},
	    {"memfd_create", "flags", 32, 0, 0, {1, 1}},
	    {"shmget", "key", 32, 1, 0, {0, 0}},
	    {"futex", "op", 32, 1, 0, {1, 1}},
	    {"fchmodat2", "mode", 32, 0, 0, {2, 2}},
	    {"prlimit64", "new_limit", 64, 0, 1, {2, 2}},
	    {"setuid", "uid", 32, 0, 0, {0, 0}},
	};

	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		const struct sysdef *c = syscall_by_name(want[i].call);

		for (int a = 0; a < N_ARCH; a++) {
			int reg = syscall_arg_reg(c, (enum arch)a, want[i].arg);
			const struct argdef *d = syscall_arg(c, (enum arch)a, (unsigned)reg);

			CHECK(reg == want[i].reg[a] && d && d->width == want[i].width &&
				  d->is_signed == want[i].sign && d->is_pointer == want[i].pointer,
			      "%s(%s) on %s: register %d", want[i].call, want[i].arg, arch_table[a].name,
			      reg);
		}
	}
	CHECK(syscall_arg_reg(syscall_by_name("read"), ARCH_X86_64, "nothing") == -1, "no such argument");
	CHECK(!syscall_arg(syscall_by_name("read"), ARCH_X86_64, 3), "read has three arguments");
}

static void constants(void)
{
	static const struct {
		const char *name;
		enum arch arch;
		uint64_t value;
	} want[] = {
	    {"AT_FDCWD", ARCH_X86_64, (uint64_t)-100}, {"O_DIRECTORY", ARCH_X86_64, 0200000},
	    {"O_DIRECTORY", ARCH_AARCH64, 040000},     {"O_NOFOLLOW", ARCH_AARCH64, 0100000},
	    {"__O_TMPFILE", ARCH_X86_64, 020000000},   {"__O_TMPFILE", ARCH_AARCH64, 020000000},
	    {"O_LARGEFILE", ARCH_AARCH64, 0400000},    {"MAP_32BIT", ARCH_X86_64, 0x40},
	    {"TIOCSTI", ARCH_X86_64, 0x5412},	       {"CLONE_NEWUSER", ARCH_AARCH64, 0x10000000},
	    {"CLONE_IO", ARCH_X86_64, 0x80000000},     {"SOL_SOCKET", ARCH_X86_64, 1},
	    {"MFD_NOEXEC_SEAL", ARCH_X86_64, 8},       {"PR_SET_VMA", ARCH_AARCH64, 0x53564d41},
	};
	uint64_t v;

	for (size_t i = 0; i < const_count(); i++)
		CHECK(const_by_name(const_at(i)->name) == const_at(i), "%s: not found or twice",
		      const_at(i)->name);
	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		CHECK(const_value(want[i].arch, want[i].name, &v) && v == want[i].value, "%s", want[i].name);
	CHECK(!const_value(ARCH_AARCH64, "MAP_32BIT", &v), "MAP_32BIT is not on aarch64");
	CHECK(!const_value(ARCH_X86_64, "PROT_BTI", &v), "PROT_BTI is not on x86_64");
	CHECK(!const_by_name("AF_NOTHING"), "unknown constant");
}

static bool has_ns(const struct constdef *c, const char *wanted, size_t n)
{
	for (const char *at = c->ns; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (len == n && !strncmp(at, wanted, n))
			return true;
		at += len;
	}
	return false;
}

/* Each namespace of an argument holds a constant, and each constant's namespace belongs to an argument. */
static void namespaces(void)
{
	for (size_t i = 0; i < syscall_count(); i++) {
		for (unsigned k = 0; k < syscall_at(i)->n_args; k++) {
			const char *ns = syscall_at(i)->arg[k].ns;

			for (; *ns; ns += strspn(ns, " ")) {
				size_t n = strcspn(ns, " "), found = 0;

				for (size_t j = 0; j < const_count(); j++)
					found += has_ns(const_at(j), ns, n);
				CHECK(found > 0, "%s(%s): no constant in %.*s", syscall_at(i)->name,
				      syscall_at(i)->arg[k].name, (int)n, ns);
				ns += n;
			}
		}
	}
}

/* Is the word of a condition an argument of the call, or a constant wherever the call exists? */
static bool word_known(const struct sysdef *c, const char *word)
{
	uint64_t v;

	if (syscall_arg_reg(c, ARCH_X86_64, word) >= 0 || !strcmp(word, "and") || !strcmp(word, "or") ||
	    !strcmp(word, "in") || !strcmp(word, "flags"))
		return true;
	for (int a = 0; a < N_ARCH; a++)
		if (c->nr[a] != SYS_NONE && !const_value((enum arch)a, word, &v))
			return false;
	return true;
}

static void words_known(const struct sysdef *c, const char *cond)
{
	char word[64];

	for (const char *at = cond; *at;) {
		size_t n = 0;

		while (isalnum((unsigned char)at[n]) || at[n] == '_')
			n++;
		if (n && n < sizeof word && !isdigit((unsigned char)*at)) {
			memcpy(word, at, n);
			word[n] = '\0';
			CHECK(word_known(c, word), "%s(%s): what is %s?", c->name, cond, word);
		}
		at += n ? n : 1;
	}
}

static void rows_good(const char *of, const struct callrow *rows, size_t n)
{
	CHECK(n > 0, "%s is empty", of);
	for (size_t i = 0; i < n; i++) {
		const struct sysdef *c = syscall_by_name(rows[i].call);
		const struct unsafe *u = unsafe_find(UNSAFE_CALL, rows[i].call);

		if (!CHECK(c != NULL, "%s: no call %s", of, rows[i].call))
			continue;
		CHECK(!i || strcmp(rows[i - 1].call, rows[i].call) < 0, "%s: %s is not in order", of,
		      rows[i].call);
		CHECK(rows[i].reason && *rows[i].reason, "%s: %s has no reason", of, rows[i].call);
		CHECK(!u || (u->cond && rows[i].cond), "%s: %s is unsafe", of, rows[i].call);
		if (rows[i].cond)
			words_known(c, rows[i].cond);
	}
}

static void groups_good(void)
{
	static const char *const must[] = {"@threads", "@memory",    "@signals",    "@clock",
					   "@start",   "@file-read", "@file-write", "@exec",
					   "@stdio",   "@process",   "@pipes",	    "@poll"};

	for (size_t i = 0; i < group_count(); i++) {
		const struct groupdef *g = group_at(i);

		CHECK(group_by_name(g->name) == g, "%s is not found: order", g->name);
		rows_good(g->name, g->members, g->n);
	}
	for (size_t i = 0; i < sizeof must / sizeof *must; i++)
		CHECK(group_by_name(must[i]) != NULL, "%s", must[i]);
	CHECK(!group_by_name("@nothing"), "unknown group");
}

static bool in_rows(const struct callrow *rows, size_t n, const char *call)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].call, call))
			return true;
	return false;
}

static void implied_good(void)
{
	static const char *const never[] = {"setxattr", "lsetxattr",	  "fsetxattr", "setxattrat",
					    "openat2",	"io_uring_setup", "clone3",    "userfaultfd",
					    "ptrace",	"setns",	  "unshare"};
	size_t n;

	for (int c = 0; c < N_CAUSES; c++) {
		const struct callrow *rows = implied_calls((enum cause)c, &n);

		CHECK(cause_name((enum cause)c) != NULL, "cause %d has no name", c);
		if (c != CAUSE_TCP && c != CAUSE_UDP) /* options only */
			rows_good(cause_name((enum cause)c), rows, n);
		for (size_t i = 0; i < sizeof never / sizeof *never; i++)
			CHECK(!in_rows(rows, n, never[i]), "%s is implied", never[i]);
	}
	for (size_t g = 0; g < group_count(); g++)
		for (size_t i = 0; i < sizeof never / sizeof *never; i++)
			CHECK(!in_rows(group_at(g)->members, group_at(g)->n, never[i]), "%s in a group",
			      never[i]);
}

static void sockopts_good(void)
{
	static const char *const never[] = {
	    "IP_ADD_MEMBERSHIP", "IP_OPTIONS",	   "IPV6_RTHDR",     "SO_BINDTODEVICE", "SO_MARK",
	    "TCP_ULP",		 "TCP_CONGESTION", "IP_TRANSPARENT", "SO_REUSEPORT",	"SO_ATTACH_FILTER"};
	size_t n;
	const struct sockopt *o = sockopts(&n);
	const char *harmless = unsafe_find(UNSAFE_CALL, "setsockopt")->cond;

	for (size_t i = 0; i < n; i++) {
		CHECK(!o[i].set || (strstr(harmless, o[i].level) && strstr(harmless, o[i].optname)),
		      "%s is implied, but needs unsafe when written", o[i].optname);
		CHECK(const_by_name(o[i].level) && const_by_name(o[i].optname), "%s", o[i].optname);
		CHECK(*o[i].reason && (o[i].set || o[i].get), "%s", o[i].optname);
		for (size_t k = 0; k < sizeof never / sizeof *never; k++)
			CHECK(strcmp(o[i].optname, never[k]) != 0, "%s is implied", never[k]);
	}
}

static void caps_good(void)
{
	for (int i = 0; i < N_CAPS; i++) {
		const struct capdef *c = cap_by_nr(i);

		CHECK(c->name && c->nr == i && cap_by_name(c->name) == c && *c->gates && *c->risk,
		      "capability %d", i);
	}
	CHECK(cap_by_name("NET_RAW")->nr == 13 && cap_by_name("CHECKPOINT_RESTORE")->nr == 40, "numbers");
	CHECK(!cap_by_nr(41) && !cap_by_nr(-1) && !cap_by_name("CAP_NET_RAW"), "unknown");
	CHECK(cap_by_name("SYS_TIME")->scope == CAP_INIT && cap_by_name("NET_ADMIN")->scope == CAP_NET,
	      "scopes");
}

static void settings_good(void)
{
	for (int r = 0; r < ABPB_N_RESOURCES; r++) {
		const struct limitdef *l = limit_at((enum abpb_resource)r);

		CHECK(l->name && limit_by_name(l->name) == l && (int)l->resource == r, "limit %d", r);
		CHECK(l->mandatory == (r == ABPB_MEMORY || r == ABPB_CPU || r == ABPB_PIDS), "%s", l->name);
		CHECK(l->has_default == (r == ABPB_SWAP || r == ABPB_CONNECTIONS), "%s", l->name);
	}
	CHECK(limit_at(ABPB_CONNECTIONS)->def == 256 && limit_at(ABPB_SWAP)->def == 0, "defaults");
	for (size_t i = 0; i < setting_count(); i++)
		CHECK(setting_by_name(setting_at(i)->key) == setting_at(i), "%s: order", setting_at(i)->key);
	CHECK(setting_by_name("net")->ordered && setting_by_name("fd")->repeat, "settings");
	CHECK(device_help("null") && !device_help("sda"), "devices");
}

static void sockets_named(void)
{
	int v;

	CHECK(sock_family("inet6", &v) && v == 10 && sock_type("raw", &v) && v == 3, "words");
	CHECK(sock_proto("netlink", "route", &v) && v == 0 && !sock_proto("inet", "route", &v), "protocols");
	CHECK(!strcmp(sock_family_name(17), "packet") && !strcmp(sock_proto_name(2, 6), "tcp"), "names");
	CHECK(!sock_family_name(99) && !sock_proto_name(17, 1), "no names");
}

static void unsafe_good(void)
{
	const struct unsafe *row;
	size_t n, total = 0;

	for (int k = UNSAFE_CALL; k <= UNSAFE_ENV; k++) {
		row = unsafe_rows((enum unsafe_kind)k, &n);
		total += n;
		for (size_t i = 0; i < n; i++) {
			CHECK(!i || strcmp(row[i - 1].what, row[i].what) < 0, "%s: order", row[i].what);
			CHECK(*row[i].reason != 0, "%s has no reason", row[i].what);
			if (k != UNSAFE_CALL)
				continue;
			if (CHECK(syscall_by_name(row[i].what) != NULL, "no call %s", row[i].what) &&
			    row[i].cond)
				words_known(syscall_by_name(row[i].what), row[i].cond);
		}
	}
	CHECK(total > 90, "%zu rows: are the kinds contiguous?", total);
	CHECK(unsafe_find(UNSAFE_CALL, "bpf") && !unsafe_find(UNSAFE_CALL, "read"), "calls");
	CHECK(unsafe_find(UNSAFE_WRITE, "/lib64/x") && unsafe_find(UNSAFE_WRITE, "/etc"), "below a prefix");
	CHECK(unsafe_find(UNSAFE_WRITE, "/") && !unsafe_find(UNSAFE_WRITE, "/workspace"), "the root only");
	CHECK(!unsafe_find(UNSAFE_WRITE, "/etcetera"), "whole components");
	CHECK(unsafe_find(UNSAFE_ENV, "AWS_SECRET_ACCESS_KEY") && unsafe_find(UNSAFE_ENV, "MY_TOKEN"),
	      "secrets");
	CHECK(!unsafe_find(UNSAFE_ENV, "GIT_AUTHOR_NAME") && !unsafe_find(UNSAFE_ENV, "LANG"), "no secrets");
}

static void answers_good(void)
{
	static const char *const must[] = {"clone3", "openat2",	       "faccessat2",
					   "statx",  "io_uring_setup", "rseq"};
	size_t n, found = 0;
	const struct callrow *floor = implied_calls(CAUSE_FLOOR, &n);

	for (size_t i = 0; i < syscall_count(); i++)
		found += answer_enosys(syscall_at(i)->name) != NULL;
	CHECK(found == 53, "%zu of the probes are calls, in order", found);
	for (size_t i = 0; i < sizeof must / sizeof *must; i++)
		CHECK(answer_enosys(must[i]) != NULL, "%s", must[i]);
	for (size_t i = 0; i < n; i++)
		CHECK(!answer_enosys(floor[i].call), "%s is in the floor", floor[i].call);
	CHECK(!answer_enosys("ptrace"), "EPERM");
}

static void walls_exact(void)
{
	static const struct {
		enum kind kind;
		const char *verb;
	} every[] = {
	    {KIND_SYS, NULL},	 {KIND_CAP, NULL},     {KIND_SOCK, NULL},      {KIND_BIND, NULL},
	    {KIND_CONN, NULL},	 {KIND_PEER_IN, NULL}, {KIND_UNIX, "connect"}, {KIND_UNIX, "listen"},
	    {KIND_UNIX, "pair"}, {KIND_PATH, "read"},  {KIND_PATH, "write"},   {KIND_PATH, "load"},
	    {KIND_PATH, "exec"}, {KIND_ENV, NULL},     {KIND_FD, NULL},	       {KIND_USE, NULL},
	};

	for (size_t i = 0; i < sizeof every / sizeof *every; i++) {
		bool exact = false;

		for (int w = 0; w < N_WALLS; w++) {
			const struct wallrow *row = wall_row(every[i].kind, every[i].verb, (enum wall)w);

			exact |= row && row->claim == CLAIM_EXACT;
		}
		CHECK(exact, "no exact wall for %s %s", kind_name(every[i].kind),
		      every[i].verb ? every[i].verb : "");
	}
	for (size_t i = 0; i < wall_count(); i++)
		CHECK(*wall_at(i)->example != 0, "%s: no example", kind_name(wall_at(i)->kind));
	CHECK(wall_row(KIND_PATH, "load", WALL_LANDLOCK)->claim == CLAIM_NONE, "Landlock has no load right");
	CHECK(wall_row(KIND_CONN, NULL, WALL_SECCOMP)->claim == CLAIM_BOUND, "addresses are behind pointers");
	CHECK(!wall_row(KIND_ENV, NULL, WALL_SECCOMP), "no row");
}

static bool suggests(const char *word, const char *(*nth)(size_t), const char *want)
{
	const char *got = nearest(word, nth);

	return CHECK(want ? got && !strcmp(got, want) : !got, "%s -> %s", word, got ? got : "nothing");
}

static void did_you_mean(void)
{
	suggests("opneat", nth_syscall, "openat");
	suggests("raed", nth_syscall, "read");
	suggests("SOCK_STEAM", nth_const, "SOCK_STREAM");
	suggests("af_inet", nth_const, "AF_INET");
	suggests("@thread", nth_group, "@threads");
	suggests("NET_ADMN", nth_cap, "NET_ADMIN");
	suggests("memmory", nth_limit, "memory");
	suggests("work-dir", nth_setting, "workdir");
	suggests("nul", nth_device, "null");
	suggests("netlinc", nth_family, "netlink");
	suggests("qqqqqqqq", nth_syscall, NULL);
	CHECK(!strcmp(syscall_suggest("waitpid"), "wait4") &&
		  !strcmp(syscall_suggest("usleep"), "clock_nanosleep") &&
		  !strcmp(syscall_suggest("_exit"), "exit_group") && !strcmp(syscall_suggest("raed"), "read"),
	      "functions of libc");
	suggests("", nth_limit, NULL);
	suggests("a_word_that_is_much_longer_than_any_name_in_a_table", nth_const, NULL);
}

static void shown(void)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a);

	for (size_t i = 0; i < syscall_count(); i++)
		CHECK(show_call(&b, syscall_at(i)->name), "%s", syscall_at(i)->name);
	for (size_t i = 0; i < group_count(); i++)
		CHECK(show_group(&b, group_at(i)->name), "%s", group_at(i)->name);
	for (int i = 0; i < N_CAPS; i++)
		CHECK(show_cap(&b, cap_by_nr(i)->name), "%s", cap_by_nr(i)->name);
	CHECK(strstr(buf_str(&b), "a3 on aarch64") != NULL, "the order of clone's arguments");
	b.len = 0;
	CHECK(!show_call(&b, "x") && !show_group(&b, "@x") && !show_cap(&b, "X") && !b.len, "unknown names");
	arena_free(a);
}

void suite_tables(void)
{
	static const struct unit_case cases[] = {
	    {"system calls are found by name and number", syscalls_found},
	    {"numbers are libseccomp's", syscalls_libseccomp},
	    {"every number of libseccomp is there", syscalls_complete},
	    {"argument types and registers", syscalls_types},
	    {"constants per architecture", constants},
	    {"namespaces of constants", namespaces},
	    {"groups name calls, arguments and constants that exist", groups_good},
	    {"implied calls likewise, and never the forbidden ones", implied_good},
	    {"socket options", sockopts_good},
	    {"capabilities", caps_good},
	    {"limits, settings, devices", settings_good},
	    {"socket words", sockets_named},
	    {"unsafe rows", unsafe_good},
	    {"answers", answers_good},
	    {"an exact wall for every kind", walls_exact},
	    {"did you mean", did_you_mean},
	    {"show prints every row", shown},
	    {NULL, NULL},
	};

	unit_suite("tables", cases);
}
