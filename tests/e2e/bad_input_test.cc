// Bodies that are wrong, huge or malicious: the right answer, nothing stored, and the server goes
// on with bounded memory.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class BadInputTest : public E2eTest {
 protected:
  BadInputTest() { set_ = client().open_set(kContinuousSet); }

  ~BadInputTest() override {
    // Whatever was sent, the server serves on.
    EXPECT_EQ(client().ask("GET", "/auth/user").status, 200u);
  }

  void expect_malformed(std::string_view body, std::string_view what) {
    const Reply reply = client().add(set_, body);
    EXPECT_EQ(reply.status, 400u) << what;
    EXPECT_EQ(reply.body,
              fmt::format(R"({{"errors":[{{"code":"json-malformed","title":"json is malformed",)"
                          R"("detail":"JSON is malformed","status":"400"}}],)"
                          R"("meta":{{"trace":{{"request":"{}"}}}}}})",
                          value_of(reply, "X-Tidepool-Trace-Request")))
        << what;
    EXPECT_THAT(names(), IsEmpty()) << what;
  }

  std::vector<std::string> names() { return names_in(client().fetch()); }

  std::string set_;
};

/// smbg() "a" with one more member.
std::string with_member(std::string_view member) {
  std::string record = smbg("a", "D1", 1);
  record.pop_back();
  return fmt::format("[{},{}}}]", record, member);
}

std::string nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST_F(BadInputTest, MalformedJson) {
  const std::string good = smbg("a", "D1", 1);
  for (const std::string& body : {std::string(),
                                  std::string(" \n"),
                                  std::string("{"),
                                  std::string("[}"),
                                  good,
                                  std::string("{}"),
                                  std::string("\"text\""),
                                  std::string("1"),
                                  std::string("true"),
                                  "[" + good,
                                  "[" + good + ",]",
                                  "[" + good + "] x",
                                  "[" + good + "][]",
                                  "\xEF\xBB\xBF[" + good + "]",
                                  with_member(R"("a":01)"),
                                  with_member(R"("a":NaN)"),
                                  with_member(R"("a":1e400)"),
                                  with_member("\"a\":\"\n\""),
                                  with_member(R"('a':1)"),
                                  with_member(R"("a":"\x")"),
                                  std::string("[\0]", 3)}) {
    expect_malformed(body, body);
  }
}

TEST_F(BadInputTest, DeeplyNestedJson) {
  expect_malformed(with_member(R"("extra":)" + nested(9'999)), "10,001 levels");
  expect_malformed(with_member(R"("extra":)" + nested(100'000)), "100,002 levels");
  expect_malformed(nested(100'000), "100,000 levels");
  expect_malformed(std::string(1'000'000, '['), "a million, never closed");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  expect_malformed("[" + objects, "objects");
  // 10,000 levels are the limit, two of which are the array and the record. Members that no type
  // knows are passed over.
  EXPECT_EQ(client().add(set_, with_member(R"("extra":)" + nested(9'998))).status, 200u);
  EXPECT_THAT(names(), ElementsAre("a"));
}

TEST_F(BadInputTest, InvalidUtf8BecomesReplacementCharacters) {
  const std::string record =
      "[{\"type\":\"smbg\",\"time\":\"2024-05-01T00:00:00Z\",\"deviceId\":\"D1\","
      "\"units\":\"mmol/L\",\"value\":5.5,\"payload\":{\"name\":\"a\xFF\xC3(\xED\xA0\x80z\"}}]";
  const Reply reply = client().add(set_, record);
  EXPECT_EQ(reply.status, 200u) << reply.body;
  EXPECT_THAT(names(), ElementsAre("a\uFFFD\uFFFD(\uFFFD\uFFFD\uFFFDz"));
}

TEST_F(BadInputTest, OneBadRecordStoresNothing) {
  for (const size_t bad : {0u, 500u, 999u}) {
    auto records = numbered(1000);
    records[bad] = smbg("bad", "D1", 1, -1);
    const Reply reply = client().add(set_, array_of(records));
    EXPECT_EQ(reply.status, 400u);
    EXPECT_EQ(text_at(reply.body, "/code"), "value-out-of-range") << reply.body;
    EXPECT_EQ(text_at(reply.body, "/source/pointer"), fmt::format("/{}/value", bad));
    EXPECT_THAT(names(), IsEmpty());
  }
}

TEST_F(BadInputTest, SeveralErrorsComeTogether) {
  const Reply reply = client().add(set_, R"([{"type":"smbg"},{},5,{"type":"what"}])");
  EXPECT_EQ(reply.status, 400u);
  EXPECT_GT(simdjson::dom::array(Json(reply.body).at("/errors")).size(), 2u) << reply.body;
}

TEST_F(BadInputTest, BadDataSets) {
  const std::string target = fmt::format("/v1/users/{}/data_sets", user_id_);
  const auto code = [&](std::string_view body) {
    const Reply reply = client().ask("POST", target, body);
    EXPECT_EQ(reply.status, 400u) << body;
    const Json json(reply.body);
    return std::string(std::string_view(json.at(json.has("/code") ? "/code" : "/errors/0/code")));
  };
  EXPECT_EQ(code(""), "json-malformed");
  EXPECT_EQ(code("[]"), "json-malformed");
  EXPECT_EQ(code("{"), "json-malformed");
  EXPECT_EQ(code(R"({"guid":"x"})"), "not-parsed");
  EXPECT_EQ(code(R"({"version":"abc"})"), "length-out-of-range");
  EXPECT_EQ(code(R"({"deviceTags":["pen"]})"), "value-not-allowed");
  EXPECT_EQ(code(R"({"deviceId":7})"), "type-not-string");
  const std::string before = client().fetch("type=upload");
  EXPECT_THAT(texts_of(before, "/uploadId"), ElementsAre(set_));
}

TEST_F(BadInputTest, AThousandRealRecordsAreNeverTooMany) {
  for (const std::string name : {"cbg", "mixed"}) {
    std::ifstream file(fmt::format("bench/data/{}-1000.json", name), std::ios::binary);
    const std::string body{std::istreambuf_iterator<char>(file), {}};
    ASSERT_EQ(count_of(body), 1000u) << name;
    const std::string set = client().open_set(kContinuousSet);
    const Reply reply = client().add(set, body);
    EXPECT_EQ(reply.status, 200u) << reply.body.substr(0, 500);
    // What was split off from wizards comes on top, and the set itself.
    EXPECT_GE(count_of(client().fetch("uploadId=" + set)), 1001u) << name;
  }
}

// 4096 bytes of payload and a hundred notes of a thousand characters each: as large as a record can
// reasonably be.
TEST_F(BadInputTest, AThousandLargeRecordsAreNeverTooLarge) {
  std::string record = smbg("a", "D1", 1);
  record.pop_back();
  record += R"(,"annotations":[)";
  for (int i = 0; i < 6; ++i) {
    record += fmt::format(R"({}{{"text":"{}"}})", i == 0 ? "" : ",", std::string(4000, 'n'));
  }
  record += "]}";
  const std::string body = array_of(std::vector<std::string>(1000, record));
  ASSERT_GT(body.size(), 20u << 20);
  const Reply reply = client().add(set_, body);
  EXPECT_EQ(reply.status, 200u) << reply.body.substr(0, 500);
  EXPECT_EQ(names().size(), 1000u);
}

}  // namespace
}  // namespace tideway::e2e
