// api/openapi.yaml against the running application: the same routes in both, and no answer with a
// status that the contract does not name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "api/application.h"
#include "api/utility.h"
#include "tests/oidc/seeded_keys.h"
#include "tests/store/memory_store.h"

namespace tideway::api {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

/// "GET /v1/time" → the statuses that its responses name.
using Operations = std::map<std::string, std::set<int>>;

bool is_method(std::string_view key) {
  static const std::set<std::string_view> methods = {"get",   "put",  "post",    "delete",
                                                     "patch", "head", "options", "trace"};
  return methods.contains(key);
}

/// The key of a line "    key: …" that is indented by exactly `indent`; empty for other lines.
std::string_view key_at(std::string_view line, size_t indent) {
  if (line.find_first_not_of(' ') != indent || line[indent] == '#') return {};
  const size_t colon = line.find(':', indent);
  if (colon == std::string_view::npos) return {};
  return line.substr(indent, colon - indent);
}

std::string upper(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

/// Reads the layout of api/openapi.yaml, no other YAML: paths stand at indentation 2 below the line
/// "paths:", methods at 4, the word "responses:" at 6, quoted statuses at 8.
Operations read_operations(std::string_view yaml) {
  Operations operations;
  std::istringstream lines{std::string(yaml)};
  std::string line, path, operation;
  bool in_paths = false, in_responses = false;
  while (std::getline(lines, line)) {
    if (const auto section = key_at(line, 0); !section.empty()) in_paths = section == "paths";
    if (!in_paths) continue;
    if (const auto key = key_at(line, 2); key.starts_with('/')) {
      path = key;
      operation.clear();
    }
    if (const auto key = key_at(line, 4); !key.empty()) {
      operation = is_method(key) ? upper(key) + " " + path : "";
      if (!operation.empty()) operations[operation];
    }
    if (const auto key = key_at(line, 6); !key.empty()) in_responses = key == "responses";
    const auto status = key_at(line, 8);
    if (operation.empty() || !in_responses || !status.starts_with('\'')) continue;
    operations[operation].insert(std::stoi(std::string(status.substr(1, 3))));
  }
  return operations;
}

std::set<std::string> names(const Operations& operations) {
  std::set<std::string> out;
  for (const auto& [name, statuses] : operations) out.insert(name);
  return out;
}

std::vector<std::string> missing(const std::set<std::string>& wanted,
                                 const std::set<std::string>& present) {
  std::vector<std::string> out;
  std::ranges::set_difference(wanted, present, std::back_inserter(out));
  return out;
}

TEST(ReadOperations, FindsPathsMethodsAndStatuses) {
  constexpr std::string_view kYaml = R"(openapi: 3.1.0
info:
  /not/a/path: of this section
paths:
  /one/{id}:
    parameters:
      - {name: id}
    get:
      operationId: getOne
      responses:
        '200': {description: Good.}
        '404':
          description: None.
    # put: is a comment
    delete:
      responses:
        '204': {description: Gone.}
      callbacks:
        '500': {}
  /two:
    post:
      responses: {}
components:
  responses:
    get:
      '400': {description: Bad.}
)";
  EXPECT_THAT(read_operations(kYaml), ElementsAre(Pair("DELETE /one/{id}", ElementsAre(204)),
                                                  Pair("GET /one/{id}", ElementsAre(200, 404)),
                                                  Pair("POST /two", IsEmpty())));
}

using HeaderList = std::vector<std::pair<std::string, std::string>>;

/// A path that the pattern matches, `value` in place of every variable.
std::string path_of(std::string_view pattern, std::string_view value) {
  std::string path;
  while (!pattern.empty()) {
    const size_t begin = std::min(pattern.find('{'), pattern.size());
    path += pattern.substr(0, begin);
    pattern.remove_prefix(begin);
    if (pattern.empty()) break;
    path += value;
    pattern.remove_prefix(pattern.find('}') + 1);
  }
  return path;
}

TEST(PathOf, PutsTheValueInPlaceOfEveryVariable) {
  EXPECT_EQ(path_of("/v1/time", "x"), "/v1/time");
  EXPECT_EQ(path_of("/v1/users/{userId}/data_sets", "x"), "/v1/users/x/data_sets");
  EXPECT_EQ(path_of("/{one}/{two}", "x"), "/x/x");
}

class ContractTest : public testing::Test {
 protected:
  server::Response ask(std::string_view operation, std::string_view variable,
                       const HeaderList& headers, std::string body) {
    const size_t space = operation.find(' ');
    server::Request request;
    request.method = operation.substr(0, space);
    request.path = path_of(operation.substr(space + 1), variable);
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    request.body = std::move(body);
    request.trace_request = "trace";
    return application_->handle(std::move(request));
  }

  /// Asks as the user and expects `status`, and that the contract names it.
  server::Response expect_status(int status, const std::string& operation,
                                 std::string_view variable, std::string body) {
    server::Response response = ask(operation, variable, as_user_, std::move(body));
    EXPECT_EQ(response.status, status) << operation << ": " << response.body;
    EXPECT_THAT(operations_, Contains(Pair(operation, Contains(status))));
    return response;
  }

