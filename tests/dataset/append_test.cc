#include "dataset/append.h"

#include <gtest/gtest.h>

#include "dataset/deduplicators/effects.h"
#include "dataset/identity_hashes.h"
#include "dataset/record_flags.h"
#include "tests/dataset/samples.h"
#include "tests/store/memory_store.h"

namespace tideway::dataset {
namespace {

constexpr std::string_view kSetId = "0123456789abcdef0123456789abcdef";

class Append : public testing::Test {
 protected:
  Append() { set_.upload_id = set_.id = kSetId; }

  void append(const std::string& body) {
    const SampleBatch records(body);
    const auto updated = store_.update(kUser, [&](store::Transaction& transaction) {
      Edit edit(transaction, cipher_, kNoonMs);
      const auto appended = dataset::append(edit, set_, all_of(records.batch()));
      EXPECT_EQ(appended->size(), records.batch().records.size());
      EXPECT_TRUE(edit.finish());
      return store::Result<store::Outcome>(store::Outcome::kCommit);
    });
    ASSERT_TRUE(updated.has_value());
  }

  store::Block block(uint32_t number) {
    return std::move(*read_block(**store_.read(kUser), {std::string(kSetId), number}));
  }

  /// The number of records of each block, by the summaries and by the blocks themselves.
  std::vector<size_t> counts() {
    std::vector<size_t> counts;
    const auto reader = store_.read(kUser);
    EXPECT_TRUE(scan_summaries(**reader, {}, [&](const BlockRef& ref) {
      EXPECT_EQ(ref.name.upload_id, kSetId);
      EXPECT_EQ(ref.name.number, counts.size());
      counts.push_back(ref.summary.count);
      EXPECT_EQ(block(ref.name.number).count(), ref.summary.count);
    }));
    return counts;
  }

