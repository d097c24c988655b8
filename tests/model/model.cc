#include "tests/model/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tideway::model {
namespace {

constexpr size_t kChunksRemembered = 32;
constexpr int kOk = 200, kCreated = 201, kBad = 400, kForbidden = 403, kUnknown = 404,
              kConflict = 409, kReused = 422;

bool is_live(const Stored& stored) { return !stored.in_trash; }

/// ArchiveByHash for every set that closed, one after the other. Deleting a set takes its records
/// away, so what it had archived counts again or goes to the set that closed next.
std::set<const Stored*> superseded_in(const std::vector<Set>& sets) {
  std::vector<const Set*> closed;
  for (const Set& set : sets) {
    if (set.deduplicator == Deduplicator::kHash && !set.closed_by.empty()) closed.push_back(&set);
  }
  std::ranges::sort(closed, {}, [](const Set* set) { return set->close_order; });
  std::set<const Stored*> superseded;
  for (const Set* const closing : closed) {
    std::set<std::string> identities;
    for (const Stored& own : closing->records) {
      if (is_live(own)) identities.insert(own.record.device_identity());
    }
    for (const Set& other : sets) {
      if (&other == closing || other.deduplicator != Deduplicator::kHash || !other.active) continue;
      for (const Stored& stored : other.records) {
        const uint64_t counts_since = other.continuous ? stored.order : other.close_order;
        if (is_live(stored) && counts_since < closing->close_order &&
            stored.record.device == closing->device &&
            identities.contains(stored.record.device_identity())) {
          superseded.insert(&stored);
        }
      }
    }
  }
  return superseded;
}

}  // namespace

const char* name_of(Deduplicator deduplicator) {
  static constexpr const char* kNames[kDeduplicatorCount] = {"none",
                                                             "device.deactivate.hash",
                                                             "device.truncate.dataset",
                                                             "dataset.delete.origin",
                                                             "dataset.delete.origin.older",
                                                             "dataset.drop.hash"};
  return kNames[static_cast<int>(deduplicator)];
}

std::string Record::time() const { return fmt::format("2025-01-06T10:{:02}:00Z", minute); }

std::string Record::json() const {
  std::string out = fmt::format(R"({{"type":"{}","time":"{}","deviceId":"{}","payload":{{"n":{}}})",
                                is_food() ? "food" : "smbg", time(), device, number);
  if (!id.empty()) out += fmt::format(R"(,"id":"{}")", id);
  if (!is_food()) return out + fmt::format(R"(,"units":"mmol/L","value":{}}})", value);
  out += fmt::format(R"(,"origin":{{"id":"{}")", origin);
  if (origin_minute) out += fmt::format(R"(,"time":"2025-01-06T11:{:02}:00Z")", *origin_minute);
  return out + "}}";
}

std::string Record::identity() const {
  return fmt::format("{}|{}|{}", is_food(), minute, is_food() ? 0 : value);
}

const Set* Model::find(const std::string& id) const {
  const auto found = std::ranges::find(sets_, id, &Set::id);
  return found == sets_.end() ? nullptr : &*found;
}

Set* Model::find_to_change(const std::string& id) { return const_cast<Set*>(find(id)); }

int Model::create(Set set) {
  set.active = set.continuous;
  sets_.push_back(std::move(set));
  return kCreated;
}

void Model::store(Set& set, const std::vector<Record>& records) {
  ++clock_;
  for (const Record& record : records) set.records.push_back({.record = record, .order = clock_});
  if (!records.empty()) set.filled_since_trash = true;
}

