#include "tests/breakout/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static int capset_bits(unsigned lo, unsigned hi)
{
	struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct d[2] = {{lo, lo, lo}, {hi, hi, hi}};
	return answer(syscall(SYS_capset, &h, d));
}
static int capset_all(void)
{
	return capset_bits(~0u, 0x1ff);
}
static int capset_setpcap(void)
{
	return capset_bits(1u << CAP_SETPCAP, 0);
}
static int ambient_raise(void)
{
	return answer(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0));
}
static int securebits_clear(void)
{
	return answer(prctl(PR_SET_SECUREBITS, 0, 0, 0, 0));
}
static int keep_caps(void)
{
	return answer(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
}
static int become_root(void)
{
	return answer(syscall(SYS_setresuid, 0, 0, 0));
}
static int set_groups(void)
{
	gid_t g = 0;
	return answer(syscall(SYS_setgroups, 1, &g));
}
static int dumpable(void)
{
	return answer(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

/* Reads "NAME:\tHEX" of /proc/self/status; the attempt works when the value is not what a bare process has.
 */
static unsigned long long status_hex(const char *name)
{
	char line[256];
	unsigned long long v = ~0ull;
	FILE *f = fopen("/proc/self/status", "r");
	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, name, strlen(name)) == 0)
			v = strtoull(line + strlen(name) + 1, NULL, 16);
	if (f)
		fclose(f);
	return v;
}
#define SET_IS_EMPTY(field)                                                                                  \
	static int set_##field(void)                                                                         \
	{                                                                                                    \
		return status_hex(#field) == 0 ? EPERM : 0;                                                  \
	}
SET_IS_EMPTY(CapInh)
SET_IS_EMPTY(CapPrm)
SET_IS_EMPTY(CapEff)
SET_IS_EMPTY(CapBnd)
SET_IS_EMPTY(CapAmb)

static int no_new_privs(void)
{
	return status_hex("NoNewPrivs") == 1 ? EPERM : 0;
}

/* ---- privilege that a file carries ------------------------------------ */

static int setuid_bit(void)
{
	int fd = open("suid", O_WRONLY | O_CREAT, 0644);
	return fd < 0 ? errno : answer(fchmod(fd, 04755));
}
static int setgid_open(void)
{
	return answer(open("sgid", O_WRONLY | O_CREAT | O_EXCL, 02755));
}
static int setuid_mkdir(void)
{
	return answer(mkdir("sgdir", 02755));
}
static int file_caps(void)
{
	static const unsigned char v[20] = {1, 0, 0, 2, 0xff, 0xff};
	int fd = open("fcap", O_WRONLY | O_CREAT, 0755);
	return fd < 0 ? errno : answer(fsetxattr(fd, "security.capability", v, sizeof v, 0));
}
static int device_node(void)
{
	return answer(mknod("null", S_IFCHR | 0666, 0x103));
}

const struct attempt attempts_caps[] = {
    {"CapInh_not_empty", set_CapInh}, {"CapPrm_not_empty", set_CapPrm},
    {"CapEff_not_empty", set_CapEff}, {"CapBnd_not_empty", set_CapBnd},
    {"CapAmb_not_empty", set_CapAmb}, {"no_new_privs_off", no_new_privs},
    {"capset_all", capset_all},	      {"capset_setpcap", capset_setpcap},
    {"ambient_raise", ambient_raise}, {"securebits_clear", securebits_clear},
    {"keep_caps", keep_caps},	      {"become_root", become_root},
    {"set_groups", set_groups},	      {"dumpable", dumpable},
    {"setuid_bit", setuid_bit},	      {"setgid_open", setgid_open},
    {"setuid_mkdir", setuid_mkdir},   {"file_caps", file_caps},
    {"device_node", device_node},     {0, 0},
};
