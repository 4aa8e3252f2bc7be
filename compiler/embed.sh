#!/bin/sh
# embed.sh FILE... - one struct builtin initialiser a file, on standard output.
set -e
LC_ALL=C
export LC_ALL
for f in "$@"; do
	printf '    {"%s",\n' "${f##*/}"
	sed 's/\\/\\\\/g; s/"/\\"/g; s/	/\\t/g; s/.*/\t"&\\n"/' "$f"
	printf '\t, %s},\n' "$(wc -c <"$f" | tr -d ' ')"
done
