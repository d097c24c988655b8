#include "note/notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "note/keys.h"
#include "tests/store/memory_store.h"

namespace tideway::note {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Note note_at(std::string timestamp, std::string text, std::string author = "author0001") {
  Note note;
  note.guid = "guid";
  note.author_id = std::move(author);
  note.timestamp = std::move(timestamp);
  note.text = std::move(text);
  note.created_ms = 1'700'000'000'123;
  return note;
}

class NotesTest : public testing::Test {
 protected:
  std::string add(std::string timestamp, std::string text, std::string parent_id = {}) {
    Note note = note_at(std::move(timestamp), std::move(text));
    note.parent_id = std::move(parent_id);
    return notes_.add(kAccount, std::move(note)).value();
  }

  std::vector<std::string> texts(ListOptions options = {}) {
    auto list = notes_.list(kAccount, std::move(options)).value();
    std::vector<std::string> texts;
    for (;;) {
      const auto some = list->next().value();
      if (some.empty()) return texts;
      for (const Note& note : some) texts.push_back(note.text);
    }
  }

  static constexpr std::string_view kAccount = "account001";
  store::MemoryStore store_;
  Notes notes_{store_};
};

TEST(NoteId, IsTwentyFourHexDigitsThatBeginWithTheTime) {
  const std::string id = new_note_id(1'714'575'903'000);
  EXPECT_TRUE(is_note_id(id));
  EXPECT_EQ(id.substr(0, 8), "66325a1f");
  EXPECT_NE(id, new_note_id(1'714'575'903'000));
  EXPECT_FALSE(is_note_id("66325A1F98B2350011B0F37F"));
  EXPECT_FALSE(is_note_id("66325a1f98b2350011b0f37"));
  EXPECT_FALSE(is_note_id("../../../etc/passwd00000"));
}

TEST(NoteCodec, ReadsBackWhatItWrote) {
  Note note = note_at("2024-05-01T15:00:00.000Z", "text");
  note.id = "66325a1f98b2350011b0f37f";
  note.parent_id = "66325a1f98b2350011b0f370";
  note.author_name = "Ada Example";
  note.modified_ms = 5;
  EXPECT_EQ(decode_note(note.id, encode_note(note)), note);
}

TEST(NoteCodec, RefusesDamageAndOtherVersions) {
  std::string bytes = encode_note(note_at("t", "x"));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_note("i", bytes.substr(0, size))) << size;
  }
  EXPECT_EQ(decode_note("i", bytes + "x").error().kind, store::Error::Kind::kCorruption);
  bytes[0] = 2;
  EXPECT_EQ(decode_note("i", bytes).error().kind, store::Error::Kind::kVersion);
}

TEST(NoteKeys, AscendWhereTimestampsDescend) {
  const std::vector<std::string> descending = {"b", "ab", "aa", "a", ""};
  for (size_t i = 1; i < descending.size(); ++i) {
    EXPECT_LT(order_key(descending[i - 1], std::string(kIdSize, 'f')),
              order_key(descending[i], std::string(kIdSize, '0')))
        << i;
  }
}

TEST_F(NotesTest, FindsWhatWasAdded) {
  const std::string id = add("2024-05-01T15:00:00.000Z", "Changed site");
  const auto on = notes_.find(id).value();
  ASSERT_TRUE(on.has_value());
  EXPECT_EQ(on->account_id, kAccount);
  EXPECT_EQ(on->note.id, id);
  EXPECT_EQ(on->note.text, "Changed site");
  EXPECT_FALSE(notes_.find("000000000000000000000000").value().has_value());
  EXPECT_FALSE(notes_.find("malformed").value().has_value());
}

TEST_F(NotesTest, ListsGreatestTimestampFirst) {
  add("2024-05-01T15:00:00.000Z", "first");
  add("2024-05-03T15:00:00.000Z", "third");
  add("2024-05-02T15:00:00.000Z", "second");
  EXPECT_THAT(texts(), ElementsAre("third", "second", "first"));
}

TEST_F(NotesTest, TheStartIsInTheRangeAndTheEndIsNot) {
  for (const std::string time : {"a", "b", "bb", "c"}) add(time, time);
  EXPECT_THAT(texts({.from = "b", .until = {}, .replies = true, .thread_id = {}}),
              ElementsAre("c", "bb", "b"));
  EXPECT_THAT(texts({.from = {}, .until = "bb", .replies = true, .thread_id = {}}),
              ElementsAre("b", "a"));
  EXPECT_THAT(texts({.from = "b", .until = "c", .replies = true, .thread_id = {}}),
              ElementsAre("bb", "b"));
  EXPECT_THAT(texts({.from = "c", .until = "b", .replies = true, .thread_id = {}}), IsEmpty());
}

