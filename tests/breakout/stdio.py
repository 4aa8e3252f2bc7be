"""stdio.py ABPRUN INHERIT-BUNDLE PIPE-BUNDLE TTY-BUNDLE TTY-BUNDLE-WITHOUT-FILTER - what may stand on descriptors 0-2 with `stdio inherit`, and a real terminal.

One line a case: "ok NAME" or "FAIL NAME: why".
"""
import os
import pty
import socket
import subprocess
import sys

ABPRUN, INHERIT, PIPE, TTY, TTY_OPEN = sys.argv[1:6]
COMMAND = ["--slot", "/srv/ws=/srv/ws", "--", "/srv/probe"]


def run(bundle, stdin, *args):
    r = subprocess.run([ABPRUN, bundle] + COMMAND + list(args), stdin=stdin, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, text=True, check=False)
    return r.returncode, r.stdout, r.stderr


def on_terminal(bundle, *args):
    """abprun with a terminal of ours on 0-2; what the program prints comes back through both terminals."""
    outer, inner = pty.openpty()
    p = subprocess.Popen([ABPRUN, bundle] + COMMAND + list(args), stdin=inner, stdout=inner, stderr=inner,
                         start_new_session=True)
    os.close(inner)
    text = b""
    while True:
        try:
            piece = os.read(outer, 4096)
        except OSError:
            break
        if not piece:
            break
        text += piece
    p.wait()
    os.close(outer)
    return text.decode()


def case(name, good, why=""):
    print("ok " + name if good else "FAIL %s: %s" % (name, why))


def refused(name, stdin):
    code, out, err = run(INHERIT, stdin, "true")
    case("inherit refuses " + name, code == 125 and "stdio" in err, "exit code %d, %s %s" % (code, out, err))


def accepted(name, stdin):
    code, _, err = run(INHERIT, stdin, "true")
    case("inherit accepts " + name, code == 0, "exit code %d, %s" % (code, err))


listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
connected = socket.create_connection(listening.getsockname())
left, right = socket.socketpair()
master, slave = pty.openpty()
refused("an unconnected TCP socket", socket.socket())
refused("a listening TCP socket", listening)
refused("a connected TCP socket", connected)
refused("a UDP socket", socket.socket(type=socket.SOCK_DGRAM))
refused("a unix socket", left)
refused("a terminal", slave)
refused("a directory", os.open("/", os.O_RDONLY))
refused("a device", os.open("/dev/zero", os.O_RDONLY))
accepted("/dev/null", subprocess.DEVNULL)
accepted("a pipe", os.pipe()[0])
accepted("a regular file", os.open("/srv/probe", os.O_RDONLY))

# The default: a socket on 0 never reaches the program, the loader relays.
code, out, err = run(PIPE, left, "attempts", "send_stdin")
case("pipe: descriptor 0 is no socket inside", "send_stdin ENOTSOCK" in out or "send_stdin EPERM" in out, out + err)
code, out, err = run(PIPE, left, "attempts", "session_from_outside")
case("pipe: own session", "session_from_outside EPERM" in out, out + err)

# A real terminal: pushing input into it is denied, also with a high bit set; without the filter the kernel would do it.
for name in ("tiocsti", "tiocsti_high_bit", "tioclinux"):
    out = on_terminal(TTY, "attempts", name)
    case("terminal: " + name, name + " EPERM" in out, out)
with open("/proc/sys/dev/tty/legacy_tiocsti", encoding="ascii") as f:
    legacy = f.read().strip() == "1"
out = on_terminal(TTY_OPEN, "attempts", "tiocsti")
case("terminal: tiocsti without the filter goes through", not legacy or "tiocsti works" in out, out)
