:never
syscall a b(fd == 0) @c;ok
cap any;ok
cap NET_RAW SYS_ADMIN because "x";ok
connect any;ok
connect tcp 1.2.3.4:80 because "x";ok
listen tcp 1-1023;ok
bind any;ok
socket */raw packet;ok
unix connect any;ok
unix pair;ok
read /a /b;ok
write /etc /usr because "x";ok
exec /bin "/a b";ok
exec /a sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;ok
load /a;ok
connect host a.b:443 *.c:1;ok
connect host a.b:443 via proxy;fail
env A B;ok
fd 3;ok
fd 3 4;fail
limit memory 2G;ok
limit memory;fail
limit memory 2G 3G;fail
limit fd 3;ok
cap any unsafe;fail
cap any on x86_64;fail
write /a slot;fail
write /a except /b;fail
connect tcp 80 local;ok
connect tcp 80 as a.b;ok
listen tcp 80 from 1.2.3.4;ok
allow cap any;fail
syscalls a;fail;ABP-SYN-012
proxy 1.2.3.4:1;fail
scratch /tmp size 1M;fail
pass A;fail
secret A;fail
:test "x"
allow connect tcp 1.2.3.4:443;ok
deny connect udp any;ok
deny   write   /etc/passwd;ok;deny write /etc/passwd
allow syscall a(fd in {0, 1}) b;ok
deny cap NET_RAW;ok
allow connect host a.b:443;ok
allow unix pair;ok
deny env A;ok
allow fd 3;ok
deny limit memory 2G;ok
allow limit cpu 150%;ok
deny cap any because "x";fail
cap any;fail
allow;fail
deny deny cap any;fail
allow read /a because "x";fail
