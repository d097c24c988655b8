#include "api/application.h"

#include <spdlog/spdlog.h>

#include <functional>
#include <iterator>

#include "account/account_guard.h"
#include "account/profiles.h"
#include "account/restricted_tokens.h"
#include "account/sharing.h"
#include "account/user_codec.h"
#include "api/access.h"
#include "api/audit_events.h"
#include "api/auth.h"
#include "api/blobs.h"
#include "api/client_extras.h"
#include "api/data_sets.h"
#include "api/data_sources.h"
#include "api/device_logs.h"
#include "api/export.h"
#include "api/fetch.h"
#include "api/legacy_upload.h"
#include "api/messages.h"
#include "api/oidc.h"
#include "api/platform.h"
#include "api/profile_name.h"
#include "api/profiles.h"
#include "api/request_limits.h"
#include "api/restricted_tokens.h"
#include "api/schemas.h"
#include "api/sharing.h"
#include "api/users.h"
#include "api/utility.h"
#include "blob/blobs.h"
#include "dataset/data_sets.h"
#include "exports/spreadsheet.h"
#include "note/notes.h"
#include "source/data_sources.h"

namespace tideway::api {
namespace {

std::string info_of(const ApplicationOptions& options) {
  if (!options.info.empty()) return options.info;
  return options.oidc == nullptr ? info_json()
                                 : info_json(options.oidc->public_url(), options.oidc->realm());
}

/// Notes in the logs what was answered, on which route, to whom.
using Answered = std::function<void(server::Response&)>;

/// What `work` gives. Where it throws, the server answers 500: that is noted, too.
template <class Work>
auto noting_failure(const Answered& answered, Work work) {
  try {
    return work();
  } catch (...) {
    server::Response failure;
    failure.status = 500;
    answered(failure);
    throw;
  }
}

/// The receiver of a route.
class RoutedReceiver : public server::BodyReceiver {
 public:
  RoutedReceiver(std::unique_ptr<server::BodyReceiver> receiver, Answered answered)
      : receiver_(std::move(receiver)), answered_(std::move(answered)) {}

  std::optional<server::Response> receive(std::string_view bytes) override {
    auto response = noting_failure(answered_, [&] { return receiver_->receive(bytes); });
    if (response) answered_(*response);
    return response;
  }
  server::Response finish(const server::Request& request) override {
    auto response = noting_failure(answered_, [&] { return receiver_->finish(request); });
    answered_(response);
    return response;
  }

 private:
  std::unique_ptr<server::BodyReceiver> receiver_;
  const Answered answered_;
};

class RoutedApplication : public Application {
 public:
  RoutedApplication(store::Store& store, std::unique_ptr<account::AccountGuard> guard,
                    account::Accounts& accounts, account::Tokens& tokens,
                    std::unique_ptr<dataset::DataSets> data_sets,
                    std::unique_ptr<blob::Blobs> blobs, const ApplicationOptions& options)
      : guard_(std::move(guard)),
        data_sets_(std::move(data_sets)),
        blobs_(std::move(blobs)),
        notes_(*guard_),
        sharing_(*guard_),
        restricted_tokens_(*guard_),
        profiles_(*guard_),
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
               users_options(options)),
        sharing_api_(accounts, sharing_, tokens),
        profiles_api_(accounts, sharing_, profiles_, tokens),
        restricted_tokens_api_(restricted_tokens_, platform_),
        data_sets_api_(*data_sets_, platform_, access_,
                       {.body_size_bytes_max = options.body_size_bytes_max,
                        .trash_kept_ms = options.trash_kept_ms}),
        legacy_upload_(*data_sets_, tokens, access_),
        data_sources_(*guard_),
        data_sources_api_(data_sources_, platform_),
        fetch_(store, *data_sets_, platform_, access_, options.trash_kept_ms,
               options.opened_blocks_bytes_max),
        oidc_(open_oidc(tokens, options)),
        spreadsheets_(options.export_directory),
        export_(store, *data_sets_, platform_, access_, spreadsheets_),
        messages_(notes_, profiles_, tokens, access_),
        blobs_api_(*blobs_, platform_, access_),
        device_logs_(*blobs_, platform_, access_),
        router_(all_routes(tokens, options.version, info_of(options))) {
    if (!options.export_directory.empty()) spreadsheets_.clear();
  }

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
    const auto answered = [&](server::Response& response) {
      this->answered(request, *match.route, response);
    };
    auto response = noting_failure(answered, [&] {
      auto refusal = request_limits_.refusal(request, match.route->family);
      return refusal ? *std::move(refusal) : match.route->handle(request);
    });
    answered(response);
    return response;
  }

  bool receives_body(std::string_view method, std::string_view path) const override {
    const auto match = router_.find(method, path);
    return match.route != nullptr && match.route->receive != nullptr;
  }

