#include "record/identity.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/record/reading.h"

namespace tideway::record {
namespace {

/// The hash of fields joined with '|', of which there are three at least.
std::string hash_of(std::string_view joined) {
  const size_t first = joined.find('|');
  const size_t second = joined.find('|', first + 1);
  return to_base64(identity_hash(joined.substr(0, first),
                                 joined.substr(first + 1, second - first - 1),
                                 joined.substr(second + 1)));
}

// docs/spec/datatypes-common.md 2.5 and docs/spec/datasets.md 15.3
TEST(IdentityHash, GivesTheTablesOfTheSpec) {
  const struct {
    const char* joined;
    const char* hash;
  } rows[] = {
      {"alpha|bravo|charlie", "dO3wei6LXqnM+oEql2hguPTmyM0+QnmIZPyxzlvL2xY="},
      {"1a2b3c4d5e|DexG6-8G12AB|2024-03-12T09:05:00.25-04:00|cbg|mmol/L|6.6609",
       "KULGfUmzxNAPb4EQqC+OBLNfpEZhEqNaMvC2l8ykXHY="},
      {"1a2b3c4d5e|DexG6-8G12AB|2024-03-12T13:05:00.25Z|cbg|mmol/L|6.6609",
       "ItniEM/btm9mcuk/pvgXP25+J/7DPsBDGzfINCRd5hw="},
      {"1a2b3c4d5e|5f0e1d2c3b4a59687706152433425160|2024-03-12T09:05:00.25-04:00|cbg|mmol/L|6.6609",
       "HdDWOPeBeheFA0FLXVQmxSeKejTJeZzIC5t2Vsw6htA="},
      {"1a2b3c4d5e|Pump-77|2024-03-12T13:05:00Z|bolus|normal",
       "8bCbLyl63FBzPawG4K0ozh1G/PPs3GbVFuoTee81mtE="},
      {"1a2b3c4d5e|Pump-77|2024-03-12T13:05:00Z|basal|scheduled",
       "iFkeVXJf8/6jZNLq1pkjBzRyOobSX8HNWX4A+ZckUCs="},
      {"1a2b3c4d5e|Pump-77|2024-03-12T13:05:00Z|wizard",
       "I2ch7GSGVV9iFXbchYxtwbMGi93M6BUKn74HoWgmNgQ="},
      {"1a2b3c4d5e|Meter-9|2024-03-12T13:05:00Z|smbg|mmol/L|5.5",
       "PAwt06XJscEYdsxJQu94Bqy1AP6WyxjX+6bNG8hxajw="},
      {"0a1b2c3d4e|InsOmn-1234|2024-05-01T15:00:00Z|smbg|mmol/L|5.55074",
       "HJS6IPyIWHcAXw3BP8NbZ6aKUqGzGTPIbBdFmHfdRDQ="},
      {"0a1b2c3d4e|InsOmn-1234|2024-05-01T08:00:00-07:00|smbg|mmol/L|5.55074",
       "1367F4DnDLUeF3AXvL1h4jgUNNA8HycUbjxsujWdSoc="},
      {"0a1b2c3d4e|InsOmn-1234|2024-05-01T15:00:00Z|basal|scheduled",
       "oN1sP6aOTnm/DrVygl9UXkc+eIUQ+40X7fuUveJ/csg="},
      {"0a1b2c3d4e|4f1d2c3b5a69788796a5b4c3d2e1f001|2024-05-01T15:05:00.5Z|cbg|mmol/L|6",
       "lJNTRbCZYP7ZotrzyABy5RxCCEL6celispFrs1zfdZg="},
  };
  for (const auto& row : rows) EXPECT_EQ(hash_of(row.joined), row.hash) << row.joined;
}

TEST(IdentityHash, IsTheSameInEveryThread) {
  const auto expected = identity_hash("u", "d", "t|cbg");
  std::vector<IdentityHash> hashes(4);
  {
    std::vector<std::jthread> threads;
    for (IdentityHash& hash : hashes) {
      threads.emplace_back([&hash] { hash = identity_hash("u", "d", "t|cbg"); });
    }
  }
  for (const IdentityHash& hash : hashes) EXPECT_EQ(hash, expected);
}

std::string identity_of(const std::string& record) {
  Reader reader;
  const auto batch = reader.read("[" + record + "]", {.with_identity = true});
  return batch ? std::string(batch->records.front().identity) : "refused";
}

TEST(AppendIdentity, TakesTheFieldsOfTheType) {
  const struct {
    const char* record;
    const char* identity;
  } rows[] = {
      {R"({"type":"cbg","units":"mg/dl","value":120,"time":"2024-03-12T09:05:00.250-04:00"})",
       "2024-03-12T09:05:00.25-04:00|cbg|mmol/L|6.6609"},
      {R"({"type":"smbg","units":"mmol/l","value":5.50,"time":"2024-03-12T13:05:00Z","subType":"manual"})",
       "2024-03-12T13:05:00Z|smbg|mmol/L|5.5"},
      {R"({"type":"bloodKetone","units":"mmol/l","value":1e-7,"time":"2024-03-12T13:05:00Z"})",
       "2024-03-12T13:05:00Z|bloodKetone|mmol/L|0.0000001"},
      {R"({"type":"bolus","subType":"normal","normal":1,"time":"2024-03-12T13:05:00Z"})",
       "2024-03-12T13:05:00Z|bolus|normal"},
      {R"({"type":"basal","deliveryType":"suspend","duration":0,"time":"2024-03-12T13:05:00Z"})",
       "2024-03-12T13:05:00Z|basal|suspend"},
      {R"({"type":"wizard","units":"mg/dL","time":"2024-03-12T13:05:00Z"})",
       "2024-03-12T13:05:00Z|wizard"},
      {R"({"type":"food","time":"2024-03-12T13:05:00Z"})", "2024-03-12T13:05:00Z|food"},
  };
  for (const auto& row : rows) EXPECT_EQ(identity_of(row.record), row.identity) << row.record;
}

TEST(AppendIdentity, KeepsTheTimeAsSent) {
  const auto time_of = [](const std::string& time) {
    const std::string identity = identity_of(R"({"type":"food","time":")" + time + "\"}");
    return identity.substr(0, identity.find('|'));
  };
  // More than milliseconds count, and the offset does; the spelling of neither does.
  EXPECT_EQ(time_of("2024-03-12T13:05:00.123456789Z"), "2024-03-12T13:05:00.123456789Z");
  EXPECT_EQ(time_of("2024-03-12T13:05:00.250Z"), "2024-03-12T13:05:00.25Z");
  EXPECT_EQ(time_of("2024-03-12T13:05:00+00:00"), "2024-03-12T13:05:00Z");
  EXPECT_EQ(time_of("2024-03-12T9:05:00-04:00"), "2024-03-12T09:05:00-04:00");
}

TEST(IdentityHashes, AreThoseOfEach) {
  std::vector<std::string> keys;
  std::vector<std::string> identities;
  for (size_t i = 0; i < 100; ++i) {
    keys.push_back("device-" + std::to_string(i));
    identities.emplace_back(i * 3, static_cast<char>('a' + i % 26));
  }
  std::vector<IdentitySource> sources;
  for (size_t i = 0; i < keys.size(); ++i) sources.push_back({keys[i], identities[i]});
  std::vector<IdentityHash> hashes(sources.size());
  identity_hashes("0123456789", sources, hashes);
  for (size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(hashes[i], identity_hash("0123456789", keys[i], identities[i])) << i;
  }
}

TEST(ToBase64, Has44CharactersWithPadding) {
  IdentityHash hash{};
  EXPECT_EQ(to_base64(hash), std::string(43, 'A') + "=");
  hash.fill(0xff);
  EXPECT_EQ(to_base64(hash), std::string(42, '/') + "8=");
  hash.fill(0xfb);
  EXPECT_EQ(to_base64(hash), "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=");
}

TEST(FromBase64, UndoesItAndTakesNothingElse) {
  const IdentityHash hash = identity_hash("u", "d", "t|cbg");
  const std::string text = to_base64(hash);
  EXPECT_EQ(from_base64(text), hash);
  EXPECT_EQ(from_base64(""), std::nullopt);
  EXPECT_EQ(from_base64(text.substr(0, 43)), std::nullopt);
  EXPECT_EQ(from_base64(text + "="), std::nullopt);
  for (size_t at = 0; at < text.size(); ++at) {
    std::string other = text;
    other[at] = '*';
    EXPECT_EQ(from_base64(other), std::nullopt) << at;
  }
  // The bits that the last character has beyond the hash.
  EXPECT_EQ(from_base64(std::string(42, 'A') + "B="), std::nullopt);
}

}  // namespace
}  // namespace tideway::record
