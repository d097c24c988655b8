// Blobs and device logs, seen from above the sockets: each row of docs/spec/fetch.md 11.
#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "api/blob_headers.h"
#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

const HeaderList kText = {{"Content-Type", "text/plain"}};
constexpr std::string_view kHelloMd5 = "XUFAKrxLKna5cZ2REBfFkg==";

std::string simple_error(std::string_view code, std::string_view title, std::string_view detail) {
  return R"({"code":")" + std::string(code) + R"(","title":")" + std::string(title) +
         R"(","detail":")" + std::string(detail) + "\"}\n";
}
const std::string kUnauthorized =
    simple_error("unauthorized", "authentication token is not authorized for requested action",
                 "authentication token is not authorized for requested action");

class BlobsApiTest : public ApiFixture {
 protected:
  static void expect(const Response& response, int status, std::string_view body) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body, body);
  }

  Response create_blob(HeaderList headers = kText, std::string content = "hello") {
    return ask({"POST", blobs(), std::move(content), "", std::move(headers)});
  }

  HeaderList log_headers(std::string start = "2024-05-01T10:00:00Z",
                         std::string end = "2024-05-01T11:00:00Z") {
    return {{"Content-Type", "application/json"},
            {"Digest", "MD5=" + std::string(kHelloMd5)},
            {"X-Logs-Start-At-Time", std::move(start)},
            {"X-Logs-End-At-Time", std::move(end)}};
  }
  std::string create_log(std::string start = "2024-05-01T10:00:00Z",
                         std::string end = "2024-05-01T11:00:00Z") {
    const Response response =
        ask({"POST", logs(), "hello", "", log_headers(std::move(start), std::move(end))});
    EXPECT_EQ(response.status, 201) << response.body;
    return id_in(response.body);
  }

  std::string blobs() const { return "/v1/users/" + user_id_ + "/blobs"; }
  std::string logs() const { return "/v1/users/" + user_id_ + "/device_logs"; }
};

// --- blobs -------------------------------------------------------------------------------------

TEST_F(BlobsApiTest, ABlobIsStoredAndReadBack) {
  const Response made = create_blob(
      {{"Content-Type", "text/plain; charset=utf-8"}, {"Digest", "MD5=" + std::string(kHelloMd5)}});
  EXPECT_EQ(made.status, 201);
  const std::string id = id_in(made.body);
  EXPECT_THAT(made.body,
              MatchesRegex(R"(\{"id":"[0-9a-f]{32}","userId":")" + user_id_ +
                           R"(","digestMD5":"XUFAKrxLKna5cZ2REBfFkg==",)"
                           R"("mediaType":"text/plain; charset=utf-8","size":5,)"
                           R"("status":"available","createdTime":"[^"]+Z","revision":0\})"
                           "\n"));
  expect(ask_as(as_service_, {"GET", "/v1/blobs/" + id}), 200, made.body);
  Response content = ask_as(as_service_, {"GET", "/v1/blobs/" + id + "/content"});
  EXPECT_EQ(content.status, 200);
  EXPECT_EQ(header(content, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(header(content, "Digest"), "MD5=XUFAKrxLKna5cZ2REBfFkg==");
  EXPECT_EQ(header(content, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header(content, "Content-Disposition"), "attachment");
  EXPECT_FALSE(content.compressible);
  EXPECT_EQ(body_of(content), "hello");
}

TEST_F(BlobsApiTest, TheHeadersOfABlobAreChecked) {
  const auto missing =
      simple_error("header-missing", "header is missing", R"(header \"Content-Type\" is missing)");
  expect(create_blob({}), 400, missing);
  for (const std::string bad : {"text/", "/plain", "text plain", "text/plain; x", "a/b; c=\"d"}) {
    expect(create_blob({{"Content-Type", bad}}), 400,
           simple_error("header-invalid", "header is invalid",
                        R"(header \"Content-Type\" is invalid)"));
  }
  expect(
      create_blob({{"Content-Type", "a/b"}, {"Content-Type", "a/b"}}), 400,
      simple_error("header-invalid", "header is invalid", R"(header \"Content-Type\" is invalid)"));
  for (const std::string bad : {"null", "MD5=", "MD5=abc", "SHA=XUFAKrxLKna5cZ2REBfFkg=="}) {
    expect(create_blob({{"Content-Type", "a/b"}, {"Digest", bad}}), 400,
           simple_error("header-invalid", "header is invalid", R"(header \"Digest\" is invalid)"));
  }
  EXPECT_EQ(ask_as(as_service_, {"GET", blobs()}).body, "[]\n");
}

TEST_F(BlobsApiTest, OtherContentThanItsDigestIsNotStored) {
  expect(create_blob({{"Content-Type", "a/b"}, {"Digest", "MD5=1B2M2Y8AsgTpgAmY7PhCfg=="}}), 400,
         R"({"code":"digests-not-equal","title":"digests not equal",)"
         R"("detail":"digest \"1B2M2Y8AsgTpgAmY7PhCfg==\" does not equal calculated digest )"
         R"(\"XUFAKrxLKna5cZ2REBfFkg==\"","source":{"pointer":"/digestMD5"}})"
         "\n");
  EXPECT_EQ(ask_as(as_service_, {"GET", blobs()}).body, "[]\n");
}

