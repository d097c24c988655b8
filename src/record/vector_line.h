// One line of a vector file in, one line of results out: `tideway validate --lines` and the tests
// speak this (tests/vectors/README.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/document.h"
#include "record/preview.h"

namespace tideway::record {

struct VectorLine {
  std::string name;
  std::string request;  ///< the request body, whatever it is
};

/// Reads `{"name": …, "request": "…"}` or `{"name": …, "request_base64": "…"}`; nothing when the
/// line is neither.
std::optional<VectorLine> read_vector_line(json::Parser& parser, const std::string& line);

/// `{"name","status","records","identity"}` or `{"name","status","body"}`, without a line feed.
std::string result_line(std::string_view name, const Preview& preview);

}  // namespace tideway::record
