// Bodies that a receiver takes piece by piece.
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "server/receiving.h"
#include "tests/server/server_fixture.h"

namespace tideway::server {
namespace {

Response refusal(uint16_t status) {
  Response response = TestHandler::text("refused");
  response.status = status;
  return response;
}

/// What happened to the receivers of a test.
struct Seen {
  std::atomic<size_t> made = 0;
  std::atomic<size_t> pieces = 0;
  std::atomic<size_t> largest_piece = 0;
  std::atomic<size_t> dropped = 0;  ///< destroyed without finish()
};

class TestReceiver : public BodyReceiver {
 public:
  TestReceiver(Seen& seen, size_t refuse_beyond) : seen_(seen), refuse_beyond_(refuse_beyond) {
    ++seen_.made;
  }
  ~TestReceiver() override {
    if (!finished_) ++seen_.dropped;
  }

  std::optional<Response> receive(std::string_view bytes) override {
    ++seen_.pieces;
    seen_.largest_piece = std::max(seen_.largest_piece.load(), bytes.size());
    body_ += bytes;
    if (body_.size() > refuse_beyond_) return refusal(507);
    if (body_.ends_with("throw")) throw std::runtime_error("secret");
    return std::nullopt;
  }

  Response finish(const Request& request) override {
    finished_ = true;
    if (body_.ends_with("fail")) throw std::runtime_error("secret");
    return TestHandler::text(request.method + " " + request.path + " " +
                             std::string(request.headers.find("X").value_or("")) + " " +
                             std::to_string(std::hash<std::string>()(body_)));
  }

 private:
  Seen& seen_;
  const size_t refuse_beyond_;
  std::string body_;
  bool finished_ = false;
};

class ServerReceiving : public ServerTest {
 protected:
  void start_receiving(size_t refuse_beyond = SIZE_MAX) {
    handler_.on_receive =
        [this, refuse_beyond](
            const Request& request) -> std::expected<std::unique_ptr<BodyReceiver>, Response> {
      if (request.headers.find("X") == "stranger") return std::unexpected(refusal(403));
      if (request.headers.find("X") == "throw") throw std::runtime_error("secret");
      return std::make_unique<TestReceiver>(seen_, refuse_beyond);
    };
    start();
  }

  /// The receiver is destroyed after the answer is sent.
  bool is_dropped_within_patience() const {
    const auto end = std::chrono::steady_clock::now() + Client::kPatience;
    while (seen_.dropped == 0 && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return seen_.dropped == 1;
  }

  static std::string answer_to(const std::string& body, std::string_view x = "") {
    return "POST /receive " + std::string(x) + " " + std::to_string(std::hash<std::string>()(body));
  }

  Seen seen_;
};

TEST_F(ServerReceiving, HandsALongBodyOnInPieces) {
  start_receiving();
  std::string body(5 << 20, '\0');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 + i / 977);
  Client client = this->client();
  EXPECT_EQ(client.ask(post("/receive", body, "X: y\r\n"))->body, answer_to(body, "y"));
  EXPECT_GE(seen_.pieces, 10u);
  EXPECT_LE(seen_.largest_piece, kPieceBytes + 64 * 1024);
  EXPECT_EQ(seen_.dropped, 0u);
  // The connection lives on.
  EXPECT_EQ(client.ask(get("/next"))->body, "GET /next  ");
  EXPECT_EQ(client.ask(post("/receive", "short"))->body, answer_to("short"));
}

TEST_F(ServerReceiving, TakesChunks) {
  start_receiving();
  Client client = this->client();
  client.send("POST /receive HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.send("5\r\nhello\r\n");
  client.send("6\r\n world\r\n0\r\n\r\n");
  EXPECT_EQ(client.read()->body, answer_to("hello world"));
}

TEST_F(ServerReceiving, ABodyInGzipIsTakenAsItIs) {
  start_receiving();
  EXPECT_EQ(client().ask(post("/receive", "no gzip", "Content-Encoding: gzip\r\n"))->body,
            answer_to("no gzip"));
}

TEST_F(ServerReceiving, WithoutABodyTheHandlerIsAsked) {
  start_receiving();
  EXPECT_EQ(client().ask(post("/receive", ""))->body, "POST /receive  ");
  EXPECT_EQ(seen_.made, 0u);
}

TEST_F(ServerReceiving, ARefusalIsSentBeforeTheBodyIsRead) {
  start_receiving();
  Client client = this->client();
  client.send(
      "POST /receive HTTP/1.1\r\nHost: a\r\nX: stranger\r\nContent-Length: 1000000\r\n"
      "Expect: 100-continue\r\n\r\n");
  const auto reply = client.read();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 403u);
  EXPECT_EQ(reply->body, "refused");
  EXPECT_EQ(reply->headers.find("Connection"), "close");
  EXPECT_TRUE(client.is_closed_within());
  EXPECT_EQ(seen_.made, 0u);
}

TEST_F(ServerReceiving, AClientMayWaitForLeave) {
  start_receiving();
  Client client = this->client();
  client.send(
      "POST /receive HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_interim(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_EQ(client.read()->body, answer_to("ok"));
}

TEST_F(ServerReceiving, AReceiverMayEndTheReading) {
  start_receiving(300'000);
  Client client = this->client();
  client.send_what_it_takes(post("/receive", std::string(2 << 20, 'b')));
  const auto reply = client.read();
  ASSERT_TRUE(reply) << client.error().message();
  EXPECT_EQ(reply->status, 507u);
  EXPECT_TRUE(is_dropped_within_patience());
}

TEST_F(ServerReceiving, TheLimitOfTheRouteHolds) {
  start_receiving();
  EXPECT_EQ(client().ask(post("/receive/small", std::string(1001, 'b')))->status, 413u);
  Client client = this->client();
  client.send("POST /receive/small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.send("3e8\r\n" + std::string(1000, 'b') + "\r\n");
  client.send("1\r\nb\r\n");
  EXPECT_EQ(client.read()->status, 413u);
}

TEST_F(ServerReceiving, ABodyThatDoesNotComeToItsEndIsDropped) {
  start_receiving();
  {
    Client client = this->client();
    client.send("POST /receive HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
    client.send(std::string(300'000, 'x'));
    client.close();
  }
  EXPECT_TRUE(is_dropped_within_patience());
}

TEST_F(ServerReceiving, ExceptionsAreInternalFailures) {
  start_receiving();
  for (const auto& [body, fields] :
       {std::pair("x", "X: throw\r\n"), std::pair("throw", ""), std::pair("fail", "")}) {
    const auto reply = client().ask(post("/receive", body, fields));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 500u);
    EXPECT_NE(reply->body.find("internal-server-failure"), std::string::npos);
    EXPECT_EQ(reply->body.find("secret"), std::string::npos);
  }
}

TEST_F(ServerReceiving, ALongBodyTakesNoMoreOfTheBudgetThanAPiece) {
  options_.bodies_in_flight_bytes_max = 1 << 20;
  start_receiving();
  const std::string body(8 << 20, 'x');
  EXPECT_EQ(client().ask(post("/receive", body))->body, answer_to(body));
}

}  // namespace
}  // namespace tideway::server
