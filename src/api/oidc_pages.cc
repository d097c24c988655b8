#include "api/oidc_pages.h"

#include <fmt/format.h>
#include <sodium.h>
#include <spdlog/spdlog.h>

#include <array>

namespace tideway::api {
namespace {

using server::Response;

constexpr std::string_view kStyle =
    "body{font:1.1rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;margin:0 auto;"
    "max-width:24rem;padding:2rem 1rem}h1{font-size:1.5rem}label{display:block;margin-top:1rem;"
    "font-weight:600}input{box-sizing:border-box;width:100%;font:inherit;padding:.5rem;"
    "border:1px solid #595959;border-radius:.25rem}button{font:inherit;font-weight:600;"
    "margin-top:1.5rem;padding:.6rem 1.2rem;border:0;border-radius:.25rem;background:#0b5394;"
    "color:#fff;cursor:pointer}input:focus-visible,button:focus-visible{outline:3px solid #f0a000;"
    "outline-offset:2px}.problem{border-left:.3rem solid #b00020;padding:.5rem .8rem;"
    "background:#fdecee;color:#7a0016}.hint{margin:.25rem 0 0}a{color:#0b5394}"
    "@media(prefers-color-scheme:dark){body{color:#f2f2f2;background:#161616}input{color:inherit;"
    "background:#222;border-color:#a0a0a0}a{color:#8ec5ff}.problem{background:#3a1216;color:#"
    "ffd9dd}}";

constexpr std::string_view kPage =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}</main>\n"
    "</body>\n</html>\n";

constexpr std::string_view kThirdPartyCookies = "parent.postMessage(\"unsupported\",\"*\")";
constexpr std::string_view kLoginStatus =
    "addEventListener(\"message\",function(e){if(e.source!==parent||typeof e.data!==\"string\")"
    "return;parent.postMessage(document.cookie.indexOf(\"tideway_logged_in=\")<0?\"changed\":"
    "\"unchanged\",e.origin)})";
constexpr std::string_view kUploadRedirect =
    "var u=\"tidepooluploader://localhost/keycloak-redirect\"+location.hash;"
    "document.getElementById(\"go\").href=u;location.replace(u)";

/// 'sha256-…', by which a content security policy admits one inline style or script.
std::string policy_hash(std::string_view text) {
  std::array<uint8_t, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const uint8_t*>(text.data()), text.size());
  std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL)> encoded{};
  sodium_bin2base64(encoded.data(), encoded.size(), digest.data(), digest.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  return fmt::format("'sha256-{}'", encoded.data());
}

Response html(uint16_t status, std::string body, std::string_view policy) {
  Response response;
  response.status = status;
  // Compressed secrets beside text that others choose could be guessed by their length.
  response.compressible = false;
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Security-Policy", policy);
  response.headers.set("Referrer-Policy", "same-origin");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.body = std::move(body);
  return response;
}

Response page(uint16_t status, std::string_view title, std::string_view body,
              std::string_view form_target) {
  // Browsers apply form-action also to where the answer to a form leads.
  const std::string policy = fmt::format(
      "default-src 'none'; style-src {}; form-action 'self' {}; frame-ancestors 'none'; "
      "base-uri 'none'",
      policy_hash(kStyle), form_target);
  Response response = html(status,
                           fmt::format(fmt::runtime(kPage), fmt::arg("title", html_escaped(title)),
                                       fmt::arg("style", kStyle), fmt::arg("body", body)),
                           policy);
  response.headers.set("X-Frame-Options", "DENY");
  return response;
}

/// Meant for a frame inside the pages of a client.
Response script_page(std::string_view script, std::string_view ancestors,
                     std::string_view body = {}) {
  return html(200,
              fmt::format("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                          "<title>Tideway</title>\n{}<script>{}</script>\n</html>\n",
                          body, script),
              fmt::format("default-src 'none'; script-src {}; frame-ancestors {}; base-uri 'none'",
                          policy_hash(script), ancestors));
}

std::string hidden(std::string_view name, std::string_view value) {
  return fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name,
                     html_escaped(value));
}

constexpr std::string_view kFocus = " autofocus";

std::string link(std::string_view address, std::string_view text) {
  return fmt::format("<p><a href=\"{}\">{}</a></p>\n", html_escaped(address), text);
}

