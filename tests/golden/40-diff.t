$ abpc diff -I mod agent-1.abp agent-2.abp
+ widened   listen tcp 127.0.0.1:8000-8100  [agent-2.abp:16]  e.g. bind tcp 127.0.0.1:8100
+ widened   allow SYS_CHROOT unsafe  [agent-2.abp:19]  e.g. cap SYS_CHROOT
- narrowed  pass TERM  [agent-1.abp:19]  e.g. env TERM
+ widened   memory 1G -> 2G  [agent-2.abp:21]
- narrowed  wall 30m -> 20m  [agent-2.abp:21]
= changed   scratch /tmp: size 64M -> size 128M
= changed   never cap any: dropped  [agent-1.abp:21]
$ abpc diff -I mod --deny-widening agent-1.abp agent-2.abp >/dev/null
exit 1
$ abpc diff -I mod agent-2.abp agent-1.abp
+ widened   pass TERM  [agent-1.abp:19]  e.g. env TERM
- narrowed  listen tcp 127.0.0.1:8000-8100  [agent-2.abp:16]  e.g. bind tcp 127.0.0.1:8100
- narrowed  allow SYS_CHROOT unsafe  [agent-2.abp:19]  e.g. cap SYS_CHROOT
- narrowed  memory 2G -> 1G  [agent-1.abp:20]
+ widened   wall 20m -> 30m  [agent-1.abp:20]
= changed   scratch /tmp: size 128M -> size 64M
= changed   never cap any: added  [agent-1.abp:21]
$ abpc diff -I mod agent-1.abp agent-1.abp
no difference in meaning
