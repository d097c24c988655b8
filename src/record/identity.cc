#include "record/identity.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/number.h"
#include "record/glucose.h"
#include "record/normalise.h"
#include "record/schema/base.h"

namespace tideway::record {
namespace {

/// Whether a JSON string holds the text as it is. May say no where it does.
bool is_unescaped(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return c >= ' ' && c < '\x7f' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
  });
}

/// Returns whether that is what the record's text has of it.
bool append_extra(TextBuffer& out, const ObjectValue& record, size_t at, const Written& written) {
  const Field& field = record.object->fields()[at];
  const Value& value = record.fields[at];
  if (field.kind() == Kind::kNumber && written.identity_field == at &&
      !written.identity_number.empty()) {
    out.append(written.identity_number);
    return true;
  }
  if (field.kind() == Kind::kNumber) {
    Report unused;
    append_plain_number(out, normal_number(field, value, {record, record, Path(), unused}));
    return false;
  }
  const std::string_view text =
      field.kind() == Kind::kConstant ? field.constant() : normal_text(field, value);
  out.append(text);
  return field.transform() == Transform::kGlucoseUnits ? text == kMmolPerL : is_unescaped(text);
}

}  // namespace

bool append_identity(TextBuffer& out, const ObjectValue& record, const Written& written) {
  const Value& time = record.fields[base_field::kTime];
  bool is_in_text = append_as_read(out, time.text);
  if (!is_in_text) append_time(out, time.time);
  out.append('|');
  out.append(record.object->fields()[base_field::kType].constant());
  for (const uint16_t at : record.object->identity_fields()) {
    out.append('|');
    is_in_text &= append_extra(out, record, at, written);
  }
  return is_in_text;
}

void append_identity_owner(TextBuffer& out, std::string_view user_id, std::string_view key) {
  out.append(user_id);
  out.append('|');
  out.append(key);
  out.append('|');
}

void identity_hashes(std::string_view user_id, std::span<const IdentitySource> sources,
                     std::span<IdentityHash> hashes) {
  // So many at a time that their texts stay in the nearest cache.
  constexpr size_t kAtOnce = 16;
  TextBuffer texts;
  std::array<size_t, kAtOnce + 1> ends{};
  std::array<std::string_view, kAtOnce> views;
  for (size_t done = 0; done < sources.size(); done += kAtOnce) {
    const size_t count = std::min(kAtOnce, sources.size() - done);
    texts.clear();
    for (size_t i = 0; i < count; ++i) {
      append_identity_owner(texts, user_id, sources[done + i].key);
      texts.append(sources[done + i].identity);
      ends[i + 1] = texts.size();
    }
    for (size_t i = 0; i < count; ++i) {
      views[i] = texts.view().substr(ends[i], ends[i + 1] - ends[i]);
    }
    sha256(std::span(views).first(count), hashes.subspan(done, count));
  }
}

IdentityHash identity_hash(std::string_view user_id, std::string_view key,
                           std::string_view identity) {
  const IdentitySource source{key, identity};
  IdentityHash hash;
  identity_hashes(user_id, {&source, 1}, {&hash, 1});
  return hash;
}

std::string to_base64(const IdentityHash& hash) {
  std::string out(4 * ((hash.size() + 2) / 3) + 1, '\0');  // EVP writes a final zero byte
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), hash.data(),
                  static_cast<int>(hash.size()));
  out.pop_back();
  return out;
}

std::optional<IdentityHash> from_base64(std::string_view text) {
  std::array<unsigned char, 33> bytes;  // of 44 characters, of which one is padding
  const auto* const begin = reinterpret_cast<const unsigned char*>(text.data());
  if (text.size() != 44 || EVP_DecodeBlock(bytes.data(), begin, 44) < 0) return std::nullopt;
  IdentityHash hash;
  std::copy_n(bytes.begin(), hash.size(), hash.begin());
  if (to_base64(hash) != text) return std::nullopt;
  return hash;
}

}  // namespace tideway::record
