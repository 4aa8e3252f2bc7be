#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "runtime/sys.h"

int sys_fresh(int fd)
{
	if (fd >= 0 && fd <= 2)
		errno = EBADF;
	return fd > 2 ? fd : -1;
}

int sys_openat2(int dir, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC), .resolve = resolve};

	return sys_fresh((int)syscall(SYS_openat2, dir, path, &how, sizeof how));
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(SYS_pivot_root, new_root, put_old);
}

int sys_seccomp(const void *filter, uint32_t n)
{
	/* the kernel does not write through it; sock_fprog has no const */
	struct sock_fprog prog = {.len = (unsigned short)n,
				  .filter = (struct sock_filter *)(uintptr_t)filter};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog);
}

ssize_t sys_read_file(int dir, const char *path, char *buf, size_t n)
{
	int fd = sys_fresh(openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY));
	size_t have = 0;
	ssize_t got = -1;

	if (fd < 0)
		return -1;
	while (have < n - 1 && (got = read(fd, buf + have, n - 1 - have)) > 0)
		have += (size_t)got;
	int err = got < 0 ? errno : 0;
	if (got > 0) /* full: anything left? */
		err = read(fd, &(char){0}, 1) == 0 ? 0 : EFBIG;
	close(fd);
	buf[have] = 0;
	errno = err;
	return err ? -1 : (ssize_t)have;
}

int sys_write_file(int dir, const char *path, const char *text)
{
	size_t n = strlen(text);
	int fd = sys_fresh(openat(dir, path, O_WRONLY | O_CLOEXEC | O_NOCTTY));

	if (fd < 0)
		return -1;
	ssize_t put = write(fd, text, n);
	int err = put < 0 ? errno : put == (ssize_t)n ? 0 : EIO;
	close(fd);
	errno = err;
	return err ? -1 : 0;
}

int sys_read_all(int fd, void *buf, size_t n)
{
	for (size_t have = 0; have < n;) {
		ssize_t got = read(fd, (char *)buf + have, n - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = EPROTO;
		if (got <= 0)
			return -1;
		have += (size_t)got;
	}
	return 0;
}

int sys_write_all(int fd, const void *buf, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t put = write(fd, (const char *)buf + done, n - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		done += (size_t)put;
	}
	return 0;
}

int sys_high(int fd)
{
	if (sys_fresh(fd) < 0)
		return -1;
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FD_HIGH);
	int err = high >= 0 && high < FD_HIGH ? EBADF : errno;

	close(fd);
	errno = err;
	return high < FD_HIGH ? -1 : high;
}

int sys_number(const char **p, uint64_t *value)
{
	uint64_t v = 0;
	const char *s = *p;

	for (; *s >= '0' && *s <= '9'; s++) {
		uint64_t digit = (uint64_t)(*s - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	if (s == *p)
		return -1;
	*p = s;
	*value = v;
	return 0;
}

int sys_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (n == 1 && dir[0] == '/')
		return path[0] == '/';
	return !strncmp(path, dir, n) && (path[n] == 0 || path[n] == '/');
}

int sys_copy(char *dst, size_t n, const char *src)
{
	size_t k = strlen(src);

	if (k >= n) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(dst, src, k + 1);
	return 0;
}
