#include "store/commit.h"

#include <future>

namespace tideway::store {

void Commit::then(Then then) {
  {
    const std::lock_guard lock(mutex_);
    if (!result_) {
      then_ = std::move(then);
      return;
    }
  }
  then(*result_);
}

Result<void> Commit::wait() {
  std::promise<Result<void>> known;
  then([&](const Result<void>& result) { known.set_value(result); });
  return known.get_future().get();
}

void Commit::finish(Result<void> result) {
  Then then;
  {
    const std::lock_guard lock(mutex_);
    result_ = std::move(result);
    then = std::move(then_);
  }
  if (then) then(*result_);
}

Result<void> wait_for(const std::shared_ptr<Commit>& commit) {
  return commit == nullptr ? Result<void>() : commit->wait();
}

}  // namespace tideway::store
