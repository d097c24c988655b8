// What a handler sees of HTTP: plain values, no sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tideway::server {

/// Header fields in the order received. Names compare without regard to case.
class Headers {
 public:
  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  ///< replaces every field of that name
  void remove(std::string_view name);

  size_t count(std::string_view name) const;                          ///< number of header lines
  std::optional<std::string_view> find(std::string_view name) const;  ///< the first one

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// What a handler found out about a request that its response does not say. For the audit log.
struct Notes {
  std::string who;    ///< "user:<id>", "service", "service:<name>"; empty: a stranger
  std::string whose;  ///< the user whose data it is about, where the path does not name one
};

struct Request {
  std::string method;  ///< upper case
  std::string path;    ///< percent-encoded as sent, without query; the server leaves a leading
                       ///< /dataservices in place for Router::find, handlers do not see it
  std::string query;   ///< behind the '?', as sent
  Headers headers;
  std::string body;
  std::string peer_address;    ///< of the connection; "uid:1000" of a Unix socket
  std::string client_address;  ///< of who sent it: the peer, or whom a trusted proxy names
  bool https = false;          ///< whether it came over TLS, to us or to a trusted proxy
  std::string trace_request;
  std::string trace_session;           ///< empty when the client sent none
  std::vector<std::string> variables;  ///< values of the route's {variables}, in order, undecoded
  Notes* notes = nullptr;              ///< where to put them; null: nobody wants them

  void note_who(std::string_view who) const {
    if (notes != nullptr) notes->who = who;
  }
  void note_whose(std::string_view user_id) const {
    if (notes != nullptr) notes->whose = user_id;
  }
};

/// A body too large to hold in memory. Called by one thread at a time.
class BodyStream {
 public:
  virtual ~BodyStream() = default;

  enum class Next { kMore, kEnd, kFailed };
  /// Replaces `chunk` by the next bytes. kEnd comes with a last chunk that may be empty. After
  /// kFailed the server breaks the connection, so that no client takes a part for the whole.
  virtual Next next(std::string& chunk) = 0;

  /// What it holds in memory besides the chunk, roughly.
  virtual size_t held_bytes() const { return size_t{64} << 10; }
};

struct Response {
  uint16_t status = 200;
  Headers headers;
  std::string body;
  std::unique_ptr<BodyStream> stream;  ///< instead of `body`
  bool compressible = true;            ///< whether gzip may be applied when the client accepts it
  std::string route;                   ///< the pattern that matched, for the access log only

  /// Where set, the response tells of something that is still on its way to the disk, and must not
  /// be sent before. Calls `kept` once, on any thread: with true when it is there, with false when
  /// it never will be: then the response is wrong, and 500 is sent instead.
  using Kept = std::move_only_function<void(bool)>;
  std::move_only_function<void(Kept kept)> when_kept = {};
};

/// Takes a request's body as it comes, for bodies too large to hold in memory. Called by one thread
/// at a time; destroyed without finish() when the body does not come to its end.
class BodyReceiver {
 public:
  virtual ~BodyReceiver() = default;

  /// The next bytes. A response ends the reading: it is sent, and the connection closed.
  virtual std::optional<Response> receive(std::string_view bytes) = 0;

  /// The answer, once all of the body has been received. `request` is the one that the receiver was
  /// made for; its body is empty.
  virtual Response finish(const Request& request) = 0;
};

}  // namespace tideway::server
