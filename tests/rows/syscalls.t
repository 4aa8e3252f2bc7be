:syscalls
allow read;ok
allow read write @file;ok
allow @a-b_c1;ok
allow @A;fail;ABP-LEX-024
allow;fail;ABP-SYN-002
deny read;fail
read;fail
allow read on x86_64;ok
allow read unsafe;ok
allow read because "x";ok
allow read on x86_64 unsafe because "x";ok
allow read unsafe on x86_64;fail;ABP-SYN-010
allow read because "x" on x86_64;fail;ABP-SYN-010
allow any;ok
allow title policy import any;ok
allow a on;fail
allow unsafe;fail
allow a(fd == 0);ok
allow a( fd==0 );ok;allow a(fd == 0)
allow a (fd==0)  b;ok;allow a(fd == 0) b
allow a(fd == 0) b(fd == 1) c;ok
allow a(fd == 0)b;fail;ABP-LEX-010
allow a(fd = 0);fail;ABP-LEX-021
allow a(fd != 1);ok
allow a(fd < 1);ok
allow a(fd <= 1);ok
allow a(fd > 1);ok
allow a(fd >= 1);ok
allow a(fd == -1);ok
allow a(fd == - 1);ok;allow a(fd == -1)
allow a(fd == --1);fail
allow a(fd == -A);fail
allow a(fd == A|B|0x10);ok
allow a(fd == A | B);ok;allow a(fd == A|B)
allow a(fd == (A|B));fail
allow a(fd == 0x1F);ok
allow a(fd == 0755);ok
allow a(fd == 0);ok
allow a(fd == 0b1);fail;ABP-LEX-022
allow a(fd == 08);fail;ABP-LEX-022
allow a(fd == 1K);fail;ABP-LEX-022
allow a(fd == "x");fail;ABP-LEX-021
allow a(flags & A == A);ok
allow a(flags&A==A);ok;allow a(flags & A == A)
allow a(flags & A != 0);ok
allow a(flags & (A|B) == 0);ok
allow a(flags&(A | B)==0);ok;allow a(flags & (A|B) == 0)
allow a(flags & A|B == 0);ok
allow a(flags & A < 1);fail
allow a(flags & A);fail
allow a(type & 0xf in {A, B});ok
allow a(type & (A|B) in {0, 1-2});ok
allow a(type & A in 1-2);fail
allow a(type & A in flags(A));fail
allow a(cmd in {A});ok
allow a(cmd in {A,B , C});ok;allow a(cmd in {A, B, C})
allow a(cmd in { A, B });ok;allow a(cmd in {A, B})
allow a(cmd in {A, 1-5, B-C, 0, A|B});ok
allow a(cmd in {-5--3, -1});ok
allow a(cmd in {1 - 5});ok;allow a(cmd in {1-5})
allow a(cmd in {A|B-C});fail
allow a(cmd in {});fail
allow a(cmd in {A,});fail
allow a(cmd in {A B});fail
allow a(cmd in A);fail
allow a(cmd in A-B);ok
allow a(cmd in 1-5);ok
allow a(cmd in -5-5);ok
allow a(cmd in -5 - -3);ok;allow a(cmd in -5--3)
allow a(mode in flags(A|B));ok
allow a(mode in flags (A));ok;allow a(mode in flags(A))
allow a(flags in flags(A));ok
allow a(flags in flags A);fail
allow a(fd == 0 or fd == 1);ok
allow a(fd == 0 and fd == 1 or fd == 2 and b == 1);ok
allow a(fd == 0 or (fd == 1 and b == 2));ok
allow a((fd == 0));ok
allow a(((fd == 0) or (fd == 1)) and b == 1);ok
allow a(fd == 0 fd == 1);fail
allow a(not fd == 0);fail;ABP-SYN-017
allow a(!fd);fail;ABP-LEX-021
allow a(fd == 0 && fd == 1);fail;ABP-LEX-021
allow a();fail
allow a(fd);fail
allow a(0 == fd);fail;ABP-SYN-016
allow a(and == 0);fail
allow a(in == 0);fail
allow a(fd == 0;fail
allow a(fd == 0$n);ok;allow a(fd == 0$n                )
allow a($nfd == 0);ok;allow a($n                fd == 0)
allow a(fd == 0 or$nfd == 1) b;ok;allow a(fd == 0 or$n                fd == 1) b
allow a(fd == 0 or$n$n$nfd == 1) b;ok;allow a(fd == 0 or$n                fd == 1) b
allow a(fd == 0 or # why$nfd == 1);ok;allow a(fd == 0 or # why$n                fd == 1)
allow a(fd == 0 or \$nfd == 1);ok;allow a(fd == 0 or$n                fd == 1)
allow a(fd == 0# why$n);fail;ABP-LEX-005
allow a(fd == 0$sfd == 1);fail;ABP-LEX-012
allow a \$nb;ok;allow a \$n                b
allow @g(fd == 0);fail
allow a) b;fail
:caps
allow NET_RAW;ok
allow NET_RAW SYS_ADMIN;ok
allow any;ok
allow NET_RAW unsafe because "x";ok
allow NET_RAW on x86_64;ok
allow;fail
allow 5;fail
NET_RAW;fail
allow NET_RAW(x == 1);fail
