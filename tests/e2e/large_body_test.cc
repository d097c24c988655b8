// Bodies above the limit: refused with 413 however their size is told, without keeping them.
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"
#include "tests/server/client.h"

namespace tideway::e2e {
namespace {

constexpr uint64_t kMiB = 1 << 20;
constexpr size_t kBodyBytes = 100 * kMiB;

// Sanitizers keep freed memory for a while, to notice its use, and shadows of all memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr uint64_t kResidentBytesMax = 2400 * kMiB;
#else
constexpr uint64_t kResidentBytesMax = 400 * kMiB;
#endif

constexpr std::string_view kTooLarge =
    R"({"code":"resource-too-large","title":"resource too large","detail":"resource too large"})"
    "\n";

class LargeBodyTest : public E2eTest {
 protected:
  LargeBodyTest() { set_ = client().open_set(kContinuousSet); }

  std::string head(std::string_view framing) {
    return fmt::format("POST /v1/data_sets/{}/data HTTP/1.1\r\nHost: test\r\n{}{}\r\n", set_,
                       field("X-Tidepool-Session-Token", client().token), framing);
  }

  void expect_too_large(server::Client& connection) {
    const auto reply = connection.read();
    ASSERT_TRUE(reply) << connection.error().message();
    EXPECT_EQ(reply->status, 413u);
    EXPECT_EQ(reply->body, kTooLarge);
    EXPECT_EQ(client().fetch("type=smbg"), "[]");
    EXPECT_LT(daemon().resident_bytes(), kResidentBytesMax);
  }

  std::string set_;
};

TEST_F(LargeBodyTest, WithItsLengthAnnounced) {
  server::Client connection(daemon().port());
  connection.send_what_it_takes(head(field("Content-Length", fmt::to_string(kBodyBytes))) +
                                std::string(kBodyBytes, ' '));
  expect_too_large(connection);
  // The length alone is enough to know.
  EXPECT_LT(daemon().resident_peak_bytes(), kResidentBytesMax);
}

TEST_F(LargeBodyTest, InChunks) {
  server::Client connection(daemon().port());
  connection.send(head(field("Transfer-Encoding", "chunked")));
  const std::string chunk = fmt::format("{:x}\r\n{}\r\n", kMiB, std::string(kMiB, ' '));
  std::string body;
  for (size_t sent = 0; sent < kBodyBytes; sent += kMiB) body += chunk;
  connection.send_what_it_takes(body + "0\r\n\r\n");
  expect_too_large(connection);
}

TEST_F(LargeBodyTest, ManyAtATime) {
  constexpr int kCount = 4;
  const std::string body = head(field("Content-Length", fmt::to_string(40 * kMiB))) + "[" +
                           std::string(40 * kMiB - 2, ' ') + "]";
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<server::Client>> connections;
    for (int i = 0; i < kCount; ++i) {
      connections.push_back(std::make_unique<server::Client>(daemon().port()));
      connections.back()->send_what_it_takes(body);
    }
    for (const auto& connection : connections) {
      const auto reply = connection->read();
      ASSERT_TRUE(reply);
      EXPECT_EQ(reply->status, 200u) << reply->body;
    }
  }
  EXPECT_LT(daemon().resident_bytes(), kResidentBytesMax) << "given back afterwards";
}

TEST_F(LargeBodyTest, SmallerLimitsElsewhere) {
  const std::string large(2 * kMiB, ' ');
  for (const std::string& target :
       {std::string("/auth/login"), fmt::format("/v1/users/{}/data_sets", user_id_)}) {
    const Reply reply = stranger().ask("POST", target, large);
    EXPECT_EQ(reply.status, 413u) << target;
    EXPECT_EQ(reply.body, kTooLarge) << target;
  }
}

}  // namespace
}  // namespace tideway::e2e
