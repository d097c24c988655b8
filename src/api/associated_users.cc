// GET /metadata/users/{userId}/users: everybody who shares with an account or with whom it shares
// (docs/spec/http.md 2.5).
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "api/gatekeeper.h"
#include "api/profiles.h"
#include "api/shoreline.h"
#include "base/text.h"
#include "base/time.h"
#include "json/canonical.h"
#include "json/document.h"
#include "server/query.h"

namespace tideway::api {
namespace {

using account::PermissionSet;
using json::Element;
using server::Request;
using server::Response;

/// One of the others, as far as the answer and its filters need.
struct Associate {
  account::User user;
  PermissionSet trustor;  ///< granted to the account
  PermissionSet trustee;  ///< granted by the account
  std::string profile;    ///< JSON; empty when there is none
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

bool contains(std::string_view text, std::string_view wanted) {
  return lower(text).find(lower(wanted)) != std::string::npos;
}

/// The names that a set has to have, or one of the words any and none.
struct Condition {
  bool any = false;
  bool none = false;
  std::vector<std::string> names;

  /// Nothing when a word is mixed with names.
  static std::optional<Condition> read(std::string_view text) {
    Condition condition;
    size_t parts = 0;
    while (!text.empty()) {
      const size_t comma = std::min(text.find(','), text.size());
      const std::string_view name = text.substr(0, comma);
      condition.any |= name == "any";
      condition.none |= name == "none";
      condition.names.emplace_back(name);
      text.remove_prefix(std::min(comma + 1, text.size()));
      ++parts;
    }
    if ((condition.any || condition.none) && parts > 1) return std::nullopt;
    return condition;
  }