TEST_F(BlobsApiTest, MoreThanAHundredMebibytesAreTooMuch) {
  EXPECT_EQ(application_->body_size_bytes_max("POST", blobs()), 104'857'600u);
  EXPECT_EQ(application_->body_size_bytes_max("POST", logs()), 104'857'600u);
  EXPECT_TRUE(application_->receives_body("POST", blobs()));
  EXPECT_FALSE(application_->receives_body("GET", blobs()));
  EXPECT_EQ(create_blob(kText, std::string(104'857'601, 'x')).status, 413);
}

TEST_F(BlobsApiTest, WhoMayDoWhatWithBlobs) {
  const std::string id = id_in(create_blob().body);
  const std::string other = "/v1/users/ffffffffff/blobs";
  EXPECT_EQ(ask_as(as_service_, {"POST", blobs(), "x", "", kText}).status, 201);
  expect(ask({"POST", other, "x", "", kText}), 403, kUnauthorized);
  expect(ask_as({}, {"POST", blobs(), "x", "", kText}), 403, kUnauthorized);
  // Path and headers come first.
  EXPECT_EQ(ask_as({}, {"POST", blobs(), "x"}).status, 400);
  for (const HeaderList& who : {as_user_, HeaderList{}}) {
    expect(ask_as(who, {"GET", blobs()}), 403, kUnauthorized);
    expect(ask_as(who, {"DELETE", blobs()}), 403, kUnauthorized);
    expect(ask_as(who, {"GET", "/v1/blobs/" + id}), 403, kUnauthorized);
    expect(ask_as(who, {"GET", "/v1/blobs/" + id + "/content"}), 403, kUnauthorized);
    expect(ask_as(who, {"DELETE", "/v1/blobs/" + id}), 403, kUnauthorized);
  }
  EXPECT_EQ(ask_as(as_service_, {"GET", "/v1/blobs/" + id}).status, 200);
}

TEST_F(BlobsApiTest, IdsAreChecked) {
  const auto invalid = [](std::string_view name) {
    return simple_error("parameter-invalid", "parameter is invalid",
                        "parameter \\\"" + std::string(name) + "\\\" is invalid");
  };
  expect(ask_as({}, {"POST", "/v1/users/NOBODY/blobs", "x", "", kText}), 400, invalid("userId"));
  expect(ask_as(as_service_, {"GET", "/v1/users/NOBODY/blobs"}), 400, invalid("userId"));
  expect(ask({"POST", "/v1/users/NOBODY/device_logs", "x"}), 400, invalid("userId"));
  for (const std::string id : {"x", "%2f%2fetc%2fpasswd", "0123456789ABCDEF0123456789abcdef"}) {
    expect(ask_as(as_service_, {"GET", "/v1/blobs/" + id}), 400, invalid("id"));
    expect(ask_as(as_service_, {"DELETE", "/v1/blobs/" + id}), 400, invalid("id"));
    expect(ask({"GET", "/v1/device_logs/" + id + "/content"}), 400, invalid("id"));
  }
  const std::string unknown(32, 'z');
  expect(ask_as(as_service_, {"GET", "/v1/blobs/" + unknown}), 404,
         simple_error("resource-not-found", "resource not found",
                      R"(resource with id \")" + unknown + R"(\" not found)"));
}

