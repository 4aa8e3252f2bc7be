/*
 * sockets_kernel.c - random policies in the kernel: every decision against the rules, read one by one.
 *
 * In a network namespace of its own where every address is local, so that connect(2) of a datagram socket is
 * a pure decision: EPERM or not.  Packet programs run by BPF_PROG_TEST_RUN.  N=10: that many policies
 * (default 4).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/sockets_gen.h"
#include "tests/unit/unit.h"

static const struct {
	enum bpf_prog_type type;
	enum bpf_attach_type attach;
} hook[ABPB_N_HOOKS] = {
    [ABPB_SOCK_CREATE] = {BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE},
    [ABPB_BIND4] = {BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND},
    [ABPB_BIND6] = {BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND},
    [ABPB_CONNECT4] = {BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT},
    [ABPB_CONNECT6] = {BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT},
    [ABPB_SENDMSG4] = {BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG},
    [ABPB_SENDMSG6] = {BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG},
    [ABPB_EGRESS] = {BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS},
    [ABPB_INGRESS] = {BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS},
};

static unsigned long passed, failed;

int unit_check(int ok, const char *file, unsigned line, const char *what, const char *fmt, ...)
{
	(void)file, (void)line, (void)what, (void)fmt;
	return ok;
}

static int bpf(enum bpf_cmd cmd, union bpf_attr *a)
{
	return (int)syscall(SYS_bpf, cmd, a, sizeof *a);
}

static int load(const struct gen *g, enum abpb_hook h)
{
	union bpf_attr a;
	memset(&a, 0, sizeof a);
	a.prog_type = hook[h].type;
	a.expected_attach_type = hook[h].attach;
	a.insns = (uint64_t)(uintptr_t)g->insns[h].data;
	a.insn_cnt = (uint32_t)(g->insns[h].len / 8);
	a.license = (uint64_t)(uintptr_t) "Dual BSD/GPL";
	return bpf(BPF_PROG_LOAD, &a);
}

static int attached(int cgroup, int prog, enum abpb_hook h, enum bpf_cmd cmd)
{
	union bpf_attr a;
	memset(&a, 0, sizeof a);
	a.target_fd = (uint32_t)cgroup;
	a.attach_bpf_fd = (uint32_t)prog;
	a.attach_type = hook[h].attach;
	a.attach_flags = cmd == BPF_PROG_ATTACH ? BPF_F_ALLOW_MULTI : 0;
	return bpf(cmd, &a);
}

static void judge(const struct gen *g, enum abpb_hook h, const struct sock_input *in, int allowed)
{
	int want = gen_want(g, h, in), sim = gen_run(g->insns[h].data, g->insns[h].len, h, in);
	if (allowed == want && sim == want) {
		passed++;
		return;
	}
	if (failed++ < 10)
		printf("FAIL %s: kernel %d, rules %d, simulator %d; proto %u %x:%x:%x:%x port %u; %x %u -> "
		       "%x %u flags %x\n",
		       hook_def(h)->name, allowed, want, sim, in->proto, in->addr[0], in->addr[1],
		       in->addr[2], in->addr[3], in->port, in->src[3], in->sport, in->dst[3], in->dport,
		       in->flags);
}

/* connect and bind of sockets of this task; only EPERM is the program's answer. */
static void calls(const struct gen *g, enum abpb_hook h, uint64_t *seed, unsigned n)
{
	bool v6 = hook_def(h)->v6, binds = h == ABPB_BIND4 || h == ABPB_BIND6;
	int fd = -1;
	for (unsigned i = 0; i < n; i++) {
		struct sock_input in;
		struct sockaddr_in a4 = {.sin_family = AF_INET};
		struct sockaddr_in6 a6 = {.sin6_family = AF_INET6};
		gen_input(g, h, seed, &in);
		in.proto = binds && i % 2 ? 6 : 17;
		a4.sin_port = a6.sin6_port = htons((uint16_t)in.port);
		in.port &= 0xffff;
		a4.sin_addr.s_addr = htonl(in.addr[3]);
		for (unsigned k = 0; k < 4; k++)
			a6.sin6_addr.s6_addr32[k] = htonl(in.addr[k]);
		const struct sockaddr *a = v6 ? (const void *)&a6 : (const void *)&a4;
		socklen_t len = v6 ? sizeof a6 : sizeof a4;
		if (fd < 0)
			fd = socket(v6 ? AF_INET6 : AF_INET, in.proto == 6 ? SOCK_STREAM : SOCK_DGRAM, 0);
		int rc = binds ? bind(fd, a, len) : connect(fd, a, len);
		judge(g, h, &in, !(rc && errno == EPERM));
		if (binds) {
			close(fd);
			fd = -1;
		}
	}
	if (fd >= 0)
		close(fd);
}

