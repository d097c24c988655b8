#include "cli/application.h"

#include "cli/version.h"

namespace tideway::cli {

dataset::SweepLimits sweep_limits(const Config& config) {
  constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;
  dataset::SweepLimits limits{.trash_kept_ms = config.deleted_days_kept * kDayMs,
                              .empty_sets_kept_ms = config.empty_set_days_kept * kDayMs};
  if (config.superseded_days_kept > 0) {
    limits.superseded_kept_ms = config.superseded_days_kept * kDayMs;
  }
  return limits;
}

std::string audit_directory(const Config& config) {
  return config.audit_dir.empty() ? config.data_dir + "/audit" : config.audit_dir;
}

audit::Options audit_options(const Config& config) {
  return {.directory = audit_directory(config),
          .file_size_bytes_max = uint64_t{config.audit_file_mib_max} << 20,
          .files_max = config.audit_files_max};
}

store::Result<std::unique_ptr<api::Application>> open_application(const Config& config,
                                                                  store::Store& store,
                                                                  account::Accounts& accounts,
                                                                  Logins& logins,
                                                                  audit::Log& audit) {
  api::ApplicationOptions options;
  options.registration_open = config.registration == "open";
  options.verify_new_accounts = config.verify_new_accounts;
  options.service_secret = config.service_secret;
  options.body_size_bytes_max = uint64_t{config.body_size_mib_max} << 20;
  options.opened_blocks_bytes_max = size_t{config.opened_blocks_mib_max} << 20;
  options.trash_kept_ms = sweep_limits(config).trash_kept_ms;
  options.login_limits = {.account_failures_max = config.failed_logins_per_account_max,
                          .address_failures_max = config.failed_logins_per_address_max};
  options.requests_per_minute_max = config.requests_per_minute_max;
  options.audit = &audit;
  options.blob_directory = config.data_dir + "/blobs";
  options.export_directory = config.data_dir + "/exports";
  options.version = version();
  options.oidc = logins.provider();
  options.info = logins.info();
  return api::Application::open(store, accounts, logins.tokens(), options);
}

}  // namespace tideway::cli
