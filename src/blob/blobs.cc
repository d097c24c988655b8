#include "blob/blobs.h"

#include <algorithm>
#include <utility>

#include "base/ids.h"
#include "base/time.h"

namespace tideway::blob {
namespace {

using store::Outcome;
using store::Result;
using store::Transaction;

constexpr uint64_t kRemovedAtOnce = 1000;

bool matches(const ListFilter& filter, const Blob& blob) {
  if (!filter.media_types.empty() && std::ranges::count(filter.media_types, blob.media_type) == 0) {
    return false;
  }
  if (filter.start_at_ms) {
    const auto start = parse_instant(blob.start_time);
    if (!start || start->milliseconds() < *filter.start_at_ms) return false;
  }
  if (filter.end_at_ms) {
    const auto end = parse_instant(blob.end_time);
    if (!end || end->milliseconds() >= *filter.end_at_ms) return false;
  }
  return true;
}

}  // namespace

Blobs::Blobs(store::Store& store, std::string directory, IsRefusal is_refusal)
    : store_(store), files_(std::move(directory)), is_refusal_(is_refusal) {}

/// Whether the blob of a pending file has its entry.
Result<bool> Blobs::is_there(std::string_view id) {
  for (const Kind kind : {Kind::kBlob, Kind::kDeviceLog}) {
    const auto found = find(kind, id);
    if (!found) return std::unexpected(found.error());
    if (*found) return true;
  }
  return false;
}

/// Takes away what remains of a blob that has no entry: content, place, then the mark that says so.
Result<void> Blobs::clear(std::string_view id) {
  if (auto removed = files_.remove_stored(id); !removed) return removed;
  const auto erased =
      store_.update(store::kDirectoryPartition, [&](Transaction& directory) -> Result<Outcome> {
        directory.erase(directory_key(id));
        return Outcome::kCommit;
      });
  if (!erased) return erased;
  return files_.remove_pending(id);
}

Result<uint64_t> Blobs::recover() {
  if (auto prepared = files_.prepare(); !prepared) return std::unexpected(prepared.error());
  const auto pending = files_.pending();
  if (!pending) return std::unexpected(pending.error());
  for (const std::string& id : *pending) {
    const auto there = is_there(id);
    if (!there) return std::unexpected(there.error());
    const auto done = *there ? files_.remove_pending(id) : clear(id);
    if (!done) return std::unexpected(done.error());
  }
  return pending->size();
}

Result<std::unique_ptr<Upload>> Blobs::begin_upload() {
  if (uploads_running_.fetch_add(1, std::memory_order_relaxed) >= kUploadsMax) {
    uploads_running_.fetch_sub(1, std::memory_order_relaxed);
    return nullptr;
  }
  std::string id = random_id();
  Result<Descriptor> file;
  if (const auto prepared = files_.prepare(); prepared) {
    file = files_.create_pending(id);
  } else {
    file = std::unexpected(prepared.error());
  }
  if (!file) {
    uploads_running_.fetch_sub(1, std::memory_order_relaxed);
    return std::unexpected(file.error());
  }
  return std::make_unique<Upload>(files_, uploads_running_, std::move(id), std::move(*file));
}

Result<Blob> Blobs::add(std::unique_ptr<Upload> upload, Blob blob, int64_t now_ms) {
  blob.id = upload->id();
  blob.size_bytes = upload->size_bytes();
  blob.digest_md5 = upload->digest_md5();
  blob.created_ms = now_ms;
  if (auto stored = files_.store_pending(blob.id); !stored) {
    // What cannot be removed now stays marked, for the next start.
    if (!files_.remove_stored(blob.id)) upload->keep();
    return std::unexpected(stored.error());
  }
  // From here on only a start may clear up: nobody knows whether a commit that failed has happened.
  upload->keep();
  const auto put = [&](std::string_view partition, std::string key, std::string value) {
    return store_.update(partition, [&](Transaction& transaction) -> Result<Outcome> {
      transaction.put(key, value);
      return Outcome::kCommit;
    });
  };
  const auto placed = put(store::kDirectoryPartition, directory_key(blob.id), encode_place(blob));
  if (!placed) return std::unexpected(placed.error());
  const auto entered = put(blob.user_id, blob_key(blob), encode_blob(blob));
  if (!entered) {
    // What cannot be cleared now stays marked, for the next start.
    const bool refused = is_refusal_ != nullptr && is_refusal_(entered.error());
    if (refused) static_cast<void>(clear(blob.id));
    return std::unexpected(entered.error());
  }
  // The blob is there; a mark that stays is removed by the next start.
  static_cast<void>(files_.remove_pending(blob.id));
  return blob;
}

Result<std::optional<Blob>> Blobs::find(Kind kind, std::string_view id) {
  if (!is_data_id(id)) return std::nullopt;
  const auto directory = store_.read(store::kDirectoryPartition);
  if (!directory) return std::unexpected(directory.error());
  const auto bytes = (*directory)->get(directory_key(id));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  const auto place = decode_place(id, **bytes);
  if (!place) return std::unexpected(place.error());
  if (place->kind != kind) return std::nullopt;
  const auto reader = store_.read(place->user_id);
  if (!reader) return std::unexpected(reader.error());
  const std::string key = blob_key(*place);
  const auto entry = (*reader)->get(key);
  if (!entry) return std::unexpected(entry.error());
  if (!*entry) return std::nullopt;
  auto blob = decode_blob(place->user_id, key, **entry);
  if (!blob) return std::unexpected(blob.error());
  return std::move(*blob);
}

Result<std::vector<Blob>> Blobs::list(Kind kind, std::string_view user_id, const ListFilter& filter,
                                      ListPage page) {
  const auto reader = store_.read(user_id);
  if (!reader) return std::unexpected(reader.error());
  std::vector<Blob> blobs;
  if (page.number > UINT64_MAX / page.size) return blobs;
  uint64_t skipped_left = page.number * page.size;
  Result<void> failed;
  const auto scanned = store::scan_prefix(**reader, kind_prefix(kind), [&](auto key, auto value) {
    auto blob = decode_blob(user_id, key, value);
    if (!blob) {
      failed = std::unexpected(blob.error());
      return false;
    }
    if (!matches(filter, *blob)) return true;
    if (skipped_left > 0) {
      --skipped_left;
      return true;
    }
    blobs.push_back(std::move(*blob));
    return blobs.size() < page.size;
  });
  if (!scanned) return std::unexpected(scanned.error());
  if (!failed) return std::unexpected(failed.error());
  return blobs;
}

Result<std::unique_ptr<Content>> Blobs::content(const Blob& blob) {
  return Content::open(files_, blob);
}

Result<void> Blobs::remove(const Blob& blob) {
  if (auto marked = files_.mark_pending(blob.id); !marked) return marked;
  const auto erased = store_.update(blob.user_id, [&](Transaction& transaction) -> Result<Outcome> {
    transaction.erase(blob_key(blob));
    return Outcome::kCommit;
  });
  if (!erased) return erased;
  return clear(blob.id);
}

Result<void> Blobs::remove_all(Kind kind, std::string_view user_id) {
  for (;;) {
    const auto some = list(kind, user_id, {}, {.number = 0, .size = kRemovedAtOnce});
    if (!some) return std::unexpected(some.error());
    if (some->empty()) return {};
    for (const Blob& blob : *some) {
      if (auto removed = remove(blob); !removed) return removed;
    }
  }
}

Result<void> Blobs::forget_account(std::string_view user_id) {
  if (auto removed = remove_all(Kind::kBlob, user_id); !removed) return removed;
  return remove_all(Kind::kDeviceLog, user_id);
}

}  // namespace tideway::blob
