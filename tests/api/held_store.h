// A store whose reads of blocks can be held or made to fail, from a certain one on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <limits>
#include <memory>
#include <mutex>
#include <utility>

#include "store/store.h"

namespace tideway::api {

class HeldStore final : public store::Store {
 public:
  explicit HeldStore(store::Store& inner) : inner_(inner) {}

  /// From now on the `number`-th block read, counted from one, waits for release(), or fails. To be
  /// called while nobody reads.
  void hold_at(int number) { set(number, kNever); }
  void fail_at(int number) { set(kNever, number); }

  void release() {
    const std::lock_guard lock(mutex_);
    hold_at_ = kNever;
    changed_.notify_all();
  }

  /// How many blocks have been read, or wait.
  int block_reads() const {
    const std::lock_guard lock(mutex_);
    return reads_;
  }

  store::Result<std::unique_ptr<store::Reader>> read(std::string_view partition) override {
    auto reader = inner_.read(partition);
    if (!reader) return reader;
    return std::make_unique<HeldReader>(std::move(*reader), *this);
  }
  store::Result<void> update(std::string_view partition, const Apply& apply) override {
    return inner_.update(partition, apply);
  }
  store::Result<void> partitions(const VisitPartition& visit) override {
    return inner_.partitions(visit);
  }
  store::Result<void> reclaim(std::string_view partition) override {
    return inner_.reclaim(partition);
  }

 private:
  static constexpr int kNever = std::numeric_limits<int>::max();
  /// Longer than any test waits, so that what needs a held block does not get it.
  static constexpr std::chrono::seconds kPatience{120};

  class HeldReader final : public store::Reader {
   public:
    HeldReader(std::unique_ptr<store::Reader> inner, HeldStore& store)
        : inner_(std::move(inner)), store_(store) {}

    store::Result<std::optional<std::string>> get(std::string_view key) const override {
      // dataset/keys.h
      if (key.starts_with('B') && !store_.may_read_block()) {
        return std::unexpected(store::Error{store::Error::Kind::kUnavailable, "a test"});
      }
      return inner_->get(key);
    }
    store::Result<void> scan(std::string_view begin, std::string_view end,
                             const Visit& visit) const override {
      return inner_->scan(begin, end, visit);
    }

   private:
    const std::unique_ptr<store::Reader> inner_;
    HeldStore& store_;
  };

  void set(int hold_at, int fail_at) {
    const std::lock_guard lock(mutex_);
    hold_at_ = hold_at;
    fail_at_ = fail_at;
    reads_ = 0;
  }

  bool may_read_block() {
    std::unique_lock lock(mutex_);
    const int number = ++reads_;
    changed_.wait_for(lock, kPatience, [&] { return number < hold_at_; });
    return number < fail_at_;
  }

  store::Store& inner_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int reads_ = 0;
  int hold_at_ = kNever;
  int fail_at_ = kNever;
};

}  // namespace tideway::api
