#!/bin/sh
# Installs the validator, as pinned, into DIRECTORY and runs agree.mjs there.
#
#   tests/schema/run.sh DIRECTORY TIDEWAY
set -eu
here=$(cd "$(dirname "$0")" && pwd)
directory=$1
tideway=$2
mkdir -p "$directory"
cp "$here/package.json" "$here/package-lock.json" "$here/agree.mjs" "$directory"
cd "$directory"
npm ci --silent --no-audit --no-fund
exec node agree.mjs "$tideway" "$here/../vectors/records"
