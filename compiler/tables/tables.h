/*
 * tables.h - what the compiler knows about Linux and about the language: data, each row with its reason,
 * and look-ups.  No policy logic lives here.
 *
 * Data is in the *.def files of this folder (X-macros, sorted by name); every look-up is a binary search or
 * an array access and allocates nothing.  All returned pointers are to constants.
 */
#ifndef ABP_TABLES_H
#define ABP_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler/base/buf.h"
#include "spec/bundle.h"

/* ---- architectures ---- */

enum arch { ARCH_X86_64, ARCH_AARCH64, N_ARCH };

struct archdef {
	const char *name; /* as after `on` and in --arch */
	uint32_t audit;	  /* AUDIT_ARCH_*, what seccomp_data.arch holds */
};

extern const struct archdef arch_table[N_ARCH];
/* "x86_64" or "aarch64"; false: unknown. */
bool arch_by_name(const char *name, enum arch *arch);

/* ---- system calls (syscalls.def) ---- */

/*
 * One argument.  width: how many bits of the register the kernel looks at, 32 or 64.  is_signed: the C type
 * is signed (a negative constant is legal).  is_pointer: user address, comparable with 0 only.
 * ns: blank-separated namespaces of consts.def that make sense here, "" when none.
 */
struct argdef {
	const char *name, *alias; /* alias: second accepted spelling, "" if none */
	const char *ns;
	uint8_t width;
	bool is_signed, is_pointer;
};

#define SYS_MAX_ARGS 6
#define SYS_NONE (-1) /* nr[] of a call that the architecture lacks */

struct sysdef {
	const char *name;
	int nr[N_ARCH];
	uint8_t n_args;
	bool clone_order;		 /* aarch64 swaps arguments 3 and 4 (CONFIG_CLONE_BACKWARDS) */
	struct argdef arg[SYS_MAX_ARGS]; /* in x86_64 order: prefer syscall_arg() */
};

/* NULL: no such call on any architecture. */
const struct sysdef *syscall_by_name(const char *name);
/* NULL: the architecture has no call of that number (also for nr < 0 and x32 numbers). */
const struct sysdef *syscall_by_nr(enum arch arch, int nr);
/* Every call, sorted by name: i < syscall_count(). */
size_t syscall_count(void);
const struct sysdef *syscall_at(size_t i);
/* The highest number in the table; a number above it is "newer than the table". */
int syscall_table_max(enum arch arch);
/* Number of the register (0..5) that carries the argument called `name` (or its alias); -1: no such argument.
 */
int syscall_arg_reg(const struct sysdef *call, enum arch arch, const char *name);
/* The argument in register reg, NULL if the call does not use it. */
const struct argdef *syscall_arg(const struct sysdef *call, enum arch arch, unsigned reg);
/* Why a call that the kernel handles before the filter runs is never filtered (uretprobe, uprobe); else NULL.
 */
const char *syscall_unfiltered(const char *name);

/* ---- symbolic constants (consts.def) ---- */

struct constdef {
	const char *name, *ns;
	bool on[N_ARCH];
	uint64_t value[N_ARCH]; /* negative ones sign-extended to 64 bits (AT_FDCWD) */
};

const struct constdef *const_by_name(const char *name);
/* false: unknown, or absent on this architecture. */
bool const_value(enum arch arch, const char *name, uint64_t *value);
size_t const_count(void);
const struct constdef *const_at(size_t i);

/* ---- groups and implied calls (groups.def, implied.def, sockopts.def) ---- */

/* One call of a group.  cond: NULL, or a condition in the language's own syntax, without parentheses around
 * it. A call that an architecture lacks is left out there. */
struct callrow {
	const char *call, *cond, *reason;
};

struct groupdef {
	const char *name; /* with the @ */
	const char *help;
	const struct callrow *members;
	size_t n;
};

/* The flags of clone(2) that make namespaces, as a condition spells them. */
#define NEW_NAMESPACES                                                                                       \
	"CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET"

const struct groupdef *group_by_name(const char *name);
size_t group_count(void);
const struct groupdef *group_at(size_t i);

/*
 * What makes a call implied (language.md, 3).  A `connect tcp 10.0.0.1:1` grant causes SOCKET, INET_TCP,
 * TCP and CONNECT, for example: the resolver unites the rows of all causes of a grant.
 */