/// DataSet.delete.origin and .older: what has the origin id of a new record goes, whatever its
/// state; what lies in the trash then does not come back.
void Model::add_by_origin(Set& set, std::vector<Record> records) {
  if (set.deduplicator == Deduplicator::kOriginOlder && set.active) {
    std::map<std::string, std::optional<int>> existing;
    for (const Stored& stored : set.records) {
      const bool asked = std::ranges::any_of(records, [&](const Record& record) {
        return record.is_food() && record.origin == stored.record.origin;
      });
      if (is_live(stored) && asked) existing[stored.record.origin] = stored.record.origin_minute;
    }
    std::erase_if(records, [&](const Record& record) {
      const auto found = existing.find(record.origin);
      if (found == existing.end()) return false;
      return !record.origin_minute || (found->second && *record.origin_minute <= *found->second);
    });
  }
  std::set<std::string> origins;
  for (const Record& record : records) {
    if (!record.origin.empty()) origins.insert(record.origin);
  }
  std::erase_if(set.records, [&](const Stored& stored) {
    return is_live(stored) && origins.contains(stored.record.origin);
  });
  for (Stored& stored : set.records) {
    if (origins.contains(stored.record.origin)) stored.stays = true;
  }
  store(set, records);
}

/// DataSet.drop.hash: of equal ones in a batch the last; none that the set has and shows.
void Model::add_by_identity(Set& set, const std::vector<Record>& records) {
  std::set<std::string> known;
  if (set.active) {
    for (const Stored& stored : set.records) {
      if (is_live(stored)) known.insert(stored.record.identity());
    }
  }
  std::vector<Record> kept;
  for (size_t i = 0; i < records.size(); ++i) {
    const std::string identity = records[i].identity();
    const bool repeated =
        std::any_of(records.begin() + static_cast<ptrdiff_t>(i) + 1, records.end(),
                    [&](const Record& later) { return later.identity() == identity; });
    if (!repeated && !known.contains(identity)) kept.push_back(records[i]);
  }
  for (Stored& stored : set.records) {
    const bool newer = std::ranges::any_of(
        kept, [&](const Record& record) { return record.identity() == stored.record.identity(); });
    if (set.continuous && newer) stored.stays = true;
  }
  store(set, kept);
}

void Model::add_new(Set& set, const std::vector<Record>& records) {
  if (set.compares_origins()) {
    add_by_origin(set, records);
  } else if (set.deduplicator == Deduplicator::kDropHash) {
    add_by_identity(set, records);
  } else {
    store(set, records);
  }
}

int Model::add(const std::string& id, const std::vector<Record>& records, const Chunk& chunk) {
  Set* const set = find_to_change(id);
  if (set == nullptr) return kUnknown;
  if (!set->closed_by.empty()) return kConflict;
  if (records.empty()) return kOk;
  const auto known = std::ranges::find_if(set->chunks, [&](const Chunk& before) {
    return chunk.key.empty() ? before.body == chunk.body : before.key == chunk.key;
  });
  if (known == set->chunks.end()) {
    add_new(*set, records);
    if (set->chunks.size() == kChunksRemembered) set->chunks.erase(set->chunks.begin());
    set->chunks.push_back(chunk);
    return kOk;
  }
  if (known->body != chunk.body) return kReused;
  if (set->compares_origins()) {
    // Another chunk may have replaced its records since.
    std::vector<Record> again = records;
    std::erase_if(again, [](const Record& record) { return record.origin.empty(); });
    add_new(*set, again);
  }
  return kOk;
}

/// Whatever else the user has of the device goes for good.
void Model::truncate(const Set& closing) {
  for (Set& other : sets_) {
    if (&other == &closing) continue;
    const size_t lost = std::erase_if(other.records, [&](const Stored& stored) {
      return stored.record.device == closing.device;
    });
    if (lost > 0) other.chunks.clear();
    if (other.device == closing.device) other.deleted = true;
  }
}

int Model::close(const std::string& id, const std::string& caller, bool is_service) {
  Set* const set = find_to_change(id);
  if (set == nullptr) return kUnknown;
  if (set->continuous && !is_service) return set->closed_by.empty() ? kForbidden : kConflict;
  if (!set->closed_by.empty()) return set->closed_by == caller ? kOk : kConflict;
  const bool needs_device =
      set->deduplicator == Deduplicator::kHash || set->deduplicator == Deduplicator::kTruncate;
  if (needs_device && set->device.empty()) return kBad;
  if (set->deduplicator == Deduplicator::kTruncate) truncate(*set);
  set->closed_by = caller;
  set->close_order = ++clock_;
  set->active = true;
  set->chunks.clear();
  return kOk;
}

