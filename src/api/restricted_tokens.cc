#include "api/restricted_tokens.h"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "api/query_parameters.h"
#include "api/restricted_token_json.h"
#include "api/shoreline.h"
#include "base/ids.h"
#include "base/text.h"
#include "base/time.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

Response token_reply(uint16_t status, const account::RestrictedToken& token) {
  return server::json_reply(status, token.json() + '\n');
}

Response not_found(std::string_view id) {
  return server::bare_error(
      404, make_error("resource-not-found", "resource not found",
                      fmt::format("resource with id {} not found", tideway::quoted(id))));
}

Response bad_parameter(std::string_view kind, std::string_view name) {
  return server::bare_error(
      400, make_error(fmt::format("parameter-{}", kind), fmt::format("parameter is {}", kind),
                      fmt::format("parameter \"{}\" is {}", name, kind)));
}

/// What is wrong with the user id in the path, if anything.
std::optional<Response> bad_user_id(const std::string& user_id) {
  if (user_id.empty()) return bad_parameter("missing", "userId");
  if (!is_user_id(user_id)) return bad_parameter("invalid", "userId");
  return std::nullopt;
}

}  // namespace

std::vector<server::Route> RestrictedTokensApi::routes() {
  std::vector<server::Route> routes;
  const auto add = [&](std::string method, std::string pattern, Requirement requirement,
                       Response (RestrictedTokensApi::*handle)(const Request&, const Identity&)) {
    routes.push_back(platform_.route(std::move(method), std::move(pattern), requirement,
                                     kNoBodyBytesMax, std::bind_front(handle, this)));
  };
  const std::string of_user = "/v1/users/{userId}/restricted_tokens";
  const std::string one = "/v1/restricted_tokens/{id}";
  add("POST", of_user, Requirement::kAuthenticated, &RestrictedTokensApi::create);
  add("GET", of_user, Requirement::kService, &RestrictedTokensApi::list);
  add("DELETE", of_user, Requirement::kService, &RestrictedTokensApi::remove_all);
  add("GET", one, Requirement::kService, &RestrictedTokensApi::get);
  add("PUT", one, Requirement::kService, &RestrictedTokensApi::update);
  add("DELETE", one, Requirement::kAuthenticated, &RestrictedTokensApi::remove);
  return routes;
}

Response RestrictedTokensApi::create(const Request& request, const Identity& caller) {
  const std::string& user_id = request.variables[0];
  if (auto bad = bad_user_id(user_id)) return *std::move(bad);
  // A stand-in must not make more of its kind: it would outlive itself.
  if (!caller.is_service() && (caller.user_id != user_id || caller.is_restricted)) {
    return unauthorized_bare();
  }
  auto wish = parse_restricted_token(request.body, now_milliseconds());
  if (!wish) return server::bare_errors(400, wish.error());
  const auto token = tokens_.create(user_id, *std::move(wish));
  if (!token) return internal_failure_bare(request, token.error().message);
  if (!*token) {
    return server::bare_error(429, make_error("too-many-requests", "too many requests"));
  }
  return token_reply(201, **token);
}

Response RestrictedTokensApi::list(const Request& request, const Identity&) {
  const std::string& user_id = request.variables[0];
  if (auto bad = bad_user_id(user_id)) return *std::move(bad);
  auto parameters = QueryParameters::read(request);
  if (!parameters) return std::move(parameters.error());
  const uint64_t page = parameters->integer("page", 0, 0);
  const uint64_t size = parameters->integer("size", 100, 1, 1000);
  if (const Errors errors = parameters->errors(); !errors.empty()) {
    return server::bare_errors(400, errors);
  }
  const auto tokens = tokens_.list(user_id);
  if (!tokens) return internal_failure_bare(request, tokens.error().message);
  std::string body = "[";
  // Beyond the last page there is nothing, however large its number.
  const uint64_t begin = page > tokens->size() ? tokens->size() : page * size;
  for (uint64_t i = begin; i < tokens->size() && i - begin < size; ++i) {
    if (body.size() > 1) body += ',';
    body += (*tokens)[i].json();
  }
  return server::json_reply(200, body + "]\n");
}

Response RestrictedTokensApi::remove_all(const Request& request, const Identity&) {
  const std::string& user_id = request.variables[0];
  if (auto bad = bad_user_id(user_id)) return *std::move(bad);
  const auto removed = tokens_.remove_all(user_id);
  if (!removed) return internal_failure_bare(request, removed.error().message);
  return empty_reply(204);
}

Response RestrictedTokensApi::get(const Request& request, const Identity&) {
  const auto token = tokens_.find(request.variables[0]);
  if (!token) return internal_failure_bare(request, token.error().message);
  if (!*token) return not_found(request.variables[0]);
  request.note_whose((*token)->user_id);
  return token_reply(200, **token);
}

Response RestrictedTokensApi::update(const Request& request, const Identity&) {
  auto wish = parse_restricted_token(request.body, now_milliseconds());
  if (!wish) return server::bare_errors(400, wish.error());
  const auto token = tokens_.update(request.variables[0], *std::move(wish));
  if (!token) return internal_failure_bare(request, token.error().message);
  if (!*token) return not_found(request.variables[0]);
  request.note_whose((*token)->user_id);
  return token_reply(200, **token);
}

Response RestrictedTokensApi::remove(const Request& request, const Identity& caller) {
  const auto token = tokens_.find(request.variables[0]);
  if (!token) return internal_failure_bare(request, token.error().message);
  if (!*token) return empty_reply(200);
  request.note_whose((*token)->user_id);
  if (!caller.is_service() && caller.user_id != (*token)->user_id) return unauthorized_bare();
  const auto removed = tokens_.remove((*token)->id);
  if (!removed) return internal_failure_bare(request, removed.error().message);
  return empty_reply(200);
}

}  // namespace tideway::api
