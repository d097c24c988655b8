#include "query/walk.h"

#include <algorithm>
#include <array>
#include <functional>

namespace tideway::query {
namespace {

constexpr std::string_view kUpload = "upload";

/// What `latest` gives of each, when no type is asked for.
constexpr std::array<std::string_view, 14> kLatestTypes = {
    "physicalActivity", "basal",       "cbg",  "smbg",    "bloodKetone", "bolus",
    "wizard",           "deviceEvent", "food", "insulin", "cgmSettings", "pumpSettings",
    "reportedState",    "upload"};

Rank rank_of(const CatalogueSet& set) {
  return {.time_ms = set.time_ms,
          .created_ms = set.created_ms,
          .created_order = set.created_order,
          .number = 0,
          .slot = 0};
}

bool wants_sets(const Filter& filter) {
  return filter.types.empty() || std::ranges::count(filter.types, kUpload) > 0;
}

}  // namespace

Walk::Walk(const Catalogue& catalogue, const store::IdCipher& cipher)
    : catalogue_(catalogue), cipher_(cipher) {
  plan();
  plan_sets();
}

void Walk::plan() {
  const Filter& filter = catalogue_.filter();
  if (filter.latest) {
    types_ = filter.types;
    if (types_.empty()) types_.assign(kLatestTypes.begin(), kLatestTypes.end());
    return;
  }
  types_ = catalogue_.types();
  std::ranges::sort(types_);
  if (filter.after) {
    // All types but sets come before sets.
    std::erase_if(types_, [&](const std::string& type) {
      return filter.after->type == kUpload || type < filter.after->type;
    });
  }
  if (wants_sets(filter)) types_.emplace_back(kUpload);
}

void Walk::plan_sets() {
  const Filter& filter = catalogue_.filter();
  const bool begins_in_sets = filter.after && filter.after->type == kUpload;
  for (const CatalogueSet& set : catalogue_.sets()) {
    const bool is_due = !begins_in_sets || rank_of(set) < filter.after->rank;
    if (set.is_shown && is_due) sets_.push_back(&set);
  }
  std::ranges::sort(sets_, std::greater(), [](const auto* set) { return rank_of(*set); });
}

/// Gets at the records of the present type.
void Walk::start_type() {
  const std::string& type = types_[type_];
  const auto found = std::ranges::find(catalogue_.types(), type);
  const auto& after = catalogue_.filter().after;
  std::optional<Rank> begin;
  if (after && after->type == type) begin = after->rank;
  merge_ = std::make_unique<Merge>(
      catalogue_, static_cast<uint32_t>(found - catalogue_.types().begin()), cipher_, begin);
}

void Walk::end_type() {
  if (merge_ != nullptr) opened_before_ += merge_->opened_count();
  merge_.reset();
  set_ = 0;
  ++type_;
}

store::Result<Walk::Piece> Walk::piece() {
  for (; type_ < types_.size(); end_type()) {
    if (types_[type_] == kUpload) {
      if (set_ == sets_.size()) continue;
      return piece_ = {.block = nullptr, .set = sets_[set_], .count = 1};
    }
    if (merge_ == nullptr) start_type();
    const auto run = merge_->run();
    if (!run) return std::unexpected(run.error());
    if (run->count == 0) continue;
    const size_t count = catalogue_.filter().latest ? 1 : run->count;
    return piece_ = {.block = run->block, .set = nullptr, .count = count};
  }
  return piece_ = {};
}

store::Result<void> Walk::take(size_t count) {
  if (catalogue_.filter().latest) {
    end_type();
    return {};
  }
  if (piece_.block != nullptr) return merge_->take(count);
  ++set_;
  return {};
}

Position Walk::position(size_t i) const {
  const Rank rank = piece_.block != nullptr ? piece_.block->rank(i) : rank_of(*piece_.set);
  return {.type = types_[type_], .rank = rank};
}

uint32_t Walk::opened_count() const {
  return opened_before_ + (merge_ == nullptr ? 0 : merge_->opened_count());
}

}  // namespace tideway::query
