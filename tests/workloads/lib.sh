# lib.sh - sourced by run and removal: a mount namespace of their own, fixtures on a tmpfs over /srv, and go().
# Nothing of the host is written; a Node.js that is not Debian's is covered by Debian's, in this namespace only.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if [ "${ABP_WORKLOADS:-}" != inside ]; then
	[ "$(id -u)" -eq 0 ] || { echo "skipped workloads: the loader's walls for root need root"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
	ABP_WORKLOADS=inside exec unshare -m --propagation private -- "$0" "$@"
fi
[ "$(readlink /proc/self/ns/mnt)" != "$(readlink /proc/1/ns/mnt)" ] || { echo "refused: this is the host's mount namespace"; exit 1; }
cd "$top" || exit 1
B=$(cd "${B:-build}" && pwd)
passed=0 failed=0 skipped=0
unset LANG LC_ALL TZ
mount -t tmpfs -o mode=755 tmpfs /srv || exit 1
mkdir -p /srv/fixtures /srv/std && cp tests/workloads/work/* /srv/fixtures && /usr/bin/python3 tests/workloads/wheel.py /srv/fixtures || exit 1
trap 'cd /; umount -l /srv' EXIT

# debian_node: /usr/bin/node is Debian's, or is covered by it; 1 if it cannot be had
debian_node() {
	local debs=$B/debs
	[ -d /usr/share/nodejs/acorn ] && [ -e /usr/lib/x86_64-linux-gnu/libnode.so.108 ] && return 0
	local p names= new=$debs.new
	if [ ! -d "$debs" ]; then
		rm -rf "$new" && mkdir -p "$new" || return 1
		for p in nodejs libnode108; do
			names="$names $p=$(apt-cache madison $p | awk '$3 ~ /^18\..*deb12/ {print $3; exit}')"
		done
		(cd "$new" && apt-get download -qq $names node-acorn node-cjs-module-lexer node-undici node-busboy node-xtend \
			libuv1 libc-ares2 libnghttp2-14 libbrotli1 libicu72) >/dev/null 2>&1 && mv "$new" "$debs" || return 1
	fi
	mkdir /srv/debian
	for p in "$debs"/*.deb; do dpkg -x "$p" /srv/debian || return 1; done
	mount -t overlay -o "lowerdir=/srv/debian/usr:/usr" overlay /usr
}

# build POLICY [-I DIR]: its bundle as /srv/b/POLICY.abpb; what the compiler said in /srv/said
build() {
	local p=$1
	shift
	mkdir -p /srv/b && cp "tests/workloads/policies/$p.abp" /srv/b/ && rm -f "/srv/b/$p.abpb"
	"$B/abpc" lock "$@" "/srv/b/$p.abp" >/srv/said 2>&1 &&
		"$B/abpc" build "$@" -o /srv/b/out --arch x86_64 "/srv/b/$p.abp" >>/srv/said 2>&1 &&
		mv /srv/b/out/work.$p/1.0.0/work.$p.abpb "/srv/b/$p.abpb"
}

# go POLICY COMMAND...: COMMAND under it, on fresh fixtures; IN is its input; BEFORE and AFTER are done outside, in
# the fixtures
go() {
	local p=$1 rc slot=
	shift
	rm -rf /srv/work && cp -r /srv/fixtures /srv/work
	[ -z "${BEFORE:-}" ] || (cd /srv/work && eval "$BEFORE") || return 1
	chown -R 1000:1000 /srv/work
	grep -q ' slot' "tests/workloads/policies/$p.abp" && slot="--slot /srv/work=/srv/work"
	printf "${IN:-}" | timeout 60 "$B/abprun" "/srv/b/$p.abpb" $slot -- "$@"
	rc=$?
	[ $rc -eq 0 ] && [ -n "${AFTER:-}" ] && (cd /srv/work && chown -R 0:0 . && eval "$AFTER")
	return $rc
}

# judge POLICY WANT COMMAND...: whether go() prints WANT, blanks and newlines as one blank; else what it printed is in got
judge() {
	local policy=$1 want rc
	want=$(printf %s "$2" | tr -s '\n\t ' ' ')
	shift 2
	go "$policy" "$@" >/srv/out 2>/srv/err
	rc=$?
	got=$(eval "${OUT:-cat}" </srv/out 2>/dev/null | tr -s '\n\t ' ' ')
	got=${got% }
	[ $rc -eq 0 ] && [ "$got" = "$want" ]
}
