// TLS on accepted connections: versions 1.2 and 1.3, ciphers with forward secrecy only.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>

#include "server/asio.h"

namespace boost::asio::ssl {
class context;
template <typename Stream>
class stream;
}  // namespace boost::asio::ssl

namespace tideway::server {

/// The certificate chain and key that new connections present. Safe to call from any thread.
class TlsCertificate {
 public:
  /// Both files in PEM form. Throws std::runtime_error with a line for the operator when they
  /// cannot be used, as reload() does.
  TlsCertificate(std::string certificate_path, std::string key_path);

  /// Reads the files again. On failure the certificate stays as it was. Connections that are open
  /// keep the one they have.
  void reload();

  std::shared_ptr<asio::ssl::context> context() const;

 private:
  const std::string certificate_path_;
  const std::string key_path_;
  mutable std::mutex mutex_;
  std::shared_ptr<asio::ssl::context> context_;  ///< guarded by mutex_
};

/// What TLS adds to a socket, which must outlive it.
class TlsStream {
 public:
  TlsStream(Socket& socket, std::shared_ptr<asio::ssl::context> context);
  ~TlsStream();

  Awaitable<bool> handshake();
  Awaitable<size_t> read_some(asio::mutable_buffer space, ErrorCode& error);
  Awaitable<size_t> write(const std::array<asio::const_buffer, 2>& buffers, ErrorCode& error);
  /// Says that nothing more follows, and waits for the peer to say so too.
  Awaitable<void> shutdown();

 private:
  std::shared_ptr<asio::ssl::context> context_;
  std::unique_ptr<asio::ssl::stream<Socket&>> stream_;
};

}  // namespace tideway::server
