$ abpc why -I mod agent-1.abp connect tcp 169.254.169.254:80
denied: connect tcp 169.254.169.254:80
  event  connect tcp 169.254.169.254:80
  by     no line grants it, and what no line grants is denied
  sees   ENETUNREACH, or EPERM on loopback
  would  ports { connect tcp 169.254.169.254:80 }
  never  agent-1.abp:21: `never connect 169.254.0.0/16` forbids it
  within agent-1.abp:6: the ceiling g.ceiling 1.0.0 does not permit it
  walls  seccomp bound, sockets exact, network namespace bound (outside addresses are exact under none, private and relay), landlock bound (from ABI 4)
exit 1
$ abpc why -I mod agent-1.abp listen tcp 4444
denied: listen tcp *:4444
  event  listen tcp 0.0.0.0:4444 from 1.0.0.0
  by     no line grants it, and what no line grants is denied
  sees   nothing: the peer waits and times out
  would  ports { listen tcp 0.0.0.0:4444 }
  within agent-1.abp:6: the ceiling g.ceiling 1.0.0 does not permit it
  walls  seccomp bound (listen is denied where nothing may listen), sockets exact, network namespace bound (nothing outside can reach the run under none, private and relay)
exit 1
$ abpc why -I mod agent-1.abp write /etc/passwd
denied: write /etc/passwd
  event  write /etc/passwd
  by     no line grants it, and what no line grants is denied
  sees   ENOENT: the name is not in the view
  would  paths { write /etc/passwd unsafe because "..." }
         unsafe: configuration of the system: users, services, the dynamic linker
  within agent-1.abp:6: the ceiling g.ceiling 1.0.0 does not permit it
  walls  view exact (trees and files), landlock bound, apparmor exact
exit 1
$ abpc why -I mod agent-1.abp write /task/.git/hooks/x
denied: write /task/.git/hooks/x
  event  write /task/.git/hooks/x
  by     no line grants it, and what no line grants is denied
  sees   EROFS or EACCES
  would  paths { write /task/.git/hooks/x }
  walls  view exact (trees and files), landlock bound, apparmor exact
exit 1
$ abpc why -I mod agent-1.abp cap NET_RAW
denied: cap NET_RAW
  event  cap NET_RAW
  by     no line grants it, and what no line grants is denied
  sees   EPERM from what needs the capability
  would  caps { allow NET_RAW unsafe because "..." }
         unsafe: a capability opens part of the kernel that no other wall covers
  never  agent-1.abp:21: `never cap any` forbids it
  within agent-1.abp:6: the ceiling g.ceiling 1.0.0 does not permit it
  walls  capabilities exact
exit 1
$ abpc why -I mod agent-1.abp syscall keyctl
denied: syscall keyctl
  event  syscall keyctl
  by     no line grants it, and what no line grants is denied
  sees   EPERM
  would  syscalls { allow keyctl unsafe because "..." }
         unsafe: kernel keyrings are shared beyond the run and were a way out before
  never  agent-1.abp:21: `never syscall keyctl` forbids it
  walls  seccomp exact
exit 1
$ abpc why -I mod agent-1.abp syscall clone3
denied: syscall clone3
  event  syscall clone3
  by     no line grants it, and what no line grants is denied
  sees   ENOSYS: the call looks unknown, programs fall back to an older one
  would  syscalls { allow clone3 unsafe because "..." }
         unsafe: its flags are behind a pointer: the filter cannot keep namespaces out
  walls  seccomp exact
exit 1
$ abpc why -I mod agent-1.abp env AWS_SECRET_ACCESS_KEY
denied: env AWS_SECRET_ACCESS_KEY
  event  env AWS_SECRET_ACCESS_KEY
  by     no line grants it, and what no line grants is denied
  sees   the variable is not set
  would  env { pass AWS_SECRET_ACCESS_KEY unsafe because "..." }
         unsafe: looks like a secret
  walls  launch exact
exit 1
$ abpc why -I mod agent-1.abp limit memory 2G
denied: limit memory 2G
  event  limit memory 2G
  by     no line grants it, and what no line grants is denied
  sees   the kernel reclaims, then kills a process of the run (OOM)
  would  limits { memory 2G }
  walls  limits exact
exit 1
$ abpc why -I mod agent-1.abp listen tcp 127.0.0.1:8000-9000
partly allowed: listen tcp 127.0.0.1:8000-9000
  event  listen tcp 127.0.0.1:8000 from 1.0.0.0
  by     agent-1.abp:16: `listen tcp 127.0.0.1:8000-8099`
  but not the rest, for example
  event  listen tcp 127.0.0.1:8100 from 1.0.0.0
  by     no line grants it, and what no line grants is denied
  sees   nothing: the peer waits and times out
  would  ports { listen tcp 127.0.0.1:8100 }
  walls  seccomp bound (listen is denied where nothing may listen), sockets exact, network namespace bound (nothing outside can reach the run under none, private and relay)
exit 1
$ abpc why -I mod agent-1.abp fd 5
denied: fd 5
  event  fd 5
  by     no line grants it, and what no line grants is denied
  sees   EBADF: the descriptor is closed
  would  run { fd 5 because "..." }
  within agent-1.abp:6: the ceiling g.ceiling 1.0.0 does not permit it
  walls  launch exact
exit 1
$ abpc why -I mod worker-1.abp "syscall pipe2"
denied: syscall pipe2
  event  syscall pipe2
  by     no line grants it, and what no line grants is denied
  sees   EPERM
  would  syscalls { allow pipe2 }
  group  @pipes: pipes between processes of the run
  walls  seccomp exact
exit 1
$ abpc why -I mod worker-1.abp "syscall setns"
denied: syscall setns
  event  syscall setns
  by     no line grants it, and what no line grants is denied
  sees   EPERM
  would  nothing: no line of version 1 may make or join a namespace
  walls  seccomp exact
exit 1
$ abpc why -I mod worker-1.abp "syscall clone"
denied: syscall clone
  event  syscall clone
  by     no line grants it, and what no line grants is denied
  sees   EPERM
  would  syscalls { allow clone(flags & (CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET) == 0) }
  group  @process, in part: make, await and signal processes of the run; never a namespace
  group  @threads, in part: threads of one process; clone3 answers ENOSYS and libc falls back to clone
  walls  seccomp exact
exit 1
$ abpc why -I mod worker-1.abp "syscall unshare(flags == CLONE_NEWUSER)"
denied: syscall unshare(flags == CLONE_NEWUSER)
  event  syscall unshare(flags == CLONE_NEWUSER)
  by     no line grants it, and what no line grants is denied
  sees   EPERM
  would  nothing: no line of version 1 may make or join a namespace
  walls  seccomp exact
exit 1
