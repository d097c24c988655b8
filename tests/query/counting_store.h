// A store that counts which blocks are read.
#pragma once

#include <memory>
#include <utility>

#include "store/store.h"

namespace tideway::query {

class CountingStore final : public store::Store {
 public:
  explicit CountingStore(store::Store& inner) : inner_(inner) {}

  store::Result<std::unique_ptr<store::Reader>> read(std::string_view partition) override {
    auto reader = inner_.read(partition);
    if (!reader) return reader;
    return std::make_unique<CountingReader>(std::move(*reader), block_gets_);
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

  /// Blocks that were read since the last call.
  int take_block_gets() { return std::exchange(block_gets_, 0); }

 private:
  class CountingReader final : public store::Reader {
   public:
    CountingReader(std::unique_ptr<store::Reader> inner, int& block_gets)
        : inner_(std::move(inner)), block_gets_(block_gets) {}

    store::Result<std::optional<std::string>> get(std::string_view key) const override {
      if (key.starts_with('B')) ++block_gets_;
      return inner_->get(key);
    }
    store::Result<void> scan(std::string_view begin, std::string_view end,
                             const Visit& visit) const override {
      return inner_->scan(begin, end, visit);
    }

   private:
    std::unique_ptr<store::Reader> inner_;
    int& block_gets_;
  };

  store::Store& inner_;
  int block_gets_ = 0;
};

}  // namespace tideway::query
