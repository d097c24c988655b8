// A data set: one upload session (docs/spec/datasets.md 5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/deduplicator.h"
#include "store/store.h"

namespace tideway::dataset {

/// Where a write came from; kept, never shown (section 19).
struct Provenance {
  std::string client_id;
  std::string by_user_id;  ///< empty for services
  std::string source_ip;
};

/// A member as the client sent it, after normalisation.
struct Member {
  std::string name;
  std::string json;
};

/// When and by whom a set was closed.
struct Closing {
  int64_t time_ms = 0;
  std::string user_id;  ///< empty for a service
  uint32_t order = 1;   ///< among the user's sets with device.deactivate.hash
};

/// Records that were deleted and can be restored: those of the blocks from `block_first` up to
/// DataSet::block_first.
struct Trash {
  int64_t time_ms = 0;
  bool marked = false;  ///< whether the deletion also gave the set its deletedTime
  uint32_t block_first = 0;
};

/// A request that a set remembers, to know it when it is sent again: what stands for its body and,
/// if it came with one, its idempotency key.
struct Chunk {
  uint64_t body = 0;
  uint64_t key = 0;  ///< 0 without one

  bool operator==(const Chunk&) const = default;
};

/// So many of its last chunks an open set remembers.
inline constexpr size_t kChunksMax = 32;

struct DataSet {
  enum class Type : uint8_t { kNormal, kContinuous };

  std::string upload_id;
  std::string id;
  std::string user_id;
  Type type = Type::kNormal;
  bool active = false;  ///< whether its records are visible; changes once, for all of them
  Deduplicator deduplicator = Deduplicator::kNone;
  uint32_t revision = 0;
  int64_t created_ms = 0;
  uint64_t created_order = 0;  ///< ascending in the order of creation
  int64_t modified_ms = 0;
  std::optional<int64_t> time_ms;  ///< absent only if the client sent the zero time
  std::optional<int64_t> deleted_ms;
  std::string created_user_id;  ///< also byUser; empty for services
  std::string device_id;        ///< empty when absent, as the next ones
  std::string device_model;
  std::string client_name;
  std::vector<std::string> device_manufacturers;
  std::vector<Member> members;  ///< everything that is shown as it was sent, ascending by name
  Provenance provenance;
  std::optional<Closing> closing;  ///< of a closed set
  std::optional<Trash> trash;
  std::optional<int64_t> restored_ms;  ///< when records last came back from the trash
  std::vector<Chunk> chunks;           ///< the last ones, oldest first; none once the set is closed
  uint32_t block_first = 0;            ///< the blocks before are deleted
  uint32_t block_count = 0;
  uint32_t record_count = 0;  ///< added in all, whatever became of them

  bool is_closed() const { return closing.has_value(); }

  /// The form of the data-set routes (section 5.2).
  std::string json() const;
  /// The form of `GET /data/{userId}` (docs/spec/fetch.md 4.2).
  std::string fetch_json() const;

  std::string encode() const;
  static store::Result<DataSet> decode(std::string_view bytes);
};

}  // namespace tideway::dataset
