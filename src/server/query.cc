#include "server/query.h"

#include <algorithm>
#include <ranges>

namespace tideway::server {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Percent-decoding with '+' for a space; nothing when an escape is bad.
std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

/// Adds what can be decoded; false when something could not.
bool parse_into(Query& query, std::string_view text) {
  bool clean = true;
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    auto name = unescape(pair.substr(0, equals));
    auto value = unescape(pair.substr(std::min(equals + 1, pair.size())));
    // A ';' once separated pairs; taking it for text could hide a parameter from one reader that
    // another one sees. An escaped one (%3B) is text.
    if (!name || !value || pair.contains(';')) {
      clean = false;
    } else {
      query.add(*std::move(name), *std::move(value));
    }
  }
  return clean;
}

}  // namespace

void Query::add(std::string name, std::string value) {
  pairs_.emplace_back(std::move(name), std::move(value));
}

size_t Query::count(std::string_view name) const {
  return static_cast<size_t>(
      std::ranges::count_if(pairs_, [&](const auto& pair) { return pair.first == name; }));
}

std::optional<std::string_view> Query::first(std::string_view name) const {
  for (const auto& [key, value] : pairs_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Query::last(std::string_view name) const {
  for (const auto& [key, value] : pairs_ | std::views::reverse) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<Query> parse_query_strict(std::string_view text) {
  Query query;
  if (!parse_into(query, text)) return std::nullopt;
  return query;
}

Query parse_query_lenient(std::string_view text) {
  Query query;
  parse_into(query, text);
  return query;
}

}  // namespace tideway::server