  /// Sends one request to every operation and expects an answer that the contract names, from the
  /// very route that it names.
  void expect_documented(const HeaderList& headers, const std::string& body) {
    for (const auto& [operation, statuses] : operations_) {
      const server::Response response = ask(operation, user_id_, headers, body);
      EXPECT_THAT(statuses, Contains(response.status)) << operation << ": " << response.body;
      EXPECT_EQ(response.route, operation.substr(operation.find(' ') + 1)) << operation;
    }
  }

  std::unique_ptr<oidc::Provider> open_provider() {
    oidc::seed_keys(store_);
    return oidc::Provider::open(store_, accounts_,
                                {.public_url = "https://dia.example.net",
                                 .now_s = [] { return oidc::kSeededKeyTime; }})
        .value();
  }

  const std::string user_id_ = "0a1b2c3d4e";
  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(store_).value();
  std::unique_ptr<oidc::Provider> provider_ = open_provider();
  std::unique_ptr<Application> application_ =
      Application::open(
          store_, accounts_, *tokens_,
          {.service_secret = "open-sesame", .version = "0.1.0", .oidc = provider_.get()})
          .value();
  const Operations operations_ = read_operations(openapi_text());
  const std::string user_token_ = tokens_->issue(user_id_, false, 3600);
  const HeaderList as_user_ = {{"X-Tidepool-Session-Token", user_token_}};
};

TEST_F(ContractTest, NamesTheRoutesThatThereAre) {
  std::set<std::string> served;
  for (const server::Route& route : application_->routes()) {
    served.insert(route.method + " " + route.pattern);
  }
  ASSERT_FALSE(served.empty());
  const std::set<std::string> documented = names(operations_);
  EXPECT_THAT(missing(served, documented), IsEmpty()) << "served, but not in api/openapi.yaml";
  EXPECT_THAT(missing(documented, served), IsEmpty()) << "in api/openapi.yaml, but not served";
}

TEST_F(ContractTest, NamesTheRoutesWithoutThePrefix) {
  std::vector<std::string> unprefixed;
  for (const server::Route& route : application_->routes()) {
    if (!route.dataservices) unprefixed.push_back(route.pattern);
  }
  EXPECT_THAT(unprefixed, UnorderedElementsAre("/auth/token", "/auth/token/{token}", "/auth/status",
                                               "/v1/users/{id}"));
  const std::string_view text = openapi_text();
  const std::string_view head = text.substr(0, text.find("\npaths:"));
  for (const std::string& pattern : unprefixed) EXPECT_THAT(head, HasSubstr(pattern + "`"));
}

TEST_F(ContractTest, EveryOperationNamesItsStatuses) {
  for (const auto& [operation, statuses] : operations_) {
    EXPECT_FALSE(statuses.empty()) << operation;
  }
}

TEST_F(ContractTest, AnswersStrangersAsItSays) { expect_documented({}, ""); }

TEST_F(ContractTest, AnswersAUserAsItSays) {
  expect_documented(as_user_, "");
  expect_documented({{"Authorization", "Bearer " + user_token_}}, "[]");
}

TEST_F(ContractTest, AnswersAServiceAsItSays) {
  expect_documented({{"X-Tidepool-Service-Secret", "open-sesame"}}, "{}");
  expect_documented({{"X-Tidepool-Session-Token", tokens_->issue("worker", true, 3600)}}, "{}");
}

TEST_F(ContractTest, AnswersMalformedCredentialsAsItSays) {
  expect_documented({{"X-Tidepool-Service-Secret", "wrong"}}, "{}");
  expect_documented({{"Authorization", "nonsense"}}, "{}");
}

TEST_F(ContractTest, AnswersAFailedStoreAsItSays) {
  store_.fail_reads = true;
  store_.fail_updates = true;
  expect_documented(as_user_, "{}");
}

TEST_F(ContractTest, AnswersAnUploadAsItSays) {
  constexpr std::string_view kSet = "0123456789abcdef0123456789abcdef";
  const std::string new_set = R"({"uploadId":")" + std::string(kSet) +
                              R"(","deduplicator":{"name":"org.tidepool.deduplicator.none"}})";
  const std::string record =
      R"([{"type":"cbg","time":"2025-01-06T10:00:00Z","units":"mg/dL","value":112}])";
  for (const std::string spelling : {"data_sets", "datasets"}) {
    const std::string create = "POST /v1/users/{userId}/" + spelling;
    const std::string add = "POST /v1/" + spelling + "/{dataSetId}/data";
    const std::string close = "PUT /v1/" + spelling + "/{dataSetId}";
    // The second round finds the set of the first one.
    const bool first = spelling == "data_sets";
    expect_status(first ? 201 : 409, create, user_id_, new_set);
    expect_status(400, create, user_id_, "{}");
    expect_status(first ? 200 : 409, add, kSet, record);
    expect_status(200, close, kSet, "");  // the second time it is a retry
    expect_status(404, add, "unknown", record);
    expect_status(404, close, "unknown", "");
  }
  const server::Response fetched = expect_status(200, "GET /data/{userId}", user_id_, "");
  EXPECT_TRUE(fetched.stream != nullptr || fetched.body.starts_with("[\n{"));
}

TEST_F(ContractTest, IsServedAsItStandsInTheProgram) {
  const server::Response response = ask("GET /openapi.yaml", {}, {}, {});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("Content-Type"), "application/yaml");
  EXPECT_EQ(response.body, openapi_text());
  EXPECT_THAT(response.body, HasSubstr("openapi: 3.1.0\n"));
}

}  // namespace
}  // namespace tideway::api
