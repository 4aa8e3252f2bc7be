:ports
connect tcp 1.2.3.4:443;ok
connect udp 1.2.3.4:443;ok
connect 1.2.3.4:443;ok
connect tcp 1.2.3.4;ok
connect tcp 1.2.3.0/24;ok
connect tcp 1.2.3.0/24:443;ok
connect tcp 1.2.3.4:8000-8099;ok
connect tcp 1.2.3.4:*;ok
bind tcp 1.2.3.4:auto;ok
connect tcp [2001:db8::1]:443;ok
connect tcp [2001:db8::/32]:1-2;ok
connect tcp 2001:db8::1;ok
connect tcp 2001:db8::/32;ok
connect tcp ::1:443;ok
connect tcp ::;ok
connect tcp ::ffff:1.2.3.4;ok
connect tcp *:80;ok
connect tcp *:80-90;ok
connect tcp *:*;ok
connect tcp 443;ok
connect tcp 1-1023;ok
connect any;ok
connect tcp any;ok
connect tcp 1.2.3.4:1 [::1]:2 3 4-5 any;ok
connect tcp;fail;ABP-SYN-002
connect icmp 1.2.3.4;fail
connect tcp a.b:443;fail;ABP-SYN-016
connect tcp http;fail;ABP-SYN-016
connect tcp [::1];fail;ABP-LEX-016
connect tcp *;fail;ABP-LEX-016
connect tcp :80;fail;ABP-LEX-016
connect tcp 1.2.3.4:;fail;ABP-LEX-016
connect tcp 1.2.3.4:80,90;fail;ABP-LEX-019
connect tcp fe80::1%eth0;fail;ABP-LEX-016
connect tcp 1.2.3.4:443 as api.example.com;ok
connect tcp 1.2.3.4:443 as api.example.com local unsafe because "x";ok
connect tcp 1.2.3.4:443 as;fail
connect tcp 1.2.3.4:443 local;ok
connect tcp 1.2.3.4:443 on x86_64;ok
connect tcp 1.2.3.4:443 local as a.b;fail;ABP-SYN-010
listen tcp 127.0.0.1:80 from 10.0.0.0/8;ok
listen tcp 127.0.0.1:80 from 10.0.0.0/8 ::/0 local unsafe because "x";ok
listen udp *:80 from;fail
listen udp *:80 from any;fail
listen udp *:80 from 80;fail
listen tcp 80 local from 1.2.3.4;fail;ABP-SYN-010
listen from 1.2.3.4;fail
bind udp *:auto;ok
bind tcp 80;ok
socket netlink/raw/route;ok
socket */raw inet6/stream packet vsock;ok
socket any;ok
socket any unsafe;ok
socket;fail
socket a/b/c/d;fail
socket 1;fail
unix connect /a /b;ok
unix connect "@name" /b;ok
unix listen /tmp/**;ok
unix connect any;ok
unix connect any unsafe because "x";ok
unix connect /a any;fail
unix connect;fail
unix pair;ok
unix pair because "x";ok
unix pair /a;fail
unix bind /a;fail
unix;fail
proxy 1.2.3.4:3128;ok
proxy 1.2.3.4:3128 local because "x";ok
proxy [::1]:3128;ok
proxy a.b:3128;fail;ABP-SYN-016
proxy 3128;fail
proxy;fail
connect host a.b:443 via proxy;ok
connect host a.b:443 *.c:443 via proxy unsafe because "x";ok
connect host a.b:443;fail
connect host a.b:443 via;fail
connect host a.b:443 via socks;fail
connect host a.b via proxy;fail
connect host 1.2.3.4:443 via proxy;fail;ABP-SYN-016
connect host *:443 via proxy;fail
connect tcp host a.b:443 via proxy;fail
conect tcp 80;fail;ABP-SYN-012
