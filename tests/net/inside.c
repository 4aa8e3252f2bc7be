/*
 * inside.c - attempts on the network from inside a run.  "NAME RESULT" a line: ok, a value, or the name of an
 * errno.
 *
 *   inside attempts    one after the other
 *   inside serve N     listeners and datagram sockets for N seconds or until a datagram "q"; prints their
 * ports, then what arrived
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/if_packet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ARRAY(a) (sizeof(a) / sizeof *(a))
#define PEER4 "10.9.0.2"
#define OWN4 "10.9.0.1"
#define PEER6 "fd09::2"
#define OWN6 "fd09::1"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static void say(const char *name, int rc)
{
	printf("%s %s\n", name, rc >= 0 ? "ok" : errno == ETIME ? "silence" : strerrorname_np(errno));
}

static socklen_t address(union address *a, const char *host, uint16_t port)
{
	memset(a, 0, sizeof *a);
	if (strchr(host, ':')) {
		a->v6.sin6_family = AF_INET6;
		a->v6.sin6_port = htons(port);
		inet_pton(AF_INET6, host, &a->v6.sin6_addr);
		return sizeof a->v6;
	}
	a->v4.sin_family = AF_INET;
	a->v4.sin_port = htons(port);
	inet_pton(AF_INET, host, &a->v4.sin_addr);
	return sizeof a->v4;
}

static int sock(int family, int type)
{
	return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Closes fd and keeps errno. */
static int done(int fd, int rc)
{
	int e = errno;
	if (fd >= 0)
		close(fd);
	errno = e;
	return rc;
}

/* The end of a connection attempt. */
static int settled(int fd)
{
	struct pollfd p = {fd, POLLOUT, 0};
	int e = 0;
	socklen_t n = sizeof e;
	if (poll(&p, 1, 1000) != 1) {
		errno = ETIME;
		return -1;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n))
		return -1;
	errno = e;
	return e ? -1 : 0;
}

static int tcp(int family, const char *host, uint16_t port)
{
	union address a;
	socklen_t n = address(&a, host, port);
	int fd = sock(family, SOCK_STREAM), rc = fd < 0 ? -1 : connect(fd, &a.any, n);
	if (rc && fd >= 0 && errno == EINPROGRESS)
		rc = settled(fd);
	return done(fd, rc);
}

static int fastopen(uint16_t port, int option)
{
	union address a;
	socklen_t n = address(&a, PEER4, port);
	int fd = sock(AF_INET, SOCK_STREAM), one = 1, rc = -1;
	if (fd >= 0 && option)
		rc = setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &one, sizeof one)
			 ? -1
			 : connect(fd, &a.any, n);
	else if (fd >= 0)
		rc = (int)sendto(fd, "x", 1, MSG_FASTOPEN, &a.any, n);
	if (rc < 0 && errno == EINPROGRESS)
		rc = settled(fd);
	return done(fd, rc);
}

/* One datagram; echo: the answer has to come. */
static int udp(int family, const char *host, uint16_t port, uint16_t own, int echo)
{
	union address a, me;
	socklen_t n = address(&a, host, port), k = address(&me, OWN4, own);
	int fd = sock(family, SOCK_DGRAM), rc = fd < 0 ? -1 : 0;
	char buf[8];
	if (!rc && own)
		rc = bind(fd, &me.any, k);
	if (!rc)
		rc = sendto(fd, "x", 1, 0, &a.any, n) == 1 ? 0 : -1;
	struct pollfd p = {fd, POLLIN, 0};
	if (!rc && echo && (poll(&p, 1, 1000) != 1 || recv(fd, buf, sizeof buf, 0) != 1)) {
		errno = ETIME;
		rc = -1;
	}
	return done(fd, rc);
}

static int udp_connected(uint16_t port)
{
	union address a;
	socklen_t n = address(&a, PEER4, port);
	int fd = sock(AF_INET, SOCK_DGRAM), rc = fd < 0 ? -1 : connect(fd, &a.any, n);
	if (!rc)
		rc = send(fd, "x", 1, 0) == 1 ? 0 : -1;
	return done(fd, rc);
}

