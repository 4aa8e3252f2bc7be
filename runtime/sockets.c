/*
 * sockets.c - the eBPF programs: loaded, attached to the run's own leaf before anybody is in it, found again.
 *
 * BPF_F_ALLOW_MULTI: programs of groups above stay in force, and ours cannot be replaced.  No descriptor is
 * kept: a program lives as long as the leaf.  bpf(2); the tag is the first 8 bytes of the digest of the
 * instructions, SHA-256 from Linux 6.18, SHA-1 before.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "compiler/base/sha1.h"
#include "compiler/base/sha256.h"
#include "runtime/sockets.h"
#include "runtime/steps.h"

static const struct hook {
	const char *name;
	enum bpf_prog_type type;
	enum bpf_attach_type attach;
} hook[ABPB_N_HOOKS] = {
    [ABPB_SOCK_CREATE] = {"sock_create", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE},
    [ABPB_BIND4] = {"bind4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND},
    [ABPB_BIND6] = {"bind6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND},
    [ABPB_CONNECT4] = {"connect4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT},
    [ABPB_CONNECT6] = {"connect6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT},
    [ABPB_SENDMSG4] = {"sendmsg4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG},
    [ABPB_SENDMSG6] = {"sendmsg6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG},
    [ABPB_EGRESS] = {"egress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS},
    [ABPB_INGRESS] = {"ingress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS},
};

const char *sockets_name(uint32_t h)
{
	return hook[h].name;
}

int sockets_raised(const struct run *r)
{
	return r->b.sock[ABPB_SOCK_CREATE] && !r->rootless;
}

static int bpf(enum bpf_cmd cmd, union bpf_attr *a)
{
	return (int)syscall(SYS_bpf, cmd, a, sizeof *a);
}

static uint64_t ptr(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

static int load(const struct run *r, uint32_t h)
{
	union bpf_attr a;

	memset(&a, 0, sizeof a);
	a.prog_type = hook[h].type;
	a.expected_attach_type = hook[h].attach;
	a.insns = ptr(r->b.sock[h]);
	a.insn_cnt = r->b.n_sock[h];
	a.license = ptr("Dual BSD/GPL");
	snprintf(a.prog_name, sizeof a.prog_name, "abp_%s", hook[h].name);
	return bpf(BPF_PROG_LOAD, &a);
}

static int attach(const struct run *r, uint32_t h, int prog)
{
	union bpf_attr a;

	memset(&a, 0, sizeof a);
	a.target_fd = (uint32_t)r->leaf[r->v2].fd;
	a.attach_bpf_fd = (uint32_t)prog;
	a.attach_type = hook[h].attach;
	a.attach_flags = BPF_F_ALLOW_MULTI;
	return bpf(BPF_PROG_ATTACH, &a);
}

/* The id and tag of an open program. */
static int identity(int prog, uint32_t *id, uint8_t tag[8])
{
	struct bpf_prog_info info;
	union bpf_attr a;

	memset(&a, 0, sizeof a);
	memset(&info, 0, sizeof info);
	a.info.bpf_fd = (uint32_t)prog;
	a.info.info_len = sizeof info;
	a.info.info = ptr(&info);
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &a))
		return -1;
	*id = info.id;
	memcpy(tag, info.tag, 8);
	return 0;
}

int sockets_query(const struct run *r, uint32_t h, uint32_t *id, uint8_t tag[8])
{
	uint32_t ids[4];
	union bpf_attr a;

	memset(&a, 0, sizeof a);
	a.query.target_fd = (uint32_t)r->leaf[r->v2].fd;
	a.query.attach_type = hook[h].attach;
	a.query.prog_ids = ptr(ids);
	a.query.prog_cnt = 4;
	if (bpf(BPF_PROG_QUERY, &a))
		return -1;
	if (a.query.prog_cnt != 1 || a.query.attach_flags != BPF_F_ALLOW_MULTI) {
		errno = EBUSY;
		return -1;
	}
	uint32_t found = ids[0];
	memset(&a, 0, sizeof a);
	a.prog_id = found;
	int fd = bpf(BPF_PROG_GET_FD_BY_ID, &a);
	if (fd < 0)
		return -1;
	int rc = identity(fd, id, tag);
	close(fd);
	return rc;
}

static void tag_text(char *out, const char *form, const uint8_t tag[8])
{
	int n = snprintf(out, 32, "%s:", form);

	for (int i = 0; i < 8; i++)
		n += snprintf(out + n, (size_t)(32 - n), "%02x", tag[i]);
}

void sockets_tag(const struct run *r, uint32_t h, const uint8_t tag[8], char *want, char *seen)
{
	uint8_t new[32], old[20];
	size_t n = r->b.n_sock[h] * sizeof(struct abpb_insn);

	sha256(r->b.sock[h], n, new);
	sha1(r->b.sock[h], n, old);
	int is_old = !memcmp(tag, old, 8);
	tag_text(want, is_old ? "sha1" : "sha256", is_old ? old : new);
	tag_text(seen, is_old ? "sha1" : "sha256", tag);
}

static int raise_one(struct run *r, uint32_t h)
{
	uint32_t mine, found;
	uint8_t tag[8], again[8];
	char want[32], seen[32];
	int prog = load(r, h);

	if (prog < 0)
		return run_why(r, errno, "loading the socket program of %s", hook[h].name);
	if (identity(prog, &mine, tag))
		return run_why(r, errno, "the socket program of %s", hook[h].name);
	if (attach(r, h, prog))
		return run_why(r, errno, "attaching the socket program of %s", hook[h].name);
	close(prog);
	if (sockets_query(r, h, &found, again))
		return run_why(r, errno, "finding the socket program of %s again", hook[h].name);
	sockets_tag(r, h, again, want, seen);
	if (found != mine || memcmp(tag, again, 8) || strcmp(want, seen))
		return run_why(r, 0, "%s: program %u with tag %s is attached, not %u with %s", hook[h].name,
			       found, seen, mine, want);
	r->sock_id[h] = mine;
	return 0;
}

int step_sockets(struct run *r)
{
	if (!r->b.sock[ABPB_SOCK_CREATE])
		return 0;
	if (r->rootless) { /* the policy said it accepts that: language.md section 1, `walls agree` */
		dprintf(2,
			"abprun: socket programs need root: inside the run's own network namespace, bind and "
			"connect are not decided\n");
		return 0;
	}
	if (r->v2 < 0)
		return run_why(r, 0,
			       "the socket programs need a v2 control group hierarchy, and none is mounted");
	for (uint32_t h = 1; h < ABPB_N_HOOKS; h++)
		if (raise_one(r, h))
			return -1;
	return 0;
}
