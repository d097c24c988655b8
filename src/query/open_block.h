// The records of one type in one block that pass the filter, newest first.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataset/mask.h"
#include "query/catalogue.h"
#include "query/rank.h"
#include "query/record_test.h"
#include "record/identity.h"
#include "store/opened_blocks.h"

namespace tideway::query {

/// Either holds the whole block, or, after shrink(), only the next few records as text. It goes
/// back to the block by itself when those are used up.
class OpenBlock {
 public:
  /// Opens the block; with `after` only the records that come behind that place. The catalogue and
  /// the cipher must outlive it.
  static store::Result<std::unique_ptr<OpenBlock>> open(const Catalogue& catalogue,
                                                        const CatalogueBlock& entry,
                                                        const store::IdCipher& cipher,
                                                        const std::optional<Rank>& after);

  /// Whether all records have been taken.
  bool at_end() const { return at_ == found_.size() && !has_more_; }
  /// The records at hand, from the next one on. Not zero unless at_end().
  size_t count() const { return found_.size() - at_; }
  /// Of the i-th of them.
  Rank rank(size_t i) const;

  /// To be called before append(); `count` records will be asked for.
  void prepare(size_t count);
  /// Appends the i-th record at hand as JSON.
  void append(std::string& out, size_t i);
  /// Goes on behind the first `count` records.
  store::Result<void> take(size_t count);

  /// What it holds in memory, roughly.
  size_t held_bytes() const;
  /// Gives the block back and keeps so much of text, but one record at least.
  void shrink(size_t keep_bytes);

 private:
  struct Found {
    int64_t time_ms;
    uint32_t slot;
  };

  OpenBlock(const Catalogue& catalogue, const CatalogueBlock& entry, const store::IdCipher& cipher)
      : catalogue_(catalogue), entry_(entry), cipher_(cipher), test_(catalogue, entry) {}

  store::Result<void> load(const std::optional<Rank>& after);
  void find(const std::optional<Rank>& after);
  Rank rank_of(const Found& found) const;
  std::string_view id_of(uint32_t slot);
  const record::IdentityHash* hash_of(size_t at);
  void shrink_text();
  void append_record(std::string& out, size_t at);

  const Catalogue& catalogue_;
  const CatalogueBlock& entry_;
  const store::IdCipher& cipher_;
  RecordTest test_;
  std::vector<Found> found_;  ///< newest first
  size_t at_ = 0;
  size_t asked_end_ = 0;   ///< in found_, of those that will be asked for
  bool has_more_ = false;  ///< behind the last of found_ follow others, not at hand
  size_t keep_bytes_ = 0;  ///< not zero once it was told to shrink
  store::SharedBlock block_;
  dataset::Mask mask_;
  std::vector<Bytes16> ids_;  ///< by slot, when they are derived all at once
  std::array<char, 32> id_text_{};
  std::vector<record::IdentityHash> hashes_;  ///< of some of found_
  size_t hashes_begin_ = 0;                   ///< in found_
  std::string text_;                          ///< of the records at hand, after shrink()
  std::vector<size_t> text_ends_;
};

}  // namespace tideway::query
