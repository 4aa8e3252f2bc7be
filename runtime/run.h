/*
 * run.h - everything abprun knows about one launch.
 *
 * Three tasks share this struct by fork: the parent (PARENT, stays outside), pid 1 of the run (CHILD, later
 * the reaper) and the program-to-be (TARGET).  Each fills its own copy; what must cross goes over a socket as
 * a struct report.  No heap: all sizes are bounded here, a launch that needs more is refused.
 *
 * A step function returns 0, or -1 after run_why(); the step loop adds the step's name and ends the launch.
 */
#ifndef ABP_RUN_H
#define ABP_RUN_H

#include <limits.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "runtime/bundle.h"

#define RUN_MAX_SLOTS 8
#define RUN_MAX_LEAVES 8
#define RUN_LIMITS_PER_LEAF 8 /* one v2 leaf holds them all */
#define RUN_SECRET_MAX 65536
#define RUN_MIN_FILES 1024 /* RLIMIT_NOFILE of the launcher */
#define RUN_HOST_BLOCK 64u /* host ids per run: the user's own and one per supplementary group */

enum degraded { DEGRADED_APPARMOR = 1, DEGRADED_LANDLOCK = 2, DEGRADED_READBACK = 4 };

/* exit codes of abprun itself; else the program's, 128 + n for a signal */
enum { EXIT_REFUSED = 125, EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127 };

enum outcome {
	OUTCOME_REFUSED, /* the program never ran: run->step names the step */
	OUTCOME_STARTED, /* written at the exec stop */
	OUTCOME_ENDED	 /* run->status, run->limit_hit */
};

/* A file as it was when hashed. */
struct seen {
	char path[PATH_MAX]; /* in the run's view */
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec ctime;
	uint8_t sha256[32];
};

struct slot {
	const char *path, *host; /* argv: D and HOSTDIR */
	int fd;			 /* O_PATH of HOSTDIR, or -1 */
};

/* One limit file of a leaf: what was written and what the kernel answered. */
struct leaf_limit {
	char file[40];	   /* "pids.max", "memory.limit_in_bytes" */
	char expected[48]; /* as text, without newline */
	char observed[48];
	char fact[24]; /* "limits.memory", "limits.swap", ... */
};

struct leaf {
	char controllers[32];  /* "memory", "pids", "cpu", "freezer"; "" for the v2 leaf */
	char dir[PATH_MAX];    /* on the host */
	char cgroup[PATH_MAX]; /* as /proc/PID/cgroup shows it to the parent */
	int version;	       /* 1 or 2 */
	int fd;		       /* O_PATH|O_DIRECTORY of dir */
	int n_limits;
	struct leaf_limit limit[RUN_LIMITS_PER_LEAF];
};

/* What the target's task says about itself before the first GO.  `child` in the evidence: never proof. */
struct self_report {
	uint32_t securebits, no_new_privs, dumpable, pdeathsig, umask_, personality;
	int32_t landlock_abi;
	/* canaries: errno observed, 0 = the attempt succeeded, -1 = not tried */
	int32_t open_before, open_after, write_after, exec_after, net_after, unshare_after;
	int32_t unshare_killed; /* the throw-away child died of SIGSYS: on-deny kill */
	char hostname[65];
	char cwd[256];
};

/* Values of the sysctls that pid 1 wrote through its private procfs, read back; -1 = does not exist here. */
struct sysctls {
	int64_t max_user, max_mnt, max_pid, max_net, max_ipc, max_uts, max_cgroup, max_time;
	int64_t memfd_noexec;
};

struct task {
	pid_t pid; /* in the parent's pid namespace */
	int pidfd;
	int proc; /* O_PATH of /proc/PID, or -1 */
};

/* The filter as the parent saw it pass through the seccomp(2) call of the target (ptrace). */
struct traced_filter {
	int seen;	 /* the call was entered and returned 0 */
	int equal;	 /* its instructions are the bundle's, byte for byte */
	uint32_t length; /* instructions */
};

