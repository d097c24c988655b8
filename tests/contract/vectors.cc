#include "tests/contract/vectors.h"

#include <zstd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "base/ids.h"

namespace tideway::contract {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string decompress(const std::string& bytes) {
  const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  // The files are written as a stream, without their size.
  std::string out(size == ZSTD_CONTENTSIZE_UNKNOWN ? bytes.size() * 64 : size, '\0');
  while (true) {
    const size_t written = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
    if (!ZSTD_isError(written)) {
      out.resize(written);
      return out;
    }
    if (out.size() > (size_t{1} << 30)) throw std::runtime_error(ZSTD_getErrorName(written));
    out.resize(out.size() * 2);
  }
}

bool equal_ids(const std::string& expected, const std::string& actual, Generated& generated) {
  if (expected == actual) return true;
  Bytes16 bytes;
  if (!expected.starts_with("<generated:") || !from_hex(actual, bytes)) return false;
  const auto known = generated.find(expected);
  if (known != generated.end()) return known->second == actual;
  for (const auto& [name, id] : generated) {
    if (id == actual) return false;
  }
  generated.emplace(expected, actual);
  return true;
}

bool equal_objects(object expected, object actual, Generated& generated) {
  if (expected.size() != actual.size()) return false;
  return std::ranges::all_of(expected, [&](const auto& member) {
    element other;
    return !actual[member.key].get(other) && same_json(member.value, other, generated);
  });
}

bool equal_arrays(array expected, array actual, Generated& generated) {
  if (expected.size() != actual.size()) return false;
  auto other = actual.begin();
  for (const element item : expected) {
    if (!same_json(item, *other, generated)) return false;
    ++other;
  }
  return true;
}

}  // namespace

std::vector<std::string> read_lines(const std::string& file) {
  std::ifstream input("tests/vectors/" + file, std::ios::binary);
  if (!input) throw std::runtime_error("cannot read tests/vectors/" + file);
  std::istringstream text(decompress({std::istreambuf_iterator<char>(input), {}}));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

element parsed(json::Parser& parser, const std::string& text) {
  const auto root = parser.parse(text);
  if (!root) throw std::runtime_error("not JSON: " + text);
  return *root;
}

bool same_json(element expected, element actual, Generated& generated) {
  if (json::is_number(expected)) {
    return json::is_number(actual) && json::number(expected) == json::number(actual);
  }
  if (expected.type() != actual.type()) return false;
  switch (expected.type()) {
    case simdjson::dom::element_type::OBJECT:
      return equal_objects(object(expected), object(actual), generated);
    case simdjson::dom::element_type::ARRAY:
      return equal_arrays(array(expected), array(actual), generated);
    case simdjson::dom::element_type::STRING:
      return equal_ids(std::string(std::string_view(expected)),
                       std::string(std::string_view(actual)), generated);
    case simdjson::dom::element_type::BOOL:
      return bool(expected) == bool(actual);
    default:
      return true;
  }
}

bool same_in_any_order(array expected, array actual) {
  std::vector<element> left(expected.begin(), expected.end());
  std::vector<element> right(actual.begin(), actual.end());
  return std::ranges::is_permutation(left, right, [](element a, element b) {
    Generated none;
    return same_json(a, b, none);
  });
}

}  // namespace tideway::contract
