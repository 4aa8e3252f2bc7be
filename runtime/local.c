/*
 * local.c - net host: a line without `local` must not reach a service of this machine.
 *
 * Own addresses: SIOCGIFCONF for IPv4, /proc/self/net/if_inet6 for IPv6 (netdevice(7)); loopback as a whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "runtime/steps.h"
#include "runtime/sys.h"

static int covers(const uint8_t *p, uint32_t bits, const uint8_t *a)
{
	for (uint32_t i = 0; i < bits; i++)
		if ((p[i / 8] ^ a[i / 8]) >> (7 - i % 8) & 1)
			return 0;
	return 1;
}

/* ADDR is this machine's, and so is all that shares its first BITS bits. */
static int not_ours(struct run *r, const uint8_t addr[16], uint32_t bits, const char *text)
{
	for (uint32_t i = 0; i < r->b.n_dest; i++) {
		const struct abpb_dest *d = &r->b.dest[i];

		if (covers(d->addr, d->bits < bits ? d->bits : bits, addr))
			return run_why(
			    r, 0,
			    "`%s` (%s) covers %s, which is this machine: write `local` on the line, or "
			    "grant less",
			    bundle_str(&r->b, d->what), bundle_str(&r->b, d->where), text);
	}
	return 0;
}

static int each_v4(struct run *r)
{
	static struct ifreq list[1024];
	struct ifconf c = {.ifc_len = sizeof list, .ifc_req = list};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int rc = fd < 0 ? -1 : ioctl(fd, SIOCGIFCONF, &c);

	if (fd >= 0)
		close(fd);
	if (rc || (size_t)c.ifc_len >= sizeof list)
		return run_why(r, rc ? errno : E2BIG, "addresses of this machine");
	for (size_t i = 0; i < (size_t)c.ifc_len / sizeof *list; i++) {
		struct sockaddr_in in;
		uint8_t a[16] = {[10] = 0xff, [11] = 0xff};
		char text[40];

		memcpy(&in, &list[i].ifr_addr, sizeof in);
		memcpy(a + 12, &in.sin_addr, 4);
		snprintf(text, sizeof text, "%u.%u.%u.%u", a[12], a[13], a[14], a[15]);
		if (not_ours(r, a, 128, text))
			return -1;
	}
	return 0;
}

/* Of a digit 0-9 or a-f. */
static unsigned hex(char c)
{
	return (unsigned)(c >= 'a' ? c - 'a' + 10 : c - '0');
}

/* Lines of 32 digits and more words; a kernel without IPv6 has no such file. */
static int each_v6(struct run *r)
{
	static char text[65536];
	ssize_t n = sys_read_file(AT_FDCWD, "/proc/self/net/if_inet6", text, sizeof text);

	if (n < 0)
		return errno == ENOENT ? 0 : run_why(r, errno, "/proc/self/net/if_inet6");
	for (char *line = text; *line; line = strchr(line, '\n') + 1) {
		uint8_t a[16];

		if (!strchr(line, '\n') || strspn(line, "0123456789abcdef") != 32)
			return run_why(r, EPROTO, "/proc/self/net/if_inet6");
		for (int i = 0; i < 16; i++)
			a[i] = (uint8_t)(hex(line[2 * i]) << 4 | hex(line[2 * i + 1]));
		line[32] = 0;
		if (not_ours(r, a, 128, line))
			return -1;
		line += 33;
	}
	return 0;
}

int step_own_addresses(struct run *r)
{
	static const uint8_t lo4[16] = {[10] = 0xff, [11] = 0xff, [12] = 127}, lo6[16] = {[15] = 1};

	if (r->b.meta->net != ABPB_NET_HOST || !r->b.n_dest)
		return 0;
	if (not_ours(r, lo4, 104, "loopback") || not_ours(r, lo6, 128, "loopback"))
		return -1;
	return each_v4(r) || each_v6(r) ? -1 : 0;
}
