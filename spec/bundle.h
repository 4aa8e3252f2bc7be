/*
 * bundle.h - the one file that abpc writes and abprun maps.
 *
 * The only header both sides of the privilege boundary share.  Everything is
 * little-endian, fixed width, 8-byte aligned, and reached by bounds-checked
 * offsets; there is nothing to parse.
 *
 *   struct abpb_header            64 bytes
 *   struct abpb_section[n]        the table, sorted by (type, arch)
 *   the sections                  each 8-byte aligned, no overlap, no gaps but padding
 *
 * header.sha256 covers every byte after the header.  A string is a uint32_t
 * offset into the STRINGS section; each is NUL-terminated; offset 0 is "".
 */
#ifndef ABP_BUNDLE_H
#define ABP_BUNDLE_H

#include <stdint.h>

#define ABPB_MAGIC "ABPB\r\n\032\n" /* 8 bytes, shows text-mode damage */
#define ABPB_VERSION 1u
#define ABPB_MAX_SIZE (4u << 20)
#define ABPB_MAX_SECTIONS 32u

/* Fixed close-on-exec descriptor numbers of the target (language.md, "Floor"). */
#define ABP_FD_GO 200	    /* the target reads its GO here; read(fd == GO) is in the floor */
#define ABP_FD_TARGET 201   /* execveat(dirfd == TARGET, "", AT_EMPTY_PATH) is in the floor */
#define ABP_FD_MAX_PASS 199 /* highest number that `fd N` and `secret from fd N` may name */

enum abpb_type {
	ABPB_META = 1, /* one struct abpb_meta */
	ABPB_STRINGS,  /* bytes; first byte 0, last byte 0 */
	ABPB_FILTER,   /* struct sock_filter[], the target's; one section per arch */
	ABPB_REAPER,   /* struct sock_filter[], pid 1's own smaller filter; per arch */
	ABPB_VIEW,     /* struct abpb_view[], in mount order (parents first) */
	ABPB_ENV,      /* struct abpb_env[], sorted by name */
	ABPB_LIMITS,   /* struct abpb_limit[], sorted by resource */
	ABPB_GROUPS,   /* uint32_t[], supplementary groups inside */
	ABPB_FDS,      /* uint32_t[], `run { fd N }` */
	ABPB_PROGRAMS, /* struct abpb_program[], what exec grants cover */
	ABPB_MISSING,  /* struct abpb_missing[]: granted, but no wall here can decide it */
	ABPB_SOCK,  /* struct abpb_insn[], one section per enum abpb_hook, which is in its `arch`; all or none
		     */
	ABPB_DESTS, /* struct abpb_dest[]: net host only */
	ABPB_N_TYPES
};

/* AUDIT_ARCH_* of <linux/audit.h>; 0 where a section is not per architecture. */
#define ABPB_ARCH_X86_64 0xC000003Eu
#define ABPB_ARCH_AARCH64 0xC00000B7u

/* Where a socket program is attached; the order is that of attaching. */
enum abpb_hook {
	ABPB_SOCK_CREATE = 1,
	ABPB_BIND4,
	ABPB_BIND6,
	ABPB_CONNECT4,
	ABPB_CONNECT6,
	ABPB_SENDMSG4,
	ABPB_SENDMSG6,
	ABPB_EGRESS,
	ABPB_INGRESS,
	ABPB_N_HOOKS
};
#define ABPB_MAX_INSNS 65536u /* of one socket program */

struct abpb_header {
	uint8_t magic[8];
	uint32_t version;
	uint32_t size; /* of the whole file, bytes */
	uint32_t n_sections;
	uint32_t zero[3];
	uint8_t sha256[32]; /* of bytes 64 .. size */
};

struct abpb_section {
	uint32_t type; /* enum abpb_type */
	uint32_t arch; /* ABPB_ARCH_* or 0 */
	uint32_t off;  /* from the start of the file */
	uint32_t size; /* bytes, a multiple of the record size */
};

enum abpb_net { ABPB_NET_NONE, ABPB_NET_PRIVATE, ABPB_NET_RELAY, ABPB_NET_HOST };
enum abpb_stdio { ABPB_STDIO_PIPE, ABPB_STDIO_NULL, ABPB_STDIO_INHERIT, ABPB_STDIO_TTY };

/* meta.require and meta.flags */
#define ABPB_REQUIRE_APPARMOR 1u
#define ABPB_REQUIRE_LANDLOCK 2u /* at least meta.landlock_abi */
#define ABPB_REQUIRE_READBACK 4u /* `filter-readback`: PTRACE_SECCOMP_GET_FILTER or refuse */
#define ABPB_FLAG_MEMFD 1u	 /* memfd_create is granted: needs vm.memfd_noexec, Linux 6.3 */
#define ABPB_FLAG_KILL 2u	 /* on-deny kill */
#define ABPB_FLAG_ROOTLESS_OK 4u /* net none, private or relay: an ordinary user may launch it */
#define ABPB_FLAG_UNIX 16u	 /* net host and AF_UNIX: needs Landlock's scope of abstract names, ABI 6 */
#define ABPB_FLAG_CALLER_ID 8u	 /* no `run { user }` line: rootless runs use the caller's own id */

struct abpb_meta {
	uint32_t name, version, compiler; /* strings */
	uint32_t net, stdio, require, landlock_abi, flags;
	uint32_t uid, gid; /* inside the run */
	uint32_t workdir, hostname;
	uint32_t program; /* string; "" = any program that an exec grant covers */
	uint32_t zero;
	uint64_t caps;		   /* bit n = capability n */
	uint8_t source_sha256[32]; /* the .abp file, raw bytes */
	uint8_t model_sha256[32];  /* the canonical text, model.abp */
};

