#!/bin/bash
# loader.sh - real launches of abprun under hand-made bundles, as root and as an ordinary user.
# Changes nothing on the host but its own control groups and a temporary directory; both are gone at the end.
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
B=$(cd "$B" && pwd)
RUN=$B/abprun MK=$B/mkbundle
PY=/usr/bin/python3.11 BB=/usr/bin/busybox
pass=0 fail=0 skip=0
if [ "$(id -u)" != 0 ]; then
	echo "skipped: loader: needs root"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
D=$(mktemp -d) || exit 1
chmod 755 "$D"
cleanup() {
	rm -rf "$D"
	for g in "${UGROUPS[@]}"; do rmdir "$g"/abp-launchers "$g" 2>/dev/null; done
}
trap cleanup EXIT

ok() { pass=$((pass + 1)); }
no() { fail=$((fail + 1)); echo "FAIL: $1"; shift; printf '      %s\n' "$@"; }
skipped() { skip=$((skip + 1)); echo "skipped: $1"; }
# mk WORD... makes $D/b
mk() { "$MK" "$D/b" base "$@" && chmod 644 "$D/b"; }
# run ARGS... -> $rc, $out (stdout), $err
run() {
	timeout 60 "$RUN" "$@" >"$D/out" 2>"$D/err"
	rc=$?
	out=$(cat "$D/out") err=$(cat "$D/err")
}
# exits NAME CODE [STDERR-PATTERN]: the last run
exits() {
	if [ "$rc" = "$2" ] && { [ -z "$3" ] || [[ $err == *$3* ]]; }; then ok; else no "$1" "rc $rc, want $2" "$err"; fi
}
# says NAME TEXT: it ended with 0 and its output has TEXT
says() { if [ "$rc" = 0 ] && [[ $out == *"$2"* ]]; then ok; else no "$1" "rc $rc" "$out" "$err"; fi; }
is() { if [ "$2" = "$3" ]; then ok; else no "$1" "got:  $2" "want: $3"; fi; }
leaves() { find /sys/fs/cgroup -maxdepth 6 -type d -name "abp-$1*" 2>/dev/null; }
dead_leaves() { for l in $(leaves); do p=${l##*/abp-}; [ -e /proc/${p%%-*} ] || echo $l; done; }
before=$(dead_leaves)
inside() { grep -oE "$1" <<<"$out"; }

# --- exit codes ---
mk
run "$D/b" -- $PY -c 'print("it runs")'; says "python runs" "it runs"
run "$D/b" -- $BB sh -c 'exit 7'; exits "exit status" 7
run "$D/b" -- $BB sh -c 'kill -TERM $$'; exits "signal" 143
run "$D/b" -- /bin/busybox true; exits "policy symlink in the name" 0
run "$D/b" -- /usr/bin/nope; exits "not in the view" 127 "step target"
run "$D/b" -- $BB/x; exits "below a file" 127 "step target"
run "$D/b" -- python3; exits "relative name" 127 "absolute"
run "$D/b" -- /usr/lib/os-release; exits "not exec" 126 "no exec grant"
mk file:/usr/bin/ldd:rx
run "$D/b" -- /usr/bin/ldd; exits "script" 126 "run its interpreter: /bin/bash"
mk only:$BB
run "$D/b" -- $PY -c 1; exits "run { program }" 126 "starts $BB only"
mk program:$BB:$(sha256sum $BB | cut -d' ' -f1)
run "$D/b" -- $BB true; exits "pinned" 0
mk program:$BB:$(sha256sum $PY | cut -d' ' -f1)
run "$D/b" -- $BB true; exits "pinned to other bytes" 126 "pins by digest"
cp $BB "$D/noexec" && chmod 644 "$D/noexec" && mk file:"$D/noexec":rx
run "$D/b" -- "$D/noexec" true; exits "no execute permission" 126 "step exec_stop: execveat"
printf '\177ELF garbage' >"$D/bad" && chmod 755 "$D/bad" && mk file:"$D/bad":rx
run "$D/b" -- "$D/bad"; exits "not ELF for this machine" 126 "not an ELF program"
run; exits "usage" 125 "usage"
run "$D/b" -- ; exits "no program" 125 "no program"
run "$D/b" --nonsense -- $BB true; exits "unknown option" 125 "--nonsense"

# --- the bundle ---
mk
cp "$D/b" "$D/c"; printf 'x' | dd of="$D/c" bs=1 seek=300 conv=notrunc 2>/dev/null
run "$D/c" -- $BB true; exits "changed byte" 125 "step bundle"
chmod 666 "$D/b"
run "$D/b" -- $BB true; exits "bundle others can write" 125 "written by others"
run "$D/b" --digest "$(sha256sum <"$D/b" | cut -d' ' -f1)" -- $BB true; exits "the same with its digest" 0
run "$D/b" --digest "$(sha256sum <$BB | cut -d' ' -f1)" -- $BB true; exits "wrong digest" 125 "step bundle"
head -c 100 "$D/b" >"$D/c"; run "$D/c" -- $BB true; exits "truncated" 125 "step bundle"
mk missing:sockets:"connect tcp 192.0.2.1"
run "$D/b" -- $BB true; exits "a grant without a wall" 125 'step missing: no wall of this abprun decides `connect tcp 192.0.2.1` (test.abp:9): it needs sockets'
mk net:2; run "$D/b" -- $BB true; exits "net relay" 125 "step missing"
mk net:3; run "$D/b" -- $BB true; exits "net host" 125 "step bundle"
mk require:2 landlock:99; run "$D/b" -- $BB true; exits "require landlock" 125 "step kernel: the policy requires Landlock ABI 99"
mk open; run "$D/b" -- $BB true; exits "a filter that lets unshare through" 125 "step canary"
mk kill flags:6; run "$D/b" -- $BB true; exits "on-deny kill" 0
mk kill; run "$D/b" -- $BB true; exits "kills, but the policy does not say so" 125 "step canary"
mk deny:0; run "$D/b" -- $BB true; exits "a filter without the floor" 125 "step second_go"

mk unsorted; run "$D/b" -- $BB true; exits "view out of order" 125 "not in mount order"
mk file:/tmp:r; run "$D/b" -- $BB true; exits "one name twice" 125 "not in mount order"

# --- limits ---
mk limit:0:48M limit:2:50 limit:3:5 limit:4:32 limit:5:1M limit:6:4M limit:8:7000 proc:/proc
"$RUN" "$D/b" -- $BB sleep 3 & p=$!
sleep 0.7
for f in $(leaves $p); do
	for x in memory.limit_in_bytes:50331648 memory.max:50331648 memory.memsw.limit_in_bytes:50331648 \
		memory.swap.max:0 pids.max:6 cpu.cfs_quota_us:50000 "cpu.max:50000 100000" cgroup.max.descendants:0; do
		[ -e "$f/${x%%:*}" ] && [ -z "${x##*:*}" ] && [ "$(basename "$(dirname "$f")")" != x ] &&
			case $f in
			*memory*) [[ $x == memory* ]] ;;
			*/pids/*) [[ $x == pids* ]] ;;
			*/cpu/*) [[ $x == cpu* ]] ;;
			*) true ;;
			esac && is "limit ${x%%:*}" "$(cat "$f/${x%%:*}")" "${x#*:}"
	done
done
wait $p
run "$D/b" -- $BB cat /proc/self/limits
for l in "cpu time +7 +7" "file size +1048576 +1048576" "stack size +4194304 +4194304" "open files +32 +32" "core file size +1 +1"; do
	[ -n "$(inside "Max $l ")" ] && ok || no "rlimit $l" "$out"
done
run "$D/b" -- $PY -c 'x = bytearray(200 << 20)'; exits "memory limit" 137
run "$D/b" --status-fd 9 -- $PY -c 'x = bytearray(200 << 20)' 9>"$D/st"; is "memory limit named" "$(grep -o '"limit":"memory"' "$D/st")" '"limit":"memory"'
run "$D/b" -- $PY -c '
import os
n = 0
try:
    while True:
        if os.fork() == 0:
            os.read(0, 1); os._exit(0)
        n += 1
except OSError as e:
    print(n, e.errno)' < <(sleep 2); says "pids: policy 5 = program and 4 more" "4 11"
mk limit:9:300
run "$D/b" --status-fd 9 -- $BB sleep 30 9>"$D/st"; exits "wall clock" 137
is "wall clock named" "$(grep -o '"limit":"wall"' "$D/st")" '"limit":"wall"'
mk limit:3:1; run "$D/b" -- $BB true; exits "pids 1" 0
mk limit:4:1000000; run "$D/b" -- $BB true; exits "files above the hard limit" 125 "step rlimits"
mk proc:/proc
is "a low soft limit is enough, and inherited" "$(prlimit --nofile=64:4096 "$RUN" "$D/b" -- $BB grep 'open files' /proc/self/limits | awk '{print $4, $5}')" "64 4096"
prlimit --nofile=64:64 "$RUN" "$D/b" -- $BB true 2>"$D/err"; rc=$? err=$(cat "$D/err"); exits "a low hard limit" 125 "step sane: abprun needs"

# --- ids and capabilities ---
mk proc:/proc user:10001:10002 group:7
run "$D/b" -- $BB cat /proc/self/status /proc/self/uid_map
for l in 'Uid:\s10001\s10001\s10001\s10001' 'Gid:\s10002\s10002\s10002\s10002' 'Groups:\s7 ' 'CapInh:\s0{16}' 'CapPrm:\s0{16}' \
	'CapEff:\s0{16}' 'CapBnd:\s0{16}' 'CapAmb:\s0{16}' 'NoNewPrivs:\s1' 'Seccomp:\s2' 'Seccomp_filters:\s1' 'SigBlk:\s0{16}' \
	'TracerPid:\s0' 'NSpid:\s[23]$' ' +10001 +[0-9]{7} +1$'; do
	[ -n "$(grep -P "$l" <<<"$out")" ] && ok || no "status $l" "$out"
done
mk proc:/proc cap:10 net:1
run "$D/b" -- $BB grep Cap /proc/self/status; is "granted capability in five sets" "$(grep -c 0000000000000400 <<<"$out")" 5
run "$D/b" -- $PY -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 80)); print("bound")'; says "granted capability works" bound
mk cap:40 cap:41; run "$D/b" -- $BB true; exits "a capability that does not exist" 125 "step caps"
mk user:0:0; run "$D/b" -- $BB mount -t tmpfs x /tmp; exits "uid 0 inside can nothing" 1
"$RUN" "$D/b" -- $BB sleep 2 & p=$!; "$RUN" "$D/b" -- $BB sleep 2 & q=$!
sleep 0.7
uid_of() { awk '/^Uid/ {print $2}' "/proc/$(cat /sys/fs/cgroup/pids/abp-$1-*/cgroup.procs /sys/fs/cgroup/abp-$1-*/cgroup.procs 2>/dev/null | tail -1)/status"; }
u=$(uid_of $p) v=$(uid_of $q)
[ -n "$u" ] && [ -n "$v" ] && [ "$u" != "$v" ] && [ "$u" -ge 1000 ] && ok || no "two runs, two host ids" "$u $v"
wait $p $q
# /etc/abp/ids, in a mount namespace of our own
with_ids() { unshare -m --propagation private sh -c 'mount -t tmpfs none /etc && mkdir /etc/abp && printf "%s\n" "$1" >/etc/abp/ids && shift && exec "$@"' sh "$@" >"$D/out" 2>"$D/err"; rc=$?; out=$(cat "$D/out") err=$(cat "$D/err"); }
mk proc:/proc
with_ids "70000 64" "$RUN" "$D/b" -- $BB cat /proc/self/uid_map; [[ $out =~ 65534\ +70000\ +1 ]] && ok || no "host ids of /etc/abp/ids" "$out" "$err"
for bad in "0 65536" "500 64" "70000" "70000 10" "70000  64" "70000 64 x" "4294967290 64" "-1 64" "99999999999999999999 64"; do
	with_ids "$bad" "$RUN" "$D/b" -- $BB true; exits "ids '$bad'" 125 "step host_ids: /etc/abp/ids"
