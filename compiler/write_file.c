#include "compiler/write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, const unsigned char *p, size_t n)
{
	while (n) {
		ssize_t k = write(fd, p, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

bool write_file(struct diags *d, const char *file, const struct buf *b)
{
	const char *tmp = arena_printf(b->a, "%s.%ld.tmp", file, (long)getpid());
	int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	bool good = fd >= 0 && write_all(fd, b->data, b->len) && fsync(fd) == 0;
	int saved = errno;
	if (fd >= 0 && close(fd) < 0)
		good = false;
	if (good && rename(tmp, file) == 0)
		return true;
	saved = good ? errno : saved;
	if (fd >= 0)
		unlink(tmp);
	diag_error(d, (struct span){0}, "ABP-IO-002", "cannot write %s: %s", file, strerror(saved));
	return false;
}
