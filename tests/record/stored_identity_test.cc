#include "record/stored_identity.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "record/batch.h"

namespace tideway::record {
namespace {

/// The identity as the text of a record tells it, "other" where that is not the whole truth.
std::string read_back(const std::string& record) {
  Reader reader;
  const auto batch = reader.read("[" + record + "]", {.with_identity = true});
  if (!batch) return "refused";
  const Record& read = batch->records.front();
  TextBuffer out;
  StoredIdentityReader().append(out, read.type, read.text, read.segment_sizes);
  EXPECT_EQ(out.view() == read.identity, read.identity_is_in_text) << record;
  return read.identity_is_in_text ? std::string(out.view()) : "other";
}

TEST(StoredIdentity, IsReadFromTheText) {
  const struct {
    const char* record;
    const char* identity;
  } rows[] = {
      {R"({"type":"cbg","units":"mg/dl","value":120,"time":"2024-03-12T09:05:00.250Z"})",
       "2024-03-12T09:05:00.25Z|cbg|mmol/L|6.6609"},
      {R"({"type":"smbg","units":"mmol/L","value":5.5507479910,"time":"2024-03-12T09:05:00Z"})",
       "2024-03-12T09:05:00Z|smbg|mmol/L|5.550747991"},
      {R"({"type":"bolus","subType":"normal","normal":1,"time":"2024-03-12T13:05:00Z"})",
       "2024-03-12T13:05:00Z|bolus|normal"},
      {R"({"type":"basal","deliveryType":"suspend","duration":0,"time":"2024-03-12T13:05:00Z"})",
       "2024-03-12T13:05:00Z|basal|suspend"},
      {R"({"type":"deviceEvent","subType":"alarm","alarmType":"low_power","time":"2024-03-12T13:05:00Z"})",
       "2024-03-12T13:05:00Z|deviceEvent|alarm"},
      {R"({"type":"food","time":"2024-03-12T13:05:00Z"})", "2024-03-12T13:05:00Z|food"},
  };
  for (const auto& row : rows) EXPECT_EQ(read_back(row.record), row.identity) << row.record;
}

TEST(StoredIdentity, IsNotThatOfAMemberInside) {
  EXPECT_EQ(read_back(R"({"type":"cbg","units":"mmol/L","value":6,"time":"2024-03-12T13:05:00Z",)"
                      R"("payload":{"time":"other","type":"x","units":"y","value":7},)"
                      R"("origin":{"time":"2020-01-01T00:00:00Z","payload":{"\"value\":":1}}})"),
            "2024-03-12T13:05:00Z|cbg|mmol/L|6");
}

TEST(StoredIdentity, IsReadWhateverTheRecordBeforeLookedLike) {
  const std::vector<std::string> members = {
      "", R"(,"subType":"manual")", R"(,"timezone":"Europe/Berlin")",
      R"(,"payload":{"time":"2020-01-01T00:00:00Z","value":1})",
      R"(,"location":{"name":"a\",\"value\":9"},"timezoneOffset":-120)"};
  std::string body = "[";
  for (int i = 0; i < 200; ++i) {
    body += fmt::format(
        R"({{"type":"{}","units":"mmol/L","value":{},"time":"2024-03-12T13:{:02}:00.{}Z"{}}},)",
        i % 3 == 0 ? "cbg" : "smbg", i % 7 + 1.25 * (i % 2), i % 60, i % 4 == 0 ? "000" : "120",
        i % 3 == 0 && i % 5 == 1 ? "" : members[static_cast<size_t>(i % 5)]);
  }
  body.back() = ']';
  Reader reader;
  const auto batch = reader.read(body, {.with_identity = true});
  ASSERT_TRUE(batch);
  StoredIdentityReader identities;
  for (const Record& record : batch->records) {
    ASSERT_TRUE(record.identity_is_in_text);
    TextBuffer out;
    identities.append(out, record.type, record.text, record.segment_sizes);
    EXPECT_EQ(out.view(), record.identity);
  }
}

// No record is like that, but bytes on a disk may be.
TEST(StoredIdentity, OfATextWithoutTheMembersIsWithoutThem) {
  StoredIdentityReader identities;
  const auto read = [&](std::string_view segment, std::string_view type = "bolus") {
    TextBuffer out;
    identities.append(out, type, segment, {0, 0, static_cast<uint32_t>(segment.size()), 0});
    return std::string(out.view());
  };
  EXPECT_EQ(read(R"("subType":"normal","time":"t","type":"bolus",)"), "t|bolus|normal");
  EXPECT_EQ(read(R"("subType":"normal",)"), "|bolus|normal");
  EXPECT_EQ(read(""), "|bolus|");
  EXPECT_EQ(read(R"("time":")"), "|bolus|");
  EXPECT_EQ(read(R"("time":"t","subType":"square",)"), "t|bolus|square");
  EXPECT_EQ(read(R"("subType":"square",)"), "|bolus|square");
  EXPECT_THROW(read("", "soup"), std::invalid_argument);
}

TEST(StoredIdentity, IsAnotherWhereTheTextSaysLess) {
  const auto cbg = [](std::string_view value, std::string_view time) {
    return read_back(R"({"type":"bloodKetone","units":"mmol/L","value":)" + std::string(value) +
                     R"(,"time":")" + std::string(time) + R"("})");
  };
  EXPECT_EQ(cbg("1", "2024-03-12T13:05:00Z"), "2024-03-12T13:05:00Z|bloodKetone|mmol/L|1");
  EXPECT_EQ(cbg("1e-7", "2024-03-12T13:05:00Z"), "other");
  EXPECT_EQ(cbg("1", "2024-03-12T13:05:00-04:00"), "other");
  EXPECT_EQ(cbg("1", "2024-03-12T13:05:00.1234Z"), "other");
}

}  // namespace
}  // namespace tideway::record
