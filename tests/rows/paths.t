:paths
read /a;ok
read /;ok
read /**;ok
read /a /b/** /c/*.d /[a-z]?;ok
read "/a b";ok
read "/a b" /c "/d#e";ok
read /ü/é;ok
read /a=b;ok
read /a!b$c@d%e;ok
read;fail;ABP-SYN-002
read a;fail;ABP-SYN-016
read ./a;fail;ABP-LEX-014
read ../a;fail;ABP-LEX-014
read ~/a;fail;ABP-LEX-014
read /a,b;fail;ABP-LEX-019
read /a"b";fail;ABP-LEX-010
read "/a"/b;fail;ABP-LEX-010
read "/a""/b";fail;ABP-LEX-010
read "/a\"b\\c";ok
read "/a\b";fail;ABP-LEX-008
read "";fail;ABP-LEX-009
read "/a;fail;ABP-LEX-007
read /a#b;fail;ABP-LEX-005
read /a\b;fail;ABP-LEX-006
read /a \$n/b;ok;read /a \$n                /b
write /a/** except /a/b;ok
write /a/** except /a/b /a/c "/a/d e";ok
write /a/** except /a/b submounts slot on x86_64 unsafe because "x";ok
write /a/** submounts;ok
write /a/** slot;ok
write /a/** submounts slot;ok
write /a/** slot submounts;fail;ABP-SYN-010
write /a/** slot except /b;fail;ABP-SYN-010
write /a/** except;fail
write except /a;fail
write slot;fail
load /usr/lib/**;ok
exec /a sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;ok
exec /a sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 /b;ok
exec "/a" sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;fail
exec sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;fail
exec /a sha256:12;fail;ABP-SYN-016
exec /a sha256:zz;fail;ABP-LEX-018
scratch /tmp size 1M;ok
scratch /tmp size 1M inodes 5;ok
scratch /tmp size 1M exec;ok
scratch /tmp size 1M inodes 5 exec on x86_64 unsafe because "x";ok
scratch /tmp size 1M exec inodes 5;fail
scratch /tmp;fail
scratch /tmp size;fail
scratch /tmp size 64;fail;ABP-SYN-016
scratch /tmp size 64m;fail;ABP-SYN-016
scratch /tmp 1M;fail
scratch "/tmp" size 1M;fail
scratch /a /b size 1M;fail
device null zero;ok
device null unsafe because "x";ok
device;fail
device /dev/null;fail
symlink /a /b;ok
symlink /a /b because "x";ok
symlink /a;fail
symlink /a /b /c;fail
symlink "/a" /b;fail
raed /a;fail;ABP-SYN-012
