/* sys.h - system calls without a libc wrapper, and small helpers that never allocate. */
#ifndef ABP_SYS_H
#define ABP_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FD_HIGH 300 /* the loader's own long-lived descriptors: above every number a policy can name */

/* FD if a new descriptor can have that number: 0, 1 and 2 exist from the first step on.  Else -1 with EBADF;
 * -1 is passed on. */
int sys_fresh(int fd);
/* Raw openat2(2); RESOLVE is RESOLVE_* of <linux/openat2.h>.  Returns a descriptor (O_CLOEXEC added) or -1.
 */
int sys_openat2(int dir, const char *path, int flags, uint64_t resolve);
int sys_pivot_root(const char *new_root, const char *put_old);
/* seccomp(SECCOMP_SET_MODE_FILTER): installs N instructions for this task. */
int sys_seccomp(const void *filter, uint32_t n);

/* Reads a small file (procfs, sysfs, cgroupfs) whole into BUF (N bytes, NUL added); DIR as in openat(2).
 * Returns the length, or -1 (EFBIG: it did not fit). */
ssize_t sys_read_file(int dir, const char *path, char *buf, size_t n);
/* Writes TEXT with one write(2), no O_CREAT.  Returns 0 or -1. */
int sys_write_file(int dir, const char *path, const char *text);
/* read(2)/write(2) of exactly N bytes, EINTR retried; a short read is -1 with EPROTO. */
int sys_read_all(int fd, void *buf, size_t n);
int sys_write_all(int fd, const void *buf, size_t n);

/* Moves FD to a number >= FD_HIGH, close-on-exec, and closes the old one.  Returns the new one or -1; FD < 0
 * is passed on, so that it can wrap an open. */
int sys_high(int fd);
/* Decimal number at *P, which moves behind it.  Returns 0, or -1 if there is none or it overflows. */
int sys_number(const char **p, uint64_t *value);
/* Whether PATH is DIR or lies below it (names, not files; DIR "/" covers everything). */
int sys_below(const char *path, const char *dir);
/* Copies SRC into DST (N bytes); -1 if it does not fit. */
int sys_copy(char *dst, size_t n, const char *src);

#endif
