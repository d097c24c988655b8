// A store that keeps everything in memory, for tests of what lies above the store. It can be told
// to fail, and what was "on disk" survives the objects above it.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/store.h"

namespace tideway::store {

class MemoryStore final : public Store {
 public:
  using Entries = std::map<std::string, std::string, std::less<>>;

  Result<std::unique_ptr<Reader>> read(std::string_view partition) override {
    if (fail_reads) return std::unexpected(refusal());
    return std::make_unique<Snapshot>(slot(partition).entries.load());
  }

  Result<void> update(std::string_view partition, const Apply& apply) override {
    if (fail_updates) return std::unexpected(refusal());
    // A copy, because the hook may replace itself.
    if (const auto hook = before_update) hook(partition);
    Slot& slot = this->slot(partition);
    const std::scoped_lock lock(slot.writer);
    Changes changes(slot.entries.load());
    const auto outcome = apply(changes);
    if (!outcome) return std::unexpected(outcome.error());
    if (*outcome == Outcome::kCommit) slot.entries.store(changes.apply());
    return {};
  }

  Result<void> partitions(const VisitPartition& visit) override {
    std::vector<std::string> names;
    {
      const std::scoped_lock lock(mutex_);
      for (const auto& [name, slot] : slots_) {
        if (!slot.entries.load()->empty()) names.push_back(name);
      }
    }
    for (const std::string& name : names) {
      if (!visit(name)) break;
    }
    return {};
  }

  Result<void> reclaim(std::string_view) override { return {}; }

  /// A copy of what a partition holds.
  Entries entries(std::string_view partition) { return *slot(partition).entries.load(); }

  void put(std::string_view partition, std::string_view key, std::string_view value) {
    Slot& slot = this->slot(partition);
    const std::scoped_lock lock(slot.writer);
    auto entries = std::make_shared<Entries>(*slot.entries.load());
    entries->insert_or_assign(std::string(key), std::string(value));
    slot.entries.store(std::move(entries));
  }

  std::atomic<bool> fail_reads{false};
  std::atomic<bool> fail_updates{false};

  /// Runs before an update takes its lock, so that a test can let something else happen between two
  /// steps of what it tests. Set it while no other thread uses the store.
  std::function<void(std::string_view partition)> before_update;

 private:
  /// Never changed once it is published, so that readers need no lock.
  using Shared = std::shared_ptr<const Entries>;

  class Published {
   public:
    Shared load() const {
      const std::scoped_lock lock(mutex_);
      return entries_;
    }
    void store(Shared entries) {
      const std::scoped_lock lock(mutex_);
      entries_ = std::move(entries);
    }

   private:
    mutable std::mutex mutex_;
    Shared entries_ = std::make_shared<Entries>();
  };

  struct Slot {
    std::mutex writer;  ///< held during one update of the partition
    Published entries;
  };

  /// Reads of Reader and Transaction alike.
  template <class Base>
  class View : public Base {
   public:
    explicit View(Shared entries) : entries_(std::move(entries)) {}

    Result<std::optional<std::string>> get(std::string_view key) const override {
      const auto found = entries_->find(key);
      if (found == entries_->end()) return std::nullopt;
      return found->second;
    }

    Result<void> scan(std::string_view begin, std::string_view end,
                      const Reader::Visit& visit) const override {
      for (auto at = entries_->lower_bound(begin); at != entries_->end(); ++at) {
        if (!end.empty() && at->first >= end) break;
        if (!visit(at->first, at->second)) break;
      }
      return {};
    }

   protected:
    Shared entries_;
  };

  class Snapshot final : public View<Reader> {
   public:
    using View<Reader>::View;
  };

  class Changes final : public View<Transaction> {
   public:
    using View<Transaction>::View;

    void put(std::string_view key, std::string_view value) override {
      steps_.push_back([key = std::string(key), value = std::string(value)](Entries& entries) {
        entries.insert_or_assign(key, value);
      });
    }
    void erase(std::string_view key) override {
      steps_.push_back([key = std::string(key)](Entries& entries) { entries.erase(key); });
    }
    void erase_range(std::string_view begin, std::string_view end) override {
      steps_.push_back([begin = std::string(begin), end = std::string(end)](Entries& entries) {
        if (!end.empty() && end <= begin) return;
        entries.erase(entries.lower_bound(begin),
                      end.empty() ? entries.end() : entries.lower_bound(end));
      });
    }

    Shared apply() const {
      auto entries = std::make_shared<Entries>(*entries_);
      for (const auto& step : steps_) step(*entries);
      return entries;
    }

   private:
    std::vector<std::function<void(Entries&)>> steps_;
  };

  static Error refusal() { return {Error::Kind::kUnavailable, "the test wants this to fail"}; }

  Slot& slot(std::string_view partition) {
    const std::scoped_lock lock(mutex_);
    return slots_[std::string(partition)];
  }

  std::mutex mutex_;
  std::map<std::string, Slot> slots_;
};

}  // namespace tideway::store
