// Which record supersedes which, for the deduplicator device.deactivate.hash.
//
// When such a set closes, records of the user's other sets with the identity of one of its own stop
// counting (docs/spec/datasets.md 14, ArchiveByHash). So at any time a record is superseded by the
// first set, in the order of closing, that closed after the record began to count, has a record of
// the same identity, and is not deleted. Closing a set only ever adds to this; deleting or
// restoring one works it out anew for the identities of that set, which also is what
// UnarchiveByHash comes to.
#pragma once

#include <cstdint>

#include "dataset/data_set.h"
#include "dataset/edit.h"
#include "dataset/identities.h"
#include "store/store.h"

namespace tideway::dataset {

/// Marks what `closing` supersedes, and gives it its place in the order of closing. The set must
/// have a device id.
store::Result<void> supersede(Edit& edit, DataSet& closing);

/// Works out anew what supersedes the records whose identity one of the records in `range` of
/// `changed` has. Sets that the edit knows to be changed are taken as they are, not as stored.
store::Result<void> supersede_anew(Edit& edit, const DataSet& changed, BlockRange range);

}  // namespace tideway::dataset
