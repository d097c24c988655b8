// Who may call what: every route of the running application against every kind of caller. The table
// is authorisation.txt; its head says how to read it. A route without a row fails, as does a row
// without a route, so nobody adds a route without saying who may call it.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "account/restricted_tokens.h"
#include "account/sharing.h"
#include "api/application.h"
#include "tests/oidc/seeded_keys.h"
#include "tests/store/memory_store.h"
#include "tests/store/temporary_directory.h"

namespace tideway::api {
namespace {

constexpr std::array<std::string_view, 10> kCallers = {
    "anonymous", "owner",   "viewer",     "uploader", "other",
    "custodian", "service", "restricted", "expired",  "tampered"};

using Statuses = std::array<int, kCallers.size()>;

struct Row {
  std::string kind;  ///< public, own, data or note
  Statuses statuses{};
  std::string body;
};

/// "GET /v1/time" → its row.
std::map<std::string, Row> read_table() {
  std::map<std::string, Row> rows;
  std::ifstream stream("tests/api/authorisation.txt");
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    Row row;
    std::string method, pattern;
    words >> row.kind >> method >> pattern;
    for (int& status : row.statuses) words >> status;
    EXPECT_FALSE(words.fail()) << "not a row: " << line;
    std::getline(words >> std::ws, row.body);
    EXPECT_TRUE(rows.emplace(method + " " + pattern, row).second) << "twice: " << line;
  }
  EXPECT_FALSE(rows.empty()) << "not run in the root of the source tree?";
  return rows;
}

constexpr std::string_view kOwner = "<owner>";  ///< in a body: the id of the owner
constexpr std::string_view kSet = "0123456789abcdef0123456789abcdef";

/// A server with one account of each kind and one open data set of the owner's. Made anew for each
/// request, because many of them change it.
class World {
 public:
  World() {
    for (const auto& [name, set] :
         std::map<std::string_view, std::string>{{"viewer", R"({"view":{}})"},
                                                 {"uploader", R"({"upload":{}})"},
                                                 {"custodian", R"({"custodian":{}})"}}) {
      const auto parsed = account::parse_permissions(set).value();
      EXPECT_TRUE(account::Sharing(store_).grant(id_of("owner"), id_of(name), parsed));
    }
    restricted_ = account::RestrictedTokens(store_).create(id_of("owner"), {}).value()->id;
    server::Request request = as("owner", "POST", "/v1/users/" + id_of("owner") + "/data_sets");
    request.body = R"({"uploadId":")" + std::string(kSet) +
                   R"(","deduplicator":{"name":"org.tidepool.deduplicator.none"}})";
    EXPECT_EQ(application_->handle(std::move(request)).status, 201);
    make_data_source();
  }

  std::span<const server::Route> routes() const { return application_->routes(); }

  int ask(std::string_view caller, const server::Route& route, std::string body) {
    server::Request request = as(caller, route.method, path_of(route.pattern));
    if (const size_t at = body.find(kOwner); at != std::string::npos) {
      body.replace(at, kOwner.size(), id_of("owner"));
    }
    request.body = std::move(body);
    if (is_of_file(route.pattern)) describe_file(request);
    const server::Response response = application_->handle(std::move(request));
    EXPECT_EQ(response.route, route.pattern) << "another route answered";
    return response.status;
  }

 private:
  void make_data_source() {
    server::Request request =
        as("service", "POST", "/v1/users/" + id_of("owner") + "/data_sources");
    request.body = R"({"providerType":"oauth","providerName":"dexcom"})";
    const server::Response made = application_->handle(std::move(request));
    ASSERT_EQ(made.status, 201);
    source_ = made.body.substr(made.body.find(R"("id":")") + 6, 32);
    request = as("service", "PUT", "/v1/data_sources/" + source_);
    request.body =
        R"({"state":"connected","providerSessionId":")" + std::string(kSession) + R"("})";
    ASSERT_EQ(application_->handle(std::move(request)).status, 200);
  }

  server::Request as(std::string_view caller, std::string method, std::string path) {
    server::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    if (caller == "restricted") request.query = "restricted_token=" + restricted_;
    const std::string token = token_of(caller);
    if (!token.empty()) request.headers.add("X-Tidepool-Session-Token", token);
    return request;
  }

  std::string token_of(std::string_view caller) {
    if (caller == "anonymous" || caller == "restricted") return {};
    if (caller == "service") return tokens_->issue("worker", true, 3600);
    if (caller == "expired") return tokens_->issue(id_of("owner"), false, -1);
    if (caller == "tampered") {
      std::string token = tokens_->issue(id_of("owner"), false, 3600);
      char& c = token[token.size() / 2];
      c = c == 'A' ? 'B' : 'A';
      return token;
    }
    return tokens_->issue(id_of(caller), false, 3600);
  }

  static constexpr std::string_view kSession = "0123456789abcdefghijklmnopqrstuv";
  static bool is_of_file(std::string_view pattern) {
    return pattern.ends_with("/blobs") || pattern.ends_with("/device_logs");
  }

  /// The headers of a file that holds "hello".
  static void describe_file(server::Request& request) {
    request.headers.add("Content-Type", "text/plain");
    request.headers.add("Digest", "MD5=XUFAKrxLKna5cZ2REBfFkg==");
    request.headers.add("X-Logs-Start-At-Time", "2024-05-01T10:00:00Z");
    request.headers.add("X-Logs-End-At-Time", "2024-05-01T11:00:00Z");
  }

  /// Has the owner make something, and gives its id.
  std::string made_at(std::string path, std::string body) {
    server::Request request = as("owner", "POST", std::move(path));
    describe_file(request);
    request.body = std::move(body);
    const server::Response response = application_->handle(std::move(request));
    EXPECT_EQ(response.status, 201) << response.body;
    const size_t at = response.body.find(R"("id":")") + 6;
    return response.body.substr(at, response.body.find('"', at) - at);
  }

  /// What stands for {name} in a path: the owner and what is the owner's.
  std::string value_of(std::string_view pattern, std::string_view name) {
    if (pattern.starts_with("/v1/restricted_tokens/")) return restricted_;
    if (pattern.starts_with("/v1/data_sources/")) return source_;
    if (name == "providerSessionId") return std::string(kSession);
    if (pattern.starts_with("/v1/blobs/"))
      return made_at("/v1/users/" + id_of("owner") + "/blobs", "hello");
    if (pattern.starts_with("/v1/device_logs/"))
      return made_at("/v1/users/" + id_of("owner") + "/device_logs", "hello");
    if (name == "messageId") {
      return made_at("/message/send/" + id_of("owner"),
                     R"({"message":{"guid":"g","timestamp":"t","messagetext":"x"}})");
    }
    if (name == "dataSetId") return std::string(kSet);
    if (name == "granteeId") return id_of("viewer");
    if (name == "collection") return "profile";
    if (name == "realm") return "tidepool";
    if (name == "token") return tokens_->issue(id_of("owner"), false, 3600);
    if (name == "userId" || name == "id" || name == "idOrEmail" || name == "sharerId") {
      return id_of("owner");
    }
    return "x";
  }

  std::string path_of(std::string_view pattern) {
    std::string path;
    const std::string_view whole = pattern;
    while (!pattern.empty()) {
      const size_t begin = std::min(pattern.find('{'), pattern.size());
      path += pattern.substr(0, begin);
      pattern.remove_prefix(begin);
      if (pattern.empty()) break;
      const size_t end = pattern.find('}');
      path += value_of(whole, pattern.substr(1, end - 1));
      pattern.remove_prefix(end + 1);
    }
    return path;
  }

  const std::string& id_of(std::string_view name) const { return ids_.find(name)->second; }

  std::string add_account(const std::string& name) {
    return accounts_
        .create({.email = name + "@example.org",
                 .password = "correct-horse",
                 .full_name = name,
                 .roles = {}})
        .value()
        .id;
  }

  std::unique_ptr<oidc::Provider> open_provider() {
    oidc::seed_keys(store_);
    return oidc::Provider::open(store_, accounts_,
                                {.public_url = "https://dia.example.net",
                                 .now_s = [] { return oidc::kSeededKeyTime; }})
        .value();
  }

  store::MemoryStore store_;
  store::TemporaryDirectory directory_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(store_).value();
  std::unique_ptr<oidc::Provider> provider_ = open_provider();
  std::unique_ptr<Application> application_ =
      Application::open(store_, accounts_, *tokens_,
                        {.registration_open = true,
                         .service_secret = "open-sesame",
                         .blob_directory = directory_.store_path(),
                         .export_directory = directory_.store_path() + "-exports",
                         .oidc = provider_.get()})
          .value();
  const std::map<std::string, std::string, std::less<>> ids_ = {
      {"owner", add_account("owner")},
      {"viewer", add_account("viewer")},
      {"uploader", add_account("uploader")},
      {"other", add_account("other")},
      {"custodian", add_account("custodian")}};
  std::string restricted_;
  std::string source_;
};

