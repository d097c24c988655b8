#include "api/oidc.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "api/credentials.h"
#include "base/text.h"
#include "server/field_text.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

/// Much more than any of these requests needs.
constexpr uint64_t kBodySizeBytesMax = 64 << 10;

constexpr std::string_view kProtocol = "/protocol/openid-connect";

/// What every client reads, and nothing that is not so. {0} is the issuer, {1} the same with the
/// path of the protocol.
constexpr std::string_view kDiscovery =
    R"({{"authorization_endpoint":"{1}/auth","claims_supported":["aud","auth_time","azp","email",)"
    R"("email_verified","exp","iat","iss","name","nonce","preferred_username","sid","sub"],)"
    R"("code_challenge_methods_supported":["S256"],"end_session_endpoint":"{1}/logout",)"
    R"("grant_types_supported":["authorization_code","refresh_token"],)"
    R"("id_token_signing_alg_values_supported":["RS256"],"issuer":"{0}",)"
    R"("jwks_uri":"{1}/certs","request_parameter_supported":false,)"
    R"("request_uri_parameter_supported":false,"response_modes_supported":["query","fragment"],)"
    R"("response_types_supported":["code"],"revocation_endpoint":"{1}/revoke",)"
    R"("revocation_endpoint_auth_methods_supported":["none"],)"
    R"("scopes_supported":["openid","email","profile","offline_access"],)"
    R"("subject_types_supported":["public"],"token_endpoint":"{1}/token",)"
    R"("token_endpoint_auth_methods_supported":["none"],"userinfo_endpoint":"{1}/userinfo"}})";

Response json(uint16_t status, std::string body) {
  Response response;
  response.status = status;
  response.compressible = false;
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

Response oauth_error(uint16_t status, std::string_view error, std::string_view description) {
  std::string body = "{\"error\":";
  append_json_string(body, error);
  body += ",\"error_description\":";
  append_json_string(body, description);
  return json(status, body + '}');
}

Response failure() {
  spdlog::error("OIDC: the store failed");
  return oauth_error(500, "server_error", "the server could not do that");
}

}  // namespace

std::optional<server::Query> read_form(const Request& request) {
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  if (!server::equals_ignoring_case(server::trimmed(type.substr(0, type.find(';'))),
                                    "application/x-www-form-urlencoded")) {
    return std::nullopt;
  }
  auto form = server::parse_query_strict(request.body);
  if (!form) return std::nullopt;
  for (const auto& [name, value] : *form) {
    if (form->count(name) > 1) return std::nullopt;
  }
  return form;
}

std::string OidcApi::path(std::string_view rest) const {
  return provider_.realm_path() + std::string(kProtocol) + std::string(rest);
}

std::vector<server::Route> OidcApi::routes() {
  using Handle = std::function<Response(const Request&)>;
  using Method = Response (OidcApi::*)(const Request&);
  const auto open = [](std::string method, std::string pattern, Handle handle) {
    return server::Route{
        .method = method,
        .pattern = std::move(pattern),
        // What a form does is an event of the account, and goes into the audit log.
        .family = method == "POST" ? server::Family::kShoreline : server::Family::kTideway,
        .dataservices = true,
        .body_size_bytes_max = kBodySizeBytesMax,
        .handle = std::move(handle)};
  };
  const auto realm = [&](std::string method, std::string_view rest, Handle handle) {
    return open(std::move(method), "/realms/{realm}" + std::string(rest),
                [this, handle = std::move(handle)](const Request& request) {
                  if (request.variables.at(0) == provider_.realm()) return handle(request);
                  return oauth_error(404, "not_found", "there is no such realm");
                });
  };
  const auto protocol = [&](std::string method, std::string_view rest, Method handle) {
    return realm(std::move(method), std::string(kProtocol) + std::string(rest),
                 [this, handle](const Request& request) { return (this->*handle)(request); });
  };
  const auto page = [&](std::string_view rest, Response (*make)()) {
    return realm("GET", std::string(kProtocol) + std::string(rest),
                 [make](const Request&) { return make(); });
  };
  return {
      realm("GET", "/.well-known/openid-configuration",
            [this](const Request&) { return discovery(); }),
      protocol("GET", "/auth", &OidcApi::authorize),
      protocol("POST", "/auth", &OidcApi::log_in),
      protocol("GET", "/certs", &OidcApi::keys),
      protocol("GET", "/logout", &OidcApi::log_out),
      protocol("POST", "/logout", &OidcApi::confirm_logout),
      protocol("GET", "/registrations", &OidcApi::registrations),
      protocol("POST", "/registrations", &OidcApi::create_account),
      protocol("POST", "/revoke", &OidcApi::revoke),
      protocol("POST", "/token", &OidcApi::token),
      protocol("GET", "/userinfo", &OidcApi::user_info),
      protocol("POST", "/userinfo", &OidcApi::user_info),
      page("/3p-cookies/step1.html", third_party_cookies_page),
      page("/login-status-iframe.html", login_status_page),
      open("GET", "/upload-redirect", [](const Request&) { return upload_redirect_page(); }),
  };
}

