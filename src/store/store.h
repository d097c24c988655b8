// The storage engine below everything: an ordered key → value map, partitioned by user, with
// snapshot reads and atomic commits inside one partition (docs/architecture.md, "Store").
//
// Engines know no rule of the data: every rule lives above this interface, once. Each engine must
// pass the suite in tests/store/store_suite.h.
//
// Threads: every function of Store may be called from any thread at any time. A Reader or
// Transaction belongs to one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/commit.h"
#include "store/error.h"

namespace tideway::store {

/// A partition as it stood at one instant; later commits do not show.
class Reader {
 public:
  virtual ~Reader() = default;

  /// The value of `key`, or nothing when there is none.
  virtual Result<std::optional<std::string>> get(std::string_view key) const = 0;

  /// The values of several keys, in their order; for less than one after the other.
  virtual Result<std::vector<std::optional<std::string>>> get_many(
      std::span<const std::string> keys) const;

  /// Called with key and value; both live only during the call. False ends the scan.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;

  /// Visits the entries with `begin` <= key < `end` in ascending byte order. An empty `end` means
  /// the end of the partition.
  virtual Result<void> scan(std::string_view begin, std::string_view end,
                            const Visit& visit) const = 0;
};

/// Reads see the partition as it stood when the transaction began; its own writes show only after
/// the commit. The last write of a key counts.
class Transaction : public Reader {
 public:
  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view key) = 0;
  /// Erases every key with `begin` <= key < `end`; an empty `end` means the end of the partition.
  /// Costs as much as erasing one.
  virtual void erase_range(std::string_view begin, std::string_view end) = 0;
};

enum class Outcome { kCommit, kAbandon };

class Store {
 public:
  virtual ~Store() = default;

  /// A snapshot of one partition. Never waits for a writer.
  virtual Result<std::unique_ptr<Reader>> read(std::string_view partition) = 0;

  /// The latest value of one key, without the cost of a snapshot.
  virtual Result<std::optional<std::string>> get(std::string_view partition, std::string_view key);

  /// Runs `apply` while no other update of this partition runs, then commits what it put and erased
  /// as one atomic step if it returned kCommit. When this returns a value the commit is on disk
  /// (fsync). On an error or kAbandon nothing has changed. `apply` may be run again from the start
  /// by an engine that lost a race, so it must keep its results in variables that it sets anew.
  using Apply = std::function<Result<Outcome>(Transaction&)>;
  virtual Result<void> update(std::string_view partition, const Apply& apply) = 0;

  /// The same without waiting for the disk: returns the commit, or null when there is nothing to
  /// wait for. It shows to nobody, and other updates of its partition wait, until it is on disk.
  virtual Result<std::shared_ptr<Commit>> update_later(std::string_view partition,
                                                       const Apply& apply);

  /// Visits the partitions that hold anything, each once, in no particular order; one that appears
  /// or goes meanwhile may be visited or not. False ends the walk.
  using VisitPartition = std::function<bool(std::string_view partition)>;
  virtual Result<void> partitions(const VisitPartition& visit) = 0;

  /// Gives the space of what was erased in a partition back to the disk, which engines otherwise
  /// do when it suits them. May take long; nobody waits for it but the caller.
  virtual Result<void> reclaim(std::string_view partition) = 0;
};

/// The partition of names that belong to no single user: e-mail → user, data set id → user …
/// No user id has this form.
inline constexpr std::string_view kDirectoryPartition = "#directory";

/// The smallest key that is greater than every key that starts with `prefix`, as the `end` of a
/// scan; empty when there is none.
std::string prefix_end(std::string_view prefix);

/// Scans all keys that start with `prefix`.
Result<void> scan_prefix(const Reader& reader, std::string_view prefix, const Reader::Visit& visit);

}  // namespace tideway::store
