$ abpc show -x -I mod --arch x86_64 worker-1.abp
policy g.worker 1.0.0
  a batch worker without a network
blocked
  system calls  289 of 383 on x86_64, and 12 more unless their arguments match
  capabilities  41 of 41
  sockets       46 of 46 address families
  connect       everything
  listen        everything
  bind          everything
  read          everything but what 5 items grant
  write         everything but what 2 items grant
  load          everything but what 3 items grant
  exec          everything but what 2 items grant
  environment   everything
  descriptors   everything
run
  net none; stdio pipe; user 65534:65534 (default); workdir /; program any that exec covers; denied calls fail
limits
  memory 256M, swap 0 (default), cpu 50%, pids 4, files unlimited, filesize unlimited, stack unlimited, memlock unlimited, cputime unlimited, wall unlimited
granted
  view              write /out/**                                worker-1.abp:5         results
  view              scratch /tmp size 64M                        worker-1.abp:5
  limits            memory 256M                                  worker-1.abp:6
  limits            cpu 50%                                      worker-1.abp:6
  limits            pids 4                                       worker-1.abp:6
  view              exec /usr/bin/tool                           mod/g.tool-2.1.0.abp:4 imported: the tool
  view              exec /usr/lib/ld.so                          mod/g.base-1.0.0.abp:4 imported
  view              load /usr/lib/**                             mod/g.base-1.0.0.abp:4 imported
  view              symlink /lib /usr/lib                        mod/g.base-1.0.0.abp:4 imported
  seccomp           allow mprotect                               mod/g.base-1.0.0.abp:5 imported: libc start-up
  seccomp           allow brk                                    mod/g.base-1.0.0.abp:5 imported: libc start-up
  seccomp           allow futex                                  mod/g.base-1.0.0.abp:5 imported: libc start-up
  seccomp           allow access                                 worker-1.abp:5         implied: ask before opening
  seccomp           allow chdir                                  worker-1.abp:5         implied: relative names
  seccomp           allow close                                  worker-1.abp:5         implied: every descriptor
  seccomp           allow close_range                            worker-1.abp:5         implied: libc and language runtimes before exec
  seccomp           allow dup                                    worker-1.abp:5         implied: share a descriptor
  seccomp           allow dup2                                   worker-1.abp:5         implied: share a descriptor
  seccomp           allow dup3                                   worker-1.abp:5         implied: share a descriptor
  seccomp           allow faccessat                              worker-1.abp:5         implied: ask before opening
  seccomp           allow faccessat2                             worker-1.abp:5         implied: the same with flags; libc asks for it first
  seccomp           allow fadvise64                              worker-1.abp:5         implied: read-ahead hint
  seccomp           allow fchdir                                 worker-1.abp:5         implied: relative names
  seccomp           allow fgetxattr                              worker-1.abp:5         implied: ls, cp and tar look at attributes
  seccomp           allow flistxattr                             worker-1.abp:5         implied: ls, cp and tar look at attributes
  seccomp           allow fstat                                  worker-1.abp:5         implied: size before reading
  seccomp           allow fstatfs                                worker-1.abp:5         implied: type of the file system
  seccomp           allow getcwd                                 worker-1.abp:5         implied: name of the working directory
  seccomp           allow getdents                               worker-1.abp:5         implied: list a directory
  seccomp           allow getdents64                             worker-1.abp:5         implied: list a directory
  seccomp           allow getxattr                               worker-1.abp:5         implied: ls, cp and tar look at attributes
  seccomp           allow lgetxattr                              worker-1.abp:5         implied: ls, cp and tar look at attributes
  seccomp           allow listxattr                              worker-1.abp:5         implied: ls, cp and tar look at attributes
  seccomp           allow llistxattr                             worker-1.abp:5         implied: ls, cp and tar look at attributes
  seccomp           allow lseek                                  worker-1.abp:5         implied: position in a file
  seccomp           allow lstat                                  worker-1.abp:5         implied: look at a name
  seccomp           allow mmap                                   worker-1.abp:5         implied: map a file; as code only where the mount is not noexec
  seccomp           allow munmap                                 worker-1.abp:5         implied: end a mapping
  seccomp           allow newfstatat                             worker-1.abp:5         implied: look at a name
  seccomp           allow open(flags & (O_CREAT|__O_TMPFILE) == 0 or mode & 06000 == 0)
                                                                 worker-1.abp:5         implied: the view decides what opens for writing; no setuid file is made
  seccomp           allow openat(flags & (O_CREAT|__O_TMPFILE) == 0 or mode & 06000 == 0)
                                                                 worker-1.abp:5         implied: the view decides what opens for writing; no setuid file is made
  seccomp           allow pread64                                worker-1.abp:5         implied: read at a position
  seccomp           allow preadv                                 worker-1.abp:5         implied: read at a position
  seccomp           allow preadv2                                worker-1.abp:5         implied: read at a position
  seccomp           allow read                                   worker-1.abp:5         implied: read
  seccomp           allow readahead                              worker-1.abp:5         implied: read-ahead
  seccomp           allow readlink                               worker-1.abp:5         implied: text of a link
  seccomp           allow readlinkat                             worker-1.abp:5         implied: text of a link
  seccomp           allow readv                                  worker-1.abp:5         implied: read into several buffers
  seccomp           allow stat                                   worker-1.abp:5         implied: look at a name
  seccomp           allow statfs                                 worker-1.abp:5         implied: type of the file system
  seccomp           allow statx                                  worker-1.abp:5         implied: look at a name; newer libc
  seccomp           allow chmod(mode & 06000 == 0)               worker-1.abp:5         implied: a setuid file in a write grant would be live for whoever mounts it without nosuid
  seccomp           allow chown                                  worker-1.abp:5         implied: give a file to another id of the run; without a capability only a group of one's own
  seccomp           allow copy_file_range                        worker-1.abp:5         implied: cp
  seccomp           allow creat(mode & 06000 == 0)               worker-1.abp:5         implied: old spelling of open; no setuid file is made
  seccomp           allow fallocate                              worker-1.abp:5         implied: reserve space
  seccomp           allow fchmod(mode & 06000 == 0)              worker-1.abp:5         implied: as chmod
  seccomp           allow fchmodat(mode & 06000 == 0)            worker-1.abp:5         implied: as chmod
  seccomp           allow fchmodat2(mode & 06000 == 0)           worker-1.abp:5         implied: as chmod
  seccomp           allow fchown                                 worker-1.abp:5         implied: as chown
  seccomp           allow fchownat                               worker-1.abp:5         implied: as chown
  seccomp           allow fcntl                                  worker-1.abp:5         implied: record locks, descriptor flags
  seccomp           allow fdatasync                              worker-1.abp:5         implied: durability
  seccomp           allow flock                                  worker-1.abp:5         implied: lock files
  seccomp           allow fsync                                  worker-1.abp:5         implied: durability
  seccomp           allow ftruncate                              worker-1.abp:5         implied: change the length
  seccomp           allow futimesat                              worker-1.abp:5         implied: set times
  seccomp           allow lchown                                 worker-1.abp:5         implied: as chown
  seccomp           allow link                                   worker-1.abp:5         implied: hard link inside one grant (EXDEV across)
  seccomp           allow linkat                                 worker-1.abp:5         implied: hard link inside one grant (EXDEV across)
  seccomp           allow mkdir(mode & 06000 == 0)               worker-1.abp:5         implied: make a directory; no setgid one
  seccomp           allow mkdirat(mode & 06000 == 0)             worker-1.abp:5         implied: make a directory; no setgid one
  seccomp           allow mknod(mode & 06000 == 0 and mode & S_IFMT in {0, S_IFREG, S_IFIFO})
                                                                 worker-1.abp:5         implied: FIFO or regular file, never a device node or socket
  seccomp           allow mknodat(mode & 06000 == 0 and mode & S_IFMT in {0, S_IFREG, S_IFIFO})
                                                                 worker-1.abp:5         implied: FIFO or regular file, never a device node or socket
  seccomp           allow msync                                  worker-1.abp:5         implied: write a mapping back
  seccomp           allow open(flags & (O_CREAT|__O_TMPFILE) == 0 or mode & 06000 == 0)
                                                                 worker-1.abp:5         implied: open for writing, create; no setuid file is made
  seccomp           allow openat(flags & (O_CREAT|__O_TMPFILE) == 0 or mode & 06000 == 0)
                                                                 worker-1.abp:5         implied: open for writing, create; no setuid file is made
  seccomp           allow pwrite64                               worker-1.abp:5         implied: write at a position
  seccomp           allow pwritev                                worker-1.abp:5         implied: write at a position
  seccomp           allow pwritev2                               worker-1.abp:5         implied: write at a position
  seccomp           allow rename                                 worker-1.abp:5         implied: rename inside one grant (EXDEV across)
  seccomp           allow renameat                               worker-1.abp:5         implied: rename inside one grant (EXDEV across)
  seccomp           allow renameat2(flags & RENAME_WHITEOUT == 0)
                                                                 worker-1.abp:5         implied: rename; a whiteout would be a device node
  seccomp           allow rmdir                                  worker-1.abp:5         implied: remove a directory
  seccomp           allow sendfile                               worker-1.abp:5         implied: cp by the kernel
  seccomp           allow symlink                                worker-1.abp:5         implied: make a link; what it points to is judged when it is opened
  seccomp           allow symlinkat                              worker-1.abp:5         implied: make a link; what it points to is judged when it is opened
  seccomp           allow sync_file_range                        worker-1.abp:5         implied: durability
  seccomp           allow syncfs                                 worker-1.abp:5         implied: durability
  seccomp           allow truncate                               worker-1.abp:5         implied: change the length
  seccomp           allow umask                                  worker-1.abp:5         implied: default permissions of what is made
  seccomp           allow unlink                                 worker-1.abp:5         implied: remove a name
  seccomp           allow unlinkat                               worker-1.abp:5         implied: remove a name
  seccomp           allow utime                                  worker-1.abp:5         implied: set times
  seccomp           allow utimensat                              worker-1.abp:5         implied: set times
  seccomp           allow utimes                                 worker-1.abp:5         implied: set times
  seccomp           allow write                                  worker-1.abp:5         implied: write
  seccomp           allow writev                                 worker-1.abp:5         implied: write from several buffers
  seccomp           allow execve                                 mod/g.tool-2.1.0.abp:4 implied: start a program by name
  seccomp           allow execveat                               mod/g.tool-2.1.0.abp:4 implied: start a program by descriptor (fexecve)
  seccomp           allow execveat(dirfd == 201 and flags == AT_EMPTY_PATH)
                                                                 -                      the floor: exit, signal return, the loader's own start
  seccomp           allow exit                                   -                      the floor: exit, signal return, the loader's own start
  seccomp           allow exit_group                             -                      the floor: exit, signal return, the loader's own start
  seccomp           allow read(fd == 200)                        -                      the floor: exit, signal return, the loader's own start
  seccomp           allow restart_syscall                        -                      the floor: exit, signal return, the loader's own start
  seccomp           allow rt_sigreturn                           -                      the floor: exit, signal return, the loader's own start
