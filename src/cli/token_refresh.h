// Takes over, every few seconds, what other programs on the same store ended (account/tokens.h).
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "account/tokens.h"

namespace tideway::cli {

/// On a thread of its own, until destroyed.
class TokenRefresh {
 public:
  /// The tokens must outlive it.
  explicit TokenRefresh(account::Tokens& tokens);

 private:
  void run(const std::stop_token& stop);

  account::Tokens& tokens_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  ///< last, so that it ends before the rest goes
};

}  // namespace tideway::cli
