// The last closing is kept under a key of its own: its place in the order as a varint, its time as
// a signed varint of milliseconds.
#include "dataset/closings.h"

#include <algorithm>

#include "base/coding.h"
#include "dataset/blocks.h"
#include "dataset/keys.h"
#include "dataset/traits.h"

namespace tideway::dataset {
namespace {

/// When the last record of a set was added.
store::Result<int64_t> last_added_ms(const store::Reader& reader, const DataSet& set) {
  if (set.block_count == 0) return INT64_MIN;
  const auto summary = read_summary(reader, {set.upload_id, set.block_count - 1});
  if (!summary) return std::unexpected(summary.error());
  return *summary ? (*summary)->added_last_ms : INT64_MIN;
}

/// When a record was last added to one of the user's continuous sets that compare by identity.
store::Result<int64_t> last_added_ms(const store::Reader& reader) {
  int64_t last_ms = INT64_MIN;
  store::Result<void> failure;
  const auto scanned = scan_sets_with(reader, Trait::kContinuousByHash, [&](const DataSet& set) {
    const auto added_ms = last_added_ms(reader, set);
    if (!added_ms) failure = std::unexpected(added_ms.error());
    last_ms = std::max(last_ms, added_ms.value_or(INT64_MIN));
    return failure.has_value();
  });
  if (!scanned) return std::unexpected(scanned.error());
  if (!failure) return std::unexpected(failure.error());
  return last_ms;
}

struct LastClosing {
  uint32_t order = 0;
  int64_t time_ms = 0;
};

store::Result<LastClosing> read_last_closing(const store::Reader& reader) {
  const auto value = reader.get(kLastClosingKey);
  if (!value) return std::unexpected(value.error());
  if (!*value) return LastClosing();
  Decoder in(**value);
  LastClosing last;
  last.order = static_cast<uint32_t>(in.varint());
  last.time_ms = in.signed_varint();
  if (!in.at_end()) {
    return std::unexpected(
        store::Error{store::Error::Kind::kCorruption, "last closing: malformed"});
  }
  return last;
}

}  // namespace

store::Result<void> place_closing(store::Transaction& transaction, Closing& closing) {
  const auto last = read_last_closing(transaction);
  if (!last) return std::unexpected(last.error());
  const auto added_ms = last_added_ms(transaction);
  if (!added_ms) return std::unexpected(added_ms.error());
  closing.order = last->order + 1;
  closing.time_ms = std::max(closing.time_ms, *added_ms);
  std::string value;
  put_varint(value, closing.order);
  put_signed_varint(value, std::max(closing.time_ms, last->time_ms));
  transaction.put(kLastClosingKey, value);
  return {};
}

store::Result<int64_t> last_closing_ms(const store::Reader& reader) {
  const auto last = read_last_closing(reader);
  if (!last) return std::unexpected(last.error());
  return last->time_ms;
}

}  // namespace tideway::dataset
