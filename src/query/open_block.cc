#include "query/open_block.h"

#include <algorithm>
#include <array>
#include <functional>

#include "dataset/blocks.h"
#include "dataset/identity_hashes.h"
#include "query/record_text.h"

namespace tideway::query {
namespace {

/// Beyond this it costs less to derive the ids of the whole block at once.
constexpr size_t kSingleIdsMax = 8;

/// Identity hashes that are worked out at once.
constexpr size_t kHashesAtOnce = 128;

}  // namespace

store::Result<std::unique_ptr<OpenBlock>> OpenBlock::open(const Catalogue& catalogue,
                                                          const CatalogueBlock& entry,
                                                          const store::IdCipher& cipher,
                                                          const std::optional<Rank>& after) {
  auto block = std::unique_ptr<OpenBlock>(new OpenBlock(catalogue, entry, cipher));
  const auto loaded = block->load(after);
  if (!loaded) return std::unexpected(loaded.error());
  return block;
}

store::Result<void> OpenBlock::load(const std::optional<Rank>& after) {
  const dataset::BlockName name{catalogue_.set_of(entry_).upload_id, entry_.number};
  auto block = dataset::read_block(catalogue_.reader(), name, catalogue_.opened());
  if (!block) return std::unexpected(block.error());
  auto mask = dataset::read_mask(catalogue_.reader(), name);
  if (!mask) return std::unexpected(mask.error());
  block_ = std::move(*block);
  mask_ = std::move(*mask);
  ids_.clear();
  hashes_.clear();
  find(after);
  if (keep_bytes_ > 0) shrink(keep_bytes_);
  return {};
}

void OpenBlock::find(const std::optional<Rank>& after) {
  found_.clear();
  at_ = 0;
  has_more_ = false;
  // From behind, which is the order of the answer for a block that was filled in order of time.
  for (auto slot = static_cast<uint32_t>(block_->count()); slot-- > 0;) {
    if (mask_.hides(slot) || !test_.passes_columns(*block_, slot) ||
        !test_.is_new(*block_, mask_, slot)) {
      continue;
    }
    if (test_.needs_text() && !test_.passes_text(block_->text(slot))) continue;
    const Found found{block_->time_ms(slot), slot};
    if (!after || rank_of(found) < *after) found_.push_back(found);
  }
  const auto key = [](const Found& found) { return std::pair(found.time_ms, found.slot); };
  if (!std::ranges::is_sorted(found_, std::greater(), key)) {
    std::ranges::sort(found_, std::greater(), key);
  }
}

Rank OpenBlock::rank_of(const Found& found) const {
  const CatalogueSet& set = catalogue_.set_of(entry_);
  return {.time_ms = found.time_ms,
          .created_ms = set.created_ms,
          .created_order = set.created_order,
          .number = entry_.number,
          .slot = found.slot};
}

Rank OpenBlock::rank(size_t i) const { return rank_of(found_[at_ + i]); }

void OpenBlock::prepare(size_t count) {
  asked_end_ = at_ + count;
  if (!block_ || count <= kSingleIdsMax || !ids_.empty()) return;
  ids_.resize(block_->count());
  cipher_.derive(block_->nonce(), 0, ids_);
}

std::string_view OpenBlock::id_of(uint32_t slot) {
  const std::string_view id = block_->id(slot);
  if (!id.empty()) return id;
  write_hex(id_text_.data(), ids_.empty() ? cipher_.derive(block_->nonce(), slot) : ids_[slot]);
  return {id_text_.data(), id_text_.size()};
}

/// Null for a record without.
const record::IdentityHash* OpenBlock::hash_of(size_t at) {
  if (block_->identity(found_[at].slot) == nullptr) return nullptr;
  if (at < hashes_begin_ || at >= hashes_begin_ + hashes_.size()) {
    std::vector<uint32_t> slots;
    for (size_t i = at; i < asked_end_ && slots.size() < kHashesAtOnce; ++i) {
      slots.push_back(found_[i].slot);
    }
    const dataset::IdentityKey key{.user_id = catalogue_.user_id(),
                                   .set_id = catalogue_.set_of(entry_).identity_set_id};
    hashes_ = dataset::identity_hashes(key, *block_, slots);
    hashes_begin_ = at;
  }
  return &hashes_[at - hashes_begin_];
}

void OpenBlock::append_record(std::string& out, size_t at) {
  const uint32_t slot = found_[at].slot;
  const CatalogueSet& set = catalogue_.set_of(entry_);
  // A record of a normal set was changed once, when its set was closed.
  const uint32_t revision = (set.is_normal ? 1 : 0) + mask_.changes(slot);
  query::append_record(out, block_->text(slot),
                       {.id = id_of(slot),
                        .revision = revision,
                        .upload_id = set.upload_id,
                        .identity = hash_of(at)});
}

void OpenBlock::append(std::string& out, size_t i) {
  if (block_) return append_record(out, at_ + i);
  const size_t begin = at_ + i == 0 ? 0 : text_ends_[at_ + i - 1];
  out.append(text_, begin, text_ends_[at_ + i] - begin);
}

store::Result<void> OpenBlock::take(size_t count) {
  at_ += count;
  if (at_ < found_.size() || !has_more_) return {};
  return load(rank_of(found_.back()));
}

size_t OpenBlock::held_bytes() const {
  size_t held = sizeof *this + found_.capacity() * sizeof(Found) + text_.capacity() +
                text_ends_.capacity() * sizeof(size_t) + ids_.capacity() * sizeof(Bytes16) +
                hashes_.capacity() * sizeof(record::IdentityHash);
  if (block_) held += block_->held_bytes();
  return held;
}

void OpenBlock::shrink(size_t keep_bytes) {
  keep_bytes_ = keep_bytes;
  if (at_end()) return;
  if (!block_) return shrink_text();
  prepare(count());
  std::string text;
  std::vector<size_t> ends;
  while (ends.size() < count() && (ends.empty() || text.size() < keep_bytes)) {
    append_record(text, at_ + ends.size());
    ends.push_back(text.size());
  }
  text.shrink_to_fit();
  has_more_ = has_more_ || ends.size() < count();
  found_ = std::vector<Found>(found_.begin() + static_cast<ptrdiff_t>(at_),
                              found_.begin() + static_cast<ptrdiff_t>(at_ + ends.size()));
  at_ = 0;
  text_ = std::move(text);
  text_ends_ = std::move(ends);
  block_.reset();
  mask_ = {};
  ids_ = {};
  hashes_ = {};
}

/// The same when only texts are at hand.
void OpenBlock::shrink_text() {
  const size_t begin = at_ == 0 ? 0 : text_ends_[at_ - 1];
  size_t end = at_ + 1;
  while (end < found_.size() && text_ends_[end - 1] - begin < keep_bytes_) ++end;
  if (end == found_.size()) return;
  has_more_ = true;
  found_.resize(end);
  text_ends_.resize(end);
  text_.resize(text_ends_.back());
  text_.shrink_to_fit();
}

}  // namespace tideway::query
