#include "api/restricted_token_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "json/document.h"

namespace tideway::api {
namespace {

using json::Element;
using Wish = account::RestrictedTokens::Wish;

constexpr size_t kPathsMax = 10;
constexpr int64_t kDurationMsMax = int64_t{90} * 24 * 3600 * 1000;

void add(Errors& errors, std::string pointer, Error error) {
  error.pointer = std::move(pointer);
  errors.push_back(std::move(error));
}

std::string_view type_of(Element element) {
  if (element.is_bool()) return "bool";
  if (element.is_string()) return "string";
  if (element.is_array()) return "[]interface {}";
  if (element.is_object()) return "map[string]interface {}";
  return "float64";
}

Error type_error(std::string_view wanted, Element element) {
  const std::string title = fmt::format("type is not {}", wanted);
  return make_error(fmt::format("type-not-{}", wanted), title,
                    fmt::format("{}, but {}", title, type_of(element)));
}

void read_paths(Element element, Wish& wish, Errors& errors) {
  simdjson::dom::array items;
  if (element.get(items) != simdjson::SUCCESS) {
    add(errors, "/paths", type_error("array", element));
    return;
  }
  wish.paths.emplace();
  size_t index = 0;
  for (const Element item : items) {
    std::string_view text;
    if (!item.is_null() && item.get(text) != simdjson::SUCCESS) {
      add(errors, fmt::format("/paths/{}", index), type_error("string", item));
    }
    // No more are looked at than it takes to see that they are too many.
    if (wish.paths->size() <= kPathsMax) wish.paths->emplace_back(text);
    ++index;
  }
}

void read_expiration(Element element, Wish& wish, Errors& errors) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) {
    add(errors, "/expirationTime", type_error("time", element));
    return;
  }
  wish.expiration = parse_instant(text);
  if (wish.expiration) return;
  add(errors, "/expirationTime",
      make_error("value-not-parsable", "value is not a parsable time",
                 fmt::format("value {} is not a parsable time of format \"{}\"",
                             tideway::quoted(text), kInstantLayout)));
}

Errors check(const Wish& wish, size_t path_count, int64_t now_ms) {
  Errors errors;
  if (wish.paths) {
    if (path_count < 1 || path_count > kPathsMax) {
      add(errors, "/paths",
          make_error("length-out-of-range", "length is out of range",
                     fmt::format("length {} is not between 1 and {}", path_count, kPathsMax)));
    }
    for (size_t i = 0; i < std::min(path_count, wish.paths->size()); ++i) {
      const std::string& path = (*wish.paths)[i];
      if (path.starts_with('/') && path.find('\n') == std::string::npos) continue;
      add(errors, fmt::format("/paths/{}", i),
          make_error(
              "value-not-matches", "value does not match expression",
              fmt::format("value {} does not match expression \"^/.*$\"", tideway::quoted(path))));
    }
  }
  const int64_t latest_ms = now_ms + kDurationMsMax;
  if (wish.expiration && wish.expiration->milliseconds() > latest_ms) {
    add(errors, "/expirationTime",
        make_error("value-not-before", "value is not before the specified time",
                   fmt::format("value \"{}\" is not before \"{}\"", format_time(*wish.expiration),
                               format_utc_milliseconds(latest_ms))));
  }
  return errors;
}

Errors only(Error error) { return Errors{std::move(error)}; }

}  // namespace

std::expected<Wish, Errors> parse_restricted_token(const std::string& body, int64_t now_ms) {
  if (body.find_first_not_of(" \t\r\n") == std::string::npos) {
    return std::unexpected(only(make_error("json-not-found", "json not found")));
  }
  json::Parser parser;
  const auto root = parser.parse(body);
  if (root && root->is_null()) {
    return std::unexpected(only(make_error("", "", "object is missing")));
  }
  simdjson::dom::object object;
  if (!root || root->get(object) != simdjson::SUCCESS) {
    return std::unexpected(only(make_error("json-malformed", "json is malformed")));
  }
  Wish wish;
  Errors errors;
  std::set<std::string_view> unknown;
  Element paths;
  Element expiration;
  bool has_paths = false;
  bool has_expiration = false;
  for (const auto [key, value] : object) {
    if (key == "paths") {
      paths = value;
      has_paths = !value.is_null();
    } else if (key == "expirationTime") {
      expiration = value;
      has_expiration = !value.is_null();
    } else {
      unknown.insert(key);
    }
  }
  size_t path_count = 0;
  if (has_paths) {
    read_paths(paths, wish, errors);
    if (paths.is_array()) path_count = json::size(simdjson::dom::array(paths));
  }
  if (has_expiration) read_expiration(expiration, wish, errors);
  for (const std::string_view key : unknown) {
    add(errors, "/" + std::string(key), make_error("not-parsed", "not parsed"));
  }
  if (errors.empty()) errors = check(wish, path_count, now_ms);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return wish;
}

}  // namespace tideway::api
