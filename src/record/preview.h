// What an upload of a body would do, without storing anything: `tideway validate`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "record/batch.h"

namespace tideway::record {

/// The outcome of one request body, in the terms of tests/vectors/README.md.
struct Preview {
  uint16_t status = 200;
  std::string records;   ///< JSON array, when the status is 200
  std::string identity;  ///< JSON array parallel to `records`
  std::string body;      ///< the error body, without its line feed, otherwise
};

struct PreviewOptions {
  std::string_view user_id;
  std::string_view upload_id;
};

Preview preview(Reader& reader, const std::string& body, const PreviewOptions& options);

}  // namespace tideway::record
