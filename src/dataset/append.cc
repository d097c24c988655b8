#include "dataset/append.h"

#include "base/ids.h"
#include "dataset/blocks.h"
#include "dataset/keys.h"
#include "dataset/record_flags.h"
#include "store/block.h"

namespace tideway::dataset {
namespace {

using store::BlockBuilder;
using store::BlockRecord;

BlockRecord block_record(const record::Record& record, const DataSet& set) {
  BlockRecord out;
  out.time_ms = record.time_ms;
  out.type = record.type;
  out.sub_type = record.sub_type;
  out.device_id = record.device_id;
  out.id = record.id;
  out.flags = record.is_carelink ? kFlagCarelink : 0;
  if (uses_identity(set)) {
    const bool by_set = set.deduplicator == Deduplicator::kDataSetDropHash;
    out.identity = record::identity_hash(set.user_id, by_set ? set.id : record.device_id,
                                         record.identity);
  }
  out.segment_sizes = record.segment_sizes;
  out.text = record.text;
  return out;
}

/// The set's last block as a builder, if `incoming` more records may go into it.
store::Result<std::optional<BlockBuilder>> open_tail(const store::Reader& reader,
                                                     const DataSet& set, size_t incoming) {
  if (set.block_count == 0 || incoming > kTailRecordsMax) return std::nullopt;
  const uint32_t last = set.block_count - 1;
  auto summary_bytes = reader.get(summary_key(set.upload_id, last));
  if (!summary_bytes) return std::unexpected(summary_bytes.error());
  // A set whose last block is gone has lost data: say so instead of writing over it.
  if (!*summary_bytes) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "block summary is missing"});
  }
  const auto summary = store::BlockSummary::decode(**summary_bytes);
  if (!summary) return std::unexpected(summary.error());
  if (summary->count + incoming > kTailRecordsMax) return std::nullopt;

  auto block = read_block(reader, {set.upload_id, last});
  if (!block) return std::unexpected(block.error());
  if (block->text_size_bytes() > kTailTextBytesMax) return std::nullopt;
  auto builder = BlockBuilder::extend(*block);
  if (!builder) return std::unexpected(builder.error());
  return std::move(*builder);
}

void put_block(store::Transaction& transaction, const DataSet& set, uint32_t number,
               const BlockBuilder& builder) {
  transaction.put(block_key(set.upload_id, number), builder.finish());
  transaction.put(summary_key(set.upload_id, number), builder.summary().encode());
}

}  // namespace

bool uses_identity(const DataSet& set) {
  return set.deduplicator == Deduplicator::kDeviceDeactivateHash ||
         set.deduplicator == Deduplicator::kDataSetDropHash;
}

store::Result<void> append(store::Transaction& transaction, DataSet& set,
                           const record::Batch& batch) {
  if (batch.records.empty()) return {};
  auto tail = open_tail(transaction, set, batch.records.size());
  if (!tail) return std::unexpected(tail.error());
  uint32_t number = *tail ? set.block_count - 1 : set.block_count;
  BlockBuilder builder = *tail ? std::move(**tail) : BlockBuilder(random_bytes16());
  for (const record::Record& record : batch.records) {
    const BlockRecord next = block_record(record, set);
    if (builder.count() == store::kBlockRecordsMax || !builder.fits(next)) {
      put_block(transaction, set, number++, builder);
      builder = BlockBuilder(random_bytes16());
    }
    builder.add(next);
  }
  put_block(transaction, set, number, builder);
  set.block_count = number + 1;
  set.record_count += static_cast<uint32_t>(batch.records.size());
  return {};
}

}  // namespace tideway::dataset
