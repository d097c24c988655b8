// A line is a JSON object, compact, with these members in this order:
//
//   {"seq":7,"time":"2026-11-25T14:03:11.52Z","who":"user:3f9c1a7b42","what":"GET /data/{userId}",
//    "whose":"a1b2c3d4e5","from":"192.0.2.7","trace":"9a0c…","status":200,"outcome":"ok",
//    "prev":"<64 hex digits>"}
//
// seq counts from 1 without a gap. prev is the SHA-256 of the line before it, all its bytes without
// the line feed; 64 zeros in the line with seq 1. So each line vouches for all lines before it.
// outcome is ok (below 400), denied (401, 403, 429), refused (other 4xx) or failed (5xx).
#include "audit/line.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <new>

#include "base/number.h"
#include "base/text.h"
#include "base/time.h"

namespace tideway::audit {
namespace {

constexpr std::string_view kStart = "{\"seq\":";
constexpr std::string_view kPrevious = ",\"prev\":\"";
constexpr std::string_view kEnd = "\"}";
constexpr size_t kHashSize = 2 * crypto_hash_sha256_BYTES;

/// Ids and addresses come from clients: bytes that are no text must not break the line.
std::string as_utf8(std::string_view bytes) {
  std::string out;
  for (size_t at = 0; at < bytes.size();) append_utf8(out, next_code_point(bytes, at));
  return out;
}

/// `prefix` is what stands before the value: ,"name":
void append_member(std::string& out, std::string_view prefix, std::string_view text) {
  out += prefix;
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
  append_json_string(out, is_ascii ? text : as_utf8(text));
}

std::string_view outcome(int status) {
  if (status < 400) return "ok";
  if (status == 401 || status == 403 || status == 429) return "denied";
  return status < 500 ? "refused" : "failed";
}

bool is_hash(std::string_view text) {
  return text.size() == kHashSize && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

Hash no_line() { return Hash(kHashSize, '0'); }

std::string format_line(uint64_t sequence, const Event& event, const Hash& previous) {
  std::string out;
  out.reserve(512);
  out += kStart;
  append_integer(out, static_cast<int64_t>(sequence));
  append_member(out, ",\"time\":", format_utc_milliseconds(event.time_ms));
  append_member(out, ",\"who\":", event.who);
  append_member(out, ",\"what\":", event.what);
  if (!event.whose.empty()) append_member(out, ",\"whose\":", event.whose);
  if (!event.from.empty()) append_member(out, ",\"from\":", event.from);
  append_member(out, ",\"trace\":", event.trace);
  out += ",\"status\":";
  append_integer(out, event.status);
  out += ",\"outcome\":\"";
  out += outcome(event.status);
  out += '"';
  out += kPrevious;
  out += previous;
  out += kEnd;
  return out;
}

Hash hash_line(std::string_view line) {
  // OpenSSL uses the instructions that processors have for this, libsodium does not.
  // Its one-shot function would cost more than the hashing.
  static thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<uint8_t, crypto_hash_sha256_BYTES> digest{};
  const bool done = context != nullptr &&
                    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), line.data(), line.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  if (!done) throw std::bad_alloc();
  Hash hex(kHashSize + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  hex.pop_back();  // the terminating zero
  return hex;
}

std::optional<Link> read_link(std::string_view line) {
  const size_t tail_size = kPrevious.size() + kHashSize + kEnd.size();
  if (!line.starts_with(kStart) || line.size() < kStart.size() + tail_size) return std::nullopt;
  Link link;
  const char* const digits = line.data() + kStart.size();
  const auto [end, error] = std::from_chars(digits, line.data() + line.size(), link.sequence);
  if (error != std::errc() || *end != ',' || link.sequence == 0) return std::nullopt;
  const std::string_view tail = line.substr(line.size() - tail_size);
  const std::string_view hash = tail.substr(kPrevious.size(), kHashSize);
  if (!tail.starts_with(kPrevious) || !tail.ends_with(kEnd) || !is_hash(hash)) return std::nullopt;
  link.previous = hash;
  return link;
}

}  // namespace tideway::audit
