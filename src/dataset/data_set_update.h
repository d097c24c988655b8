// Changing a continuous data set (docs/spec/datasets.md 11).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dataset/data_set.h"
#include "record/value.h"

namespace tideway::dataset {

/// What is absent stays as it is.
struct DataSetUpdate {
  std::optional<std::string> device_id;
  std::optional<std::string> device_model;
  std::optional<int64_t> time_ms;
  std::vector<Member> members;  ///< everything that is shown as it was sent
  bool closes = false;
};

/// The body must have passed record::upload_update().
DataSetUpdate make_data_set_update(const record::ObjectValue& body);

void apply(const DataSetUpdate& update, DataSet& set);

}  // namespace tideway::dataset
