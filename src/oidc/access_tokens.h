// Session tokens and OIDC access tokens as one: every route takes either.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/tokens.h"

namespace tideway::oidc {

/// Another kind of token that is accepted beside our session tokens.
struct TokenKind {
  std::function<std::optional<account::Token>(std::string_view text)> verify;
  std::function<store::Result<void>(std::string_view text)> revoke;
  std::function<store::Result<void>()> refresh;  ///< see account::Tokens::refresh
};

/// `tokens`, and what the other kinds take. It must outlive what it returns.
std::unique_ptr<account::Tokens> with_other_kinds(account::Tokens& tokens,
                                                  std::vector<TokenKind> kinds);

}  // namespace tideway::oidc