  std::expected<std::unique_ptr<server::BodyReceiver>, server::Response> receive(
      server::Request& request) override {
    auto match = router_.find(request.method, request.path);
    request.path = server::strip_dataservices(request.path);
    request.variables = std::move(match.variables);
    const auto notes = std::make_shared<server::Notes>();
    request.notes = notes.get();
    const auto answered = [this, &request, notes, route = match.route](server::Response& response) {
      this->answered(request, *route, response);
    };
    if (auto refusal = request_limits_.refusal(request, match.route->family)) {
      answered(*refusal);
      return std::unexpected(*std::move(refusal));
    }
    auto receiver = noting_failure(answered, [&] { return match.route->receive(request); });
    if (receiver) return std::make_unique<RoutedReceiver>(*std::move(receiver), answered);
    answered(receiver.error());
    return receiver;
  }

  std::span<const server::Route> routes() const override { return router_.routes(); }

 private:
  std::optional<OidcApi> open_oidc(account::Tokens& tokens, const ApplicationOptions& options) {
    if (options.oidc == nullptr) return std::nullopt;
    return std::optional<OidcApi>(std::in_place, *options.oidc, tokens, login_limits_,
                                  users_options(options));
  }

  static UsersOptions users_options(const ApplicationOptions& options) {
    return {.registration_open = options.registration_open,
            .verify_new_accounts = options.verify_new_accounts};
  }

  /// For the access log and for the audit log.
  void answered(const server::Request& request, const server::Route& route,
                server::Response& response) {
    response.route = route.pattern;
    if (audit_ == nullptr) return;
    auto event = audit_event(request, route, *request.notes, response.status);
    if (!event) return;
    if (!response.when_kept) return audit_->add(*std::move(event));
    // What came of it is known when the client is told.
    using Kept = server::Response::Kept;
    response.when_kept = [when_kept = std::move(response.when_kept), event = *std::move(event),
                          audit = audit_](Kept kept) mutable {
      when_kept([kept = std::move(kept), event = std::move(event), audit](bool is_kept) mutable {
        if (!is_kept) event.status = 500;
        audit->add(std::move(event));
        kept(is_kept);
      });
    };
  }

  std::vector<server::Route> all_routes(const account::Tokens& tokens, const std::string& version,
                                        const std::string& info) {
    std::vector<server::Route> routes = utility_routes(platform_, version, info);
    auto oidc = oidc_ ? oidc_->routes() : std::vector<server::Route>();
    for (auto more :
         {auth_.routes(), users_.routes(), sharing_api_.routes(), profiles_api_.routes(),
          restricted_tokens_api_.routes(), client_extra_routes(tokens, platform_), schema_routes(),
          data_sets_api_.routes(), legacy_upload_.routes(), data_sources_api_.routes(),
          fetch_.routes(), export_.routes(), messages_.routes(), blobs_api_.routes(),
          device_logs_.routes(), std::move(oidc)}) {
      routes.insert(routes.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
    }
    return routes;
  }

  /// Of an account that is deleted. What else lies in its partition goes with the account.
  store::Result<void> erase_data(std::string_view user_id) {
    const auto erased = data_sets_->erase_all(user_id);
    if (!erased) return std::unexpected(erased.error().store);
    if (auto forgotten = blobs_->forget_account(user_id); !forgotten) return forgotten;
    const auto name = profile_name(profiles_, user_id);
    if (!name) return std::unexpected(name.error());
    return notes_.forget_account(user_id, *name);
  }

  std::unique_ptr<account::AccountGuard> guard_;
  std::unique_ptr<dataset::DataSets> data_sets_;
  std::unique_ptr<blob::Blobs> blobs_;
  note::Notes notes_;
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
  LegacyUploadApi legacy_upload_;
  source::DataSources data_sources_;
  DataSourcesApi data_sources_api_;
  FetchApi fetch_;
  std::optional<OidcApi> oidc_;
  exports::Spreadsheets spreadsheets_;
  ExportApi export_;
  MessagesApi messages_;
  BlobsApi blobs_api_;
  DeviceLogsApi device_logs_;
  server::Router router_;
};

}  // namespace

store::Result<std::unique_ptr<Application>> Application::open(store::Store& store,
                                                              account::Accounts& accounts,
                                                              account::Tokens& tokens,
                                                              ApplicationOptions options) {
  auto guard = std::make_unique<account::AccountGuard>(store);
  auto data_sets = dataset::DataSets::open(store, account::kDeletedKey);
  if (!data_sets) return std::unexpected(data_sets.error());
  auto blobs =
      std::make_unique<blob::Blobs>(*guard, options.blob_directory, account::is_no_account);
  if (!options.blob_directory.empty()) {
    const auto recovered = blobs->recover();
    if (!recovered) return std::unexpected(recovered.error());
    // Not louder: the first line that a start prints is the address.
    if (*recovered > 0) spdlog::debug("cleared up after {} interrupted uploads", *recovered);
  }
  return std::make_unique<RoutedApplication>(store, std::move(guard), accounts, tokens,
                                             std::move(*data_sets), std::move(blobs), options);
}

}  // namespace tideway::api
