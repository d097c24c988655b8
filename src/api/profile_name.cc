#include "api/profile_name.h"

#include "json/document.h"

namespace tideway::api {

store::Result<std::string> profile_name(const account::Profiles& profiles,
                                        std::string_view user_id) {
  const auto profile = profiles.find(user_id, "profile");
  if (!profile) return std::unexpected(profile.error());
  if (!*profile) return std::string();
  json::Parser parser;
  const auto root = parser.parse(**profile);
  std::string_view name;
  if (root && (*root)["fullName"].get_string().get(name) == simdjson::SUCCESS) {
    return std::string(name);
  }
  return std::string();
}

}  // namespace tideway::api
