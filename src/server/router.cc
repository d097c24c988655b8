#include "server/router.h"

#include <algorithm>
#include <stdexcept>

#include "server/field_text.h"

namespace tideway::server {
namespace {

constexpr std::string_view kPrefix = "/dataservices";

size_t slashes(std::string_view path) { return static_cast<size_t>(std::ranges::count(path, '/')); }

std::vector<std::string> split_pattern(std::string_view pattern) {
  std::vector<std::string> literals;
  for (;;) {
    const size_t open = pattern.find('{');
    literals.emplace_back(pattern.substr(0, open));
    if (open == std::string_view::npos) return literals;
    const size_t close = pattern.find('}', open);
    if (close == std::string_view::npos) throw std::invalid_argument("route without a closing }");
    pattern.remove_prefix(close + 1);
  }
}

}  // namespace

std::string_view strip_dataservices(std::string_view path) {
  // Only a whole segment is the prefix: "/dataservicesX" and a bare "/dataservices" are paths of
  // their own.
  if (path.starts_with(kPrefix) && path.substr(kPrefix.size()).starts_with('/')) {
    path.remove_prefix(kPrefix.size());
  }
  return path;
}

Route receiving_route(Route route) {
  route.handle = [receive = route.receive](const Request& request) -> Response {
    auto receiver = receive(request);
    if (!receiver) return std::move(receiver.error());
    if (auto refusal = (*receiver)->receive(request.body)) return *std::move(refusal);
    return (*receiver)->finish(request);
  };
  return route;
}

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (Route& route : routes_) {
    route.method = to_upper(route.method);
    const size_t count = slashes(route.pattern);
    if (patterns_.size() <= count) patterns_.resize(count + 1);
    patterns_[count].push_back({.literals = split_pattern(route.pattern), .route = &route});
  }
}

bool Router::Pattern::matches(std::string_view path,
                              std::vector<std::string_view>& variables) const {
  if (!path.starts_with(literals.front())) return false;
  path.remove_prefix(literals.front().size());
  variables.clear();
  for (size_t i = 1; i < literals.size(); ++i) {
    const size_t end =
        std::min(path.find_first_of(route->family == Family::kPlatform ? "/." : "/"), path.size());
    // An empty variable at the end would make "/v1/data_sets/" a data set without an id.
    if (end == 0 && i + 1 == literals.size() && literals[i].empty()) return false;
    variables.push_back(path.substr(0, end));
    path.remove_prefix(end);
    if (!path.starts_with(literals[i])) return false;
    path.remove_prefix(literals[i].size());
  }
  return path.empty();
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  const std::string_view stripped = strip_dataservices(path);
  const bool prefixed = stripped.size() != path.size();
  const std::string wanted = to_upper(method);
  Match match;
  const size_t count = slashes(stripped);
  if (count >= patterns_.size()) return match;
  std::vector<std::string_view> variables;
  for (const Pattern& pattern : patterns_[count]) {
    if (prefixed && !pattern.route->dataservices) continue;
    if (!pattern.matches(stripped, variables)) continue;
    match.path_known = true;
    if (pattern.route->method != wanted) continue;
    match.route = pattern.route;
    match.variables.assign(variables.begin(), variables.end());
    break;
  }
  return match;
}

}  // namespace tideway::server
