// One lock for each partition that is being written right now.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace tideway::store {

/// Locks by name. Not a fixed set of stripes: there a slow commit of one user would hold up
/// strangers whose name falls on the same stripe. A name costs memory only while someone holds or
/// awaits it.
class PartitionLocks {
  struct Entry {
    std::binary_semaphore free{1};  ///< not a mutex: another thread may give the lock back
    size_t users = 0;               ///< who holds or awaits it; guarded by map_mutex_
  };

 public:
  /// Holds the lock until destroyed, which any thread may do. Must not outlive the PartitionLocks.
  class Guard {
   public:
    Guard(PartitionLocks& locks, std::string_view partition);
    ~Guard();
    Guard(Guard&& other) noexcept
        : locks_(other.locks_),
          partition_(std::move(other.partition_)),
          entry_(std::exchange(other.entry_, nullptr)) {}
    Guard& operator=(Guard&&) = delete;

   private:
    PartitionLocks& locks_;
    std::string partition_;
    Entry* entry_;  ///< null after a move
  };

  /// Names in use; 0 when nobody holds or awaits a lock.
  size_t size() const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  Entry* enter(std::string_view partition);
  void leave(std::string_view partition);

  mutable std::mutex map_mutex_;
  std::unordered_map<std::string, std::unique_ptr<Entry>, Hash, std::equal_to<>> entries_;
};

}  // namespace tideway::store
