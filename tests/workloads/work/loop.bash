for ((i = 0; i < 3; i++)); do
	ls -l loop.bash | cat >/dev/null
	cat <<<"$i"
done
