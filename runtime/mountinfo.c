#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "runtime/mountinfo.h"
#include "runtime/sys.h"

/* Undoes \040 and its kin in place. */
static void unescape(char *s)
{
	char *out = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' && s[3] >= '0' &&
		    s[3] <= '7') {
			*out++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0'));
			s += 3;
		} else {
			*out++ = *s;
		}
	}
	*out = 0;
}

/* "36 35 98:0 ROOT POINT OPTIONS [optional...] - TYPE SOURCE SUPER" */
static int line_split(char *line, struct mount *m)
{
	char *save, *word = strtok_r(line, " ", &save);
	int n = 0;

	memset(m, 0, sizeof *m);
	for (; word && strcmp(word, "-"); word = strtok_r(NULL, " ", &save), n++) {
		if (n == 3)
			unescape(word), m->root = word;
		else if (n == 4)
			unescape(word), m->point = word;
		else if (n == 5)
			m->options = word;
	}
	m->type = strtok_r(NULL, " ", &save);
	word = strtok_r(NULL, " ", &save); /* the source */
	m->super = strtok_r(NULL, " ", &save);
	if (!m->super) /* an empty source makes two blanks */
		m->super = word;
	errno = EPROTO;
	return m->options && m->type && m->super ? 0 : -1;
}

/* Handles every complete line in BUF (*HAVE bytes) and keeps the rest. */
static int lines(char *buf, size_t *have, int (*fn)(void *, const struct mount *), void *arg)
{
	char *line = buf, *end;
	int rc = 0;

	while (!rc && (end = memchr(line, '\n', *have - (size_t)(line - buf)))) {
		struct mount m;

		*end = 0;
		rc = line_split(line, &m) ? -1 : fn(arg, &m);
		line = end + 1;
	}
	*have -= (size_t)(line - buf);
	memmove(buf, line, *have);
	return rc;
}

int mountinfo_read(int fd, int (*fn)(void *arg, const struct mount *m), void *arg)
{
	char buf[8192];
	size_t have = 0;
	ssize_t got = 0;
	int rc = 0;

	while (!rc && have < sizeof buf && (got = read(fd, buf + have, sizeof buf - have)) > 0) {
		have += (size_t)got;
		rc = lines(buf, &have, fn, arg);
	}
	if (!rc && (got < 0 || have)) {
		errno = got < 0 ? errno : EPROTO;
		rc = -1;
	}
	return rc;
}

int mountinfo_each(int (*fn)(void *arg, const struct mount *m), void *arg)
{
	int fd = sys_fresh(open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));

	if (fd < 0)
		return -1;
	int rc = mountinfo_read(fd, fn, arg), err = errno;
	close(fd);
	errno = err;
	return rc;
}
