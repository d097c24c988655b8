#!/bin/sh
# Runs clang-tidy on the C++ files that differ from BASE (default: the branch main), files that git
# does not know yet included. Needs build/release to be configured, whose precompiled headers are g++'s.
set -eu
cd "$(dirname "$0")/.."

base=${BASE:-main}
{
  if git rev-parse --quiet --verify "$base" >/dev/null; then
    git diff --name-only --diff-filter=d "$base" -- src tests bench
  fi
  git ls-files --others --exclude-standard -- src tests bench
} | grep '\.cc$' | sort -u |
  xargs --no-run-if-empty --max-args=1 --max-procs="$(nproc)" clang-tidy-19 --quiet --extra-arg=-Wno-ignored-gch -p build/release
