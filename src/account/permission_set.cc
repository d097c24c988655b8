#include "account/permission_set.h"

#include <map>

#include "base/text.h"
#include "json/canonical.h"
#include "json/document.h"

namespace tideway::account {
namespace {

void note(Permissions& known, std::string_view name) {
  if (name == "custodian") known.custodian = true;
  if (name == "upload") known.upload = true;
  if (name == "view") known.view = true;
  if (name == "note") known.note = true;
  if (name == "follow") known.follow = true;
}

}  // namespace

std::expected<PermissionSet, PermissionSetError> parse_permissions(const std::string& text) {
  if (text.size() > kPermissionSetSizeBytesMax) {
    return std::unexpected(PermissionSetError::kTooLarge);
  }
  PermissionSet set{.json = "{", .known = {}};
  json::Parser parser;
  std::map<std::string_view, json::Element> members;
  if (text.find_first_not_of(" \t\r\n") != std::string::npos) {
    const auto root = parser.parse(text);
    simdjson::dom::object object;
    if (!root || root->get(object) != simdjson::SUCCESS) {
      return std::unexpected(PermissionSetError::kMalformed);
    }
    for (const auto [name, value] : object) members.insert_or_assign(name, value);
  }
  members.erase("root");
  for (const auto& [name, value] : members) {
    note(set.known, name);
    if (set.json.size() > 1) set.json += ',';
    append_json_string(set.json, name);
    set.json += ':';
    json::append_canonical(set.json, value);
  }
  set.json += '}';
  return set;
}

}  // namespace tideway::account
