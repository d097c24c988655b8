// The part of OidcApi that talks to people: logging in and out in a browser.
//
// A form is taken only from a page of ours: it carries a random text that a cookie says too, and
// the browser must not name another site as its origin.
#include <sodium.h>

#include "api/cookies.h"
#include "api/oidc.h"
#include "api/oidc_pages.h"
#include "base/ids.h"
#include "server/field_text.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

constexpr std::string_view kCsrfCookie = "tideway_form";
constexpr std::string_view kLoginCookie = "tideway_login";
constexpr int64_t kUntilClosed = -1;

constexpr std::string_view kWrongLogin =
    "No account has this e-mail address and password. Check both and try again.";
constexpr std::string_view kNotVerified =
    "The e-mail address of this account has not been confirmed yet.";
constexpr std::string_view kTooMany =
    "Too many attempts with a wrong password. Wait some minutes, then try again.";
Response redirect(uint16_t status, std::string location) {
  Response response;
  response.status = status;
  response.headers.set("Location", location);
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Referrer-Policy", "no-referrer");
  return response;
}

bool equal_texts(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

/// Whether the browser says that the form came from elsewhere.
bool is_foreign(const Request& request) {
  const std::string_view site = request.headers.find("Sec-Fetch-Site").value_or("");
  if (!site.empty()) return site != "same-origin";
  const std::string_view origin = request.headers.find("Origin").value_or("");
  if (origin.empty()) return false;  // an old browser; the cookie has to do
  const size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ||
         origin.substr(scheme + 3) != request.headers.find("Host").value_or("");
}

}  // namespace

std::string OidcApi::csrf_value(const Request& request) const {
  // A second tab must not make the form in the first one worthless.
  const auto present = find_cookie(request, kCsrfCookie);
  return present && is_data_id(*present) ? std::string(*present) : random_id();
}

void OidcApi::add_csrf_cookie(const Request& request, Response& response,
                              std::string_view value) const {
  set_cookie(response, {.name = kCsrfCookie,
                        .value = value,
                        .path = provider_.realm_path(),
                        .secure = request.https,
                        .seconds = kUntilClosed});
}

bool OidcApi::is_own_form(const Request& request, const server::Query& form) const {
  const auto cookie = find_cookie(request, kCsrfCookie);
  return cookie && is_data_id(*cookie) && !is_foreign(request) &&
         equal_texts(*cookie, form.first("csrf").value_or(""));
}

Response OidcApi::show_form(const Request& request, const AuthorizationRequest& wanted,
                            uint16_t status, std::string_view query, std::string_view email,
                            std::string_view problem) const {
  const std::string csrf = csrf_value(request);
  const std::string register_page =
      registration_.registration_open ? path("/registrations?") + std::string(query) : "";
  Response response = login_page(status, {.action = path("/auth"),
                                          .request = std::string(query),
                                          .csrf = csrf,
                                          .client_id = wanted.client_id,
                                          .email = std::string(email),
                                          .problem = std::string(problem),
                                          .form_target = oidc::form_target(wanted.redirect_uri),
                                          .other_page = register_page});
  add_csrf_cookie(request, response, csrf);
  return response;
}

Response OidcApi::refuse(const AuthorizationRequest& wanted, uint16_t redirect_status) const {
  if (wanted.verdict == AuthorizationRequest::Verdict::kTellUser) {
    return message_page(400, "This login cannot work", wanted.description);
  }
  return redirect(redirect_status, with_parameters(wanted.redirect_uri,
                                                   {{"error", wanted.error},
                                                    {"error_description", wanted.description},
                                                    {"state", wanted.state}},
                                                   wanted.fragment));
}

std::optional<oidc::BrowserLogin> OidcApi::reusable_login(
    const Request& request, const AuthorizationRequest& wanted) const {
  // Any program of a phone or computer can claim an address of that kind and would get in without
  // the user's noticing.
  if (oidc::is_app_uri(wanted.redirect_uri) || wanted.prompt_login) return std::nullopt;
  const auto cookie = find_cookie(request, kLoginCookie);
  if (!cookie) return std::nullopt;
  const int64_t now_s = provider_.now_s();
  auto login = provider_.grants().find_browser(*cookie, now_s);
  if (!login) return std::nullopt;
  if (wanted.age_max_s && now_s - login->auth_time_s > *wanted.age_max_s) return std::nullopt;
  const auto user = provider_.accounts().find(login->user_id);
  if (!user || !*user || !(*user)->email_verified) return std::nullopt;
  if (provider_.is_ended(login->user_id, login->auth_time_s)) return std::nullopt;
  return login;
}

Response OidcApi::authorize(const Request& request) {
  AuthorizationRequest wanted = read_authorization_request(request.query, provider_.clients());
  if (wanted.verdict != AuthorizationRequest::Verdict::kGood) return refuse(wanted, 302);
  if (const auto login = reusable_login(request, wanted)) return give_code(wanted, *login, 302);
  if (wanted.prompt_none) {
    wanted.verdict = AuthorizationRequest::Verdict::kTellClient;
    wanted.error = "login_required";
    wanted.description = "nobody is logged in";
    return refuse(wanted, 302);
  }
  return show_form(request, wanted, 200, request.query, wanted.login_hint, "");
}

Response OidcApi::give_code(const AuthorizationRequest& wanted, const oidc::BrowserLogin& login,
                            uint16_t redirect_status) {
  const oidc::Code code{.client_id = wanted.client_id,
                        .redirect_uri = wanted.redirect_uri,
                        .challenge = wanted.challenge,
                        .nonce = wanted.nonce,
                        .scope = wanted.scope,
                        .grant_id = random_id(),
                        .auth_time_s = login.auth_time_s};
  const auto text = provider_.grants().issue_code(login.user_id, code, provider_.now_s());
  if (!text) return failure_page();
  return redirect(
      redirect_status,
      with_parameters(wanted.redirect_uri,
                      {{"code", *text}, {"state", wanted.state}, {"session_state", code.grant_id}},
                      wanted.fragment));
}

