#include "record/preview.h"

#include <gtest/gtest.h>

namespace tideway::record {
namespace {

constexpr PreviewOptions kOptions = {.user_id = "1a2b3c4d5e",
                                     .upload_id = "5f0e1d2c3b4a59687706152433425160"};

Preview of(const std::string& body) {
  Reader reader;
  return preview(reader, body, kOptions);
}

TEST(Preview, ShowsRecordsAndHashes) {
  const Preview result =
      of(R"([{"type":"cbg","units":"mg/dl","value":120,"time":"2024-03-12T09:05:00.250-04:00",)"
         R"("deviceId":"DexG6-8G12AB"}])");
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.records,
            R"([{"deviceId":"DexG6-8G12AB","id":"<generated:0>","time":"2024-03-12T13:05:00.25Z",)"
            R"("type":"cbg","units":"mmol/L","value":6.6609}])");
  EXPECT_EQ(result.identity, R"([{"device-id":"KULGfUmzxNAPb4EQqC+OBLNfpEZhEqNaMvC2l8ykXHY=",)"
                             R"("data-set-id":"HdDWOPeBeheFA0FLXVQmxSeKejTJeZzIC5t2Vsw6htA="}])");
  EXPECT_EQ(result.body, "");
}

TEST(Preview, ShowsIdsThatAreGiven) {
  const Preview result =
      of(R"([{"type":"food","time":"2024-03-12T13:05:00Z"},)"
         R"({"type":"food","time":"2024-03-12T13:05:00Z","id":"gqs019de02qkk9qem1h3ac2b2m19qtfm"},)"
         R"({"type":"food","time":"2024-03-12T13:05:00Z"}])");
  EXPECT_EQ(
      result.records,
      R"([{"id":"<generated:0>","time":"2024-03-12T13:05:00Z","type":"food"},)"
      R"({"id":"gqs019de02qkk9qem1h3ac2b2m19qtfm","time":"2024-03-12T13:05:00Z","type":"food"},)"
      R"({"id":"<generated:2>","time":"2024-03-12T13:05:00Z","type":"food"}])");
  EXPECT_TRUE(result.identity.starts_with(R"([{"device-id":null,"data-set-id":")"));
}

TEST(Preview, ShowsNothingForNothing) {
  for (const char* const body : {"[]", "null", "[null]"}) {
    EXPECT_EQ(of(body).status, 200);
    EXPECT_EQ(of(body).records, "[]");
    EXPECT_EQ(of(body).identity, "[]");
  }
}

TEST(Preview, ShowsErrorBodiesWithoutTheirLineFeed) {
  EXPECT_EQ(of("{").status, 400);
  EXPECT_EQ(of("{").body, R"({"errors":[{"code":"json-malformed","title":"json is malformed",)"
                          R"("detail":"JSON is malformed","status":"400"}]})");
  EXPECT_EQ(of("[{}]").body, R"({"code":"value-not-exists","title":"value does not exist",)"
                             R"("detail":"value does not exist","source":{"pointer":"/0/type"}})");
  EXPECT_TRUE(of("[1,2]").body.starts_with(R"({"errors":[{"code":"type-not-object",)"));
  EXPECT_EQ(of("[{}]").records, "");
}

TEST(Preview, RefusesTooManyRecords) {
  std::string body = "[null";
  for (size_t i = 0; i < kBatchRecordsMax; ++i) body += ",null";
  const Preview result = of(body + ']');
  EXPECT_EQ(result.status, 413);
  EXPECT_TRUE(result.body.starts_with(R"({"code":"resource-too-large")")) << result.body;
}

}  // namespace
}  // namespace tideway::record
