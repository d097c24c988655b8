// A client for tests that speaks TLS, with OpenSSL alone.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tideway::server {

struct TlsClientOptions {
  int version_min = TLS1_VERSION;
  int version_max = TLS1_3_VERSION;
  std::string ciphers = {};  ///< of TLS 1.2; empty: the library's own
  bool offer_http2 = false;
};

/// Connects and shakes hands with the server on this machine. Trusts every certificate.
class TlsClient {
 public:
  explicit TlsClient(uint16_t port, const TlsClientOptions& options = {});
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const { return connected_; }
  std::string version() const;      ///< "TLSv1.3"
  std::string common_name() const;  ///< of the server's certificate
  std::string protocol() const;     ///< chosen of those offered, empty for none

  void send(std::string_view bytes);
  /// What comes until the answer's body of `size_bytes` is complete, head included; less when the
  /// connection ends.
  std::string read(size_t body_size_bytes);
  /// Reads to the end. Whether the server said good-bye and did not just close.
  bool ends_properly();

 private:
  int socket_ = -1;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, SSL_free};
  bool connected_ = false;
};

}  // namespace tideway::server
