$ abpc diff --json -I mod agent-1.abp agent-2.abp
