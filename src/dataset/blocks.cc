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

store::Result<std::optional<StoredBlock>> find_block(const store::Reader& reader,
                                                     const BlockName& name) {
  auto bytes = reader.get(block_key(name.upload_id, name.number));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto first = store::Block::open(std::move(**bytes));
  if (!first) return std::unexpected(first.error());
  StoredBlock stored{std::move(*first), {}};
  if (stored.block.count() >= kTailRecordsMax) return stored;
  std::vector<store::Block> pieces;
  store::Result<void> failure;
  const auto scanned =
      reader.scan(piece_key(name.upload_id, name.number, 0),
                  block_key(name.upload_id, name.number + 1), [&](auto, auto value) {
                    auto piece = store::Block::open(std::string(value));
                    if (!piece) {
                      failure = std::unexpected(piece.error());
                      return false;
                    }
                    pieces.push_back(std::move(*piece));
                    return true;
                  });
  if (!scanned) return std::unexpected(scanned.error());
  if (!failure) return std::unexpected(failure.error());
  for (const store::Block& piece : pieces) stored.piece_slots.push_back(piece.first_slot());
  pieces.insert(pieces.begin(), std::move(stored.block));
  auto joined = store::joined_block(std::move(pieces));
  if (!joined) return std::unexpected(joined.error());
  stored.block = std::move(*joined);
  return stored;
}

store::Result<store::Block> read_block(const store::Reader& reader, const BlockName& name) {
  auto found = find_block(reader, name);
  if (!found) return std::unexpected(found.error());
  if (!*found) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "block is missing"});
  }
  return std::move((*found)->block);
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
