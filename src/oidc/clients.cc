#include "oidc/clients.h"

#include <algorithm>
#include <cctype>

namespace tideway::oidc {
namespace {

constexpr std::string_view kTidepoolKit = "org.tidepool.tidepoolkit.auth://redirect";
constexpr std::string_view kUploader = "tidepool-uploader-sso";

struct BuiltIn {
  std::string_view client_id;
  std::string_view redirect_uri;
};

constexpr BuiltIn kBuiltIn[] = {
    {"aaps", "aaps://callback/tidepool"},
    {"diy-loop", kTidepoolKit},
    {"nightscout-trio", "org.nightscout.trio.tidepoolkit.auth://redirect"},
    {"tidepool-carepartner-ios", kTidepoolKit},
    {"tidepool-loop", kTidepoolKit},
    {"xdrip", "xdrip://callback/tidepool"},
    // The Uploader: its logout, its development builds, its server choice "Local".
    {kUploader, "tidepooluploader://localhost/keycloak-redirect"},
    {kUploader, "http://localhost:31500/uploader"},
    {kUploader, "http://localhost:3001/uploader"},
    {kUploader, "http://localhost:3000/upload-redirect"},
};

/// The length of "scheme:", 0 without one.
size_t scheme_size(std::string_view uri) {
  const size_t colon = uri.find(':');
  if (colon == 0 || colon == std::string_view::npos) return 0;
  const bool sound = std::ranges::all_of(uri.substr(0, colon), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
  });
  return sound ? colon + 1 : 0;
}

bool is_sound(std::string_view uri) {
  return scheme_size(uri) > 0 && uri.substr(scheme_size(uri)).starts_with("//") &&
         std::ranges::all_of(uri, [](unsigned char c) { return c > ' ' && c < 0x7f; }) &&
         uri.find_first_of("#\"'<>\\;,") == std::string_view::npos;
}

}  // namespace

Clients::Clients(std::string_view public_url) {
  for (const auto& [client, uri] : kBuiltIn) redirects_[std::string(client)].emplace_back(uri);
  const std::string own(public_url);
  redirects_[std::string(kUploader)].push_back(own + "/upload-redirect");
  redirects_[std::string(kUploader)].push_back(own + "/uploader");
  // The web app is known; where it is served is for the operator to say.
  redirects_["blip"] = {own + "/", own + "/silent-check-sso.html"};
}

bool Clients::is_setting(std::string_view setting) {
  const size_t equals = setting.find('=');
  return equals != 0 && equals != std::string_view::npos && is_sound(setting.substr(equals + 1));
}

bool Clients::add(std::string_view setting) {
  if (!is_setting(setting)) return false;
  const size_t equals = setting.find('=');
  redirects_[std::string(setting.substr(0, equals))].emplace_back(setting.substr(equals + 1));
  return true;
}

bool Clients::knows(std::string_view client_id) const {
  return redirects_.find(client_id) != redirects_.end();
}

bool Clients::may_redirect(std::string_view client_id, std::string_view uri) const {
  const auto client = redirects_.find(client_id);
  if (client == redirects_.end() || !is_sound(uri)) return false;
  return std::ranges::any_of(client->second, [&](std::string_view allowed) {
    if (!allowed.ends_with("/*")) return uri == allowed;
    allowed.remove_suffix(1);
    // Dots could climb out again.
    return uri.starts_with(allowed) && uri.find("/..") == std::string_view::npos;
  });
}

bool is_app_uri(std::string_view uri) {
  return !uri.starts_with("https://") && !uri.starts_with("http://");
}

std::string form_target(std::string_view uri) {
  if (is_app_uri(uri)) return std::string(uri.substr(0, scheme_size(uri)));
  return std::string(uri.substr(0, uri.find('/', uri.find("://") + 3)));
}

}  // namespace tideway::oidc
