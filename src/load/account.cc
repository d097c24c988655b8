#include "load/account.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <sodium.h>

#include "base/text.h"
#include "load/noise.h"

namespace tideway::load {
namespace {

using AccountResult = std::expected<Account, std::string>;

std::unexpected<std::string> refused(std::string_view what, const Answer& answer) {
  constexpr size_t kShownMax = 300;
  return std::unexpected(
      fmt::format("{}: status {}: {}", what, answer.status, answer.body.substr(0, kShownMax)));
}

std::string basic(std::string_view email, std::string_view password) {
  const std::string pair = fmt::format("{}:{}", email, password);
  std::string encoded(sodium_base64_ENCODED_LEN(pair.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(encoded.data(), encoded.size(),
                    reinterpret_cast<const unsigned char*>(pair.data()), pair.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  encoded.pop_back();  // the terminator
  return encoded;
}

AccountResult account_in(const Answer& answer) {
  simdjson::dom::parser parser;
  std::string_view user_id;
  const auto body = simdjson::padded_string(answer.body);
  const std::string_view token = answer.field("x-tidepool-session-token");
  if (parser.parse(body)["userid"].get(user_id) != simdjson::SUCCESS || token.empty()) {
    return std::unexpected("the answer holds no user id or no token");
  }
  return Account{.user_id = std::string(user_id), .token = std::string(token)};
}

AccountResult log_in(HttpClient& client, std::string_view email, std::string_view password) {
  const auto answer = client.send(
      "POST", "/auth/login", fmt::format("Authorization: Basic {}\r\n", basic(email, password)));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != 200) return refused("login", *answer);
  return account_in(*answer);
}

/// An account of an earlier run with the same seed and password is taken as it is.
AccountResult sign_up(HttpClient& client, std::string_view email, const std::string& password) {
  std::string body = fmt::format(R"({{"username":"{0}","emails":["{0}"],"password":)", email);
  append_json_string(body, password);
  body += "}";
  const auto answer = client.send("POST", "/auth/user", "Content-Type: application/json\r\n", body);
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 409) return log_in(client, email, password);
  if (answer->status != 201) return refused("new account", *answer);
  return account_in(*answer);
}

/// A service has one token for all; the users are nobody but ids.
std::expected<std::string, std::string> service_token(HttpClient& client,
                                                      const std::string& secret) {
  const auto answer = client.send("POST", "/auth/serverlogin",
                                  fmt::format("X-Tidepool-Server-Name: tideway-bench\r\n"
                                              "X-Tidepool-Server-Secret: {}\r\n",
                                              secret));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != 200) return refused("login of the service", *answer);
  return std::string(answer->field("x-tidepool-session-token"));
}

}  // namespace

std::string Account::fields() const {
  return fmt::format("X-Tidepool-Session-Token: {}\r\nContent-Type: application/json\r\n", token);
}

std::expected<std::vector<Account>, std::string> get_accounts(HttpClient& client,
                                                              const Plan& plan) {
  std::vector<Account> accounts;
  const auto add = [&](AccountResult account) -> std::expected<void, std::string> {
    if (!account) return std::unexpected(account.error());
    accounts.push_back(*std::move(account));
    return {};
  };
  if (!plan.who.service_secret.empty()) {
    const auto token = service_token(client, plan.who.service_secret);
    if (!token) return std::unexpected(token.error());
    for (size_t i = 0; i < plan.users; ++i) {
      accounts.push_back({fmt::format("{:010x}", mixed(plan.seed, i) >> 24), *token});
    }
    return accounts;
  }
  if (!plan.who.registers) {
    if (auto added = add(log_in(client, plan.who.email, plan.who.password)); !added) {
      return std::unexpected(added.error());
    }
    return accounts;
  }
  for (size_t i = 0; i < plan.users; ++i) {
    const std::string email = fmt::format("bench-{}-{}@example.com", plan.seed, i);
    if (auto added = add(sign_up(client, email, plan.who.password)); !added) {
      return std::unexpected(added.error());
    }
  }
  return accounts;
}

}  // namespace tideway::load
