// The value of an entry: when the set was made as a signed varint of milliseconds, then its upload
// id.
#include "dataset/created_sets.h"

#include "base/coding.h"
#include "dataset/all_sets.h"
#include "dataset/keys.h"
#include "dataset/record_index.h"

namespace tideway::dataset {
namespace {

std::string key_of(std::string_view idempotency_key) {
  return std::string(kCreatedPrefix).append(index_digest(idempotency_key));
}

}  // namespace

store::Result<std::optional<DataSet>> find_created(const store::Reader& reader,
                                                   std::string_view idempotency_key) {
  if (idempotency_key.empty()) return std::nullopt;
  const auto value = reader.get(key_of(idempotency_key));
  if (!value) return std::unexpected(value.error());
  if (!*value) return std::nullopt;
  Decoder in(**value);
  in.signed_varint();
  return read_set(reader, in.rest());
}

void put_created(store::Transaction& transaction, std::string_view idempotency_key,
                 const DataSet& set) {
  if (idempotency_key.empty()) return;
  std::string value;
  put_signed_varint(value, set.created_ms);
  transaction.put(key_of(idempotency_key), value + set.upload_id);
}

store::Result<bool> sweep_created(store::Transaction& transaction, int64_t before_ms) {
  bool any = false;
  const auto scanned = store::scan_prefix(transaction, kCreatedPrefix, [&](auto key, auto value) {
    if (Decoder(value).signed_varint() >= before_ms) return true;
    transaction.erase(key);
    return any = true;
  });
  if (!scanned) return std::unexpected(scanned.error());
  return any;
}

}  // namespace tideway::dataset