/* Connected to what is granted, then elsewhere by sendto. */
static int udp_detour(int unspec)
{
	union address a, b;
	socklen_t n = address(&a, PEER4, 5353), k = address(&b, PEER4, 5354);
	const struct sockaddr none = {.sa_family = AF_UNSPEC};
	int fd = sock(AF_INET, SOCK_DGRAM), rc = fd < 0 ? -1 : connect(fd, &a.any, n);
	if (!rc && unspec)
		rc = connect(fd, &none, sizeof none);
	if (!rc)
		rc = sendto(fd, "x", 1, 0, &b.any, k) == 1 ? 0 : -1;
	return done(fd, rc);
}

static int udp_unspec(void)
{
	union address a;
	socklen_t n = address(&a, PEER4, 5354);
	a.v4.sin_family = AF_UNSPEC;
	int fd = sock(AF_INET, SOCK_DGRAM);
	return done(fd, fd < 0 || sendto(fd, "x", 1, 0, &a.any, n) != 1 ? -1 : 0);
}

static int udp_msg(const char *host, uint16_t port, int many, const void *control, size_t control_n)
{
	union address a;
	socklen_t n = address(&a, host, port);
	struct iovec v = {(char[]){'x'}, 1};
	struct mmsghdr m = {.msg_hdr = {.msg_name = &a, .msg_namelen = n, .msg_iov = &v, .msg_iovlen = 1}};
	union {
		struct cmsghdr align;
		char bytes[64];
	} c = {.bytes = {0}};
	memcpy(c.bytes, control ? control : "", control_n);
	m.msg_hdr.msg_control = control ? c.bytes : NULL;
	m.msg_hdr.msg_controllen = control_n;
	int fd = sock(strchr(host, ':') ? AF_INET6 : AF_INET, SOCK_DGRAM), rc = -1;
	if (fd >= 0)
		rc = many ? sendmmsg(fd, &m, 1, 0) : (int)sendmsg(fd, &m.msg_hdr, 0);
	return done(fd, rc);
}

/* A first hop that is not granted: RFC 8754 (type 4) by option, RFC 6275 (type 2) by control message. */
static void routing_header(uint8_t out[40])
{
	memset(out, 0, 40);
	out[1] = 4, out[2] = 4, out[3] = 1, out[4] = 1; /* length, type, segments left, last entry */
	inet_pton(AF_INET6, PEER6, out + 8);
	inet_pton(AF_INET6, "fd09::3", out + 24);
}

static int rthdr(int by_option)
{
	uint8_t h[40];
	routing_header(h);
	if (!by_option) {
		struct { /* struct cmsghdr and its data */
			size_t len;
			int level, type;
			uint8_t h[24];
		} c = {.len = sizeof c, .level = IPPROTO_IPV6, .type = IPV6_RTHDR};
		c.h[1] = 2, c.h[2] = 2, c.h[3] = 1;
		inet_pton(AF_INET6, "fd09::3", c.h + 8);
		return udp_msg(PEER6, 5353, 0, &c, sizeof c);
	}
	union address a;
	socklen_t n = address(&a, PEER6, 5353);
	int fd = sock(AF_INET6, SOCK_DGRAM), rc = -1;
	if (fd >= 0 && !setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, h, sizeof h))
		rc = (int)sendto(fd, "x", 1, 0, &a.any, n);
	return done(fd, rc);
}

static int option(int type, int level, int name, const void *value, socklen_t n)
{
	int fd = sock(AF_INET, type);
	return done(fd, fd < 0 ? -1 : setsockopt(fd, level, name, value, n));
}

/* A member's report carries the group: IGMP must not be sent at all. */
static int membership(void)
{
	struct ip_mreqn m = {.imr_ifindex = 0};
	inet_pton(AF_INET, "239.222.173.1", &m.imr_multiaddr);
	inet_pton(AF_INET, OWN4, &m.imr_address);
	return option(SOCK_DGRAM, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m);
}

