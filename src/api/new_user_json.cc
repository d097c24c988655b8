#include "api/new_user_json.h"

#include <simdjson.h>

#include <string>
#include <utility>
#include <vector>

namespace tideway::api {
namespace {

using simdjson::dom::element;

struct Body {
  std::string username;
  std::vector<std::string> emails;
  std::string password;
  std::vector<std::string> roles;
};

bool read(element value, std::string& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

/// null counts as an empty list.
bool read(element value, std::vector<std::string>& out) {
  out.clear();
  if (value.is_null()) return true;
  simdjson::dom::array elements;
  if (value.get(elements) != simdjson::SUCCESS) return false;
  for (const element item : elements) {
    if (!read(item, out.emplace_back())) return false;
  }
  return true;
}

bool read_member(Body& body, std::string_view key, element value) {
  if (key == "username") return read(value, body.username);
  if (key == "emails") return read(value, body.emails);
  if (key == "password") return read(value, body.password);
  if (key == "roles") return read(value, body.roles);
  return true;
}

bool is_valid(const Body& body) {
  if (!account::is_email(body.username) || body.emails.empty()) return false;
  for (const std::string& email : body.emails) {
    if (!account::is_email(email)) return false;
  }
  for (const std::string& role : body.roles) {
    if (!account::is_role(role)) return false;
  }
  return account::is_password(body.password);
}

}  // namespace

std::optional<account::NewUser> parse_new_user(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object members;
  if (parser.parse(json.data(), json.size()).get(members) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  Body body;
  for (const auto [key, value] : members) {
    if (!read_member(body, key, value)) return std::nullopt;
  }
  if (!is_valid(body)) return std::nullopt;
  account::NewUser user;
  user.email = std::move(body.emails.front());
  user.password = std::move(body.password);
  user.roles = std::move(body.roles);
  return user;
}

}  // namespace tideway::api
