#include "dataset/blocks.h"

#include <utility>

namespace tideway::dataset {

store::Result<std::optional<store::BlockSummary>> read_summary(const store::Reader& reader,
                                                               const BlockName& name) {
  const auto bytes = reader.get(summary_key(name.upload_id, name.number));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto summary = store::BlockSummary::decode(**bytes);
  if (!summary) return std::unexpected(summary.error());
  return std::move(*summary);
}

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

namespace {

/// The pieces of a block whose first one has these bytes.
store::Result<std::vector<store::Block>> pieces_from(const store::Reader& reader,
                                                     const BlockName& name, std::string first) {
  std::vector<store::Block> pieces;
  store::Result<void> failure;
  const auto add = [&](std::string bytes) {
    auto piece = store::Block::open(std::move(bytes));
    if (piece) pieces.push_back(std::move(*piece));
    if (!piece) failure = std::unexpected(piece.error());
    return failure.has_value();
  };
  if (!add(std::move(first))) return std::unexpected(failure.error());
  if (pieces.front().count() >= kTailRecordsMax) return pieces;
  const auto scanned = reader.scan(piece_key(name.upload_id, name.number, 0),
                                   block_key(name.upload_id, name.number + 1),
                                   [&](auto, auto value) { return add(std::string(value)); });
  if (!scanned) return std::unexpected(scanned.error());
  if (!failure) return std::unexpected(failure.error());
  return pieces;
}

}  // namespace

store::Result<std::vector<store::Block>> read_pieces(const store::Reader& reader,
                                                     const BlockName& name) {
  auto first = reader.get(block_key(name.upload_id, name.number));
  if (!first) return std::unexpected(first.error());
  if (!*first) return std::vector<store::Block>();
  return pieces_from(reader, name, std::move(**first));
}

std::unexpected<store::Error> missing_block() {
  return std::unexpected(store::Error{store::Error::Kind::kCorruption, "block is missing"});
}

store::Result<store::Block> read_block(const store::Reader& reader, const BlockName& name) {
  auto pieces = read_pieces(reader, name);
  if (!pieces) return std::unexpected(pieces.error());
  if (pieces->empty()) return missing_block();
  return store::joined_block(std::move(*pieces));
}

store::Result<store::SharedBlock> read_block(const store::Reader& reader, const BlockName& name,
                                             store::OpenedBlocks* opened) {
  auto first = reader.get(block_key(name.upload_id, name.number));
  if (!first) return std::unexpected(first.error());
  if (!*first) return missing_block();
  if (auto known = opened == nullptr ? nullptr : opened->find(**first)) return known;
  auto pieces = pieces_from(reader, name, std::move(**first));
  if (!pieces) return std::unexpected(pieces.error());
  // Others may yet get further pieces.
  const bool is_whole = pieces->front().count() >= kTailRecordsMax;
  auto block = store::joined_block(std::move(*pieces));
  if (!block) return std::unexpected(block.error());
  if (auto loaded = block->load_text(); !loaded) return std::unexpected(loaded.error());
  auto shared = std::make_shared<const store::Block>(std::move(*block));
  if (is_whole && opened != nullptr) opened->add(shared);
  return shared;
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
