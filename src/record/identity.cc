#include "record/identity.h"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "base/number.h"
#include "record/normalise.h"
#include "record/schema/base.h"

namespace tideway::record {
namespace {

/// A digest context made once per thread: fetching SHA-256 anew costs several times the hashing.
EVP_MD_CTX* digest_context() {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context = [] {
    std::unique_ptr<EVP_MD_CTX, Free> made(EVP_MD_CTX_new());
    if (!made || EVP_DigestInit_ex(made.get(), EVP_sha256(), nullptr) != 1) {
      throw std::runtime_error("OpenSSL offers no SHA-256");
    }
    return made;
  }();
  return context.get();
}

void append_extra(std::string& out, const ObjectValue& record, size_t at) {
  const Field& field = record.object->fields()[at];
  const Value& value = record.fields[at];
  if (field.kind() == Kind::kConstant) {
    out += field.constant();
  } else if (field.kind() == Kind::kNumber) {
    Report unused;
    append_plain_number(out, normal_number(field, value, {record, record, Path(), unused}));
  } else {
    out += normal_text(field, value);
  }
}

}  // namespace

void append_identity(std::string& out, const ObjectValue& record) {
  append_time(out, record.fields[base_field::kTime].time);
  out += '|';
  out += record.object->fields()[base_field::kType].constant();
  for (const uint16_t at : record.object->identity_fields()) {
    out += '|';
    append_extra(out, record, at);
  }
}

IdentityHash identity_hash(std::string_view user_id, std::string_view key,
                           std::string_view identity) {
  EVP_MD_CTX* const context = digest_context();
  // Each call into OpenSSL costs as much as hashing a few bytes: put together first.
  thread_local std::string text;
  text.assign(user_id).append("|").append(key).append("|").append(identity);
  IdentityHash hash;
  const bool done = EVP_DigestInit_ex(context, nullptr, nullptr) == 1 &&
                    EVP_DigestUpdate(context, text.data(), text.size()) == 1 &&
                    EVP_DigestFinal_ex(context, hash.data(), nullptr) == 1;
  if (!done) throw std::runtime_error("SHA-256 failed");
  return hash;
}

std::string to_base64(const IdentityHash& hash) {
  std::string out(4 * ((hash.size() + 2) / 3) + 1, '\0');  // EVP writes a final zero byte
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), hash.data(),
                  static_cast<int>(hash.size()));
  out.pop_back();
  return out;
}

}  // namespace tideway::record
