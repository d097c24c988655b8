// Blobs and device logs: their content in files, what is known of them in the store
// (docs/spec/fetch.md 11). A blob is there entirely or not at all, whenever the process is killed.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blob/blob.h"
#include "blob/content.h"
#include "blob/files.h"
#include "blob/upload.h"
#include "store/store.h"

namespace tideway::blob {

/// So many uploads may be under way at once; each may have kSizeBytesMax on the disk.
inline constexpr uint32_t kUploadsMax = 64;

struct ListFilter {
  std::vector<std::string> media_types;  ///< empty: any
  std::optional<int64_t> start_at_ms;    ///< device logs that start then or later
  std::optional<int64_t> end_at_ms;      ///< device logs that end earlier
};

struct ListPage {
  uint64_t number = 0;
  uint64_t size = 100;
};

/// Safe to call from any thread. Knows nothing of who may.
class Blobs {
 public:
  /// Whether a commit that failed with this has certainly not happened.
  using IsRefusal = bool (*)(const store::Error&);

  /// `directory` is made with the first upload; its parent must be there.
  Blobs(store::Store& store, std::string directory, IsRefusal is_refusal = nullptr);

  /// Clears away what uploads and deletions left that were interrupted. To be called before
  /// anything else is; returns how many there were.
  store::Result<uint64_t> recover();

  /// Null when too many are under way.
  store::Result<std::unique_ptr<Upload>> begin_upload();

  /// Makes a finished upload a blob. Of `blob`, what the caller knows counts: user, kind, media
  /// type and times. On disk when this returns.
  store::Result<Blob> add(std::unique_ptr<Upload> upload, Blob blob, int64_t now_ms);

  /// Nothing when there is none of this kind.
  store::Result<std::optional<Blob>> find(Kind kind, std::string_view id);
  /// Newest first.
  store::Result<std::vector<Blob>> list(Kind kind, std::string_view user_id,
                                        const ListFilter& filter, ListPage page);
  store::Result<std::unique_ptr<Content>> content(const Blob& blob);

  store::Result<void> remove(const Blob& blob);
  store::Result<void> remove_all(Kind kind, std::string_view user_id);
  /// For an account about to be deleted. Can be repeated when it was interrupted.
  store::Result<void> forget_account(std::string_view user_id);

 private:
  store::Result<bool> is_there(std::string_view id);
  store::Result<void> clear(std::string_view id);

  store::Store& store_;
  const Files files_;
  const IsRefusal is_refusal_;
  std::atomic<uint32_t> uploads_running_{0};
};

}  // namespace tideway::blob