int Model::remove(const std::string& id, const Selector& selector) {
  Set* const set = find_to_change(id);
  if (set == nullptr) return kUnknown;
  if (!set->closed_by.empty()) return kConflict;
  set->chunks.clear();
  if (set->compares_origins() && !set->active) return kOk;
  std::erase_if(set->records, [&](const Stored& stored) {
    const Record& record = stored.record;
    const std::string& text = selector.key == Selector::Key::kId ? record.id : record.origin;
    return is_live(stored) && !text.empty() && std::ranges::count(selector.values, text) > 0;
  });
  return kOk;
}

void Model::move_to_trash(Set& set) {
  const bool is_new = !set.deleted;
  if (!is_new && !set.filled_since_trash) return;
  set.trash_marked = is_new || (set.has_trash && set.trash_marked);
  set.has_trash = true;
  set.trash_filled = set.trash_filled || set.filled_since_trash;
  set.filled_since_trash = false;
  set.deleted = true;
  set.chunks.clear();
  for (Stored& stored : set.records) stored.in_trash = true;
}

int Model::remove_set(const std::string& id) {
  Set* const set = find_to_change(id);
  if (set == nullptr) return kUnknown;
  if (set->deduplicator == Deduplicator::kHash && set->device.empty()) return kBad;
  move_to_trash(*set);
  return kOk;
}

int Model::restore(const std::string& id) {
  Set* const set = find_to_change(id);
  if (set == nullptr) return kUnknown;
  if (!set->has_trash) return kConflict;
  if (set->trash_marked) set->deleted = false;
  std::erase_if(set->records, [](const Stored& stored) { return stored.in_trash && stored.stays; });
  for (Stored& stored : set->records) stored.in_trash = false;
  set->filled_since_trash = set->filled_since_trash || set->trash_filled;
  set->has_trash = set->trash_marked = set->trash_filled = false;
  set->chunks.clear();
  return kOk;
}

std::vector<std::string> Model::remove_sets(const std::string& client, const std::string& device,
                                            bool dry_run) {
  std::vector<std::string> gone;
  for (Set& set : sets_) {
    const bool stuck = set.deduplicator == Deduplicator::kHash && set.device.empty();
    const bool matches =
        (client.empty() || set.client == client) && (device.empty() || set.device == device);
    if (set.deleted || stuck || !matches) continue;
    gone.push_back(set.id);
    if (!dry_run) move_to_trash(set);
  }
  std::ranges::sort(gone);
  return gone;
}

void Model::erase() {
  if (!sets_.empty()) erased_set_ = sets_.front().id;
  sets_.clear();
}

Seen Model::seen() const {
  Seen seen;
  const auto superseded = superseded_in(sets_);
  for (const Set& set : sets_) {
    if (set.has_trash) seen.trash.push_back(set.id);
    if (!set.active) continue;
    seen.sets[set.id] = set.deleted;
    for (const Stored& stored : set.records) {
      if (is_live(stored) && !superseded.contains(&stored)) {
        seen.records.emplace_back(set.id, stored.record.number);
      }
    }
  }
  std::ranges::sort(seen.records);
  std::ranges::sort(seen.trash);
  return seen;
}

std::vector<std::string> Model::list(const std::string& client, const std::string& device,
                                     bool with_deleted) const {
  std::vector<std::string> ids;
  for (auto set = sets_.rbegin(); set != sets_.rend(); ++set) {
    if (set->active && (client.empty() || set->client == client) &&
        (device.empty() || set->device == device) && (with_deleted || !set->deleted)) {
      ids.push_back(set->id);
    }
  }
  return ids;
}

}  // namespace tideway::model
