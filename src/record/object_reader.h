// A request body that is one object of a declared shape, such as the one that opens a data set.
#pragma once

#include <expected>
#include <string>

#include "json/document.h"
#include "record/batch.h"
#include "record/member_orders.h"
#include "record/report.h"
#include "record/value.h"

namespace tideway::record {

/// Reads bodies one after another, keeping its memory. Not to be shared between threads.
class ObjectReader {
 public:
  /// The checked object; null counts as {}. Its views live until the next call.
  std::expected<ObjectValue, Refusal> read(const std::string& body, const Object& object);

 private:
  json::Parser parser_;
  Arena arena_;
  MemberOrders orders_;
  Report report_;
};

}  // namespace tideway::record
