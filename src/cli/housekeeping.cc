#include "cli/housekeeping.h"

#include <spdlog/spdlog.h>

#include <chrono>

#include "base/time.h"

namespace tideway::cli {
namespace {

constexpr std::chrono::hours kInterval{1};

}  // namespace

Housekeeping::Housekeeping(store::Store& store, const dataset::SweepLimits& limits,
                           std::function<void()> also)
    : store_(store),
      limits_(limits),
      also_(std::move(also)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Housekeeping::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto swept = dataset::sweep(store_, limits_, now_milliseconds(),
                                      [&stop] { return stop.stop_requested(); });
    if (!swept) {
      spdlog::error("sweeping: {}", swept.error().message);
    } else if (*swept != dataset::Swept()) {
      spdlog::info("swept {} deleted and {} empty data sets, {} superseded records",
                   swept->deletions, swept->empty_sets, swept->superseded);
    }
    if (also_) also_();
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, kInterval, [] { return false; });
  }
}

}  // namespace tideway::cli
