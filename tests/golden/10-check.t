$ abpc check -I mod agent-1.abp agent-2.abp
$ abpc test -I mod agent-1.abp
