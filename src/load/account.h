// Getting in: an account, a new account, or a service.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "load/http_client.h"
#include "load/plan.h"

namespace tideway::load {

struct Account {
  std::string user_id;
  std::string token;

  /// The fields that a request of this account has.
  std::string fields() const;
};

/// One account for each user of the plan; with an e-mail address, that one only.
std::expected<std::vector<Account>, std::string> get_accounts(HttpClient& client, const Plan& plan);

}  // namespace tideway::load
