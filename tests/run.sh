#!/bin/sh
# run.sh NAME=COMMAND... - run every test runner, show each one's time, and close with one line that sums them all.
# A runner ends with "N passed, N failed" or "N passed, N failed, N skipped"; one without such a line, or whose exit
# code is non-zero though it counts no failure, is itself one failure.
passed=0 failed=0 skipped=0 begin=$(date +%s) times=
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
for job in "$@"; do
	name=${job%%=*} command=${job#*=} t0=$(date +%s)
	printf '== %s\n' "$name"
	sh -c "$command" >"$log" 2>&1 </dev/null
	rc=$?
	cat "$log"
	line=$(grep -E '^([A-Za-z]+: )?[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log" | tail -n 1)
	set -- $(printf '%s' "${line#*: }" | tr -c '0-9\n' ' ') 0 0 0
	if [ -z "$line" ] || { [ $rc -ne 0 ] && [ "$2" -eq 0 ]; }; then
		echo "runner $name: exit code $rc, and no closing line that explains it"
		set -- 0 1 0
	fi
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
	times="$times$(printf '  %5ds  %s: %s passed, %s failed, %s skipped' $(($(date +%s) - t0)) "$name" "$1" "$2" "$3")
"
done
printf '\n-- time by runner, %ds in all\n%s' $(($(date +%s) - begin)) "$times"
if [ $skipped -gt 0 ]; then
	printf '%d passed, %d failed, %d skipped\n' $passed $failed $skipped
else
	printf '%d passed, %d failed\n' $passed $failed
fi
[ $failed -eq 0 ] && [ $passed -gt 0 ]
