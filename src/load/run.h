// The whole of a load: get accounts, open data sets, send for a while, close, fetch back, compare.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "load/compare.h"
#include "load/plan.h"
#include "load/tally.h"

namespace tideway::load {

struct Result {
  double seconds = 0;            ///< of sending
  std::shared_ptr<Tally> tally;  ///< never null
  Verification verification;

  /// Whether every request that the server did not refuse for want of time succeeded, and all that
  /// was fetched back is right.
  bool passed() const { return tally->failed == 0 && verification.passed(); }
};

/// The error says why nothing could be sent.
std::expected<Result, std::string> run(const Plan& plan);

/// The same once more with the accounts at hand: a benchmark needs them for several runs.
class Load {
 public:
  static std::expected<Load, std::string> prepare(const Plan& plan);
  /// `plan` may differ from the first one in all but server, users and who they are.
  std::expected<Result, std::string> run(const Plan& plan) const;

 private:
  struct Shared;
  std::shared_ptr<const Shared> shared_;
};

}  // namespace tideway::load
