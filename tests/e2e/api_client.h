// What a device or an app does: calls the API over one kept connection, with a session token.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/http.h"

namespace tideway::server {
class Client;
}

namespace tideway::e2e {

struct Reply {
  unsigned status = 0;
  server::Headers headers;
  std::string body;
  bool chunked = false;
};

class ApiClient {
 public:
  explicit ApiClient(uint16_t port);
  ~ApiClient();
  ApiClient(ApiClient&&) noexcept;

  /// The answer; nothing when the connection ended before the end of it. Never sent twice.
  /// `fields` are further header lines, each ending with CR LF; the token is sent by itself.
  std::optional<Reply> try_ask(std::string_view method, std::string_view target,
                               std::string_view body = {}, std::string_view fields = {});

  /// The same where an answer must come; throws without one.
  Reply ask(std::string_view method, std::string_view target, std::string_view body = {},
            std::string_view fields = {});

  /// POST /auth/login; keeps the token and the id of the user when it succeeds.
  Reply log_in(std::string_view email, std::string_view password);

  /// Opens a data set and gives its id; throws unless it is made.
  std::string open_set(std::string_view json);
  Reply add(std::string_view upload_id, std::string_view records);
  Reply close(std::string_view upload_id);
  /// The body of GET /data/{own id}?query; throws unless the status is 200.
  std::string fetch(std::string_view query = {});

  std::string token;    ///< empty: anonymous
  std::string user_id;  ///< of log_in()
  std::string prefix;   ///< before the path of log_in(), open_set(), add(), close(), fetch()

 private:
  uint16_t port_;
  std::unique_ptr<server::Client> connection_;
};

/// "Authorization: Basic …" with its line end.
std::string basic_authorization(std::string_view email, std::string_view password);

/// "Name: value" with its line end.
std::string field(std::string_view name, std::string_view value);

/// The value of a header field, empty when there is none.
std::string value_of(const Reply& reply, std::string_view name);

}  // namespace tideway::e2e
