// A logged-in user who uploads and fetches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/http_client.h"

namespace tideway::bench {

/// Made once and used by many sessions: whatever touches a password takes a while, on purpose.
struct Account {
  std::string user_id;
  std::string token;

  /// The header fields of its requests, as whole lines.
  std::string fields() const;
};

/// A data set of org.tidepool.deduplicator.device.deactivate.hash, and a continuous one of
/// org.tidepool.deduplicator.dataset.delete.origin.
extern const std::string_view kNormalSet;
extern const std::string_view kContinuousSet;

/// What services know of the server under test.
inline constexpr std::string_view kServiceSecret = "for-benchmarks-only";

/// The token of a service, with which it reads and writes for every user.
std::string service_token(HttpClient& client);

/// Needs a server that lets anybody create accounts.
Account create_account(HttpClient& client, std::string_view email);

/// How many records and data sets a fetched body holds: each begins a line of its own.
size_t count_elements(std::string_view fetched);

/// Ends the program when an answer is not the one to be expected.
class Session {
 public:
  Session(HttpClient& client, const Account& account);

  /// Opens a data set and gives its id.
  std::string open_set(std::string_view set = kNormalSet);
  /// Gives the seconds that it took.
  double add(std::string_view upload_id, std::string_view records);
  void close(std::string_view upload_id);
  /// GET /data/{user}?query; the answer lives until the next call.
  const Answer& fetch(std::string_view query);

 private:
  const Answer& ask(std::string_view method, const std::string& target, std::string_view body,
                    unsigned status);

  HttpClient& client_;
  std::string user_id_;
  std::string fields_;
};

}  // namespace tideway::bench
