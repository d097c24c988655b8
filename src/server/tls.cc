#include "server/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <spdlog/spdlog.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace tideway::server {
namespace {

/// TLS 1.2: forward secrecy and authenticated encryption only. All ciphers of TLS 1.3 have both.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

[[noreturn]] void fail(std::string_view what, const std::string& path, std::string_view why) {
  throw std::runtime_error(fmt::format("TLS: cannot use the {} \"{}\": {}", what, path, why));
}

/// The oldest reason that OpenSSL has noted; the later ones are consequences.
std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "unknown error" : reason;
}

void check_readable(std::string_view what, const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error) fail(what, path, error.message());
  if (std::filesystem::is_directory(status)) fail(what, path, "it is a directory");
}

/// Never asks on the terminal for the password of a key.
int no_password(char*, int, int, void*) { return 0; }

/// Clients that offer protocols are told HTTP/1.1, the only one spoken here.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned in_size, void*) {
  static constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof kHttp11, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void warn_when_not_valid_now(SSL_CTX* context, const std::string& path) {
  const X509* certificate = SSL_CTX_get0_certificate(context);
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    spdlog::warn("TLS: the certificate \"{}\" has expired", path);
  } else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    spdlog::warn("TLS: the certificate \"{}\" is not valid yet", path);
  }
}

std::shared_ptr<asio::ssl::context> load(const std::string& certificate, const std::string& key) {
  check_readable("certificate", certificate);
  check_readable("key", key);
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  ERR_clear_error();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(
      native, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_cipher_list(native, kCiphers);
  SSL_CTX_set_default_passwd_cb(native, no_password);
  SSL_CTX_set_alpn_select_cb(native, select_protocol, nullptr);
  // Idle connections, of which there may be thousands, keep no buffers.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(native, certificate.c_str()) != 1) {
    fail("certificate", certificate, openssl_reason());
  }
  if (SSL_CTX_use_PrivateKey_file(native, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    fail("key", key, openssl_reason());
  }
  if (SSL_CTX_check_private_key(native) != 1) fail("key", key, openssl_reason());
  warn_when_not_valid_now(native, certificate);
  return context;
}

}  // namespace

TlsCertificate::TlsCertificate(std::string certificate_path, std::string key_path)
    : certificate_path_(std::move(certificate_path)), key_path_(std::move(key_path)) {
  reload();
}

void TlsCertificate::reload() {
  auto fresh = load(certificate_path_, key_path_);
  const std::lock_guard lock(mutex_);
  context_ = std::move(fresh);
}

std::shared_ptr<asio::ssl::context> TlsCertificate::context() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

TlsStream::TlsStream(Socket& socket, std::shared_ptr<asio::ssl::context> context)
    : context_(std::move(context)),
      stream_(std::make_unique<asio::ssl::stream<Socket&>>(socket, *context_)) {}

TlsStream::~TlsStream() = default;

Awaitable<bool> TlsStream::handshake() {
  ErrorCode error;
  co_await stream_->async_handshake(asio::ssl::stream_base::server, into(error));
  co_return !error;
}

Awaitable<size_t> TlsStream::read_some(asio::mutable_buffer space, ErrorCode& error) {
  co_return co_await stream_->async_read_some(space, into(error));
}

Awaitable<size_t> TlsStream::write(const std::array<asio::const_buffer, 2>& buffers,
                                   ErrorCode& error) {
  co_return co_await asio::async_write(*stream_, buffers, into(error));
}

Awaitable<void> TlsStream::shutdown() {
  ErrorCode ignored;
  co_await stream_->async_shutdown(into(ignored));
}

}  // namespace tideway::server