/* An Ethernet frame: the kernel takes the protocol from it and gives the program the rest. */
static unsigned frame(const struct sock_input *in, uint8_t f[128])
{
	bool v4 = in->ether == 0x0800;
	uint8_t *p = f + 14;
	memset(f, 0, 128);
	f[12] = (uint8_t)(in->ether >> 8), f[13] = (uint8_t)in->ether;
	p[0] = in->first;
	if (v4)
		p[6] = (uint8_t)(in->frag >> 8), p[7] = (uint8_t)in->frag;
	p[v4 ? 9 : 6] = (uint8_t)in->proto;
	for (unsigned i = v4 ? 3 : 0; i < 4; i++) {
		uint32_t s = htonl(in->src[i]), d = htonl(in->dst[i]);
		memcpy(p + (v4 ? 12 : 8 + 4 * i), &s, 4);
		memcpy(p + (v4 ? 16 : 24 + 4 * i), &d, 4);
	}
	uint8_t *t = p + (v4 ? 20 : 40);
	t[0] = (uint8_t)(in->sport >> 8), t[1] = (uint8_t)in->sport;
	t[2] = (uint8_t)(in->dport >> 8), t[3] = (uint8_t)in->dport;
	t[13] = in->flags;
	return 14 + 64;
}

static void packets(const struct gen *g, enum abpb_hook h, int prog, uint64_t *seed, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct sock_input in;
		uint8_t f[128];
		union bpf_attr a;
		gen_input(g, h, seed, &in);
		in.length = 64;
		in.proto &= 0xff;
		memset(&a, 0, sizeof a);
		a.test.prog_fd = (uint32_t)prog;
		a.test.data_in = (uint64_t)(uintptr_t)f;
		a.test.data_size_in = frame(&in, f);
		if (bpf(BPF_PROG_TEST_RUN, &a)) {
			if (failed++ < 10)
				printf("FAIL %s: test run: %s\n", hook_def(h)->name, strerror(errno));
			return;
		}
		judge(g, h, &in, a.test.retval == 1);
	}
}

static void policy(uint64_t *seed, unsigned rules, int cgroup)
{
	struct arena *a = arena_new();
	struct gen *g = gen_rules(a, seed, rules);
	int prog[ABPB_N_HOOKS];
	if (!g || !gen_emit(g)) {
		failed++;
		return;
	}
	for (enum abpb_hook h = 1; h < ABPB_N_HOOKS; h++) {
		prog[h] = load(g, h);
		if (prog[h] < 0 && failed++ < 10)
			printf("FAIL %s: the kernel refuses the program: %s\n", hook_def(h)->name,
			       strerror(errno));
	}
	for (enum abpb_hook h = ABPB_BIND4; h <= ABPB_CONNECT6; h++) {
		bool binds = h == ABPB_BIND4 || h == ABPB_BIND6;
		if (attached(cgroup, prog[h], h, BPF_PROG_ATTACH))
			failed++;
		calls(g, h, seed, binds ? 10000 : 100000);
		attached(cgroup, prog[h], h, BPF_PROG_DETACH);
	}
	packets(g, ABPB_EGRESS, prog[ABPB_EGRESS], seed, 25000);
	packets(g, ABPB_INGRESS, prog[ABPB_INGRESS], seed, 25000);
	for (enum abpb_hook h = 1; h < ABPB_N_HOOKS; h++)
		close(prog[h]);
	arena_free(a);
}

static void write_to(const char *dir, const char *file, const char *text)
{
	char path[300];
	snprintf(path, sizeof path, "%s/%s", dir, file);
	int fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		failed++;
	close(fd);
}

int main(void)
{
	const char *top =
	    access("/sys/fs/cgroup/unified", F_OK) ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified";
	char dir[200];
	uint64_t seed = 11;
	unsigned n = getenv("N") ? (unsigned)strtoul(getenv("N"), NULL, 10) : 4;
	if (geteuid()) {
		puts("skipped sockets_kernel: loading programs needs root\n0 passed, 0 failed, 1 skipped");
		return 0;
	}
	snprintf(dir, sizeof dir, "%s/abp-test-sockets-%d", top, (int)getpid());
	if (unshare(CLONE_NEWNET) ||
	    system("ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 "
		   "dev lo") ||
	    mkdir(dir, 0755)) {
		printf("no namespace or no control group v2: %s\n0 passed, 1 failed\n", strerror(errno));
		return 1;
	}
	int cgroup = open(dir, O_RDONLY | O_DIRECTORY);
	write_to(dir, "cgroup.procs", "0");
	for (unsigned i = 0; i < n; i++)
		policy(&seed, i % 4 == 3 ? 300 : 5 + 10 * i, cgroup);
	write_to(top, "cgroup.procs", "0");
	close(cgroup);
	failed += rmdir(dir) != 0;
	printf("%lu passed, %lu failed\n", passed, failed);
	return failed > 0;
}
