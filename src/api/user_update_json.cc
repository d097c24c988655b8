#include "api/user_update_json.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "json/document.h"

namespace tideway::api {
namespace {

using json::Element;

/// The fields as they came.
struct Fields {
  std::optional<std::string> username;
  std::optional<std::vector<std::string>> emails;
  std::optional<std::string> password;
  std::optional<std::vector<std::string>> roles;
  std::optional<std::string> terms_accepted;
  std::optional<bool> email_verified;
};

bool read(Element value, std::optional<std::string>& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  out = std::string(text);
  return true;
}

bool read(Element value, std::optional<bool>& out) {
  bool flag = false;
  if (value.get(flag) != simdjson::SUCCESS) return false;
  out = flag;
  return true;
}

bool read(Element value, std::optional<std::vector<std::string>>& out) {
  simdjson::dom::array items;
  if (value.get(items) != simdjson::SUCCESS) return false;
  std::vector<std::string> texts;
  for (const Element item : items) {
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS) return false;
    texts.emplace_back(text);
  }
  out = std::move(texts);
  return true;
}

bool read_field(Fields& fields, std::string_view key, Element value) {
  if (value.is_null()) return true;  // as if it were not there
  if (key == "username") return read(value, fields.username);
  if (key == "emails") return read(value, fields.emails);
  if (key == "password") return read(value, fields.password);
  if (key == "roles") return read(value, fields.roles);
  if (key == "termsAccepted") return read(value, fields.terms_accepted);
  if (key == "emailVerified") return read(value, fields.email_verified);
  return true;
}

std::optional<Fields> read_fields(const simdjson::dom::object& object) {
  Fields fields;
  for (const auto [key, value] : object) {
    if (!read_field(fields, key, value)) return std::nullopt;
  }
  return fields;
}

/// What username and emails together ask for. False when they contradict each other.
bool combine_emails(const Fields& fields, UserUpdateJson& out) {
  if (fields.emails && !std::ranges::all_of(*fields.emails, account::is_email)) return false;
  if (fields.username && !fields.username->empty() && !account::is_email(*fields.username)) {
    return false;
  }
  if (fields.username && fields.emails) {
    const std::string first = fields.emails->empty() ? "" : fields.emails->front();
    if (*fields.username != first) return false;
  }
  if (fields.username) {
    out.update.email = fields.username;
  } else if (fields.emails && fields.emails->empty()) {
    out.update.email = "";
  } else if (fields.emails) {
    out.email_to_check = fields.emails->front();
  }
  return true;
}

}  // namespace

std::optional<UserUpdateJson> parse_user_update(const std::string& json) {
  json::Parser parser;
  const auto root = parser.parse(json);
  simdjson::dom::object body;
  simdjson::dom::object updates;
  if (!root || root->get(body) != simdjson::SUCCESS ||
      body["updates"].get(updates) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  const auto fields = read_fields(updates);
  UserUpdateJson out;
  if (!fields || !combine_emails(*fields, out)) return std::nullopt;
  if (fields->password && !account::is_password(*fields->password)) return std::nullopt;
  if (fields->roles && !std::ranges::all_of(*fields->roles, account::is_role)) {
    return std::nullopt;
  }
  if (fields->terms_accepted) {
    const auto time = parse_instant(*fields->terms_accepted);
    if (!time || fields->terms_accepted->ends_with('Z')) return std::nullopt;
    out.update.terms_accepted_ms = time->milliseconds();
  }
  out.update.password = fields->password;
  out.update.roles = fields->roles;
  out.update.email_verified = fields->email_verified;
  return out;
}

std::optional<std::string> parse_custodial_email(const std::string& json) {
  if (json.find_first_not_of(" \t\r\n") == std::string::npos) return "";
  json::Parser parser;
  const auto root = parser.parse(json);
  simdjson::dom::object body;
  if (!root || root->get(body) != simdjson::SUCCESS) return std::nullopt;
  const auto fields = read_fields(body);
  if (!fields) return std::nullopt;
  if (fields->emails && !std::ranges::all_of(*fields->emails, account::is_email)) {
    return std::nullopt;
  }
  if (fields->username && !account::is_email(*fields->username)) return std::nullopt;
  if (fields->emails && !fields->emails->empty()) return fields->emails->front();
  return fields->username.value_or("");
}

}  // namespace tideway::api
