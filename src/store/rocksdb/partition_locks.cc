#include "store/rocksdb/partition_locks.h"

namespace tideway::store {

PartitionLocks::Guard::Guard(PartitionLocks& locks, std::string_view partition)
    : locks_(locks), partition_(partition), entry_(locks.enter(partition)) {
  // Outside the map's mutex, so that waiting here holds up nobody else.
  entry_->free.acquire();
}

PartitionLocks::Guard::~Guard() {
  if (entry_ == nullptr) return;
  entry_->free.release();
  locks_.leave(partition_);
}

size_t PartitionLocks::size() const {
  const std::lock_guard lock(map_mutex_);
  return entries_.size();
}

PartitionLocks::Entry* PartitionLocks::enter(std::string_view partition) {
  const std::lock_guard lock(map_mutex_);
  auto found = entries_.find(partition);
  if (found == entries_.end()) {
    found = entries_.emplace(partition, std::make_unique<Entry>()).first;
  }
  ++found->second->users;
  return found->second.get();
}

void PartitionLocks::leave(std::string_view partition) {
  const std::lock_guard lock(map_mutex_);
  const auto found = entries_.find(partition);
  if (--found->second->users == 0) entries_.erase(found);
}

}  // namespace tideway::store
