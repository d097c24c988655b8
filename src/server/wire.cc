#include "server/wire.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/write.hpp>

namespace tideway::server {
namespace {

constexpr int kUnsentBytesMax = 128 * 1024;

}  // namespace

Wire::Wire(Socket socket, WaitList& waiting, std::shared_ptr<asio::ssl::context> tls)
    : socket_(std::move(socket)), waiting_(waiting) {
  if (tls) tls_ = std::make_unique<TlsStream>(socket_, std::move(tls));
}

Awaitable<bool> Wire::open() {
  if (!tls_) co_return true;
  co_return co_await tls_->handshake();
}

Awaitable<bool> Wire::wait_for_input() {
  ErrorCode error;
  co_await socket_.async_wait(asio::socket_base::wait_read, into(error));
  co_return !error;
}

Awaitable<bool> Wire::read_some(boost::beast::flat_buffer& buffer, size_t size_bytes_max) {
  ErrorCode error;
  const auto space = buffer.prepare(size_bytes_max);
  // Not the conditional operator: GCC 12 evaluates both sides of it when they wait.
  size_t got = 0;
  if (tls_) {
    got = co_await tls_->read_some(space, error);
  } else {
    got = co_await socket_.async_read_some(space, into(error));
  }
  buffer.commit(got);
  co_return !error;
}

void Wire::read_now(boost::beast::flat_buffer& buffer, size_t size_bytes_max) {
  if (tls_) return;
  const auto space = buffer.prepare(size_bytes_max);
  const ssize_t got = ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
  buffer.commit(got > 0 ? static_cast<size_t>(got) : 0);
}

bool Wire::can_skip() const {
  ErrorCode error;
  const int family = socket_.local_endpoint(error).protocol().family();
  return !tls_ && !error && (family == AF_INET || family == AF_INET6);
}

Awaitable<bool> Wire::skip(uint64_t size_bytes) {
  while (size_bytes > 0) {
    const ssize_t got =
        ::recv(socket_.native_handle(), nullptr, size_bytes, MSG_TRUNC | MSG_DONTWAIT);
    if (got > 0) {
      size_bytes -= static_cast<uint64_t>(got);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      co_return false;
    } else if (!co_await wait_for_input()) {
      co_return false;
    }
  }
  co_return true;
}

Awaitable<bool> Wire::write(std::string_view head, std::string_view body,
                            std::chrono::milliseconds pace) {
  do {
    const std::string_view slice = body.substr(0, kPaceBytes);
    body.remove_prefix(slice.size());
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head), asio::buffer(slice)};
    expire_after(pace);
    ErrorCode error;
    size_t sent = 0;
    if (tls_) {
      sent = co_await tls_->write(buffers, error);
    } else {
      sent = co_await asio::async_write(socket_, buffers, into(error));
    }
    sent_bytes_ += sent;
    if (error) co_return false;
    head = {};
  } while (!body.empty());
  expire_never();
  co_return true;
}

size_t Wire::write_now(std::string_view head, std::string_view body) {
  if (tls_) return 0;
  const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head), asio::buffer(body)};
  const std::lock_guard lock(closing_);
  ErrorCode error;
  socket_.non_blocking(true, error);
  const size_t sent = error ? 0 : socket_.write_some(buffers, error);
  sent_bytes_ += sent;
  return sent;
}

Awaitable<void> Wire::end(std::chrono::milliseconds time) {
  if (tls_ && socket_.is_open()) {
    expire_after(time);
    co_await tls_->shutdown();
  }
  close();
}

void Wire::limit_unsent() {
  // Else it would be up to 4 MiB a socket, made for clients that may never read it. What is on its
  // way counts extra, so that a long line is filled all the same.
  using Limit = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
  ErrorCode ignored;  // a Unix socket has no such option
  socket_.set_option(Limit(kUnsentBytesMax), ignored);
}

void Wire::close() {
  ErrorCode ignored;
  {
    const std::lock_guard lock(closing_);
    socket_.close(ignored);
  }
  expire_never();
}

void Wire::reset() {
  ErrorCode ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

void Wire::end_of_output() {
  // Behind TLS the end of the socket would be an error to the peer.
  if (tls_) return;
  ErrorCode ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

}  // namespace tideway::server