done
install -m 4755 "$RUN" "$D/suid"
setpriv --reuid 65534 --regid 65534 --clear-groups "$D/suid" "$D/b" -- $BB true 2>"$D/err"; rc=$? err=$(cat "$D/err")
exits "set-user-ID loader" 125 "step sane"

# --- view ---
mk proc:/proc file:/etc:r file:/etc/hostname:r
run "$D/b" -- $BB sh -c 'busybox ls /etc'; is "a directory by its name alone is empty but for grants" "$out" hostname
run "$D/b" -- $BB sh -c 'echo x > /x'; exits "root is read-only" 1 "Read-only"
run "$D/b" -- $BB ls /; exits "root is not listable" 1 "Permission denied"
run "$D/b" -- $BB sh -c 'echo x > /usr/lib/x'; exits "tree is read-only" 1 "Read-only"
run "$D/b" -- $BB sh -c 'echo x > /tmp/x && echo x > /dev/null && cat /tmp/x' ; run "$D/b" -- $BB sh -c 'echo yes > /tmp/x && busybox cat /tmp/x'; says "scratch" yes
run "$D/b" -- $BB sh -c "busybox cp $BB /tmp/b && /tmp/b true"; exits "scratch is noexec" 126
run "$D/b" -- $BB sh -c "busybox cp $BB /tmp/b && /lib64/ld-linux-x86-64.so.2 /tmp/b"; exits "nor by ld.so" 127 "failed to map"
run "$D/b" -- $BB dd if=/dev/zero of=/tmp/f bs=1M count=32; exits "scratch size" 1
run "$D/b" -- $BB sh -c 'busybox ls /proc; busybox cat /proc/meminfo'; exits "procfs has processes only" 1 "No such file"
run "$D/b" -- $BB ls -d /proc/1; exits "pid 1 is hidden" 1
run "$D/b" -- $PY -c 'import os; os.kill(1, 9)'; exits "no signal to pid 1" 1 "PermissionError"
mk proc:/proc procfile:/proc/meminfo
run "$D/b" -- $BB sh -c 'busybox head -c 8 /proc/meminfo; busybox readlink /proc/self'; says "single proc file beside /proc/self" "MemTotal"
mk tree:/etc/nope:r; run "$D/b" -- $BB true; exits "missing name" 125 "step mounts: /etc/nope (test.abp:1): No such file"
mk file:/usr/bin/python3:r; run "$D/b" -- $BB true; exits "a link" 125 "is a symbolic link to python3.11: grant the target, and the name by"
mk tree:/bin/x:r; run "$D/b" -- $BB true; exits "through a link" 125 "goes through a symbolic link"
mk tree:/sys/fs:r; run "$D/b" -- $BB true; exits "a mount below" 125 "is a mount below it"
mk tree:/sys/fs:rs; run "$D/b" -- $BB true; exits "submounts" 0
mk device:/dev/kmsg; run "$D/b" -- $BB true; exits "an unknown device" 125 "is not that device"
mk net:0; run "$D/b" -- $PY -c 'import socket; socket.create_connection(("127.0.0.1", 80))'; exits "net none" 1
mk net:1; run "$D/b" -- $PY -c '
import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
socket.create_connection(s.getsockname()); print("loopback")'; says "net private" loopback
mk hostname:jail workdir:/tmp; run "$D/b" -- $BB sh -c 'busybox hostname; busybox pwd'; is "hostname, workdir" "$out" "jail
/tmp"

