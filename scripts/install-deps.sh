#!/bin/sh
# Installs the Debian packages named in scripts/packages-LIST.txt for every LIST given.
# Asks dpkg first, so that it costs nothing and needs no root when all of them are there.
#
#   scripts/install-deps.sh build test
set -eu
cd "$(dirname "$0")"

# Prints the packages of the lists that are neither installed nor replaced by a command.
missing_packages() {
  for list in "$@"; do
    sed -e 's/#.*//' "packages-$list.txt"
  done | while read -r package substitute; do
    [ -n "$package" ] || continue
    if [ -n "$substitute" ] && command -v "$substitute" >/dev/null; then continue; fi
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || true
    [ "$status" = installed ] || printf '%s ' "$package"
  done
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "install-deps: not a Debian system; install by hand what scripts/packages-*.txt name" >&2
  exit 0
fi

missing=$(missing_packages "$@")
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install-deps: needs root or sudo to install: $missing" >&2
    exit 1
  fi
  as_root=sudo
fi

echo "install-deps: installing $missing"
# The variable goes through env(1): sudo drops the caller's environment.
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@"
}
apt update
# shellcheck disable=SC2086  # the list is meant to be split
apt install --yes --no-install-recommends $missing >/dev/null
