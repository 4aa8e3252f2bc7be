:env
pass LANG;ok
pass LANG TERM any;ok
pass LANG unsafe because "x";ok
pass;fail
pass LANG=C;fail;ABP-SYN-013
pass "LANG";fail
set A=b;ok
set A="b c";ok
set A=b=c:/d;ok
set A=b because "x";ok
set A= because "x";fail;ABP-SYN-013
set A=b= because "x";ok
set A="b=" because "x";ok
set A= b;fail;ABP-SYN-013
set A=;fail;ABP-SYN-013
set A=$nset B=c;fail;ABP-SYN-013
set A = b;fail;ABP-SYN-013
set A b;fail;ABP-SYN-013
set 1A=b;fail
set A="b"c;fail;ABP-LEX-010
set A=b"c";fail;ABP-LEX-010
set A=b,c;fail;ABP-LEX-019
set A=b unsafe;fail
set A=/x/**;ok
set A=@x;ok
set A=because;ok
secret TOKEN from fd 3;ok
secret TOKEN from fd 3 because "x";ok
secret TOKEN from 3;fail
secret TOKEN fd 3;fail
secret TOKEN from fd 3 unsafe;fail
secret TOKEN from fd three;fail
