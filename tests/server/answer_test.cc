#include "server/answer.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <functional>
#include <sstream>
#include <stdexcept>

#include "server/gzip.h"
#include "server/zstd.h"
#include "tests/server/test_stream.h"

namespace tideway::server {
namespace {

class LambdaHandler final : public Handler {
 public:
  explicit LambdaHandler(std::function<Response(Request)> function)
      : function_(std::move(function)) {}
  uint64_t body_size_bytes_max(std::string_view, std::string_view) const override { return 1000; }
  Response handle(Request request) override { return function_(std::move(request)); }

 private:
  std::function<Response(Request)> function_;
};

class AnswerTest : public testing::Test {
 protected:
  AnswerTest() { log_.set_pattern("%v"); }

  Response ask(Request request, std::function<Response(Request)> function) {
    LambdaHandler handler(std::move(function));
    const RequestTraits traits = traits_of(request);
    BodyLease lease(budget_);
    lease.grow(request.body.size());
    Response response = answer(std::move(request), traits, handler, 1000, lease, log_);
    EXPECT_EQ(budget_.taken(), 0U);
    return response;
  }

  static Response echo(Request request) {
    Response response;
    response.body = std::move(request.body);
    return response;
  }

  static Request with_body(std::string body, std::string_view coding) {
    Request request;
    request.trace_request = "trace-1";
    request.body = std::move(body);
    request.headers.add("Content-Encoding", coding);
    return request;
  }

