#include "load/stream.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace tideway::load {
namespace {

std::unexpected<std::string> failed(std::string_view what) {
  return std::unexpected(fmt::format("{}: {}", what, strerror(errno)));
}

std::unexpected<std::string> tls_failed(std::string_view what) {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  return std::unexpected(fmt::format("{}: {}", what, reason == nullptr ? "cut off" : reason));
}

/// On Linux this also bounds connect().
void set_patience(int socket, std::chrono::milliseconds patience) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  const timeval time{.tv_sec = seconds.count(),
                     .tv_usec = std::chrono::microseconds(patience - seconds).count()};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

std::expected<std::shared_ptr<TlsContext>, std::string> TlsContext::make(
    const std::string& ca_file) {
  ssl_ctx_st* context = SSL_CTX_new(TLS_client_method());
  if (context == nullptr) return tls_failed("TLS");
  std::shared_ptr<TlsContext> made(new TlsContext(context));
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  const int loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context)
                                     : SSL_CTX_load_verify_file(context, ca_file.c_str());
  if (loaded != 1) return tls_failed("certificates " + ca_file);
  return made;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Stream::Stream(const Url& url, std::shared_ptr<TlsContext> tls, std::chrono::milliseconds patience)
    : url_(url), tls_(std::move(tls)), patience_(patience) {}

Stream::~Stream() { close(); }

void Stream::close() {
  SSL_free(ssl_);
  ssl_ = nullptr;
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

std::expected<int, std::string> Stream::connect() const {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(url_.host.c_str(), url_.port.c_str(), &hints, &found);
  if (code != 0) return std::unexpected(fmt::format("{}: {}", url_.host, gai_strerror(code)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const int socket = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) continue;
    set_patience(socket, patience_);
    if (::connect(socket, address->ai_addr, address->ai_addrlen) == 0) return socket;
    const int error = errno;
    ::close(socket);
    errno = error;
  }
  return failed("cannot connect to " + url_.authority());
}

Stream::Result Stream::start_tls() {
  ssl_ = SSL_new(tls_->get());
  if (ssl_ == nullptr) return tls_failed("TLS");
  SSL_set_fd(ssl_, socket_);
  // The certificate has to be the host's: a name, or an address, which has no SNI.
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), url_.host.c_str()) != 1) {
    SSL_set_tlsext_host_name(ssl_, url_.host.c_str());
    if (SSL_set1_host(ssl_, url_.host.c_str()) != 1) return tls_failed("TLS host");
  }
  if (SSL_connect(ssl_) != 1) return tls_failed("TLS with " + url_.authority());
  return {};
}

Stream::Result Stream::open() {
  auto socket = connect();
  if (!socket) return std::unexpected(socket.error());
  socket_ = *socket;
  if (!url_.tls) return {};
  auto started = start_tls();
  if (!started) close();
  return started;
}

Stream::Result Stream::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const int size = static_cast<int>(std::min<size_t>(bytes.size(), 1 << 20));
    const int written = SSL_write(ssl_, bytes.data(), size);
    if (written <= 0) return tls_failed("cannot send");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Stream::Result Stream::write(std::string_view head, std::string_view body) {
  if (ssl_ != nullptr) {
    auto written = write_all(head);
    return written ? write_all(body) : written;
  }
  while (!head.empty() || !body.empty()) {
    std::array<iovec, 2> parts = {iovec{const_cast<char*>(head.data()), head.size()},
                                  iovec{const_cast<char*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t written = sendmsg(socket_, &message, MSG_NOSIGNAL);
    if (written <= 0) return failed("cannot send");
    const size_t of_head = std::min(head.size(), static_cast<size_t>(written));
    head.remove_prefix(of_head);
    body.remove_prefix(static_cast<size_t>(written) - of_head);
  }
  return {};
}

Stream::Result Stream::read_some(std::string& bytes, size_t size_bytes_max) {
  const size_t size = bytes.size();
  ssize_t count = 0;
  bytes.resize_and_overwrite(size + size_bytes_max, [&](char* data, size_t) {
    count = ssl_ != nullptr ? SSL_read(ssl_, data + size, static_cast<int>(size_bytes_max))
                            : recv(socket_, data + size, size_bytes_max, 0);
    return size + static_cast<size_t>(std::max<ssize_t>(count, 0));
  });
  if (count > 0) return {};
  if (ssl_ != nullptr) return tls_failed("cannot receive");
  if (count == 0) return std::unexpected("the connection ended before the answer did");
  return failed("cannot receive");
}

}  // namespace tideway::load
