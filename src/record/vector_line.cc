#include "record/vector_line.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/text.h"

namespace tideway::record {
namespace {

/// Standard padded base64.
std::optional<std::string> decode_base64(std::string_view text) {
  std::string out(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // EVP counts the bytes that the padding stands for.
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  out.resize(static_cast<size_t>(size) - padding);
  return out;
}

std::optional<std::string_view> member(simdjson::dom::object object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text)) return std::nullopt;
  return text;
}

}  // namespace

std::optional<VectorLine> read_vector_line(json::Parser& parser, const std::string& line) {
  const auto root = parser.parse(line);
  if (!root || !root->is_object()) return std::nullopt;
  const simdjson::dom::object object = root->get_object().value_unsafe();
  const auto name = member(object, "name");
  if (!name) return std::nullopt;
  if (const auto request = member(object, "request")) {
    return VectorLine{std::string(*name), std::string(*request)};
  }
  const auto encoded = member(object, "request_base64");
  auto decoded = encoded ? decode_base64(*encoded) : std::nullopt;
  if (!decoded) return std::nullopt;
  return VectorLine{std::string(*name), std::move(*decoded)};
}

std::string result_line(std::string_view name, const Preview& preview) {
  std::string out = "{\"name\":";
  append_json_string(out, name);
  out += fmt::format(",\"status\":{}", preview.status);
  if (preview.status == 200) {
    out += fmt::format(",\"records\":{},\"identity\":{}}}", preview.records, preview.identity);
  } else {
    out += fmt::format(",\"body\":{}}}", preview.body);
  }
  return out;
}

}  // namespace tideway::record
