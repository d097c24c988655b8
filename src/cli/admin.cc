#include "cli/admin.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"
#include "json/document.h"

namespace tideway::cli {

namespace {

constexpr uint64_t kBodySizeBytesMax = uint64_t{64} * 1024;

constexpr std::string_view kPasswordRule =
    "the password must have 8 to 72 characters and no white space";

server::Response answer(uint16_t status, std::string_view key, std::string_view text) {
  server::Response response;
  response.status = status;
  response.headers.set("Content-Type", "application/json");
  response.body = "{";
  append_json_string(response.body, key);
  response.body += ":";
  append_json_string(response.body, text);
  response.body += "}";
  return response;
}

void append_member(std::string& out, std::string_view key, std::string_view text) {
  append_json_string(out, key);
  out += ":";
  append_json_string(out, text);
  out += ",";
}

/// The text of a member that must be there.
bool read_text(const json::Element& object, std::string_view key, std::string& text) {
  std::string_view value;
  if (object[key].get(value) != simdjson::SUCCESS) return false;
  text = value;
  return true;
}

}  // namespace

std::optional<std::string> problem_with_names(const account::NewUser& user) {
  if (!account::is_email(user.email)) {
    return fmt::format("'{}' is not an e-mail address", user.email);
  }
  for (const std::string& role : user.roles) {
    if (!account::is_role(role)) {
      return fmt::format(
          "unknown role '{}'; there are brokered, clinic, clinician, custodial_account, "
          "migrated_clinic and patient",
          role);
    }
  }
  return std::nullopt;
}

std::optional<std::string> problem_with_password(std::string_view password) {
  if (account::is_password(password)) return std::nullopt;
  return std::string(kPasswordRule);
}

std::expected<std::string, std::string> add_user(account::Accounts& accounts,
                                                 const account::NewUser& user) {
  if (const auto problem = problem_with_names(user)) return std::unexpected(*problem);
  if (const auto problem = problem_with_password(user.password)) return std::unexpected(*problem);
  const auto created = accounts.create(user);
  if (created) return created->id;
  switch (created.error()) {
    case account::CreateError::kExists:
      return std::unexpected(
          fmt::format("an account with the e-mail address '{}' exists already", user.email));
    case account::CreateError::kInvalid:
      return std::unexpected("the account was refused as invalid");
    case account::CreateError::kStore:
      break;
  }
  return std::unexpected("the account could not be stored");
}

std::string own_uid() { return fmt::format("uid:{}", ::getuid()); }

audit::Event user_added(std::string_view uid, std::string_view user_id) {
  audit::Event event;
  event.who = fmt::format("admin:{}", uid);
  event.what = "user add";
  event.whose = user_id;
  event.status = user_id.empty() ? 400 : 201;
  return event;
}

std::string add_user_body(const account::NewUser& user) {
  std::string body = "{";
  append_member(body, "email", user.email);
  append_member(body, "password", user.password);
  append_member(body, "fullName", user.full_name);
  body += "\"roles\":[";
  for (const std::string& role : user.roles) {
    if (!body.ends_with('[')) body += ",";
    append_json_string(body, role);
  }
  body += "]}";
  return body;
}

std::optional<account::NewUser> parse_add_user_body(const std::string& body) {
  json::Parser parser;
  const auto document = parser.parse(body);
  if (!document || !document->is_object()) return std::nullopt;
  account::NewUser user;
  simdjson::dom::array roles;
  if (!read_text(*document, "email", user.email) ||
      !read_text(*document, "password", user.password) ||
      !read_text(*document, "fullName", user.full_name) ||
      (*document)["roles"].get(roles) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  for (const json::Element role : roles) {
    std::string_view text;
    if (role.get(text) != simdjson::SUCCESS) return std::nullopt;
    user.roles.emplace_back(text);
  }
  return user;
}

uint64_t AdminHandler::body_size_bytes_max(std::string_view /*method*/,
                                           std::string_view /*path*/) const {
  return kBodySizeBytesMax;
}

server::Response AdminHandler::handle(server::Request request) {
  if (request.path != kAdminUsersPath) return answer(404, "reason", "there is nothing here");
  if (request.method != "POST") return answer(405, "reason", "only POST is understood here");
  const auto user = parse_add_user_body(request.body);
  const std::expected<std::string, std::string> added =
      user ? add_user(accounts_, *user)
           : std::unexpected("the request has not the form of a new account");
  audit::Event event = user_added(request.peer_address, added.value_or(""));
  event.trace = request.trace_request;
  audit_.add(std::move(event));
  if (!added) return answer(400, "reason", added.error());
  return answer(201, "userid", *added);
}

}  // namespace tideway::cli
