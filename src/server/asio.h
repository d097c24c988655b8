// The Asio types that this folder uses. Every I/O thread has an io_context of its own, so a
// connection needs no strand and no lock: all that happens to it happens on one thread, but for
// what Wire::write_now() sends while the connection waits for a worker.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

// GCC 12 takes Asio's coroutine frames, which Asio allocates and frees itself, for a mismatch of
// new and delete when it inlines one of the two. There is no pop: the warning is given at the
// coroutines of the file that includes this one.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace tideway::server {

namespace asio = boost::asio;

using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;

template <typename T>
using Awaitable = asio::awaitable<T, Executor>;

inline constexpr asio::use_awaitable_t<Executor> kUseAwaitable{};

/// TCP and Unix sockets alike.
using Protocol = asio::generic::stream_protocol;
using Socket = asio::basic_stream_socket<Protocol, Executor>;
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;

/// Completion token: resume with the error in `error` instead of throwing it.
inline auto into(ErrorCode& error) { return asio::redirect_error(kUseAwaitable, error); }

}  // namespace tideway::server
