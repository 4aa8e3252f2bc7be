$ mkdir tmp.lock; cp agent-1.abp tmp.lock/a.abp; cp -r mod tmp.lock/mod; cd tmp.lock; abpc build -I mod -o out a.abp
$ cd tmp.lock; abpc lock -I mod a.abp; cat a.lock; abpc build -I mod -o out a.abp >/dev/null
$ cd tmp.lock; echo '# changed' >>mod/g.base-1.0.0.abp; abpc build -I mod -o out a.abp
$ cd tmp.lock; abpc lock -I mod a.abp; sed -i 1d a.lock; abpc build -I mod -o out a.abp
$ cd tmp.lock; abpc lock -I mod a.abp; echo 'z.gone 1.0.0 sha256:0000000000000000000000000000000000000000000000000000000000000000' >>a.lock; abpc build -I mod -o out a.abp
$ cd tmp.lock; echo 'not a line' >a.lock; abpc build -I mod -o out a.abp
