#include <gtest/gtest.h>

#include "dataset/data_set.h"

namespace tideway::dataset {
namespace {

/// A set with something in every member.
DataSet full_set() {
  DataSet set;
  set.upload_id = "4f1d2c3b5a69788796a5b4c3d2e1f001";
  set.id = "0123456789abcdef0123456789abcdef";
  set.user_id = "1a2b3c4d5e";
  set.type = DataSet::Type::kContinuous;
  set.active = true;
  set.deduplicator = Deduplicator::kDataSetDropHash;
  set.revision = 3;
  set.created_ms = 1'714'575'606'123;
  set.modified_ms = 1'714'575'606'131;
  set.time_ms = -1;
  set.deleted_ms = 1'714'575'700'000;
  set.created_user_id = "5e4d3c2b1a";
  set.device_id = "InsOmn-1234";
  set.device_model = "Eros";
  set.client_name = "org.example.uploader";
  set.device_manufacturers = {"Abbott", "Insulet"};
  set.members = {{"computerTime", "\"2024-05-01T08:00:05\""}, {"payload", "{\"a\":1}"}};
  set.provenance = {"uploader", "5e4d3c2b1a", "198.51.100.7"};
  set.created_order = 1'714'575'606'123'456;
  set.closing = {.time_ms = 1'714'575'650'000, .user_id = "5e4d3c2b1a", .order = 300};
  set.trash = {.time_ms = 1'714'575'700'000, .marked = true, .block_first = 5};
  set.restored_ms = 1'714'575'600'000;
  set.chunks = {{.body = UINT64_MAX, .key = 1}, {.body = 2, .key = 0}};
  set.block_first = 60'000;
  set.block_count = 70'000;
  set.record_count = 4'000'000;
  return set;
}

void expect_equal(const DataSet& left, const DataSet& right) {
  EXPECT_EQ(left.upload_id, right.upload_id);
  EXPECT_EQ(left.id, right.id);
  EXPECT_EQ(left.user_id, right.user_id);
  EXPECT_EQ(left.type, right.type);
  EXPECT_EQ(left.created_order, right.created_order);
  ASSERT_EQ(left.closing.has_value(), right.closing.has_value());
  if (left.closing) {
    EXPECT_EQ(left.closing->time_ms, right.closing->time_ms);
    EXPECT_EQ(left.closing->user_id, right.closing->user_id);
    EXPECT_EQ(left.closing->order, right.closing->order);
  }
  EXPECT_EQ(left.restored_ms, right.restored_ms);
  ASSERT_EQ(left.trash.has_value(), right.trash.has_value());
  if (left.trash) {
    EXPECT_EQ(left.trash->time_ms, right.trash->time_ms);
    EXPECT_EQ(left.trash->marked, right.trash->marked);
    EXPECT_EQ(left.trash->block_first, right.trash->block_first);
  }
  EXPECT_EQ(left.chunks, right.chunks);
  EXPECT_EQ(left.block_first, right.block_first);
  EXPECT_EQ(left.active, right.active);
  EXPECT_EQ(left.deduplicator, right.deduplicator);
  EXPECT_EQ(left.revision, right.revision);
  EXPECT_EQ(left.created_ms, right.created_ms);
  EXPECT_EQ(left.modified_ms, right.modified_ms);
  EXPECT_EQ(left.time_ms, right.time_ms);
  EXPECT_EQ(left.deleted_ms, right.deleted_ms);
  EXPECT_EQ(left.created_user_id, right.created_user_id);
  EXPECT_EQ(left.device_id, right.device_id);
  EXPECT_EQ(left.device_model, right.device_model);
  EXPECT_EQ(left.client_name, right.client_name);
  EXPECT_EQ(left.device_manufacturers, right.device_manufacturers);
  ASSERT_EQ(left.members.size(), right.members.size());
  for (size_t i = 0; i < left.members.size(); ++i) {
    EXPECT_EQ(left.members[i].name, right.members[i].name);
    EXPECT_EQ(left.members[i].json, right.members[i].json);
  }
  EXPECT_EQ(left.provenance.client_id, right.provenance.client_id);
  EXPECT_EQ(left.provenance.by_user_id, right.provenance.by_user_id);
  EXPECT_EQ(left.provenance.source_ip, right.provenance.source_ip);
  EXPECT_EQ(left.block_count, right.block_count);
  EXPECT_EQ(left.record_count, right.record_count);
}

TEST(DataSetCodec, RoundTrips) {
  const auto read = DataSet::decode(full_set().encode());
  ASSERT_TRUE(read);
  expect_equal(*read, full_set());
}

TEST(DataSetCodec, RoundTripsAnEmptySet) {
  const auto read = DataSet::decode(DataSet().encode());
  ASSERT_TRUE(read);
  expect_equal(*read, DataSet());
  EXPECT_EQ(read->deleted_ms, std::nullopt);
}

TEST(DataSetCodec, TellsNoTimeFromTheYear1970) {
  DataSet set = full_set();
  set.deleted_ms = 0;
  set.time_ms = 0;
  const auto read = DataSet::decode(set.encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->deleted_ms, 0);
  EXPECT_EQ(read->time_ms, 0);
}

TEST(DataSetCodec, RefusesEveryTruncationAndMore) {
  const std::string bytes = full_set().encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto read = DataSet::decode(bytes.substr(0, size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().kind, store::Error::Kind::kCorruption);
  }
  EXPECT_FALSE(DataSet::decode(bytes + '\0'));
}

TEST(DataSetCodec, RefusesAnotherVersion) {
  std::string bytes = full_set().encode();
  for (const char version : {0, 1, 2, 4}) {
    bytes[0] = version;
    EXPECT_FALSE(DataSet::decode(bytes));
  }
}

TEST(DataSetCodec, RefusesUnknownKinds) {
  const std::string bytes = full_set().encode();
  // version, three texts with a length byte each, then type, active, deduplicator
  const size_t type = 1 + 33 + 33 + 11;
  ASSERT_EQ(bytes[type], 1);
  ASSERT_EQ(bytes[type + 2], 5);
  for (const auto& [at, value] :
       {std::pair{type, 2}, std::pair{type + 2, 6}, std::pair{type, 255}}) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(value);
    EXPECT_FALSE(DataSet::decode(changed)) << at << ' ' << value;
  }
}

}  // namespace
}  // namespace tideway::dataset
