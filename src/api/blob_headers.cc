#include "api/blob_headers.h"

#include <fmt/format.h>

#include "base/time.h"
#include "blob/md5.h"
#include "server/field_text.h"

namespace tideway::api {
namespace {

constexpr size_t kMediaTypeSizeMax = 256;

Error missing(std::string_view name) {
  return make_error("header-missing", "header is missing",
                    fmt::format("header \"{}\" is missing", name));
}

Error invalid(std::string_view name) {
  return make_error("header-invalid", "header is invalid",
                    fmt::format("header \"{}\" is invalid", name));
}

bool is_token_character(char c) {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?=";
  return c > ' ' && c < '\x7f' && !kSeparators.contains(c);
}

void skip_blanks(std::string_view& text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
}

/// Takes a token from the front; false when there is none.
bool take_token(std::string_view& text) {
  size_t size = 0;
  while (size < text.size() && is_token_character(text[size])) ++size;
  text.remove_prefix(size);
  return size > 0;
}

bool take_quoted(std::string_view& text) {
  for (size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      text.remove_prefix(at + 1);
      return true;
    }
  }
  return false;
}

/// Takes "; name=value"; false when that is not what comes.
bool take_parameter(std::string_view& text) {
  text.remove_prefix(1);
  skip_blanks(text);
  if (text.empty()) return true;  // a semicolon at the end
  if (!take_token(text) || !text.starts_with('=')) return false;
  text.remove_prefix(1);
  return text.starts_with('"') ? take_quoted(text) : take_token(text);
}

}  // namespace

bool is_media_type(std::string_view text) {
  if (text.size() > kMediaTypeSizeMax) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' && c != '\t') return false;
  }
  if (!take_token(text)) return false;
  if (text.starts_with('/')) {
    text.remove_prefix(1);
    if (!take_token(text)) return false;
  }
  for (skip_blanks(text); !text.empty(); skip_blanks(text)) {
    if (!text.starts_with(';') || !take_parameter(text)) return false;
  }
  return true;
}

std::expected<std::string, Error> single_header(const server::Request& request,
                                                std::string_view name) {
  const auto value = request.headers.find(name);
  if (!value || value->empty()) return std::unexpected(missing(name));
  if (request.headers.count(name) > 1) return std::unexpected(invalid(name));
  return std::string(*value);
}

std::expected<std::string, Error> media_type_header(const server::Request& request) {
  auto value = single_header(request, "Content-Type");
  if (value && !is_media_type(*value)) return std::unexpected(invalid("Content-Type"));
  return value;
}

std::expected<std::string, Error> md5_header(const server::Request& request) {
  constexpr std::string_view kAlgorithm = "MD5=";
  auto value = single_header(request, "Digest");
  if (!value) return value;
  if (!server::equals_ignoring_case(value->substr(0, kAlgorithm.size()), kAlgorithm)) {
    return std::unexpected(invalid("Digest"));
  }
  value->erase(0, kAlgorithm.size());
  if (!blob::is_md5(*value)) return std::unexpected(invalid("Digest"));
  return value;
}

std::expected<std::string, Error> time_header(const server::Request& request,
                                              std::string_view name) {
  const auto value = single_header(request, name);
  if (!value) return value;
  const auto time = parse_instant(*value);
  if (!time || !is_printable(time->milliseconds())) return std::unexpected(invalid(name));
  return format_time(*time);
}

}  // namespace tideway::api
