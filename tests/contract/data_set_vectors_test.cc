// Every vector of tests/vectors/data_sets.jsonl.zst through the library. Those that the reference
// answers with 500 are the client's mistakes: here they are errors that name the member
// (docs/differences.md).
#include <gtest/gtest.h>

#include <iostream>

#include "base/time.h"
#include "dataset/data_sets.h"
#include "dataset/new_data_set.h"
#include "record/object_reader.h"
#include "record/schema/upload.h"
#include "record/vector_line.h"
#include "tests/contract/vectors.h"
#include "tests/store/memory_store.h"

namespace tideway::contract {
namespace {

using simdjson::dom::element;

constexpr std::string_view kUser = "1a2b3c4d5e";
constexpr std::string_view kMalformed =
    R"({"errors":[{"code":"json-malformed","title":"json is malformed",)"
    R"("detail":"JSON is malformed","status":"400"}]})";

struct Outcome {
  int64_t status;
  std::string json;  ///< the data set or the error body
};

/// In a store of its own, so that ids that several vectors choose are free.
Outcome create(record::ObjectReader& reader, const std::string& body, int64_t now_ms) {
  store::MemoryStore store;
  const auto data_sets = dataset::DataSets::open(store);
  const auto object = reader.read(body, record::upload());
  if (!object) {
    const bool malformed = object.error().kind == record::Refusal::Kind::kMalformed;
    return {400, malformed ? std::string(kMalformed) : error_body(object.error().errors)};
  }
  auto set = dataset::make_data_set(*object, kUser, {.user_id = kUser, .provenance = {}}, now_ms);
  if (!set) return {500, error_body(set.error())};
  const auto created = (*data_sets)->create(std::move(*set));
  if (!created) return {409, "{}"};
  return {201, created->json()};
}

/// The expected result with the members that the vectors leave out, and the present put in.
std::string completed(std::string_view result, int64_t now_ms) {
  const std::string now = '"' + format_utc_milliseconds(now_ms) + '"';
  std::string out(result);
  for (size_t at = out.find("\"<now>\""); at != out.npos; at = out.find("\"<now>\"")) {
    out.replace(at, 7, now);
  }
  out.pop_back();
  return out + ",\"createdTime\":" + now + ",\"modifiedTime\":" + now + "}";
}

bool matches(element vector, const Outcome& outcome, int64_t now_ms) {
  const int64_t status = vector["status"];
  if (status != outcome.status) return false;
  json::Parser actual_parser;
  const element actual = parsed(actual_parser, outcome.json);
  Generated generated;
  if (status == 201) {
    const std::string result = completed(simdjson::minify(element(vector["result"])), now_ms);
    json::Parser expected_parser;
    return same_json(parsed(expected_parser, result), actual, generated);
  }
  if (status == 400) return same_json(vector["body"], actual, generated);
  // Where the reference fails, the answer names what is wrong.
  std::string_view pointer;
  return !actual["source"]["pointer"].get(pointer) ||
         !actual["errors"].at(0)["source"]["pointer"].get(pointer);
}

TEST(DataSetVectors, AllMatch) {
  json::Parser parser;
  json::Parser line_parser;
  record::ObjectReader reader;
  const int64_t now_ms = now_milliseconds();
  size_t count = 0;
  size_t failures = 0;
  for (const std::string& line : read_lines("data_sets.jsonl.zst")) {
    const auto vector = record::read_vector_line(line_parser, line);
    ASSERT_TRUE(vector) << line.substr(0, 200);
    const Outcome outcome = create(reader, vector->request, now_ms);
    ++count;
    if (matches(parsed(parser, line), outcome, now_ms)) continue;
    ++failures;
    ADD_FAILURE() << "vector " << line << "\ngave " << outcome.status << ' ' << outcome.json;
  }
  EXPECT_GT(count, 0u);
  std::cout << "data_sets: " << count - failures << " of " << count << " vectors match\n";
}

}  // namespace
}  // namespace tideway::contract
