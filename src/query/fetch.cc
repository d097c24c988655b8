#include "query/fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>

#include "record/identity.h"

namespace tideway::query {
namespace {

constexpr size_t kPartBytes = 64 * 1024;
constexpr std::string_view kUpload = "upload";
constexpr int64_t kZeroTimeMs = -62'135'596'800'000;  // 0001-01-01T00:00:00Z: a set without a time

/// What `latest` gives of each, when no type is asked for.
constexpr std::array<std::string_view, 14> kLatestTypes = {
    "physicalActivity", "basal",       "cbg",  "smbg",    "bloodKetone", "bolus",
    "wizard",           "deviceEvent", "food", "insulin", "cgmSettings", "pumpSettings",
    "reportedState",    "upload"};

/// A stored record with the members that the server adds put into their places.
void append_record(std::string& out, const Found& found) {
  const store::BlockRecord& record = found.record;
  std::string_view rest = record.text;
  const auto segment = [&](size_t at) {
    out += rest.substr(0, record.segment_sizes[at]);
    rest.remove_prefix(record.segment_sizes[at]);
  };
  out += '{';
  if (record.identity) {
    out += "\"_deduplicator\":{\"hash\":\"";
    out += record::to_base64(*record.identity);
    out += "\"},";
  }
  segment(0);
  out += "\"id\":\"";
  out += found.id;
  out += "\",";
  segment(1);
  if (found.revision > 0)
    fmt::format_to(std::back_inserter(out), "\"revision\":{},", found.revision);
  segment(2);
  out += "\"uploadId\":\"";
  out += found.set->upload_id;
  out += '"';
  segment(3);
  out += '}';
}

}  // namespace

Fetch::Fetch(Filter filter, const store::IdCipher& cipher, Catalogue catalogue)
    : filter_(std::move(filter)), cipher_(cipher), catalogue_(std::move(catalogue)) {
  plan();
}

store::Result<std::unique_ptr<Fetch>> Fetch::open(store::Store& store, std::string_view user_id,
                                                  Filter filter, const store::IdCipher& cipher) {
  auto snapshot = store.read(user_id);
  if (!snapshot) return std::unexpected(snapshot.error());
  auto catalogue = Catalogue::read(std::move(*snapshot), filter);
  if (!catalogue) return std::unexpected(catalogue.error());
  return std::unique_ptr<Fetch>(new Fetch(std::move(filter), cipher, std::move(*catalogue)));
}

/// The types in the order of the answer: by name with the sets last, or, for `latest`, as asked.
void Fetch::plan() {
  if (filter_.latest) {
    types_ = filter_.types;
    if (types_.empty()) types_.assign(kLatestTypes.begin(), kLatestTypes.end());
    return;
  }
  for (std::string& type : catalogue_.types()) {
    const bool wanted = filter_.types.empty() || std::ranges::count(filter_.types, type) > 0;
    if (wanted) types_.push_back(std::move(type));
  }
  if (filter_.types.empty() || std::ranges::count(filter_.types, kUpload) > 0) {
    types_.emplace_back(kUpload);
  }
}

void Fetch::begin_element(std::string& out) {
  out += first_ ? "\n" : ",\n";
  first_ = false;
}

/// The data sets that pass the filter, newest first.
void Fetch::append_sets(std::string& out) {
  std::vector<const dataset::DataSet*> sets;
  for (const auto& set : catalogue_.sets()) {
    const int64_t time_ms = set->time_ms.value_or(kZeroTimeMs);
    const bool wanted = time_ms >= filter_.start_ms && time_ms <= filter_.end_ms &&
                        filter_.sub_types.empty() &&
                        (filter_.device_id.empty() || set->device_id == filter_.device_id);
    if (wanted) sets.push_back(set.get());
  }
  std::ranges::sort(sets, std::greater(),
                    [](const auto* set) { return std::tuple(set->time_ms, set->created_ms); });
  if (filter_.latest && sets.size() > 1) sets.erase(sets.begin() + 1, sets.end());
  for (const dataset::DataSet* set : sets) {
    begin_element(out);
    out += set->fetch_json();
  }
}

/// Appends the next record of the current type; false when there is none.
store::Result<bool> Fetch::next_record(std::string& out) {
  if (merge_ == nullptr) {
    merge_ = std::make_unique<Merge>(catalogue_, filter_, types_[type_], cipher_);
  }
  const auto found = merge_->next();
  if (!found) return std::unexpected(found.error());
  if (!*found) return false;
  begin_element(out);
  append_record(out, **found);
  return !filter_.latest;
}

store::Result<bool> Fetch::next(std::string& out) {
  if (!begun_) out += '[';
  begun_ = true;
  const size_t full = out.size() + kPartBytes;
  while (type_ < types_.size() && out.size() < full) {
    bool more = false;
    if (types_[type_] == kUpload) {
      append_sets(out);
    } else {
      const auto record = next_record(out);
      if (!record) return std::unexpected(record.error());
      more = *record;
    }
    if (!more) {
      merge_.reset();
      ++type_;
    }
  }
  if (type_ < types_.size()) return true;
  out += first_ ? "]" : "\n]";
  return false;
}

}  // namespace tideway::query
