# every tool of abp.shell, and a trap
set -e
trap 'echo got it' USR1
mkdir d
touch d/empty
echo "one two" >d/a
cp d/a d/b
mv d/b d/c
/bin/echo three >>d/c
ls d | sort -r | head -n 2 | tail -n 1
cat d/a d/c | grep -c two
sed 's/one/1/' d/c | wc -l
env false || [ $? -eq 1 ]
/bin/true
sleep 0.01
sh -c 'kill -USR1 $PPID' >/dev/null
sleep 0.01 &
wait
rm d/empty
echo end
