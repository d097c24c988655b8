#include "server/accept.h"

#include <gtest/gtest.h>

namespace tideway::server {
namespace {

bool asks(std::string_view value) {
  Headers headers;
  headers.add("Accept", value);
  return asks_for(headers, "application/x-ndjson", "application/json");
}

TEST(Accept, AsksByName) {
  for (const char* value :
       {"application/x-ndjson", "Application/X-NDJSON", "text/html, application/x-ndjson;q=0.5",
        "application/x-ndjson, application/json", "*/*;q=0.8, application/x-ndjson;q=0.1",
        "application/json;q=0.4, application/x-ndjson;q=0.4",
        "application/x-ndjson; charset=utf-8"}) {
    EXPECT_TRUE(asks(value)) << value;
  }
}

TEST(Accept, DoesNotAsk) {
  for (const char* value :
       {"", "*/*", "application/*", "application/json", "application/x-ndjson;q=0",
        "application/x-ndjson;q=0.5, application/json", "application/x-ndjsonl"}) {
    EXPECT_FALSE(asks(value)) << value;
  }
  EXPECT_FALSE(asks_for({}, "application/x-ndjson", "application/json"));
}

}  // namespace
}  // namespace tideway::server
