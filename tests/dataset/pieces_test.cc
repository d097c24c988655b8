// Blocks that grow in pieces: what lies in the store, and that nobody notices.
#include <gtest/gtest.h>

#include "dataset/append.h"
#include "dataset/selection.h"
#include "tests/dataset/samples.h"
#include "tests/store/memory_store.h"

namespace tideway::dataset {
namespace {

constexpr std::string_view kSetId = "0123456789abcdef0123456789abcdef";

class Pieces : public testing::Test {
 protected:
  Pieces() { set_.upload_id = set_.id = kSetId; }

  void step(const std::function<store::Result<void>(Edit&)>& change) {
    const auto updated =
        store_.update(kUser, [&](store::Transaction& transaction) -> store::Result<store::Outcome> {
          Edit edit(transaction, cipher_, ++now_ms_);
          const auto changed = change(edit);
          EXPECT_TRUE(changed.has_value()) << changed.error().message;
          EXPECT_TRUE(edit.finish());
          return store::Outcome::kCommit;
        });
    ASSERT_TRUE(updated.has_value());
  }

  void append(const std::string& body) {
    const SampleBatch records(body);
    step([&](Edit& edit) -> store::Result<void> {
      const auto places = dataset::append(edit, set_, all_of(records.batch()));
      EXPECT_TRUE(places.has_value());
      places_.insert(places_.end(), places->begin(), places->end());
      return {};
    });
  }

  /// One record with a name, which is its id.
  void append_named(int number) {
    const std::string name = "r" + std::to_string(number) + "x";
    append('[' + smbg(name, number) + ']');
  }

  void destroy(const std::vector<Place>& places) {
    step([&](Edit& edit) { return dataset::destroy(edit, set_, places); });
  }

  store::Result<store::Block> read(uint32_t number = 0) {
    return read_block(**store_.read(kUser), {std::string(kSetId), number});
  }

  /// How many keys hold parts of the set's blocks.
  size_t stored() {
    return static_cast<size_t>(std::ranges::count_if(
        store_.entries(kUser), [](const auto& entry) { return entry.first.starts_with('B'); }));
  }

  store::BlockSummary summary(uint32_t number = 0) {
    return store::BlockSummary::decode(store_.entries(kUser).at(summary_key(kSetId, number)))
        .value();
  }

