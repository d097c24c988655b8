// What a browser does for a login: keeps cookies, follows no link by itself, fills forms in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/e2e/api_client.h"

namespace tideway::e2e {

using Form = std::vector<std::pair<std::string, std::string>>;

/// name=value&…, escaped.
std::string form_text(const Form& form);

/// The parameters of an address: behind its '?', or behind its '#'.
std::map<std::string, std::string> parameters_of(const std::string& address);

/// The value of an input of that name in a page.
std::string input_of(const std::string& page, std::string_view name);

class Browser {
 public:
  explicit Browser(uint16_t port) : client_(port) {}

  Reply get(const std::string& target);
  Reply post(const std::string& target, const Form& form, const std::string& fields = {});

  /// Opens the address of a login, fills the form in and sends it. Where it leads: the address of
  /// the client, with the code or an error. Throws when the server shows no form.
  std::string log_in(const std::string& target, const std::string& email,
                     const std::string& password);

 private:
  std::string cookie_field() const;
  Reply keep_cookies(Reply reply);

  ApiClient client_;
  std::map<std::string, std::string> cookies_;
};

}  // namespace tideway::e2e
