// An upload whose commit does not reach the disk, through a real socket: whoever hears of it hears
// the truth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "api/application.h"
#include "audit/files.h"
#include "server/server.h"
#include "store/rocksdb/rocksdb_store.h"
#include "tests/server/client.h"
#include "tests/store/fault_file_system.h"
#include "tests/store/temporary_directory.h"

namespace tideway::api {
namespace {

using server::Client;
using testing::HasSubstr;
using testing::Not;

class FailingCommitTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.start();
    const std::string set =
        R"({"uploadId":"0123456789abcdef0123456789abcdef","dataSetType":"continuous",)"
        R"("deduplicator":{"name":"org.tidepool.deduplicator.none"}})";
    ASSERT_EQ(ask(server::post("/v1/users/" + user_id_ + "/data_sets", set, fields_)).status, 201U);
  }

  static server::Options options() {
    server::Options options;
    options.listen = "127.0.0.1:0";
    return options;
  }

  server::Reply ask(const std::string& request) {
    return Client(server_.port()).ask(request).value();
  }
  server::Reply add() {
    return ask(server::post(
        "/v1/data_sets/0123456789abcdef0123456789abcdef/data",
        R"([{"type":"cbg","units":"mg/dL","value":112,"time":"2025-01-06T10:00:00Z"}])", fields_));
  }
  std::string fetched() { return ask(server::get("/data/" + user_id_, fields_)).body; }

  /// What the audit log says of uploads.
  std::string audited() {
    EXPECT_TRUE(audit_->flush());
    std::ifstream file(audit::list_files(logs_.store_path()).value().at(0).path);
    std::string lines;
    for (std::string line; std::getline(file, line);) {
      if (line.contains("{dataSetId}/data")) lines += line;
    }
    return lines;
  }

  const std::string user_id_ = "0a1b2c3d4e";
  const store::TemporaryDirectory directory_;
  const store::TemporaryDirectory logs_;
  const std::shared_ptr<store::FaultFileSystem> files_ = std::make_shared<store::FaultFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(files_);
  const std::unique_ptr<store::RocksDbStore> store_ =
      store::RocksDbStore::open(directory_.store_path(), {.env = env_.get()}).value();
  account::Accounts accounts_{*store_, {.operations = 1, .memory_bytes = 8192}};
  const std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(*store_).value();
  const std::unique_ptr<audit::Log> audit_ =
      audit::Log::open({.directory = logs_.store_path()}).value();
  const std::unique_ptr<Application> application_ =
      Application::open(*store_, accounts_, *tokens_, {.audit = audit_.get()}).value();
  const std::string fields_ =
      "X-Tidepool-Session-Token: " + tokens_->issue(user_id_, false, 3600) + "\r\n";
  server::Server server_{options(), *application_, nullptr};
};

TEST_F(FailingCommitTest, WhatIsOnDiskIsToldAndNoted) {
  EXPECT_EQ(add().status, 200U);
  EXPECT_THAT(audited(), HasSubstr(R"("status":200,"outcome":"ok")"));
  EXPECT_THAT(fetched(), HasSubstr(R"("type":"cbg")"));
}

TEST_F(FailingCommitTest, WhatIsNotIsAFailureToAll) {
  files_->set_fault(store::FaultFileSystem::Fault::kSyncFails);
  EXPECT_EQ(add().status, 500U);
  EXPECT_THAT(audited(), HasSubstr(R"("status":500,"outcome":"failed")"));
  EXPECT_THAT(audited(), Not(HasSubstr(R"("status":200)")));
  EXPECT_THAT(fetched(), Not(HasSubstr(R"("type":"cbg")")));
}

}  // namespace
}  // namespace tideway::api