static int bound(int family, int type, const char *host, uint16_t port)
{
	union address a;
	socklen_t n = address(&a, host, port);
	int fd = sock(family, type);
	return done(fd, fd < 0 ? -1 : bind(fd, &a.any, n));
}

static int bound_unspec(void)
{
	union address a;
	socklen_t n = address(&a, "0.0.0.0", 8000);
	a.v4.sin_family = AF_UNSPEC;
	int fd = sock(AF_INET, SOCK_STREAM);
	return done(fd, fd < 0 ? -1 : bind(fd, &a.any, n));
}

/* Which of all ports can be bound, as one range. */
static void bind_range(const char *name, int family, const char *host)
{
	unsigned n = 0, first = 0, last = 0;
	for (unsigned p = 1; p < 65536; p++)
		if (!bound(family, SOCK_STREAM, host, (uint16_t)p) || errno == EADDRINUSE) {
			first = n++ ? first : p;
			last = p;
		}
	printf("%s %u-%u/%u\n", name, first, last, n);
}

static int uring(void)
{
	char p[256] = {0};
	return (int)syscall(SYS_io_uring_setup, 4, p);
}

static void sockets(void)
{
	static const struct {
		const char *name;
		int family, type, proto;
	} row[] = {
	    {"sock_tcp4", AF_INET, SOCK_STREAM, 0},
	    {"sock_tcp4_named", AF_INET, SOCK_STREAM, IPPROTO_TCP},
	    {"sock_udp6", AF_INET6, SOCK_DGRAM, 0},
	    {"sock_raw4", AF_INET, SOCK_RAW, IPPROTO_UDP},
	    {"sock_raw6", AF_INET6, SOCK_RAW, IPPROTO_UDP},
	    {"sock_ping4", AF_INET, SOCK_DGRAM, IPPROTO_ICMP},
	    {"sock_sctp", AF_INET, SOCK_STREAM, 132},
	    {"sock_udplite", AF_INET, SOCK_DGRAM, 136},
	    {"sock_mptcp4", AF_INET, SOCK_STREAM, 262},
	    {"sock_mptcp6", AF_INET6, SOCK_STREAM, 262},
	    {"sock_packet", AF_PACKET, SOCK_RAW, 0},
	    {"sock_vsock", AF_VSOCK, SOCK_STREAM, 0},
	    {"sock_alg", AF_ALG, SOCK_SEQPACKET, 0},
	    {"sock_xdp", 44, SOCK_RAW, 0},
	    {"sock_nl_route", AF_NETLINK, SOCK_RAW, 0},
	    {"sock_nl_audit", AF_NETLINK, SOCK_RAW, 9},
	    {"sock_unix", AF_UNIX, SOCK_STREAM, 0},
	    {"sock_key", 15, SOCK_RAW, 2},
	};
	for (size_t i = 0; i < ARRAY(row); i++)
		for (int bits = 0; bits < 2; bits++) {
			char name[40];
			int flags = bits ? SOCK_NONBLOCK | SOCK_CLOEXEC : 0;
			snprintf(name, sizeof name, "%s%s", row[i].name, bits ? "_flags" : "");
			int fd = socket(row[i].family, row[i].type | flags, row[i].proto);
			say(name, done(fd, fd));
		}
}

