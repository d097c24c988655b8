// The body that opens a data set (docs/spec/datasets.md 5.1). Not a record: a record of type upload
// is never accepted in a batch.
#pragma once

#include "record/schema.h"

namespace tideway::record {

const Object& upload();

/// The body that changes a continuous data set (docs/spec/datasets.md 11).
const Object& upload_update();

}  // namespace tideway::record
