#include "server/connection.h"

#include <fmt/format.h>

#include <algorithm>

#include "server/access_log.h"
#include "server/exceptions.h"
#include "server/peer_address.h"
#include "server/refusals.h"

namespace tideway::server {
namespace {

constexpr size_t kHeadReadSize = 4 * 1024;
/// What is still taken from a client whose request was refused, so that it reads the answer: a
/// socket closed with unread input resets the connection, and the answer is lost.
constexpr size_t kDrainBytesMax = 4 << 20;
constexpr std::chrono::milliseconds kDrainTimeMax{2'000};
/// What parts of streams are a little smaller than: a string that grows by itself takes twice that.
constexpr size_t kPartBytesUsual = 136 * 1024;
/// For the end of TLS to be confirmed; it was said by then.
constexpr std::chrono::milliseconds kFarewellTimeMax{1'000};

}  // namespace

Connection::Connection(Socket socket, Handler& handler, Shared& shared, IoThread& thread,
                       std::shared_ptr<asio::ssl::context> tls)
    : peer_address_(peer_address(socket)),
      wire_(std::move(socket), thread.waiting(), std::move(tls)),
      handler_(handler),
      shared_(shared),
      thread_(thread) {
  thread_.add(*this);
}

Connection::~Connection() { thread_.remove(*this); }

void Connection::server_stops() {
  if (idle_) wire_.close();
  if (resting_ != nullptr) resting_->cancel();
}

Awaitable<void> Connection::run() {
  // Nobody opens a connection without a request at hand, but to hold it.
  wire_.expire_after(shared_.options.header_timeout);
  if (!co_await wire_.open()) {
    wire_.close();
    co_return;
  }
  bool first = true;
  while (co_await wait_for_request(first)) {
    if (!co_await serve_one()) break;
    rest_if_busy();
    if (rest_until_) co_await rest();
    first = false;
  }
  co_await wire_.end(kFarewellTimeMax);
}

Awaitable<bool> Connection::wait_for_request(bool first) {
  if (shared_.stopping) co_return false;
  if (buffer_.size() > 0) co_return true;  // sent along with the last one
  // There may be ten thousand that wait: none of them holds a buffer.
  buffer_.shrink_to_fit();
  idle_ = true;
  wire_.expire_after(first ? shared_.options.header_timeout : shared_.options.idle_timeout);
  bool more = true;
  if (!wire_.is_tls()) {
    more = co_await wire_.wait_for_input();
    idle_ = false;
  }
  if (more) more = co_await wire_.read_some(buffer_, kHeadReadSize);
  idle_ = false;
  co_return more;
}

/// Who was refused rests in any case.
void Connection::rest_if_busy() {
  const auto now = Clock::now();
  if (rest_until_ || !shared_.admission.is_nearly_congested(now)) return;
  rest_until_ = thread_.listening_pace().rest_until(now);
}

/// Leaves what the client sends next where it is: see listening_pace.h.
Awaitable<void> Connection::rest() {
  Timer timer(thread_.context().get_executor(), *std::exchange(rest_until_, std::nullopt));
  if (buffer_.size() == 0) buffer_.shrink_to_fit();
  // Waiting for its client, as far as it is asked to make room for another connection.
  wire_.expire_after(shared_.options.idle_timeout);
  idle_ = true;
  resting_ = &timer;
  ErrorCode ignored;
  co_await timer.async_wait(into(ignored));
  resting_ = nullptr;
  idle_ = false;
  // Most have asked again meanwhile: to be told so by the kernel would cost as much as reading it.
  wire_.read_now(buffer_, kHeadReadSize);
}

Awaitable<bool> Connection::serve_one() {
  const auto started = Clock::now();
  RequestParser parser(shared_.options.header_size_bytes_max);
  const Got head = co_await read_head(parser);
  if (head != Got::kRequest) {
    const RequestTraits unknown = unknown_traits();
    co_return co_await refuse(head, unknown, started);
  }
  Request& request = parser.request();
  request.peer_address = peer_address_;
  request.https = wire_.is_tls();
  shared_.proxies.identify(request);
  Trace trace = trace_of(request.headers);
  request.trace_request = std::move(trace.request);
  request.trace_session = std::move(trace.session);
  const RequestTraits traits = traits_of(request);

  auto place = shared_.admission.try_enter(started);
  if (!place) co_return co_await turn_away(parser, traits, started);
  const uint64_t size_bytes_max = handler_.body_size_bytes_max(request.method, request.path);
  if (parser.has_body() && handler_.receives_body(request.method, request.path)) {
    co_return co_await serve_receiving(parser, traits, size_bytes_max, *std::move(place), started);
  }
  BodyLease lease(shared_.budget);
  const Got body = co_await read_body(parser, size_bytes_max, lease, nullptr);
  if (body != Got::kRequest) co_return co_await refuse(body, traits, started);

  const Framing framing{.http11 = parser.is_http11(), .keep_alive = parser.wants_keep_alive()};
  Response response =
      co_await respond(std::move(request), traits, size_bytes_max, lease, *std::move(place));
  if (response.stream && !may_begin(*response.stream)) {
    response = busy();
    finish(response, traits, shared_.cors);
  }
  co_return co_await send(std::move(response), traits, framing, started);
}

Awaitable<bool> Connection::serve_receiving(RequestParser& parser, const RequestTraits& traits,
                                            uint64_t size_bytes_max,
                                            std::optional<Admission::Place> place,
                                            Clock::time_point started) {
  Request& request = parser.request();
  Incoming incoming{.reception = {}, .traits = traits};
  Reception& reception = incoming.reception;
  if (!place->wait(Clock::now())) co_return co_await refuse(Got::kBusy, traits, started);
  wire_.expire_never();
  co_await shared_.pool.run([&] {
    if (place->start(Clock::now())) {
      reception = begin_receiving(request, traits, handler_, shared_.log);
    } else {
      reception.response = too_busy();
    }
  });
  place.reset();  // the body may take its time
  if (reception.response) {
    co_return co_await refuse(*std::move(reception.response), traits, started);
  }

  BodyLease lease(shared_.budget);
  const Got body = co_await read_body(parser, size_bytes_max, lease, &incoming);
  if (body == Got::kRefused) {
    co_return co_await refuse(*std::move(reception.response), traits, started);
  }
  if (body != Got::kRequest) co_return co_await refuse(body, traits, started);

  const Framing framing{.http11 = parser.is_http11(), .keep_alive = parser.wants_keep_alive()};
  co_await shared_.pool.run([&] {
    finish_receiving(reception, request, traits, shared_.log);
    finish(*reception.response, traits, shared_.cors);
  });
  co_return co_await send(*std::move(reception.response), traits, framing, started);
}

/// Gives what has been read to the receiver; false when it wants no more.
Awaitable<bool> Connection::hand_on(RequestParser& parser, BodyLease& lease, Incoming& incoming) {
  const std::string piece = parser.take_body();
  // Writing to a disk may take its time, for which the client is not to blame.
  wire_.expire_never();
  co_await shared_.pool.run(
      [&] { receive_piece(incoming.reception, piece, incoming.traits, shared_.log); });
  wire_.expire_after(shared_.options.body_timeout);
  lease.release();
  co_return !incoming.reception.response.has_value();
}

Awaitable<Connection::Got> Connection::read_head(RequestParser& parser) {
  // One deadline for the whole head: a client that sends a byte now and then gets no further.
  wire_.expire_after(shared_.options.header_timeout);
  for (;;) {
    switch (parser.parse_head(buffer_)) {
      case Status::kDone:
        co_return Got::kRequest;
      case Status::kHeadTooLarge:
        co_return Got::kHeadTooLarge;
      case Status::kNeedsMore:
        break;
      default:
        co_return Got::kMalformed;
    }
    // Longer heads are read in longer pieces.
    const size_t piece = std::clamp(buffer_.size(), kHeadReadSize, kPaceBytes);
    if (!co_await wire_.read_some(buffer_, piece)) co_return Got::kNothing;
  }
}

Awaitable<bool> Connection::send_continue(RequestParser& parser) {
  // A client that did not wait needs no leave.
  if (!parser.expects_continue() || !parser.has_body() || buffer_.size() > 0) co_return true;
  co_return co_await wire_.write("HTTP/1.1 100 Continue\r\n\r\n", {},
                                 shared_.options.write_timeout);
}

Awaitable<Connection::Got> Connection::read_body(RequestParser& parser, uint64_t size_bytes_max,
                                                 BodyLease& lease, Incoming* incoming) {
  const uint64_t announced = parser.announced_size_bytes().value_or(0);
  if (announced > size_bytes_max) co_return Got::kBodyTooLarge;
  if (!lease.could_grow(incoming == nullptr ? announced : kPieceBytes)) co_return Got::kBusy;
  parser.limit_body(size_bytes_max);
  if (!co_await send_continue(parser)) co_return Got::kNothing;

  wire_.expire_after(shared_.options.body_timeout);
  size_t paced = 0;  // where the present deadline began
  for (;;) {
    const size_t before = parser.body_size_bytes();
    const Status status = parser.parse_body(buffer_);
    const size_t now = parser.body_size_bytes();
    if (!lease.grow(now - before)) co_return Got::kBusy;
    const bool done = status == Status::kDone;
    if (incoming != nullptr && (done || parser.request().body.size() >= kPieceBytes)) {
      if (!co_await hand_on(parser, lease, *incoming)) co_return Got::kRefused;
    }
    if (done) break;
    if (status == Status::kBodyTooLarge) co_return Got::kBodyTooLarge;
    if (status != Status::kNeedsMore) co_return Got::kMalformed;
    if (now - paced >= kPaceBytes) {
      paced = now;
      wire_.expire_after(shared_.options.body_timeout);
    }
    if (!co_await wire_.read_some(buffer_, kPaceBytes)) co_return Got::kNothing;
  }
  wire_.expire_never();
  co_return Got::kRequest;
}

Awaitable<Response> Connection::respond(Request request, const RequestTraits& traits,
                                        uint64_t body_size_bytes_max, BodyLease& lease,
                                        Admission::Place place) {
  Response response;
  if (Cors::is_preflight(request)) {
    response = shared_.cors.preflight(traits.origin);
  } else {
    bool served = false;
    if (place.wait(Clock::now())) {
      co_await shared_.pool.begin([&](WorkerPool::Done done) {
        served = place.start(Clock::now());
        if (!served) return done();
        response =
            answer(std::move(request), traits, handler_, body_size_bytes_max, lease, shared_.log);
        finish(response, traits, shared_.cors);
        if (!response.when_kept) return done();
        auto when_kept = std::exchange(response.when_kept, nullptr);
        when_kept([&, done = std::move(done)](bool kept) mutable {
          if (!kept) {
            response = unexpected_failure(traits.trace);
            finish(response, traits, shared_.cors);
          }
          done();
        });
      });
    }
    if (served) co_return response;
    response = busy();
  }
  finish(response, traits, shared_.cors);
  co_return response;
}

/// The refusal of a request on a connection that goes on, after a rest.
Response Connection::busy() {
  const auto now = Clock::now();
  rest_until_ = thread_.listening_pace().rest_until(now);
  return too_busy(retry_after(*rest_until_ - now));
}

/// Says that there is no time for the request without having read its body. The connection goes on
/// when the body is short enough to be thrown away: a new connection would cost more.
Awaitable<bool> Connection::turn_away(RequestParser& parser, const RequestTraits& traits,
                                      Clock::time_point started) {
  Response response = busy();
  finish(response, traits, shared_.cors);
  // A client that waits for leave to send its body may do so or not, so where the next request
  // begins could not be told.
  const uint64_t size_bytes = parser.announced_size_bytes().value_or(kDrainBytesMax + 1);
  const bool is_short =
      !parser.has_body() || (!parser.expects_continue() && size_bytes <= kDrainBytesMax);
  const Framing framing{.http11 = parser.is_http11(),
                        .keep_alive = parser.wants_keep_alive() && is_short};
  if (co_await send(std::move(response), traits, framing, started)) {
    co_return co_await skip_body(parser);
  }
  co_await drain();
  co_return false;
}

Awaitable<bool> Connection::skip_body(RequestParser& parser) {
  parser.discard_body();
  wire_.expire_after(std::min(kDrainTimeMax, shared_.options.body_timeout));
  Status status = Status::kNeedsMore;
  while ((status = parser.parse_body(buffer_)) == Status::kNeedsMore) {
    const auto announced = parser.announced_size_bytes();
    if (announced && wire_.can_skip()) {
      if (!co_await wire_.skip(*announced - parser.body_size_bytes())) co_return false;
      status = Status::kDone;
      break;
    }
    if (!co_await wire_.read_some(buffer_, kPaceBytes)) co_return false;
  }
  wire_.expire_never();
  co_return status == Status::kDone;
}

Awaitable<bool> Connection::refuse(Got reason, const RequestTraits& traits,
                                   Clock::time_point started) {
  Response response;
  switch (reason) {
    case Got::kRequest:
    case Got::kRefused:
    case Got::kNothing:
      co_return false;
    case Got::kMalformed:
      response = malformed_request();
      break;
    case Got::kHeadTooLarge:
      response = head_too_large();
      break;
    case Got::kBodyTooLarge:
      response = body_too_large();
      break;
    case Got::kBusy:
      response = too_busy();
      break;
  }
  co_return co_await refuse(std::move(response), traits, started);
}

Awaitable<bool> Connection::refuse(Response response, const RequestTraits& traits,
                                   Clock::time_point started) {
  finish(response, traits, shared_.cors);
  const Framing framing{.http11 = true, .keep_alive = false};
  co_await send(std::move(response), traits, framing, started);
  co_await drain();
  co_return false;
}

Awaitable<bool> Connection::send(Response response, const RequestTraits& traits, Framing framing,
                                 Clock::time_point started) {
  const bool head_only = traits.method == "HEAD";
  // To HTTP/1.0 a streamed body ends where the connection does.
  const bool ends_by_close = response.stream && !framing.http11 && !head_only;
  if (shared_.stopping || ends_by_close) framing.keep_alive = false;
  std::string head = response_head(response, framing, thread_.date());
  const uint64_t sent_before = wire_.sent_bytes();
  bool complete = false;
  if (head_only) {
    complete = co_await wire_.write(head, {}, shared_.options.write_timeout);
  } else if (response.stream) {
    complete = co_await send_stream(response, traits, std::move(head), framing.http11);
  } else {
    complete = co_await wire_.write(head, response.body, shared_.options.write_timeout);
  }
  const auto duration =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started);
  log_access(shared_.log, {.method = traits.method,
                           .path = traits.path,
                           .route = response.route,
                           .trace = traits.trace.request,
                           .status = response.status,
                           .sent_bytes = wire_.sent_bytes() - sent_before,
                           .duration = duration,
                           .complete = complete});
  co_return complete&& framing.keep_alive;
}

bool Connection::may_begin(const BodyStream& stream) {
  const size_t size_bytes = stream.held_bytes();
  if (shared_.streams.has_room(size_bytes)) return true;
  thread_.close_stalled_streams(Clock::now(), size_bytes);
  return shared_.streams.has_room(size_bytes);
}

/// On a worker: pulls the next part and sends as much of it as the client takes at once. True when
/// that was all of it, and there is more; else the I/O thread goes on, which can wait.
bool Connection::send_part(std::unique_ptr<BodyStream>& stream, OpenStream& open, Part& part,
                           const RequestTraits& traits) {
  if (part.head.empty()) part.body.reserve(kPartBytesUsual);  // a first part is often the only one
  part.next = pull(*stream, part.body, traits, shared_.log);
  if (part.next == BodyStream::Next::kFailed) return false;
  // The head goes out with the first chunk. An empty chunk would be the end.
  if (part.is_chunked) {
    if (!part.body.empty()) {
      fmt::format_to(std::back_inserter(part.head), "{:x}\r\n", part.body.size());
      part.body += "\r\n";
    }
    if (part.next == BodyStream::Next::kEnd) part.body += "0\r\n\r\n";
  }
  if (part.next == BodyStream::Next::kEnd) stream.reset();
  open.hold(part.body.capacity() + (stream ? stream->held_bytes() : 0));
  part.sent_bytes = wire_.write_now(part.head, part.body);
  if (!part.is_sent()) return false;
  part.clear();
  return part.next == BodyStream::Next::kMore;
}

Awaitable<bool> Connection::send_stream(Response& response, const RequestTraits& traits,
                                        std::string head, bool chunked) {
  OpenStream open(wire_, shared_.streams, thread_.waiting_streams());
  open.hold(response.stream->held_bytes());
  wire_.limit_unsent();
  Part part{.head = std::move(head), .is_chunked = chunked};
  while (part.next == BodyStream::Next::kMore) {
    co_await shared_.pool.run_in_turns(
        [&] { return send_part(response.stream, open, part, traits); });
    if (part.next == BodyStream::Next::kFailed) {
      wire_.reset();
      co_return false;
    }
    if (part.is_sent()) continue;
    open.begin_wait(Clock::now());
    const bool sent =
        co_await wire_.write(part.unsent_head(), part.unsent_body(), shared_.options.write_timeout);
    open.end_wait();
    if (!sent) co_return false;
    part.clear();
  }
  co_return true;
}

Awaitable<void> Connection::drain() {
  wire_.end_of_output();
  wire_.expire_after(std::min(kDrainTimeMax, shared_.options.body_timeout));
  size_t drained = 0;
  do {
    drained += buffer_.size();
    buffer_.clear();
  } while (drained < kDrainBytesMax && co_await wire_.read_some(buffer_, kPaceBytes));
}

Awaitable<void> serve(Socket socket, Handler& handler, Shared& shared, IoThread& thread,
                      std::shared_ptr<asio::ssl::context> tls, ConnectionCount::Ticket ticket) {
  // A member of the frame, so that the ticket is given up after the connection is gone.
  const ConnectionCount::Ticket held(std::move(ticket));
  Connection connection(std::move(socket), handler, shared, thread, std::move(tls));
  co_await connection.run();
}

}  // namespace tideway::server