enum cause {
	CAUSE_FLOOR,	 /* every policy */
	CAUSE_READ,	 /* every path grant: all of them open, list or look at names; connect ... as */
	CAUSE_WRITE,	 /* write and scratch */
	CAUSE_DEVICE,	 /* device: writing to it */
	CAUSE_EXEC,	 /* exec */
	CAUSE_SOCKET,	 /* any socket of any kind: I/O, options, names */
	CAUSE_INET_TCP,	 /* socket(AF_INET, STREAM): a grant that covers an IPv4 end */
	CAUSE_INET_UDP,	 /* socket(AF_INET, DGRAM) */
	CAUSE_INET6_TCP, /* socket(AF_INET6, STREAM) */
	CAUSE_INET6_UDP, /* socket(AF_INET6, DGRAM) */
	CAUSE_TCP,	 /* TCP options */
	CAUSE_UDP,	 /* UDP options */
	CAUSE_CONNECT,	 /* connect verbs, proxy, unix connect */
	CAUSE_BIND,	 /* bind and listen verbs, unix listen; socket: libc binds its netlink sockets */
	CAUSE_LISTEN,	 /* listen tcp, unix listen: listen and accept */
	CAUSE_UNIX,	 /* socket(AF_UNIX) for unix connect and unix listen */
	CAUSE_UNIX_PAIR, /* unix pair */
	N_CAUSES
};

/* The implied calls of one cause. */
const struct callrow *implied_calls(enum cause cause, size_t *n);
const char *cause_name(enum cause cause);

/* setsockopt/getsockopt by pairs: names of consts.def. */
struct sockopt {
	enum cause cause;
	const char *level, *optname;
	bool set, get;
	const char *reason;
};

const struct sockopt *sockopts(size_t *n);

/* ---- sockets by name: socket FAMILY/TYPE/PROTO (socknames.def) ---- */

struct sockname {
	const char *family; /* of a protocol: the family it belongs to; else NULL */
	const char *name;
	int value;
};

bool sock_family(const char *name, int *value);
bool sock_type(const char *name, int *value);
bool sock_proto(const char *family, const char *name, int *value);
/* Names back, for printing; NULL: no name. */
const char *sock_family_name(int value);
const char *sock_type_name(int value);
const char *sock_proto_name(int family, int value);

/* ---- capabilities (caps.def) ---- */

/* Where the kernel looks for the capability. */
enum capscope {
	CAP_OWN,  /* some checks accept it in the run's own user namespace */
	CAP_INIT, /* only in the initial user namespace: a dead grant */
	CAP_NET	  /* in the user namespace that owns the network namespace: dead with `net host` */
};

struct capdef {
	const char *name; /* without CAP_ */
	int nr;
	enum capscope scope;
	const char *gates; /* what it opens, by name */
	const char *risk;  /* what a program could do with it */
};

const struct capdef *cap_by_name(const char *name);
const struct capdef *cap_by_nr(int nr);
#define N_CAPS 41

/* ---- limits and run settings (limits.def, settings.def) ---- */

enum limit_unit { UNIT_SIZE, UNIT_COUNT, UNIT_PERCENT, UNIT_TIME };

struct limitdef {
	const char *name;
	enum abpb_resource resource;
	enum limit_unit unit; /* values as in struct abpb_limit: bytes, count, percent, milliseconds */
	bool mandatory;
	bool has_default;
	uint64_t def;
	const char *object; /* the kernel object that holds it */
	const char *help;
};

const struct limitdef *limit_by_name(const char *name);
const struct limitdef *limit_at(enum abpb_resource resource);
const char *unit_name(enum limit_unit unit);

enum settype {
	SET_IDPAIR, /* 10001:10001 */
	SET_NUM,    /* numbers */
	SET_PATH,
	SET_WORD,   /* one of `values`, or any host name where values is NULL */
	SET_REQUIRE /* apparmor | filter-readback | landlock N */
};

struct settingdef {
	const char *key;
	enum settype type;
	uint8_t min, max;   /* how many values */
	bool repeat;	    /* several lines with different values are legal */
	const char *values; /* blank-separated words, narrowest first; NULL: free */
	bool ordered;	    /* a later word of `values` is wider */
	const char *help;
};

const struct settingdef *setting_by_name(const char *key);
size_t setting_count(void);
const struct settingdef *setting_at(size_t i);

/* `device NAME`; NULL: not grantable, else a sentence on what it is. */
const char *device_help(const char *name);

