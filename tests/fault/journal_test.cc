// The checker of the kill test must itself notice what it is there for.
#include "tests/fault/journal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/records.h"

namespace tideway::fault {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Upload::Kind;

std::string upload_json(std::string_view id) {
  return fmt::format(R"({{"type":"upload","uploadId":"{}"}})", id);
}

std::string record_json(std::string_view id, std::string_view name) {
  return fmt::format(R"({{"type":"smbg","uploadId":"{}","payload":{{"name":"{}"}}}})", id, name);
}

Seen seen(const std::vector<std::string>& items) { return Seen(e2e::array_of(items)); }

Upload upload(Kind kind, std::string id, std::vector<Chunk> chunks, Fate closing = Fate::kNotSent,
              uint64_t order = 0) {
  return {.kind = kind,
          .id = std::move(id),
          .device_id = "D",
          .chunks = std::move(chunks),
          .closing = closing,
          .closing_order = order};
}

const Chunk kDoneChunk{.name = "c", .count = 2, .first_minute = 5, .fate = Fate::kDone};
const Chunk kUnknownChunk{.name = "c", .count = 2, .first_minute = 5, .fate = Fate::kUnknown};

TEST(Journal, AcceptsWhatWasAcknowledged) {
  Journal journal{{upload(Kind::kContinuous, "u", {kDoneChunk})}};
  EXPECT_THAT(
      journal.check(seen({upload_json("u"), record_json("u", "c.0"), record_json("u", "c.1")})),
      IsEmpty());
  EXPECT_EQ(journal.acknowledged_records(), 2u);
}

TEST(Journal, NoticesLostDoubledAndForeignRecords) {
  Journal journal{{upload(Kind::kContinuous, "u", {kDoneChunk})}};
  EXPECT_THAT(journal.check(seen({upload_json("u"), record_json("u", "c.0")})),
              ElementsAre("set u: record c.1 is there 0 times instead of 1"));
  EXPECT_THAT(journal.check(seen({upload_json("u"), record_json("u", "c.0"),
                                  record_json("u", "c.0"), record_json("u", "c.1")})),
              ElementsAre("set u: record c.0 is there 2 times instead of 1"));
  EXPECT_THAT(journal.check(seen({upload_json("u"), record_json("u", "c.0"),
                                  record_json("u", "c.1"), record_json("u", "x.0")})),
              ElementsAre("set u: 1 records that were never sent to it"));
  EXPECT_THAT(journal.check(seen({})).front(), "set u is missing");
}

TEST(Journal, SettlesAChunkOnceAndForAll) {
  const Seen all = seen({upload_json("u"), record_json("u", "c.0"), record_json("u", "c.1")});
  const Seen none = seen({upload_json("u")});
  Journal stored{{upload(Kind::kContinuous, "u", {kUnknownChunk})}};
  EXPECT_THAT(stored.check(all), IsEmpty());
  EXPECT_EQ(stored.check(none).size(), 2u) << "it had been there";
  Journal lost{{upload(Kind::kContinuous, "u", {kUnknownChunk})}};
  EXPECT_THAT(lost.check(none), IsEmpty());
  EXPECT_EQ(lost.check(all).size(), 2u) << "it had not been there";
}

TEST(Journal, NoticesHalfAChunk) {
  Journal journal{{upload(Kind::kContinuous, "u", {kUnknownChunk})}};
  EXPECT_EQ(journal.check(seen({upload_json("u"), record_json("u", "c.1")})).size(), 1u);
}

TEST(Journal, SetsAreInvisibleUntilTheyAreClosed) {
  Journal open{{upload(Kind::kPlain, "u", {kDoneChunk})}};
  EXPECT_THAT(open.check(seen({})), IsEmpty());
  EXPECT_THAT(open.check(seen({upload_json("u")})), ElementsAre("set u is visible"));
  EXPECT_THAT(open.check(seen({record_json("u", "c.0")})),
              ElementsAre("set u: 1 records before it is closed"));
  Journal closed{{upload(Kind::kPlain, "u", {kDoneChunk}, Fate::kDone)}};
  EXPECT_EQ(closed.check(seen({})).size(), 3u) << "the set and two records";
}

TEST(Journal, SettlesAClosingOnceAndForAll) {
  const Seen visible = seen({upload_json("u"), record_json("u", "c.0"), record_json("u", "c.1")});
  Journal journal{{upload(Kind::kPlain, "u", {kDoneChunk}, Fate::kUnknown)}};
  EXPECT_FALSE(journal.uploads[0].takes_more());
  Journal other = journal;
  EXPECT_THAT(journal.check(visible), IsEmpty());
  EXPECT_EQ(journal.check(seen({})).size(), 3u);
  EXPECT_THAT(other.check(seen({})), IsEmpty());
  EXPECT_TRUE(other.uploads[0].takes_more());
}

TEST(Journal, EitherTheOldOrTheNewRecordShows) {
  const Chunk old{.name = "a", .count = 2, .first_minute = 1, .fate = Fate::kDone};
  const Chunk fresh{.name = "b", .count = 2, .first_minute = 2, .fate = Fate::kDone};
  const auto both = [&](Fate second) {
    return Journal{{upload(Kind::kHash, "a", {old}, Fate::kDone, 1),
                    upload(Kind::kHash, "b", {fresh}, second, 2)}};
  };
  const std::string a0 = record_json("a", "a.0"), a1 = record_json("a", "a.1");
  const std::string b0 = record_json("b", "b.0"), b1 = record_json("b", "b.1");
  const std::string a = upload_json("a"), b = upload_json("b");
  EXPECT_THAT(both(Fate::kUnknown).check(seen({a, a0, a1})), IsEmpty());
  EXPECT_THAT(both(Fate::kUnknown).check(seen({a, b, a0, b0, b1})), IsEmpty());
  EXPECT_THAT(both(Fate::kUnknown).check(seen({a, b, a0, a1, b0, b1})),
              ElementsAre("set a: record a.1 is there 1 times instead of 0, superseded"));
  EXPECT_THAT(both(Fate::kUnknown).check(seen({a, a0})),
              ElementsAre(HasSubstr("record a.1 is there 0 times")));
}

TEST(Journal, HashSetsWithAnUnknownChunkAreLeftAlone) {
  EXPECT_TRUE(upload(Kind::kHash, "u", {kDoneChunk}).takes_more());
  EXPECT_FALSE(upload(Kind::kHash, "u", {kDoneChunk, kUnknownChunk}).takes_more());
  EXPECT_TRUE(upload(Kind::kPlain, "u", {kUnknownChunk}).takes_more());
  EXPECT_FALSE(upload(Kind::kPlain, "u", {}, Fate::kDone).takes_more());
}

}  // namespace
}  // namespace tideway::fault
