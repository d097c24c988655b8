#include "api/reader_pool.h"

namespace tideway::api {

ReaderPool::Lease::Lease(ReaderPool& pool, size_t body_size_bytes)
    : pool_(pool), is_kept_(body_size_bytes <= kKeptBytesMax) {
  {
    const std::lock_guard lock(pool_.mutex_);
    if (!pool_.free_.empty()) {
      reader_ = std::move(pool_.free_.back());
      pool_.free_.pop_back();
    }
  }
  if (!reader_) reader_ = std::make_unique<record::Reader>();
}

ReaderPool::Lease::~Lease() {
  if (!is_kept_) return;
  const std::lock_guard lock(pool_.mutex_);
  pool_.free_.push_back(std::move(reader_));
}

}  // namespace tideway::api
