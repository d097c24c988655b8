#!/bin/sh
# Puts what the last `make bench` found into docs/performance.md, between the two marks there.
#
#   scripts/update-performance.sh [TABLE]
set -eu

table=${1:-build/bench/table.md}
page=docs/performance.md
begin='<!-- results: begin -->'
end='<!-- results: end -->'

test -s "$table" || { echo "there is no $table: run make bench" >&2; exit 1; }
for mark in "$begin" "$end"; do
  grep -qF "$mark" "$page" || { echo "no $mark in $page" >&2; exit 1; }
done

new=$(mktemp)
trap 'rm -f "$new"' EXIT
{
  sed "/^$begin\$/q" "$page"
  printf '\nCommit %s, %s, kernel %s.\n\n' \
    "$(git rev-parse --short HEAD)" "$(findmnt -no SOURCE,FSTYPE -T build | tr -s ' ')" "$(uname -r)"
  cat "$table"
  printf '\n'
  sed -n "/^$end\$/,\$p" "$page"
} > "$new"
cat "$new" > "$page"
