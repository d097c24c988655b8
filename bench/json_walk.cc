#include "bench/json_walk.h"

namespace tideway::bench {
namespace {

using simdjson::dom::element_type;

uint64_t visit(simdjson::dom::element element) {
  uint64_t sum = 0;
  switch (element.type()) {
    case element_type::OBJECT: {
      const simdjson::dom::object members = element.get_object().value_unsafe();
      for (const auto [key, value] : members) sum += key.size() + visit(value);
      return sum;
    }
    case element_type::ARRAY: {
      const simdjson::dom::array items = element.get_array().value_unsafe();
      for (const auto item : items) sum += visit(item);
      return sum;
    }
    case element_type::STRING:
      return element.get_string().value_unsafe().size();
    case element_type::INT64:
      return static_cast<uint64_t>(element.get_int64().value_unsafe());
    case element_type::DOUBLE:
      return element.get_double().value_unsafe() > 0;
    default:
      return 1;
  }
}

}  // namespace

uint64_t JsonWalk::walk(const std::string& text) { return visit(parser_.parse(text).value()); }

}  // namespace tideway::bench
