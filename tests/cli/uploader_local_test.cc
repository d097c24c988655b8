#include "cli/uploader_local.h"

#include <gtest/gtest.h>

namespace tideway::cli {
namespace {

/// What the answers say comes from the handler behind.
class Behind final : public server::Handler {
 public:
  uint64_t body_size_bytes_max(std::string_view, std::string_view) const override { return 7; }
  bool receives_body(std::string_view, std::string_view path) const override {
    return path == "/blobs";
  }
  std::expected<std::unique_ptr<server::BodyReceiver>, server::Response> receive(
      server::Request&) override {
    return std::unexpected(answer(202));
  }
  server::Response handle(server::Request) override { return answer(201); }

 private:
  static server::Response answer(uint16_t status) {
    server::Response response;
    response.status = status;
    return response;
  }
};

server::Request request(std::string method, std::string path) {
  server::Request made;
  made.method = std::move(method);
  made.path = std::move(path);
  return made;
}

TEST(UploaderLocal, AnnouncesTheLoginWithAPasswordAndNothingElse) {
  Behind behind;
  UploaderLocalHandler handler(behind);
  const server::Response info = handler.handle(request("GET", "/info"));
  EXPECT_EQ(info.status, 200);
  EXPECT_NE(info.body.find(R"("auth":{"realm":null,"url":null})"), std::string::npos) << info.body;
  EXPECT_EQ(handler.handle(request("POST", "/info")).status, 201);
  EXPECT_EQ(handler.handle(request("GET", "/v1/time")).status, 201);
}

// Bodies that are too large to be held in memory are not.
TEST(UploaderLocal, LeavesBodiesToTheHandlerBehind) {
  Behind behind;
  UploaderLocalHandler handler(behind);
  EXPECT_EQ(handler.body_size_bytes_max("POST", "/data"), 7u);
  EXPECT_TRUE(handler.receives_body("POST", "/blobs"));
  EXPECT_FALSE(handler.receives_body("POST", "/data"));
  server::Request blob = request("POST", "/blobs");
  const auto receiver = handler.receive(blob);
  ASSERT_FALSE(receiver);
  EXPECT_EQ(receiver.error().status, 202);
}

}  // namespace
}  // namespace tideway::cli
