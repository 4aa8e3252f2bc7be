"""observe.py OBSERVE_FAKE MKBUNDLE - each comparison of the loader, seen red.

A /proc directory is made up in which everything is as the policy says: the loader must agree.  Then one thing is
changed at a time, and the loader must refuse and name the fact.
"""
import os
import shutil
import subprocess
import sys
import tempfile

FAKE, MKBUNDLE = sys.argv[1:3]
TOP = tempfile.mkdtemp(dir="/dev/shm")  # tmpfs lists the newest first, which the descriptors rely on
DIR = TOP + "/d"
ZERO = "0" * 16
passed = failed = 0

POLICY = """tree:/usr:rlx scratch:/tmp:1M:20 proc:/proc file:/etc/hostname:r device:/dev/null symlink:/bin:usr/bin
tree:/srv:rs set:HOME:/tmp env:LANG group:20 group:5 cap:10 fd:9 limit:0:64M limit:2:100 limit:3:16 limit:4:64 limit:8:1500
hostname:abp workdir:/""".split()

STATUS = """Name:\ttool
Umask:\t0022
Uid:\t300000\t300000\t300000\t300000
Gid:\t300000\t300000\t300000\t300000
Groups:\t300001 300002 \nNSsid:\t%(sid)s\t1
Threads:\t1
SigBlk:\t""" + ZERO + "\nSigIgn:\t" + ZERO + """
CapInh:\t%(caps)s
CapPrm:\t%(caps)s
CapEff:\t%(caps)s
CapBnd:\t%(caps)s
CapAmb:\t%(caps)s
NoNewPrivs:\t1
Seccomp:\t2
Seccomp_filters:\t1
"""

LIMITS = "".join("%-25s %-20s %-20s %-10s\n" % row for row in [
    ("Limit", "Soft Limit", "Hard Limit", "Units"), ("Max cpu time", "2", "2", "seconds"),
    ("Max file size", "unlimited", "unlimited", "bytes"), ("Max stack size", "8388608", "unlimited", "bytes"),
    ("Max core file size", "1", "1", "bytes"), ("Max open files", "64", "64", "files"),
    ("Max locked memory", "65536", "65536", "bytes"), ("Max nice priority", "0", "0", ""),
    ("Max realtime priority", "0", "0", "")])

MOUNTS = """30 1 0:40 / / ro,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=1024k
31 30 8:1 /usr /usr ro,nosuid,nodev,relatime shared:1 - ext4 /dev/sda rw
32 30 0:41 / /tmp rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=1024k,nr_inodes=20,uid=300000
33 30 0:42 / /proc ro,nosuid,nodev,noexec,relatime - proc proc rw,hidepid=ptraceable,subset=pid
34 30 8:1 /etc/hostname /etc/hostname ro,nosuid,nodev,noexec - ext4 /dev/sda rw
35 30 0:6 /null /dev/null ro,nosuid,noexec - devtmpfs devtmpfs rw
36 30 8:1 /srv /srv ro,nosuid,nodev,noexec - ext4 /dev/sda rw
37 36 8:2 / /srv/sub\\040dir ro,nosuid,nodev,noexec - ext4 /dev/sdb rw
"""

FDS = {0: ("pipe", 0), 1: ("pipe", 1), 2: ("pipe", 1), 9: ("file", 0)}
GO = {200: ("file", 2), 201: ("file", 0)}


def write(name, text):
    with open(os.path.join(DIR, name), "w") as f:
        f.write(text)


def edit(name, old, new):
    path = os.path.join(DIR, name)
    text = open(path).read()
    assert old in text, (name, old)
    write(name, text.replace(old, new))


def link(target, name):
    path = os.path.join(DIR, name)
    if os.path.lexists(path):
        os.unlink(path)
    os.symlink(target, path)


def fd(number, kind, mode):
    link(os.path.join(TOP, kind), "target/fd/%d" % number)
    write("target/fdinfo/%d" % number, "pos:\t0\nflags:\t0%d\nmnt_id:\t1\n" % (100000 + mode))


def make(moment):
    shutil.rmtree(DIR, ignore_errors=True)
    for d in ("target/ns", "target/fd", "target/fdinfo", "reaper", "leaf", "root/usr", "root/etc"):
        os.makedirs(os.path.join(DIR, d))
    write("target/status", STATUS % {"sid": 4711, "caps": "0" * 13 + "400"})
    write("reaper/status", STATUS % {"sid": 4710, "caps": ZERO})
    write("target/uid_map", "     65534     300000          1\n")
    write("target/gid_map", "     65534     300000          1\n        20     300001          1\n         5     300002          1\n")
    write("target/limits", LIMITS)
    write("target/mountinfo", MOUNTS)
    write("target/cgroup", "3:cpu,pids:/x/abp-1\n1:name=systemd:/\n0::/\n")
    write("leaf/pids.max", "17\n")
    write("target/environ", "HOME=/tmp\0LANG=C\0")
    write("reaper/environ", "")
    write("target/original", "the program")
    link("original", "target/exe")
    link("/", "target/root")  # the host's objects, and its /bin -> usr/bin
    link("tmp/bin", "root/bin")
    for ns in ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup", "time"):
        write("target/ns/" + ns, "")
    # procfs lists descriptors in order; the newest first is how tmpfs does
    for number, (kind, mode) in sorted(FDS.items() if moment == "stop" else {**FDS, **GO}.items(), reverse=True):
        fd(number, kind, mode)


