#include "tests/breakout/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SOCKET(name, family, type, proto)                                                                    \
	static int name(void)                                                                                \
	{                                                                                                    \
		return answer(socket(family, type, proto));                                                  \
	}
SOCKET(inet_tcp, AF_INET, SOCK_STREAM, 0)
SOCKET(inet_udp, AF_INET, SOCK_DGRAM, 0)
SOCKET(inet_raw, AF_INET, SOCK_RAW, 1)
SOCKET(inet_raw_cloexec, AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 1)
SOCKET(inet_packet, AF_INET, 10, 0) /* SOCK_PACKET: the kernel makes a packet socket of it */
SOCKET(inet6_tcp, AF_INET6, SOCK_STREAM, 0)
SOCKET(mptcp, AF_INET, SOCK_STREAM, 262)
SOCKET(packet, AF_PACKET, SOCK_RAW, 0x300)
SOCKET(netlink_route, AF_NETLINK, SOCK_RAW, 0)
SOCKET(netlink_audit, AF_NETLINK, SOCK_RAW, 9)
SOCKET(vsock, AF_VSOCK, SOCK_STREAM, 0)
SOCKET(unix_stream, AF_UNIX, SOCK_STREAM, 0)
SOCKET(alg, 38, SOCK_SEQPACKET, 0)

static int unix_pair(void)
{
	int fd[2];
	return answer(socketpair(AF_UNIX, SOCK_STREAM, 0, fd));
}

/* Calls on descriptor 0: the harness starts one run with a socket there. */
static int listen_stdin(void)
{
	return answer(listen(0, 1));
}
static int write_stdin(void)
{
	return answer(send(0, "x", 1, MSG_NOSIGNAL));
}

const struct attempt attempts_net[] = {
    {"inet_tcp", inet_tcp},
    {"inet_udp", inet_udp},
    {"inet_raw", inet_raw},
    {"inet_raw_cloexec", inet_raw_cloexec},
    {"inet_packet", inet_packet},
    {"inet6_tcp", inet6_tcp},
    {"mptcp", mptcp},
    {"packet", packet},
    {"netlink_route", netlink_route},
    {"netlink_audit", netlink_audit},
    {"vsock", vsock},
    {"unix_stream", unix_stream},
    {"alg", alg},
    {"unix_pair", unix_pair},
    {"listen_stdin", listen_stdin},
    {"send_stdin", write_stdin},
    {0, 0},
};

/* ---- signals, terminals, IPC ------------------------------------------ */

static int kill_victim(void)
{
	return answer(kill(probe_victim, 0));
}
static int kill_everybody(void) /* -1 reaches every process one may signal: none but the run's own */
{
	signal(SIGUSR2, SIG_IGN);
	return answer(kill(probe_victim, SIGUSR2));
}
static int tiocsti(void)
{
	return answer(ioctl(0, TIOCSTI, "x"));
}
static int tiocsti_high_bit(void)
{
	return answer(syscall(SYS_ioctl, 0, TIOCSTI | 1ul << 32, "x"));
}
static int tioclinux(void)
{
	return answer(ioctl(0, TIOCLINUX, "\4"));
}
static int sysv_shm(void)
{
	return answer(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600));
}
static int own_session(void) /* 0 as session id: it was inherited from outside */
{
	return getsid(0) == 0 ? 0 : EPERM;
}

const struct attempt attempts_ipc[] = {
    {"kill_victim", kill_victim},
    {"kill_everybody", kill_everybody},
    {"tiocsti", tiocsti},
    {"tiocsti_high_bit", tiocsti_high_bit},
    {"tioclinux", tioclinux},
    {"sysv_shm", sysv_shm},
    {"session_from_outside", own_session},
    {0, 0},
};
