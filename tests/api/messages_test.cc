// Notes, seen from above the sockets: each row of docs/spec/fetch.md 9.
#include <gmock/gmock.h>

#include "base/time.h"
#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class MessagesApiTest : public ApiFixture {
 protected:
  static std::string message(std::string_view text, std::string_view timestamp) {
    return R"({"message":{"guid":"5b9f2f0e","timestamp":")" + std::string(timestamp) +
           R"(","messagetext":")" + std::string(text) +
           R"(","userid":"someone","groupid":"else","parentmessage":"x"}})";
  }

  std::string send(std::string_view text, std::string_view timestamp) {
    const Response response = ask({"POST", "/message/send/" + user_id_, message(text, timestamp)});
    EXPECT_EQ(response.status, 201) << response.body;
    return id_in(response.body);
  }

  Response get(const std::string& path, std::string query = "") {
    Response response = ask({"GET", "/message/" + path, "", std::move(query)});
    response.body = body_of(response);
    return response;
  }

  static void expect(const Response& response, int status, std::string_view body) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body, body);
    EXPECT_EQ(header(response, "Content-Type"), body.empty() ? "" : "application/json");
  }
};

TEST_F(MessagesApiTest, SentNotesAreListed) {
  const std::string id = send("Changed site", "2024-05-01T15:00:00.000Z");
  EXPECT_EQ(id.size(), 24u);
  const Response list = get("notes/" + user_id_);
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(header(list, "Content-Type"), "application/json");
  EXPECT_THAT(list.body,
              AllOf(StartsWith(R"({"messages":[{"id":")" + id +
                               R"(","guid":"5b9f2f0e","parentmessage":null,"userid":")" + user_id_ +
                               R"(","groupid":")" + user_id_ +
                               R"(","timestamp":"2024-05-01T15:00:00.000Z","createdtime":")"),
                    testing::EndsWith(R"(+00:00","messagetext":"Changed site",)"
                                      R"("user":{"fullName":"Ada Example"}}]})")));
}

TEST_F(MessagesApiTest, ListsByTimeNewestFirst) {
  send("first", "2024-05-01T00:00:00.000Z");
  send("third", "2024-05-03T00:00:00.000Z");
  send("second", "2024-05-02T00:00:00.000Z");
  const std::string all = get("all/" + user_id_).body;
  EXPECT_LT(all.find("third"), all.find("second"));
  EXPECT_LT(all.find("second"), all.find("first"));
  // The start is in the range, the end is not; offsets count.
  const std::string some =
      get("notes/" + user_id_,
          "starttime=2024-05-01T02:00:00+02:00&endtime=2024-05-03T00:00:00.000Z")
          .body;
  EXPECT_THAT(some, AllOf(HasSubstr("first"), HasSubstr("second"), Not(HasSubstr("third"))));
  EXPECT_EQ(get("notes/" + user_id_, "starttime=&endtime=").status, 200);
  expect(get("notes/" + user_id_, "endtime=2024-05-01T00:00:00Z"), 404, R"({"messages":[]})");
}

TEST_F(MessagesApiTest, NoNotesAre404WithAnEmptyList) {
  expect(get("notes/" + user_id_), 404, R"({"messages":[]})");
  expect(get("all/" + user_id_), 404, R"({"messages":[]})");
}

TEST_F(MessagesApiTest, BadBoundsAre400WithoutABody) {
  for (const std::string query : {"starttime=yesterday", "endtime=2024-05-01", "starttime=1"}) {
    expect(get("notes/" + user_id_, query), 400, "");
  }
}

