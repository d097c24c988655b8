// Requests that are on their way while the account they write to is deleted: let in before, and at
// the store after. Nothing of them may stay, because nobody could ever read or delete it.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::ElementsAre;
using testing::Key;

class DeletedAccountTest : public ApiFixture {
 protected:
  /// Asks, and has the account deleted at the moment in which the request, which has been let in,
  /// first writes to the partition of the account.
  Response ask_while_deleted(Asked asked) {
    store_.before_update = [this](std::string_view partition) {
      if (partition != user_id_) return;
      store_.before_update = nullptr;
      const Response gone = ask({"DELETE", "/auth/user/" + user_id_, kPassword});
      EXPECT_EQ(gone.status, 204) << gone.body;
    };
    Response response = ask(std::move(asked));
    EXPECT_FALSE(store_.before_update) << "nothing was written to the account";
    store_.before_update = nullptr;
    return response;
  }

  /// But the mark by which what comes later is known to be too late.
  void expect_nothing_left() { EXPECT_THAT(store_.entries(user_id_), ElementsAre(Key("X"))); }

  size_t files() {
    size_t count = 0;
    const std::filesystem::path blobs = directory_.store_path();
    if (!std::filesystem::exists(blobs)) return 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(blobs)) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }

  std::string open_set(std::string_view more = "") {
    const Response made = ask({"POST", users_ + "/data_sets", set_body(more)});
    EXPECT_EQ(made.status, 201) << made.body;
    return id_in(made.body);
  }

  static std::string set_body(std::string_view more = "") {
    return R"({"deviceId":"meter","deduplicator":{"name":)"
           R"("org.tidepool.deduplicator.none"})" +
           std::string(more) + "}";
  }

  static constexpr const char* kPassword = R"({"password":"correct-horse"})";
  static constexpr const char* kRecords =
      R"([{"type":"cbg","time":"2025-01-06T10:00:00Z","deviceId":"meter","units":"mmol/L","value":5}])";
  const std::string users_ = "/v1/users/" + user_id_;
};

TEST_F(DeletedAccountTest, NoSetIsOpened) {
  const Response response = ask_while_deleted({"POST", users_ + "/data_sets", set_body()});
  EXPECT_EQ(response.status, 404) << response.body;
  expect_nothing_left();
}

TEST_F(DeletedAccountTest, NoIdOfAClientStaysTaken) {
  const std::string id = "0123456789abcdef0123456789abcdef";
  const Response response =
      ask_while_deleted({"POST", users_ + "/data_sets", set_body(R"(,"uploadId":")" + id + "\"")});
  EXPECT_EQ(response.status, 404) << response.body;
  expect_nothing_left();
  for (const auto& [key, value] : store_.entries(store::kDirectoryPartition)) {
    EXPECT_EQ(key.find(id), std::string::npos);
  }
}

TEST_F(DeletedAccountTest, NoRecordIsAdded) {
  const std::string id = open_set();
  const Response response = ask_while_deleted({"POST", "/v1/data_sets/" + id + "/data", kRecords});
  EXPECT_EQ(response.status, 404) << response.body;
  expect_nothing_left();
}

TEST_F(DeletedAccountTest, NoSetIsClosed) {
  const std::string id = open_set();
  const Response response =
      ask_while_deleted({"PUT", "/v1/data_sets/" + id, R"({"dataState":"closed"})"});
  EXPECT_EQ(response.status, 404) << response.body;
  expect_nothing_left();
}

TEST_F(DeletedAccountTest, NoLegacyUploadStays) {
  const Response response = ask_while_deleted(
      {"POST", "/data/" + user_id_,
       R"({"type":"upload","uploadId":"upid_4be1c0ffee09","version":"2.64.0","deviceId":"meter",)"
       R"("time":"2025-01-06T10:00:00Z"})"});
  EXPECT_EQ(response.status, 404) << response.body;
  expect_nothing_left();
}

struct OtherWrite {
  const char* name;
  const char* method;
  const char* path;  ///< {user} stands for the account
  const char* body;
};

class OtherWritesTest : public DeletedAccountTest,
                        public testing::WithParamInterface<OtherWrite> {};

TEST_P(OtherWritesTest, LeaveNothing) {
  std::string path = GetParam().path;
  path.replace(path.find("{user}"), 6, user_id_);
  const Response response = ask_while_deleted({GetParam().method,
                                               path,
                                               GetParam().body,
                                               "",
                                               {{"Content-Type", "text/plain"},
                                                {"Digest", "MD5=XUFAKrxLKna5cZ2REBfFkg=="},
                                                {"X-Logs-Start-At-Time", "2024-05-01T10:00:00Z"},
                                                {"X-Logs-End-At-Time", "2024-05-01T11:00:00Z"}}});
  EXPECT_GE(response.status, 400) << response.body;
  expect_nothing_left();
  EXPECT_EQ(files(), 0u) << "nor on the disk";
}

INSTANTIATE_TEST_SUITE_P(
    Api, OtherWritesTest,
    testing::Values(
        OtherWrite{"blob", "POST", "/v1/users/{user}/blobs", "hello"},
        OtherWrite{"deviceLog", "POST", "/v1/users/{user}/device_logs", "hello"},
        OtherWrite{"note", "POST", "/message/send/{user}",
                   R"({"message":{"guid":"g","timestamp":"t","messagetext":"x"}})"},
        OtherWrite{"profile", "PUT", "/metadata/{user}/profile", R"({"fullName":"Ada"})"},
        OtherWrite{"restrictedToken", "POST", "/v1/users/{user}/restricted_tokens", "{}"},
        OtherWrite{"account", "PUT", "/auth/user/{user}",
                   R"({"updates":{"username":"bo@example.org"}})"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tideway::api