struct run {
	/* --- the command line --- */
	const char *bundle_path, *evidence_path, *digest, *program;
	char **argv; /* of the program, argv[0] = program */
	char **environ_;
	int status_fd;		 /* or -1 */
	uint32_t allow_degraded; /* enum degraded */
	struct slot slot[RUN_MAX_SLOTS];
	int n_slots;

	/* --- the bundle --- */
	struct bundle b;
	uint8_t bundle_sha256[32]; /* of the whole file */
	uint8_t loader_sha256[32]; /* of /proc/self/exe */

	/* --- the machine --- */
	int rootless;	   /* euid != 0, or not in the initial user namespace */
	int kernel[2];	   /* major, minor */
	int landlock_abi;  /* 0: none */
	uint64_t nofile;   /* RLIMIT_NOFILE, soft, as it was inherited */
	int swap_exists;   /* /proc/swaps has a line */
	uint32_t degraded; /* what is in fact off */
	char kernel_release[65];

	/* --- the target --- */
	struct seen target, interp; /* interp.path "" for a static program */
	int target_fd;		    /* the parent's, O_RDONLY|O_CLOEXEC, only hashed */

	/* --- outside the run --- */
	struct leaf leaf[RUN_MAX_LEAVES];
	int n_leaves;
	uint32_t sock_id[ABPB_N_HOOKS]; /* of the programs attached to the v2 leaf; 0: none */
	int v2;				/* index of the v2 leaf, or -1 */
	char name[40];			/* "abp-PID-RANDOM": the leaves' name */
	uid_t host_uid;
	gid_t host_gid;
	int id_lock;			/* holds the lock on the host ids */
	char uid_map[64], gid_map[512]; /* as written: "INSIDE OUTSIDE 1\n" lines */
	int mount_fd[BUNDLE_MAX_VIEW];	/* detached mount per view entry, or -1 */
	int root_fd, canary_fd, ruleset_fd;
	uid_t disk_uid[BUNDLE_MAX_VIEW]; /* owner on disk of a write grant; (uid_t)-1 = not idmapped */

	/* --- the tasks --- */
	struct task reaper, target_task;
	int control[2]; /* parent <-> pid 1: [0] the parent's end */
	int go[2];	/* parent <-> target: [0] the parent's end; ABP_FD_GO in the target */
	uint32_t at;	/* enum step: the row that this task is in */
	int procfs_fd;	/* pid 1: private full procfs, until step sysctl */
	int child_fd;	/* pid 1: SIGCHLD as a descriptor */
	struct self_report self;
	struct sysctls sysctls;
	struct traced_filter traced;

	/* --- what the program is given --- */
	char **envp;	/* sorted by name */
	char *env_text; /* their bytes, a mapping of env_size bytes; wiped when no longer needed */
	size_t env_size;

	/* --- stdio --- */
	int stdio_in[3];  /* what the target gets as 0, 1, 2; -1 = keep */
	int stdio_out[3]; /* the parent's ends; -1 = none */

	/* --- the result --- */
	const char *step; /* of the first failure, else NULL */
	int exit_code;
	int status;	       /* exit status as pid 1 reported it */
	const char *limit_hit; /* "wall", "memory", "pids" or NULL */
	int started;	       /* the exec stop was seen */
	int evidence_fd;       /* temporary file, or -1: owned by evidence.c */
	char evidence_tmp[PATH_MAX];
	char why[512]; /* text of the first failure */
};

/* Keeps the reason of the first failure (printf format; errno text is appended if ERR != 0) and its exit
 * code. */
void run_record(struct run *r, int code, int err, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/*
 * The same as the value of a failed step; 125, or another code (126, 127).  Macros, so that every reader of a
 * call, analysers too, sees that it is -1.
 */
static inline int run_failed(void)
{
	return -1;
}
#define run_exit(r, code, err, ...) (run_record((r), (code), (err), __VA_ARGS__), run_failed())
#define run_why(r, err, ...) run_exit((r), EXIT_REFUSED, (err), __VA_ARGS__)

#endif