  const store::IdCipher cipher_{random_bytes16()};
  store::MemoryStore store_;
  DataSet set_ = new_set(Deduplicator::kDeviceDeactivateHash);
};

TEST_F(Append, WritesNothingForNoRecords) {
  append("[]");
  EXPECT_TRUE(store_.entries(kUser).empty());
  EXPECT_EQ(set_.block_count, 0U);
  EXPECT_EQ(set_.record_count, 0U);
}

TEST_F(Append, KeepsTheColumnsOfARecord) {
  append(R"([{"type":"smbg","subType":"manual","units":"mmol/L","value":5.5,"deviceId":"D7",)"
         R"("source":"carelink","id":"0123456789abcdef0123456789abcdef",)"
         R"("time":"2024-05-01T12:00:00.001Z"},)"
         R"({"type":"food","deviceId":"D8","time":"2024-05-01T12:00:00Z"}])");
  store::Block stored = block(0);
  ASSERT_EQ(stored.count(), 2U);
  EXPECT_EQ(stored.time_ms(0), kNoonMs + 1);
  EXPECT_EQ(stored.type(0), "smbg");
  EXPECT_EQ(stored.sub_type(0), "manual");
  EXPECT_EQ(stored.device_id(0), "D7");
  EXPECT_EQ(stored.id(0), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(stored.flags(0), kFlagCarelink);
  EXPECT_EQ(stored.type(1), "food");
  EXPECT_EQ(stored.sub_type(1), "");
  EXPECT_EQ(stored.id(1), "");
  EXPECT_EQ(stored.flags(1), 0);
  EXPECT_EQ(stored.record(1)->text,
            R"("deviceId":"D8","time":"2024-05-01T12:00:00Z","type":"food",)");
}

TEST_F(Append, HashesByDeviceOrBySetOrNotAtAll) {
  const std::string body = '[' + smbg("a", 0) + ']';
  const std::string identity = "2024-05-01T12:00:00Z|smbg|mmol/L|5.5";
  append(body);
  EXPECT_EQ(*block(0).identity(0), beginning_of(record::identity_hash(kUser, "D1", identity)));

  set_.deduplicator = Deduplicator::kDataSetDropHash;
  set_.id = "another";  // its id, not its upload id
  append(body);
  EXPECT_EQ(*block(0).identity(1), beginning_of(record::identity_hash(kUser, "another", identity)));

  set_.deduplicator = Deduplicator::kNone;
  append(body);
  EXPECT_EQ(block(0).identity(2), nullptr);
}

TEST_F(Append, KeepsTheWholeHashOnlyWhereTheTextDoesNotTellIt) {
  const auto smbg_at = [](std::string_view time) {
    return fmt::format(
        R"({{"type":"smbg","units":"mg/dL","value":91,"deviceId":"D1","time":"{}"}})", time);
  };
  const std::string offset = "2024-05-01T08:00:00.5-04:00";
  append('[' + smbg_at("2024-05-01T12:00:00.500Z") + ',' + smbg_at(offset) + ']');
  EXPECT_EQ(block(0).identity_rest(0), nullptr);
  EXPECT_NE(block(0).identity_rest(1), nullptr);

  store::Block stored = block(0);
  ASSERT_TRUE(stored.load_text());
  const std::vector<uint32_t> slots = {1, 0};
  const auto hash = [](const std::string& time) {
    return record::identity_hash(kUser, "D1", time + "|smbg|mmol/L|5.05118");
  };
  EXPECT_EQ(identity_hashes(identity_key(set_), stored, slots),
            (std::vector{hash(offset), hash("2024-05-01T12:00:00.5Z")}));
}

TEST_F(Append, UsesIdentityOnlyForHashes) {
  for (const auto& [deduplicator, uses] : {std::pair{Deduplicator::kNone, false},
                                           {Deduplicator::kDeviceDeactivateHash, true},
                                           {Deduplicator::kDeviceTruncateDataSet, false},
                                           {Deduplicator::kDataSetDeleteOrigin, false},
                                           {Deduplicator::kDataSetDeleteOriginOlder, false},
                                           {Deduplicator::kDataSetDropHash, true}}) {
    EXPECT_EQ(effects_of(deduplicator).read_options().with_identity, uses);
  }
}

TEST_F(Append, ExtendsTheTailUpToItsLimit) {
  append(many_smbg(1));
  append(many_smbg(2));
  EXPECT_EQ(counts(), (std::vector<size_t>{3}));
  append(many_smbg(kTailRecordsMax - 3));
  EXPECT_EQ(counts(), (std::vector<size_t>{kTailRecordsMax}));
  append(many_smbg(1));
  EXPECT_EQ(counts(), (std::vector<size_t>{kTailRecordsMax, 1}));
  EXPECT_EQ(set_.block_count, 2U);
  EXPECT_EQ(set_.record_count, kTailRecordsMax + 1);
}

TEST_F(Append, LeavesATailAloneThatWouldGrowTooLarge) {
  append(many_smbg(2));
  append(many_smbg(kTailRecordsMax - 1));
  EXPECT_EQ(counts(), (std::vector<size_t>{2, kTailRecordsMax - 1}));
  append(many_smbg(1));
  EXPECT_EQ(counts(), (std::vector<size_t>{2, kTailRecordsMax}));
  append(many_smbg(kTailRecordsMax + 1));
  append(many_smbg(1));
  EXPECT_EQ(counts(), (std::vector<size_t>{2, kTailRecordsMax, kTailRecordsMax + 1, 1}));
}

// Ids are derived from a block's nonce and the slot, so neither may change.
TEST_F(Append, KeepsNonceAndSlotsOfATailThatGrows) {
  append('[' + smbg("a", 0) + ',' + smbg("b", 1) + ']');
  const Bytes16 nonce = block(0).nonce();
  append('[' + smbg("c", 0) + ']');
  EXPECT_EQ(block(0).nonce(), nonce);
  for (const auto& [slot, name] : {std::pair{0, "a"}, {1, "b"}, {2, "c"}}) {
    EXPECT_EQ(block(0).id(static_cast<size_t>(slot)), id_of(name));
  }
}

TEST_F(Append, SplitsBlocksAtTheirLimit) {
  append(many_smbg(store::kBlockRecordsMax));
  EXPECT_EQ(counts(), (std::vector<size_t>{1024}));
  append(many_smbg(2 * store::kBlockRecordsMax + 5));
  EXPECT_EQ(counts(), (std::vector<size_t>{1024, 1024, 1024, 5}));
  EXPECT_EQ(set_.block_count, 4U);
  EXPECT_EQ(set_.record_count, 3077U);
  EXPECT_NE(block(0).nonce(), block(1).nonce());
  append(many_smbg(1));
  EXPECT_EQ(counts(), (std::vector<size_t>{1024, 1024, 1024, 6}));
}

TEST_F(Append, TakesALargeRecord) {
  // Ten schedules of some hundred kilobytes: far more than any documented record.
  std::string body = R"([{"type":"food","deviceId":"D1","time":"2024-05-01T12:00:00Z","notes":[)";
  for (int i = 0; i < 100; ++i) {
    if (i > 0) body += ',';
    body += '"' + std::string(1000, static_cast<char>('a' + i % 26)) + '"';
  }
  append(body + "]}]");
  append(body + "]}]");
  EXPECT_EQ(counts(), (std::vector<size_t>{2}));
  store::Block stored = block(0);
  EXPECT_GT(stored.record(1)->text.size(), 100'000U);
  EXPECT_EQ(stored.record(0)->text, std::string(stored.record(1)->text));
}

TEST_F(Append, FailsWhenTheTailIsGone) {
  append(many_smbg(1));
  set_.block_count = 2;
  const SampleBatch records(many_smbg(1));
  const auto updated = store_.update(kUser, [&](store::Transaction& transaction) {
    Edit edit(transaction, cipher_, kNoonMs);
    const auto appended = dataset::append(edit, set_, all_of(records.batch()));
    EXPECT_FALSE(appended.has_value());
    EXPECT_EQ(appended.error().kind, store::Error::Kind::kCorruption);
    return store::Result<store::Outcome>(store::Outcome::kAbandon);
  });
  EXPECT_TRUE(updated.has_value());
}

TEST(ReadBlock, FailsWhenThereIsNone) {
  store::MemoryStore store;
  const auto block = read_block(**store.read(kUser), {"x", 0});
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error().kind, store::Error::Kind::kCorruption);
}

TEST(ReadMask, IsEmptyWhenThereIsNone) {
  store::MemoryStore store;
  const auto mask = read_mask(**store.read(kUser), {"x", 0});
  ASSERT_TRUE(mask);
  EXPECT_TRUE(mask->empty());
  store.put(kUser, mask_key("x", 0), "garbage");
  EXPECT_FALSE(read_mask(**store.read(kUser), {"x", 0}));
}

TEST(ScanSummaries, StaysInsideASet) {
  store::MemoryStore store;
  const std::string empty = store::BlockSummary().encode();
  for (const auto& [id, number] : {std::pair{"a", 0U}, {"a", 1U}, {"ab", 0U}, {"b", 7U}}) {
    store.put(kUser, summary_key(id, number), empty);
  }
  const auto names = [&](std::string_view id) {
    std::string out;
    EXPECT_TRUE(scan_summaries(**store.read(kUser), id, [&](const BlockRef& ref) {
      out += ref.name.upload_id + std::to_string(ref.name.number) + ' ';
    }));
    return out;
  };
  EXPECT_EQ(names("a"), "a0 a1 ");
  EXPECT_EQ(names("ab"), "ab0 ");
  EXPECT_EQ(names("c"), "");
  EXPECT_EQ(names(""), "a0 a1 b7 ab0 ");
  store.put(kUser, summary_key("b", 8), "garbage");
  EXPECT_FALSE(scan_summaries(**store.read(kUser), "b", [](const BlockRef&) {}));
}

}  // namespace
}  // namespace tideway::dataset
