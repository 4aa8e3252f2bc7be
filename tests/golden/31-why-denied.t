$ abpc why -I mod agent-1.abp connect tcp 169.254.169.254:80
$ abpc why -I mod agent-1.abp listen tcp 4444
$ abpc why -I mod agent-1.abp write /etc/passwd
$ abpc why -I mod agent-1.abp write /work/.git/hooks/x
$ abpc why -I mod agent-1.abp cap NET_RAW
$ abpc why -I mod agent-1.abp syscall keyctl
$ abpc why -I mod agent-1.abp syscall clone3
$ abpc why -I mod agent-1.abp env AWS_SECRET_ACCESS_KEY
$ abpc why -I mod agent-1.abp limit memory 2G
$ abpc why -I mod agent-1.abp listen tcp 127.0.0.1:8000-9000
$ abpc why -I mod agent-1.abp fd 5
