#!/bin/bash
# evidence.sh - real launches and their records: schema, `abpc verify`, forgeries, refusals, and what a program can
# fake.  Changes nothing on the host but the launcher's control groups and a temporary directory; gone at the end.
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
RUN=$PWD/$B/abprun MK=$PWD/$B/mkbundle VERIFY=${VERIFY:-$PWD/$B/abpc verify}
PYTHON=/usr/bin/python3 PY=/usr/bin/python3.11 BB=/usr/bin/busybox
TOOL=$PWD/tests/kernel/evidence.py
pass=0 fail=0 skip=0
if [ "$(id -u)" != 0 ]; then
	echo "skipped: evidence: needs root"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
D=$(mktemp -d) || exit 1
chmod 755 "$D"
trap 'rm -rf "$D"; for g in "${GROUPS_[@]}"; do rmdir "$g"/abp-launchers "$g" 2>/dev/null; done' EXIT

ok() { pass=$((pass + 1)); }
no() { fail=$((fail + 1)); echo "FAIL: $1"; shift; printf '      %s\n' "$@"; }
is() { if [ "$2" = "$3" ]; then ok; else no "$1" "got:  $2" "want: $3"; fi; }
mk() { "$MK" "$D/b" base programs:/usr "$@" && chmod 644 "$D/b"; }
# run ARGS... -> $rc; record in $D/e, status lines in $D/s
run() {
	rm -f "$D/e" "$D/s"
	timeout 60 "$RUN" "$D/b" --evidence "$D/e" --status-fd 5 "$@" >"$D/out" 2>"$D/err" 5>"$D/s"
	rc=$?
}
field() { $PYTHON "$TOOL" field "$D/e" "$1"; }
# proves NAME: the last run began, and its record is proved
proves() {
	is "$1: exit" "$rc$(cat "$D/err")" 0
	$PYTHON "$TOOL" schema spec/evidence.schema.json "$D/e" >"$D/v" 2>&1 || no "$1: schema" "$(tail -3 "$D/v")"
	$VERIFY "$D/b" "$D/e" >"$D/v" 2>&1
	is "$1: verify" $? 0
	grep -q '^proved:' "$D/v" && ok || no "$1" "$(grep -E '^[a-z].*: ' "$D/v" | head)"
}
# refuses NAME STEP: nothing ran, and the record says so
refuses() {
	[ "$rc" -ge 125 ] && [ "$rc" -le 127 ] && ok || no "$1" "rc $rc"
	[ -e "$D/ran" ] && no "$1: the program ran"
	is "$1: state" "$(field outcome.state)" refused
	is "$1: step" "$(field outcome.step)" "$2"
	$PYTHON "$TOOL" schema spec/evidence.schema.json "$D/e" >"$D/v" 2>&1 && ok || no "$1: schema" "$(tail -3 "$D/v")"
	grep -q '"outcome":"refused"' "$D/s" && ok || no "$1: status-fd" "$(cat "$D/s")"
	grep -q started "$D/s" && no "$1: status-fd says started"
	$VERIFY "$D/b" "$D/e" >"$D/v" 2>&1
	[ $? != 0 ] && ok || no "$1: verify" "$(cat "$D/v")"
}

# --- launches that are proved ---
mkdir -p "$D/ws/.git/hooks" && chown -R 1234:1234 "$D/ws"
mk; run -- $BB true; proves "a small policy"
cp "$D/b" "$D/b0"; cp "$D/e" "$D/e0"
is "mode of the record" "$(stat -c %a "$D/e")" 600
is "nothing beside it" "$(find "$D" -name '*.tmp')" ""
mk user:10001:10002 group:20 group:5 cap:10; run -- $BB true; proves "ids, groups, a capability"
mk limit:4:64 limit:5:100000 limit:6:1048576 limit:7:65536 limit:8:1500 limit:9:20000; run -- $BB true; proves "limits"
mk proc:/proc workdir:/tmp hostname:box scratch:/run:64K:20; run -- $BB true; proves "procfs, scratch, names"
mk kill flags:2; run -- $BB true; proves "on-deny kill"
for s in 1 2 3; do mk stdio:$s; run -- $BB true </dev/null; proves "stdio $s"; done
mk tree:/workspace:rwS pin:/workspace/.git:rw except:/workspace/.git/hooks:rb
run --slot "/workspace=$D/ws" -- $BB touch /workspace/new; proves "slot with an exception"
mk proc:/proc procfile:/proc/meminfo; run -- $BB true; proves "a file of procfs beside the run's own"
mk file:/etc/hostname:r file:/srv:r; run -- $BB true; proves "a file, a directory by name"
mk program:$BB:$(sha256sum $BB | cut -d' ' -f1); run -- $BB true; proves "a pinned program"
odd="$D/"$'sp ace \\ "q" \303\251 \377'; mkdir "$odd"; mk "tree:$odd:r"; run -- $BB true; proves "a name of odd bytes"
is "the odd name is in the record" "$(grep -c 'mount:.*sp ace \\\\ .*\\u00c3\\u00a9 \\u00ff' "$D/e")" 2
printf 'hunter2-secret' >"$D/secret"; printf x >"$D/passed"
mk env:LANG env:ABSENT set:HOME:/tmp fd:8 secret:TOKEN:7
LANG=C run -- $BB true 7<"$D/secret" 8<"$D/passed"; proves "environment, secret, a descriptor"
is "names only" "$(field facts.env.names) $(field facts.secret.length:TOKEN)" "HOME LANG TOKEN 14"
grep -q hunter2 "$D/e" && no "the secret is in the record" || ok