Response OidcApi::log_in(const Request& request) {
  const auto form = read_form(request);
  if (!form) return message_page(400, "Log in", "The form did not arrive as it was sent.");
  const std::string_view query = form->first("request").value_or("");
  const AuthorizationRequest wanted = read_authorization_request(query, provider_.clients());
  if (wanted.verdict != AuthorizationRequest::Verdict::kGood) return refuse(wanted, 303);
  const std::string_view email = form->first("email").value_or("");
  if (!is_own_form(request, *form)) {
    return show_form(request, wanted, 403, query, email, kStaleForm);
  }
  if (const int64_t wait_s = limits_.wait_s(email, request.client_address)) {
    Response response = show_form(request, wanted, 429, query, email, kTooMany);
    response.headers.set("Retry-After", std::to_string(wait_s));
    return response;
  }
  const auto user = provider_.accounts().authenticate(email, form->first("password").value_or(""));
  if (!user) return failure_page();
  if (!*user) {
    limits_.failed(email, request.client_address);
    const auto target = provider_.accounts().find_by_email(email);
    if (target && *target) request.note_whose((*target)->id);
    return show_form(request, wanted, 401, query, email, kWrongLogin);
  }
  limits_.succeeded(email);
  request.note_who("user:" + (*user)->id);
  if (!(*user)->email_verified) return show_form(request, wanted, 403, query, email, kNotVerified);
  return remember(request, wanted, (*user)->id);
}

/// The code for the client, and the cookies for the browser.
Response OidcApi::remember(const Request& request, const AuthorizationRequest& wanted,
                           const std::string& user_id) {
  const int64_t now_s = provider_.now_s();
  Response response = give_code(wanted, {.user_id = user_id, .auth_time_s = now_s}, 303);
  if (response.status != 303) return response;
  const auto cookie = provider_.grants().remember_browser(user_id, now_s);
  if (!cookie) return failure_page();
  const auto add = [&](std::string_view name, std::string_view value, bool readable) {
    set_cookie(response, {.name = name,
                          .value = value,
                          .path = provider_.realm_path(),
                          .secure = request.https,
                          .readable = readable,
                          .seconds = kUntilClosed});
  };
  add(kLoginCookie, *cookie, false);
  add(kLoggedInCookie, "1", true);
  return response;
}

void OidcApi::forget_browser(const Request& request, Response& response) {
  if (const auto cookie = find_cookie(request, kLoginCookie)) {
    if (!provider_.grants().forget_browser(*cookie)) response = failure_page();
  }
  for (const std::string_view name : {kLoginCookie, kLoggedInCookie}) {
    set_cookie(
        response,
        {.name = name, .value = "", .path = provider_.realm_path(), .secure = request.https});
  }
}

Response OidcApi::end_of_logout(const server::Query& query, std::string_view client_id) const {
  const std::string_view uri = query.first("post_logout_redirect_uri").value_or("");
  if (!uri.empty() && provider_.clients().may_redirect(client_id, uri)) {
    return redirect(
        303, with_parameters(uri, {{"state", std::string(query.first("state").value_or(""))}}));
  }
  return message_page(200, "You are logged out", "You can close this page.");
}

Response OidcApi::log_out(const Request& request) {
  const auto query = server::parse_query_strict(request.query);
  if (!query) return message_page(400, "Log out", "The address of this page is damaged.");
  std::string client_id(query->first("client_id").value_or(""));
  const auto client = provider_.log_out(query->first("id_token_hint").value_or(""));
  if (!client) return failure_page();
  const auto cookie = find_cookie(request, kLoginCookie);
  // Any page could send a browser here; without a token that only the client has, the user is
  // asked.
  if (!*client && cookie && provider_.grants().find_browser(*cookie, provider_.now_s())) {
    const std::string_view uri = query->first("post_logout_redirect_uri").value_or("");
    const bool returns = provider_.clients().may_redirect(client_id, uri);
    const std::string csrf = csrf_value(request);
    Response response =
        logout_page(path("/logout"), request.query, csrf, returns ? oidc::form_target(uri) : "");
    add_csrf_cookie(request, response, csrf);
    return response;
  }
  if (*client) client_id = **client;
  Response response = end_of_logout(*query, client_id);
  forget_browser(request, response);
  return response;
}

Response OidcApi::confirm_logout(const Request& request) {
  const auto form = read_form(request);
  if (!form) return message_page(400, "Log out", "The form did not arrive as it was sent.");
  // Keycloak's older way, for programs: they end the login that a refresh token belongs to.
  if (const auto refresh_token = form->first("refresh_token")) {
    const auto ended = provider_.revoke(*refresh_token, form->first("client_id").value_or(""));
    if (!ended) return failure_page();
    Response response;
    response.status = 204;
    return response;
  }
  const auto query = server::parse_query_strict(form->first("request").value_or(""));
  if (!query || !is_own_form(request, *form)) {
    // What clients may also send as a form: the same as in the address.
    Request same = request;
    same.query = request.body;
    return form->count("csrf") > 0 ? message_page(403, "Log out", kStaleForm) : log_out(same);
  }
  Response response = end_of_logout(*query, query->first("client_id").value_or(""));
  forget_browser(request, response);
  return response;
}

}  // namespace tideway::api
