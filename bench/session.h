// A logged-in user who uploads and fetches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/http_client.h"

namespace tideway::bench {

struct Account {
  std::string email;
  std::string password;
  std::string user_id;
  std::string token = {};  ///< of the last log_in()
};

/// Keeps the token in the account: checking a password takes a while, on purpose.
void log_in(HttpClient& client, Account& account);

/// Ends the program when an answer is not the one to be expected.
class Session {
 public:
  Session(HttpClient& client, const Account& account);

  /// Opens a data set of device.deactivate.hash and gives its id.
  std::string open_set();
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