# --- slots, write trees ---
mkdir -p "$D/ws/.git/hooks" "$D/ws/d"; chown -R 1234:1235 "$D/ws"; chmod 700 "$D/ws"
mk tree:/w:rwS pin:/w/.git:rw except:/w/.git/hooks:rb user:10001:10001
run "$D/b" -- $BB true; exits "slot not filled" 125 "--slot /w=HOSTDIR"
run "$D/b" --slot /w=ws -- $BB true; exits "slot by a relative name" 125 "--slot /w=ws: write /NAME=/HOSTDIR"
run "$D/b" --slot /v="$D/ws" -- $BB true; exits "no such slot" 125 "no such slot"
run "$D/b" --slot /w="$D/none" -- $BB true; exits "slot without directory" 125 "step slots"
run "$D/b" --slot /w="$D/ws" -- $BB sh -c 'echo x > /w/new && busybox stat -c %u:%g /w/new'; is "owner inside" "$out" 10001:10001
is "owner on disk" "$(stat -c %u:%g "$D/ws/new")" 1234:1235
run "$D/b" --slot /w="$D/ws" -- $BB sh -c 'echo x > /w/.git/hooks/x'; exits "exception" 1 "Read-only"
run "$D/b" --slot /w="$D/ws" -- $BB mv /w/.git /w/g; exits "pinned directory" 1 "busy"
run "$D/b" --slot /w="$D/ws" -- $BB sh -c 'echo a > /w/.git/config && echo a > /w/d/x && busybox mv /w/d/x /w/y && echo fine'; says "the rest is writable" fine
run "$D/b" --slot /w="$D/ws" -- $BB mknod /w/c c 1 3; exits "no devices" 1
run "$D/b" --slot /w="$D/ws" -- $BB sh -c "busybox cp $BB /w/b; /w/b true"; exits "write tree is noexec" 126
mk tree:/w:rwS except:/w/.git/hooks:r; run "$D/b" --slot /w="$D/ws" -- $BB true; exits "exception of one file is a directory" 125 "DIR/**"
mk tree:/w:rwS pin:/w/.git:rw except:/w/.git/hooks:rb
rmdir "$D/ws/.git/hooks"; run "$D/b" --slot /w="$D/ws" -- $BB true; exits "missing exception" 125 "/w/.git/hooks (test.abp:1): No such file"
ln -s /etc "$D/ws/.git/hooks"; run "$D/b" --slot /w="$D/ws" -- $BB true; exits "exception turned into a link" 125 "symbolic link"

