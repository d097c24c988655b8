#include "record/vector_line.h"

#include <gtest/gtest.h>

namespace tideway::record {
namespace {

std::string request_of(const std::string& line) {
  json::Parser parser;
  const auto read = read_vector_line(parser, line);
  return read ? read->name + ": " + read->request : "neither";
}

TEST(ReadVectorLine, TakesTextOrBase64) {
  EXPECT_EQ(request_of(R"({"name":"n","request":"[\"é\"]","status":200})"), "n: [\"é\"]");
  EXPECT_EQ(request_of(R"({"name":"n","request":""})"), "n: ");
  EXPECT_EQ(request_of(R"({"name":"n","request_base64":"WyL/Il0="})"), "n: [\"\xff\"]");
  EXPECT_EQ(request_of(R"({"name":"n","request_base64":""})"), "n: ");
}

TEST(ReadVectorLine, RefusesTheRest) {
  for (const char* const line :
       {"", "[]", "{}", R"({"name":"n"})", R"({"request":"[]"})", R"({"name":1,"request":"[]"})",
        R"({"name":"n","request":[]})", R"({"name":"n","request_base64":"%%%"})",
        R"({"name":"n","request":"[]")"}) {
    EXPECT_EQ(request_of(line), "neither") << line;
  }
}

TEST(ResultLine, ShowsRecordsOrTheErrorBody) {
  Preview good;
  good.records = "[{}]";
  good.identity = "[null]";
  EXPECT_EQ(result_line("a\"b", good),
            R"({"name":"a\"b","status":200,"records":[{}],"identity":[null]})");
  Preview bad;
  bad.status = 400;
  bad.body = R"({"code":"c"})";
  EXPECT_EQ(result_line("n", bad), R"({"name":"n","status":400,"body":{"code":"c"}})");
}

}  // namespace
}  // namespace tideway::record
