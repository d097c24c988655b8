#include "api/application.h"

#include <iterator>

#include "account/permissions.h"
#include "api/access.h"
#include "api/auth.h"
#include "api/data_sets.h"
#include "api/fetch.h"
#include "api/platform.h"
#include "api/utility.h"
#include "dataset/data_sets.h"

namespace tideway::api {
namespace {

class RoutedApplication : public Application {
 public:
  RoutedApplication(store::Store& store, account::Accounts& accounts, account::Tokens& tokens,
                    std::unique_ptr<dataset::DataSets> data_sets, const ApplicationOptions& options)
      : data_sets_(std::move(data_sets)),
        platform_(tokens, options.service_secret),
        auth_(accounts, tokens,
              {.registration_open = options.registration_open,
               .verify_new_accounts = options.verify_new_accounts,
               .version = options.version}),
        data_sets_api_(*data_sets_, platform_, access_,
                       {.body_size_bytes_max = options.body_size_bytes_max,
                        .trash_kept_ms = options.trash_kept_ms}),
        fetch_(store, *data_sets_, tokens, access_),
        router_(all_routes(options.version)) {}

  uint64_t body_size_bytes_max(std::string_view method, std::string_view path) const override {
    const auto match = router_.find(method, path);
    return match.route == nullptr ? kNoBodyBytesMax : match.route->body_size_bytes_max;
  }

  server::Response handle(server::Request request) override {
    auto match = router_.find(request.method, request.path);
    request.path = server::strip_dataservices(request.path);
    if (match.route == nullptr) return platform_.no_route(request, match.path_known);
    request.variables = std::move(match.variables);
    server::Response response = match.route->handle(request);
    response.route = match.route->pattern;
    return response;
  }

  std::span<const server::Route> routes() const override { return router_.routes(); }

 private:
  std::vector<server::Route> all_routes(const std::string& version) {
    std::vector<server::Route> routes = utility_routes(platform_, version);
    for (auto more : {auth_.routes(), data_sets_api_.routes(), fetch_.routes()}) {
      routes.insert(routes.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
    }
    return routes;
  }

  std::unique_ptr<dataset::DataSets> data_sets_;
  Platform platform_;
  account::NoSharing permissions_;
  Access access_{permissions_};
  AuthApi auth_;
  DataSetsApi data_sets_api_;
  FetchApi fetch_;
  server::Router router_;
};

}  // namespace

store::Result<std::unique_ptr<Application>> Application::open(store::Store& store,
                                                              account::Accounts& accounts,
                                                              account::Tokens& tokens,
                                                              ApplicationOptions options) {
  auto data_sets = dataset::DataSets::open(store);
  if (!data_sets) return std::unexpected(data_sets.error());
  return std::make_unique<RoutedApplication>(store, accounts, tokens, std::move(*data_sets),
                                             options);
}

}  // namespace tideway::api
