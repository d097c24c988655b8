// What a deduplicator does at each step of a set's life (docs/spec/datasets.md 15.2). One file each
// beside this one; effects.cc has what most of them do.
#pragma once

#include <optional>
#include <string_view>

#include "dataset/append.h"
#include "dataset/data_set.h"
#include "dataset/edit.h"
#include "dataset/selection.h"
#include "dataset/step.h"
#include "record/batch.h"

namespace tideway::dataset {

/// Without state, so that one object serves all sets and threads. A set that is passed for change
/// is put by the caller.
class Effects {
 public:
  virtual ~Effects() = default;

  /// The text that, with the user's id, tells records of equal identity apart (15.3), for a record
  /// of that device; nothing when records are not compared by identity.
  virtual std::optional<std::string_view> identity_key(const DataSet& set,
                                                       std::string_view device_id) const;

  /// What a batch must have been read with.
  virtual record::ReadOptions read_options() const;

  virtual store::Result<void> add(Edit& edit, DataSet& set, const Records& records) const;
  /// A chunk that the set took already is sent again. Does nothing, unless the set may have changed
  /// since in a way that the chunk undoes.
  virtual store::Result<void> add_again(Edit& edit, DataSet& set, const Records& records) const;
  virtual store::Result<void> remove(Edit& edit, DataSet& set, const Selection& selection) const;

  /// Before the set's own records count.
  virtual Step<void> close(Edit& edit, DataSet& set) const;
  /// The records of the set went to the trash, or came back: what depends on them follows. When
  /// they came back, those of the blocks from `added_first` on are newer than their deletion.
  virtual Step<void> follow_deletion(Edit& edit, const DataSet& set) const;
  virtual Step<void> follow_restoration(Edit& edit, DataSet& set, uint32_t added_first) const;
};

const Effects& effects_of(Deduplicator deduplicator);

/// One of each, defined in the file of its name.
const Effects& none();
const Effects& device_deactivate_hash();
const Effects& device_truncate_data_set();
const Effects& data_set_delete_origin();
const Effects& data_set_delete_origin_older();
const Effects& data_set_drop_hash();

}  // namespace tideway::dataset
