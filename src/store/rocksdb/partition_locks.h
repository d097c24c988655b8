// One lock for each partition that is being written right now.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tideway::store {

/// Locks by name. Not a fixed set of stripes: there a slow commit of one user would hold up
/// strangers whose name falls on the same stripe. A name costs memory only while someone holds or
/// awaits it.
class PartitionLocks {
  struct Entry {
    std::mutex mutex;
    size_t users = 0;  ///< who holds or awaits `mutex`; guarded by map_mutex_
  };

 public:
  /// Holds the lock until destroyed. Must not outlive the PartitionLocks.
  class Guard {
   public:
    Guard(PartitionLocks& locks, std::string_view partition);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    PartitionLocks& locks_;
    std::string_view partition_;
    Entry* entry_;
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