# --- descriptors, environment ---
mk proc:/proc fd:7 env:LANG env:UNSET set:HOME:/x secret:TOKEN:8
exec 5</etc/passwd 11<"$D"
LANG=C SECRET=1 LD_PRELOAD= run "$D/b" -- $BB sh -c 'for f in /proc/self/fd/*; do echo ${f##*/}; done' 7</dev/null 8<<<hush
is "descriptors" "$(echo $out)" "0 1 2 3 7"
LANG=C SECRET=1 run "$D/b" -- $BB env 7</dev/null 8< <(printf hush)
is "environment" "$(echo $out)" "HOME=/x LANG=C TOKEN=hush"
run "$D/b" -- $BB true 8</dev/null; exits "a passed descriptor is missing" 125 "step passed: descriptor 7"
head -c 70000 /dev/zero | tr '\0' a >"$D/big"
run "$D/b" -- $BB true 7</dev/null 8<"$D/big"; exits "secret too long" 125 "64 KiB"
exec 5<&- 11<&-

# --- stdio ---
mk proc:/proc
head -c 3000000 /dev/urandom >"$D/big"
"$RUN" "$D/b" -- $BB cat <"$D/big" | cmp -s - "$D/big" && ok || no "relay of 3 MB both ways"
"$RUN" "$D/b" -- $BB yes | head -1 >"$D/out"; is "reader that leaves" "$(cat "$D/out")" y
run "$D/b" -- $BB sh -c 'echo o; echo e >&2'; is "stdout, stderr apart" "$out$err" oe
run "$D/b" -- $PY -c 'import os, stat; print([stat.S_ISFIFO(os.fstat(i).st_mode) for i in (0, 1, 2)])'; says "pipes" "[True, True, True]"
mk stdio:1; run "$D/b" -- $BB sh -c 'echo nothing'; is "null" "$rc$out" 0
mk stdio:2; run "$D/b" -- $BB echo file; is "inherit a file" "$out" file
run "$D/b" -- $BB true <"$D"; exits "inherit a directory" 125 "step stdio"
$PY - "$RUN" "$D/b" $BB <<'PY' && ok || no "inherit: a socket, terminal or memfd is a refusal"
import os, pty, socket, subprocess, sys
run, bundle, bb = sys.argv[1:]
a, b = socket.socketpair()
tcp = socket.socket()
for fd in (a.fileno(), tcp.fileno(), pty.openpty()[1], os.memfd_create("x"), os.eventfd(0)):
    p = subprocess.run([run, bundle, "--", bb, "true"], stdin=fd, stderr=subprocess.PIPE)
    assert p.returncode == 125 and b"step stdio" in p.stderr, (fd, p)