TEST_F(NotesTest, TellsNotesFromReplies) {
  const std::string id = add("1", "note");
  add("2", "reply", id);
  add("3", "other");
  EXPECT_THAT(texts({.from = {}, .until = {}, .replies = false, .thread_id = {}}),
              ElementsAre("other", "note"));
  EXPECT_THAT(texts({.from = {}, .until = {}, .replies = true, .thread_id = id}),
              ElementsAre("reply", "note"));
}

TEST_F(NotesTest, ListsMoreThanItHoldsAtOnce) {
  std::vector<std::string> expected;
  for (int i = 999; i >= 700; --i) {
    add(std::to_string(i), std::to_string(i));
    expected.push_back(std::to_string(i));
  }
  EXPECT_EQ(texts(), expected);
}

TEST_F(NotesTest, AnEditMovesTheNoteToItsNewTime) {
  const std::string id = add("1", "old");
  add("2", "between");
  notes_.edit(*notes_.find(id).value(), {.timestamp = "3", .text = "new"}, 77).value();
  EXPECT_THAT(texts(), ElementsAre("new", "between"));
  notes_.edit(*notes_.find(id).value(), {.timestamp = {}, .text = "newer"}, 78).value();
  const Note note = notes_.find(id).value()->note;
  EXPECT_EQ(note.timestamp, "3");
  EXPECT_EQ(note.text, "newer");
  EXPECT_EQ(note.modified_ms, 78);
}

TEST_F(NotesTest, ARemovedNoteIsGoneAndItsRepliesAreNot) {
  const std::string id = add("1", "note");
  add("2", "reply", id);
  const NoteOn on = *notes_.find(id).value();
  notes_.remove(on).value();
  EXPECT_FALSE(notes_.find(id).value().has_value());
  EXPECT_THAT(texts(), ElementsAre("reply"));
  // Somebody was faster.
  notes_.remove(on).value();
  notes_.edit(on, {.timestamp = {}, .text = "late"}, 1).value();
  EXPECT_THAT(texts(), ElementsAre("reply"));
}

TEST_F(NotesTest, NothingIsLeftOfRemovedNotes) {
  for (int i = 0; i < 3; ++i) add(std::to_string(i), "note");
  notes_.forget_account(kAccount, "Ada").value();
  EXPECT_TRUE(store_.entries(kAccount).empty());
  EXPECT_TRUE(store_.entries("author0001").empty());
  EXPECT_TRUE(store_.entries(store::kDirectoryPartition).empty());
}

TEST_F(NotesTest, NotesElsewhereKeepTheNameOfADeletedAuthor) {
  const std::string id = add("1", "mine");
  notes_.add(kAccount, note_at("2", "another's", "author0002")).value();
  notes_.forget_account("author0001", "Ada Example").value();
  const Note note = notes_.find(id).value()->note;
  EXPECT_EQ(note.author_id, "");
  EXPECT_EQ(note.author_name, "Ada Example");
  EXPECT_THAT(texts(), ElementsAre("another's", "mine"));
  EXPECT_TRUE(store_.entries("author0001").empty());
}

TEST_F(NotesTest, ForgettingCanBeRepeatedWhereverItWasInterrupted) {
  for (int stop_after = 0; stop_after < 12; ++stop_after) {
    store::MemoryStore store;
    Notes notes(store);
    const std::string elsewhere = notes.add(kAccount, note_at("1", "x", "author0001")).value();
    notes.add("author0001", note_at("1", "y", "author0001")).value();
    notes.add("author0001", note_at("1", "z", "author0002")).value();
    int updates = 0;
    store.before_update = [&](std::string_view) {
      if (++updates > stop_after) store.fail_updates = true;
    };
    // The hook runs after the look at fail_updates, so one more update passes.
    static_cast<void>(notes.forget_account("author0001", "Ada"));
    store.before_update = nullptr;
    store.fail_updates = false;
    notes.forget_account("author0001", "Ada").value();
    EXPECT_TRUE(store.entries("author0001").empty()) << stop_after;
    EXPECT_EQ(notes.find(elsewhere).value()->note.author_name, "Ada") << stop_after;
  }
}

TEST_F(NotesTest, AFailingStoreIsToldOf) {
  const std::string id = add("1", "note");
  const NoteOn on = *notes_.find(id).value();
  store_.fail_updates = true;
  EXPECT_FALSE(notes_.add(kAccount, note_at("1", "x")));
  EXPECT_FALSE(notes_.edit(on, {.timestamp = {}, .text = "y"}, 1));
  EXPECT_FALSE(notes_.remove(on));
  store_.fail_reads = true;
  EXPECT_FALSE(notes_.find(id));
  EXPECT_FALSE(notes_.list(kAccount, {}));
}

}  // namespace
}  // namespace tideway::note
