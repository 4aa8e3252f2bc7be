$ abpc show -x -I mod --arch x86_64 agent-1.abp
