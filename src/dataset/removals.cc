// How removals are stored: under the time of the destruction (eight bytes, big-endian) and the name
// of the block
//
//   version  byte   1
//   then, until the end: id, type bytes (varint length, then the bytes); time_ms signed varint
#include "dataset/removals.h"

#include <algorithm>

#include "base/coding.h"

namespace tideway::dataset {
namespace {

constexpr uint8_t kVersion = 1;

std::string time_key(int64_t time_ms) {
  std::string key(kRemovalPrefix);
  put_big_endian64(key, static_cast<uint64_t>(std::max<int64_t>(time_ms, 0)));
  return key;
}

store::Error malformed() { return {store::Error::Kind::kCorruption, "removals: malformed"}; }

bool visit_all(std::string_view upload_id, std::string_view value, const VisitRemoval& visit) {
  Decoder in(value);
  if (in.byte() != kVersion) return false;
  while (in.ok() && !in.at_end()) {
    Removal removal;
    removal.id = in.bytes();
    removal.type = in.bytes();
    removal.time_ms = in.signed_varint();
    if (in.ok()) visit(upload_id, removal);
  }
  return in.ok();
}

}  // namespace

store::Result<void> put_removals(store::Transaction& transaction, const BlockName& name,
                                 int64_t now_ms, const std::vector<Removal>& removals) {
  if (removals.empty()) return {};
  const std::string key = time_key(now_ms) + encode_block_name(name);
  // There may have been another step within the same millisecond.
  auto value = transaction.get(key);
  if (!value) return std::unexpected(value.error());
  std::string entries = value->value_or(std::string(1, static_cast<char>(kVersion)));
  for (const Removal& removal : removals) {
    put_bytes(entries, removal.id);
    put_bytes(entries, removal.type);
    put_signed_varint(entries, removal.time_ms);
  }
  transaction.put(key, entries);
  return {};
}

std::string removals_begin(int64_t since_ms) { return time_key(since_ms); }

store::Result<bool> next_removals(const store::Reader& reader, std::string& at,
                                  const VisitRemoval& visit) {
  bool any = false;
  bool sane = true;
  const auto scanned =
      reader.scan(at, store::prefix_end(kRemovalPrefix), [&](auto key, auto value) {
        const BlockName name = parse_block_name(key.substr(time_key(0).size()));
        any = true;
        sane = visit_all(name.upload_id, value, visit);
        at = std::string(key) + '\0';
        return false;
      });
  if (!scanned) return std::unexpected(scanned.error());
  if (!sane) return std::unexpected(malformed());
  return any;
}

store::Result<bool> sweep_removals(store::Transaction& transaction, int64_t before_ms) {
  bool any = false;
  const std::string end = time_key(before_ms);
  const auto scanned = transaction.scan(time_key(0), end, [&](auto, auto) {
    any = true;
    return false;
  });
  if (!scanned) return std::unexpected(scanned.error());
  if (any) transaction.erase_range(time_key(0), end);
  return any;
}

}  // namespace tideway::dataset
