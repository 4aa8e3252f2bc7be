#!/bin/sh
# deps.sh PACKAGES.TXT - install the Debian packages of the list that are missing; silent when none is.
set -e
want=$(sed 's/#.*//; s/ .*//' "$1" | grep -v '^$')
missing=
for p in $want; do
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
echo "installing:$missing"
if [ "$(id -u)" -ne 0 ]; then
	echo "not root: run  apt-get install --no-install-recommends$missing" >&2
	exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
