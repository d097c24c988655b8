#include "api/fetch.h"

#include <spdlog/spdlog.h>

#include "api/credentials.h"
#include "api/platform.h"
#include "query/fetch.h"
#include "query/parameters.h"
#include "server/query.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

/// The rest of an answer whose first part is at hand already.
class FetchStream : public server::BodyStream {
 public:
  FetchStream(std::unique_ptr<query::Fetch> fetch, std::string first, std::string trace)
      : fetch_(std::move(fetch)), first_(std::move(first)), trace_(std::move(trace)) {}

  Next next(std::string& chunk) override {
    if (!first_.empty()) {
      chunk = std::exchange(first_, {});
      return Next::kMore;
    }
    chunk.clear();
    const auto more = fetch_->next(chunk);
    if (!more) {
      spdlog::error("trace {}: fetch broken off: {}", trace_, more.error().message);
      return Next::kFailed;
    }
    return *more ? Next::kMore : Next::kEnd;
  }

 private:
  std::unique_ptr<query::Fetch> fetch_;
  std::string first_;
  std::string trace_;
};

Response not_allowed(const Identity& caller) {
  // The reference answers 403 in either case, but clients renew their login on 401 only.
  const bool anonymous = caller.kind == Identity::Kind::kAnonymous;
  return server::fetch_error(anonymous ? 401 : 403, "data_cant_view",
                             "user is not authorized to view data");
}

Response store_failed(const Request& request, const store::Error& error) {
  spdlog::error("trace {}: {}", request.trace_request, error.message);
  return server::fetch_error(500, "data_store_error", "internal server error");
}

Response status(const Request&) {
  Response response;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = "OK\n";
  return response;
}

server::Route route(std::string pattern, std::function<Response(const Request&)> handle) {
  return {.method = "GET",
          .pattern = std::move(pattern),
          .family = server::Family::kWhisperer,
          .dataservices = true,
          .body_size_bytes_max = kNoBodyBytesMax,
          .handle = std::move(handle)};
}

}  // namespace

FetchApi::FetchApi(store::Store& store, const dataset::DataSets& data_sets,
                   const Platform& platform, const Access& access)
    : store_(store), data_sets_(data_sets), platform_(platform), access_(access) {}

std::vector<server::Route> FetchApi::routes() {
  return {route("/data/status", status),
          route("/data/{userId}", [this](const Request& request) { return fetch(request); })};
}

Response FetchApi::fetch(const Request& request) {
  const server::Query parameters = server::parse_query_lenient(request.query);
  auto filter = query::read_filter({parameters.begin(), parameters.end()});
  if (!filter) {
    return server::fetch_error(400, "invalid_parameters", "one or more parameters are invalid");
  }
  const Identity caller = platform_.reader(request);
  const std::string& user_id = request.variables[0];
  const auto may = access_.may_view(caller, user_id);
  if (!may) return store_failed(request, may.error());
  if (!*may) return not_allowed(caller);

  auto fetch = query::Fetch::open(store_, user_id, std::move(*filter), data_sets_.id_cipher());
  if (!fetch) return store_failed(request, fetch.error());
  // The status is sent only once the first records have been read.
  std::string first;
  const auto more = (*fetch)->next(first);
  if (!more) return store_failed(request, more.error());

  Response response;
  response.headers.set("Content-Type", "application/json");
  if (*more) {
    response.stream =
        std::make_unique<FetchStream>(std::move(*fetch), std::move(first), request.trace_request);
  } else {
    response.body = std::move(first);
  }
  return response;
}

}  // namespace tideway::api
