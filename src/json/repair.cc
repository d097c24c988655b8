#include "json/repair.h"

#include <array>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace tideway::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// 32 bytes at a time; the processor's own width is chosen below.
typedef uint8_t Bytes __attribute__((vector_size(32)));

#define TIDEWAY_INLINE __attribute__((always_inline)) inline

TIDEWAY_INLINE void load(Bytes& bytes, const char* at) { std::memcpy(&bytes, at, sizeof bytes); }

/// What may stand behind a number: a comma, white space, a brace or a bracket. Much else is let
/// through, but no part of a number.
TIDEWAY_INLINE bool ends_number(uint8_t c) { return c <= ',' || (c | 0x20) == '}'; }

TIDEWAY_INLINE bool is_negative_zero(char first, char second, char after) {
  return first == '-' && second == '0' && ends_number(static_cast<uint8_t>(after));
}

/// A "-0" that ends there: not -0.5, -0e1, nor the -0 of a date. Branch-free for as long as there
/// are whole vectors: it runs over every body.
TIDEWAY_INLINE bool find_negative_zero(std::string_view text) {
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= sizeof(Bytes) + 2; left -= sizeof(Bytes), at += sizeof(Bytes)) {
    Bytes first;
    Bytes second;
    Bytes after;
    load(first, at);
    load(second, at + 1);
    load(after, at + 2);
    const auto found = (first == '-') & (second == '0') &
                       ((after <= ',') | ((after | 0x20) == '}'));  // ends_number() of each
    std::array<uint64_t, 4> parts;
    std::memcpy(parts.data(), &found, sizeof found);
    if ((parts[0] | parts[1] | parts[2] | parts[3]) != 0) return true;
  }
  for (; left >= 3; --left, ++at) {
    if (is_negative_zero(at[0], at[1], at[2])) return true;
  }
  return text == "-0";
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) bool find_negative_zero_by_avx2(std::string_view text) {
  return find_negative_zero(text);
}

bool has_negative_zero(std::string_view text) {
  static const bool is_wide = __builtin_cpu_supports("avx2");
  return is_wide ? find_negative_zero_by_avx2(text) : find_negative_zero(text);
}
#else
bool has_negative_zero(std::string_view text) { return find_negative_zero(text); }
#endif

bool has_surrogate_escape(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end && (at = static_cast<const char*>(
                          std::memchr(at, '\\', static_cast<size_t>(end - at)))) != nullptr) {
    if (end - at > 2 && at[1] == 'u' && (at[2] | 0x20) == 'd') return true;
    at += 2;
  }
  return false;
}

/// The value of `\uXXXX` at the start of `text`, or -1.
int unicode_escape(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return -1;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, value, 16);
  return error == std::errc() && end == text.data() + 6 && text[2] != '-' ? value : -1;
}

bool is_high_surrogate(int code) { return code >= 0xd800 && code < 0xdc00; }
bool is_low_surrogate(int code) { return code >= 0xdc00 && code < 0xe000; }

/// Copies the escape at text[at] and returns the place behind it.
size_t repair_escape(std::string_view text, size_t at, std::string& out) {
  const int code = unicode_escape(text.substr(at));
  if (is_high_surrogate(code) && at + 6 < text.size() &&
      is_low_surrogate(unicode_escape(text.substr(at + 6)))) {
    out += text.substr(at, 12);
    return at + 12;
  }
  if (is_high_surrogate(code) || is_low_surrogate(code)) {
    out += "\\ufffd";
    return at + 6;
  }
  out += text.substr(at, 2);
  return at + 2;
}

/// Copies the string that starts at text[at] and returns the place behind its closing quote.
size_t repair_string(std::string_view text, size_t at, std::string& out) {
  out += text[at++];
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\\') {
      at = repair_escape(text, at, out);
    } else if (static_cast<uint8_t>(c) >= 0x80) {
      append_utf8(out, next_code_point(text, at));
    } else {
      out += c;
      ++at;
      if (c == '"') break;
    }
  }
  return at;
}

size_t repair_number(std::string_view text, size_t at, std::string& out) {
  size_t end = at + 1;
  bool is_integer = true;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-') {
      is_integer = false;
    } else if (!is_digit(c)) {
      break;
    }
  }
  const std::string_view literal = text.substr(at, end - at);
  out += literal;
  constexpr size_t kDigitsThatAlwaysFit = 18;
  if (is_integer && (literal.size() > kDigitsThatAlwaysFit || literal == "-0")) out += "e0";
  return end;
}

}  // namespace

bool needs_repair(std::string_view text) {
  return has_negative_zero(text) || has_surrogate_escape(text);
}

bool is_repairable(simdjson::error_code error) {
  return error == simdjson::NUMBER_ERROR || error == simdjson::UTF8_ERROR ||
         error == simdjson::STRING_ERROR;
}

void repair(std::string_view text, std::string& out) {
  out.clear();
  out.reserve(text.size() + text.size() / 8 + simdjson::SIMDJSON_PADDING);
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      at = repair_string(text, at, out);
    } else if (text[at] == '-' || is_digit(text[at])) {
      at = repair_number(text, at, out);
    } else {
      out += text[at++];
    }
  }
  out.reserve(out.size() + simdjson::SIMDJSON_PADDING);
}

}  // namespace tideway::json
