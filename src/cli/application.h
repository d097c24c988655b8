// What a running server is made of, above its sockets.
#pragma once

#include <memory>

#include "account/accounts.h"
#include "api/application.h"
#include "audit/log.h"
#include "cli/config.h"
#include "cli/logins.h"
#include "store/store.h"

namespace tideway::cli {

/// How long what is deleted, and what stays empty, is kept.
dataset::SweepLimits sweep_limits(const Config& config);

std::string audit_directory(const Config& config);
audit::Options audit_options(const Config& config);

/// The handler of all public routes, with the settings that concern it. What it is given must
/// outlive it.
store::Result<std::unique_ptr<api::Application>> open_application(const Config& config,
                                                                  store::Store& store,
                                                                  account::Accounts& accounts,
                                                                  Logins& logins,
                                                                  audit::Log& audit);

}  // namespace tideway::cli