# --- an ordinary user in delegated groups: the filter is seen in the call that installs it ---
GROUPS_=()
delegate() {
	local h sub
	for h in /sys/fs/cgroup/memory /sys/fs/cgroup/pids /sys/fs/cgroup/cpu /sys/fs/cgroup/unified; do
		[ -d $h ] || return 1
		sub=$h$(awk -F: -v c="$(basename $h)" '$2 == c || (c == "unified" && $1 == 0) {print $3}' /proc/self/cgroup)/ev-$$
		mkdir -p "$sub" && GROUPS_+=("$sub") && chown 65533 "$sub" "$sub/cgroup.procs" || return 1
		[ ! -e "$sub/tasks" ] || chown 65533 "$sub/tasks"
	done
}
user_run() {
	(for g in "${GROUPS_[@]}"; do echo $BASHPID >"$g/cgroup.procs"; done
	exec setpriv --reuid 65533 --regid 65533 --groups 65533,44 "$D/user/abprun" "$D/b" --evidence "$D/user/e" $EXTRA -- "$@") \
		>"$D/out" 2>"$D/err"
	rc=$?
	mv -f "$D/user/e" "$D/e"
}
if delegate; then
	mkdir "$D/user"; cp "$RUN" "$D/user/"; chown 65533 "$D/user"
	mk proc:/proc flags:12; user_run $BB true; proves "an ordinary user"
	is "source of the filter" "$(grep -c '"go.seccomp.filter".*"syscall-trace"' "$D/e")" 1
	grep -q "kept the caller's groups" "$D/v" && ok || no "groups that stay are said" "$(cat "$D/v")"
	mk flags:12 require:4; user_run $BB true; is "read-back is required" "$rc $(field outcome.step)" "125 second_go"
	EXTRA=--allow-degraded=filter-readback user_run $BB true
	is "without read-back, said aloud" "$rc $(field degraded) $(grep -c WARNING "$D/err")" "0 ['filter-readback'] 1"
	$VERIFY "$D/b" "$D/e" >"$D/v"; is "without read-back: verify" "$? $(grep -c 'syscall-trace cannot know it' "$D/v")" "1 2"
else
	skip=$((skip + 1)); echo "skipped: an ordinary user: needs v1 memory, pids, cpu and a v2 hierarchy"
fi

# --- what a program can fake, and what not ---
mk
run -- $PY -c 'import sys; print("abprun: refused at step caps: x", file=sys.stderr); sys.exit(125)'
is "a faked refusal: exit" "$rc $(cat "$D/err")" "125 abprun: refused at step caps: x"
is "a faked refusal: record" "$(field outcome.state) $(field outcome.status) $(field outcome.step)" "ended 125 null"
is "a faked refusal: status-fd" "$(grep -c '"outcome":"started"' "$D/s") $(grep -c '"outcome":"ended"' "$D/s")" "1 1"
$VERIFY "$D/b" "$D/e" >"$D/v"; is "a faked refusal: verify" $? 0
run -- $PY -c 'import os; os.kill(os.getpid(), 11)'; is "a signal" "$(field outcome.status)" 139
mk limit:9:300; run -- $BB sleep 9; is "a limit" "$(field outcome.state) $(field outcome.limit)" "ended wall"

