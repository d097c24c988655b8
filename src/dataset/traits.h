// What rules ask of all sets of a user at once, marked beside the sets so that nobody has to read
// all of them to answer.
#pragma once

#include <functional>

#include "dataset/blocks.h"
#include "dataset/data_set.h"
#include "store/store.h"

namespace tideway::dataset {

/// A set may lose one without losing its mark: who looks sets up asks them.
enum class Trait : char {
  kMedtronic = 'm',         ///< is_of_medtronic()
  kLoopable = 'l',          ///< is_of_loopable_pump()
  kContinuousByHash = 'c',  ///< is_continuous_by_hash()
};

bool is_of_medtronic(const DataSet& set);
/// Whether it was read from a pump that the Loop app can work with.
bool is_of_loopable_pump(const DataSet& set);
/// Whether it is a continuous set of the deduplicator device.deactivate.hash.
bool is_continuous_by_hash(const DataSet& set);

/// To be called for each set that is new or was updated.
void mark_set(store::Transaction& transaction, const DataSet& set);
void unmark_set(store::Transaction& transaction, const DataSet& set);

/// Visits the sets with the mark of a trait. False ends the scan.
store::Result<void> scan_sets_with(const store::Reader& reader, Trait trait,
                                   const std::function<bool(const DataSet&)>& visit);

/// The same for blocks with a record that has kFlagMedtronicOrigin; `before` is what was stored of
/// the block, or null.
void mark_block(store::Transaction& transaction, const BlockName& name,
                const store::BlockSummary* before, const store::BlockSummary& after);
void unmark_block(store::Transaction& transaction, const BlockName& name,
                  const store::BlockSummary& before);
store::Result<void> scan_blocks_of_medtronic(const store::Reader& reader,
                                             const std::function<bool(const BlockName&)>& visit);

}  // namespace tideway::dataset
