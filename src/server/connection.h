// One client: reads its requests one after the other, has them answered, writes the answers.
#pragma once

#include <spdlog/logger.h>

#include <algorithm>
#include <atomic>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "server/admission.h"
#include "server/answer.h"
#include "server/body_budget.h"
#include "server/connection_count.h"
#include "server/cors.h"
#include "server/forwarded.h"
#include "server/io_thread.h"
#include "server/receiving.h"
#include "server/request_parser.h"
#include "server/response_head.h"
#include "server/server.h"
#include "server/stream_budget.h"
#include "server/wire.h"
#include "server/worker_pool.h"

namespace tideway::server {

/// What all connections of a server share; outlives them.
struct Shared {
  const Options& options;
  const Cors& cors;
  Admission& admission;
  WorkerPool& pool;
  BodyBudget& budget;
  StreamBudget& streams;
  spdlog::logger& log;
  const std::atomic<bool>& stopping;
  const TrustedProxies& proxies;
};

class Connection {
 public:
  /// To be made on `thread`. Plain when there is no context for TLS.
  Connection(Socket socket, Handler& handler, Shared& shared, IoThread& thread,
             std::shared_ptr<asio::ssl::context> tls);
  ~Connection();

  Awaitable<void> run();

  void close() { wire_.close(); }
  /// Closes when nothing is being asked; else the present request is the last one.
  void server_stops();

 private:
  using Status = RequestParser::Status;

  /// How reading a request ended.
  enum class Got {
    kRequest,
    kNothing,
    kMalformed,
    kHeadTooLarge,
    kBodyTooLarge,
    kBusy,
    kRefused  ///< by the receiver of the body, which has an answer
  };

  /// A body that is handed on as it comes.
  struct Incoming {
    Reception reception;
    const RequestTraits& traits;
  };

  /// A part of a streamed body as it goes out.
  struct Part {
    std::string head;  ///< of the answer, of the chunk
    std::string body = {};
    bool is_chunked;
    BodyStream::Next next = BodyStream::Next::kMore;
    size_t sent_bytes = 0;

    void clear() {
      head.clear();
      body.clear();
      sent_bytes = 0;
    }
    bool is_sent() const { return sent_bytes == head.size() + body.size(); }
    std::string_view unsent_head() const {
      return std::string_view(head).substr(std::min(sent_bytes, head.size()));
    }
    std::string_view unsent_body() const {
      return std::string_view(body).substr(sent_bytes - std::min(sent_bytes, head.size()));
    }
  };

  Awaitable<bool> wait_for_request(bool first);
  void rest_if_busy();
  Awaitable<void> rest();
  Awaitable<bool> serve_one();
  Awaitable<Got> read_head(RequestParser& parser);
  Awaitable<Got> read_body(RequestParser& parser, uint64_t size_bytes_max, BodyLease& lease,
                           Incoming* incoming);
  Awaitable<bool> send_continue(RequestParser& parser);
  Awaitable<Response> respond(Request request, const RequestTraits& traits,
                              uint64_t body_size_bytes_max, BodyLease& lease,
                              Admission::Place place);
  Awaitable<bool> turn_away(RequestParser& parser, const RequestTraits& traits,
                            Clock::time_point started);
  Response busy();
  Awaitable<bool> skip_body(RequestParser& parser);
  Awaitable<bool> serve_receiving(RequestParser& parser, const RequestTraits& traits,
                                  uint64_t size_bytes_max, std::optional<Admission::Place> place,
                                  Clock::time_point started);
  Awaitable<bool> hand_on(RequestParser& parser, BodyLease& lease, Incoming& incoming);
  Awaitable<bool> refuse(Got reason, const RequestTraits& traits, Clock::time_point started);
  Awaitable<bool> refuse(Response response, const RequestTraits& traits, Clock::time_point started);
  Awaitable<bool> send(Response response, const RequestTraits& traits, Framing framing,
                       Clock::time_point started);
  bool may_begin(const BodyStream& stream);
  bool send_part(std::unique_ptr<BodyStream>& stream, OpenStream& open, Part& part,
                 const RequestTraits& traits);
  Awaitable<bool> send_stream(Response& response, const RequestTraits& traits, std::string head,
                              bool chunked);
  Awaitable<void> drain();

  const std::string peer_address_;
  Wire wire_;
  Handler& handler_;
  Shared& shared_;
  IoThread& thread_;
  boost::beast::flat_buffer buffer_;             ///< received, not yet used
  bool idle_ = true;                             ///< between requests
  std::optional<Clock::time_point> rest_until_;  ///< set when the server is busy
  Timer* resting_ = nullptr;
};

/// Runs a connection until its end, on the thread of `thread`.
Awaitable<void> serve(Socket socket, Handler& handler, Shared& shared, IoThread& thread,
                      std::shared_ptr<asio::ssl::context> tls, ConnectionCount::Ticket ticket);

}  // namespace tideway::server