PY
mk stdio:3 device:/dev/tty
$PY - "$RUN" "$D/b" $PY <<'PY' && ok || no "a terminal of its own"
import os, pty, subprocess, sys
run, bundle, py = sys.argv[1:]
m, s = pty.openpty()
prog = "import os; print([os.isatty(i) for i in (0, 1, 2)], os.getsid(0) == os.getpid()); os.write(os.open('/dev/tty', os.O_RDWR), b'own tty')"
p = subprocess.Popen([run, bundle, "--", py, "-c", prog], stdin=s, stdout=subprocess.PIPE)
out = p.communicate(timeout=30)[0]
assert b"[True, True, True] True" in out and b"own tty" in out, out
PY

run "$D/b" -- $BB wc -c < <(printf 'abc\n'); says "end of file on a terminal" 4

# --- supervision, status ---
mk
"$RUN" "$D/b" -- $BB sh -c 'trap "echo caught; exit 3" TERM; while :; do busybox sleep 0.1; done' >"$D/out" & p=$!
sleep 0.7; kill -TERM $p; wait $p; is "signal forwarded" "$?$(cat "$D/out")" 3caught
run "$D/b" --status-fd 9 -- $BB sh -c 'echo forged >&9; exit 125' 9>"$D/st"
is "status line" "$(grep -o '"outcome":"[a-z]*"' "$D/st" | tr '\n' ' ')" '"outcome":"started" "outcome":"ended" '
run "$D/b" --status-fd 9 -- /nope 9>"$D/st"
is "status of a refusal" "$(cat "$D/st")" '{"schema":"abp-status/1","outcome":"refused","step":"target","code":127,"why":"program /nope in the policy'"'"'s view: No such file or directory"}'
"$RUN" "$D/b" -- $BB sh -c 'busybox sleep 4321 & busybox sleep 4321' & p=$!
sleep 0.7
n=$(pgrep -fc 'sleep 4321'); kill -9 $p; wait $p 2>/dev/null; sleep 0.5
[ "$n" -ge 2 ] && [ "$(pgrep -fc 'sleep 4321')" = 0 ] && ok || no "kill -9 of the loader ends the run" "$n before"
run "$D/b" -- $BB true; is "its leaves go at the next launch" "$(leaves $p)" ""
run "$D/b" -- $BB sh -c 'busybox sleep 4322 & exit 5'; exits "the run ends with its program" 5
is "and nothing stays" "$(pgrep -fc 'sleep 4322')" 0

