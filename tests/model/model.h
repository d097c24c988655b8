// What the data sets of one user should be: a model that keeps every record in one list, and works
// out anew what shows each time it is asked. Written from docs/spec/datasets.md 10 to 15 and
// docs/differences.md, not from the program.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tideway::model {

enum class Deduplicator { kNone, kHash, kTruncate, kOrigin, kOriginOlder, kDropHash };
inline constexpr int kDeduplicatorCount = 6;
const char* name_of(Deduplicator deduplicator);

/// A record as a client makes it: smbg, or food when it has an origin.
struct Record {
  int number = 0;  ///< of no other record of the user; shown in its payload
  std::string id;  ///< empty: the server makes one
  std::string device;
  int minute = 0;
  int value = 0;  ///< of an smbg
  std::string origin;
  std::optional<int> origin_minute;

  bool is_food() const { return !origin.empty(); }
  std::string time() const;
  std::string json() const;
  /// What makes records equal: within a set, and of one device.
  std::string identity() const;
  std::string device_identity() const { return device + '|' + identity(); }
};

struct Stored {
  Record record;
  uint64_t order = 0;     ///< when it was added
  bool in_trash = false;  ///< with its set
  bool stays = false;     ///< in the trash for ever: the set has a newer one of its kind
};

struct Chunk {
  std::string body;
  std::string key;
};

struct Set {
  std::string id;
  Deduplicator deduplicator = Deduplicator::kNone;
  bool continuous = false;
  std::string device;
  std::string client;

  bool active = false;
  std::string closed_by;  ///< "" while it is open
  uint64_t close_order = 0;
  bool deleted = false;
  bool has_trash = false;
  bool trash_marked = false;        ///< whether the deletion also set `deleted`
  bool trash_filled = false;        ///< whether anything ever lay in it
  bool filled_since_trash = false;  ///< whether anything was added since the last deletion
  std::vector<Chunk> chunks;
  std::vector<Stored> records;

  bool compares_origins() const {
    return deduplicator == Deduplicator::kOrigin || deduplicator == Deduplicator::kOriginOlder;
  }
};

/// Which records of a set a client takes away.
struct Selector {
  enum class Key { kId, kOrigin };
  Key key = Key::kId;
  std::vector<std::string> values;
};

/// All that can be read of a user's data sets.
struct Seen {
  std::vector<std::pair<std::string, int>> records;  ///< set and number, ascending
  std::map<std::string, bool> sets;                  ///< those that show, and whether deleted
  std::vector<std::string> trash;                    ///< sets that can be restored, ascending

  bool operator==(const Seen&) const = default;
};

/// Functions that change something return the status of the answer.
class Model {
 public:
  int create(Set set);
  int add(const std::string& id, const std::vector<Record>& records, const Chunk& chunk);
  int close(const std::string& id, const std::string& caller, bool is_service);
  int remove(const std::string& id, const Selector& selector);
  int remove_set(const std::string& id);
  int restore(const std::string& id);
  /// The ids of the sets that go; an empty text matches all.
  std::vector<std::string> remove_sets(const std::string& client, const std::string& device,
                                       bool dry_run);
  void erase();

  Seen seen() const;
  /// Ids, newest first.
  std::vector<std::string> list(const std::string& client, const std::string& device,
                                bool with_deleted) const;
  const Set* find(const std::string& id) const;
  const std::vector<Set>& sets() const { return sets_; }
  /// The id of a set that is no more; empty when nothing was erased yet.
  const std::string& erased_set() const { return erased_set_; }

 private:
  Set* find_to_change(const std::string& id);
  void store(Set& set, const std::vector<Record>& records);
  void add_new(Set& set, const std::vector<Record>& records);
  void add_by_origin(Set& set, std::vector<Record> records);
  void add_by_identity(Set& set, const std::vector<Record>& records);
  void truncate(const Set& closing);
  void move_to_trash(Set& set);

  std::vector<Set> sets_;  ///< in the order of creation
  uint64_t clock_ = 0;
  std::string erased_set_;
};

}  // namespace tideway::model
