// The HTTP/1.1 server: sockets, limits, time-outs, trace ids, CORS, compression. It knows nothing
// of what is served.
//
// Connections are coroutines on a few I/O threads; handlers run on a pool of worker threads and may
// block. A streamed body is pulled on the pool too, one chunk at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "server/http.h"

namespace tideway::server {

/// What answers requests. All functions are called from many threads at once.
class Handler {
 public:
  virtual ~Handler() = default;

  /// The largest body that `method path` accepts, asked before the body is read; a larger one is
  /// answered 413 without reading it.
  virtual uint64_t body_size_bytes_max(std::string_view method, std::string_view path) const = 0;

  /// Whether receive() is to be asked for requests of this kind; must not block.
  virtual bool receives_body(std::string_view, std::string_view) const { return false; }

  /// What takes the body of a request whose head is this, piece by piece, instead of handle(). A
  /// refusal is sent without reading the body.
  virtual std::expected<std::unique_ptr<BodyReceiver>, Response> receive(Request&) {
    return nullptr;  // never asked
  }

  virtual Response handle(Request request) = 0;
};

/// A further address to listen on, always in plain HTTP.
struct Listen {
  std::string address;  ///< host:port
  Handler* handler = nullptr;
};

struct Options {
  std::string listen = "127.0.0.1:8009";  ///< host:port; port 0 takes a free one
  std::vector<Listen> more = {};
  std::string unix_socket_path;  ///< also listen here, with mode 0600, when not empty
  unsigned io_threads = 2;
  unsigned worker_threads = 32;
  /// Beyond it a new connection is closed at once. When all but a sixteenth are taken, each new one
  /// closes the one whose client has kept it waiting for longest.
  uint32_t connections_max = 16'000;
  uint32_t header_size_bytes_max = 1 << 20;
  uint32_t queued_requests_max = 1024;  ///< waiting for a worker; beyond it 503 with Retry-After
  uint32_t patient_requests_max = 32;   ///< so many may wait longer than queue_wait_max
  uint64_t bodies_in_flight_bytes_max = 512ull << 20;  ///< sum of all bodies being held; then 503
  /// What all streamed answers hold; beyond it those that stall are closed. See stream_budget.h.
  uint64_t streams_in_flight_bytes_max = 128ull << 20;
  /// A stream stalls when its client takes longer for a part (some 128 KiB).
  std::chrono::milliseconds stream_stall_time{2'000};
  /// How long a request may wait for a worker; then 503. See admission.h.
  std::chrono::milliseconds queue_wait_max{200};
  std::chrono::milliseconds header_timeout{30'000};
  std::chrono::milliseconds body_timeout{60'000};   ///< for every 64 KiB of a request's body
  std::chrono::milliseconds write_timeout{60'000};  ///< for every 64 KiB of an answer
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds shutdown_timeout{8'000};
  std::vector<std::string> cors_origins;     ///< empty: any origin
  std::string tls_certificate;               ///< file in PEM form; empty: plain HTTP
  std::string tls_key;                       ///< the certificate's key, likewise
  std::vector<std::string> trusted_proxies;  ///< whose X-Forwarded-* is believed
};

class Server {
 public:
  /// Binds the listener; throws std::runtime_error with a clear text when that fails.
  /// `unix_handler` answers on the Unix socket; it may be null when there is none.
  Server(Options options, Handler& handler, Handler* unix_handler);
  ~Server();

  uint16_t port() const;                     ///< the port in use
  std::vector<uint16_t> more_ports() const;  ///< of Options::more
  void start();                              ///< returns at once
  /// Reads certificate and key again; throws std::runtime_error when they cannot be used, and goes
  /// on with the old ones. Open connections are not concerned. Does nothing without TLS.
  void reload_certificate();
  /// Stops accepting, finishes what is in flight, closes; returns after at most shutdown_timeout.
  /// A handler that is still running then is waited for by the destructor. A stopped server cannot
  /// be started again.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tideway::server
