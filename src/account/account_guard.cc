#include "account/account_guard.h"

#include "account/user_codec.h"

namespace tideway::account {
namespace {

constexpr std::string_view kNoAccount = "the account was deleted";

/// Passes everything on and remembers whether anything was put.
class Watched final : public store::Transaction {
 public:
  explicit Watched(store::Transaction& inner) : inner_(inner) {}

  store::Result<std::optional<std::string>> get(std::string_view key) const override {
    return inner_.get(key);
  }
  store::Result<void> scan(std::string_view begin, std::string_view end,
                           const Visit& visit) const override {
    return inner_.scan(begin, end, visit);
  }
  void put(std::string_view key, std::string_view value) override {
    has_put_ = true;
    inner_.put(key, value);
  }
  void erase(std::string_view key) override { inner_.erase(key); }
  void erase_range(std::string_view begin, std::string_view end) override {
    inner_.erase_range(begin, end);
  }

  bool has_put() const { return has_put_; }

 private:
  store::Transaction& inner_;
  bool has_put_ = false;
};

}  // namespace

bool is_no_account(const store::Error& error) { return error.message == kNoAccount; }

store::Result<void> AccountGuard::update(std::string_view partition, const Apply& apply) {
  if (partition == store::kDirectoryPartition) return store_.update(partition, apply);
  return store_.update(
      partition, [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
        Watched watched(transaction);
        const auto outcome = apply(watched);
        if (!outcome || *outcome == store::Outcome::kAbandon || !watched.has_put()) return outcome;
        const auto deleted = transaction.get(kDeletedKey);
        if (!deleted) return std::unexpected(deleted.error());
        if (*deleted) {
          return std::unexpected(
              store::Error{store::Error::Kind::kUnavailable, std::string(kNoAccount)});
        }
        return outcome;
      });
}

}  // namespace tideway::account