Response OidcApi::discovery() {
  Response response = json(200, fmt::format(fmt::runtime(kDiscovery), provider_.issuer(),
                                            provider_.issuer() + std::string(kProtocol)));
  response.headers.set("Cache-Control", "max-age=300");
  return response;
}

Response OidcApi::keys(const Request&) {
  Response response = json(200, provider_.keys().jwks());
  response.headers.set("Cache-Control", "max-age=300");
  return response;
}

Response OidcApi::token(const Request& request) {
  const auto form = read_form(request);
  if (!form) {
    return oauth_error(400, "invalid_request",
                       "the body must be application/x-www-form-urlencoded, each name once");
  }
  const auto text = [&](std::string_view name) { return form->first(name).value_or(""); };
  const std::string_view client_id = text("client_id");
  if (!provider_.clients().knows(client_id)) {
    return oauth_error(401, "invalid_client", "no such client");
  }
  std::expected<std::string, oidc::ExchangeError> answer;
  if (text("grant_type") == "authorization_code") {
    answer = provider_.exchange_code(text("code"), client_id, text("redirect_uri"),
                                     text("code_verifier"));
  } else if (text("grant_type") == "refresh_token") {
    answer = provider_.refresh(text("refresh_token"), client_id);
  } else {
    return oauth_error(400, "unsupported_grant_type",
                       "only authorization_code and refresh_token are supported");
  }
  if (answer) return json(200, *std::move(answer));
  switch (answer.error()) {
    case oidc::ExchangeError::kInvalid:
      return oauth_error(400, "invalid_grant", "the code or token is not valid, or not for this");
    case oidc::ExchangeError::kReplayed:
      return oauth_error(400, "invalid_grant", "used before; the login it belongs to was ended");
    case oidc::ExchangeError::kStore:
      break;
  }
  return failure();
}

Response OidcApi::user_info(const Request& request) {
  const auto token = tokens_.verify(session_token_text(request));
  if (!token || token->is_server) {
    Response response = oauth_error(401, "invalid_token", "the token is not valid");
    response.headers.set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return response;
  }
  const auto user = provider_.accounts().find(token->user_id);
  if (!user) return failure();
  if (!*user) return oauth_error(401, "invalid_token", "the account is gone");
  std::string body = "{\"email\":";
  append_json_string(body, (*user)->email);
  body += (*user)->email_verified ? ",\"email_verified\":true" : ",\"email_verified\":false";
  for (const auto& [name, value] :
       {std::pair("name", (*user)->full_name), std::pair("preferred_username", (*user)->email),
        std::pair("sub", (*user)->id)}) {
    body += fmt::format(",\"{}\":", name);
    append_json_string(body, value);
  }
  return json(200, body + '}');
}

Response OidcApi::revoke(const Request& request) {
  const auto form = read_form(request);
  if (!form || form->count("token") == 0) {
    return oauth_error(400, "invalid_request", "the token to revoke is missing");
  }
  const std::string_view client_id = form->first("client_id").value_or("");
  if (!provider_.clients().knows(client_id)) {
    return oauth_error(401, "invalid_client", "no such client");
  }
  if (!provider_.revoke(*form->first("token"), client_id)) return failure();
  return json(200, "");
}

}  // namespace tideway::api
