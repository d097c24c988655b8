// Bodies of the legacy upload (docs/spec/fetch.md 10), made into what the engine reads.
//
// Such a record says itself which upload it belongs to. Its id, unless it brings one, follows from
// its content, so that a device that is read again gives the same ids.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace tideway::record {

struct LegacyRecord {
  std::string json;  ///< the record with an id, for Reader or, if it is an upload, ObjectReader
  std::string id;
  std::string upload_id;
  std::string version;  ///< of the program that uploads; only of an upload
  bool is_upload = false;
};

struct LegacyBody {
  std::vector<LegacyRecord> records;
  std::string problem;  ///< with the one behind the last of them; empty when all could be read
};

/// Nothing when the body is no JSON object or array.
std::optional<LegacyBody> read_legacy_body(const std::string& body);

/// The id that follows from the content: 32 characters of 0 to 9 and a to v
/// (docs/spec/datatypes-common.md 2.4).
std::string legacy_id(simdjson::dom::object record);

}  // namespace tideway::record
