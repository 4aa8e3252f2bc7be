# guest.sh - inside the virtual machine: root, cgroup v2 only, no shell but busybox.
BB=/usr/bin/busybox
for a in awk cat chmod chown cut dd expr grep head id ls mkdir mount mknod rm sed sleep stat su tr uname; do alias $a="busybox $a"; done
pass=0 fail=0
ok() { pass=$((pass + 1)); }
no() { fail=$((fail + 1)); echo "FAIL $1: got '$2', want '$3'"; }
is() { if [ "$2" = "$3" ]; then ok; else no "$@"; fi; }
has() { case $2 in *"$3"*) ok ;; *) no "$@" ;; esac; }
mk() { mkbundle /tmp/b file:$BB:rx scratch:/tmp:4M proc:/proc device:/dev/null device:/dev/zero limit:0:32M limit:2:50 limit:3:8 flags:12 "$@" && chmod 644 /tmp/b; }
run() { out=$(abprun "$@" 2>&1); rc=$?; }
cd /tmp
chmod 755 /tmp
G=/sys/fs/cgroup
echo "Linux $(uname -r)"

mk
run b -- $BB sh -c 'busybox cat /proc/self/status /proc/self/cgroup'
is "runs" $rc 0
has "no capability" "$out" "CapEff:	0000000000000000"
has "cgroup namespace" "$out" "0::/"
abprun b -- $BB sleep 2 & sleep 1
for x in memory.max=33554432 memory.swap.max=0 "cpu.max=50000 100000" pids.max=9 memory.oom.group=1 cgroup.max.descendants=0; do
	is "$x" "$(cat $G/abp-*/"${x%%=*}")" "${x#*=}"
done
is "program and reaper in the leaf" "$(cat $G/abp-*/cgroup.procs | grep -c .)" 2
wait
run b -- $BB sh -c 'for i in 1 2 3 4 5 6 7 8 9; do busybox sleep 1 & done; wait'
has "pids" "$out" "can't fork"
mk scratch:/big:100M
run b --status-fd 1 -- $BB dd if=/dev/zero of=/big/x bs=1M count=80
is "memory" $rc 137
has "memory is named" "$out" '"limit":"memory"'
mk limit:9:500
run b --status-fd 1 -- $BB sleep 9
has "wall clock" "$out" '"code":137,"limit":"wall"'

# a pipe in core_pattern starts no handler for the run, though it does for others
printf '#!/bin/sh\nbusybox cat >/dev/null; echo "$1" >>/tmp/cores\n' >/t/handler
chmod 755 /t/handler
echo '|/t/handler %p' >/proc/sys/kernel/core_pattern
busybox sh -c 'kill -SEGV $$'
sleep 1
is "control: the handler works" "$(cat /tmp/cores | grep -c .)" 1
mk
run b -- $BB sh -c 'kill -SEGV $$'
is "crash in the run" $rc 139
sleep 1
is "no handler for it" "$(cat /tmp/cores | grep -c .)" 1

# write trees: a tmpfs has id maps from Linux 6.3
mkdir /ws/a && chown 1000:1001 /ws/a
mk tree:/w:rwS user:10001:10001
run b --slot /w=/ws/a -- $BB sh -c 'echo x >/w/f && busybox stat -c %u /w/f'
case $(uname -r) in
6.[012].*) has "no id map: refused by name" "$out" "/w (test.abp:1): its file system cannot map owners" ;;
*) is "owner inside" "$out" 10001; is "owner on disk" "$(stat -c %u:%g /ws/a/f)" 1000:1001 ;;
esac

# an ordinary user: only in a delegated group
mkdir -p $G/u/scope
echo "+memory +pids +cpu" >$G/u/cgroup.subtree_control
chown 1000 $G/u/scope $G/u/scope/cgroup.procs $G/u/scope/cgroup.subtree_control
mk
out=$(su user -c "abprun /tmp/b -- $BB true" 2>&1)
has "not delegated" "$out" "systemd-run --user --scope -p Delegate=yes"
out=$(echo 0 >$G/u/scope/cgroup.procs; su user -c "abprun /tmp/b -- $BB cat /proc/self/status /proc/self/uid_map" 2>&1)
has "delegated" "$out" "Uid:	1000	1000	1000	1000"
has "own id only" "$(echo $out)" "1000 1000 1"
is "no leaf stays" "$(ls -d $G/abp-* $G/u/scope/abp-[0-9]* 2>/dev/null)" ""
echo "$pass passed, $fail failed"
