#include "server/wire.h"

#include <algorithm>
#include <boost/asio/write.hpp>

namespace tideway::server {

Awaitable<bool> Wire::wait_for_input() {
  ErrorCode error;
  co_await socket_.async_wait(asio::socket_base::wait_read, into(error));
  co_return !error;
}

Awaitable<bool> Wire::read_some(boost::beast::flat_buffer& buffer, size_t size_bytes_max) {
  ErrorCode error;
  const auto space = buffer.prepare(size_bytes_max);
  const size_t got = co_await socket_.async_read_some(space, into(error));
  buffer.commit(got);
  co_return !error;
}

Awaitable<bool> Wire::write(std::string_view head, std::string_view body,
                            std::chrono::milliseconds pace) {
  do {
    const std::string_view slice = body.substr(0, kPaceBytes);
    body.remove_prefix(slice.size());
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head), asio::buffer(slice)};
    expire_after(pace);
    ErrorCode error;
    sent_bytes_ += co_await asio::async_write(socket_, buffers, into(error));
    if (error) co_return false;
    head = {};
  } while (!body.empty());
  expire_never();
  co_return true;
}

void Wire::close() {
  ErrorCode ignored;
  socket_.close(ignored);
  expire_never();
}

void Wire::reset() {
  ErrorCode ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

void Wire::end_of_output() {
  ErrorCode ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

}  // namespace tideway::server
