/*
 * model.h - what a unit means: its grants, each with its set, the settings, and where everything came from.
 *
 * Made by resolve, judged by check, read by every backend; knows nothing of the syntax tree but spans.
 */
#ifndef ABP_MODEL_H
#define ABP_MODEL_H

#include "compiler/base/diag.h"
#include "compiler/evset.h"

/* ---- system-call conditions in normal form ---------------------------- */

struct range {
	uint64_t lo, hi; /* inclusive, unsigned */
};
/* (argument & mask) in one of the ranges.  Ranges are sorted, disjoint, not adjacent, and only reach values
 * that
 * `& mask` can give; mask is within the argument's width (bits above never matter). */
struct atom {
	uint8_t arg;   /* 0..5 */
	uint8_t width; /* 32 or 64 */
	uint64_t mask;
	VEC(struct range) in;
};
typedef VEC(struct atom) atom_list;
struct term { /* all atoms hold; no atoms: always.  Sorted by (arg, mask); no two with the same arg and mask.
	       */
	atom_list atoms;
};
typedef VEC(struct term) term_list;
struct rule { /* nr is permitted iff one of the terms holds */
	uint16_t nr;
	term_list terms; /* sorted; no term implied by the rest */
	bdd set;	 /* the same over all SYS variables, nr included */
};
typedef VEC(struct rule) rule_list;

/* ---- grants ----------------------------------------------------------- */

enum grant_kind {
	G_CALL,
	G_CAP,
	G_NET,
	G_SOCK,
	G_UNIX,
	G_HOST,
	G_PROXY,
	G_PATH,
	G_SCRATCH,
	G_DEVICE,
	G_SYMLINK,
	G_PASS,
	G_SETTING_FD,
	G_LIMIT,
	G_FLOOR
};

struct origin {			 /* import chain: who brought the line in; NULL = the unit itself */
	const struct origin *up; /* the importer's own origin */
	const char *module;	 /* "abp.base 1.0.0" */
	struct span at;		 /* the import line */
};

struct import_line {	  /* one of the closure: an edge between units */
	const char *from; /* "abp.python 3.11.0"; NULL: the unit itself */
	const char *to;
	struct span at;
	bool is_unsafe; /* the line says unsafe */
};

struct netgrant { /* kept beside the sets: what the author wrote, for messages, print and the socket backend
		   */
	const char *verb; /* connect, listen, bind */
	bool tcp, udp, loopback_only, local, has_from, any;
	const char *as;	  /* NULL: none */
	uint32_t n_ports; /* of the widest end */
};

struct place { /* a path-like grant, for the view; `pass`: pattern is the name */
	enum right right;
	const char *pattern; /* as written */
	const char *dir;     /* trees: the directory; globs: the literal prefix directory; else the name */
	bool tree, glob, proc, submounts, slot, exec; /* exec: scratch ... exec; proc: below /proc or /sys */
	VEC(const char *) except;		      /* patterns */
	const uint8_t *digest;			      /* 32 bytes; NULL: none */
	uint64_t size, inodes;			      /* scratch */
	const char *target;			      /* symlink */
};

struct grant {
	enum grant_kind kind;
	struct span at;	     /* the item */
	const char *text;    /* canonical item, parses as a line: "read /usr/lib/x", "allow ioctl(request ==
				TIOCGWINSZ)" */
	const char *because; /* NULL: none */
	bool is_unsafe;	     /* the line says unsafe */
	struct span unsafe_at;
	unsigned arch; /* bit per enum arch: where it holds */
	const struct origin *origin;
	int implied_by;		 /* index into grants; -1: written by an author */
	const char *implied_why; /* the table's reason */
	struct evset set;
	union {
		struct netgrant net;
		struct place place;
		struct {
			uint16_t nr[N_ARCH];
			term_list terms[N_ARCH];
		} call; /* nr 0xffff: not on that arch */
	} u;
};
typedef VEC(struct grant) grant_list;

struct pattern { /* a `never` line item or a test item */
	struct span at;
	const char *text;
	const char *because;
	const struct origin *origin;
	struct evset set;
};
typedef VEC(struct pattern) pattern_list;

struct test_line {
	bool deny;
	struct pattern p;
};
struct test_block {
	const char *title;
	struct span at;
	VEC(struct test_line) lines;
};

/* ---- settings --------------------------------------------------------- */

enum net_mode { NET_NONE, NET_PRIVATE, NET_RELAY, NET_HOST };
enum stdio_mode { STDIO_PIPE, STDIO_NULL, STDIO_INHERIT, STDIO_TTY };

