// What one step changes in the blocks of a user.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dataset/blocks.h"
#include "dataset/data_set.h"
#include "dataset/keys.h"
#include "dataset/mask.h"
#include "store/block.h"
#include "store/store.h"

namespace tideway::dataset {

/// Reads in a transaction do not see its writes, so all parts of a step work on the copies kept
/// here. finish() writes them, and gives back the space of blocks most of whose records are gone.
class Edit {
 public:
  /// Both must outlive it.
  Edit(store::Transaction& transaction, const store::IdCipher& cipher, int64_t now_ms)
      : transaction_(transaction), cipher_(cipher), now_ms_(now_ms) {}

  store::Transaction& transaction() { return transaction_; }
  const store::IdCipher& cipher() const { return cipher_; }
  int64_t now_ms() const { return now_ms_; }

  /// Moves the time of the step on to at least `ms`: clocks are too coarse, and may go back.
  void begin_not_before(int64_t ms) { now_ms_ = std::max(now_ms_, ms); }

  /// The mask of a block, to be looked at and changed; lives as long as the edit.
  store::Result<Mask*> mask(const BlockName& name);

  /// Sets that the step changes in memory, for its parts that look at all sets of the user. What is
  /// passed must live as long as the edit.
  void note_change(const DataSet& set) { changed_sets_.push_back(&set); }
  const std::vector<const DataSet*>& changed_sets() const { return changed_sets_; }

  /// A block as it was before the step, or null when it is gone. Lives until the next call.
  store::Result<store::Block*> block(const BlockName& name);

  /// Writes a block as a whole, whose summary goes beside it, in place of what the step may have
  /// read of it. A slot that its mask calls gone must be blank.
  store::Result<void> put(const BlockName& name, const store::BlockBuilder& builder);

  /// Writes a piece that goes on with a block behind the `before.count` slots it has, or begins
  /// one.
  void put_piece(const BlockName& name, const store::BlockSummary& before,
                 const store::BlockBuilder& piece, store::Coding coding);

  /// Writes a block anew with blanks for what is gone; the builder is to be put, and may be added
  /// to before.
  store::Result<store::BlockBuilder> rebuild(const BlockName& name);

  /// Whether the step took so much out of a block of `count` slots that it is to be rebuilt.
  bool is_rebuild_due(const BlockName& name, uint32_t count) const;

  /// Destroys the records of a block for which `is_gone` says so, whatever their state. Returns
  /// whether there was any.
  using IsGone = std::function<bool(const store::Block& block, uint32_t slot)>;
  store::Result<bool> destroy(const BlockName& name, const IsGone& is_gone);

  /// To be called once, at the end of the step.
  store::Result<void> finish();

 private:
  struct EditedMask {
    Mask mask;
    std::string stored;  ///< as it was; empty when there was none
  };

  store::Result<void> enter_removals(const BlockName& name, const EditedMask& entry);
  store::Result<std::vector<store::Block>> pieces(const BlockName& name);
  store::Result<store::BlockBuilder> extend(const BlockName& name, const Mask& mask);
  void erase_pieces(const BlockName& name);
  store::Result<void> drop(const BlockName& name, Mask& mask);
  store::Result<void> reclaim(const BlockName& name, Mask& mask);

  store::Transaction& transaction_;
  const store::IdCipher& cipher_;
  int64_t now_ms_;
  std::vector<const DataSet*> changed_sets_;
  std::map<BlockName, EditedMask> masks_;
  std::set<BlockName> written_;
  std::map<BlockName, std::optional<store::Block>> blocks_;
  std::map<BlockName, std::vector<uint32_t>> piece_slots_;  ///< of what was read and lies in pieces
};

}  // namespace tideway::dataset
