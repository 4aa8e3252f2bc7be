$ abpc show -x -I mod --arch x86_64 agent-1.abp
policy g.agent 1.0.0
  an agent that calls one API
blocked
  system calls  267 of 383 on x86_64, and 16 more unless their arguments match
  capabilities  41 of 41
  sockets       45 of 46 address families
  connect       everything but what 1 item grants
  listen        everything but what 1 item grants
  bind          everything but what 1 item grants
  read          everything but what 8 items grant
  write         everything but what 4 items grant
  load          everything but what 3 items grant
  exec          everything but what 2 items grant
  environment   everything but what 2 items grant
  descriptors   everything
run
  net relay; stdio pipe; user 10001:10001; workdir /work; program /usr/bin/tool; denied calls fail
limits
  memory 1G, swap 0 (default), cpu 150%, pids 128, files 1024, filesize unlimited, stack unlimited, memlock unlimited, cputime unlimited, wall 30m, connections 256 (default)
granted
  view              write /work/** except /work/.git/hooks/** slot
                                                                 agent-1.abp:10         the checkout
  view              scratch /tmp size 64M                        agent-1.abp:11
  view              device null                                  agent-1.abp:12
  view              device urandom                               agent-1.abp:12
  network namespace connect tcp 203.0.113.10:443 as api.example.com
                                                                 agent-1.abp:15         the API
  network namespace listen tcp 127.0.0.1:8000-8099               agent-1.abp:16
  seccomp           allow ioctl(request in {TIOCGWINSZ, FIONREAD})
                                                                 agent-1.abp:18         terminal size, pipes
  launch            pass LANG                                    agent-1.abp:19
  launch            pass TERM                                    agent-1.abp:19
  limits            memory 1G                                    agent-1.abp:20
  limits            cpu 150%                                     agent-1.abp:20
  limits            pids 128                                     agent-1.abp:20
  limits            files 1024                                   agent-1.abp:20
  limits            wall 30m                                     agent-1.abp:20
  view              exec /usr/bin/tool                           mod/g.tool-2.1.0.abp:4 imported: the tool
  view              exec /usr/lib/ld.so                          mod/g.base-1.0.0.abp:4 imported
  view              load /usr/lib/**                             mod/g.base-1.0.0.abp:4 imported
  view              symlink /lib /usr/lib                        mod/g.base-1.0.0.abp:4 imported
  seccomp           allow mprotect                               mod/g.base-1.0.0.abp:5 imported: libc start-up
  seccomp           allow brk                                    mod/g.base-1.0.0.abp:5 imported: libc start-up
  seccomp           allow futex                                  mod/g.base-1.0.0.abp:5 imported: libc start-up
  seccomp           allow access                                 agent-1.abp:10         implied: ask before opening
  seccomp           allow chdir                                  agent-1.abp:10         implied: relative names
  seccomp           allow close                                  agent-1.abp:10         implied: every descriptor
  seccomp           allow close_range                            agent-1.abp:10         implied: libc and language runtimes before exec
  seccomp           allow dup                                    agent-1.abp:10         implied: share a descriptor
  seccomp           allow dup2                                   agent-1.abp:10         implied: share a descriptor
  seccomp           allow dup3                                   agent-1.abp:10         implied: share a descriptor
  seccomp           allow faccessat                              agent-1.abp:10         implied: ask before opening
  seccomp           allow faccessat2                             agent-1.abp:10         implied: the same with flags; libc asks for it first
  seccomp           allow fadvise64                              agent-1.abp:10         implied: read-ahead hint
  seccomp           allow fchdir                                 agent-1.abp:10         implied: relative names
  seccomp           allow fgetxattr                              agent-1.abp:10         implied: ls, cp and tar look at attributes
  seccomp           allow flistxattr                             agent-1.abp:10         implied: ls, cp and tar look at attributes
  seccomp           allow fstat                                  agent-1.abp:10         implied: size before reading
  seccomp           allow fstatfs                                agent-1.abp:10         implied: type of the file system
  seccomp           allow getcwd                                 agent-1.abp:10         implied: name of the working directory
  seccomp           allow getdents                               agent-1.abp:10         implied: list a directory
  seccomp           allow getdents64                             agent-1.abp:10         implied: list a directory
  seccomp           allow getxattr                               agent-1.abp:10         implied: ls, cp and tar look at attributes
  seccomp           allow lgetxattr                              agent-1.abp:10         implied: ls, cp and tar look at attributes
  seccomp           allow listxattr                              agent-1.abp:10         implied: ls, cp and tar look at attributes
  seccomp           allow llistxattr                             agent-1.abp:10         implied: ls, cp and tar look at attributes
  seccomp           allow lseek                                  agent-1.abp:10         implied: position in a file
  seccomp           allow lstat                                  agent-1.abp:10         implied: look at a name
  seccomp           allow mmap                                   agent-1.abp:10         implied: map a file; as code only where the mount is not noexec
  seccomp           allow munmap                                 agent-1.abp:10         implied: end a mapping
  seccomp           allow newfstatat                             agent-1.abp:10         implied: look at a name
  seccomp           allow open(flags & (O_CREAT|__O_TMPFILE) == 0 or mode & 06000 == 0)
                                                                 agent-1.abp:10         implied: the view decides what opens for writing; no setuid file is made
  seccomp           allow openat(flags & (O_CREAT|__O_TMPFILE) == 0 or mode & 06000 == 0)
                                                                 agent-1.abp:10         implied: the view decides what opens for writing; no setuid file is made
  seccomp           allow pread64                                agent-1.abp:10         implied: read at a position
  seccomp           allow preadv                                 agent-1.abp:10         implied: read at a position
  seccomp           allow preadv2                                agent-1.abp:10         implied: read at a position
  seccomp           allow read                                   agent-1.abp:10         implied: read
  seccomp           allow readahead                              agent-1.abp:10         implied: read-ahead
  seccomp           allow readlink                               agent-1.abp:10         implied: text of a link
  seccomp           allow readlinkat                             agent-1.abp:10         implied: text of a link
  seccomp           allow readv                                  agent-1.abp:10         implied: read into several buffers
  seccomp           allow stat                                   agent-1.abp:10         implied: look at a name
  seccomp           allow statfs                                 agent-1.abp:10         implied: type of the file system
  seccomp           allow statx                                  agent-1.abp:10         implied: look at a name; newer libc
  seccomp           allow chmod(mode & 06000 == 0)               agent-1.abp:10         implied: a setuid file in a write grant would be live for whoever mounts it without nosuid
  seccomp           allow chown                                  agent-1.abp:10         implied: give a file to another id of the run; without a capability only a group of one's own
  seccomp           allow copy_file_range                        agent-1.abp:10         implied: cp
  seccomp           allow creat(mode & 06000 == 0)               agent-1.abp:10         implied: old spelling of open; no setuid file is made
  seccomp           allow fallocate                              agent-1.abp:10         implied: reserve space
  seccomp           allow fchmod(mode & 06000 == 0)              agent-1.abp:10         implied: as chmod
  seccomp           allow fchmodat(mode & 06000 == 0)            agent-1.abp:10         implied: as chmod
  seccomp           allow fchmodat2(mode & 06000 == 0)           agent-1.abp:10         implied: as chmod
  seccomp           allow fchown                                 agent-1.abp:10         implied: as chown
  seccomp           allow fchownat                               agent-1.abp:10         implied: as chown
  seccomp           allow fcntl                                  agent-1.abp:10         implied: record locks, descriptor flags
  seccomp           allow fdatasync                              agent-1.abp:10         implied: durability
  seccomp           allow flock                                  agent-1.abp:10         implied: lock files
  seccomp           allow fsync                                  agent-1.abp:10         implied: durability
  seccomp           allow ftruncate                              agent-1.abp:10         implied: change the length
  seccomp           allow futimesat                              agent-1.abp:10         implied: set times
  seccomp           allow lchown                                 agent-1.abp:10         implied: as chown
  seccomp           allow link                                   agent-1.abp:10         implied: hard link inside one grant (EXDEV across)
  seccomp           allow linkat                                 agent-1.abp:10         implied: hard link inside one grant (EXDEV across)
  seccomp           allow mkdir(mode & 06000 == 0)               agent-1.abp:10         implied: make a directory; no setgid one
  seccomp           allow mkdirat(mode & 06000 == 0)             agent-1.abp:10         implied: make a directory; no setgid one
  seccomp           allow mknod(mode & 06000 == 0 and mode & S_IFMT in {0, S_IFREG, S_IFIFO})
                                                                 agent-1.abp:10         implied: FIFO or regular file, never a device node or socket
  seccomp           allow mknodat(mode & 06000 == 0 and mode & S_IFMT in {0, S_IFREG, S_IFIFO})
                                                                 agent-1.abp:10         implied: FIFO or regular file, never a device node or socket
  seccomp           allow msync                                  agent-1.abp:10         implied: write a mapping back
  seccomp           allow open(flags & (O_CREAT|__O_TMPFILE) == 0 or mode & 06000 == 0)
                                                                 agent-1.abp:10         implied: open for writing, create; no setuid file is made
  seccomp           allow openat(flags & (O_CREAT|__O_TMPFILE) == 0 or mode & 06000 == 0)
                                                                 agent-1.abp:10         implied: open for writing, create; no setuid file is made
  seccomp           allow pwrite64                               agent-1.abp:10         implied: write at a position
  seccomp           allow pwritev                                agent-1.abp:10         implied: write at a position
  seccomp           allow pwritev2                               agent-1.abp:10         implied: write at a position
  seccomp           allow rename                                 agent-1.abp:10         implied: rename inside one grant (EXDEV across)
  seccomp           allow renameat                               agent-1.abp:10         implied: rename inside one grant (EXDEV across)
  seccomp           allow renameat2(flags & RENAME_WHITEOUT == 0)
                                                                 agent-1.abp:10         implied: rename; a whiteout would be a device node
  seccomp           allow rmdir                                  agent-1.abp:10         implied: remove a directory
  seccomp           allow sendfile                               agent-1.abp:10         implied: cp by the kernel
  seccomp           allow symlink                                agent-1.abp:10         implied: make a link; what it points to is judged when it is opened
  seccomp           allow symlinkat                              agent-1.abp:10         implied: make a link; what it points to is judged when it is opened
  seccomp           allow sync_file_range                        agent-1.abp:10         implied: durability
  seccomp           allow syncfs                                 agent-1.abp:10         implied: durability
  seccomp           allow truncate                               agent-1.abp:10         implied: change the length
  seccomp           allow umask                                  agent-1.abp:10         implied: default permissions of what is made
  seccomp           allow unlink                                 agent-1.abp:10         implied: remove a name
  seccomp           allow unlinkat                               agent-1.abp:10         implied: remove a name
  seccomp           allow utime                                  agent-1.abp:10         implied: set times
  seccomp           allow utimensat                              agent-1.abp:10         implied: set times
  seccomp           allow utimes                                 agent-1.abp:10         implied: set times
  seccomp           allow write                                  agent-1.abp:10         implied: write
  seccomp           allow writev                                 agent-1.abp:10         implied: write from several buffers
  seccomp           allow write                                  agent-1.abp:12         implied: write to the device
  seccomp           allow writev                                 agent-1.abp:12         implied: write to the device
  seccomp           allow close                                  agent-1.abp:15         implied: every descriptor
  seccomp           allow getpeername                            agent-1.abp:15         implied: the other end
  seccomp           allow getsockname                            agent-1.abp:15         implied: the own end
  seccomp           allow poll                                   agent-1.abp:15         implied: wait for the socket
  seccomp           allow ppoll                                  agent-1.abp:15         implied: wait for the socket
  seccomp           allow pselect6                               agent-1.abp:15         implied: wait for the socket
  seccomp           allow read                                   agent-1.abp:15         implied: receive
  seccomp           allow readv                                  agent-1.abp:15         implied: receive
  seccomp           allow recvfrom                               agent-1.abp:15         implied: receive
  seccomp           allow recvmmsg                               agent-1.abp:15         implied: receive several
  seccomp           allow recvmsg                                agent-1.abp:15         implied: receive
  seccomp           allow select                                 agent-1.abp:15         implied: wait for the socket
  seccomp           allow sendfile                               agent-1.abp:15         implied: send a file
  seccomp           allow sendmmsg                               agent-1.abp:15         implied: send several; destinations are judged by the socket programs
  seccomp           allow sendmsg                                agent-1.abp:15         implied: send; destinations are judged by the socket programs
  seccomp           allow sendto                                 agent-1.abp:15         implied: send; destinations are judged by the socket programs
  seccomp           allow shutdown                               agent-1.abp:15         implied: half-close
  seccomp           allow write                                  agent-1.abp:15         implied: send
  seccomp           allow writev                                 agent-1.abp:15         implied: send
  seccomp           allow getsockopt(level == SOL_SOCKET and optname in {SO_ACCEPTCONN, SO_DOMAIN, SO_ERROR, SO_KEEPALIVE, SO_LINGER, SO_PROTOCOL, SO_RCVBUF, SO_RCVLOWAT, SO_RCVTIMEO, SO_REUSEADDR, SO_SNDBUF, SO_SNDTIMEO, SO_TYPE})
                                                                 agent-1.abp:15         implied: socket options of such sockets
  seccomp           allow setsockopt(level == SOL_SOCKET and optname in {SO_KEEPALIVE, SO_LINGER, SO_RCVBUF, SO_RCVLOWAT, SO_RCVTIMEO, SO_REUSEADDR, SO_SNDBUF, SO_SNDTIMEO})
                                                                 agent-1.abp:15         implied: socket options of such sockets
  seccomp           allow socket(family == AF_INET and type & 0xf == SOCK_STREAM and protocol in {0, IPPROTO_TCP})
                                                                 agent-1.abp:15         implied: IPv4 TCP; no MPTCP, SCTP or raw
  seccomp           socket inet/stream                           agent-1.abp:15         implied: the socket that the line needs
  seccomp           allow getsockopt(level == IPPROTO_TCP and optname in {TCP_CORK, TCP_INFO, TCP_KEEPCNT, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_LINGER2, TCP_MAXSEG, TCP_NODELAY, TCP_NOTSENT_LOWAT, TCP_QUICKACK, TCP_SYNCNT, TCP_USER_TIMEOUT})
                                                                 agent-1.abp:15         implied: socket options of such sockets
  seccomp           allow setsockopt(level == IPPROTO_TCP and optname in {TCP_CORK, TCP_KEEPCNT, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_LINGER2, TCP_NODELAY, TCP_NOTSENT_LOWAT, TCP_QUICKACK, TCP_SYNCNT, TCP_USER_TIMEOUT})
                                                                 agent-1.abp:15         implied: socket options of such sockets
  seccomp           allow connect                                agent-1.abp:15         implied: the address is judged by the socket programs, the network namespace, or the path walls
  seccomp           allow bind                                   agent-1.abp:16         implied: the address is judged by the socket programs, the network namespace, or the path walls
  seccomp           allow accept                                 agent-1.abp:16         implied: take a connection
  seccomp           allow accept4                                agent-1.abp:16         implied: take a connection
  seccomp           allow listen                                 agent-1.abp:16         implied: the port is judged by bind and by the ingress program: listening without bind takes any port
  seccomp           allow getsockopt(level == IPPROTO_TCP and optname in {TCP_DEFER_ACCEPT})
                                                                 agent-1.abp:16         implied: socket options of such sockets
  seccomp           allow setsockopt(level == IPPROTO_TCP and optname in {TCP_DEFER_ACCEPT})
                                                                 agent-1.abp:16         implied: socket options of such sockets
  seccomp           allow execve                                 mod/g.tool-2.1.0.abp:4 implied: start a program by name
  seccomp           allow execveat                               mod/g.tool-2.1.0.abp:4 implied: start a program by descriptor (fexecve)
  seccomp           allow execveat(dirfd == 201 and flags == AT_EMPTY_PATH)
                                                                 -                      the floor: exit, signal return, the loader's own start
  seccomp           allow exit                                   -                      the floor: exit, signal return, the loader's own start
  seccomp           allow exit_group                             -                      the floor: exit, signal return, the loader's own start
  seccomp           allow read(fd == 200)                        -                      the floor: exit, signal return, the loader's own start
  seccomp           allow restart_syscall                        -                      the floor: exit, signal return, the loader's own start
  seccomp           allow rt_sigreturn                           -                      the floor: exit, signal return, the loader's own start
missing walls: abprun refuses
  relay             connect tcp 203.0.113.10:443 as api.example.com
                                                                 agent-1.abp:15
  sockets           listen tcp 127.0.0.1:8000-8099               agent-1.abp:16