TEST_F(BlobsApiTest, ListsAreFiltered) {
  const std::string text = id_in(create_blob().body);
  const std::string image = id_in(create_blob({{"Content-Type", "image/png"}}).body);
  const auto list = [&](std::string query) {
    return ask_as(as_service_, {"GET", blobs(), "", std::move(query)});
  };
  EXPECT_THAT(list("").body, AllOf(HasSubstr(text), HasSubstr(image)));
  EXPECT_THAT(list("mediaType=image/png,a/b").body, AllOf(Not(HasSubstr(text)), HasSubstr(image)));
  EXPECT_THAT(list("mediaType=a/b&mediaType=image/png").body, HasSubstr(image));
  EXPECT_EQ(list("status=created").body, "[]\n");
  EXPECT_THAT(list("status=created,available").body, HasSubstr(text));
  EXPECT_EQ(list("page=1&size=2").body, "[]\n");
  EXPECT_THAT(list("status=gone").body, HasSubstr(R"({"parameter":"status"})"));
  EXPECT_THAT(list("mediaType=").body, StartsWith(R"({"code":"value-empty")"));
  EXPECT_THAT(list("mediaType=a%20b").body,
              HasSubstr(R"(value \"a b\" is not valid as media type)"));
  EXPECT_EQ(list("size=1001").status, 400);
  EXPECT_THAT(list("unknown=1").body, StartsWith(R"({"code":"not-parsed")"));
}

TEST_F(BlobsApiTest, DeletedBlobsAreGone) {
  const std::string id = id_in(create_blob().body);
  expect(ask_as(as_service_, {"DELETE", "/v1/blobs/" + id, "", "revision=7"}), 404,
         simple_error("resource-not-found", "resource not found",
                      R"(revision 7 of resource with id \")" + id + R"(\" not found)"));
  expect(ask_as(as_service_, {"DELETE", "/v1/blobs/" + id, "", "revision=0"}), 204, "");
  EXPECT_EQ(ask_as(as_service_, {"GET", "/v1/blobs/" + id}).status, 404);
  EXPECT_EQ(ask_as(as_service_, {"GET", "/v1/blobs/" + id + "/content"}).status, 404);
  EXPECT_EQ(ask_as(as_service_, {"DELETE", "/v1/blobs/" + id}).status, 404);
  create_blob();
  create_blob();
  expect(ask_as(as_service_, {"DELETE", blobs()}), 204, "");
  EXPECT_EQ(ask_as(as_service_, {"GET", blobs()}).body, "[]\n");
}

TEST_F(BlobsApiTest, AFailingStoreIsAnInternalError) {
  const std::string internal =
      simple_error("internal-server-error", "internal server error", "internal server error");
  store_.fail_updates = true;
  expect(create_blob(), 500, internal);
  store_.fail_updates = false;
  EXPECT_EQ(ask_as(as_service_, {"GET", blobs()}).body, "[]\n");
  store_.fail_reads = true;
  expect(ask_as(as_service_, {"GET", blobs()}), 500, internal);
}

// --- device logs -------------------------------------------------------------------------------

TEST_F(BlobsApiTest, ALogIsStoredAndReadBack) {
  const Response made =
      ask({"POST", logs(), "hello", "", log_headers("2024-05-01T10:00:00.5+02:00")});
  EXPECT_EQ(made.status, 201);
  const std::string id = id_in(made.body);
  EXPECT_THAT(made.body,
              MatchesRegex(R"(\{"id":"[0-9a-f]{32}","userId":")" + user_id_ +
                           R"(","digestMD5":"XUFAKrxLKna5cZ2REBfFkg==",)"
                           R"("mediaType":"application/json","size":5,"createdTime":"[^"]+Z",)"
                           R"("startAtTime":"2024-05-01T10:00:00.5\+02:00",)"
                           R"("endAtTime":"2024-05-01T11:00:00Z","revision":0\})"
                           "\n"));
  expect(ask({"GET", "/v1/device_logs/" + id}), 200, made.body);
  Response content = ask({"GET", "/v1/device_logs/" + id + "/content"});
  EXPECT_EQ(content.status, 200);
  EXPECT_EQ(header(content, "Content-Type"), "application/json");
  EXPECT_EQ(header(content, "Digest"), "MD5=XUFAKrxLKna5cZ2REBfFkg==");
  EXPECT_EQ(header(content, "Start-At"), "2024-05-01T10:00:00.5+02:00");
  EXPECT_EQ(header(content, "End-At"), "2024-05-01T11:00:00Z");
  EXPECT_EQ(body_of(content), "hello");
  // It is no blob, and no blob is a log.
  EXPECT_EQ(ask_as(as_service_, {"GET", "/v1/blobs/" + id}).status, 404);
  EXPECT_EQ(ask_as(as_service_, {"GET", "/v1/device_logs/" + id_in(create_blob().body)}).status,
            404);
}

