// A commit on its way to the disk (Store::update_later).
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "store/error.h"

namespace tideway::store {

/// Known to who asked for it and to the engine. Any thread may call any function at any time.
class Commit {
 public:
  using Then = std::move_only_function<void(const Result<void>&)>;

  /// Calls `then` once with what became of it: now, if that is known, else when the engine knows,
  /// on its thread, which waits meanwhile. To be called once.
  void then(Then then);

  /// The same for who wants to wait.
  Result<void> wait();

  /// For the engine, once.
  void finish(Result<void> result);

 private:
  std::mutex mutex_;
  std::optional<Result<void>> result_;
  Then then_;
};

/// Waits for a commit of Store::update_later(), which is null when there is nothing to wait for.
Result<void> wait_for(const std::shared_ptr<Commit>& commit);

}  // namespace tideway::store
