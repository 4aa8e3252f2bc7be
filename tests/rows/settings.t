:run
user 10001:10001;ok
user   1:1;ok;user 1:1
groups 1 2 3;ok
workdir /a;ok
workdir "/a b";ok
hostname box;ok
hostname "box";ok
net none;ok
net host because "x";ok
net host because;fail;ABP-SYN-002
net host because x;fail
net host "x" because;fail
net;fail;ABP-SYN-002
stdio tty;ok
fd 3 because "x";ok
on-deny kill;ok
require apparmor;ok
require landlock 4;ok
require filter-readback;ok
program /usr/bin/x;ok
program /usr/bin/x sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;ok
net host unsafe;fail
net host on x86_64;fail
net from;fail
on deny;fail
1 2;fail
import any;ok
a-b.c_D title any "x" 1 1K 1s 1% 1:1 /p 1.2.3.4;ok
x 1-2;fail
x @g;fail
x 1.2.3;fail
x *:80;ok
x ::1;ok
x a/b;fail
x NAME=;fail
:limits
memory 1G;ok
memory 0;ok
cpu 150%;ok
wall 30m;ok
wall 500ms;ok
wall 1d;ok
memory 1g;fail;ABP-LEX-015
memory 1GB;fail;ABP-LEX-015
memory 1.5G;fail;ABP-LEX-015
memory =1G;fail;ABP-LEX-017
memory=1G;fail;ABP-SYN-013
memory 1 G;ok
pids -1;fail;ABP-LEX-015
pids 0x10;fail;ABP-LEX-015
pids 1,000;fail;ABP-LEX-019
memory 1G because "x";ok