std::string text_of(std::string_view kind, const std::string& name, const Statuses& statuses,
                    const std::string& body) {
  std::ostringstream out;
  out << kind << ' ' << name;
  for (const int status : statuses) out << ' ' << status;
  if (!body.empty()) out << ' ' << body;
  return out.str();
}

bool is_good(int status) { return status >= 200 && status < 300; }

TEST(Authorisation, EveryRouteAnswersEveryCallerAsTheTableSays) {
  const std::map<std::string, Row> rows = read_table();
  std::set<std::string> left;
  for (const auto& [name, row] : rows) left.insert(name);
  const std::vector<server::Route> routes = [] {
    World world;
    return std::vector<server::Route>(world.routes().begin(), world.routes().end());
  }();
  for (const server::Route& route : routes) {
    const std::string name = route.method + " " + route.pattern;
    left.erase(name);
    const auto row = rows.find(name);
    const std::string body = row == rows.end() ? "" : row->second.body;
    Statuses statuses{};
    for (size_t i = 0; i < kCallers.size(); ++i) {
      statuses[i] = World().ask(kCallers[i], route, body);
    }
    const std::string kind = row == rows.end() ? "?" : row->second.kind;
    const std::string expected =
        row == rows.end() ? "" : text_of(kind, name, row->second.statuses, body);
    EXPECT_EQ(text_of(kind, name, statuses, body), expected)
        << (row == rows.end() ? "a route without a row in tests/api/authorisation.txt" : "");
  }
  for (const std::string& name : left) ADD_FAILURE() << "a row without a route: " << name;
}

// What the numbers of the table must never say, whoever edits them.
TEST(Authorisation, TheTableLetsNobodyInWhoHasNoBusinessThere) {
  for (const auto& [name, row] : read_table()) {
    std::map<std::string_view, bool> good;
    for (size_t i = 0; i < kCallers.size(); ++i) good[kCallers[i]] = is_good(row.statuses[i]);
    if (row.kind == "public") continue;
    ASSERT_TRUE(row.kind == "own" || row.kind == "data" || row.kind == "note") << name;
    for (const auto caller : {"anonymous", "expired", "tampered"}) {
      EXPECT_FALSE(good[caller]) << name << " lets in " << caller;
    }
    if (row.kind == "own") continue;
    EXPECT_FALSE(good["other"]) << name << " lets in a stranger";
    const bool writes = row.kind == "data" && !name.starts_with("GET ");
    EXPECT_FALSE(writes && good["viewer"]) << name << " lets a viewer write";
  }
}

}  // namespace
}  // namespace tideway::api
