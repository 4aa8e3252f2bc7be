$ abpc show -I mod agent-1.abp
policy g.agent 1.0.0
  an agent that calls one API
blocked
  system calls  267 of 383 on x86_64, and 16 more unless their arguments match
  system calls  232 of 325 on aarch64, and 11 more unless their arguments match
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
  import            g.tool 2.1.0 (7 items)                       agent-1.abp:5          `show -x` lists them
missing walls: abprun refuses
  relay             connect tcp 203.0.113.10:443 as api.example.com
                                                                 agent-1.abp:15
  sockets           listen tcp 127.0.0.1:8000-8099               agent-1.abp:16
