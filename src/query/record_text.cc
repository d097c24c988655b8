#include "query/record_text.h"

#include <array>
#include <charconv>
#include <cstring>

namespace tideway::query {
namespace {

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Two digits for each 12 bits.
constexpr auto kBase64Pairs = [] {
  std::array<std::array<char, 2>, 4096> pairs{};
  for (size_t i = 0; i < pairs.size(); ++i)
    pairs[i] = {kBase64Digits[i >> 6], kBase64Digits[i & 63]};
  return pairs;
}();

constexpr auto kHexPairs = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (size_t i = 0; i < pairs.size(); ++i) pairs[i] = {kDigits[i >> 4], kDigits[i & 15]};
  return pairs;
}();

char* put(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

/// 44 characters.
char* put_base64(char* at, const record::IdentityHash& hash) {
  const auto pair = [&](uint32_t bits) {
    std::memcpy(at, kBase64Pairs[bits].data(), 2);
    at += 2;
  };
  for (size_t i = 0; i + 3 <= hash.size(); i += 3) {
    const uint32_t bits = uint32_t{hash[i]} << 16 | uint32_t{hash[i + 1]} << 8 | hash[i + 2];
    pair(bits >> 12);
    pair(bits & 0xfff);
  }
  static_assert(std::tuple_size_v<record::IdentityHash> % 3 == 2);
  const uint32_t bits = uint32_t{hash[30]} << 16 | uint32_t{hash[31]} << 8;
  pair(bits >> 12);
  *at++ = kBase64Digits[bits >> 6 & 63];
  *at++ = '=';
  return at;
}

/// More than all that is put around a record's text but the upload id.
constexpr size_t kFrameBytesMax = 192;

}  // namespace

void write_hex(char* out, const Bytes16& bytes) {
  for (size_t i = 0; i < bytes.size(); ++i) std::memcpy(out + 2 * i, kHexPairs[bytes[i]].data(), 2);
}

void append_record(std::string& out, const store::RecordText& record, const RecordFrame& frame) {
  const size_t before = out.size();
  const size_t size_max = before + record.text.size() + frame.upload_id.size() + kFrameBytesMax;
  // Checked once for the whole record, not once for each of its pieces.
  out.resize_and_overwrite(size_max, [&](char* begin, size_t) {
    char* at = begin + before;
    std::string_view rest = record.text;
    const auto segment = [&](size_t i) {
      at = put(at, rest.substr(0, record.segment_sizes[i]));
      rest.remove_prefix(record.segment_sizes[i]);
    };
    *at++ = '{';
    if (frame.identity != nullptr) {
      at = put(at, R"("_deduplicator":{"hash":")");
      at = put_base64(at, *frame.identity);
      at = put(at, R"("},)");
    }
    segment(0);
    at = put(at, R"("id":")");
    at = put(at, frame.id);
    at = put(at, R"(",)");
    segment(1);
    if (frame.revision > 0) {
      at = put(at, R"("revision":)");
      at = std::to_chars(at, at + 10, frame.revision).ptr;
      *at++ = ',';
    }
    segment(2);
    at = put(at, R"("uploadId":")");
    at = put(at, frame.upload_id);
    *at++ = '"';
    segment(3);
    *at++ = '}';
    return static_cast<size_t>(at - begin);
  });
}

}  // namespace tideway::query