def run(moment, *keys):
    env = {"LANG": "C", "SECRET": "x"}
    p = subprocess.run([FAKE, moment, TOP + "/b", DIR, *keys], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True, env=env, check=False)
    return (p.stdout.strip() or "exit %d" % p.returncode)


def expect(moment, name, got, want):
    global passed, failed
    if got.startswith(want):
        passed += 1
        return
    failed += 1
    print("FAIL: %s: %s\n      got:  %s\n      want: %s" % (moment, name, got, want))


def refused(moment, fact, change, *keys):
    make(moment)
    change()
    name = ("go." if moment == "go" and not fact.startswith(("child.", "canary.")) else "") + fact
    expect(moment, fact, run(moment, *keys), name + ":")


def status(old, new, task="target"):
    return lambda: edit(task + "/status", old, new)


def mounts(old, new):
    return lambda: edit("target/mountinfo", old, new)


def both(moment):
    yield "caps.inheritable", status("CapInh:\t0000000000000400", "CapInh:\t" + ZERO)
    yield "caps.permitted", status("CapPrm:\t0000000000000400", "CapPrm:\t000001ffffffffff")
    yield "caps.effective", status("CapEff:\t0000000000000400", "CapEff:\t0000000000000c00")
    yield "caps.bounding", status("CapBnd:\t0000000000000400", "CapBnd:\t000001ffffffffff")
    yield "caps.ambient", status("CapAmb:\t0000000000000400", "CapAmb:\t0000000000000c00")
    yield "caps.ambient", status("CapAmb:", "CapXxx:")
    yield "no_new_privs", status("NoNewPrivs:\t1", "NoNewPrivs:\t0")
    for field in range(4):
        ids = ["300000"] * 4
        ids[field] = "0"
        yield "ids.uid", status("Uid:\t" + "\t".join(["300000"] * 4), "Uid:\t" + "\t".join(ids))
        yield "ids.gid", status("Gid:\t" + "\t".join(["300000"] * 4), "Gid:\t" + "\t".join(ids))
    yield "ids.groups", status("300001 300002", "300001 300002 300003")
    yield "ids.groups", status("300001 300002", "300001")
    yield "threads", status("Threads:\t1", "Threads:\t2")
    yield "umask", status("Umask:\t0022", "Umask:\t0000")
    if moment == "go":
        yield "dumpable", lambda: os.chown(DIR + "/target/environ", 300000, 300000)
    yield "session", status("NSsid:\t4711", "NSsid:\t1")
    yield "uid_map", lambda: write("target/uid_map", "0 0 4294967295\n")
    yield "uid_map", lambda: write("target/uid_map", "65534 300000 2\n")
    yield "gid_map", lambda: write("target/gid_map", "65534 300000 1\n")
    for ns in ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup", "time"):
        yield "ns:" + ns, lambda ns=ns: link("/proc/self/ns/" + ns, "target/ns/" + ns)
    yield "ns:net", lambda: os.unlink(DIR + "/target/ns/net")
    yield "cgroup:cpu,pids", lambda: edit("target/cgroup", "/x/abp-1", "/x")
    yield "cgroup", lambda: write("target/cgroup", "")
    yield "limit:pids.max", lambda: write("leaf/pids.max", "max\n")
    yield "limit:pids.max", lambda: os.unlink(DIR + "/leaf/pids.max")
    for old, fact in (("Max open files            64 ", "files"), ("Max cpu time              2 ", "cputime"),
                      ("Max core file size        1 ", "core"), ("Max nice priority         0 ", "nice"),
                      ("Max realtime priority     0 ", "rtprio")):
        yield "rlimit:" + fact, lambda old=old: edit("target/limits", old, old[:-2] + "7 ")
    yield "rlimit:files", lambda: edit("target/limits", "64                   64 ", "64                   65 ")
    for flag in ("nosuid", "nodev", "noexec"):
        yield "mount:/", mounts("/ / ro,nosuid,nodev,noexec,", "/ / " + "ro,nosuid,nodev,noexec,".replace(flag + ",", ""))
    yield "mount:/", mounts("/ / ro,", "/ / rw,")
    yield "mount:/usr", mounts("/usr ro,", "/usr rw,")
    yield "mount:/usr", mounts("/usr ro,nosuid,nodev,", "/usr ro,nosuid,nodev,noexec,")
    yield "mount:/tmp", mounts("/tmp rw,nosuid,nodev,noexec,", "/tmp rw,nosuid,nodev,")
    yield "mount:/dev/null", mounts("/dev/null ro,", "/dev/null rw,")
    yield "mount:/proc", mounts(",subset=pid", "")
    yield "mount:/proc", mounts("hidepid=ptraceable", "hidepid=off")
    yield "mount:/proc", mounts("- proc proc", "- tmpfs proc")
    yield "mount:/srv/sub dir", mounts("sub\\040dir ro,nosuid,", "sub\\040dir ro,")
    yield "mount:/etc/other", mounts("/etc/hostname /etc/hostname", "/etc/hostname /etc/other")
    yield "mount:/home", lambda: write("target/mountinfo", MOUNTS + "40 30 8:1 /home /home ro,nosuid,nodev,noexec - ext4 x rw\n")
    yield "mount:/tmp", lambda: write("target/mountinfo", MOUNTS + "40 32 8:1 /x /tmp rw,nosuid,nodev,noexec - ext4 x rw\n")
    yield "mount:/usr", lambda: write("target/mountinfo", MOUNTS.replace(MOUNTS.split("\n")[1] + "\n", ""))
    yield "scratch:/tmp", mounts("size=1024k,nr_inodes", "size=2048k,nr_inodes")
    yield "scratch:/tmp", mounts("nr_inodes=20", "nr_inodes=21")
    if moment == "go":  # at the exec stop the objects in that root differ first
        yield "symlink:/bin", lambda: link("../root", "target/root")
    yield "mounts", lambda: os.unlink(DIR + "/target/mountinfo")
    yield "fd:0", lambda: fd(0, "file", 0)
    yield "fd:1", lambda: fd(1, "pipe", 2)
    yield "fds", lambda: fd(3, "file", 0)
    yield "fds", lambda: os.unlink(DIR + "/target/fd/9")
    yield "fds", lambda: shutil.rmtree(DIR + "/target/fd")


