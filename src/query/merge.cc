#include "query/merge.h"

#include <algorithm>
#include <ranges>

namespace tideway::query {
namespace {

constexpr auto kOlder = [](const auto& left, const auto& right) {
  return left->rank(0) < right->rank(0);
};

}  // namespace

Merge::Merge(const Catalogue& catalogue, uint32_t type, const store::IdCipher& cipher,
             std::optional<Rank> after)
    : catalogue_(catalogue), cipher_(cipher), after_(after) {
  for (const CatalogueBlock& entry : catalogue.blocks()) {
    const bool due = !after || entry.span.first_ms <= after->time_ms;
    if (entry.type == type && due) waiting_.push_back(&entry);
  }
  std::ranges::stable_sort(waiting_, {}, [](const auto* entry) { return entry->span.last_ms; });
}

/// Opens every block that may hold a record newer than the newest at hand.
store::Result<void> Merge::open_due() {
  while (!waiting_.empty()) {
    const CatalogueBlock& next = *waiting_.back();
    if (!open_.empty() && open_.front()->rank(0).time_ms > next.span.last_ms) break;
    waiting_.pop_back();
    auto block = OpenBlock::open(catalogue_, next, cipher_, after_);
    if (!block) return std::unexpected(block.error());
    ++opened_count_;
    if ((*block)->at_end()) continue;
    open_.push_back(std::move(*block));
    std::ranges::push_heap(open_, kOlder);
    bound_memory();
  }
  return {};
}

size_t Merge::held_bytes() const {
  size_t held = 0;
  for (const auto& block : open_) held += block->held_bytes();
  return held;
}

void Merge::bound_memory() {
  if (open_.size() == 1 || held_bytes() <= kOpenBytesMax) return;
  for (const auto& block : open_) block->shrink(kOpenBytesMax / 2 / open_.size());
}

/// How many records of the block in front come out before one of another block does.
size_t Merge::run_length() const {
  const OpenBlock& front = *open_.front();
  size_t count = front.count();
  // The first comes out in any case.
  const auto bound = [&](auto is_due) {
    const auto records = std::views::iota(size_t{1}, count);
    count =
        static_cast<size_t>(std::ranges::partition_point(records, is_due) - records.begin()) + 1;
  };
  if (!waiting_.empty()) {
    const int64_t other_ms = waiting_.back()->span.last_ms;
    bound([&](size_t i) { return front.rank(i).time_ms > other_ms; });
  }
  if (open_.size() > 1) {
    // The second of the order is one of the two below the top of the heap.
    Rank other = open_[1]->rank(0);
    if (open_.size() > 2) other = std::max(other, open_[2]->rank(0));
    bound([&](size_t i) { return front.rank(i) > other; });
  }
  return count;
}

store::Result<Run> Merge::run() {
  const auto opened = open_due();
  if (!opened) return std::unexpected(opened.error());
  if (open_.empty()) return Run{};
  return Run{open_.front().get(), run_length()};
}

store::Result<void> Merge::take(size_t count) {
  std::ranges::pop_heap(open_, kOlder);
  const auto taken = open_.back()->take(count);
  if (!taken) return taken;
  if (open_.back()->at_end()) {
    open_.pop_back();
  } else {
    std::ranges::push_heap(open_, kOlder);
  }
  return {};
}

}  // namespace tideway::query
