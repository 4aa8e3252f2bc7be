$ abpc why -I mod agent-1.abp connect tcp 203.0.113.10:443
$ abpc why -I mod agent-1.abp exec /usr/bin/tool
$ abpc why -I mod agent-1.abp load /lib/x.so
$ abpc why -I mod agent-1.abp syscall openat
$ abpc why -I mod agent-1.abp syscall exit_group
$ abpc why -I mod agent-1.abp limit memory 1G
