// Data sets and records for the tests of data sets, and what a reader would see of them.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "dataset/blocks.h"
#include "dataset/data_set.h"
#include "dataset/data_sets.h"
#include "record/batch.h"
#include "store/store.h"

namespace tideway::dataset {

inline constexpr std::string_view kUser = "1a2b3c4d5e";
inline constexpr int64_t kNoonMs = 1'714'564'800'000;  // 2024-05-01T12:00:00Z

/// Checked records, with what they point to.
class SampleBatch {
 public:
  explicit SampleBatch(const std::string& body)
      : reader_(std::make_unique<record::Reader>()),
        batch_(reader_->read(body, {.with_identity = true}).value()) {}

  const record::Batch& batch() const { return batch_; }

 private:
  std::unique_ptr<record::Reader> reader_;
  record::Batch batch_;
};

/// A request like no other.
inline Chunk new_chunk() {
  static std::atomic<uint64_t> next = 1;
  return {.body = next++, .key = 0};
}

/// A short name as the id of a record, which Visible shows again.
inline std::string id_of(std::string_view name) {
  return std::string(name) + std::string(32 - name.size(), '0');
}

/// One smbg as JSON. Its time is that many minutes behind noon.
inline std::string smbg(std::string_view name, int minute, double value = 5.5,
                        std::string_view device_id = "D1") {
  return fmt::format(R"({{"type":"smbg","units":"mmol/L","value":{},"deviceId":"{}","id":"{}",)"
                     R"("time":"{}"}})",
                     value, device_id, id_of(name),
                     format_utc_milliseconds(kNoonMs + minute * int64_t{60'000}));
}

/// `count` records without ids, one a second from noon on.
inline std::string many_smbg(size_t count) {
  std::string body = "[";
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) body += ',';
    body += fmt::format(R"({{"type":"smbg","units":"mmol/L","value":5,"deviceId":"D1",)"
                        R"("time":"2024-05-01T{:02}:{:02}:{:02}Z"}})",
                        12 + i / 3600, i / 60 % 60, i % 60);
  }
  return body + ']';
}

/// An open set without ids.
inline DataSet new_set(Deduplicator deduplicator, std::string_view device_id = "D1",
                       DataSet::Type type = DataSet::Type::kNormal) {
  DataSet set;
  set.user_id = kUser;
  set.type = type;
  set.active = type == DataSet::Type::kContinuous;
  set.revision = 1;
  set.deduplicator = deduplicator;
  set.device_id = device_id;
  set.created_ms = set.modified_ms = kNoonMs;
  set.time_ms = kNoonMs;
  return set;
}

/// The names (see id_of) of the records of a user that count, by set and place.
inline std::vector<std::string> visible(const store::Reader& reader) {
  std::vector<std::string> names;
  const auto scanned = scan_summaries(reader, {}, [&](const BlockRef& ref) {
    const auto set = DataSet::decode(**reader.get(data_set_key(ref.name.upload_id)));
    if (!set->active || ref.name.number < set->block_first) return;
    const auto block = read_block(reader, ref.name);
    const auto mask = read_mask(reader, ref.name);
    for (uint32_t slot = 0; slot < block->count(); ++slot) {
      if (mask->hides(slot)) continue;
      std::string name(block->id(slot));
      name.erase(name.find_last_not_of('0') + 1);
      names.push_back(std::move(name));
    }
  });
  EXPECT_TRUE(scanned.has_value());
  std::ranges::sort(names);
  return names;
}

inline std::vector<std::string> visible(store::Store& store, std::string_view user_id = kUser) {
  return visible(**store.read(user_id));
}

}  // namespace tideway::dataset
