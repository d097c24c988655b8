#include "api/users.h"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <utility>

#include "api/new_user_json.h"
#include "api/path_variable.h"
#include "api/shoreline.h"
#include "api/user_update_json.h"
#include "base/ids.h"
#include "base/time.h"
#include "server/query.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::code_and_reason;
using server::Request;
using server::Response;

constexpr std::string_view kCreatingFailed = "Error creating the user";
constexpr std::string_view kFindingFailed = "Error finding user";
constexpr std::string_view kInvalidDetails = "Invalid user details were given";
constexpr std::string_view kRegistrationClosed = "Registration is closed";
constexpr std::string_view kUserExists = "User already exists";
constexpr std::string_view kUserNotFound = "User not found";

/// One answer holds no more accounts.
constexpr size_t kListedMax = 10'000;

Response creation_failed(account::CreateError error) {
  switch (error) {
    case account::CreateError::kInvalid:
      return code_and_reason(400, kInvalidDetails);
    case account::CreateError::kExists:
      return code_and_reason(409, kUserExists);
    case account::CreateError::kStore:
      break;
  }
  spdlog::error("{}: the store or the password hash failed", kCreatingFailed);
  return code_and_reason(500, kCreatingFailed);
}

account::Audience audience_of(const account::Token& caller) {
  return caller.is_server ? account::Audience::kServer : account::Audience::kUser;
}

/// The start of a day, in milliseconds.
std::optional<int64_t> day_ms(std::string_view date) {
  if (date.size() != std::string_view("2024-01-31").size()) return std::nullopt;
  const auto time = parse_instant(std::string(date) + "T00:00:00Z");
  if (!time) return std::nullopt;
  return time->milliseconds();
}

/// What GET /auth/users asks for.
struct Wanted {
  std::vector<std::string> ids;
  std::string role;
  std::optional<int64_t> created_from_ms;
  std::optional<int64_t> created_to_ms;

  bool matches(const account::User& user) const {
    return std::ranges::find(user.roles, role) != user.roles.end() &&
           user.created_ms >= created_from_ms.value_or(INT64_MIN) &&
           user.created_ms < created_to_ms.value_or(INT64_MAX);
  }
};

/// The error is the reason of a 400.
std::expected<Wanted, std::string_view> read_wanted(const Request& request) {
  const server::Query query = server::parse_query_lenient(request.query);
  if (query.empty()) return std::unexpected("A query must be specified");
  const auto role = query.first("role");
  const auto id = query.first("id");
  if (role && !account::is_role(*role)) return std::unexpected("The role specified is invalid");
  if (role && id) return std::unexpected("Only one query parameter is allowed");
  Wanted wanted;
  if (const auto text = query.first("createdFrom")) {
    wanted.created_from_ms = day_ms(*text);
    if (!wanted.created_from_ms) return std::unexpected("Invalid query parameter: createdFrom");
  }
  if (const auto text = query.first("createdTo")) {
    wanted.created_to_ms = day_ms(*text);
    if (!wanted.created_to_ms) return std::unexpected("Invalid query parameter: createdTo");
  }
  if (!role && !id) return std::unexpected("Unknown query parameter");
  wanted.role = role.value_or("");
  for (std::string_view rest = id.value_or(""); !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    if (comma > 0) wanted.ids.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return wanted;
}

}  // namespace

UsersApi::UsersApi(UsersParts parts, UsersOptions options)
    : parts_(std::move(parts)), options_(options) {}

std::vector<server::Route> UsersApi::routes() {
  const auto route = [this](std::string method, std::string pattern, bool dataservices,
                            Response (UsersApi::*handle)(const Request&)) {
    return shoreline_route(std::move(method), std::move(pattern), dataservices,
                           std::bind_front(handle, this));
  };
  return {
      route("GET", "/auth/user", true, &UsersApi::own_user),
      route("POST", "/auth/user", true, &UsersApi::create),
      route("PUT", "/auth/user", true, &UsersApi::update_own),
      route("GET", "/auth/user/{idOrEmail}", true, &UsersApi::other_user),
      route("PUT", "/auth/user/{idOrEmail}", true, &UsersApi::update_other),
      route("DELETE", "/auth/user/{idOrEmail}", true, &UsersApi::remove),
      route("POST", "/auth/user/{id}/user", true, &UsersApi::create_custodial),
      route("GET", "/auth/users", true, &UsersApi::list),
      route("GET", "/v1/users/{id}", false, &UsersApi::other_user),
      route("DELETE", "/v1/users/{id}", true, &UsersApi::remove),
  };
}