TEST_F(BlobsApiTest, ALogNeedsAllItsHeaders) {
  const HeaderList all = log_headers();
  for (size_t left_out = 0; left_out < all.size(); ++left_out) {
    HeaderList headers = all;
    headers.erase(headers.begin() + static_cast<std::ptrdiff_t>(left_out));
    expect(ask({"POST", logs(), "hello", "", headers}), 400,
           simple_error("header-missing", "header is missing",
                        R"(header \")" + all[left_out].first + R"(\" is missing)"));
  }
  expect(ask({"POST", logs(), "hello", "", log_headers("2024-05-01")}), 400,
         simple_error("header-invalid", "header is invalid",
                      R"(header \"X-Logs-Start-At-Time\" is invalid)"));
  EXPECT_THAT(ask({"POST", logs(), "other", "", all}).body, HasSubstr("digests-not-equal"));
  EXPECT_EQ(ask({"GET", logs()}).body, "[]\n");
}

TEST_F(BlobsApiTest, LogsAreListedByWhatTheyCover) {
  const std::string early = create_log();
  // The order of two that are created in the same millisecond is open.
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const std::string late = create_log("2024-05-02T10:00:00Z", "2024-05-02T11:00:00Z");
  const auto list = [&](std::string query) {
    return ask({"GET", logs(), "", std::move(query)}).body;
  };
  EXPECT_LT(list("").find(late), list("").find(early)) << "newest first";
  EXPECT_THAT(list("startAtTime=2024-05-01T10:00:00Z"), AllOf(HasSubstr(early), HasSubstr(late)));
  EXPECT_THAT(list("startAtTime=2024-05-01T10:00:00.001Z"), Not(HasSubstr(early)));
  EXPECT_THAT(list("endAtTime=2024-05-01T11:00:00.001Z"),
              AllOf(HasSubstr(early), Not(HasSubstr(late))));
  EXPECT_EQ(list("endAtTime=2024-05-01T11:00:00Z"), "[]\n");
  EXPECT_THAT(list("startAtTime=now"), StartsWith(R"({"code":"value-not-parsable")"));
  EXPECT_THAT(list("size=1"), Not(HasSubstr(early)));
}

TEST_F(BlobsApiTest, WhoMayDoWhatWithLogs) {
  const std::string id = create_log();
  const std::string log = "/v1/device_logs/" + id;
  expect(ask_as(as_stranger_, {"POST", logs(), "hello", "", log_headers()}), 403, "");
  expect(ask_as(as_stranger_, {"POST", logs(), "hello"}), 403, "");
  expect(ask_as(as_stranger_, {"GET", logs()}), 403, "");
  expect(ask_as(as_stranger_, {"GET", log}), 403, kUnauthorized);
  EXPECT_EQ(ask_as(as_stranger_, {"GET", log + "/content"}).status, 404);
  EXPECT_EQ(ask_as({}, {"POST", logs(), "hello"}).status, 401);
  EXPECT_EQ(ask_as({}, {"GET", logs()}).status, 401);
  expect(ask_as({}, {"GET", log}), 403, kUnauthorized);
  EXPECT_EQ(ask_as({}, {"GET", log + "/content"}).status, 401);
  EXPECT_EQ(ask_as(as_service_, {"GET", log}).status, 200);
  EXPECT_EQ(ask_as(as_service_, {"POST", logs(), "hello", "", log_headers()}).status, 201);
}

TEST(MediaType, HasTheFormOfMime) {
  for (const std::string_view good :
       {"text/plain", "text", "application/vnd.x+json; a=b; c=\"d;e\"", "a/b;", "a/b ; c=d"}) {
    EXPECT_TRUE(is_media_type(good)) << good;
  }
  for (const std::string_view bad : {"", "a/b c", "a/b; =d", "a/b\r\nX: y", "ä/b"}) {
    EXPECT_FALSE(is_media_type(bad)) << bad;
  }
  EXPECT_FALSE(is_media_type("a/" + std::string(255, 'b')));
}

}  // namespace
}  // namespace tideway::api