# --- refusals; the program would leave a mark in the slot ---
W="tree:/workspace:rwS" S="--slot /workspace=$D/mark" MARK="$BB touch /workspace/ran"
mkdir "$D/mark"
marked() { [ -e "$D/mark/ran" ]; }
mk $W; run $S -- $MARK; is "the mark is made" "$rc $(marked && echo yes)" "0 yes"; rm -f "$D/mark/ran"
refused() { refuses "$@"; marked && no "$1: the program ran"; rm -f "$D/mark/ran"; }
mk $W; head -c 100 "$D/b" >"$D/t"; mv "$D/t" "$D/b"; run $S -- $MARK; refused "a cut bundle" bundle
mk $W missing:sockets:x; run $S -- $MARK; refused "no wall" missing
mk $W require:2 landlock:99; run $S -- $MARK; refused "kernel floor" kernel
mk $W; run -- $MARK; refused "an empty slot" slots
mk $W; run $S -- /usr/bin/absent; refused "no program" target
mk $W stdio:2; run $S -- $MARK < <(exec $PYTHON -c 'import time; time.sleep(0)'); is "a pipe as stdin" "$rc" 0; rm -f "$D/mark/ran"
mk $W stdio:2
timeout 60 $PYTHON "$TOOL" socket "$RUN" "$D/b" --evidence "$D/e2" --status-fd 5 $S -- $MARK 5>"$D/s" 2>/dev/null
rc=$?; mv "$D/e2" "$D/e"; refused "a socket as stdin" stdio
mk $W fd:9; run $S -- $MARK 9<&-; refused "a descriptor that is not there" passed
mk $W file:/nonexistent:r; run $S -- $MARK; refused "a name that is not there" mounts
mk $W workdir:/nonexistent; run $S -- $MARK; refused "no such directory" report
mk $W open; run $S -- $MARK; refused "a filter that lets unshare through" canary
mk $W limit:3:99999999999; run $S -- $MARK; refused "a limit the kernel does not take" limits

# --- the file ---
mk $W
echo mine >"$D/old"
run0() { timeout 60 "$RUN" "$D/b" --evidence "$1" $S -- $MARK >/dev/null 2>"$D/err"; rc=$?; }
run0 "$D/old"; is "a record never replaces a file" "$rc $(cat "$D/old")" "125 mine"
ln -s "$D/elsewhere" "$D/link"; run0 "$D/link"; is "nor a link" "$rc $([ -e "$D/elsewhere" ] && echo made)" "125 "
run0 "$D/mark/e"; is "nor lies below a write grant" "$rc" 125
mkdir -p "$D/mark/deep/er"; run0 "$D/mark/deep/er/e"; is "not even far below" "$rc" 125
run0 "$D/none/e"; is "nor in no directory" "$rc" 125
is "no program without a record" "$(marked && echo ran)" ""
mkdir "$D/full"
unshare -m --propagation private sh -c "mount -t tmpfs -o size=4k,nr_inodes=8 none $D/full &&
	$RUN $D/b --evidence $D/full/e $S -- $MARK" >/dev/null 2>"$D/err"
is "a full disk refuses" "$? $(grep -c 'step exec_stop' "$D/err") $(marked && echo ran)" "125 1 "

# --- the launcher dies: the record of what began is there, under its temporary name ---
mk; rm -f "$D/e"
"$RUN" "$D/b" --evidence "$D/e" -- $BB sleep 30 >/dev/null 2>&1 &
launcher=$!
for _ in $(seq 100); do grep -q '"state":"started"' "$D"/.e.*.tmp 2>/dev/null && break; sleep 0.05; done
kill -9 $launcher; wait $launcher 2>/dev/null
cp "$D"/.e.*.tmp "$D/e"; rm -f "$D"/.e.*.tmp
is "SIGKILL of the launcher" "$(field outcome.state)" started
$VERIFY "$D/b" "$D/e" >"$D/v" 2>&1; is "SIGKILL of the launcher: verify" $? 0

mk; run -- $BB true # removes the groups that were left behind

# --- forgeries of a real record: each must be found out ---
mkdir "$D/forged"
$PYTHON "$TOOL" forge "$D/e0" "$D/forged"
n=0
for f in "$D"/forged/*; do
	n=$((n + 1))
	$VERIFY "$D/b0" "$f" >"$D/v" 2>&1
	[ $? = 1 ] && ok || no "forged: $(head -1 "$f.name" 2>/dev/null) $f"
done
[ $n -gt 300 ] && ok || no "only $n forgeries were made"
mk cap:10; $VERIFY "$D/b" "$D/e0" >/dev/null 2>&1; is "the record of another bundle" $? 1

echo "$pass passed, $fail failed, $skip skipped"
[ $fail = 0 ]
