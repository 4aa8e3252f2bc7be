$ abpc diff -I mod agent-1.abp agent-2.abp
$ abpc diff -I mod --deny-widening agent-1.abp agent-2.abp >/dev/null
$ abpc diff -I mod agent-2.abp agent-1.abp
$ abpc diff -I mod agent-1.abp agent-1.abp
