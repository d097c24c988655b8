#include "dataset/blocks.h"

#include <utility>

namespace tideway::dataset {

store::Result<void> scan_summaries(const store::Reader& reader, std::string_view upload_id,
                                   const std::function<void(BlockRef)>& visit) {
  const std::string prefix =
      upload_id.empty() ? std::string(kSummaryPrefix) : summary_prefix(upload_id);
  store::Result<void> failure;
  auto scanned = store::scan_prefix(reader, prefix, [&](auto key, auto value) {
    auto summary = store::BlockSummary::decode(value);
    if (!summary) {
      failure = std::unexpected(summary.error());
      return false;
    }
    visit({parse_summary_key(key), std::move(*summary)});
    return true;
  });
  return scanned ? failure : scanned;
}

store::Result<std::vector<store::Block>> read_pieces(const store::Reader& reader,
                                                     const BlockName& name) {
  std::vector<store::Block> pieces;
  store::Result<void> failure;
  const auto add = [&](std::string bytes) {
    auto piece = store::Block::open(std::move(bytes));
    if (piece) pieces.push_back(std::move(*piece));
    if (!piece) failure = std::unexpected(piece.error());
    return failure.has_value();
  };
  auto first = reader.get(block_key(name.upload_id, name.number));
  if (!first) return std::unexpected(first.error());
  if (!*first) return pieces;
  if (!add(std::move(**first))) return std::unexpected(failure.error());
  if (pieces.front().count() >= kTailRecordsMax) return pieces;
  const auto scanned = reader.scan(piece_key(name.upload_id, name.number, 0),
                                   block_key(name.upload_id, name.number + 1),
                                   [&](auto, auto value) { return add(std::string(value)); });
  if (!scanned) return std::unexpected(scanned.error());
  if (!failure) return std::unexpected(failure.error());
  return pieces;
}

store::Result<store::Block> read_block(const store::Reader& reader, const BlockName& name) {
  auto pieces = read_pieces(reader, name);
  if (!pieces) return std::unexpected(pieces.error());
  if (pieces->empty()) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "block is missing"});
  }
  return store::joined_block(std::move(*pieces));
}

store::Result<Mask> read_mask(const store::Reader& reader, const BlockName& name) {
  const auto bytes = reader.get(mask_key(name.upload_id, name.number));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return Mask();
  return Mask::decode(**bytes);
}

store::Result<void> scan_masks(const store::Reader& reader,
                               const std::function<void(BlockName, const Mask&)>& visit) {
  store::Result<void> failure;
  const auto scanned = store::scan_prefix(reader, kMaskPrefix, [&](auto key, auto value) {
    const auto mask = Mask::decode(value);
    if (!mask) {
      failure = std::unexpected(mask.error());
      return false;
    }
    visit(parse_summary_key(key), *mask);
    return true;
  });
  return scanned ? failure : scanned;
}

}  // namespace tideway::dataset
