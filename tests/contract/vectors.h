// Golden vectors: reading the compressed files and comparing JSON as tests/vectors/README.md says.
#pragma once

#include <simdjson.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace tideway::contract {

/// The lines of a .jsonl.zst file below tests/vectors/.
std::vector<std::string> read_lines(const std::string& file);

/// A value that must be JSON. Integers of any size are read, as doubles.
simdjson::dom::element parsed(json::Parser& parser, const std::string& text);

/// Names of generated ids found so far: "<generated:K>" to the id that stands for it.
using Generated = std::map<std::string, std::string>;

/// Whether two values are equal: key order is free, numbers compare as doubles, and an expected
/// "<generated:K>" stands for any id of 32 hex digits, the same for each K and different for
/// different K. An actual "<generated:K>" stands for itself.
bool same_json(simdjson::dom::element expected, simdjson::dom::element actual,
               Generated& generated);

/// The same for two arrays whose order is free.
bool same_in_any_order(simdjson::dom::array expected, simdjson::dom::array actual);

}  // namespace tideway::contract
