"""forbidden.py - ten things the policy does not grant, tried from inside; one line each: errno and the wall that answers.

The wall named is the one that the errno and the place of the attempt point to; tests/breakout shows each answer
change when that wall alone is taken away.  Exit code: how many attempts worked.
"""
import ctypes
import errno
import os
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)


def call(nr, *args):
    if libc.syscall(nr, *args) < 0:
        raise OSError(ctypes.get_errno(), "")


def write(path):
    open(path, "w").close()


def tcp():
    socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def exec_copy():
    with open("/usr/bin/git", "rb") as f, open("/tmp/copy", "wb") as g:
        g.write(f.read())
    os.chmod("/tmp/copy", 0o755)
    os.execv("/tmp/copy", ["copy", "--version"])


ATTEMPTS = (
    ("read /etc/shadow", lambda: open("/etc/shadow").close(), "view: no such name in this root"),
    ("write /etc/ld.so.cache", lambda: open("/etc/ld.so.cache", "r+b").close(), "view: read-only mount, Landlock"),
    ("write .git/hooks/pre-commit", lambda: write(".git/hooks/pre-commit"), "view: exception of the write grant"),
    ("rename .git, carrying hooks away", lambda: os.rename(".git", "git2"), "view: pinned mount"),
    ("open a TCP socket", tcp, "seccomp: socket"),
    ("run a program copied to /tmp", exec_copy, "view: noexec, Landlock execute"),
    ("make a user namespace", lambda: call(272, 0x10000000), "seccomp: unshare (and namespace limit 0)"),
    ("trace another process", lambda: call(101, 16, 1, 0, 0), "seccomp: ptrace"),
    ("set up an io_uring", lambda: call(425, 4, 0), "seccomp: io_uring answers ENOSYS, as if unknown"),
    ("make a setuid file", lambda: os.chmod("src/hello.py", 0o4755), "seccomp: chmod by mode"),
)


def main():
    worked = 0
    for name, attempt, wall in ATTEMPTS:
        try:
            attempt()
        except OSError as e:
            print("  stopped  %-34s %-7s %s" % (name, errno.errorcode[e.errno], wall))
        else:
            print("  WORKED   %-34s         %s" % (name, wall))
            worked += 1
    return worked


sys.exit(main())
