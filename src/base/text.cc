#include "base/text.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/put.h"
#include "base/short_text.h"

namespace tideway {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

/// For each byte: 0 when it stands for itself inside a JSON string, else what follows the
/// backslash; 'u' means a \u00xx escape. U+2028 and U+2029 are handled apart.
constexpr std::array<char, 256> make_escapes() {
  std::array<char, 256> escapes{};
  for (int c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  escapes['<'] = escapes['>'] = escapes['&'] = 'u';
  escapes[0xe2] = 'L';  // may begin U+2028 or U+2029
  return escapes;
}
constexpr std::array<char, 256> kEscapes = make_escapes();

bool is_line_separator(std::string_view text, size_t at) {
  return at + 2 < text.size() && text[at + 1] == '\x80' &&
         (text[at + 2] == '\xa8' || text[at + 2] == '\xa9');
}

void append_hex(std::string& out, uint32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out += kHexDigits[(value >> shift) & 15];
}

bool is_printable(char32_t c) {
  if (c < 0x80) return c >= 0x20 && c < 0x7f;
  constexpr uint32_t kMask = U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK | U_GC_P_MASK | U_GC_S_MASK;
  return (U_MASK(u_charType(static_cast<UChar32>(c))) & kMask) != 0;
}

void append_quoted(std::string& out, char32_t c) {
  static constexpr std::string_view kNamed = "abtnvfr";  // \a is 7 … \r is 13
  if (c == '"' || c == '\\') {
    out += '\\';
    out += static_cast<char>(c);
  } else if (is_printable(c)) {
    append_utf8(out, c);
  } else if (c >= 7 && c <= 13) {
    out += '\\';
    out += kNamed[c - 7];
  } else if (c < 0x80) {
    out += "\\x";
    append_hex(out, c, 2);
  } else {
    out += c < 0x10000 ? "\\u" : "\\U";
    append_hex(out, c, c < 0x10000 ? 4 : 8);
  }
}

/// Sixteen bytes that are looked at together.
typedef uint8_t Bytes __attribute__((vector_size(16)));

/// Where kEscapes has something for one of them.
auto find_escaped(Bytes bytes) {
  // Clearing one bit makes '"' and '&', '<' and '>' the same.
  return (bytes < 0x20) | ((bytes & 0xfb) == ('"' & 0xfb)) | ((bytes & 0xfd) == ('<' & 0xfd)) |
         (bytes == '\\') | (bytes == 0xe2);
}
using Escaped = decltype(find_escaped(Bytes{}));

bool any(Escaped found) {
  std::array<uint64_t, 2> halves;
  static_assert(sizeof halves == sizeof found);
  std::memcpy(halves.data(), &found, sizeof found);
  return (halves[0] | halves[1]) != 0;
}

bool any_needs_escape(Bytes bytes) { return any(find_escaped(bytes)); }

Bytes load(const char* at) {
  Bytes bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

/// 4 to 15 bytes, some of them twice.
Bytes load_short(std::string_view text) {
  using namespace short_text;
  const char* const at = text.data();
  const char* const end = at + text.size();
  std::array<uint64_t, 2> halves;
  if (text.size() >= 8) {
    halves = {load64(at), load64(end - 8)};
  } else {
    halves[0] = halves[1] = load32(at) | static_cast<uint64_t>(load32(end - 4)) << 32;
  }
  Bytes bytes;
  std::memcpy(&bytes, halves.data(), sizeof bytes);
  return bytes;
}

/// Copies text that stands for itself inside a JSON string, without looking at it twice. False when
/// some of it does not; what was written then means nothing.
bool copy_unescaped(char* to, std::string_view text) {
  const size_t size = text.size();
  if (size < 4) {
    copy_short(to, text);
    return std::ranges::none_of(text,
                                [](char c) { return kEscapes[static_cast<uint8_t>(c)] != 0; });
  }
  if (size < sizeof(Bytes)) {
    copy_short(to, text);
    return !any_needs_escape(load_short(text));
  }
  Escaped found{};
  const size_t last = size - sizeof(Bytes);
  const auto copy = [&](size_t at) {
    const Bytes bytes = load(text.data() + at);
    found |= find_escaped(bytes);
    std::memcpy(to + at, &bytes, sizeof bytes);
  };
  for (size_t at = 0; at < last; at += sizeof(Bytes)) copy(at);
  copy(last);
  return !any(found);
}

}  // namespace

char* put_json_string(char* at, std::string_view text) {
  if (!copy_unescaped(at + 1, text)) return nullptr;
  *at = '"';
  at[text.size() + 1] = '"';
  return at + text.size() + 2;
}

void append_json_string(TextBuffer& out, std::string_view text) {
  if (const char* const end = put_json_string(out.room(text.size() + 2), text))
    return out.commit(end);
  std::string escaped;
  append_json_string(escaped, text);
  out.append(escaped);
}

void append_json_string(std::string& out, std::string_view text) {
  // Nearly all texts need no escape; they take one step.
  const size_t before = out.size();
  const size_t end = before + text.size() + 2;
  // The size that libstdc++ 12 hands to the function is the capacity, not the size asked for.
  out.resize_and_overwrite(end, [&](char* data, size_t) {
    return put_json_string(data + before, text) == nullptr ? before : end;
  });
  if (out.size() == end) return;
  out += '"';
  size_t done = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char escape = kEscapes[static_cast<uint8_t>(text[i])];
    if (escape == 0 || (escape == 'L' && !is_line_separator(text, i))) continue;
    out.append(text, done, i - done);
    out += '\\';
    if (escape == 'L') {
      out += text[i + 2] == '\xa8' ? "u2028" : "u2029";
      i += 2;
    } else if (escape == 'u') {
      out += "u00";
      append_hex(out, static_cast<uint8_t>(text[i]), 2);
    } else {
      out += escape;
    }
    done = i + 1;
  }
  out.append(text, done);
  out += '"';
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (size_t at = 0; at < text.size();) append_quoted(out, next_code_point(text, at));
  out += '"';
  return out;
}

size_t code_point_count(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<uint8_t>(c) & 0xc0) != 0x80;
  return count;
}

char32_t next_code_point(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(i < text.size() ? text[i] : 0); };
  const uint8_t first = byte(at);
  const size_t start = at++;
  if (first < 0x80) return first;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0xfffd;
  char32_t value = first & (0x7f >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(start + i) & 0xc0) != 0x80) return 0xfffd;
    value = value << 6 | (byte(start + i) & 0x3f);
  }
  constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
    return 0xfffd;
  }
  at = start + length;
  return value;
}

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace tideway
