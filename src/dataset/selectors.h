// The body that names single records (docs/spec/datasets.md 10).
#pragma once

#include <expected>
#include <string>

#include "dataset/selection.h"
#include "record/batch.h"

namespace tideway::dataset {

/// An array of selectors, all of the same key. The reference answers every fault with 500; here it
/// is told to the client.
std::expected<Selection, record::Refusal> read_selectors(const std::string& body);

}  // namespace tideway::dataset