/* Resources, in the order of the `limits` table.  Units: bytes, counts, percent of one CPU
 * (150 = 1.5 CPUs), milliseconds. */
enum abpb_resource {
	ABPB_MEMORY,	  /* bytes: memory.max */
	ABPB_SWAP,	  /* bytes: memory.swap.max */
	ABPB_CPU,	  /* percent of one CPU: cpu.max */
	ABPB_PIDS,	  /* count: pids.max = value + 1 (the reaper) */
	ABPB_FILES,	  /* count: RLIMIT_NOFILE */
	ABPB_FILESIZE,	  /* bytes: RLIMIT_FSIZE */
	ABPB_STACK,	  /* bytes: RLIMIT_STACK */
	ABPB_MEMLOCK,	  /* bytes: RLIMIT_MEMLOCK */
	ABPB_CPUTIME,	  /* milliseconds, rounded up to seconds: RLIMIT_CPU */
	ABPB_WALL,	  /* milliseconds: the supervisor's timer */
	ABPB_CONNECTIONS, /* count: relay streams */
	ABPB_N_RESOURCES
};

struct abpb_limit {
	uint32_t resource;
	uint32_t zero;
	uint64_t value;
};

enum abpb_view_kind {
	ABPB_V_TREE,	 /* directory of the host, bound non-recursively (recursive: SUBMOUNTS) */
	ABPB_V_FILE,	 /* one existing file or directory entry, bound by itself */
	ABPB_V_SCRATCH,	 /* own tmpfs: size bytes, inodes (0 = size/4096 + 16) */
	ABPB_V_DEVICE,	 /* single-file bind of /dev/NAME: ro, nosuid, noexec, not nodev */
	ABPB_V_SYMLINK,	 /* path -> target, made by the loader */
	ABPB_V_PROC,	 /* procfs subset=pid,hidepid=ptraceable at path ("/proc") */
	ABPB_V_PROCFILE, /* single file of the host's procfs or sysfs, bound read-only */
	ABPB_V_EXCEPT,	 /* read-only bind of path over itself, inside a write tree */
	ABPB_V_PIN	 /* path bound on itself with the flags of its tree: cannot be renamed */
};

/* view.flags: rights (READ is implied by the other three) and options */
#define ABPB_READ 1u
#define ABPB_WRITE 2u
#define ABPB_LOAD 4u /* mapping as code: the mount is not noexec */
#define ABPB_EXEC 8u /* execve: Landlock EXECUTE, implies LOAD */
#define ABPB_SUBMOUNTS 16u
#define ABPB_SLOT 32u  /* the source is what `abprun --slot PATH=HOSTDIR` names */
#define ABPB_BELOW 64u /* EXCEPT: a directory and everything below it; without: one file, else a refusal */

struct abpb_view {
	uint32_t kind, flags;
	uint32_t path;	 /* string, absolute, in the run's root; PROC single names too */
	uint32_t target; /* symlink: text; else 0 */
	uint64_t size, inodes;
	uint32_t where; /* string "FILE:LINE" of the grant, for messages */
	uint32_t zero;
};

enum abpb_env_kind { ABPB_ENV_PASS, ABPB_ENV_SET, ABPB_ENV_SECRET };

struct abpb_env {
	uint32_t kind;
	uint32_t name;
	uint32_t value; /* SET: string */
	uint32_t fd;	/* SECRET: read to end of file, <= 64 KiB */
};

#define ABPB_PROGRAM_TREE 1u   /* path and everything below it */
#define ABPB_PROGRAM_DIGEST 2u /* sha256 is the pin */

struct abpb_program {
	uint32_t path, flags;
	uint8_t sha256[32];
};

/* A prefix that a `connect` or `proxy` line without `local` covers: no address of the host may be in it. */
struct abpb_dest {
	uint8_t addr[16]; /* IPv4 as ::ffff:a.b.c.d */
	uint32_t bits;	  /* of the 128 */
	uint32_t what;	  /* string: the line */
	uint32_t where;	  /* string "FILE:LINE" */
	uint32_t zero;
};

struct abpb_insn {	    /* struct bpf_insn of <linux/bpf.h>, without its bit fields */
	uint8_t code, regs; /* regs: destination | source << 4 */
	int16_t off;
	int32_t imm;
};

struct abpb_missing {
	uint32_t wall;	/* string: "sockets", "apparmor", "relay", ... */
	uint32_t what;	/* string: the grant as canonical text */
	uint32_t where; /* string "FILE:LINE" */
	uint32_t zero;
};

_Static_assert(sizeof(struct abpb_header) == 64, "header");
_Static_assert(sizeof(struct abpb_section) == 16, "section");
_Static_assert(sizeof(struct abpb_meta) == 128, "meta");
_Static_assert(sizeof(struct abpb_limit) == 16, "limit");
_Static_assert(sizeof(struct abpb_view) == 40, "view");
_Static_assert(sizeof(struct abpb_env) == 16, "env");
_Static_assert(sizeof(struct abpb_program) == 40, "program");
_Static_assert(sizeof(struct abpb_missing) == 16, "missing");
_Static_assert(sizeof(struct abpb_insn) == 8, "insn");
_Static_assert(sizeof(struct abpb_dest) == 32, "dest");

#endif
