#include "query/merge.h"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>

namespace tideway::query {

struct Merge::Candidate {
  const CatalogueBlock* entry;
  int64_t time_last_ms;
};

/// An opened block and the slots of it that are asked for, newest first.
class Merge::Cursor {
 public:
  static store::Result<std::unique_ptr<Cursor>> open(const Merge& merge,
                                                     const CatalogueBlock& entry) {
    auto block = dataset::read_block(merge.catalogue_.reader(), entry.block.name);
    if (!block) return std::unexpected(block.error());
    auto mask = dataset::read_mask(merge.catalogue_.reader(), entry.block.name);
    if (!mask) return std::unexpected(mask.error());
    return std::unique_ptr<Cursor>(new Cursor(merge, entry, std::move(*block), std::move(*mask)));
  }

  bool at_end() const { return at_ == slots_.size(); }
  void advance() { ++at_; }

  /// Greater comes out first; of equal times the one that was stored last.
  auto rank() const {
    return std::tuple(block_.time_ms(slots_[at_]), entry_.set->created_ms, entry_.block.name.number,
                      slots_[at_]);
  }

  store::Result<Found> found(const store::IdCipher& cipher) {
    auto record = block_.record(slots_[at_]);
    if (!record) return std::unexpected(record.error());
    std::string id = record->id.empty() ? derived_id(cipher) : std::string(record->id);
    // A record of a normal set was changed once, when its set was closed.
    const uint32_t closed = entry_.set->type == dataset::DataSet::Type::kNormal ? 1 : 0;
    return Found{std::move(*record), std::move(id), closed + mask_.changes(slots_[at_]),
                 entry_.set};
  }

 private:
  Cursor(const Merge& merge, const CatalogueBlock& entry, store::Block block, dataset::Mask mask)
      : entry_(entry), block_(std::move(block)), mask_(std::move(mask)) {
    const Filter& filter = merge.filter_;
    const auto is_wanted = [&](uint32_t slot) {
      return block_.type(slot) == merge.type_ && block_.time_ms(slot) >= filter.start_ms &&
             block_.time_ms(slot) <= filter.end_ms &&
             (filter.device_id.empty() || block_.device_id(slot) == filter.device_id) &&
             (filter.sub_types.empty() ||
              std::ranges::count(filter.sub_types, block_.sub_type(slot)) > 0) &&
             !mask_.hides(slot);
    };
    for (uint32_t slot = 0; slot < block_.count(); ++slot) {
      if (is_wanted(slot)) slots_.push_back(slot);
    }
    std::ranges::sort(slots_, std::greater(),
                      [&](uint32_t slot) { return std::pair(block_.time_ms(slot), slot); });
  }

  /// Ids are derived for a run of neighbouring slots at once, which costs little more than one.
  std::string derived_id(const store::IdCipher& cipher) {
    const uint32_t slot = slots_[at_];
    if (slot < ids_first_ || slot >= ids_first_ + ids_count_) {
      ids_first_ = slot / kIdRun * kIdRun;
      ids_count_ = static_cast<uint32_t>(kIdRun);
      cipher.derive(block_.nonce(), ids_first_, ids_);
    }
    return to_hex(ids_[slot - ids_first_]);
  }

  static constexpr size_t kIdRun = 64;

  const CatalogueBlock& entry_;
  store::Block block_;
  dataset::Mask mask_;
  std::vector<uint32_t> slots_;
  size_t at_ = 0;
  std::array<Bytes16, kIdRun> ids_{};
  uint32_t ids_first_ = 0;
  uint32_t ids_count_ = 0;
};

namespace {

constexpr auto kOlder = [](const auto& left, const auto& right) {
  return left->rank() < right->rank();
};

}  // namespace

Merge::Merge(const Catalogue& catalogue, const Filter& filter, std::string_view type,
             const store::IdCipher& cipher)
    : catalogue_(catalogue), filter_(filter), type_(type), cipher_(cipher) {
  for (const CatalogueBlock& entry : catalogue.blocks()) {
    const auto* const range = find_range(entry.block.summary, type, filter);
    if (range != nullptr) waiting_.push_back({&entry, range->time_last_ms});
  }
  std::ranges::stable_sort(waiting_, {}, &Candidate::time_last_ms);
}

Merge::~Merge() = default;

/// Opens every block that may hold a record newer than the newest at hand.
store::Result<void> Merge::open_due() {
  while (!waiting_.empty()) {
    const Candidate next = waiting_.back();
    if (!open_.empty() && std::get<0>(open_.front()->rank()) > next.time_last_ms) break;
    waiting_.pop_back();
    auto cursor = Cursor::open(*this, *next.entry);
    if (!cursor) return std::unexpected(cursor.error());
    if ((*cursor)->at_end()) continue;
    open_.push_back(std::move(*cursor));
    std::ranges::push_heap(open_, kOlder);
  }
  return {};
}

store::Result<std::optional<Found>> Merge::next() {
  if (current_ != nullptr) {
    current_->advance();
    if (!current_->at_end()) {
      open_.push_back(std::move(current_));
      std::ranges::push_heap(open_, kOlder);
    }
    current_.reset();
  }
  const auto opened = open_due();
  if (!opened) return std::unexpected(opened.error());
  if (open_.empty()) return std::nullopt;
  std::ranges::pop_heap(open_, kOlder);
  current_ = std::move(open_.back());
  open_.pop_back();
  auto found = current_->found(cipher_);
  if (!found) return std::unexpected(found.error());
  return std::move(*found);
}

}  // namespace tideway::query
