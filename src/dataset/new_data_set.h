// From the body that opens a data set to the set (docs/spec/datasets.md 5, 6).
#pragma once

#include <expected>
#include <string_view>

#include "base/error.h"
#include "dataset/data_set.h"
#include "record/value.h"

namespace tideway::dataset {

/// Who opens a set.
struct Creator {
  std::string_view user_id;  ///< empty for a service
  Provenance provenance;
  bool is_legacy = false;  ///< by the legacy upload: see legacy_sets.cc
};

/// A set as it is after opening, without a record; its ids are empty unless the client chose them.
/// The body must have passed record::upload(). Fails when no deduplicator can be told or the ids
/// cannot serve: errors that name the member.
std::expected<DataSet, Errors> make_data_set(const record::ObjectValue& body,
                                             std::string_view user_id, const Creator& creator,
                                             int64_t now_ms);

}  // namespace tideway::dataset
