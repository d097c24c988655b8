// Which handler answers a method and a path (docs/spec/http.md 3.7 to 3.9).
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/http.h"

namespace tideway::server {

/// Which of the reference's services a route comes from; decides how credentials are read and how
/// errors look (docs/spec/http.md 0).
enum class Family { kPlatform, kShoreline, kGatekeeper, kWhisperer, kJellyfish, kTideway };

struct Route {
  std::string method;
  std::string pattern;  ///< "/v1/users/{userId}/data_sets"
  Family family;
  bool dataservices;  ///< also reachable under /dataservices
  uint64_t body_size_bytes_max;
  std::function<Response(const Request&)> handle;
  /// Where set, it takes the body piece by piece, and `handle` is not called (receiving_route()).
  std::function<std::expected<std::unique_ptr<BodyReceiver>, Response>(const Request&)> receive =
      {};
};

/// The same with a `handle` for callers that have the whole body at hand.
Route receiving_route(Route route);

/// Paths are compared as sent: no decoding, no case folding, a trailing slash counts. A variable
/// is a run of characters up to the next '/', in family P also up to the next '.'; it may be empty
/// inside a path, not at its end. Of several routes that match the first one wins.
class Router {
 public:
  explicit Router(std::vector<Route> routes);
  Router(const Router&) = delete;  // matches point into routes_
  Router& operator=(const Router&) = delete;

  struct Match {
    const Route* route = nullptr;  ///< null when there is none
    bool path_known = false;       ///< another method would have matched
    std::vector<std::string> variables;
  };
  /// `path` may start with /dataservices.
  Match find(std::string_view method, std::string_view path) const;

  std::span<const Route> routes() const { return routes_; }

 private:
  /// A pattern taken apart: literals_[0] {variable} literals_[1] {variable} … literals_[n].
  struct Pattern {
    std::vector<std::string> literals;
    const Route* route;

    bool matches(std::string_view path, std::vector<std::string_view>& variables) const;
  };

  std::vector<Route> routes_;
  /// By number of slashes, in the order of the routes. No variable takes in a slash, so only the
  /// patterns with as many slashes as the path can match it.
  std::vector<std::vector<Pattern>> patterns_;
};

/// `path` without a leading /dataservices segment.
std::string_view strip_dataservices(std::string_view path);

}  // namespace tideway::server