  bool holds(const PermissionSet& set) const {
    if (none) return set.empty();
    if (any) return !set.empty();
    json::Parser parser;
    const auto root = parser.parse(set.json);
    return root && std::ranges::all_of(names, [&](const std::string& name) {
             return (*root)[name].error() == simdjson::SUCCESS;
           });
  }
};

/// The text at a path of members in a JSON object; empty when there is none.
std::string text_at(const std::string& json, std::initializer_list<const char*> path) {
  json::Parser parser;
  auto root = json.empty() ? std::nullopt : parser.parse(json);
  for (const char* name : path) {
    Element next;
    if (!root || !root->is_object() || (*root)[name].get(next) != simdjson::SUCCESS) return {};
    root = next;
  }
  std::string_view text;
  return root && root->get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

class Filter {
 public:
  /// The error is the text of a 400.
  static std::optional<Filter> read(const server::Query& query) {
    Filter filter;
    for (const auto name : {"trustorPermissions", "trusteePermissions"}) {
      const auto text = query.first(name);
      if (!text) continue;
      auto condition = Condition::read(*text);
      if (!condition) return std::nullopt;
      filter.permissions_.emplace(name, *std::move(condition));
    }
    for (const auto name : {"email", "name", "termsAccepted", "birthday", "diagnosisDate"}) {
      if (const auto text = query.first(name)) filter.texts_.emplace(name, *text);
    }
    if (const auto text = query.first("emailVerified")) {
      const std::string flag = lower(*text);
      filter.email_verified_ = flag == "true" || flag == "yes" || flag == "y" || flag == "1";
    }
    return filter;
  }

  bool matches(const Associate& other) const {
    for (const auto& [name, condition] : permissions_) {
      const bool trustor = name == "trustorPermissions";
      if (!condition.holds(trustor ? other.trustor : other.trustee)) return false;
    }
    if (email_verified_ && *email_verified_ != other.user.email_verified) return false;
    return std::ranges::all_of(texts_, [&](const auto& wanted) {
      return contains(text_of(other, wanted.first), wanted.second);
    });
  }

 private:
  static std::string text_of(const Associate& other, std::string_view name) {
    if (name == "email") {
      return account::is_temporary_email(other.user.email) ? std::string() : other.user.email;
    }
    if (name == "name") return text_at(other.profile, {"fullName"});
    if (name == "termsAccepted") {
      const int64_t ms = other.user.terms_accepted_ms;
      return ms == 0 ? std::string() : format_utc_milliseconds(ms);
    }
    // What the other does not share with the account must not be found out by asking either.
    if (other.trustor.empty()) return {};
    return text_at(other.profile, {"patient", name == "birthday" ? "birthday" : "diagnosisDate"});
  }

  std::map<std::string, Condition> permissions_;
  std::map<std::string, std::string> texts_;
  std::optional<bool> email_verified_;
};

/// `profile` without its member patient.
std::string without_patient(const std::string& profile) {
  json::Parser parser;
  const auto root = parser.parse(profile);
  simdjson::dom::object object;
  if (!root || root->get(object) != simdjson::SUCCESS) return "{}";
  std::string out = "{";
  for (const auto [name, value] : object) {
    if (name == "patient") continue;
    if (out.size() > 1) out += ',';
    append_json_string(out, name);
    out += ':';
    json::append_canonical(out, value);
  }
  return out + '}';
}

void append_member(std::string& out, std::string_view name, std::string_view json) {
  out.back() = ',';  // the closing brace
  append_json_string(out, name);
  out += ':';
  out += json;
  out += '}';
}

}  // namespace

Response ProfilesApi::associated_users(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables.at(0);
  const auto may = may_manage(caller, user_id);
  if (!may) return gatekeeper_failure(request, may.error().message);
  if (!*may) return not_permitted();
  const auto filter = Filter::read(server::parse_query_lenient(request.query));
  if (!filter) return text_reply(400, "Query is invalid");
  const auto trustors = sharing_.granted_to(user_id);
  if (!trustors) return gatekeeper_failure(request, trustors.error().message);
  const auto trustees = sharing_.granted_by(user_id);
  if (!trustees) return gatekeeper_failure(request, trustees.error().message);

  std::map<std::string, Associate> others;
  for (const auto& [id, set] : *trustors) others[id].trustor = set;
  for (const auto& [id, set] : *trustees) others[id].trustee = set;
  const auto audience = caller.is_service() ? account::Audience::kServer : account::Audience::kUser;
  std::string body = "[";
  for (auto& [id, other] : others) {
    auto user = accounts_.find(id);
    if (!user) return gatekeeper_failure(request, user.error().message);
    if (!*user) continue;
    other.user = **std::move(user);
    const auto json = describe(other.user, other.trustor, other.trustee, audience);
    if (!json) return gatekeeper_failure(request, json.error().message);
    other.profile = json->profile;
    if (!filter->matches(other)) continue;
    if (body.size() > 1) body += ',';
    body += json->text;
  }
  return plain_json(200, body + ']');
}

store::Result<ProfilesApi::Described> ProfilesApi::describe(const account::User& user,
                                                            const PermissionSet& trustor,
                                                            const PermissionSet& trustee,
                                                            account::Audience audience) const {
  Described described{.text = account::user_json(user, audience), .profile = {}};
  std::string& text = described.text;
  if (!trustor.empty()) append_member(text, "trustorPermissions", trustor.json);
  if (!trustee.empty()) append_member(text, "trusteePermissions", trustee.json);
  const auto profile = profiles_.find(user.id, "profile");
  if (!profile) return std::unexpected(profile.error());
  described.profile = profile->value_or("");
  if (*profile) {
    append_member(text, "profile", trustor.empty() ? without_patient(**profile) : **profile);
  }
  const account::Permissions& held = trustor.known;
  const std::pair<const char*, bool> more[] = {
      {"settings", held.custodian || held.view || held.upload}, {"preferences", held.custodian}};
  for (const auto& [name, visible] : more) {
    if (!visible) continue;
    const auto json = profiles_.find(user.id, name);
    if (!json) return std::unexpected(json.error());
    if (*json && **json != "{}") append_member(text, name, **json);
  }
  return described;
}

}  // namespace tideway::api