TEST_F(MessagesApiTest, RepliesHangOnTheirNote) {
  const std::string id = send("note", "2024-05-01T00:00:00.000Z");
  send("other", "2024-05-01T00:00:00.000Z");
  const Response replied =
      ask({"POST", "/message/reply/" + id, message("reply", "2024-05-02T00:00:00.000Z")});
  EXPECT_EQ(replied.status, 201);
  const Response reply = get("read/" + id_in(replied.body));
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, AllOf(StartsWith(R"({"message":{"id":)"),
                                HasSubstr(R"("parentmessage":")" + id + '"')));
  EXPECT_THAT(get("thread/" + id).body,
              AllOf(HasSubstr(R"("reply")"), HasSubstr(R"("note")"), Not(HasSubstr("other"))));
  EXPECT_THAT(get("notes/" + user_id_).body, Not(HasSubstr(R"("reply")")));
  EXPECT_THAT(get("all/" + user_id_).body, HasSubstr(R"("reply")"));
  // The reply of a removed note can still be read.
  EXPECT_EQ(ask({"DELETE", "/message/remove/" + id}).status, 202);
  EXPECT_THAT(get("all/" + user_id_).body,
              AllOf(HasSubstr(R"("reply")"), Not(HasSubstr(R"("note")"))));
}

TEST_F(MessagesApiTest, EditsChangeWhatTheyName) {
  const std::string id = send("old", "2024-05-01T00:00:00.000Z");
  expect(ask({"PUT", "/message/edit/" + id, R"({"message":{"messagetext":"new"}})"}), 200, "");
  EXPECT_THAT(get("read/" + id).body, AllOf(HasSubstr(R"("messagetext":"new")"),
                                            HasSubstr(R"("timestamp":"2024-05-01T00:00:00.000Z")"),
                                            Not(HasSubstr("modifiedtime"))));
  expect(ask({"PUT", "/message/edit/" + id, R"({"message":{"timestamp":"2024-06-01"}})"}), 200, "");
  EXPECT_THAT(get("read/" + id).body, HasSubstr(R"("timestamp":"2024-06-01")"));
  expect(ask({"PUT", "/message/edit/" + id, R"({"message":{"guid":"x"}})"}), 400,
         R"("{\"edited\":\"either messagetext or timestamp is required\"}")");
}

TEST_F(MessagesApiTest, MissingMembersAreNamed) {
  expect(ask({"POST", "/message/send/" + user_id_,
              R"({"message":{"timestamp":"t","messagetext":"x"}})"}),
         400, R"("{\"guid\":\"property is required\"}")");
  const std::string all =
      R"("{\"guid\":\"property is required\",\"timestamp\":\"property is required\",)"
      R"(\"messagetext\":\"property is required\"}")";
  for (const std::string body :
       {"", "{}", "[]", R"({"message":null})", R"({"message":{"guid":"","timestamp":7}})"}) {
    expect(ask({"POST", "/message/send/" + user_id_, body}), 400, all);
  }
  const Response malformed = ask({"POST", "/message/send/" + user_id_, "{"});
  EXPECT_EQ(malformed.status, 400);
  EXPECT_THAT(malformed.body, StartsWith(R"({"code":"InvalidContent","message":"Invalid JSON: )"));
  expect(get("all/" + user_id_), 404, R"({"messages":[]})");
}

TEST_F(MessagesApiTest, LongNamesAreRefused) {
  expect(ask({"POST", "/message/send/" + user_id_, message("x", std::string(257, '2'))}), 400,
         R"("{\"timestamp\":\"property is longer than 256 bytes\"}")");
  EXPECT_EQ(send("x", std::string(256, '2')).size(), 24u);
}

TEST_F(MessagesApiTest, NeedsATokenOfSomebodyWhoMay) {
  const std::string id = send("note", "2024-05-01T00:00:00.000Z");
  const std::vector<Asked> all = {{"GET", "/message/notes/" + user_id_},
                                  {"GET", "/message/all/" + user_id_},
                                  {"GET", "/message/thread/" + id},
                                  {"GET", "/message/read/" + id},
                                  {"POST", "/message/send/" + user_id_, message("m", "t")},
                                  {"POST", "/message/reply/" + id, message("m", "t")},
                                  {"PUT", "/message/edit/" + id, message("m", "t")},
                                  {"DELETE", "/message/remove/" + id}};
  for (const Asked& asked : all) {
    expect(ask_as({}, asked), 401,
           R"("Session token must be set on header[x-tidepool-session-token]")");
    expect(ask_as({{"X-Tidepool-Session-Token", "bad"}}, asked), 401, R"("Invalid Token")");
    expect(ask_as(as_stranger_, asked), 401, R"("Unauthorized")");
    // A service has no right of its own.
    expect(ask_as({{"X-Tidepool-Session-Token", tokens_->issue("tideway", true, 60)}}, asked), 401,
           R"("Unauthorized")");
  }
  EXPECT_EQ(get("read/" + id).status, 200);
}

TEST_F(MessagesApiTest, AnUnknownNoteIs404BeforeAnythingElse) {
  const std::string id = send("note", "2024-05-01T00:00:00.000Z");
  ask({"DELETE", "/message/remove/" + id});
  for (const std::string& unknown :
       {id, std::string("0123456789abcdef01234567"), std::string("malformed")}) {
    for (const std::string method_and_path :
         {"GET /message/read/", "GET /message/thread/", "POST /message/reply/",
          "PUT /message/edit/", "DELETE /message/remove/"}) {
      const size_t space = method_and_path.find(' ');
      const Asked asked{method_and_path.substr(0, space),
                        method_and_path.substr(space + 1) + unknown, "{}"};
      expect(ask(asked), 404, R"({"message":{}})");
      expect(ask_as(as_stranger_, asked), 404, R"({"message":{}})");
    }
  }
}

TEST_F(MessagesApiTest, AFailingStoreIs500WithoutABody) {
  const std::string id = send("note", "2024-05-01T00:00:00.000Z");
  store_.fail_updates = true;
  expect(ask({"POST", "/message/send/" + user_id_, message("m", "t")}), 500, "");
  expect(ask({"DELETE", "/message/remove/" + id}), 500, "");
  store_.fail_reads = true;
  expect(get("notes/" + user_id_), 500, "");
  expect(get("read/" + id), 500, "");
}

TEST_F(MessagesApiTest, TellsItsHealth) { EXPECT_EQ(get("status").status, 200); }

}  // namespace
}  // namespace tideway::api
