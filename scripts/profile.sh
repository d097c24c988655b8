#!/bin/sh
# Where the server's processor time goes while it takes uploads, as a Markdown table; it is also
# written to build/bench/profile.md, from where scripts/update-performance.sh takes it.
#
#   scripts/profile.sh [KIND] [SECONDS]      # KIND: cgm, pump or loop, as in `tideway bench`
#
# Needs perf and a built program. Samples are told apart by the function and the library that was
# running; what several steps share (copying, allocating, the kernel's scheduler) has lines of its own.
set -eu
cd "$(dirname "$0")/.."

kind=${1:-pump}
seconds=${2:-10}
program=build/release/tideway
mkdir -p build/bench
directory=$(mktemp -d "${PWD}/build/profile-XXXXXX")
server=
trap 'test -z "$server" || kill "$server"; wait; rm -rf "$directory"' EXIT

# A service needs no accounts: making them, with their slow hashes of passwords, would be in the profile.
TIDEWAY_SERVICE_SECRET=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
export TIDEWAY_SERVICE_SECRET
"$program" serve --data-dir "$directory/data" --listen 127.0.0.1:0 --log-level warn \
  --requests-per-minute-max 0 >"$directory/out" 2>&1 &
server=$!
url=
for _ in $(seq 100); do
  url=$(sed -n 's/.* listens on \([^,]*\),.*/\1/p' "$directory/out")
  test -z "$url" || break
  sleep 0.1
done
test -n "$url" || { echo "the server does not start" >&2; cat "$directory/out" >&2; exit 1; }

perf record --quiet --freq 997 --pid "$server" --output "$directory/perf" &
recorder=$!
"$program" bench --url "$url" --service --mix "$kind" --duration "$seconds" --verify 0 >"$directory/bench"
kill -INT "$recorder"
wait "$recorder" || true  # it ends by that signal

{
  # shellcheck disable=SC2016  # the backquotes are Markdown's
  printf '`scripts/profile.sh %s %s`, %s, load average %s:\n\n```\n' "$kind" "$seconds" \
    "$(date -u +%F)" "$(cut -d ' ' -f 1 /proc/loadavg)"
  cat "$directory/bench"
  # shellcheck disable=SC2016
  printf '```\n\n| Step | share of samples |\n| --- | ---: |\n'
  perf report --input "$directory/perf" --sort dso,symbol --stdio --percent-limit 0 --show-total-period \
    2>/dev/null | awk '
    # "  1.23%  123456  library  [k] symbol" or "[.] symbol"
    /^ *[0-9.]+%/ {
      period = $2; library = $3; place = $4; $1 = $2 = $3 = $4 = ""; symbol = $0
      if (place == "[k]") {
        if (symbol ~ /fsync|ext4|xfs|btrfs|jbd2|blk_|bio_|submit_|virtio|folio|writeback/) step = "fsync and file system"
        else if (symbol ~ /tcp|inet|sock|skb|recv|send|_to_iter|_from_iter|copy_to|copy_from|csum|ip_|net_|napi|loopback|epoll|ep_/) step = "read and respond: the kernel"
        else step = "the rest of the kernel"
      }
      else if (symbol ~ /tideway::server|boost::asio|boost::beast/) step = "read and respond: the server"
      else if (library ~ /libcrypto/ || symbol ~ /sha256|SHA256|EVP_|XXH|aes|blake|IdCipher/) step = "hash and derive ids"
      else if (library ~ /zstd|lz4|libz\./ || symbol ~ /ZSTD|HUF_|FSE_|HIST_|HUFv|LZ4/) step = "compress"
      else if (library ~ /simdjson/ || symbol ~ /simdjson|tideway::json/) step = "parse JSON"
      else if (symbol ~ /tideway::record|charconv|from_chars|to_chars|append_json|tideway::(append|parse|format)/) step = "validate, normalise, write records"
      else if (library ~ /rocksdb/ || symbol ~ /rocksdb|crc32c|tideway::store/) step = "write to the store"
      else if (symbol ~ /tideway::/) step = "data sets, accounts, routes"
      else if (symbol ~ /mem(cpy|move|set|cmp|chr)|malloc|calloc|free|_int_|unlink_chunk|operator (new|delete)/) step = "copy and allocate"
      else step = "other"
      sum[step] += period; total += period
    }
    END { for (step in sum) printf "%.1f\t%s\n", 100 * sum[step] / total, step }' |
    sort -rn | awk -F '\t' '{ printf "| %s | %s %% |\n", $2, $1 }'
} | tee build/bench/profile.md
