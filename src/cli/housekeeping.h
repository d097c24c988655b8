// What the server does by itself, beside its requests: see dataset/sweep.h.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "dataset/sweep.h"
#include "store/store.h"

namespace tideway::cli {

/// Sweeps when it starts and once an hour from then on, on a thread of its own, until destroyed.
class Housekeeping {
 public:
  /// The store must outlive it. `also` is called each time too.
  Housekeeping(store::Store& store, const dataset::SweepLimits& limits,
               std::function<void()> also = {});

 private:
  void run(const std::stop_token& stop);

  store::Store& store_;
  const dataset::SweepLimits limits_;
  const std::function<void()> also_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  ///< last, so that it ends before the rest goes
};

}  // namespace tideway::cli