static void options(void)
{
	int one = 1;
	static const struct {
		const char *name;
		int type, level, opt;
	} row[] = {
	    {"opt_reuseaddr", SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR},
	    {"opt_nodelay", SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY},
	    {"opt_reuseport", SOCK_STREAM, SOL_SOCKET, SO_REUSEPORT},
	    {"opt_broadcast", SOCK_DGRAM, SOL_SOCKET, SO_BROADCAST},
	    {"opt_mark", SOCK_DGRAM, SOL_SOCKET, SO_MARK},
	    {"opt_noport", SOCK_STREAM, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT},
	    {"opt_transparent", SOCK_STREAM, IPPROTO_IP, IP_TRANSPARENT},
	    {"opt_freebind", SOCK_STREAM, IPPROTO_IP, IP_FREEBIND},
	};
	for (size_t i = 0; i < ARRAY(row); i++)
		say(row[i].name, option(row[i].type, row[i].level, row[i].opt, &one, sizeof one));
	say("opt_device", option(SOCK_DGRAM, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
	say("opt_ulp", option(SOCK_STREAM, IPPROTO_TCP, TCP_ULP, "tls", 4));
	say("opt_congestion", option(SOCK_STREAM, IPPROTO_TCP, TCP_CONGESTION, "reno", 5));
	say("opt_ip_options", option(SOCK_DGRAM, IPPROTO_IP, IP_OPTIONS, "\7\7\4\0\0\0\0\1", 8));
	say("opt_membership", membership());
}

static void tcp_rows(void)
{
	say("tcp_granted", tcp(AF_INET, PEER4, 443));
	say("tcp_other_port", tcp(AF_INET, PEER4, 444));
	say("tcp_other_address", tcp(AF_INET, "10.9.0.3", 443));
	say("tcp6_granted", tcp(AF_INET6, PEER6, 443));
	say("tcp6_other_port", tcp(AF_INET6, PEER6, 444));
	say("tcp_mapped_granted", tcp(AF_INET6, "::ffff:" PEER4, 443));
	say("tcp_mapped_other_port", tcp(AF_INET6, "::ffff:" PEER4, 444));
	say("tcp_fastopen_granted", fastopen(443, 0));
	say("tcp_fastopen", fastopen(444, 0));
	say("tcp_fastopen_option", fastopen(444, 1));
	say("tcp_loopback", tcp(AF_INET, "127.0.0.1", 444));
	say("tcp6_loopback", tcp(AF_INET6, "::1", 444));
	say("tcp_zero", tcp(AF_INET, "0.0.0.0", 444));
	say("tcp_own_address", tcp(AF_INET, OWN4, 444));
	say("tcp_metadata", tcp(AF_INET, "169.254.169.254", 80));
	say("tcp_dns", tcp(AF_INET, PEER4, 53));
}

static void udp_rows(void)
{
	say("udp_granted", udp(AF_INET, PEER4, 5353, 0, 1));
	say("udp6_granted", udp(AF_INET6, PEER6, 5353, 0, 1));
	say("udp_mapped_granted", udp(AF_INET6, "::ffff:" PEER4, 5353, 0, 1));
	say("udp_other_port", udp(AF_INET, PEER4, 5354, 0, 0));
	say("udp6_other_port", udp(AF_INET6, PEER6, 5354, 0, 0));
	say("udp_mapped_other_port", udp(AF_INET6, "::ffff:" PEER4, 5354, 0, 0));
	say("udp_v4_on_v6", udp(AF_INET6, PEER4, 5354, 0, 0));
	say("udp_dns", udp(AF_INET, PEER4, 53, 0, 0));
	say("udp_connected_granted", udp_connected(5353));
	say("udp_connected", udp_connected(5354));
	say("udp_detour", udp_detour(0));
	say("udp_detour_unspec", udp_detour(1));
	say("udp_unspec", udp_unspec());
	say("udp_sendmsg", udp_msg(PEER4, 5354, 0, NULL, 0));
	say("udp_sendmmsg", udp_msg(PEER4, 5354, 1, NULL, 0));
	say("udp_reply", udp(AF_INET, PEER4, 9999, 7000, 0));
	say("udp_reply_other_own", udp(AF_INET, PEER4, 9999, 0, 0));
	say("udp_reply_elsewhere", udp(AF_INET, "10.9.0.3", 9999, 7000, 0));
	say("rthdr_option", rthdr(1));
	say("rthdr_cmsg", rthdr(0));
}

static void bind_rows(void)
{
	say("bind_granted", bound(AF_INET, SOCK_STREAM, OWN4, 8000));
	say("bind_other_port", bound(AF_INET, SOCK_STREAM, OWN4, 8100));
	say("bind_any", bound(AF_INET, SOCK_STREAM, "0.0.0.0", 8000));
	say("bind_unspec", bound_unspec());
	say("bind_auto", bound(AF_INET, SOCK_STREAM, OWN4, 0));
	say("bind6_granted", bound(AF_INET6, SOCK_STREAM, OWN6, 8000));
	say("bind6_any", bound(AF_INET6, SOCK_STREAM, "::", 8000));
	say("bind_mapped_granted", bound(AF_INET6, SOCK_STREAM, "::ffff:" OWN4, 8000));
	say("bind_mapped_other", bound(AF_INET6, SOCK_STREAM, "::ffff:" OWN4, 8100));
	say("bind_udp_granted", bound(AF_INET, SOCK_DGRAM, OWN4, 7000));
	say("bind_udp_other", bound(AF_INET, SOCK_DGRAM, OWN4, 7001));
	bind_range("bind_range", AF_INET, OWN4);
	bind_range("bind6_range", AF_INET6, OWN6);
}

static void attempts(void)
{
	int pair[2];
	tcp_rows();
	udp_rows();
	bind_rows();
	sockets();
	options();
	say("unix_pair", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	say("inet_pair", socketpair(AF_INET, SOCK_STREAM, 0, pair));
	say("io_uring", uring());
	say("own_netns", unshare(CLONE_NEWUSER | CLONE_NEWNET));
}

/* ---- serve ------------------------------------------------------------ */

static uint16_t port_of(int fd)
{
	union address a;
	socklen_t n = sizeof a;
	getsockname(fd, &a.any, &n);
	return ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
}

static struct pollfd all[256];
static nfds_t n_all;

static int add(int fd)
{
	all[n_all++] = (struct pollfd){fd, POLLIN, 0};
	return fd;
}

static void listeners(int family, const char *host)
{
	for (uint16_t p = 8000; p < 8100; p++) {
		union address a;
		socklen_t n = address(&a, host, p);
		int fd = sock(family, SOCK_STREAM);
		if (fd < 0 || bind(fd, &a.any, n) || listen(fd, 5))
			printf("listener %u %s\n", p, strerrorname_np(errno));
		add(fd);
	}
}

/* Without bind the kernel chooses a port, past every bind hook. */
static int unbound(int family)
{
	int fd = sock(family, SOCK_STREAM);
	if (fd < 0 || listen(fd, 5))
		printf("unbound %s\n", strerrorname_np(errno));
	return add(fd);
}

static void serve(int seconds)
{
	union address a;
	socklen_t n = address(&a, OWN4, 7000);
	listeners(AF_INET, OWN4);
	listeners(AF_INET6, OWN6);
	int auto4 = unbound(AF_INET), auto6 = unbound(AF_INET6), seen[3] = {0};
	int named = add(sock(AF_INET, SOCK_DGRAM)), other = add(sock(AF_INET, SOCK_DGRAM));
	if (bind(named, &a.any, n))
		printf("udp %s\n", strerrorname_np(errno));
	n = address(&a, PEER4, 5353);
	sendto(other, "x", 1, 0, &a.any, n); /* gives it a port of its own */
	printf("ports %u %u %u\n", port_of(auto4), port_of(auto6), port_of(other));
	fflush(stdout);
	for (time_t end = time(NULL) + seconds; seconds && time(NULL) < end;) {
		poll(all, n_all, 100);
		for (nfds_t i = 0; i < n_all; i++) {
			char buf[64];
			if (!(all[i].revents & POLLIN))
				continue;
			int fd = all[i].fd, is_udp = fd == named || fd == other;
			int got = is_udp ? (int)recv(fd, buf, sizeof buf, 0) : accept(fd, NULL, NULL);
			if (got >= 0 && !is_udp)
				close(got);
			if (got > 0 && fd == named && buf[0] == 'q')
				seconds = 0;
			seen[0] += got >= 0 && (fd == auto4 || fd == auto6);
			seen[1] += got > 0 && fd == named && buf[0] == 'y';
			seen[2] += got > 0 && fd == other && buf[0] == 'y'; /* x is the echo of our own */
		}
	}
	printf("arrived unbound %d named %d other %d\n", seen[0], seen[1], seen[2]);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "attempts"))
		attempts();
	else if (argc == 3 && !strcmp(argv[1], "serve"))
		serve(atoi(argv[2]));
	else
		return 2;
	return 0;
}
