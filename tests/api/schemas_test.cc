// The declarations of the record types, as they are served to anybody.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "api/application.h"
#include "json/document.h"
#include "record/record_types.h"
#include "tests/store/memory_store.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::HasSubstr;

class SchemasTest : public testing::Test {
 protected:
  Response get(std::string path) {
    server::Request request;
    request.method = "GET";
    request.path = std::move(path);
    return application_->handle(std::move(request));
  }

  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(store_).value();
  std::unique_ptr<Application> application_ =
      Application::open(store_, accounts_, *tokens_, {}).value();
};

TEST_F(SchemasTest, ListsEveryTypeWithItsSchema) {
  json::Parser parser;
  const Response list = get("/v1/schemas");
  EXPECT_EQ(list.status, 200);
  const auto root = parser.parse(list.body);
  ASSERT_TRUE(root);
  std::set<std::string> types;
  for (const auto item : root->get_array().value()) {
    const std::string type(item["type"].get_string().value());
    const std::string path(item["schema"].get_string().value());
    types.insert(type);
    json::Parser schema_parser;
    const Response schema = get(path);
    EXPECT_EQ(schema.status, 200) << path;
    EXPECT_EQ(schema.headers.find("Content-Type"), "application/schema+json");
    const auto document = schema_parser.parse(schema.body);
    ASSERT_TRUE(document) << path;
    EXPECT_EQ((*document)["$schema"].get_string().value(),
              "https://json-schema.org/draft/2020-12/schema");
    EXPECT_EQ(get("/dataservices" + path).body, schema.body);
  }
  EXPECT_EQ(types.size(), 19u);
  for (const std::string_view type : record::record_type_names()) {
    EXPECT_TRUE(types.contains(std::string(type))) << type;
  }
}

TEST_F(SchemasTest, AnUnknownTypeIs404) {
  const Response response = get("/v1/schemas/cgb");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"resource-not-found")"));
  EXPECT_THAT(response.body, HasSubstr("cgb"));
}

}  // namespace
}  // namespace tideway::api
