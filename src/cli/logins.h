// The ways to log in that the configuration asks for, and what tokens are accepted because of it.
#pragma once

#include <memory>
#include <string>

#include "account/accounts.h"
#include "account/tokens.h"
#include "cli/config.h"
#include "oidc/external_issuer.h"
#include "oidc/provider.h"
#include "store/store.h"

namespace tideway::cli {

class Logins {
 public:
  /// What it is given must outlive it.
  static store::Result<std::unique_ptr<Logins>> open(const Config& config, store::Store& store,
                                                     account::Accounts& accounts,
                                                     account::Tokens& tokens);

  /// All tokens that are accepted.
  account::Tokens& tokens() { return *all_tokens_; }
  oidc::Provider* provider() { return provider_.get(); }  ///< null: no login with OIDC
  /// What GET /info tells clients about where to log in.
  std::string info() const;

  /// To be called once an hour.
  void keep_house();

 private:
  std::unique_ptr<oidc::Provider> provider_;
  std::unique_ptr<oidc::ExternalIssuer> issuer_;
  std::string issuer_url_;
  std::unique_ptr<account::Tokens> all_tokens_;
};

}  // namespace tideway::cli
