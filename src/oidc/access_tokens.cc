#include "oidc/access_tokens.h"

#include "account/jwt.h"

namespace tideway::oidc {
namespace {

class AllTokens final : public account::Tokens {
 public:
  AllTokens(account::Tokens& tokens, std::vector<TokenKind> kinds)
      : tokens_(tokens), kinds_(std::move(kinds)) {}

  using account::Tokens::issue;
  std::string issue(const account::Grant& grant) override { return tokens_.issue(grant); }

  std::optional<account::Token> verify(std::string_view text) const override {
    if (auto token = tokens_.verify(text)) return token;
    const std::string_view inner = account::unwrap_token(text);
    for (const TokenKind& kind : kinds_) {
      auto token = kind.verify(inner);
      if (!token) continue;
      if (!token->is_server && is_ended(token->user_id, token->issued_ms)) return std::nullopt;
      return token;
    }
    return std::nullopt;
  }

  store::Result<void> revoke(std::string_view text) override {
    if (const auto revoked = tokens_.revoke(text); !revoked) return revoked;
    const std::string_view inner = account::unwrap_token(text);
    for (const TokenKind& kind : kinds_) {
      if (const auto revoked = kind.revoke(inner); !revoked) return revoked;
    }
    return {};
  }

  store::Result<void> end_sessions(std::string_view user_id) override {
    return tokens_.end_sessions(user_id);
  }

  bool is_ended(std::string_view user_id, int64_t issued_ms) const override {
    return tokens_.is_ended(user_id, issued_ms);
  }

  store::Result<void> refresh() override {
    if (const auto refreshed = tokens_.refresh(); !refreshed) return refreshed;
    for (const TokenKind& kind : kinds_) {
      if (const auto refreshed = kind.refresh(); !refreshed) return refreshed;
    }
    return {};
  }

 private:
  account::Tokens& tokens_;
  const std::vector<TokenKind> kinds_;
};

}  // namespace

std::unique_ptr<account::Tokens> with_other_kinds(account::Tokens& tokens,
                                                  std::vector<TokenKind> kinds) {
  return std::make_unique<AllTokens>(tokens, std::move(kinds));
}

}  // namespace tideway::oidc
