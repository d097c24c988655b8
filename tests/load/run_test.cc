// A whole load against a server made for it: one that keeps what it is given, and some that do not.
#include "load/run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>

#include "load/summary.h"
#include "server/server.h"

namespace tideway::load {
namespace {

using server::Request;
using server::Response;

Response reply(uint16_t status, std::string body) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

/// Just enough of the API, with everything in memory.
class Fake final : public server::Handler {
 public:
  /// Called with every chunk that comes, numbered from 0; what it returns is kept. An answer other
  /// than 200 is given instead of keeping it.
  std::function<std::string(int, std::string)> keep = [](int, std::string chunk) { return chunk; };
  std::function<uint16_t(int)> status = [](int) -> uint16_t { return 200; };

  uint64_t body_size_bytes_max(std::string_view, std::string_view) const override {
    return 64 << 20;
  }

  Response handle(Request request) override {
    const std::lock_guard lock(mutex_);
    if (request.path == "/auth/user") return new_user();
    if (request.path.ends_with("/data")) return add(request);
    if (request.path.starts_with("/v1/users/")) return open();
    if (request.method == "PUT") return reply(200, "{}");
    return fetch(request.query.substr(request.query.find('=') + 1));
  }

  int users = 0;
  int chunks = 0;

 private:
  Response new_user() {
    Response response = reply(201, fmt::format(R"({{"userid":"{:010}"}})", users++));
    response.headers.add("X-Tidepool-Session-Token", "token");
    return response;
  }
  Response open() {
    const std::string id = fmt::format("set{}", sets_.size());
    sets_[id];
    return reply(201, fmt::format(R"({{"data":{{"uploadId":"{}"}}}})", id));
  }
  Response add(const Request& request) {
    const int number = chunks++;
    if (const uint16_t other = status(number); other != 200) {
      Response response = reply(other, "{}");
      response.headers.add("Retry-After", "0");
      return response;
    }
    const std::string prefix = "/v1/datasets/";
    const std::string id =
        request.path.substr(prefix.size(), request.path.rfind('/') - prefix.size());
    const std::string kept = keep(number, request.body);
    std::string& set = sets_.at(id);
    if (kept.size() > 2) set += (set.empty() ? "" : ",") + kept.substr(1, kept.size() - 2);
    return reply(200, "{}");
  }
  Response fetch(const std::string& id) { return reply(200, "[" + sets_.at(id) + "]"); }

  std::mutex mutex_;
  std::map<std::string, std::string> sets_;
};

class Run : public testing::Test {
 protected:
  Run() {
    plan_.who = {.email = {}, .password = "a-password", .registers = true, .service_secret = {}};
    plan_.users = 3;
    plan_.connections = 2;
    plan_.mix = {Kind::kCgm};  // which no server takes apart, see ABolusMayStandBesideItsWizard
    plan_.chunks_max = 24;
    plan_.duration = std::chrono::minutes(5);  // the chunks end it
  }

  Result result() {
    server::Options options;
    options.listen = "127.0.0.1:0";
    server::Server server(options, fake_, nullptr);
    server.start();
    plan_.url = {.host = "127.0.0.1", .port = std::to_string(server.port()), .prefix = {}};
    auto result = run(plan_);
    EXPECT_TRUE(result) << result.error();
    return result ? *std::move(result)
                  : Result{.tally = std::make_shared<Tally>(), .verification = {.unreadable = 1}};
  }

  Fake fake_;
  Plan plan_;
};

TEST_F(Run, PassesWhereEverythingIsKept) {
  const Result found = result();
  EXPECT_TRUE(found.passed()) << summary_text(plan_, found);
  EXPECT_EQ(fake_.users, 3);
  EXPECT_EQ(found.tally->accepted.count(), 24U);
  EXPECT_EQ(found.tally->records, 240U);
  EXPECT_EQ(found.verification.sets, 3U);
  EXPECT_EQ(found.verification.records, 240U);
}

TEST_F(Run, KeepsToItsRate) {
  plan_.rate = 100;
  const Result found = result();
  EXPECT_TRUE(found.passed());
  // The last of 24 is due after 230 ms, however fast the server is.
  EXPECT_GE(found.seconds, 0.23);
}

TEST_F(Run, FailsWhereARecordGetsLost) {
  fake_.keep = [](int number, std::string chunk) {
    if (number == 7) chunk.resize(chunk.rfind(",{\"type\"")), chunk += "]";
    return chunk;
  };
  const Result found = result();
  EXPECT_FALSE(found.passed());
  EXPECT_EQ(found.verification.missing, 1U);
  EXPECT_EQ(found.verification.records, 239U);
  EXPECT_NE(summary_text(plan_, found).find("FAILED    1 missing"), std::string::npos);
  EXPECT_NE(summary_json(plan_, found).find(R"("passed":false)"), std::string::npos);
}

TEST_F(Run, FailsWhereAValueChanges) {
  fake_.keep = [](int number, std::string chunk) {
    if (number == 3) chunk.insert(chunk.find("\"value\":") + 8, "1");
    return chunk;
  };
  EXPECT_EQ(result().verification.different, 1U);
}

TEST_F(Run, FailsWhereAChunkIsKeptTwice) {
  fake_.keep = [](int number, std::string chunk) {
    return number == 3 ? "[" + chunk.substr(1, chunk.size() - 2) + "," + chunk.substr(1) : chunk;
  };
  EXPECT_EQ(result().verification.duplicated, 10U);
}

TEST_F(Run, SendsAgainWhatWasRefused) {
  fake_.status = [](int number) -> uint16_t { return number % 2 == 0 ? 503 : 200; };
  const Result found = result();
  EXPECT_TRUE(found.passed()) << summary_text(plan_, found);
  EXPECT_EQ(found.tally->refused.count(), 12U);
  EXPECT_EQ(found.verification.records, 120U);
}

TEST_F(Run, DoesNotPassWhenAChunkFails) {
  fake_.status = [](int number) -> uint16_t { return number == 5 ? 500 : 200; };
  const Result found = result();
  EXPECT_FALSE(found.passed());
  EXPECT_EQ(found.tally->failed, 1U);
  // The server may have kept it or not; what it accepted is there.
  EXPECT_TRUE(found.verification.passed()) << found.verification.first_problem;
}

TEST_F(Run, FetchesNoMoreThanItIsTold) {
  plan_.verified_sets_max = 2;
  EXPECT_EQ(result().verification.sets, 2U);
}

TEST(RunWithoutServer, SaysWhy) {
  Plan plan;
  plan.url = *parse_url("http://127.0.0.1:1");
  plan.who.email = "a@example.org";
  const auto result = run(plan);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().find("cannot connect to 127.0.0.1:1"), std::string::npos)
      << result.error();
}

}  // namespace
}  // namespace tideway::load
