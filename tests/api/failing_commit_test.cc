// Uploads whose commit does not reach the disk, or has not yet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "api/application.h"
#include "audit/files.h"
#include "audit/log.h"
#include "tests/store/memory_store.h"
#include "tests/store/temporary_directory.h"

namespace tideway::api {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A store whose last commit is on its way until the test says what becomes of it.
class SlowDiskStore final : public store::Store {
 public:
  explicit SlowDiskStore(store::Store& inner) : inner_(inner) {}

  store::Result<std::unique_ptr<store::Reader>> read(std::string_view partition) override {
    return inner_.read(partition);
  }
  store::Result<void> update(std::string_view partition, const Apply& apply) override {
    return inner_.update(partition, apply);
  }
  store::Result<std::shared_ptr<store::Commit>> update_later(std::string_view partition,
                                                             const Apply& apply) override {
    if (is_broken_) throw std::bad_alloc();
    const auto done = inner_.update(partition, [&](store::Transaction& transaction) {
      const auto outcome = apply(transaction);
      return outcome && is_full_ ? store::Result<store::Outcome>(store::Outcome::kAbandon)
                                 : outcome;
    });
    if (!done) return std::unexpected(done.error());
    return commit_ = std::make_shared<store::Commit>();
  }
  store::Result<void> partitions(const VisitPartition& visit) override {
    return inner_.partitions(visit);
  }
  store::Result<void> reclaim(std::string_view partition) override {
    return inner_.reclaim(partition);
  }

  /// From now on commits fail.
  void fill() { is_full_ = true; }

  /// From now on they throw.
  void break_down() { is_broken_ = true; }

  void finish() {
    if (!is_full_) return commit_->finish({});
    commit_->finish(std::unexpected(store::Error{store::Error::Kind::kUnavailable, "no space"}));
  }

 private:
  store::Store& inner_;
  std::shared_ptr<store::Commit> commit_;
  bool is_full_ = false;
  bool is_broken_ = false;
};

class FailingCommitTest : public testing::Test {
 protected:
  FailingCommitTest() {
    ask("POST", "/v1/users/" + user_ + "/data_sets",
        R"({"uploadId":"0123456789abcdef0123456789abcdef","dataSetType":"continuous",)"
        R"("deduplicator":{"name":"org.tidepool.deduplicator.none"}})");
  }

  server::Response ask(std::string method, std::string path, std::string body = {}) {
    server::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    request.trace_request = "trace-1";
    request.headers.add("X-Tidepool-Session-Token", token_);
    return application_->handle(std::move(request));
  }

  server::Response add() {
    return ask("POST", "/v1/data_sets/0123456789abcdef0123456789abcdef/data",
               R"([{"type":"cbg","units":"mg/dL","value":112,"time":"2025-01-06T10:00:00Z"}])");
  }

  std::string fetched() {
    server::Response response = ask("GET", "/data/" + user_, {});
    std::string body, chunk;
    while (response.stream && response.stream->next(chunk) == server::BodyStream::Next::kMore) {
      body += std::exchange(chunk, {});
    }
    return response.body + body + chunk;
  }

  /// What the audit log says of uploads.
  std::string audited() {
    EXPECT_TRUE(audit_->flush());
    std::ifstream file(audit::list_files(directory_.store_path()).value().at(0).path);
    std::string lines;
    for (std::string line; std::getline(file, line);) {
      if (line.contains("{dataSetId}/data")) lines += line;
    }
    return lines;
  }

  store::TemporaryDirectory directory_;
  store::MemoryStore memory_;
  SlowDiskStore store_{memory_};
  account::Accounts accounts_{memory_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(memory_).value();
  std::unique_ptr<audit::Log> audit_ =
      audit::Log::open({.directory = directory_.store_path()}).value();
  std::unique_ptr<Application> application_ =
      Application::open(store_, accounts_, *tokens_, {.audit = audit_.get()}).value();
  const std::string user_ = accounts_
                                .create({.email = "rey@example.org",
                                         .password = "correct-horse",
                                         .full_name = "",
                                         .roles = {}})
                                .value()
                                .id;
  const std::string token_ = tokens_->issue(user_, false, 3600);
};

TEST_F(FailingCommitTest, NobodyIsToldBeforeItIsOnDisk) {
  server::Response response = add();
  ASSERT_TRUE(response.when_kept);
  std::optional<bool> kept;
  response.when_kept([&](bool is_kept) { kept = is_kept; });
  EXPECT_FALSE(kept);
  EXPECT_EQ(audited(), "");
  store_.finish();
  EXPECT_EQ(kept, true);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(audited(), HasSubstr(R"("status":200,"outcome":"ok")"));
  EXPECT_THAT(fetched(), HasSubstr(R"("type":"cbg")"));
}

TEST_F(FailingCommitTest, WhatIsNotKeptIsAFailure) {
  store_.fill();
  server::Response response = add();
  ASSERT_TRUE(response.when_kept);
  std::optional<bool> kept;
  response.when_kept([&](bool is_kept) { kept = is_kept; });
  store_.finish();
  EXPECT_EQ(kept, false);
  EXPECT_THAT(audited(), HasSubstr(R"("status":500,"outcome":"failed")"));
  EXPECT_THAT(audited(), Not(HasSubstr(R"("status":200)")));
  EXPECT_THAT(fetched(), Not(HasSubstr(R"("type":"cbg")")));
}

TEST_F(FailingCommitTest, WhatThrowsIsAFailure) {
  store_.break_down();
  EXPECT_THROW(add(), std::bad_alloc);
  EXPECT_THAT(audited(), HasSubstr(R"("status":500,"outcome":"failed")"));
}

}  // namespace
}  // namespace tideway::api