/* ---- what needs the word `unsafe` (unsafe.def) ---- */

enum unsafe_kind {
	UNSAFE_CALL,   /* what: system call; cond: harmless while the grant stays inside it (NULL: never
			  harmless) */
	UNSAFE_WRITE,  /* what: path or glob; a `write` that meets it or anything below */
	UNSAFE_FAMILY, /* what: family of socknames.def */
	UNSAFE_TYPE,   /* what: type; cond: NULL, or the one FAMILY/TYPE/PROTO that is exempt */
	UNSAFE_RULE,   /* what: low-port, udp-no-from, dns, wide-v4, wide-v6, code-writable, scratch-exec, cap
			  ... */
	UNSAFE_ENV     /* what: glob over variable names that look like secrets */
};

struct unsafe {
	enum unsafe_kind kind;
	const char *what, *cond, *reason;
};

/* All rows of one kind: contiguous, *n of them. */
const struct unsafe *unsafe_rows(enum unsafe_kind kind, size_t *n);
/* Row of exactly that kind and name, or NULL.  For UNSAFE_ENV and UNSAFE_WRITE `what` is matched as a glob.
 */
const struct unsafe *unsafe_find(enum unsafe_kind kind, const char *what);

/* ---- answers (answers.def) ---- */

/* Why a denied call of this name answers ENOSYS (a probe with a fallback); NULL: it answers EPERM. */
const char *answer_enosys(const char *name);

/* ---- kinds of events and walls (walls.def) ---- */

enum kind {
	KIND_SYS,
	KIND_CAP,
	KIND_SOCK,
	KIND_BIND,
	KIND_CONN,
	KIND_PEER_IN,
	KIND_UNIX,
	KIND_PATH,
	KIND_ENV,
	KIND_FD,
	KIND_USE,
	N_KINDS
};

enum wall {
	WALL_SECCOMP,
	WALL_SOCKETS, /* cgroup socket programs */
	WALL_NETNS,   /* own network namespace, and the relay's table of destinations */
	WALL_VIEW,    /* mounts and their flags */
	WALL_LANDLOCK,
	WALL_APPARMOR,
	WALL_CAPS,   /* capability sets, securebits */
	WALL_LIMITS, /* cgroup files, rlimits, timer */
	WALL_LAUNCH, /* what the loader hands over: environment, descriptors */
	N_WALLS
};

enum claim { CLAIM_NONE, CLAIM_BOUND, CLAIM_EXACT };

struct wallrow {
	enum kind kind;
	const char *verb; /* "read", "listen", "use" ...; NULL: every verb of the kind */
	enum wall wall;
	enum claim claim;
	const char *when; /* NULL: always; else the condition, for people */
	const char
	    *example; /* bound: an event beyond the policy; none: why it cannot decide; exact: by what */
};

const char *kind_name(enum kind kind);
const char *wall_name(enum wall wall);
const char *claim_name(enum claim claim);
/* The most specific row; NULL: no row, the wall has nothing to do with it (CLAIM_NONE). */
const struct wallrow *wall_row(enum kind kind, const char *verb, enum wall wall);
size_t wall_count(void);
const struct wallrow *wall_at(size_t i);

/* ---- did you mean ---- */

/*
 * The word of nth(0), nth(1), ... (NULL ends) that is nearest to `word` by compiler/base/nearest.h, NULL if
 * none is near.
 */
const char *nearest(const char *word, const char *(*nth)(size_t));
/* The same for a system call, after the functions of libc and 32-bit names (libc.def): waitpid -> wait4. */
const char *syscall_suggest(const char *word);
const char *nth_syscall(size_t i);
const char *nth_const(size_t i);
const char *nth_group(size_t i);
const char *nth_cap(size_t i);
const char *nth_limit(size_t i);
const char *nth_setting(size_t i);
const char *nth_device(size_t i);
const char *nth_family(size_t i);

/* ---- abpc show (show_tables.c, show_lists.c) ---- */

/* Append text; false: no such name, nothing appended. */
bool show_group(struct buf *b, const char *name);
bool show_call(struct buf *b, const char *name);
bool show_cap(struct buf *b, const char *name);
/* All groups, one a line. */
void show_groups(struct buf *b);
/* A whole table: answers caps devices groups implied limits settings sockopts unsafe walls. */
bool show_list(struct buf *b, const char *name);
const char *nth_list(size_t i);

#endif