UsersApi::Users UsersApi::find(std::string_view id_or_email) {
  // Ids are stored in lower case and accepted in any.
  std::string id(id_or_email);
  std::ranges::transform(id, id.begin(), [](unsigned char c) { return std::tolower(c); });
  return is_user_id(id) ? parts_.accounts.find(id) : parts_.accounts.find_by_email(id_or_email);
}

store::Result<UsersApi::Role> UsersApi::role_of(const account::Token& caller,
                                                const account::User& user) {
  if (caller.is_server) return Role::kServer;
  if (caller.user_id == user.id) return Role::kOwner;
  const auto held = parts_.sharing.granted(user.id, caller.user_id);
  if (!held) return std::unexpected(held.error());
  return held->custodian ? Role::kCustodian : Role::kStranger;
}

Response UsersApi::own_user(const Request& request) {
  const auto caller = session_token(request, parts_.tokens);
  if (!caller) return not_authorized();
  return show(request, *caller, caller->user_id);
}

Response UsersApi::other_user(const Request& request) {
  const auto caller = session_token(request, parts_.tokens);
  if (!caller) return not_authorized();
  const auto wanted = decode_path_variable(request.variables.at(0));
  if (!wanted) return code_and_reason(404, kUserNotFound);
  return show(request, *caller, *wanted);
}

Response UsersApi::show(const Request& request, const account::Token& caller,
                        std::string_view id_or_email) {
  const auto user = find(id_or_email);
  if (!user) return shoreline_failure(kFindingFailed, user.error());
  // To others an account that is not theirs looks like one that does not exist.
  if (!*user) return caller.is_server ? code_and_reason(404, kUserNotFound) : not_authorized();
  request.note_whose((*user)->id);
  const auto role = role_of(caller, **user);
  if (!role) return shoreline_failure(kFindingFailed, role.error());
  if (*role == Role::kStranger) return not_authorized();
  return plain_json(200, account::user_json(**user, audience_of(caller)));
}

Response UsersApi::list(const Request& request) {
  const auto caller = session_token(request, parts_.tokens);
  if (!caller || !caller->is_server) return not_authorized();
  const auto wanted = read_wanted(request);
  if (!wanted) return code_and_reason(400, wanted.error());
  std::string body = "[";
  size_t count = 0;
  const auto add = [&](const account::User& user) {
    if (count++ > 0) body += ',';
    body += account::user_json(user, account::Audience::kServer);
    return count < kListedMax;
  };
  store::Result<void> done;
  if (wanted->role.empty()) {
    for (const std::string& id : wanted->ids) {
      const auto user = find(id);
      if (!user) return shoreline_failure(kFindingFailed, user.error());
      if (*user && !add(**user)) break;
    }
  } else {
    done = parts_.accounts.each(
        [&](const account::User& user) { return !wanted->matches(user) || add(user); });
  }
  if (!done) return shoreline_failure(kFindingFailed, done.error());
  return plain_json(200, body + ']');
}

Response UsersApi::with_new_token(Response response, const account::User& user) {
  response.headers.set(kSessionTokenHeader,
                       parts_.tokens.issue({.user_id = user.id,
                                            .duration_s = account::kUserTokenDurationSeconds,
                                            .email_verified = user.email_verified}));
  return response;
}

Response UsersApi::create(const Request& request) {
  if (!options_.registration_open) return code_and_reason(403, kRegistrationClosed);
  auto wanted = parse_new_user(request.body);
  if (!wanted) return code_and_reason(400, kInvalidDetails);
  wanted->verified = options_.verify_new_accounts;
  const auto user = parts_.accounts.create(*wanted);
  sodium_memzero(wanted->password.data(), wanted->password.size());
  if (!user) return creation_failed(user.error());
  request.note_who("user:" + user->id);
  request.note_whose(user->id);
  return with_new_token(plain_json(201, account::user_json(*user)), *user);
}

Response UsersApi::create_custodial(const Request& request) {
  const auto caller = session_token(request, parts_.tokens);
  if (!caller) return not_authorized();
  const auto custodian = find(request.variables.at(0));
  if (!custodian) return shoreline_failure(kFindingFailed, custodian.error());
  if (!*custodian || (!caller->is_server && caller->user_id != (*custodian)->id)) {
    return not_authorized();
  }
  const auto email = parse_custodial_email(request.body);
  if (!email) return code_and_reason(400, kInvalidDetails);
  const auto user = parts_.accounts.create_custodial(*email, {});
  if (!user) return creation_failed(user.error());
  request.note_whose(user->id);
  const auto set = account::parse_permissions(R"({"custodian":{},"upload":{},"view":{}})");
  const auto granted = parts_.sharing.grant(user->id, (*custodian)->id, *set);
  if (!granted) return shoreline_failure(kCreatingFailed, granted.error());
  return plain_json(201, account::user_json(*user, audience_of(*caller)));
}

}  // namespace tideway::api
