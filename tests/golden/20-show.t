$ abpc show -I mod agent-1.abp
