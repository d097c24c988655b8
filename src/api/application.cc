#include "api/application.h"

#include <iterator>

#include "account/profiles.h"
#include "account/restricted_tokens.h"
#include "account/sharing.h"
#include "api/access.h"
#include "api/audit_events.h"
#include "api/auth.h"
#include "api/client_extras.h"
#include "api/data_sets.h"
#include "api/data_sources.h"
#include "api/fetch.h"
#include "api/oidc.h"
#include "api/platform.h"
#include "api/profiles.h"
#include "api/request_limits.h"
#include "api/restricted_tokens.h"
#include "api/sharing.h"
#include "api/users.h"
#include "api/utility.h"
#include "dataset/data_sets.h"
#include "source/data_sources.h"

namespace tideway::api {
namespace {

std::string info_of(const ApplicationOptions& options) {
  if (!options.info.empty()) return options.info;
  return options.oidc == nullptr ? info_json()
                                 : info_json(options.oidc->public_url(), options.oidc->realm());
}

class RoutedApplication : public Application {
 public:
  RoutedApplication(store::Store& store, account::Accounts& accounts, account::Tokens& tokens,
                    std::unique_ptr<dataset::DataSets> data_sets, const ApplicationOptions& options)
      : data_sets_(std::move(data_sets)),
        sharing_(store),
        restricted_tokens_(store),
        profiles_(store),
        login_limits_(options.login_limits),
        request_limits_(options.requests_per_minute_max),
        audit_(options.audit),
        platform_(tokens, restricted_tokens_, options.service_secret),
        auth_(accounts, tokens, login_limits_,
              {.server_secret = options.service_secret, .version = options.version}),
        users_({.accounts = accounts,
                .tokens = tokens,
                .sharing = sharing_,
                .restricted_tokens = restricted_tokens_,
                .limits = login_limits_,
                .erase_data = [this](std::string_view user_id) { return erase_data(user_id); }},
               {.registration_open = options.registration_open,
                .verify_new_accounts = options.verify_new_accounts}),
        sharing_api_(accounts, sharing_, tokens),
        profiles_api_(accounts, sharing_, profiles_, tokens),
        restricted_tokens_api_(restricted_tokens_, platform_),
        data_sets_api_(*data_sets_, platform_, access_,
                       {.body_size_bytes_max = options.body_size_bytes_max,
                        .trash_kept_ms = options.trash_kept_ms}),
        data_sources_(store),
        data_sources_api_(data_sources_, platform_),
        fetch_(store, *data_sets_, platform_, access_, options.trash_kept_ms),
        oidc_(options.oidc == nullptr
                  ? std::nullopt
                  : std::optional<OidcApi>(std::in_place, *options.oidc, tokens, login_limits_)),
        router_(all_routes(tokens, options.version, info_of(options))) {}

  uint64_t body_size_bytes_max(std::string_view method, std::string_view path) const override {
    const auto match = router_.find(method, path);
    return match.route == nullptr ? kNoBodyBytesMax : match.route->body_size_bytes_max;
  }

  server::Response handle(server::Request request) override {
    auto match = router_.find(request.method, request.path);
    request.path = server::strip_dataservices(request.path);
    if (match.route == nullptr) return platform_.no_route(request, match.path_known);
    request.variables = std::move(match.variables);
    server::Notes notes;
    request.notes = &notes;
    auto refusal = request_limits_.refusal(request, match.route->family);
    server::Response response = refusal ? *std::move(refusal) : match.route->handle(request);
    response.route = match.route->pattern;
    if (audit_ != nullptr) {
      auto event = audit_event(request, *match.route, notes, response.status);
      if (event) audit_->add(*std::move(event));
    }
    return response;
  }

  std::span<const server::Route> routes() const override { return router_.routes(); }

 private:
  std::vector<server::Route> all_routes(const account::Tokens& tokens, const std::string& version,
                                        const std::string& info) {
    std::vector<server::Route> routes = utility_routes(platform_, version, info);
    auto oidc = oidc_ ? oidc_->routes() : std::vector<server::Route>();
    for (auto more :
         {auth_.routes(), users_.routes(), sharing_api_.routes(), profiles_api_.routes(),
          restricted_tokens_api_.routes(), client_extra_routes(tokens, platform_),
          data_sets_api_.routes(), data_sources_api_.routes(), fetch_.routes(), std::move(oidc)}) {
      routes.insert(routes.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
    }
    return routes;
  }

  /// Of an account that is deleted. What else lies in its partition goes with the account.
  store::Result<void> erase_data(std::string_view user_id) {
    const auto erased = data_sets_->erase_all(user_id);
    if (!erased) return std::unexpected(erased.error().store);
    return {};
  }

  std::unique_ptr<dataset::DataSets> data_sets_;
  account::Sharing sharing_;
  account::RestrictedTokens restricted_tokens_;
  account::Profiles profiles_;
  account::LoginLimits login_limits_;
  RequestLimits request_limits_;
  audit::Log* const audit_;
  Platform platform_;
  Access access_{sharing_};
  AuthApi auth_;
  UsersApi users_;
  SharingApi sharing_api_;
  ProfilesApi profiles_api_;
  RestrictedTokensApi restricted_tokens_api_;
  DataSetsApi data_sets_api_;
  source::DataSources data_sources_;
  DataSourcesApi data_sources_api_;
  FetchApi fetch_;
  std::optional<OidcApi> oidc_;
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
