#!/bin/sh
# Puts what the last `make bench` and the last scripts/profile.sh found into docs/performance.md,
# between the marks there. What has not been made is left as it is.
#
#   scripts/update-performance.sh [TABLE] [PROFILE]
set -eu
cd "$(dirname "$0")/.."

table=${1:-build/bench/table.md}
profile=${2:-build/bench/profile.md}
page=docs/performance.md
new=$(mktemp)
trap 'rm -f "$new"' EXIT

# put NAME FILE: FILE between the marks of NAME, with what rule 2 of the page asks for.
put() {
  begin="<!-- $1: begin -->"
  end="<!-- $1: end -->"
  for mark in "$begin" "$end"; do
    grep -qxF "$mark" "$page" || { echo "no $mark in $page" >&2; exit 1; }
  done
  {
    sed "/^$begin\$/q" "$page"
    printf '\nCommit %s, %s, kernel %s.\n\n' "$(git rev-parse --short HEAD)" \
      "$(findmnt -no SOURCE,FSTYPE -T build | tr -s ' ')" "$(uname -r)"
    cat "$2"
    printf '\n'
    sed -n "/^$end\$/,\$p" "$page"
  } >"$new"
  cat "$new" >"$page"
  echo "$2 is in $page"
}

test -s "$table" || test -s "$profile" || { echo "there is no $table: run make bench" >&2; exit 1; }
test ! -s "$table" || put results "$table"
test ! -s "$profile" || put profile "$profile"
