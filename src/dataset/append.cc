#include "dataset/append.h"

#include <algorithm>

#include "dataset/derived_id.h"
#include "dataset/identity_hashes.h"
#include "dataset/record_flags.h"
#include "store/block.h"

namespace tideway::dataset {
namespace {

using store::BlockBuilder;
using store::BlockRecord;
using store::BlockSummary;

size_t text_size(const Records& records) {
  size_t size_bytes = 0;
  for (const record::Record* const record : records) size_bytes += record->text.size();
  return size_bytes;
}

/// The block that takes the next records.
struct Target {
  uint32_t number = 0;
  BlockBuilder builder;
  std::optional<BlockSummary> before = {};  ///< of the block that a piece goes on with

  bool is_piece() const { return before.has_value(); }
};

/// What is known of the set's last block, or nothing when it has none that could be added to.
store::Result<std::optional<BlockSummary>> read_tail(Edit& edit, const DataSet& set) {
  if (set.block_count == set.block_first) return std::nullopt;
  const BlockName last{set.upload_id, set.block_count - 1};
  auto summary = read_summary(edit.transaction(), last);
  if (!summary) return std::unexpected(summary.error());
  if (!*summary) {
    const auto mask = edit.mask(last);
    if (!mask) return std::unexpected(mask.error());
    if ((*mask)->is_dropped()) return std::nullopt;
    // A set whose last block is missing has lost data: say so instead of going on behind it.
    return missing_block();
  }
  return summary;
}

/// Decides where to go on with so many records and so much text of them; a block that is left
/// behind is written as a whole.
store::Result<Target> open_target(Edit& edit, const DataSet& set, size_t records,
                                  size_t text_size_bytes) {
  auto tail = read_tail(edit, set);
  if (!tail) return std::unexpected(tail.error());
  const uint32_t count = *tail ? (*tail)->count : 0;
  const bool fits = *tail && count + records <= kTailRecordsMax &&
                    (*tail)->text_size_bytes + text_size_bytes <= kBlockTextBytesMax;
  if (!fits) {
    if (*tail && (*tail)->loose_pieces > 0) {
      const auto sealed = seal_tail(edit, set);
      if (!sealed) return std::unexpected(sealed.error());
    }
    return Target{set.block_count, BlockBuilder(block_nonce(set.block_count))};
  }
  const BlockName last{set.upload_id, set.block_count - 1};
  const bool is_full = count + records == kTailRecordsMax;
  if (is_full || (*tail)->loose_pieces >= kLoosePiecesMax || edit.is_rebuild_due(last, count)) {
    auto builder = edit.rebuild(last);
    if (!builder) return std::unexpected(builder.error());
    return Target{last.number, std::move(*builder)};
  }
  return Target{last.number, BlockBuilder::piece(count), std::move(*tail)};
}

/// Writes what a block, or a piece of one, has got. A block that may yet grow is begun as a piece.
store::Result<void> put(Edit& edit, const DataSet& set, const Target& target, bool is_new) {
  const BlockName name{set.upload_id, target.number};
  const bool is_small = target.builder.text_size_bytes() <= kPlainTextBytesMax &&
                        target.builder.count() < kTailRecordsMax;
  if (target.is_piece()) {
    edit.put_piece(name, *target.before, target.builder,
                   is_small ? store::Coding::kPlain : store::Coding::kZstd);
  } else if (is_new && is_small) {
    edit.put_piece(name, {}, target.builder, store::Coding::kPlain);
  } else {
    return edit.put(name, target.builder);
  }
  return {};
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
  return append(edit, set, records, identity_hashes(set, records));
}

store::Result<std::vector<Place>> append(Edit& edit, DataSet& set, const Records& records,
                                         std::span<const record::IdentityHash> hashes) {
  std::vector<Place> places;
  if (records.empty()) return places;
  const size_t text_size_bytes = text_size(records);
  auto target = open_target(edit, set, records.size(), text_size_bytes);
  if (!target) return std::unexpected(target.error());
  const auto first_slot = target->is_piece() ? target->before->count : 0;
  places.reserve(records.size());
  target->builder.reserve(std::min(records.size(), store::kBlockRecordsMax),
                          std::min(text_size_bytes, kBlockTextBytesMax));
  for (size_t i = 0; i < records.size(); ++i) {
    BlockRecord next = block_record(*records[i], edit.now_ms());
    if (!hashes.empty()) {
      next.identity = beginning_of(hashes[i]);
      if (!records[i]->identity_is_in_text) next.identity_rest = rest_of(hashes[i]);
    }
    BlockBuilder& builder = target->builder;
    const bool is_full =
        builder.count() > 0 && builder.text_size_bytes() + next.text.size() > kBlockTextBytesMax;
    if (is_full || !builder.fits(next)) {
      const auto written = edit.put({set.upload_id, target->number}, builder);
      if (!written) return std::unexpected(written.error());
      ++target->number;
      builder = BlockBuilder(block_nonce(target->number));
    }
    places.push_back({target->number, first_slot + static_cast<uint32_t>(builder.count())});
    builder.add(next);
  }
  const auto written = put(edit, set, *target, target->number >= set.block_count);
  if (!written) return std::unexpected(written.error());
  set.block_count = target->number + 1;
  set.record_count += static_cast<uint32_t>(records.size());
  return places;
}

store::Result<void> seal_tail(Edit& edit, const DataSet& set) {
  const auto tail = read_tail(edit, set);
  if (!tail) return std::unexpected(tail.error());
  if (!*tail || (*tail)->loose_pieces == 0) return {};
  const BlockName last{set.upload_id, set.block_count - 1};
  const auto builder = edit.rebuild(last);
  if (!builder) return std::unexpected(builder.error());
  return edit.put(last, *builder);
}

}  // namespace tideway::dataset
