#include "dataset/edit.h"

#include "dataset/calendar.h"
#include "dataset/removals.h"

namespace tideway::dataset {
namespace {

constexpr size_t kBlocksKept = 16;

/// Once the records that are gone, but still there, are as many as the others, the block is written
/// anew without them. So each is rewritten for at least one that goes, however they go.
bool is_due(const Mask& mask, uint32_t count) {
  const uint32_t gone = mask.gone_count();
  return gone > mask.blank_count() && gone - mask.blank_count() >= count - gone;
}

}  // namespace

store::Result<Mask*> Edit::mask(const BlockName& name) {
  const auto known = masks_.find(name);
  if (known != masks_.end()) return &known->second.mask;
  auto stored = transaction_.get(mask_key(name.upload_id, name.number));
  if (!stored) return std::unexpected(stored.error());
  EditedMask entry;
  if (*stored) {
    auto mask = Mask::decode(**stored);
    if (!mask) return std::unexpected(mask.error());
    entry = {std::move(*mask), std::move(**stored)};
  }
  return &masks_.emplace(name, std::move(entry)).first->second.mask;
}

store::Result<store::Block*> Edit::block(const BlockName& name) {
  const auto known = blocks_.find(name);
  if (known != blocks_.end()) return known->second ? &*known->second : nullptr;
  if (blocks_.size() >= kBlocksKept) blocks_.clear();
  auto pieces = this->pieces(name);
  if (!pieces) return std::unexpected(pieces.error());
  auto& kept = blocks_[name];
  if (pieces->empty()) return nullptr;
  auto block = store::joined_block(std::move(*pieces));
  if (!block) return std::unexpected(block.error());
  kept = std::move(*block);
  return &*kept;
}

/// Notes what put() and drop() have to erase.
store::Result<std::vector<store::Block>> Edit::pieces(const BlockName& name) {
  auto pieces = read_pieces(transaction_, name);
  if (!pieces || pieces->size() < 2) return pieces;
  std::vector<uint32_t>& slots = piece_slots_[name];
  slots.clear();
  for (const store::Block& piece : *pieces) slots.push_back(piece.first_slot());
  slots.erase(slots.begin());
  return pieces;
}

void Edit::erase_pieces(const BlockName& name) {
  const auto known = piece_slots_.find(name);
  if (known == piece_slots_.end()) return;
  for (const uint32_t slot : known->second) {
    transaction_.erase(piece_key(name.upload_id, name.number, slot));
  }
}

store::Result<void> Edit::put(const BlockName& name, const store::BlockBuilder& builder) {
  const auto before = read_summary(transaction_, name);
  if (!before) return std::unexpected(before.error());
  erase_pieces(name);
  transaction_.put(block_key(name.upload_id, name.number), builder.finish());
  put_summary(transaction_, name, *before ? &**before : nullptr, builder.summary());
  written_.insert(name);
  return {};
}

void Edit::put_piece(const BlockName& name, const store::BlockSummary& before,
                     const store::BlockBuilder& piece, store::Coding coding) {
  transaction_.put(before.count == 0 ? block_key(name.upload_id, name.number)
                                     : piece_key(name.upload_id, name.number, before.count),
                   piece.finish(coding));
  store::BlockSummary after = before;
  after.add(piece.summary());
  put_summary(transaction_, name, before.count == 0 ? nullptr : &before, after);
  written_.insert(name);
}

/// From the copy that the step has looked at, if it has one; else there is no need for one.
store::Result<store::BlockBuilder> Edit::extend(const BlockName& name, const Mask& mask) {
  const auto is_gone = [&mask](uint32_t slot) { return mask.is_gone(slot); };
  const auto known = blocks_.find(name);
  if (known != blocks_.end() && known->second) {
    return store::BlockBuilder::extend(*known->second, is_gone);
  }
  auto pieces = this->pieces(name);
  if (!pieces) return std::unexpected(pieces.error());
  if (pieces->empty()) return missing_block();
  return store::BlockBuilder::extend(*pieces, is_gone);
}

store::Result<store::BlockBuilder> Edit::rebuild(const BlockName& name) {
  const auto mask = this->mask(name);
  if (!mask) return std::unexpected(mask.error());
  auto builder = extend(name, **mask);
  if (builder) (*mask)->set_blank_count((*mask)->gone_count());
  return builder;
}

bool Edit::is_rebuild_due(const BlockName& name, uint32_t count) const {
  const auto known = masks_.find(name);
  return known != masks_.end() && is_due(known->second.mask, count);
}

store::Result<bool> Edit::destroy(const BlockName& name, const IsGone& is_gone) {
  const auto block = this->block(name);
  if (!block) return std::unexpected(block.error());
  if (*block == nullptr) return false;
  const auto mask = this->mask(name);
  if (!mask) return std::unexpected(mask.error());
  bool any = false;
  for (uint32_t slot = 0; slot < (*block)->count(); ++slot) {
    if ((*mask)->is_gone(slot) || !is_gone(**block, slot)) continue;
    (*mask)->destroy(slot, now_ms_);
    any = true;
  }
  return any;
}

/// Takes down which records the step destroys, while they can still be told.
store::Result<void> Edit::enter_removals(const BlockName& name, const EditedMask& entry) {
  Mask before;
  if (!entry.stored.empty()) {
    auto decoded = Mask::decode(entry.stored);
    if (!decoded) return std::unexpected(decoded.error());
    before = std::move(*decoded);
  }
  if (before.is_dropped() || entry.mask.gone_count() == before.gone_count()) return {};
  const auto found = this->block(name);
  if (!found) return std::unexpected(found.error());
  if (*found == nullptr) return {};
  const store::Block& block = **found;
  std::vector<Removal> removals;
  for (uint32_t slot = 0; slot < block.count(); ++slot) {
    if (!entry.mask.is_gone(slot) || before.hides(slot)) continue;
    const std::string_view id = block.id(slot);
    removals.push_back(
        {.id = id.empty() ? to_hex(cipher_.derive(block.nonce(), slot)) : std::string(id),
         .type = std::string(block.type(slot)),
         .time_ms = block.time_ms(slot)});
  }
  return put_removals(transaction_, name, now_ms_, removals);
}

store::Result<void> Edit::drop(const BlockName& name, Mask& mask) {
  const auto summary = read_summary(transaction_, name);
  if (!summary) return std::unexpected(summary.error());
  if (!*summary) return missing_block();
  erase_pieces(name);
  transaction_.erase(block_key(name.upload_id, name.number));
  erase_summary(transaction_, name, **summary);
  mask.drop();
  return {};
}

/// Gives back the space of a block most of whose records are gone.
store::Result<void> Edit::reclaim(const BlockName& name, Mask& mask) {
  const uint32_t gone = mask.gone_count();
  if (mask.is_dropped() || gone == mask.blank_count() || written_.contains(name)) return {};
  const auto block = this->block(name);
  if (!block) return std::unexpected(block.error());
  if (*block == nullptr) return {};
  const auto count = static_cast<uint32_t>((*block)->count());
  if (gone == count) return drop(name, mask);
  if (!is_due(mask, count)) return {};
  const auto builder = rebuild(name);
  if (!builder) return std::unexpected(builder.error());
  return put(name, *builder);
}

store::Result<void> Edit::finish() {
  for (auto& [name, entry] : masks_) {
    const auto entered = enter_removals(name, entry);
    if (!entered) return entered;
    const auto reclaimed = reclaim(name, entry.mask);
    if (!reclaimed) return reclaimed;
    const std::string encoded = entry.mask.empty() ? std::string() : entry.mask.encode();
    if (encoded == entry.stored) continue;
    const std::string key = mask_key(name.upload_id, name.number);
    if (encoded.empty()) {
      transaction_.erase(key);
    } else {
      transaction_.put(key, encoded);
    }
  }
  return {};
}

}  // namespace tideway::dataset
