// Records to fill blocks with.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "store/block.h"

namespace tideway::store {

/// A record that owns its strings.
struct SampleRecord {
  int64_t time_ms = 0;
  int64_t added_ms = 0;
  std::string type;
  std::string sub_type;
  std::string device_id;
  std::string id;
  uint8_t flags = 0;
  std::optional<Identity> identity;
  std::optional<IdentityRest> identity_rest;
  std::array<std::string, 4> segments;

  std::string text() const { return segments[0] + segments[1] + segments[2] + segments[3]; }

  /// Calls `use` with the record as a block takes it.
  template <class Use>
  auto with_record(Use use) const {
    const std::string joined = text();
    return use(BlockRecord{.time_ms = time_ms,
                           .added_ms = added_ms,
                           .type = type,
                           .sub_type = sub_type,
                           .device_id = device_id,
                           .id = id,
                           .flags = flags,
                           .identity = identity,
                           .identity_rest = identity_rest,
                           .segment_sizes = {static_cast<uint32_t>(segments[0].size()),
                                             static_cast<uint32_t>(segments[1].size()),
                                             static_cast<uint32_t>(segments[2].size()),
                                             static_cast<uint32_t>(segments[3].size())},
                           .text = joined});
  }

  void add_to(BlockBuilder& builder) const {
    with_record([&](const BlockRecord& record) { builder.add(record); });
  }
};

inline constexpr Bytes16 kSampleNonce = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

/// A continuous glucose value as an uploader sends it.
inline SampleRecord sample_cbg(int number) {
  SampleRecord record;
  record.time_ms = 1'740'902'591'005 + number * int64_t{300'000};
  record.type = "cbg";
  record.device_id = "DexG6Rec_8HT0421337";
  record.segments = {"\"deviceId\":\"DexG6Rec_8HT0421337\",", "\"payload\":{},",
                     "\"type\":\"cbg\",", ",\"value\":" + std::to_string(80 + number % 100)};
  return record;
}

/// Anything: few or many types, extreme times, empty and binary strings.
inline SampleRecord sample_random(std::mt19937& random) {
  const auto below = [&random](uint32_t end) { return random() % end; };
  const auto text = [&](uint32_t size_max) {
    std::string made(below(size_max + 1), '\0');
    for (char& byte : made) byte = static_cast<char>(random());
    return made;
  };
  SampleRecord record;
  const uint64_t bits = static_cast<uint64_t>(random()) << 32 | random();
  record.time_ms = static_cast<int64_t>(bits) >> below(64);
  record.added_ms = 1'740'902'591'005 + static_cast<int64_t>(below(4)) * 300'000;
  record.type = "type" + std::to_string(below(20));
  if (below(2) == 0) record.sub_type = text(3);
  if (below(4) != 0) record.device_id = text(40);
  if (below(3) == 0) {
    record.id = text(32);
    record.id.resize(32, 'i');
  }
  record.flags = static_cast<uint8_t>(random());
  if (below(2) == 0) {
    record.identity.emplace();
    for (uint8_t& byte : *record.identity) byte = static_cast<uint8_t>(random());
  }
  if (record.identity && below(2) == 0) {
    record.identity_rest.emplace();
    for (uint8_t& byte : *record.identity_rest) byte = static_cast<uint8_t>(random());
  }
  for (std::string& segment : record.segments) {
    if (below(3) != 0) segment = text(below(50) == 0 ? 70'000 : 200);
  }
  return record;
}

}  // namespace tideway::store
