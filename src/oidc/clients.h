// The programs that may log users in: public clients, told apart by nothing but their redirect
// addresses (docs/spec/clients.md 4.3).
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tideway::oidc {

class Clients {
 public:
  /// The built-in ones. `public_url` is where this server's own pages are, without a slash.
  explicit Clients(std::string_view public_url);

  /// Adds "client_id=redirect_uri". An address that ends with "/*" admits every path below it.
  /// False when the text has not that form.
  bool add(std::string_view setting);
  static bool is_setting(std::string_view setting);

  bool knows(std::string_view client_id) const;
  /// Compared character by character, but for those that end with "/*".
  bool may_redirect(std::string_view client_id, std::string_view uri) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> redirects_;
};

/// Whether another program of the machine could claim the address: its scheme is not http or
/// https. A user is then asked each time, even when the browser is logged in already.
bool is_app_uri(std::string_view uri);

/// What a browser must be allowed to be sent to: "https://app.example.org" or "xdrip:".
std::string form_target(std::string_view uri);

}  // namespace tideway::oidc
