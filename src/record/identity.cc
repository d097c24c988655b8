#include "record/identity.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/number.h"
#include "base/sha256_each.h"
#include "record/glucose.h"
#include "record/normalise.h"
#include "record/schema/base.h"

namespace tideway::record {
namespace {

/// Returns whether that is what the record's text has of it, or what all records of the type have.
bool append_extra(TextBuffer& out, const ObjectValue& record, size_t at, const Written& written) {
  const Field& field = record.object->fields()[at];
  const Value& value = record.fields[at];
  if (field.kind() == Kind::kConstant) {
    out.append(field.constant());
    return true;
  }
  if (field.kind() != Kind::kNumber) {
    const std::string_view text = normal_text(field, value);
    out.append(text);
    return text == kMmolPerL;
  }
  if (written.identity_field == at && !written.identity_number.empty()) {
    out.append(written.identity_number);
    return true;
  }
  Report unused;
  append_plain_number(out, normal_number(field, value, {record, Root(record), Path(), unused}));
  return false;
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
  sha256_each(hashes, [&](TextBuffer& out, size_t i) {
    append_identity_owner(out, user_id, sources[i].key);
    out.append(sources[i].identity);
  });
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
