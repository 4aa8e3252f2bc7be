$ abpc why -I mod agent-1.abp connect tcp 203.0.113.10:443
allowed: connect tcp 203.0.113.10:443
  event  connect tcp 203.0.113.10:443
  by     agent-1.abp:15: `connect tcp 203.0.113.10:443 as api.example.com`
         because "the API"
  walls  seccomp bound, sockets exact, network namespace bound (outside addresses are exact under none, private and relay), landlock bound (from ABI 4)
$ abpc why -I mod agent-1.abp exec /usr/bin/tool
allowed: exec /usr/bin/tool
  event  exec /usr/bin/tool
  by     mod/g.tool-2.1.0.abp:4: `exec /usr/bin/tool`
         because "the tool"
         imported at agent-1.abp:5: g.tool 2.1.0
  walls  view bound, landlock exact (trees and files), apparmor exact
$ abpc why -I mod agent-1.abp load /lib/x.so
allowed: load /usr/lib/x.so (written /lib/x.so, which is a symlink of the policy)
  event  load /usr/lib/x.so
  by     mod/g.base-1.0.0.abp:4: `load /usr/lib/**`
         imported at agent-1.abp:5: g.tool 2.1.0, which imports g.base 1.0.0
  walls  view exact (trees and files), apparmor exact
$ abpc why -I mod agent-1.abp syscall openat
partly allowed: syscall openat
  event  syscall openat
  by     agent-1.abp:10: `allow openat(flags & (O_CREAT|__O_TMPFILE) == 0 or mode & 06000 == 0)` (implied by `write /task/** except /task/.git/hooks/** slot`: the view decides what opens for writing; no setuid file is made)
  but not the rest, for example
  event  syscall openat(flags == O_CREAT and mode == S_ISGID)
  by     no line grants it, and what no line grants is denied
  sees   EPERM
  would  syscalls { allow openat(flags == O_CREAT and mode == S_ISGID) unsafe because "..." }
         unsafe: it can make a setuid or setgid file, live wherever that file is mounted without nosuid
  walls  seccomp exact
exit 1
$ abpc why -I mod agent-1.abp syscall exit_group
allowed: syscall exit_group
  event  syscall exit_group
  by     the floor of every policy
  walls  seccomp exact
$ abpc why -I mod agent-1.abp limit memory 1G
allowed: limit memory 1G
  event  limit memory 1G
  by     agent-1.abp:20: `memory 1G`
  walls  limits exact
