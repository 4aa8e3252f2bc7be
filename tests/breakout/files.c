#include "tests/breakout/probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPEN(name, path, flags)                                                                              \
	static int name(void)                                                                                \
	{                                                                                                    \
		return answer(open(path, flags, 0644));                                                      \
	}
OPEN(read_shadow, "/etc/shadow", O_RDONLY)
OPEN(write_root, "/probe", O_WRONLY | O_CREAT)
OPEN(write_usr, "/usr/probe", O_WRONLY | O_CREAT)
OPEN(write_granted_read, "/etc/ld.so.cache", O_WRONLY)
OPEN(write_exception, ".git/hooks/probe", O_WRONLY | O_CREAT)
OPEN(write_own_exe, "/proc/self/exe", O_WRONLY)
OPEN(dev_kmsg, "/dev/kmsg", O_RDONLY)
OPEN(dev_vda, "/dev/vda", O_RDONLY)
OPEN(proc_sysrq, "/proc/sysrq-trigger", O_WRONLY)
OPEN(proc_core_pattern, "/proc/sys/kernel/core_pattern", O_WRONLY)
OPEN(proc_kcore, "/proc/kcore", O_RDONLY)
OPEN(proc_keys, "/proc/keys", O_RDONLY)
OPEN(proc_one_mem, "/proc/1/mem", O_RDWR)
OPEN(proc_one_environ, "/proc/1/environ", O_RDONLY)
OPEN(proc_one_root, "/proc/1/root/etc/shadow", O_RDONLY)
OPEN(sys_kernel, "/sys/kernel/uevent_helper", O_WRONLY)
OPEN(cgroup_procs, "/sys/fs/cgroup/cgroup.procs", O_WRONLY)
OPEN(dot_dot, "../../../../../../etc/shadow", O_RDONLY)

static int chmod_own_exe(void) /* then it could be opened for writing and the launcher's file be replaced */
{
	int fd = open("/proc/self/exe", O_RDONLY);
	return fd < 0 ? errno : answer(fchmod(fd, 0777));
}
static int read_by_link(void)
{
	unlink("link");
	return symlink("/etc/shadow", "link") < 0 ? errno : answer(open("link", O_RDONLY));
}
static int rename_parent(void) /* carries .git/hooks away from its read-only mount */
{
	return answer(rename(".git", "git2"));
}
static int remove_parent(void)
{
	return answer(rename(".git/hooks", "hooks2"));
}
static int rename_across(void) /* out of the write grant into a scratch directory */
{
	int fd = open("across", O_WRONLY | O_CREAT, 0644);
	return fd < 0 ? errno : answer(rename("across", "/tmp/across"));
}
static int link_across(void)
{
	int fd = open("across", O_WRONLY | O_CREAT, 0644);
	return fd < 0 ? errno : answer(link("across", "/tmp/across2"));
}

/* ---- mounts ----------------------------------------------------------- */

static int remount_rw(void)
{
	return answer(mount("", "/usr", "", MS_REMOUNT | MS_BIND, ""));
}
static int mount_tmpfs(void)
{
	return answer(mount("x", "/tmp", "tmpfs", 0, ""));
}
static int umount_tmp(void)
{
	return answer(umount2("/tmp", MNT_DETACH));
}
static int mount_setattr_rw(void)
{
	unsigned long long attr[4] = {0, 1, 0, 0};
	return answer(syscall(SYS_mount_setattr, AT_FDCWD, "/usr", 0, attr, sizeof attr));
}
static int open_tree_clone(void)
{
	return answer(syscall(SYS_open_tree, AT_FDCWD, "/usr", 1));
}
static int fsopen_tmpfs(void)
{
	return answer(syscall(SYS_fsopen, "tmpfs", 0));
}
static int chroot_tmp(void)
{
	return answer(chroot("/tmp"));
}
static int pivot(void)
{
	return answer(syscall(SYS_pivot_root, ".", "."));
}

/* ---- code from files that are not exec or load ------------------------ */

static int copy(const char *from, const char *to)
{
	char b[65536];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	if (in < 0 || out < 0)
		return errno;
	for (ssize_t n; (n = read(in, b, sizeof b)) > 0;)
		if (write(out, b, (size_t)n) != n)
			return EIO;
	close(out);
	return 0;
}

/* Runs argv[0]; the errno of execve, or 0 when the program ended well. */
static int run(char *const argv[])
{
	char *const env[] = {0};
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		execve(argv[0], argv, env);
		_exit(errno);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}