  BodyBudget budget_{2000};
  std::ostringstream logged_;
  spdlog::logger log_{"test", std::make_shared<spdlog::sinks::ostream_sink_st>(logged_)};
};

TEST_F(AnswerTest, InflatesGzipBodies) {
  EXPECT_EQ(ask(with_body(gzip("[{}]"), "gzip"), echo).body, "[{}]");
  EXPECT_EQ(ask(with_body(gzip("[{}]"), "X-GZip"), echo).body, "[{}]");
}

TEST_F(AnswerTest, LeavesOtherBodiesAlone) {
  EXPECT_EQ(ask(with_body("[]", "br"), echo).body, "[]");
  EXPECT_EQ(ask(with_body("[]", "identity"), echo).body, "[]");
  EXPECT_EQ(ask(with_body("", "gzip"), echo).body, "");
}

TEST_F(AnswerTest, RefusesWhatIsNotGzip) {
  const Response response = ask(with_body("[{}]", "gzip"), echo);
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(response.body.find("json-malformed"), std::string::npos);
}

TEST_F(AnswerTest, RefusesABomb) {
  EXPECT_EQ(ask(with_body(gzip(std::string(1001, 'a')), "gzip"), echo).status, 413);
  EXPECT_EQ(ask(with_body(gzip(std::string(1000, 'a')), "gzip"), echo).status, 200);
}

TEST_F(AnswerTest, InflatedBytesCountAsHeld) {
  BodyLease other(budget_);
  ASSERT_TRUE(other.grow(1500));
  LambdaHandler handler(echo);
  Request request = with_body(gzip(std::string(900, 'a')), "gzip");
  const RequestTraits traits = traits_of(request);
  BodyLease lease(budget_);
  EXPECT_EQ(answer(std::move(request), traits, handler, 1000, lease, log_).status, 503);
  EXPECT_EQ(budget_.taken(), 1500U);
}

TEST_F(AnswerTest, AnExceptionIsA500WithoutItsText) {
  Request request = with_body("secret", "");
  const Response response = ask(std::move(request), [](const Request& given) -> Response {
    throw std::invalid_argument("bad " + given.body);
  });
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body,
            R"({"errors":[{"code":"internal-server-failure","title":"internal server failure",)"
            R"("detail":"Internal server failure","status":"500"}],)"
            R"("meta":{"trace":{"request":"trace-1"}}})");
  EXPECT_EQ(logged_.str(), "exception in handler: type=std::invalid_argument trace=trace-1\n");
}

TEST_F(AnswerTest, EvenAnExceptionOfNoClass) {
  EXPECT_EQ(ask(with_body("", ""), [](const Request&) -> Response { throw 1; }).status, 500);
}

TEST_F(AnswerTest, AStreamThatThrowsHasFailed) {
  TestStream stream({}, TestStream::Ending::kException);
  std::string chunk;
  RequestTraits traits = unknown_traits();
  traits.trace.request = "t";
  EXPECT_EQ(pull(stream, chunk, traits, log_), BodyStream::Next::kFailed);
  EXPECT_EQ(logged_.str(), "exception in body stream: type=std::runtime_error trace=t\n");
}

class FinishTest : public testing::Test {
 protected:
  static RequestTraits traits(Coding coding) {
    RequestTraits traits = unknown_traits();
    traits.coding = coding;
    return traits;
  }
  Response response_ = [] {
    Response response;
    response.headers.add("Content-Type", "text/plain");
    response.body = "hello";
    return response;
  }();
  Cors cors_{{}};
};

TEST_F(FinishTest, CompressesWhatMayBe) {
  finish(response_, traits(Coding::kGzip), cors_);
  EXPECT_EQ(response_.headers.find("Content-Encoding"), "gzip");
  EXPECT_EQ(response_.headers.find("Vary"), "Accept-Encoding");
  EXPECT_EQ(gunzip(response_.body, 100, [](uint64_t) { return true; }), "hello");
}

TEST_F(FinishTest, CompressesAsTheClientLikesBest) {
  finish(response_, traits(Coding::kZstd), cors_);
  EXPECT_EQ(response_.headers.find("Content-Encoding"), "zstd");
  EXPECT_EQ(response_.headers.find("Vary"), "Accept-Encoding");
  EXPECT_EQ(response_.body, zstd("hello"));
}

TEST_F(FinishTest, VariesEvenWhenPlain) {
  finish(response_, traits(Coding::kIdentity), cors_);
  EXPECT_EQ(response_.body, "hello");
  EXPECT_EQ(response_.headers.count("Content-Encoding"), 0U);
  EXPECT_EQ(response_.headers.find("Vary"), "Accept-Encoding");
}

TEST_F(FinishTest, LeavesTheIncompressibleAlone) {
  response_.compressible = false;
  finish(response_, traits(Coding::kGzip), cors_);
  EXPECT_EQ(response_.body, "hello");
  EXPECT_EQ(response_.headers.count("Content-Encoding"), 0U);
  EXPECT_EQ(response_.headers.count("Vary"), 0U);
}

TEST_F(FinishTest, DoesNotCompressTwice) {
  response_.headers.add("Content-Encoding", "zstd");
  finish(response_, traits(Coding::kGzip), cors_);
  EXPECT_EQ(response_.body, "hello");
  EXPECT_EQ(response_.headers.find("Content-Encoding"), "zstd");
}

TEST_F(FinishTest, NothingDescribesABodyThatIsNotThere) {
  response_.body.clear();
  finish(response_, traits(Coding::kGzip), cors_);
  EXPECT_EQ(response_.headers.count("Content-Type"), 0U);
  EXPECT_EQ(response_.headers.count("Content-Encoding"), 0U);
}

TEST_F(FinishTest, SomeStatusesHaveNoBody) {
  response_.status = 204;
  response_.stream = std::make_unique<TestStream>(std::vector<std::string>{"x"});
  finish(response_, traits(Coding::kGzip), cors_);
  EXPECT_EQ(response_.body, "");
  EXPECT_EQ(response_.stream, nullptr);
  EXPECT_EQ(response_.headers.count("Content-Type"), 0U);
}

TEST_F(FinishTest, AddsTraceAndCors) {
  RequestTraits given = traits(Coding::kIdentity);
  given.origin = "https://a.example";
  given.trace = {.request = "r", .session = "s"};
  finish(response_, given, cors_);
  EXPECT_EQ(response_.headers.find("X-Tidepool-Trace-Request"), "r");
  EXPECT_EQ(response_.headers.find("X-Tidepool-Trace-Session"), "s");
  EXPECT_EQ(response_.headers.find("Access-Control-Allow-Origin"), "https://a.example");
}

}  // namespace
}  // namespace tideway::server
