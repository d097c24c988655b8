// In the directory, under "x" and the SHA-256 of the issuer, a zero byte and the subject: the id of
// the account.
#include "oidc/issuer_users.h"

#include <spdlog/spdlog.h>

#include "base/ids.h"
#include "oidc/secret_text.h"

namespace tideway::oidc {
namespace {

constexpr std::string_view kLinkPrefix = "x";

std::string link_key(std::string_view issuer, std::string_view subject) {
  std::string text(issuer);
  text += '\0';
  text += subject;
  return std::string(kLinkPrefix) + sha256(text);
}

}  // namespace

std::optional<std::string> IssuerUsers::linked(std::string_view subject) {
  const auto directory = store_.read(store::kDirectoryPartition);
  if (!directory) return std::nullopt;
  const auto id = (*directory)->get(link_key(options_.issuer, subject));
  if (!id || !*id) return std::nullopt;
  const auto user = accounts_.find(**id);
  // A link may point to an account that was deleted since.
  return user && *user ? *id : std::nullopt;
}

bool IssuerUsers::link(std::string_view subject, std::string_view user_id) {
  const std::string key = link_key(options_.issuer, subject);
  return store_
      .update(store::kDirectoryPartition,
              [&](store::Transaction& directory) -> store::Result<store::Outcome> {
                directory.put(key, user_id);
                return store::Outcome::kCommit;
              })
      .has_value();
}

std::optional<std::string> IssuerUsers::create(const IssuerUser& user) {
  // A password that nobody knows: this account logs in at the issuer.
  const auto created = accounts_.create({.email = user.email,
                                         .password = random_id() + random_id(),
                                         .full_name = user.name,
                                         .roles = {},
                                         .verified = true,
                                         .id = is_user_id(user.subject) ? user.subject : ""});
  if (!created) return std::nullopt;
  spdlog::info("account {} made for a user of {}", created->id, options_.issuer);
  return created->id;
}

std::optional<std::string> IssuerUsers::find(const IssuerUser& user) {
  if (user.subject.empty()) return std::nullopt;
  if (is_user_id(user.subject)) {
    const auto same = accounts_.find(user.subject);
    if (!same) return std::nullopt;
    if (*same) return user.subject;
  }
  if (auto id = linked(user.subject)) return id;
  if (!user.email_verified) return std::nullopt;
  const auto same_email = accounts_.find_by_email(user.email);
  if (!same_email) return std::nullopt;
  std::optional<std::string> id;
  if (*same_email) {
    // An address that was never confirmed here may be somebody else's.
    if ((*same_email)->email_verified) id = (*same_email)->id;
  } else if (options_.create) {
    id = create(user);
  }
  if (id && *id != user.subject && !link(user.subject, *id)) return std::nullopt;
  return id;
}

}  // namespace tideway::oidc