/// Heading, what it is for, what went wrong, and the beginning of the form.
std::string head_of_form(std::string_view title, const LoginForm& form) {
  std::string out = fmt::format("<h1>{}</h1>\n", title);
  if (!form.client_id.empty()) {
    out += fmt::format("<p>to let <strong>{}</strong> use your diabetes data.</p>\n",
                       html_escaped(form.client_id));
  }
  if (!form.problem.empty()) {
    out += fmt::format("<p class=\"problem\" role=\"alert\" id=\"problem\">{}</p>\n",
                       html_escaped(form.problem));
  }
  out += fmt::format("<form method=\"post\" action=\"{}\">\n", html_escaped(form.action));
  return out + hidden("request", form.request) + hidden("csrf", form.csrf);
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Response login_page(uint16_t status, const LoginForm& form) {
  std::string body = head_of_form("Log in", form);
  const std::string_view described =
      form.problem.empty() ? "" : " aria-invalid=\"true\" aria-describedby=\"problem\"";
  // Where the user goes on, also after an error: without a script, only the page can say it.
  const bool knows_email = !form.email.empty();
  body += fmt::format(
      "<label for=\"email\">E-mail address</label>\n"
      "<input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required "
      "maxlength=\"254\" value=\"{}\"{}{}>\n"
      "<label for=\"password\">Password</label>\n"
      "<input id=\"password\" name=\"password\" type=\"password\" "
      "autocomplete=\"current-password\" required maxlength=\"288\"{}{}>\n"
      "<button type=\"submit\">Log in</button>\n</form>\n",
      html_escaped(form.email), described, knows_email ? "" : kFocus, described,
      knows_email ? kFocus : "");
  if (!form.other_page.empty()) body += link(form.other_page, "Create an account");
  return page(status, "Log in", body, form.form_target);
}

Response registration_page(uint16_t status, const RegistrationForm& form) {
  using Field = RegistrationForm::Field;
  std::string body = head_of_form("Create an account", form);
  const auto state = [&](Field field, std::string_view hint) {
    const bool wrong = form.wrong_field == field;
    std::string described(hint);
    if (wrong) described += described.empty() ? "problem" : " problem";
    std::string out;
    if (!described.empty()) out += fmt::format(" aria-describedby=\"{}\"", described);
    if (wrong) out += " aria-invalid=\"true\"";
    const bool first = form.wrong_field == Field::kNone && field == Field::kEmail;
    return wrong || first ? out.append(kFocus) : out;
  };
  body += fmt::format(
      "<label for=\"email\">E-mail address</label>\n"
      "<input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required "
      "maxlength=\"254\" value=\"{}\"{}>\n"
      "<label for=\"name\">Your name (may be left empty)</label>\n"
      "<input id=\"name\" name=\"name\" autocomplete=\"name\" maxlength=\"{}\" value=\"{}\">\n"
      "<label for=\"password\">Password</label>\n"
      "<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"new-password\" "
      "required minlength=\"8\" maxlength=\"72\"{}>\n"
      "<p class=\"hint\" id=\"rule\">8 to 72 characters, no spaces.</p>\n"
      "<button type=\"submit\">Create an account</button>\n</form>\n",
      html_escaped(form.email), state(Field::kEmail, ""), kFullNameCharactersMax,
      html_escaped(form.full_name), state(Field::kPassword, "rule"));
  if (!form.other_page.empty()) body += link(form.other_page, "Log in with an account you have");
  return page(status, "Create an account", body, form.form_target);
}

Response logout_page(std::string_view action, std::string_view request, std::string_view csrf,
                     std::string_view form_target) {
  const std::string body = fmt::format(
      "<h1>Log out</h1>\n<p>Do you want to log out of this server in this browser?</p>\n"
      "<form method=\"post\" action=\"{}\">\n{}{}"
      "<button type=\"submit\">Log out</button>\n</form>\n",
      html_escaped(action), hidden("request", request), hidden("csrf", csrf));
  return page(200, "Log out", body, form_target);
}

Response message_page(uint16_t status, std::string_view title, std::string_view text) {
  return page(status, title,
              fmt::format("<h1>{}</h1>\n<p>{}</p>\n", html_escaped(title), html_escaped(text)), "");
}

Response failure_page() {
  spdlog::error("OIDC: the store failed");
  return message_page(500, "Something went wrong", "The server could not do that. Try it later.");
}

Response third_party_cookies_page() { return script_page(kThirdPartyCookies, "*"); }

Response login_status_page() { return script_page(kLoginStatus, "*"); }

Response upload_redirect_page() {
  return script_page(kUploadRedirect, "'none'",
                     "<h1>You are logged in</h1>\n"
                     "<p><a id=\"go\" href=\"tidepooluploader://localhost/keycloak-redirect\">"
                     "Go back to the Uploader</a>, if that does not happen by itself.</p>\n");
}

}  // namespace tideway::api
