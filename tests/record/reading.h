// Reading bodies in tests: what comes out, as lines of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "record/batch.h"
#include "record/object_reader.h"

namespace tideway::record {

using Lines = std::vector<std::string>;

/// `<pointer> <detail>` of each error.
inline Lines lines(const Errors& errors) {
  Lines out;
  for (const Error& error : errors) out.push_back(error.pointer + ' ' + error.detail);
  return out;
}

/// The errors of a body of records; empty when it is good.
inline Lines errors_of(const std::string& body, const ReadOptions& options = {}) {
  Reader reader;
  const auto batch = reader.read(body, options);
  return batch ? Lines() : lines(batch.error().errors);
}

/// The texts of the records of a body, or its errors.
inline Lines texts_of(const std::string& body) {
  Reader reader;
  const auto batch = reader.read(body, {});
  if (!batch) return lines(batch.error().errors);
  Lines out;
  for (const Record& record : batch->records) out.emplace_back(record.text);
  return out;
}

/// The errors of a body of one object; empty when it is good.
inline Lines errors_of(const std::string& body, const Object& object) {
  ObjectReader reader;
  const auto value = reader.read(body, object);
  return value ? Lines() : lines(value.error().errors);
}

/// A cbg with more members, given as JSON without braces: `"value":7,"units":"mmol/L"`.
inline std::string cbg_with(std::string_view members) {
  std::string out = R"({"type":"cbg","units":"mmol/L","value":6,"time":"2024-03-12T13:05:00Z")";
  if (!members.empty()) out += ',';
  out += members;
  return out + '}';
}

}  // namespace tideway::record
