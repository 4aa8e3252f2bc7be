/* net.c - the run's own network namespace: nothing (none), or loopback (private); host: nothing is ours. */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "runtime/steps.h"

int step_net(struct run *r)
{
	struct ifreq q = {0};

	if (r->b.meta->net == ABPB_NET_NONE || r->b.meta->net == ABPB_NET_HOST)
		return 0; /* clone3 made an empty one; lo is down */
	strcpy(q.ifr_name, "lo");
	int fd =
	    socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* the socket programs judge AF_INET already */
	if (fd < 0)
		return run_why(r, errno, "socket");
	q.ifr_flags = IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &q) || ioctl(fd, SIOCGIFFLAGS, &q) || !(q.ifr_flags & IFF_UP))
		return run_why(r, errno, "loopback up");
	return close(fd) ? run_why(r, errno, "close") : 0;
}
