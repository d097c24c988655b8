// Notes, blobs, device logs and exports over the running program (docs/spec/fetch.md 8, 9, 11).
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

namespace fs = std::filesystem;

constexpr const char* kServiceSecret = "open-sesame";
constexpr std::string_view kHelloMd5 = "XUFAKrxLKna5cZ2REBfFkg==";

class FilesTest : public E2eTest {
 protected:
  FilesTest() : E2eTest({}, {std::string("TIDEWAY_SERVICE_SECRET=") + kServiceSecret}) {}

  ApiClient service() const { return stranger(); }
  static std::string as_service() { return field("X-Tidepool-Service-Secret", kServiceSecret); }

  std::string blobs() const { return "/v1/users/" + user_id_ + "/blobs"; }
  std::string logs() const { return "/v1/users/" + user_id_ + "/device_logs"; }

  static std::string log_fields() {
    return field("Content-Type", "application/json") +
           field("Digest", fmt::format("MD5={}", kHelloMd5)) +
           field("X-Logs-Start-At-Time", "2024-05-01T10:00:00Z") +
           field("X-Logs-End-At-Time", "2024-05-01T11:00:00Z");
  }

  size_t stored_files() const {
    size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(data_dir() / "blobs")) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }
};

TEST_F(FilesTest, NotesAsTheWebApplicationWritesThem) {
  const std::string range = "?starttime=2024-05-01T00:00:00.000Z&endtime=2024-05-02T00:00:00.000Z";
  EXPECT_EQ(client().ask("GET", "/message/notes/" + user_id_ + range).status, 404u);
  const Reply sent = client().ask(
      "POST", "/message/send/" + user_id_,
      fmt::format(R"({{"message":{{"guid":"5b9f2f0e-8f0e-4d1c-9a55-0b6a6c1d2e3f",)"
                  R"("timestamp":"2024-05-01T15:00:00.000Z","messagetext":"Changed site",)"
                  R"("userid":"{0}","groupid":"{0}"}}}})",
                  user_id_),
      field("Content-Type", "application/json"));
  ASSERT_EQ(sent.status, 201u) << sent.body;
  const std::string id = text_at(sent.body, "/id");
  const Reply list = client().ask("GET", "/message/notes/" + user_id_ + range);
  EXPECT_EQ(list.status, 200u);
  EXPECT_EQ(text_at(list.body, "/messages/0/id"), id);
  EXPECT_EQ(text_at(list.body, "/messages/0/messagetext"), "Changed site");
  restart();
  EXPECT_EQ(client().ask("GET", "/message/read/" + id).status, 200u);
  EXPECT_EQ(client().ask("DELETE", "/message/remove/" + id).status, 202u);
  EXPECT_EQ(client().ask("GET", "/message/read/" + id).status, 404u);
}

TEST_F(FilesTest, DeviceLogsAsTidepoolKitSendsThem) {
  EXPECT_EQ(client().ask("GET", logs() + "?startAtTime=2024-05-01T00:00:00Z").body, "[]\n");
  const Reply made = client().ask("POST", logs(), "hello", log_fields());
  ASSERT_EQ(made.status, 201u) << made.body;
  const std::string id = text_at(made.body, "/id");
  const Reply list = client().ask(
      "GET", logs() + "?startAtTime=2024-05-01T00:00:00.000Z&endAtTime=2024-05-02T00:00:00.000Z");
  EXPECT_THAT(texts_of(list.body, "/id"), ElementsAre(id));
  const Reply content = client().ask("GET", "/v1/device_logs/" + id + "/content");
  EXPECT_EQ(content.body, "hello");
  EXPECT_EQ(value_of(content, "Start-At"), "2024-05-01T10:00:00Z");
  EXPECT_EQ(value_of(content, "Digest"), fmt::format("MD5={}", kHelloMd5));
}

TEST_F(FilesTest, ABlobOutlivesTheServer) {
  const Reply made =
      client().ask("POST", blobs(), "hello", field("Content-Type", "application/zip"));
  ASSERT_EQ(made.status, 201u) << made.body;
  restart();
  const std::string blob = "/v1/blobs/" + text_at(made.body, "/id");
  EXPECT_EQ(service().ask("GET", blob, {}, as_service()).body, made.body);
  EXPECT_EQ(service().ask("GET", blob + "/content", {}, as_service()).body, "hello");
  EXPECT_EQ(service().ask("DELETE", blob, {}, as_service()).status, 204u);
  EXPECT_EQ(stored_files(), 0u);
}

TEST_F(FilesTest, ALongBlobNeedsLittleMemory) {
  const std::string content(64 << 20, 'x');
  const uint64_t before = daemon().resident_peak_bytes();
  const Reply made =
      client().ask("POST", blobs(), content, field("Content-Type", "application/zip"));
  ASSERT_EQ(made.status, 201u) << made.body;
  const Reply read =
      service().ask("GET", "/v1/blobs/" + text_at(made.body, "/id") + "/content", {}, as_service());
  EXPECT_EQ(read.body.size(), content.size());
  EXPECT_LT(daemon().resident_peak_bytes() - before, 16u << 20);
}

TEST_F(FilesTest, ALongBlobOfAStrangerIsNotRead) {
  const Reply refused = stranger().ask("POST", blobs(), std::string(1 << 20, 'x'),
                                       field("Content-Type", "application/zip"));
  EXPECT_EQ(refused.status, 403u);
  EXPECT_FALSE(fs::exists(data_dir() / "blobs" / "pending" / "x"));
  EXPECT_EQ(stored_files(), 0u);
}

TEST_F(FilesTest, ExportsInEveryForm) {
  const std::string set = client().open_set(kContinuousSet);
  ASSERT_EQ(client().add(set, array_of(numbered(3000))).status, 200u);
  const Reply json = client().ask("GET", "/export/" + user_id_ + "?format=json&bgUnits=mg/dL");
  EXPECT_EQ(json.status, 200u);
  EXPECT_EQ(count_of(json.body), 3001u);
  EXPECT_TRUE(json.chunked);
  EXPECT_EQ(text_at(json.body, "/0/units"), "mg/dL");
  const Reply csv = client().ask("GET", "/export/" + user_id_ + "?format=csv");
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 3002);
  const Reply excel = client().ask("GET", "/export/" + user_id_ + "?format=excel");
  EXPECT_EQ(excel.status, 200u);
  EXPECT_THAT(excel.body, StartsWith("PK"));
  EXPECT_TRUE(fs::is_empty(data_dir() / "exports"));
}

}  // namespace
}  // namespace tideway::e2e
