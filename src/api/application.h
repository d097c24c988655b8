// All public routes as one handler: the whole API above the sockets and the store.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "account/accounts.h"
#include "account/login_limits.h"
#include "account/tokens.h"
#include "audit/log.h"
#include "dataset/sweep.h"
#include "oidc/provider.h"
#include "server/router.h"
#include "server/server.h"
#include "store/store.h"

namespace tideway::api {

struct ApplicationOptions {
  bool registration_open = false;
  bool verify_new_accounts = true;
  std::string service_secret = {};  ///< empty: no service may call
  uint64_t body_size_bytes_max = uint64_t{64} << 20;
  size_t opened_blocks_bytes_max = size_t{16} << 20;             ///< kept for further fetches
  int64_t trash_kept_ms = dataset::SweepLimits().trash_kept_ms;  ///< tells until when to restore
  account::LoginLimitOptions login_limits = {};
  uint32_t requests_per_minute_max = 0;  ///< of one token; 0: no limit
  audit::Log* audit = nullptr;           ///< null: nothing is recorded
  std::string blob_directory = {};       ///< made if need be; empty: there can be no blobs
  std::string export_directory = {};     ///< emptied at the start; for spreadsheets being made
  std::string version = {};
  oidc::Provider* oidc = nullptr;  ///< null: no login with OIDC
  std::string info = {};           ///< body of GET /info; empty: see info_json()
};

class Application : public server::Handler {
 public:
  /// What it is given must outlive it.
  static store::Result<std::unique_ptr<Application>> open(store::Store& store,
                                                          account::Accounts& accounts,
                                                          account::Tokens& tokens,
                                                          ApplicationOptions options);

  virtual std::span<const server::Route> routes() const = 0;
};

}  // namespace tideway::api
