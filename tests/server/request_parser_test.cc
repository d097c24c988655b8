#include "server/request_parser.h"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <cstring>

namespace tideway::server {
namespace {

using Status = RequestParser::Status;

/// A parser and what has been received for it.
class Parsing {
 public:
  explicit Parsing(uint32_t header_size_bytes_max = 4096) : parser(header_size_bytes_max) {}

  void receive(std::string_view bytes) {
    const auto space = buffer.prepare(bytes.size());
    std::memcpy(space.data(), bytes.data(), bytes.size());
    buffer.commit(bytes.size());
  }
  Status head(std::string_view bytes) {
    receive(bytes);
    return parser.parse_head(buffer);
  }
  Status body(std::string_view bytes) {
    receive(bytes);
    return parser.parse_body(buffer);
  }

  RequestParser parser;
  boost::beast::flat_buffer buffer;
};

std::string get(std::string_view fields) {
  return "GET /p?q HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n";
}

TEST(RequestParser, ReadsAHead) {
  Parsing parsing;
  ASSERT_EQ(
      parsing.head("pOst /v1/a%2Fb?x=1&y?=2 HTTP/1.1\r\nHost: h\r\nX-A:  1 \r\nx-a: 2\r\n\r\n"),
      Status::kDone);
  const Request& request = parsing.parser.request();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/v1/a%2Fb");
  EXPECT_EQ(request.query, "x=1&y?=2");
  EXPECT_EQ(request.headers.count("X-A"), 2U);
  EXPECT_EQ(request.headers.find("X-A"), "1");
  EXPECT_TRUE(parsing.parser.is_http11());
  EXPECT_TRUE(parsing.parser.wants_keep_alive());
  EXPECT_FALSE(parsing.parser.has_body());
}

TEST(RequestParser, ReadsByteByByte) {
  Parsing parsing;
  const std::string head = "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (size_t i = 0; i + 1 < head.size(); ++i) {
    ASSERT_EQ(parsing.head(head.substr(i, 1)), Status::kNeedsMore) << i;
  }
  ASSERT_EQ(parsing.head("\n"), Status::kDone);
  const std::string body = "3;ext=1\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nTrailer: x\r\n\r\n";
  for (size_t i = 0; i + 1 < body.size(); ++i) {
    ASSERT_EQ(parsing.body(body.substr(i, 1)), Status::kNeedsMore) << i;
  }
  ASSERT_EQ(parsing.body("\n"), Status::kDone);
  EXPECT_EQ(parsing.parser.request().body, "abc0123456789abcdef");
  EXPECT_EQ(parsing.parser.request().headers.count("Trailer"), 0U);
}

TEST(RequestParser, LeavesTheNextRequestInTheBuffer) {
  Parsing parsing;
  ASSERT_EQ(parsing.head("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /2"),
            Status::kDone);
  ASSERT_EQ(parsing.body(""), Status::kDone);
  EXPECT_EQ(parsing.parser.request().body, "abc");
  EXPECT_EQ(parsing.buffer.size(), 6U);
}

TEST(RequestParser, KnowsOldAndClosingClients) {
  Parsing old;
  ASSERT_EQ(old.head("GET / HTTP/1.0\r\n\r\n"), Status::kDone);  // no Host needed
  EXPECT_FALSE(old.parser.is_http11());
  EXPECT_FALSE(old.parser.wants_keep_alive());
  Parsing kept;
  ASSERT_EQ(kept.head("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), Status::kDone);
  EXPECT_TRUE(kept.parser.wants_keep_alive());
  Parsing closing;
  ASSERT_EQ(closing.head(get("Connection: Close\r\n")), Status::kDone);
  EXPECT_FALSE(closing.parser.wants_keep_alive());
}

TEST(RequestParser, LimitsTheHeadAsAWhole) {
  const std::string exact = get("A: " + std::string(100, 'a') + "\r\n");
  const auto limit = static_cast<uint32_t>(exact.size());
  EXPECT_EQ(Parsing(limit).head(exact), Status::kDone);
  EXPECT_EQ(Parsing(limit - 1).head(exact), Status::kHeadTooLarge);
  // Also when its end has not been seen.
  EXPECT_EQ(Parsing(100).head("GET /" + std::string(200, 'a')), Status::kHeadTooLarge);
  Parsing slow(200);
  EXPECT_EQ(slow.head("GET / HTTP/1.1\r\nA: " + std::string(150, 'a') + "\r\n"),
            Status::kNeedsMore);
  EXPECT_EQ(slow.head("B: " + std::string(100, 'a')), Status::kHeadTooLarge);
}

TEST(RequestParser, TakesLongValuesWithinTheLimit) {
  Parsing parsing(1 << 20);
  const std::string value(200'000, 'v');
  ASSERT_EQ(parsing.head(get("A: " + value + "\r\n")), Status::kDone);
  EXPECT_EQ(parsing.parser.request().headers.find("A"), value);
}

TEST(RequestParser, LimitsChunkedBodies) {
  Parsing exact;
  ASSERT_EQ(exact.head(get("Transfer-Encoding: chunked\r\n")), Status::kDone);
  exact.parser.limit_body(6);
  EXPECT_EQ(exact.body("3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n"), Status::kDone);
  Parsing more;
  ASSERT_EQ(more.head(get("Transfer-Encoding: chunked\r\n")), Status::kDone);
  more.parser.limit_body(5);
  // Known from the chunk's size alone.
  EXPECT_EQ(more.body("3\r\nabc\r\n3\r\n"), Status::kBodyTooLarge);
}

TEST(RequestParser, DoesNotBufferEndlessChunkHeaders) {
  Parsing parsing;
  ASSERT_EQ(parsing.head(get("Transfer-Encoding: chunked\r\n")), Status::kDone);
  EXPECT_EQ(parsing.body("3;" + std::string(70'000, 'x')), Status::kMalformed);
}

TEST(RequestParser, Announces) {
  Parsing parsing;
  ASSERT_EQ(parsing.head(get("Content-Length: 18446744073709551615\r\nExpect: 100-Continue\r\n")),
            Status::kDone);
  EXPECT_EQ(parsing.parser.announced_size_bytes(), ~0ULL);
  EXPECT_TRUE(parsing.parser.expects_continue());
  EXPECT_TRUE(parsing.parser.has_body());
  Parsing plain;
  ASSERT_EQ(plain.head(get("")), Status::kDone);
  EXPECT_EQ(plain.parser.announced_size_bytes(), std::nullopt);
  EXPECT_FALSE(plain.parser.expects_continue());
}

class MalformedHead : public testing::TestWithParam<std::string> {};

TEST_P(MalformedHead, IsRefused) { EXPECT_EQ(Parsing().head(GetParam()), Status::kMalformed); }

INSTANTIATE_TEST_SUITE_P(
    All, MalformedHead,
    testing::Values("GET / HTTP/1.1\r\n\r\n",                        // no Host
                    "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",  // two
                    "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
                    "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET p HTTP/1.1\r\nHost: a\r\n\r\n",
                    "\x16\x03\x01\x02\x01 tls hello\r\n\r\n", get("A b: c\r\n"), get("A : c\r\n"),
                    get("A: \x01\r\n"), get(": c\r\n"), get("Content-Length: x\r\n"),
                    get("Content-Length: -1\r\n"),
                    get("Content-Length: 1\r\nContent-Length: 2\r\n"),
                    // Ways to hide one request in another.
                    get("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
                    get("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"),
                    get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                    get("Transfer-Encoding: xchunked\r\nContent-Length: 1\r\n"),
                    get("Transfer-Encoding: chunked, identity\r\n"),
                    get("Transfer-Encoding: gzip, chunked\r\n"), get("Transfer-Encoding: \r\n"),
                    "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"));

TEST(RequestParser, RefusesBrokenChunks) {
  for (const char* body : {"x\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3 3\r\nabc", "\r\n", "-1\r\n"}) {
    Parsing parsing;
    ASSERT_EQ(parsing.head(get("Transfer-Encoding: chunked\r\n")), Status::kDone);
    EXPECT_EQ(parsing.body(body), Status::kMalformed) << body;
  }
}

TEST(SplitTarget, TakesPathsUrlsAndTheStar) {
  const auto split = [](std::string_view target) {
    std::string path;
    std::string query;
    return split_target(target, path, query) ? path + " " + query : std::string("refused");
  };
  EXPECT_EQ(split("/"), "/ ");
  EXPECT_EQ(split("/a?b?c"), "/a b?c");
  EXPECT_EQ(split("/a?"), "/a ");
  EXPECT_EQ(split("http://host:80/a/b?c"), "/a/b c");
  EXPECT_EQ(split("HTTPS://host"), "/ ");
  EXPECT_EQ(split("http://host?q=/x"), "/ q=/x");
  EXPECT_EQ(split("*"), "* ");
  EXPECT_EQ(split("host:443"), "refused");
  EXPECT_EQ(split("?a"), "refused");
  EXPECT_EQ(split("ftp://host/a"), "refused");
}

}  // namespace
}  // namespace tideway::server