  const store::IdCipher cipher_{random_bytes16()};
  store::MemoryStore store_;
  DataSet set_ = new_set(Deduplicator::kNone);
  std::vector<Place> places_;
  int64_t now_ms_ = kNoonMs;
};

TEST_F(Pieces, OneForEachSmallUpload) {
  for (int i = 0; i < 5; ++i) append_named(i);
  EXPECT_EQ(stored(), 5U);
  EXPECT_EQ(summary().loose_pieces, 5U);
  const auto block = read();
  ASSERT_TRUE(block.has_value());
  ASSERT_EQ(block->count(), 5U);
  for (uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(block->id(i), id_of("r" + std::to_string(i) + "x"));
    EXPECT_EQ(block->added_ms(i), kNoonMs + 1 + i);
    EXPECT_EQ(places_[i], (Place{0, i}));
  }
}

TEST_F(Pieces, BecomeOneWhenTheyAreMany) {
  for (uint32_t i = 0; i <= kLoosePiecesMax; ++i) append_named(static_cast<int>(i));
  EXPECT_EQ(stored(), 1U);
  EXPECT_EQ(summary().loose_pieces, 0U);
  EXPECT_EQ(read()->count(), kLoosePiecesMax + 1);
  append_named(100);
  EXPECT_EQ(stored(), 2U);
  EXPECT_EQ(read()->count(), kLoosePiecesMax + 2);
}

TEST_F(Pieces, BecomeOneWhenTheBlockIsFull) {
  append(many_smbg(kTailRecordsMax - 1));
  append(many_smbg(1));
  EXPECT_EQ(stored(), 1U);
  EXPECT_EQ(summary().loose_pieces, 0U);
  EXPECT_EQ(read()->count(), kTailRecordsMax);
}

TEST_F(Pieces, BecomeOneWhenTheBlockIsLeftBehind) {
  append(many_smbg(5));
  append(many_smbg(5));
  EXPECT_EQ(stored(), 2U);
  append(many_smbg(kTailRecordsMax));
  EXPECT_EQ(stored(), 2U);
  EXPECT_EQ(summary(0).loose_pieces, 0U);
  EXPECT_EQ(read(0)->count(), 10U);
  EXPECT_EQ(read(1)->count(), kTailRecordsMax);
}

TEST_F(Pieces, ReadTheSameBeforeAndAfterTheyBecomeOne) {
  const Bytes16 nonce = [&] {
    append_named(0);
    return read()->nonce();
  }();
  for (int i = 1; i < 100; ++i) {
    append_named(i);
    auto block = read();
    ASSERT_TRUE(block.has_value()) << i;
    ASSERT_EQ(block->count(), static_cast<size_t>(i) + 1);
    ASSERT_EQ(block->nonce(), nonce);
    ASSERT_EQ(summary().count, block->count());
    ASSERT_EQ(block->id(0), id_of("r0x"));
    ASSERT_EQ(block->id(static_cast<size_t>(i)), id_of("r" + std::to_string(i) + "x"));
    ASSERT_TRUE(block->record(static_cast<size_t>(i) / 2).has_value());
    ASSERT_LE(stored(), kLoosePiecesMax + 1);
  }
}

TEST_F(Pieces, LoseWhatIsGoneWhenMostIs) {
  for (int i = 0; i < 4; ++i) append_named(i);
  destroy({places_[0]});
  EXPECT_EQ(stored(), 4U);
  EXPECT_EQ(read()->type(0), "smbg");
  destroy({places_[2]});
  EXPECT_EQ(stored(), 1U);
  const auto block = read();
  ASSERT_EQ(block->count(), 4U);
  EXPECT_EQ(block->type(0), "");
  EXPECT_EQ(block->type(1), "smbg");
  EXPECT_EQ(block->type(2), "");
  append_named(4);
  EXPECT_EQ(read()->count(), 5U);
}

TEST_F(Pieces, LoseWhatAnUploadReplaces) {
  for (int i = 0; i < 4; ++i) append_named(i);
  const SampleBatch records('[' + smbg("newx", 9) + ']');
  step([&](Edit& edit) -> store::Result<void> {
    EXPECT_TRUE(dataset::destroy(edit, set_, {{0, 0}, {0, 1}}).has_value());
    EXPECT_TRUE(dataset::append(edit, set_, all_of(records.batch())).has_value());
    return {};
  });
  EXPECT_EQ(stored(), 1U);
  const auto block = read();
  ASSERT_EQ(block->count(), 5U);
  EXPECT_EQ(block->type(0), "");
  EXPECT_EQ(block->id(4), id_of("newx"));
  EXPECT_EQ(read_mask(**store_.read(kUser), {std::string(kSetId), 0})->blank_count(), 2U);
}

TEST_F(Pieces, AreDroppedTogether) {
  for (int i = 0; i < 4; ++i) append_named(i);
  destroy(places_);
  EXPECT_EQ(stored(), 0U);
  append_named(4);
  EXPECT_EQ(places_.back(), (Place{1, 0}));
  EXPECT_EQ(read(1)->count(), 1U);
}

TEST_F(Pieces, DamageIsRefused) {
  for (int i = 0; i < 4; ++i) append_named(i);
  const auto intact = store_.entries(kUser);
  for (uint32_t slot = 0; slot < 4; ++slot) {
    const std::string key = slot == 0 ? block_key(kSetId, 0) : piece_key(kSetId, 0, slot);
    std::string damaged = intact.at(key);
    damaged[damaged.size() / 2] ^= 1;
    store_.put(kUser, key, damaged);
    const auto block = read();
    ASSERT_FALSE(block.has_value()) << slot;
    EXPECT_EQ(block.error().kind, store::Error::Kind::kCorruption);
    store_.put(kUser, key, intact.at(key));
  }
  EXPECT_TRUE(read().has_value());
}

TEST_F(Pieces, ALostOneIsRefused) {
  for (int i = 0; i < 4; ++i) append_named(i);
  step([&](Edit& edit) -> store::Result<void> {
    edit.transaction().erase(piece_key(kSetId, 0, 2));
    return {};
  });
  const auto block = read();
  ASSERT_FALSE(block.has_value());
  EXPECT_EQ(block.error().kind, store::Error::Kind::kCorruption);
}

TEST_F(Pieces, ASnapshotKeepsWhatItSaw) {
  for (uint32_t i = 0; i < kLoosePiecesMax; ++i) append_named(static_cast<int>(i));
  const auto before = store_.read(kUser);
  append_named(50);
  append_named(51);
  EXPECT_EQ(read_block(**before, {std::string(kSetId), 0})->count(), kLoosePiecesMax);
  EXPECT_EQ(read()->count(), kLoosePiecesMax + 2);
}

TEST_F(Pieces, NeighboursAreNotMistakenForThem) {
  append(many_smbg(3));
  append(many_smbg(kTailRecordsMax));
  append(many_smbg(2));
  append(many_smbg(2));
  EXPECT_EQ(read(0)->count(), 3U);
  EXPECT_EQ(read(1)->count(), kTailRecordsMax);
  EXPECT_EQ(read(2)->count(), 4U);
}

TEST_F(Pieces, LargeOnesAreCompressed) {
  const std::string note(1000, 'n');
  std::string body = "[";
  for (int i = 0; i < 40; ++i) {
    body += (i > 0 ? ",{" : "{") + fmt::format(R"("type":"food","deviceId":"D1","notes":["{}"],)"
                                               R"("time":"2024-05-01T12:00:{:02}Z"}})",
                                               note, i);
  }
  append(many_smbg(1));
  append(body + ']');
  EXPECT_EQ(stored(), 2U);
  EXPECT_LT(store_.entries(kUser).at(piece_key(kSetId, 0, 1)).size(), 10'000U);
  EXPECT_EQ(read()->count(), 41U);
}

}  // namespace
}  // namespace tideway::dataset
