// Which blocks and sets have to do with a time, so that who asks for some days, or closes a set of
// some days, need not read the summaries of years.
//
// Time is cut into months, here of 2^31 milliseconds (some 25 days). A block has an entry for each
// month that its summary touches; one that touches very many has a single entry that is found
// whatever is looked for.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dataset/blocks.h"
#include "dataset/data_set.h"
#include "store/store.h"

namespace tideway::dataset {

/// Writes the summary of a block, and its entries. `before` is what was stored of it, or null.
void put_summary(store::Transaction& transaction, const BlockName& name,
                 const store::BlockSummary* before, const store::BlockSummary& after);

/// Erases what put_summary() wrote.
void erase_summary(store::Transaction& transaction, const BlockName& name,
                   const store::BlockSummary& before);

/// To be called for each set that is new or whose own time may have changed. The entry for an
/// earlier time may stay: who looks a set up compares the time.
void put_in_calendar(store::Transaction& transaction, const DataSet& set);
void erase_from_calendar(store::Transaction& transaction, const DataSet& set);

/// The blocks of all sets that can hold a record from `first_ms` to `last_ms`, and others;
/// ascending by set and number. Nothing when there are so many that scan_summaries() is cheaper.
store::Result<std::optional<std::vector<BlockRef>>> find_blocks(const store::Reader& reader,
                                                                int64_t first_ms, int64_t last_ms);

/// The same for those who take what there is: visits what find_blocks() gives, or all.
store::Result<void> scan_summaries_between(const store::Reader& reader, int64_t first_ms,
                                           int64_t last_ms,
                                           const std::function<void(BlockRef)>& visit);

/// The upload ids of the sets whose own time can lie between, and of others, in no order. Nothing
/// when there are very many.
store::Result<std::optional<std::vector<std::string>>> find_sets(const store::Reader& reader,
                                                                 int64_t first_ms, int64_t last_ms);

}  // namespace tideway::dataset
