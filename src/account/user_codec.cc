// The account of a user, under the key "U" in the user's partition:
//
//   account := version:byte = 1
//              email:bytes full_name:bytes password_hash:bytes
//              flags:byte                      bit 0: the e-mail is verified
//              terms_accepted_ms:signed-varint created_ms:signed-varint
//              role_count:varint role:bytes*role_count
//
// bytes, varint and signed-varint as in base/coding.h.
//
// In the directory, "e" followed by the folded e-mail gives the user id. An entry counts only while
// that user's account exists and has this e-mail: it is written first, so a crash can leave an
// entry that points nowhere, which the next account with this e-mail then takes over. While an
// account takes a new e-mail, a blank and the end of its claim in milliseconds, as decimal digits,
// follow the id.
#include "account/user_codec.h"

#include <charconv>

#include "base/coding.h"
#include "base/ids.h"

namespace tideway::account {
namespace {

constexpr char kVersion = 1;
constexpr char kFlagEmailVerified = 1;

}  // namespace

std::string fold_email(std::string_view email) {
  std::string folded(email);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

std::string email_key(std::string_view email) { return fold_email(email).insert(0, 1, 'e'); }

std::string encode_email_entry(const EmailEntry& entry) {
  if (entry.claimed_until_ms == 0) return entry.user_id;
  return entry.user_id + ' ' + std::to_string(entry.claimed_until_ms);
}

EmailEntry decode_email_entry(std::string_view bytes) {
  EmailEntry entry;
  const size_t blank = bytes.find(' ');
  entry.user_id = bytes.substr(0, blank);
  if (!is_user_id(entry.user_id)) return {};
  if (blank != std::string_view::npos) {
    std::from_chars(bytes.data() + blank + 1, bytes.data() + bytes.size(), entry.claimed_until_ms);
  }
  return entry;
}

std::string encode_user(const User& user) {
  std::string out(1, kVersion);
  put_bytes(out, user.email);
  put_bytes(out, user.full_name);
  put_bytes(out, user.password_hash);
  out += user.email_verified ? kFlagEmailVerified : '\0';
  put_signed_varint(out, user.terms_accepted_ms);
  put_signed_varint(out, user.created_ms);
  put_varint(out, user.roles.size());
  for (const std::string& role : user.roles) put_bytes(out, role);
  return out;
}

store::Result<User> decode_user(std::string_view id, std::string_view bytes) {
  Decoder in(bytes);
  const uint8_t version = in.byte();
  if (in.ok() && version != kVersion) {
    return std::unexpected(store::Error{
        store::Error::Kind::kVersion,
        "account " + std::string(id) + " has unknown version " + std::to_string(version)});
  }
  User user;
  user.id = id;
  user.email = in.bytes();
  user.full_name = in.bytes();
  user.password_hash = in.bytes();
  user.email_verified = (in.byte() & kFlagEmailVerified) != 0;
  user.terms_accepted_ms = in.signed_varint();
  user.created_ms = in.signed_varint();
  // The loop ends with the bytes, however large a damaged count is.
  for (uint64_t left = in.varint(); left > 0 && in.ok(); --left)
    user.roles.emplace_back(in.bytes());
  if (!in.at_end()) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption,
                                        "account " + std::string(id) + " is damaged"});
  }
  return user;
}

}  // namespace tideway::account
