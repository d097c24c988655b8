// GET /data/{userId} through a real socket: it begins before all has been read, and what breaks off
// does not look complete.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/application.h"
#include "server/server.h"
#include "store/rocksdb/rocksdb_store.h"
#include "tests/api/held_store.h"
#include "tests/server/client.h"
#include "tests/store/temporary_directory.h"

namespace tideway::api {
namespace {

using server::Client;

constexpr int kBlocks = 6;
constexpr int kBlockRecords = 1000;

class FetchStreamTest : public testing::Test {
 protected:
  FetchStreamTest() { upload(); }
  ~FetchStreamTest() override {
    store_.release();
  }  // a failed test must not leave a reader waiting

  /// A thousand readings, one every five minutes.
  static std::string chunk(int number) {
    std::string body = "[";
    for (int i = 0; i < kBlockRecords; ++i) {
      const int64_t minute = (int64_t{number} * kBlockRecords + i) * 5;
      fmt::format_to(std::back_inserter(body),
                     R"({}{{"type":"cbg","units":"mmol/L","value":{},"deviceId":"D1",)"
                     R"("time":"2024-05-{:02}T{:02}:{:02}:00Z"}})",
                     i > 0 ? "," : "", i % 20 + 1, minute / 1440 + 1, minute / 60 % 24,
                     minute % 60);
    }
    return body + ']';
  }

  server::Response ask(std::string method, std::string path, std::string body) {
    server::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    request.headers.add("X-Tidepool-Session-Token", token_);
    return application_->handle(std::move(request));
  }

  void upload() {
    const auto made =
        ask("POST", "/v1/users/" + user_id_ + "/data_sets",
            R"({"deduplicator":{"name":"org.tidepool.deduplicator.none"},"deviceId":"D1"})");
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string set = made.body.substr(made.body.find(R"("uploadId":")") + 12, 32);
    for (int i = 0; i < kBlocks; ++i) {
      ASSERT_EQ(ask("POST", "/v1/datasets/" + set + "/data", chunk(i)).status, 200);
    }
    ASSERT_EQ(ask("PUT", "/v1/datasets/" + set, R"({"dataState":"closed"})").status, 200);
  }

  static server::Options options() {
    server::Options options;
    options.listen = "127.0.0.1:0";
    return options;
  }

  /// Serves from now on.
  void start() { server_.start(); }

  std::string request(const std::string& fields) const {
    return server::get("/data/" + user_id_ + "?type=cbg",
                       "X-Tidepool-Session-Token: " + token_ + "\r\n" + fields);
  }

  const std::string user_id_ = "0a1b2c3d4e";
  const store::TemporaryDirectory directory_;
  const std::unique_ptr<store::RocksDbStore> database_ =
      store::RocksDbStore::open(directory_.store_path()).value();
  HeldStore store_{*database_};
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  const std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(store_).value();
  const std::unique_ptr<Application> application_ =
      Application::open(store_, accounts_, *tokens_, {.service_secret = "open-sesame"}).value();
  const std::string token_ = tokens_->issue(user_id_, false, 3600);
  server::Server server_{options(), *application_, nullptr};
};

TEST_F(FetchStreamTest, TheFirstByteLeavesBeforeTheLastBlockIsRead) {
  start();
  for (const char* fields : {"", "Accept-Encoding: gzip\r\n", "Accept-Encoding: zstd\r\n"}) {
    store_.hold_at(kBlocks);
    Client client(server_.port());
    client.send(request(fields));
    EXPECT_TRUE(client.has_input_within(Client::kPatience)) << fields;
    store_.release();
    const auto reply = client.read();
    ASSERT_TRUE(reply) << fields;
    EXPECT_EQ(reply->status, 200U);
    EXPECT_TRUE(reply->chunked);
    EXPECT_EQ(store_.block_reads(), kBlocks);
    if (*fields == '\0') {
      EXPECT_EQ(std::ranges::count(reply->body, '\n'), kBlocks * kBlockRecords + 1);
    }
  }
}

TEST_F(FetchStreamTest, AFailureInTheMiddleBreaksTheConnection) {
  start();
  for (const char* fields : {"", "Accept-Encoding: gzip\r\n", "Accept-Encoding: zstd\r\n"}) {
    store_.fail_at(kBlocks);
    Client client(server_.port());
    client.send(request(fields));
    EXPECT_FALSE(client.read()) << fields;  // no whole answer
    EXPECT_EQ(client.error(), boost::asio::error::connection_reset) << fields;
    EXPECT_EQ(store_.block_reads(), kBlocks);

    Client raw(server_.port());
    store_.fail_at(kBlocks);
    raw.send(request(fields));
    const std::string received = raw.read_raw();
    EXPECT_FALSE(received.ends_with("0\r\n\r\n")) << fields;
    EXPECT_FALSE(received.ends_with("\n]")) << fields;
  }
}

TEST_F(FetchStreamTest, AFailureInTheFirstBlockIsAnError) {
  start();
  store_.fail_at(1);
  Client client(server_.port());
  const auto reply = client.ask(request(""));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 500U);
}

TEST_F(FetchStreamTest, AHalfClosedClientGetsAllOfIt) {
  start();
  store_.hold_at(kBlocks);
  Client client(server_.port());
  client.send(request(""));
  client.end_of_output();
  EXPECT_TRUE(client.has_input_within(Client::kPatience));
  store_.release();
  const auto reply = client.read();
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::ranges::count(reply->body, '\n'), kBlocks * kBlockRecords + 1);
}

}  // namespace
}  // namespace tideway::api
