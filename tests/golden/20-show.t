$ abpc show -I mod worker-1.abp
policy g.worker 1.0.0
  a batch worker without a network
blocked
  system calls  289 of 383 on x86_64, and 12 more unless their arguments match
  system calls  252 of 325 on aarch64, and 7 more unless their arguments match
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
  import            g.tool 2.1.0 (7 items)                       worker-1.abp:4         `show -x` lists them
$ abpc show -I mod agent-1.abp | sed -n '/^granted/,/^missing/p' | grep -v ^missing
granted
  view              write /task/** except /task/.git/hooks/** slot
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
  import            g.tool 2.1.0 (7 items)                       agent-1.abp:5          `show -x` lists them