struct settings {
	uint32_t uid, gid;
	VEC(uint32_t) groups;
	const char *workdir, *hostname, *program; /* program NULL: any */
	enum net_mode net;
	enum stdio_mode stdio;
	bool has_user, has_net, on_deny_kill, require_apparmor, require_readback;
	uint32_t landlock_abi; /* 0: not required */
	struct span user_at, net_at, stdio_at, program_at, workdir_at;
	const char *net_because; /* NULL: none */
	VEC(uint32_t) fds;
};

struct envset {
	const char *name, *value;
	struct span at;
};
struct secret {
	const char *name;
	uint32_t fd;
	struct span at;
};

struct limit {
	bool set;
	uint64_t value; /* bytes, count, percent, milliseconds */
	struct span at;
};
enum { MODEL_RESOURCES = 11 }; /* enum abpb_resource */

/* A granted event that no wall of this version decides: abprun refuses by this name. */
struct missing {
	const char *wall; /* "sockets", "apparmor", "relay" */
	const char *what; /* the grant's text */
	struct span at;
};

struct unit_ref {		    /* one file of the closure */
	const char *name, *version; /* "abp.base", "1.0.0" */
	bool ceiling;
	uint8_t sha256[32]; /* raw bytes */
	const char *file;
};

struct model;
struct ceiling {
	const char *name; /* "acme.egress-ceiling 1.0.0" */
	struct span at;	  /* the within line */
	struct model *m;
};

enum model_kind { MODEL_POLICY, MODEL_MODULE, MODEL_CEILING };

struct model {
	enum model_kind kind;
	const struct source *src;
	const char *name, *version, *title, *owner; /* title, owner NULL: none */
	struct span name_at;
	unsigned archs; /* bit per enum arch that is being built */

	grant_list grants;	 /* author's lines first, then what they imply; the floor last */
	struct evset all;	 /* the union: what is permitted */
	rule_list calls[N_ARCH]; /* the same as all.k[K_SYS + arch], as rules sorted by nr */

	pattern_list nevers; /* inherited ones too */
	VEC(struct test_block) tests;
	VEC(struct ceiling) ceilings;
	struct settings run;
	VEC(struct envset) sets;
	VEC(struct secret) secrets;
	struct limit limits[MODEL_RESOURCES];
	VEC(struct missing) missing;
	VEC(struct import_line)
	imports;		      /* every one of the closure, of modules that came in by another too */
	VEC(struct unit_ref) closure; /* sorted by name; without the unit itself */
	uint8_t source_sha256[32];
	bool has_within, has_import;
	const uint32_t
	    *frequency[N_ARCH]; /* per number of the table, for the shape of filters; NULL: not known */
	bool has_frequency;
	uint8_t frequency_sha256[32]; /* of the file */
	bool filter_only;	      /* without the floor: a filter to measure, nothing to launch */
};

/* ---- resolve: text to model ------------------------------------------- */

struct loadpath {
	const char *const *dirs; /* -I, in order; after them the built-in modules (builtin.h) are searched */
	size_t n;
};

/*
 * Read FILE and everything it imports, resolve names to numbers, and build the model.  archs: bit per enum
 * arch, and RESOLVE_FILTER_ONLY for a model without the floor. Errors are queued in d; returns NULL only if
 * there was no unit to build.  Checks that need the whole model (laws) are in check.h.
 */
enum { RESOLVE_FILTER_ONLY = 1 << 30 };
struct model *resolve_file(struct sets *s, struct diags *d, const char *file, const struct loadpath *path,
			   unsigned archs);
/* The same for text in memory (round trips, fuzzing). */
struct model *resolve_source(struct sets *s, struct diags *d, const struct source *src,
			     const struct loadpath *path, unsigned archs);
/*
 * A pattern as on the command line of `abpc why` ("connect tcp 10.0.0.1:443"), resolved against the policy m
 * (its symlinks are followed).  false: errors queued.
 */
bool resolve_pattern(struct sets *s, struct diags *d, const struct model *m, const char *text,
		     pattern_list *out);

/* ---- model.c ---------------------------------------------------------- */

/* "FILE:LINE" of a span. */
const char *model_where(struct arena *a, struct span at);
/* The canonical text: one self-contained policy without imports; parse(print(m)) == m. */
void model_print(struct sets *s, const struct model *m, struct buf *out);
/* Same events, same settings. */
bool model_equal(struct sets *s, const struct model *x, const struct model *y);
/* A term as the language writes it: "level == 1 and optname in {2, 9}"; names of constants where known. */
void term_print(struct buf *out, enum arch arch, uint16_t nr, const struct term *t);

#endif
