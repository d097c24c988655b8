// The filters of a fetch written as plainly as docs/spec/fetch.md 2 has them, over records that
// were never stored: what the real ones are compared with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/filter.h"
#include "query/source_rules.h"

namespace tideway::query::naive {

struct Set {
  std::string upload_id;
  int64_t time_ms = 0;
  int order = 0;  ///< of creation
  bool active = true;
  bool closed = true;
  bool deleted = false;
  std::string device_id;
  std::string device_model;
  std::string manufacturer;
};

struct Record {
  std::string name;
  std::string type;
  std::string sub_type = {};
  int64_t time_ms = 0;
  std::string device_id = {};
  bool carelink = false;
  bool medtronic_origin = false;
  std::optional<int> sample_interval_ms = {};
  std::string reason = {};
  size_t set = 0;
  int order = 0;  ///< of insertion, all records of all sets
};

struct Data {
  std::vector<Set> sets;
  std::vector<Record> records;
  std::vector<CloudSource> clouds;
};

/// The names of the records and sets ("upload", then the id) in the order of the answer.
std::vector<std::string> fetch(const Data& data, const Filter& filter);

}  // namespace tideway::query::naive
