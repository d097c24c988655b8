// What a user has, at one instant: the visible data sets and their blocks, by their summaries. For
// some days of a long time only what the calendar (dataset/calendar.h) knows of them is read.
//
// Kept small, since it is held as long as the answer streams: some hundred bytes a set and some
// forty a block.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/blocks.h"
#include "dataset/data_set.h"
#include "dataset/traits.h"
#include "query/filter.h"
#include "query/source_rules.h"
#include "store/store.h"

namespace tideway::query {

/// A visible data set.
struct CatalogueSet {
  std::string upload_id;
  std::string identity_set_id;  ///< see dataset::IdentityKey
  int64_t time_ms = 0;
  int64_t created_ms = 0;
  uint64_t created_order = 0;
  uint32_t block_first = 0;
  uint32_t trash_first = 0;  ///< the blocks from here up to block_first became invisible lately
  bool is_new = false;       ///< whether all of its records became visible lately
  bool is_normal = false;
  bool is_loopable = false;
  bool is_shown = false;  ///< whether the set itself passes the filter
};

/// The records of one type in one block, some of which may pass the filter.
struct CatalogueBlock {
  uint32_t set = 0;   ///< in sets()
  uint32_t type = 0;  ///< in types()
  uint32_t number = 0;
  /// Between them lie the records that may pass, inclusive.
  TimeRange span;
};

/// A block some records of which may have become invisible since Filter::modified_since_ms.
struct RemovedBlock {
  uint32_t set = 0;  ///< in sets()
  uint32_t number = 0;
  bool is_trash = false;  ///< all of its records did

  auto operator<=>(const RemovedBlock&) const = default;
};

/// Reads only summaries, but where the loopable rule needs to know what the Loop app brought.
/// Everything in it belongs to the same snapshot.
class Catalogue {
 public:
  /// `cloud_sources` may be empty: then there are none. `opened`, if not null, must outlive it.
  static store::Result<Catalogue> read(std::unique_ptr<store::Reader> snapshot, Filter filter,
                                       const ReadCloudSources& cloud_sources = {},
                                       store::OpenedBlocks* opened = nullptr);

  const store::Reader& reader() const { return *snapshot_; }
  store::OpenedBlocks* opened() const { return opened_; }
  const Filter& filter() const { return filter_; }
  /// Of the user; empty when there is no set.
  const std::string& user_id() const { return user_id_; }
  const SourceRules& rules() const { return rules_; }
  /// Ascending by upload id; at least those of the blocks and those that are shown.
  const std::vector<CatalogueSet>& sets() const { return sets_; }
  const std::vector<CatalogueBlock>& blocks() const { return blocks_; }
  const std::vector<RemovedBlock>& removed() const { return removed_; }
  /// Blocks that were left out by what their summaries say.
  uint32_t skipped_count() const { return skipped_count_; }

  /// What it holds in memory, roughly.
  size_t held_bytes() const {
    return sets_.capacity() * sizeof(CatalogueSet) + blocks_.capacity() * sizeof(CatalogueBlock) +
           removed_.capacity() * sizeof(RemovedBlock);
  }

  /// The names of the record types in the blocks, in no order.
  const std::vector<std::string>& types() const { return types_; }
  const CatalogueSet& set_of(const CatalogueBlock& block) const { return sets_[block.set]; }

 private:
  using IsOne = bool (*)(const dataset::DataSet& set);

  store::Result<void> read_rules(const ReadCloudSources& cloud_sources);
  store::Result<bool> has_set(dataset::Trait trait, IsOne is_one) const;
  store::Result<bool> hides_loopable() const;
  store::Result<bool> has_loop_data() const;
  store::Result<bool> has_loop_data(const dataset::BlockName& name) const;
  bool is_of_some_days() const;
  store::Result<void> read_sets();
  store::Result<void> read_all_sets();
  void add_set(const dataset::DataSet& set);
  store::Result<void> read_blocks();
  void consider_block(const dataset::BlockRef& block);
  bool add_block(uint32_t set, const dataset::BlockRef& block);
  store::Result<void> read_masks();
  void add_trash(const dataset::BlockName& name);
  bool may_be_new(uint32_t set, const dataset::BlockRef& block) const;
  const CatalogueSet* find_set_of(std::string_view upload_id) const;
  const CatalogueSet* find_set(const dataset::BlockName& name) const;
  uint32_t type_index(std::string_view type);

  std::unique_ptr<store::Reader> snapshot_;
  store::OpenedBlocks* opened_ = nullptr;  ///< null: none are kept
  Filter filter_;
  std::string user_id_;
  SourceRules rules_;
  std::vector<CatalogueSet> sets_;
  std::optional<std::vector<dataset::BlockRef>> found_blocks_;  ///< until they are considered
  std::vector<CatalogueBlock> blocks_;
  std::vector<std::string> types_;
  std::vector<RemovedBlock> removed_;  ///< first those whose masks changed, ascending
  size_t masked_count_ = 0;            ///< so many of them
  uint32_t skipped_count_ = 0;
};

}  // namespace tideway::query
