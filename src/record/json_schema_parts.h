// The pieces that json_schema.cc is put together from: conditions on fields, and what a rule says
// about a value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/tree.h"
#include "record/schema.h"

namespace tideway::record {

/// Schemas of an object about the field at `path`: "units" or, from the record, "/units/bg". A null
/// counts as absent.
json::Tree schema_present(std::string_view path);
json::Tree schema_absent(std::string_view path);
json::Tree schema_one_of(std::string_view path, const std::vector<std::string_view>& values);
json::Tree schema_zero(std::string_view path);

/// `{keyword: value}`.
json::Tree schema_with(std::string keyword, json::Tree value);
json::Tree schema_not(json::Tree schema);
/// All or any of `schemas`; of one, itself.
json::Tree schema_all(std::vector<json::Tree> schemas);
json::Tree schema_any(std::vector<json::Tree> schemas);
json::Tree schema_if(json::Tree condition, json::Tree then);

json::Tree strings_tree(const std::vector<std::string_view>& values);
json::Tree numbers_tree(const std::vector<double>& values);

/// What a rule about a value says by keywords of the value's own schema, and whether that is all.
struct ValueSchema {
  json::Tree::Members keywords;
  bool is_exact = true;
};

ValueSchema value_schema(const Rule& rule, const Field& field);

}  // namespace tideway::record
