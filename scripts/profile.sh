#!/bin/sh
# Where the server's processor time goes while it takes uploads, as a Markdown table.
#
#   scripts/profile.sh [KIND] [SECONDS]      # KIND: cgm, pump or loop, as in `tideway bench`
#
# Needs perf and a built program. Samples are told apart by the function that was running; what
# several steps share (copying, allocating, the kernel's scheduler) has lines of its own.
set -eu
cd "$(dirname "$0")/.."

kind=${1:-pump}
seconds=${2:-10}
program=build/release/tideway
directory=$(mktemp -d "${PWD}/build/profile-XXXXXX")
server=
trap 'test -z "$server" || kill "$server"; wait; rm -rf "$directory"' EXIT

"$program" serve --data-dir "$directory/data" --listen 127.0.0.1:0 --registration open \
  --log-level warn >"$directory/out" &
server=$!
url=
for _ in $(seq 100); do
  url=$(sed -n 's/.* listens on \([^,]*\),.*/\1/p' "$directory/out")
  test -z "$url" || break
  sleep 0.1
done
test -n "$url" || { echo "the server does not start" >&2; exit 1; }

perf record --quiet --freq 997 --pid "$server" --output "$directory/perf" -- sleep "$((seconds + 1))" &
recorder=$!
echo for-benchmarks | "$program" bench --url "$url" --register --password-stdin --mix "$kind" \
  --duration "$seconds" --verify 0 >"$directory/bench"
wait "$recorder"

cat "$directory/bench"
printf '\n| Step | share of samples |\n| --- | ---: |\n'
perf report --input "$directory/perf" --sort symbol --stdio --percent-limit 0 --show-total-period \
  2>/dev/null | awk '
  # "  1.23%  123456  [k] symbol" or "[.] symbol"
  /%/ {
    period = $2; place = $3; $1 = $2 = $3 = ""; symbol = $0
    if (symbol ~ /simdjson|tideway::json/) step = "parse JSON"
    else if (symbol ~ /tideway::record|charconv|from_chars|to_chars|append_json/) step = "validate, normalise, write records"
    else if (symbol ~ /sha256|SHA256|EVP_|XXH|aes|blake|tideway::store::IdCipher/) step = "hash and derive ids"
    else if (symbol ~ /ZSTD|HUF_|FSE_|HIST_/) step = "compress"
    else if (symbol ~ /rocksdb|crc32c|tideway::store/) step = "write to the store"
    else if (symbol ~ /fsync|ext4|xfs|btrfs|jbd2|blk_|bio_|submit_|virtio|folio|writeback/) step = "fsync and file system"
    else if (symbol ~ /tcp|inet|sock|skb|recv|sendmsg|copy_to|copy_from|csum|ip_|net_|loopback/) step = "read and respond: the kernel"
    else if (symbol ~ /tideway::server|boost::asio|boost::beast/) step = "read and respond: the server"
    else if (symbol ~ /tideway::/) step = "data sets, accounts, routes"
    else if (symbol ~ /mem(cpy|move|set|cmp)|malloc|free|_int_|operator new|realloc/) step = "copy and allocate"
    else if (place == "[k]") step = "the rest of the kernel"
    else step = "other"
    sum[step] += period; total += period
  }
  END { for (step in sum) printf "%.1f\t%s\n", 100 * sum[step] / total, step }' |
  sort -rn | awk -F '\t' '{ printf "| %s | %s %% |\n", $2, $1 }'
