#!/bin/sh
# tables.sh ABPC - abp-tables(7), from the tables of the compiler; `make man` writes it.
set -e
abpc=$1
section() { # TITLE, TABLE, TEXT
	printf '.SH "%s"\n%s\n.PP\n.nf\n' "$1" "$3"
	"$abpc" show --table "$2" | fold -s -w 110 | sed 's/\\/\\e/g; s/-/\\-/g; s/^[.'\'']/\\\&&/; s/ *$//'
	printf '.fi\n'
}
cat <<'END'
.\" Written by spec/tables.sh (make man); do not edit.
.TH ABP-TABLES 7 "" "abp" "Miscellaneous"
.SH NAME
abp\-tables \- the tables behind the words of abp(5)
.SH DESCRIPTION
What the compiler knows. Each section is what
.B abpc show \-\-table NAME
prints;
.B abpc show \-\-call NAME
adds the arguments of one system call and where it is granted.
END
section 'RUN' settings 'The keys of `run`.'
section 'LIMITS' limits 'The keys of `limits`, and the kernel object that holds each.'
section 'DEVICES' devices 'The names of `device`.'
section 'GROUPS' groups 'The groups that `allow @NAME` stands for. A condition limits the call inside the group.'
section 'CAPABILITIES' caps 'What each opens, the risk, and in which user namespace the kernel checks it.'
section 'UNSAFE' unsafe 'What a line may contain only with the word `unsafe`, and why.'
section 'IMPLIED CALLS' implied 'The system calls that grants bring with them.'
section 'SOCKET OPTIONS' sockopts 'The options that ports lines imply; all others are denied.'
section 'ANSWERS' answers 'Denied calls that answer ENOSYS, because callers have another way. All others answer EPERM.'
section 'WALLS' walls 'What each wall decides of each kind of event: exact, a bound (with an event beyond), or nothing.'
cat <<'END'
.SH SEE ALSO
.BR abp (5),
.BR abpc (1)
END
