// The pages of the login: plain HTML that needs no script, and three tiny pages that are nothing
// but a script because browsers leave no other way (docs/spec/clients.md 4.6).
#pragma once

#include <string>
#include <string_view>

#include "server/http.h"

namespace tideway::api {

/// Text for HTML, also inside quoted attributes.
std::string html_escaped(std::string_view text);

struct LoginForm {
  std::string action;
  std::string request;      ///< the query of the authorisation request, sent along
  std::string csrf;         ///< what the cookie says too
  std::string client_id;    ///< who wants to log the user in
  std::string email;        ///< already filled in
  std::string problem;      ///< what went wrong the last time, in words
  std::string form_target;  ///< where the answer may lead: see oidc::form_target
  std::string other_page;   ///< to make an account, or to log in with one; may be empty
};
server::Response login_page(uint16_t status, const LoginForm& form);

inline constexpr size_t kFullNameCharactersMax = 200;

struct RegistrationForm : LoginForm {
  enum class Field { kNone, kEmail, kPassword };

  std::string full_name;             ///< already filled in
  Field wrong_field = Field::kNone;  ///< which the problem is about
};
server::Response registration_page(uint16_t status, const RegistrationForm& form);

/// "Do you want to log out?", for who came without a token to prove it.
server::Response logout_page(std::string_view action, std::string_view request,
                             std::string_view csrf, std::string_view form_target);

/// A heading and a sentence.
server::Response message_page(uint16_t status, std::string_view title, std::string_view text);

/// 500, the reason in the log only.
server::Response failure_page();

/// A form that came without the cookie that belongs to it.
inline constexpr std::string_view kStaleForm =
    "This page was open for too long, or your browser keeps no cookies. Please try again.";

/// Tells keycloak-js that cookies inside foreign pages cannot be relied on; it then works without.
server::Response third_party_cookies_page();
/// Answers keycloak-js whether the browser is still logged in.
server::Response login_status_page();
/// Hands what the login brought on to the desktop Uploader.
server::Response upload_redirect_page();

/// A readable cookie of this name says that the browser is logged in; it holds nothing else.
inline constexpr std::string_view kLoggedInCookie = "tideway_logged_in";

}  // namespace tideway::api
