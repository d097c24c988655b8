#include "tests/store/fault_file_system.h"

#include <filesystem>

namespace tideway::store {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class FaultFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultFile(FaultFileSystem& system, std::string path, std::unique_ptr<FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), system_(system), path_(std::move(path)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus status = system_.may_write(); !status.ok()) return status;
    size_bytes_ += data.size();
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }

  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus status = system_.may_sync(); !status.ok()) return status;
    IOStatus status = FSWritableFileOwnerWrapper::Sync(options, debug);
    if (status.ok()) system_.set_synced(path_, size_bytes_);
    return status;
  }

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

 private:
  FaultFileSystem& system_;
  std::string path_;
  uint64_t size_bytes_ = 0;
};

}  // namespace

IOStatus FaultFileSystem::GetFreeSpace(const std::string& path, const IOOptions& options,
                                       uint64_t* free_bytes, IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::GetFreeSpace(path, options, free_bytes, debug);
  if (fault_ == Fault::kNoSpace) *free_bytes = 0;
  return status;
}

IOStatus FaultFileSystem::may_write() const {
  switch (fault_) {
    case Fault::kNone:
    case Fault::kSyncFails:
      return IOStatus::OK();
    case Fault::kNoSpace:
      return IOStatus::NoSpace("no space (injected)");
    case Fault::kPowerIsOff:
      break;
  }
  return IOStatus::IOError("power is off (injected)");
}

IOStatus FaultFileSystem::may_sync() const {
  if (fault_ == Fault::kSyncFails) return IOStatus::IOError("sync failed (injected)");
  return may_write();
}

void FaultFileSystem::set_synced(const std::string& path, uint64_t size_bytes) {
  const std::lock_guard lock(mutex_);
  synced_sizes_[path] = size_bytes;
}

void FaultFileSystem::lose_unsynced() {
  const std::lock_guard lock(mutex_);
  for (const auto& [path, size_bytes] : synced_sizes_) {
    std::error_code error;
    const uint64_t size_now = std::filesystem::file_size(path, error);
    if (!error && size_now > size_bytes) std::filesystem::resize_file(path, size_bytes);
  }
  synced_sizes_.clear();
}

IOStatus FaultFileSystem::NewWritableFile(const std::string& path,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* file,
                                          IODebugContext* debug) {
  if (IOStatus status = may_write(); !status.ok()) return status;
  std::unique_ptr<rocksdb::FSWritableFile> opened;
  IOStatus status = FileSystemWrapper::NewWritableFile(path, options, &opened, debug);
  if (!status.ok()) return status;
  set_synced(path, 0);
  *file = std::make_unique<FaultFile>(*this, path, std::move(opened));
  return status;
}

IOStatus FaultFileSystem::RenameFile(const std::string& from, const std::string& to,
                                     const IOOptions& options, IODebugContext* debug) {
  if (IOStatus status = may_write(); !status.ok()) return status;
  IOStatus status = FileSystemWrapper::RenameFile(from, to, options, debug);
  const std::lock_guard lock(mutex_);
  if (auto moved = synced_sizes_.extract(from); status.ok() && !moved.empty()) {
    synced_sizes_[to] = moved.mapped();
  }
  return status;
}

IOStatus FaultFileSystem::DeleteFile(const std::string& path, const IOOptions& options,
                                     IODebugContext* debug) {
  // A full disk takes deletions; one without power takes nothing.
  if (fault_ == Fault::kPowerIsOff) return may_write();
  const std::lock_guard lock(mutex_);
  synced_sizes_.erase(path);
  return FileSystemWrapper::DeleteFile(path, options, debug);
}

}  // namespace tideway::store
