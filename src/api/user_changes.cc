// Changing and deleting accounts (docs/spec/http.md 2.2).
#include <spdlog/spdlog.h>

#include "api/path_variable.h"
#include "api/shoreline.h"
#include "api/user_update_json.h"
#include "api/users.h"
#include "json/document.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::code_and_reason;
using server::Request;
using server::Response;

constexpr std::string_view kFindingFailed = "Error finding user";
constexpr std::string_view kInvalidDetails = "Invalid user details were given";
constexpr std::string_view kUpdatingFailed = "Error updating user";
constexpr std::string_view kUserExists = "User already exists";

bool has_role(const account::User& user, std::string_view role) {
  return std::ranges::find(user.roles, role) != user.roles.end();
}

Response update_failed(account::UpdateError error) {
  switch (error) {
    case account::UpdateError::kInvalid:
      return code_and_reason(400, kInvalidDetails);
    case account::UpdateError::kNotFound:
      return not_authorized();
    case account::UpdateError::kExists:
      return code_and_reason(409, kUserExists);
    case account::UpdateError::kStore:
      break;
  }
  spdlog::error("{}: the store or the password hash failed", kUpdatingFailed);
  return code_and_reason(500, kUpdatingFailed);
}

std::optional<std::string> password_in(const std::string& body) {
  json::Parser parser;
  const auto root = parser.parse(body);
  std::string_view password;
  if (!root || !root->is_object() || (*root)["password"].get(password) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return std::string(password);
}

/// The 500 of a deletion has no body.
Response deletion_failed(const store::Error& error) {
  spdlog::error("Error deleting user: {}", error.message);
  return empty_reply(500);
}

}  // namespace

Response UsersApi::update_own(const Request& request) {
  const auto caller = session_token(request, parts_.tokens);
  if (!caller) return not_authorized();
  return update(request, *caller, caller->user_id);
}

Response UsersApi::update_other(const Request& request) {
  const auto caller = session_token(request, parts_.tokens);
  const auto wanted = decode_path_variable(request.variables.at(0));
  if (!caller || !wanted) return not_authorized();
  return update(request, *caller, *wanted);
}

Response UsersApi::update(const Request& request, const account::Token& caller,
                          std::string_view id_or_email) {
  const auto before = find(id_or_email);
  if (!before) return shoreline_failure(kFindingFailed, before.error());
  if (!*before) return not_authorized();
  const account::User& target = **before;
  request.note_whose(target.id);
  const auto role = role_of(caller, target);
  if (!role) return shoreline_failure(kFindingFailed, role.error());
  if (*role == Role::kStranger || has_role(target, "brokered")) return not_authorized();
  auto wanted = parse_user_update(request.body);
  if (!wanted) return code_and_reason(400, kInvalidDetails);
  if (wanted->for_servers_only() && *role != Role::kServer) return not_authorized();
  if (wanted->for_owners_only() && *role == Role::kCustodian) return not_authorized();
  if (wanted->email_to_check) {
    const auto other = parts_.accounts.find_by_email(*wanted->email_to_check);
    if (!other) return shoreline_failure(kFindingFailed, other.error());
    if (*other && (*other)->id != target.id) return code_and_reason(409, kUserExists);
  }
  // An address that nobody has confirmed may be a stranger's.
  const bool new_email = wanted->update.email && *wanted->update.email != target.email;
  if (new_email && *role != Role::kServer && !options_.verify_new_accounts) {
    wanted->update.email_verified = false;
  }
  const bool new_password = wanted->update.password.has_value();
  // Before as well as after: a crash in between must not leave the old sessions alive, nor may one
  // that began with the old password in the meantime.
  if (new_password) {
    if (auto ended = end_access(target.id); !ended) {
      return shoreline_failure(kUpdatingFailed, ended.error());
    }
  }
  const auto user = parts_.accounts.update(target.id, wanted->update);
  if (!user) return update_failed(user.error());
  if (new_password) {
    if (auto ended = end_access(target.id); !ended) {
      return shoreline_failure(kUpdatingFailed, ended.error());
    }
  }
  const auto audience = caller.is_server ? account::Audience::kServer : account::Audience::kUser;
  Response response = plain_json(200, account::user_json(*user, audience));
  // The owner's own session goes on, with another token.
  if (new_password && *role == Role::kOwner) {
    return with_new_token(std::move(response), *user);
  }
  return response;
}

/// Ends everything that stands for the user: sessions and restricted tokens.
store::Result<void> UsersApi::end_access(std::string_view user_id) {
  if (auto ended = parts_.tokens.end_sessions(user_id); !ended) return ended;
  return parts_.restricted_tokens.remove_all(user_id);
}

/// Step by step, the account last: after a crash the same request goes on where it stopped.
store::Result<void> UsersApi::destroy(std::string_view user_id) {
  if (auto done = end_access(user_id); !done) return done;
  if (auto done = parts_.erase_data(user_id); !done) return done;
  if (auto done = parts_.sharing.forget(user_id); !done) return done;
  return parts_.accounts.remove(user_id);
}

Response UsersApi::remove(const Request& request) {
  const auto caller = session_token(request, parts_.tokens);
  const auto wanted = decode_path_variable(request.variables.at(0));
  if (!caller || !wanted) return empty_reply(401);
  const auto user = find(*wanted);
  if (!user) return deletion_failed(user.error());
  if (!*user) return empty_reply(caller->is_server ? 204 : 401);
  const account::User& target = **user;
  request.note_whose(target.id);
  const auto role = role_of(*caller, target);
  if (!role) return deletion_failed(role.error());
  if (*role == Role::kStranger || has_role(target, "clinic") || has_role(target, "clinician")) {
    return empty_reply(401);
  }
  if (*role == Role::kOwner) {
    if (const int64_t wait_s = parts_.limits.wait_s(target.email, request.client_address)) {
      return too_many_logins(wait_s);
    }
    const auto password = password_in(request.body);
    const auto matches =
        password ? parts_.accounts.has_password(target, *password) : store::Result<bool>(false);
    if (!matches) return deletion_failed(matches.error());
    if (!*matches) {
      if (password) parts_.limits.failed(target.email, request.client_address);
      return code_and_reason(403, kMissingCredentials);
    }
  }
  if (auto done = destroy(target.id); !done) return deletion_failed(done.error());
  return empty_reply(204);
}

}  // namespace tideway::api
