// The part of OidcApi that lets people make an account of their own, if registration is open: the
// same as POST /auth/user, for who has nothing but a browser.
#include <sodium.h>

#include <algorithm>

#include "api/oidc.h"
#include "base/text.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;
using Field = RegistrationForm::Field;

constexpr std::string_view kTitle = "Create an account";
constexpr std::string_view kClosed =
    "Accounts on this server are made by who runs it. Ask that person for one.";
constexpr std::string_view kBadEmail = "This is not an e-mail address. Check it and try again.";
constexpr std::string_view kBadPassword =
    "The password must have 8 to 72 characters and no spaces. Choose another one.";
constexpr std::string_view kTaken =
    "An account with this e-mail address exists already. Log in with it, or take another address.";
constexpr std::string_view kMade =
    "Your account was made. Go back to the program that you came from and log in there.";
constexpr std::string_view kNotVerified =
    "Your account was made. You can log in once who runs this server has confirmed the e-mail "
    "address.";

bool is_name(std::string_view text) {
  return code_point_count(text) <= kFullNameCharactersMax &&
         std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

}  // namespace

Response OidcApi::show_registration(const Request& request, uint16_t status,
                                    RegistrationForm form) const {
  const AuthorizationRequest wanted = read_authorization_request(form.request, provider_.clients());
  form.action = path("/registrations");
  // Without a login that can go on afterwards there is still an account to make.
  if (wanted.verdict == AuthorizationRequest::Verdict::kGood) {
    form.client_id = wanted.client_id;
    form.form_target = oidc::form_target(wanted.redirect_uri);
    form.other_page = path("/auth?") + form.request;
    if (form.email.empty() && form.problem.empty()) form.email = wanted.login_hint;
  }
  form.csrf = csrf_value(request);
  Response response = registration_page(status, form);
  add_csrf_cookie(request, response, form.csrf);
  return response;
}

Response OidcApi::registrations(const Request& request) {
  if (!registration_.registration_open) return message_page(200, kTitle, kClosed);
  RegistrationForm form;
  form.request = request.query;
  return show_registration(request, 200, std::move(form));
}

Response OidcApi::create_account(const Request& request) {
  if (!registration_.registration_open) return message_page(403, kTitle, kClosed);
  const auto sent = read_form(request);
  if (!sent) return message_page(400, kTitle, "The form did not arrive as it was sent.");
  const auto text = [&](std::string_view name) {
    return std::string(sent->first(name).value_or(""));
  };
  RegistrationForm form;
  form.request = text("request");
  form.email = text("email");
  form.full_name = text("name");
  const auto again = [&](uint16_t status, std::string_view problem, Field field) {
    form.problem = problem;
    form.wrong_field = field;
    return show_registration(request, status, std::move(form));
  };
  if (!is_own_form(request, *sent)) return again(403, kStaleForm, Field::kNone);
  if (!account::is_email(form.email)) return again(400, kBadEmail, Field::kEmail);
  if (!is_name(form.full_name)) return again(400, "The name is too long.", Field::kNone);
  account::NewUser wanted{.email = form.email,
                          .password = text("password"),
                          .full_name = form.full_name,
                          .roles = {},
                          .verified = registration_.verify_new_accounts};
  if (!account::is_password(wanted.password)) return again(400, kBadPassword, Field::kPassword);
  const auto user = provider_.accounts().create(wanted);
  sodium_memzero(wanted.password.data(), wanted.password.size());
  if (!user && user.error() == account::CreateError::kExists) {
    return again(409, kTaken, Field::kEmail);
  }
  if (!user) return failure_page();
  request.note_who("user:" + user->id);
  request.note_whose(user->id);
  if (!user->email_verified) return message_page(201, kTitle, kNotVerified);
  const AuthorizationRequest login = read_authorization_request(form.request, provider_.clients());
  if (login.verdict != AuthorizationRequest::Verdict::kGood) {
    return message_page(201, kTitle, kMade);
  }
  return remember(request, login, user->id);
}

}  // namespace tideway::api
