#!/bin/sh
# layers.sh - the header law of ARCHITECTURE.md: which folder may include which.  One row a folder: who, then what it may include.
cd "$(dirname "$0")/.." || exit 1
awk '
BEGIN {
	may["compiler/base"] = "compiler/base"
	may["compiler/tables"] = "compiler/tables compiler/base spec"
	may["grammar"] = "grammar ast compiler/base"
	may["ast"] = "ast compiler/base"
	may["fmt"] = "fmt ast grammar compiler/base"
	may["model"] = "model compiler/tables compiler/base"
	may["resolve"] = "resolve ast model grammar builtin compiler/tables compiler/base"
	may["laws"] = "laws model compiler/tables compiler/base"
	may["backends"] = "backends model bundle compiler/tables compiler/base spec"
	may["bundle"] = "bundle backends model compiler/tables compiler/base spec"
	may["runtime"] = "runtime spec sha256"
	may["builtin"] = "builtin"
	bad = n = 0
}
# the layer of a file of ours
function layer(f,   b) {
	if (f ~ /^runtime\//) return "runtime"
	if (f ~ /^spec\//) return "spec"
	if (f ~ /^grammar\//) return "grammar"
	if (f ~ /^compiler\/base\/sha(1|256)/) return "sha256"
	if (f ~ /^compiler\/base\//) return "compiler/base"
	if (f ~ /^compiler\/tables\//) return "compiler/tables"
	if (f ~ /^compiler\/backends\//) return "backends"
	b = f; sub(/^compiler\//, "", b); sub(/\.[ch]$/, "", b)
	if (b ~ /^(ast|ast_build|ast_print)$/) return "ast"
	if (b ~ /^(evset|model|model_.*|term|constname|.*_print)$/) return "model"
	if (b ~ /^(resolve.*|implied)$/) return "resolve"
	if (b ~ /^(check|law.*|why.*|diff|show.*|lock)$/) return "laws"
	if (b ~ /^(bundle|backend)$/) return "bundle"
	if (b ~ /^builtin$/) return "builtin"
	if (b ~ /^fmt$/) return "fmt"
	return "main"
}
/^#include "/ {
	split($0, q, "\""); f = q[2]
	if (f !~ /^(compiler|grammar|runtime|spec)\//) next
	from = layer(FILENAME); to = layer(f); n++
	if (from == "main" || from == to) next
	if (to == "sha256" && from != "runtime") to = "compiler/base"
	if (from == "sha256") from = "compiler/base"
	if (from == to) next
	if (index(" " may[from] " ", " " to " ") == 0) {
		printf "%s includes %s: %s may not see %s\n", FILENAME, f, from, to
		bad++
	}
	# emit and verify are strangers
	if (FILENAME ~ /\/(verify|denote)\.c$/ && f ~ /\/emit\.h$/) { printf "%s includes %s: verify may not see emit\n", FILENAME, f; bad++ }
}
END { printf "%d passed, %d failed\n", n - bad, bad; exit bad > 0 }
' $(git ls-files '*.c' '*.h' '*.y' '*.l' | grep -v '^tests/')
