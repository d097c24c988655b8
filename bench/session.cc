#include "bench/session.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "bench/fail.h"

namespace tideway::bench {
namespace {

void expect(const Answer& answer, unsigned status, std::string_view what) {
  if (answer.status == status) return;
  fail(fmt::format("{}: status {} instead of {}: {}", what, answer.status, status,
                   answer.body().substr(0, 1000)));
}

}  // namespace

const std::string_view kNormalSet =
    R"({"type":"upload","dataSetType":"normal","deviceId":"DexG6Rec_8HT0421337",)"
    R"("deviceManufacturers":["Dexcom"],"deviceModel":"G6","deviceSerialNumber":"421337",)"
    R"("deviceTags":["cgm"],"time":"2026-02-14T09:31:07Z","timezone":"Europe/Berlin",)"
    R"("timezoneOffset":60,"version":"2.64.0",)"
    R"("deduplicator":{"name":"org.tidepool.deduplicator.device.deactivate.hash"}})";

const std::string_view kContinuousSet =
    R"({"type":"upload","dataSetType":"continuous","deviceId":"DexG6Rec_8HT0421337",)"
    R"("client":{"name":"org.example.bench","version":"1.0.0"},)"
    R"("deduplicator":{"name":"org.tidepool.deduplicator.dataset.delete.origin"}})";

std::string Account::fields() const {
  return fmt::format("X-Tidepool-Session-Token: {}\r\nContent-Type: application/json\r\n", token);
}

std::string service_token(HttpClient& client) {
  const Answer& answer =
      client.send("POST", "/auth/serverlogin",
                  fmt::format("X-Tidepool-Server-Name: bench\r\nX-Tidepool-Server-Secret: {}\r\n",
                              kServiceSecret));
  expect(answer, 200, "login of a service");
  return std::string(answer.field("x-tidepool-session-token"));
}

Account create_account(HttpClient& client, std::string_view email) {
  const Answer& answer = client.send(
      "POST", "/auth/user", "Content-Type: application/json\r\n",
      fmt::format(R"({{"username":"{0}","emails":["{0}"],"password":"for-benchmarks"}})", email));
  expect(answer, 201, "new account");
  simdjson::dom::parser parser;
  const std::string body = answer.body();
  return {.user_id = std::string(parser.parse(body)["userid"].get_string().value()),
          .token = std::string(answer.field("x-tidepool-session-token"))};
}

size_t count_elements(std::string_view fetched) {
  constexpr std::string_view kBegin = "\n{";
  size_t count = 0;
  for (size_t at = fetched.find(kBegin); at != fetched.npos; at = fetched.find(kBegin, at + 1)) {
    ++count;
  }
  return count;
}

Session::Session(HttpClient& client, const Account& account)
    : client_(client), user_id_(account.user_id), fields_(account.fields()) {}

const Answer& Session::ask(std::string_view method, const std::string& target,
                           std::string_view body, unsigned status) {
  const Answer& answer = client_.send(method, target, fields_, body);
  expect(answer, status, target);
  return answer;
}

std::string Session::open_set(std::string_view set) {
  const Answer& answer = ask("POST", fmt::format("/v1/users/{}/datasets", user_id_), set, 201);
  simdjson::dom::parser parser;
  const std::string body = answer.body();
  return std::string(parser.parse(body)["data"]["uploadId"].get_string().value());
}

double Session::add(std::string_view upload_id, std::string_view records) {
  return ask("POST", fmt::format("/v1/datasets/{}/data", upload_id), records, 200).seconds;
}

void Session::close(std::string_view upload_id) {
  ask("PUT", fmt::format("/v1/datasets/{}", upload_id), R"({"dataState":"closed"})", 200);
}

const Answer& Session::fetch(std::string_view query) {
  return ask("GET", fmt::format("/data/{}{}", user_id_, query), {}, 200);
}

}  // namespace tideway::bench
