// A file system that can fail on demand and can lose what was not synced, as a power cut does.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace tideway::store {

class FaultFileSystem : public rocksdb::FileSystemWrapper {
 public:
  enum class Fault {
    kNone,
    kNoSpace,     ///< nothing more can be written
    kSyncFails,   ///< writes are taken, syncs fail
    kPowerIsOff,  ///< nothing works; what was not synced is lost with lose_unsynced()
  };

  FaultFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "FaultFileSystem"; }

  void set_fault(Fault fault) { fault_ = fault; }

  /// Cuts every file written since construction to what was synced of it. Call when no store is
  /// open.
  void lose_unsynced();

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options,
                                 uint64_t* free_bytes, rocksdb::IODebugContext* debug) override;

  rocksdb::IOStatus may_write() const;
  rocksdb::IOStatus may_sync() const;
  void set_synced(const std::string& path, uint64_t size_bytes);

 private:
  std::atomic<Fault> fault_ = Fault::kNone;
  std::mutex mutex_;
  std::map<std::string, uint64_t> synced_sizes_;  ///< of the files written; guarded by mutex_
};

}  // namespace tideway::store
