// Readers of records that keep their memory from request to request.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "record/batch.h"

namespace tideway::api {

/// As many readers as are in use at once. The one that was given back last is used first: its
/// memory is still in the processor's caches, which a reader for each of many worker threads, that
/// take turns, would never find. Any thread may take and give back.
class ReaderPool {
 public:
  /// A reader for one body of `body_size_bytes`, until destroyed. Must not outlive the pool.
  class Lease {
   public:
    Lease(ReaderPool& pool, size_t body_size_bytes);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    record::Reader& reader() { return *reader_; }

   private:
    ReaderPool& pool_;
    const bool is_kept_;
    std::unique_ptr<record::Reader> reader_;
  };

 private:
  /// After a larger body the memory is given up: every worker may have had one.
  static constexpr size_t kKeptBytesMax = 4 << 20;

  std::mutex mutex_;
  std::vector<std::unique_ptr<record::Reader>> free_;  ///< the last one is the next
};

}  // namespace tideway::api
