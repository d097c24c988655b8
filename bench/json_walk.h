// The least that a server of JSON has to do: parse the text and look at every value once.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>

namespace tideway::bench {

/// simdjson's DOM, walked recursively. Keeps its memory from one text to the next.
class JsonWalk {
 public:
  /// Something that depends on every key and value, so that no compiler can leave one out.
  uint64_t walk(const std::string& text);

 private:
  simdjson::dom::parser parser_;
};

}  // namespace tideway::bench