# --- an ordinary user ---
UGROUPS=()
as_user() { timeout 60 setpriv --reuid 65533 --regid 65533 --clear-groups "$@" >"$D/out" 2>"$D/err"; rc=$?; out=$(cat "$D/out") err=$(cat "$D/err"); }
cp "$RUN" "$D/abprun"; mk proc:/proc flags:12
as_user "$D/abprun" "$D/b" -- $BB true; exits "ordinary user, no delegation" 125 "systemd-run --user --scope -p Delegate=yes"
delegate() {
	local h sub
	for h in /sys/fs/cgroup/memory /sys/fs/cgroup/pids /sys/fs/cgroup/cpu /sys/fs/cgroup/unified; do
		[ -d $h ] || return 1
		sub=$h$(awk -F: -v c="$(basename $h)" '($2 == c) || (c == "unified" && $1 == 0) {print $3}' /proc/self/cgroup)/user-$$
		mkdir -p "$sub" && chown 65533 "$sub" "$sub/cgroup.procs" || return 1
		[ -e "$sub/tasks" ] && chown 65533 "$sub/tasks"
		UGROUPS+=("$sub")
	done
}
if delegate; then
	user_run() { (for g in "${UGROUPS[@]}"; do echo $BASHPID >"$g/cgroup.procs"; done; as_user "$@"; echo "$rc" >"$D/rc"); rc=$(cat "$D/rc") out=$(cat "$D/out") err=$(cat "$D/err"); }
	user_run "$D/abprun" "$D/b" -- $BB cat /proc/self/status /proc/self/uid_map
	says "ordinary user, delegated" "CapEff:	0000000000000000"
	[ -n "$(grep -E '^ +65533 +65533 +1$' <<<"$out")" ] && ok || no "the caller's own id" "$out"
	mk tree:/w:rwS; mkdir -p "$D/own"; chown 65533:65533 "$D/own"
	user_run "$D/abprun" "$D/b" --slot /w="$D/own" -- $BB sh -c 'echo x > /w/f && echo wrote'; says "own write tree" wrote
	is "owner on disk" "$(stat -c %u "$D/own/f")" 65533
	mk group:5; user_run "$D/abprun" "$D/b" -- $BB true; exits "groups need root" 125 "step host_ids_own"
	mk flags:0; user_run "$D/abprun" "$D/b" -- $BB true; exits "a policy for root only" 125 "only be launched by root"
else
	skipped "ordinary user in delegated groups: needs v1 memory, pids, cpu and a v2 hierarchy"
fi

# --- no residue ---
mk; run "$D/b" -- $BB true # sweeps what the killed ones left
is "no leaf of a dead loader stays" "$(dead_leaves | grep -vxF "${before:-none}")" ""
is "no record of a dead leaf stays" "$(for l in /run/abp/leaves/abp-*; do p=${l##*/abp-}; [ ! -L $l ] || [ -e /proc/${p%%-*} ] || echo $l; done)" ""
is "no mount stays" "$(grep -c abp- /proc/self/mountinfo)" 0
is "no loader stays" "$(pgrep -fc "^$RUN")" 0

if [ $skip -gt 0 ]; then echo "$pass passed, $fail failed, $skip skipped"; else echo "$pass passed, $fail failed"; fi
[ $fail = 0 ]
