// Accounts as bytes in the store. The grammar stands at the head of user_codec.cc.
#pragma once

#include <string>
#include <string_view>

#include "account/accounts.h"
#include "store/store.h"

namespace tideway::account {

/// The key of the account inside its user's partition.
inline constexpr std::string_view kUserKey = "U";
/// In a partition whose account was deleted: when, as a signed varint of milliseconds.
inline constexpr std::string_view kDeletedKey = "X";

/// The directory's key of an e-mail address; the entry's value is the user id.
std::string email_key(std::string_view email);

/// Whose an e-mail is, or is about to be: an account that takes a new e-mail claims it first, and
/// until the claim ends nobody else gets it.
struct EmailEntry {
  std::string user_id;
  int64_t claimed_until_ms = 0;  ///< 0: no claim
};
std::string encode_email_entry(const EmailEntry& entry);
EmailEntry decode_email_entry(std::string_view bytes);  ///< no user id when it is damaged

/// `email` with the letters A to Z in lower case: equal for addresses that are one account's.
std::string fold_email(std::string_view email);

/// The id is not part of the bytes: it is the name of the partition.
std::string encode_user(const User& user);
store::Result<User> decode_user(std::string_view id, std::string_view bytes);

}  // namespace tideway::account
