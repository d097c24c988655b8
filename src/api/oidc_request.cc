#include "api/oidc_request.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/base64url.h"
#include "server/query.h"

namespace tideway::api {
namespace {

using Request = AuthorizationRequest;
using Verdict = Request::Verdict;

constexpr size_t kSha256Size = 32;
/// Of state, nonce and scope: they are kept or sent back as they are.
constexpr size_t kTextSizeBytesMax = 2048;

/// A member of the request by the name of its parameter.
constexpr std::pair<std::string_view, std::string Request::*> kTexts[] = {
    {"client_id", &Request::client_id},  {"redirect_uri", &Request::redirect_uri},
    {"state", &Request::state},          {"nonce", &Request::nonce},
    {"scope", &Request::scope},          {"code_challenge", &Request::challenge},
    {"login_hint", &Request::login_hint}};

void refuse(Request& request, Verdict verdict, std::string_view error,
            std::string_view description) {
  if (request.verdict != Verdict::kGood) return;  // the first one counts
  request.verdict = verdict;
  request.error = error;
  request.description = description;
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(' '), list.size());
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

void check_client(Request& request, const server::Query& query, const oidc::Clients& clients) {
  if (query.count("client_id") != 1 || !clients.knows(request.client_id)) {
    refuse(request, Verdict::kTellUser, "invalid_client",
           "This server does not know the program that wants to log you in.");
  }
  if (query.count("redirect_uri") != 1 ||
      !clients.may_redirect(request.client_id, request.redirect_uri)) {
    refuse(request, Verdict::kTellUser, "invalid_redirect_uri",
           "The program that wants to log you in asks for an answer to an address that is not "
           "registered for it.");
  }
}

void check_rest(Request& request, const server::Query& query) {
  const auto invalid = [&](std::string_view description) {
    refuse(request, Verdict::kTellClient, "invalid_request", description);
  };
  for (const auto& [name, value] : query) {
    if (query.count(name) > 1) invalid("a parameter is given twice");
    if (value.size() > kTextSizeBytesMax) invalid("a parameter is too long");
  }
  if (query.count("request") > 0) {
    refuse(request, Verdict::kTellClient, "request_not_supported", "no request objects");
  }
  if (query.count("request_uri") > 0) {
    refuse(request, Verdict::kTellClient, "request_uri_not_supported", "no request objects");
  }
  if (query.first("response_type") != "code") {
    refuse(request, Verdict::kTellClient, "unsupported_response_type", "only code is supported");
  }
  const auto mode = query.first("response_mode").value_or("query");
  if (mode != "query" && mode != "fragment") invalid("response_mode is not query or fragment");
  request.fragment = mode == "fragment";
  const auto digest = from_base64url(request.challenge);
  if (query.first("code_challenge_method") != "S256" || !digest || digest->size() != kSha256Size) {
    invalid("PKCE is required: code_challenge with code_challenge_method S256");
  }
  const std::string_view prompt = query.first("prompt").value_or("");
  request.prompt_none = prompt == "none";
  request.prompt_login = has_word(prompt, "login") || has_word(prompt, "select_account");
  if (!request.prompt_none && has_word(prompt, "none")) invalid("prompt none allows no other");
  if (const auto age = query.first("max_age")) {
    int64_t seconds = 0;
    const auto [end, error] = std::from_chars(age->data(), age->data() + age->size(), seconds);
    if (error != std::errc{} || end != age->data() + age->size() || seconds < 0) {
      invalid("max_age is not a number of seconds");
    }
    request.age_max_s = seconds;
  }
}

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const unsigned char c : text) {
    if (std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
}

}  // namespace

AuthorizationRequest read_authorization_request(std::string_view text,
                                                const oidc::Clients& clients) {
  Request request;
  const auto query = server::parse_query_strict(text);
  if (!query) {
    refuse(request, Verdict::kTellUser, "invalid_request", "The address of this page is damaged.");
    return request;
  }
  for (const auto& [name, member] : kTexts) request.*member = query->first(name).value_or("");
  check_client(request, *query, clients);
  check_rest(request, *query);
  if (request.scope.empty()) request.scope = "openid";
  return request;
}

std::string with_parameters(std::string_view uri, const Parameters& parameters, bool fragment) {
  std::string out(uri);
  char separator = fragment ? '#' : uri.find('?') == std::string_view::npos ? '?' : '&';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    out += separator;
    out += name;
    out += '=';
    append_escaped(out, value);
    separator = '&';
  }
  return out;
}

}  // namespace tideway::api