def stop_only():
    yield "object:/dev/null", lambda: link("usr/bin", "root/bin") or link("../root", "target/root")
    yield "signals.blocked", status("SigBlk:\t" + ZERO, "SigBlk:\t0000000000000001")
    yield "signals.ignored", status("SigIgn:\t" + ZERO, "SigIgn:\t0000000000001000")
    yield "seccomp.mode", status("Seccomp:\t2", "Seccomp:\t0")
    yield "seccomp.filters_added", status("Seccomp_filters:\t1", "Seccomp_filters:\t2")
    yield "seccomp.filters_added", status("Seccomp_filters:\t1", "Seccomp_filters:\t0")
    yield "fds", lambda: fd(200, "file", 2)
    yield "exe", lambda: link("environ", "target/exe")
    yield "env.names", lambda: write("target/environ", "HOME=/tmp\0LANG=C\0SECRET=x\0")
    yield "env.names", lambda: write("target/environ", "HOME=/tmp\0")
    yield "env.names", lambda: write("target/environ", "HOME=/tmp\0LANG=C\0LANG=D\0")
    yield "env.set", lambda: write("target/environ", "HOME=/tmpx\0LANG=C\0")
    yield "env.set", lambda: write("target/environ", "HOME=/tm\0LANG=C\0")
    yield "reaper.caps.effective", status("CapEff:\t" + ZERO, "CapEff:\t0000000000000020", "reaper")
    yield "reaper.caps.bounding", status("CapBnd:\t" + ZERO, "CapBnd:\t0000000000000020", "reaper")
    yield "reaper.no_new_privs", status("NoNewPrivs:\t1", "NoNewPrivs:\t0", "reaper")
    yield "reaper.ids.uid", status("Uid:\t300000", "Uid:\t0", "reaper")
    yield "reaper.dumpable", lambda: os.chown(DIR + "/reaper/environ", 300000, 300000)
    yield "reaper.threads", status("Threads:\t1", "Threads:\t2", "reaper")
    yield "reaper.seccomp.mode", status("Seccomp:\t2", "Seccomp:\t0", "reaper")
    yield "reaper.seccomp.filters_added", status("Seccomp_filters:\t1", "Seccomp_filters:\t3", "reaper")


CHILD = {"child.securebits": "securebits=0", "child.no_new_privs": "no_new_privs=0",
         "child.dumpable": "dumpable=1", "child.pdeathsig": "pdeathsig=0", "child.personality": "personality=262144",
         "child.hostname": "hostname=65", "child.sysctl:user.max_user_namespaces": "max_user=1",
         "child.sysctl:vm.memfd_noexec": "memfd_noexec=0", "canary.open_before": "open_before=13",
         "canary.open_after": "open_after=0", "canary.write_after": "write_after=0", "canary.exec_after": "exec_after=8"}


def main():
    subprocess.run([MKBUNDLE, TOP + "/b", *POLICY], check=True)
    os.mkfifo(TOP + "/pipe")
    open(TOP + "/file", "w").close()
    for moment in ("go", "stop"):
        make(moment)
        expect(moment, "nothing changed", run(moment), "ok")
        for fact, change in both(moment):
            refused(moment, fact, change)
    for fact, key in CHILD.items():
        refused("go", fact, lambda: None, key)
    for fact, change in stop_only():
        refused("stop", fact, change)
    refused("stop", "seccomp.filter", lambda: None, "filter=1")
    refused("stop", "canary.unshare_after", lambda: None, "unshare_after=0")
    refused("stop", "canary.unshare_killed", lambda: None, "unshare_killed=1")


try:
    main()
finally:
    shutil.rmtree(TOP, ignore_errors=True)
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
