#include "dataset/append.h"

#include "dataset/deduplicators/effects.h"
#include "dataset/derived_id.h"
#include "dataset/record_flags.h"
#include "store/block.h"

namespace tideway::dataset {
namespace {

using store::BlockBuilder;
using store::BlockRecord;

std::unexpected<store::Error> missing() {
  return std::unexpected(store::Error{store::Error::Kind::kCorruption, "block is missing"});
}

/// The set's last block as a builder, if `incoming` more records may go into it.
store::Result<std::optional<BlockBuilder>> open_tail(Edit& edit, const DataSet& set,
                                                     size_t incoming) {
  if (set.block_count == set.block_first || incoming > kTailRecordsMax) return std::nullopt;
  const BlockName last{set.upload_id, set.block_count - 1};
  const auto summary_bytes = edit.transaction().get(summary_key(last.upload_id, last.number));
  if (!summary_bytes) return std::unexpected(summary_bytes.error());
  const auto mask = edit.mask(last);
  if (!mask) return std::unexpected(mask.error());
  if ((*mask)->is_dropped()) return std::nullopt;
  // A set whose last block is missing has lost data: say so instead of going on behind it.
  if (!*summary_bytes) return missing();
  const auto summary = store::BlockSummary::decode(**summary_bytes);
  if (!summary) return std::unexpected(summary.error());
  if (summary->count + incoming > kTailRecordsMax) return std::nullopt;

  const auto block = edit.block(last);
  if (!block) return std::unexpected(block.error());
  if (*block == nullptr) return missing();
  if ((*block)->text_size_bytes() > kTailTextBytesMax) return std::nullopt;
  auto builder =
      BlockBuilder::extend(**block, [&](uint32_t slot) { return (*mask)->is_gone(slot); });
  if (!builder) return std::unexpected(builder.error());
  (*mask)->set_blank_count((*mask)->gone_count());
  return std::move(*builder);
}

/// The identity hash of each record; of none where the deduplicator does not compare by them.
std::vector<record::IdentityHash> hashes_of(const DataSet& set, const Records& records) {
  const Effects& effects = effects_of(set.deduplicator);
  std::vector<record::IdentitySource> sources;
  for (const record::Record* const record : records) {
    const auto key = effects.identity_key(set, *record);
    if (!key) return {};
    sources.push_back({*key, record->identity});
  }
  std::vector<record::IdentityHash> hashes(sources.size());
  record::identity_hashes(set.user_id, sources, hashes);
  return hashes;
}

}  // namespace

Records all_of(const record::Batch& batch) {
  Records records;
  records.reserve(batch.records.size());
  for (const record::Record& record : batch.records) records.push_back(&record);
  return records;
}

BlockRecord block_record(const record::Record& record, int64_t now_ms) {
  BlockRecord out;
  out.time_ms = record.time_ms;
  out.added_ms = now_ms;
  out.type = record.type;
  out.sub_type = record.sub_type;
  out.device_id = record.device_id;
  out.id = record.id;
  out.flags = static_cast<uint8_t>((record.is_carelink ? kFlagCarelink : 0) |
                                   (record.is_medtronic_origin ? kFlagMedtronicOrigin : 0));
  out.segment_sizes = record.segment_sizes;
  out.text = record.text;
  return out;
}

store::Result<std::vector<Place>> append(Edit& edit, DataSet& set, const Records& records) {
  std::vector<Place> places;
  if (records.empty()) return places;
  auto tail = open_tail(edit, set, records.size());
  if (!tail) return std::unexpected(tail.error());
  uint32_t number = *tail ? set.block_count - 1 : set.block_count;
  BlockBuilder builder = *tail ? std::move(**tail) : BlockBuilder(block_nonce(number));
  places.reserve(records.size());
  const std::vector<record::IdentityHash> hashes = hashes_of(set, records);
  for (size_t i = 0; i < records.size(); ++i) {
    BlockRecord next = block_record(*records[i], edit.now_ms());
    if (!hashes.empty()) next.identity = hashes[i];
    const bool is_full =
        builder.count() > 0 && builder.text_size_bytes() + next.text.size() > kBlockTextBytesMax;
    if (is_full || !builder.fits(next)) {
      edit.put({set.upload_id, number}, builder);
      builder = BlockBuilder(block_nonce(++number));
    }
    places.push_back({number, static_cast<uint32_t>(builder.count())});
    builder.add(next);
  }
  edit.put({set.upload_id, number}, builder);
  set.block_count = number + 1;
  set.record_count += static_cast<uint32_t>(records.size());
  return places;
}

}  // namespace tideway::dataset
