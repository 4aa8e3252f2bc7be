#!/bin/sh
# loc.sh - lines that are neither blank nor comment only, per file; the part that runs with privilege first.
cd "$(dirname "$0")/.." || exit 1
count() {
	for f in "$@"; do
		awk -v f="$f" '
		{ line = $0
		  while (1) {
			if (inside) { e = index(line, "*/"); if (!e) { line = ""; break } line = substr(line, e + 2); inside = 0 }
			s = index(line, "/*"); if (!s) break
			rest = substr(line, s + 2); e = index(rest, "*/")
			if (e) line = substr(line, 1, s - 1) substr(rest, e + 2); else { line = substr(line, 1, s - 1); inside = 1; break }
		  }
		  sub(/\/\/.*/, "", line); if (line ~ /[^ \t]/) n++ }
		END { printf "%6d  %s\n", n, f }' "$f"
	done
}
total() { awk -v what="$1" '{ n += $1 } END { printf "%6d  %s\n", n, what }'; }
steps=$(ls runtime/*.c runtime/*.h runtime/*.def | grep -vE 'evidence|observe|record|facts')
evidence=$(ls runtime/* | grep -E 'evidence|observe|record|facts')
echo "-- runs with privilege: steps and reaper"
count $steps | sort -rn
count $steps | total "steps and reaper (aim: 1000)"
echo "-- runs with privilege: evidence, comparison, SHA-256, the shared header"
count $evidence compiler/base/sha256.c compiler/base/sha256.h spec/bundle.h | sort -rn
count $steps $evidence compiler/base/sha256.c compiler/base/sha256.h spec/bundle.h | total "all that runs with privilege (aim: 1800)"
echo "-- the compiler"
count $(git ls-files 'compiler/*.c' 'compiler/*.h' 'grammar/*' | grep -v tables/) | total "code"
count $(git ls-files 'compiler/tables/*') | total "tables"
