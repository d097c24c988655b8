#include "cli/token_refresh.h"

#include <spdlog/spdlog.h>

#include <chrono>

namespace tideway::cli {

TokenRefresh::TokenRefresh(account::Tokens& tokens)
    : tokens_(tokens), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void TokenRefresh::run(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kInterval(account::kRefreshIntervalMs);
  bool worked = true;
  while (!stop.stop_requested()) {
    const auto refreshed = tokens_.refresh();
    // Once is enough: while the store is gone, nothing else works either.
    if (!refreshed && worked) spdlog::error("ended tokens: {}", refreshed.error().message);
    worked = refreshed.has_value();
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, kInterval, [] { return false; });
  }
}

}  // namespace tideway::cli
