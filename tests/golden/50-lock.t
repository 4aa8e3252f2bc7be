$ mkdir tmp.lock; cp worker-1.abp tmp.lock/a.abp; cp -r mod tmp.lock/mod; cd tmp.lock; abpc build -I mod -o out a.abp
a.abp:2:8: error: a.lock is missing, and the policy takes in other files [ABP-LOCK-001]
    policy g.worker 1.0.0 {
           ^~~~~~~~
help: run `abpc lock a.abp` and commit the file
1 error
exit 1
$ cd tmp.lock; abpc lock -I mod a.abp; cat a.lock; abpc build -I mod -o out a.abp >/dev/null
a.lock: 2 units
g.base 1.0.0 sha256:63f39ec468d00ad5ce52c6e5e4e1f13d66ec4d0d65887e3012e4ef6ac7c4e94a
g.tool 2.1.0 sha256:3496a0128529cc1e690037685ac44475f01c309cc0526b9454e3cad9e4119711
$ cd tmp.lock; echo '# changed' >>mod/g.base-1.0.0.abp; abpc build -I mod -o out a.abp
a.lock:1:1: error: stale: g.base 1.0.0 has changed since it was locked, it is sha256:000346b77440e4ebf9ca75f7eae842aa1ae12265a607dcaf435675f9c892e9e8 now [ABP-LOCK-003]
    g.base 1.0.0 sha256:63f39ec468d00ad5ce52c6e5e4e1f13d66ec4d0d65887e3012e4ef6ac7c4e94a
    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
help: review what changed, then run `abpc lock a.abp`
1 error
exit 1
$ cd tmp.lock; abpc lock -I mod a.abp; sed -i 1d a.lock; abpc build -I mod -o out a.abp
a.lock: 2 units
a.abp:2:8: error: the lock file does not know g.base 1.0.0 [ABP-LOCK-003]
    policy g.worker 1.0.0 {
           ^~~~~~~~
help: review what changed, then run `abpc lock a.abp`
1 error
exit 1
$ cd tmp.lock; abpc lock -I mod a.abp; echo 'z.gone 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000' >>a.lock; abpc build -I mod -o out a.abp
a.lock: 2 units
a.lock:3:1: error: stale: nothing imports z.gone any more [ABP-LOCK-003]
    z.gone 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000
    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
help: review what changed, then run `abpc lock a.abp`
1 error
exit 1
$ cd tmp.lock; echo 'not a line' >a.lock; abpc build -I mod -o out a.abp
a.lock:1:1: error: not a line of a lock file: `NAME VERSION sha256:HEX`, sorted by name [ABP-LOCK-002]
    not a line
    ^~~~~~~~~~
help: write it with `abpc lock`, do not edit it
1 error
exit 1
$ cd tmp.lock; printf 'a.b 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000\n 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000\n' >a.lock; abpc build -I mod -o out a.abp
a.lock:2:1: error: not a line of a lock file: `NAME VERSION sha256:HEX`, sorted by name [ABP-LOCK-002]
     1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000
    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
help: write it with `abpc lock`, do not edit it
1 error
exit 1
$ cd tmp.lock; printf 'a.b 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000\na.b 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000\n' >a.lock; abpc build -I mod -o out a.abp
a.lock:2:1: error: not a line of a lock file: `NAME VERSION sha256:HEX`, sorted by name [ABP-LOCK-002]
    a.b 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000
    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
help: write it with `abpc lock`, do not edit it
1 error
exit 1
$ cd tmp.lock; printf 'a.b 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000' >a.lock; abpc build -I mod -o out a.abp
a.lock:1:1: error: not a line of a lock file: `NAME VERSION sha256:HEX`, sorted by name [ABP-LOCK-002]
    a.b 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000
    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
help: write it with `abpc lock`, do not edit it
1 error
exit 1