static int exec_from(const char *path)
{
	char *const argv[] = {strdup(path), strdup("true"), 0};
	int e = copy("/proc/self/exe", path);
	return e ? e : run(argv);
}
static int exec_scratch(void)
{
	return exec_from("/tmp/copy");
}
static int exec_slot(void)
{
	return exec_from("copy");
}
static int map_code(void) /* what `ld.so FILE` does with a file it may read */
{
	int e = copy("/proc/self/exe", "/tmp/code"), fd = open("/tmp/code", O_RDONLY);
	if (e || fd < 0)
		return e ? e : errno;
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? errno : 0;
}
static int ld_so_file(void) /* a real program that may be read, started through the granted ELF loader */
{
	char *const argv[] = {strdup("/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"), strdup("./dyn"), 0};
	return access("./dyn", R_OK) < 0 ? errno : run(argv);
}
static int exec_load_only(void) /* the name is `load`, not `exec`: mapping works, execve must not */
{
	char *const argv[] = {strdup("/srv/load/probe"), strdup("true"), 0};
	return run(argv);
}

/* ---- others ----------------------------------------------------------- */

static int other_processes(void) /* a number in /proc that is neither pid 1 nor below this program */
{
	DIR *d = opendir("/proc");
	char name[64], buf[64];
	int found = ENOENT;
	for (struct dirent *e; d && (e = readdir(d));) {
		int pid = atoi(e->d_name);
		if (pid < 2 || pid == getpid() || pid == getppid())
			continue;
		snprintf(name, sizeof name, "/proc/%d/comm", pid);
		int fd = open(name, O_RDONLY);
		ssize_t n = read(fd, buf, sizeof buf);
		if (n > 0 && strncmp(buf, "probe", 5) != 0)
			found = 0;
		close(fd);
	}
	return d ? found : errno;
}
static int environ_secret(void)
{
	return getenv("SECRET_TOKEN") ? 0 : ENOENT;
}
static int environ_others(void)
{
	DIR *d = opendir("/proc");
	char name[64], buf[8192];
	int found = ENOENT;
	for (struct dirent *e; d && (e = readdir(d));) {
		snprintf(name, sizeof name, "/proc/%d/environ", atoi(e->d_name));
		int fd = open(name, O_RDONLY);
		ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof buf);
		if (n > 0 && memmem(buf, (size_t)n, "SECRET_TOKEN", 12))
			found = 0;
		close(fd);
	}
	return found;
}
static int inherited_fd(void) /* the harness left a secret file open as 9 */
{
	char b[8];
	return answer(read(9, b, sizeof b));
}

const struct attempt attempts_files[] = {
    {"read_shadow", read_shadow},
    {"dot_dot", dot_dot},
    {"read_by_link", read_by_link},
    {"write_root", write_root},
    {"write_usr", write_usr},
    {"write_granted_read", write_granted_read},
    {"write_exception", write_exception},
    {"rename_parent", rename_parent},
    {"remove_parent", remove_parent},
    {"rename_across", rename_across},
    {"link_across", link_across},
    {"write_own_exe", write_own_exe},
    {"chmod_own_exe", chmod_own_exe},
    {"dev_kmsg", dev_kmsg},
    {"dev_vda", dev_vda},
    {"proc_sysrq", proc_sysrq},
    {"proc_core_pattern", proc_core_pattern},
    {"proc_kcore", proc_kcore},
    {"proc_keys", proc_keys},
    {"proc_one_mem", proc_one_mem},
    {"proc_one_environ", proc_one_environ},
    {"proc_one_root", proc_one_root},
    {"sys_kernel", sys_kernel},
    {"cgroup_procs", cgroup_procs},
    {"remount_rw", remount_rw},
    {"mount_tmpfs", mount_tmpfs},
    {"umount_tmp", umount_tmp},
    {"mount_setattr_rw", mount_setattr_rw},
    {"open_tree_clone", open_tree_clone},
    {"fsopen_tmpfs", fsopen_tmpfs},
    {"chroot_tmp", chroot_tmp},
    {"pivot", pivot},
    {"exec_scratch", exec_scratch},
    {"exec_slot", exec_slot},
    {"map_code", map_code},
    {"ld_so_file", ld_so_file},
    {"exec_load_only", exec_load_only},
    {"other_processes", other_processes},
    {"environ_secret", environ_secret},
    {"environ_others", environ_others},
    {"inherited_fd", inherited_fd},
    {0, 0},
};
