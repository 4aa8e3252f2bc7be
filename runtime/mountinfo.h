/* mountinfo.h - walks /proc/self/mountinfo (proc_pid_mountinfo(5)), line by line, without allocating. */
#ifndef ABP_MOUNTINFO_H
#define ABP_MOUNTINFO_H

/* One mount; the strings are unescaped and live until the callback returns. */
struct mount {
	const char *root, *point, *type, *options, *super;
};

/* Calls FN for each line until it returns non-zero.  Returns that value, 0 at the end, or -1 with errno if
 * the file cannot be read or a line is malformed or longer than 8 KiB. */
int mountinfo_each(int (*fn)(void *arg, const struct mount *m), void *arg);
/* The same for FD, the mountinfo file of any process; it stays open. */
int mountinfo_read(int fd, int (*fn)(void *arg, const struct mount *m), void *arg);

#endif
