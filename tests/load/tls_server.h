// A TLS server that answers one connection with what it is told, under a certificate of its own.
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <string>
#include <thread>

namespace tideway::load {

class TlsServer {
 public:
  /// The certificate is for `name`, "DNS:localhost" or "IP:127.0.0.1".
  TlsServer(const std::string& name, std::string answer);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  uint16_t port() const { return port_; }
  /// A PEM file with the certificate, which signs itself.
  const std::string& certificate_file() const { return file_; }

 private:
  void serve();

  std::string answer_;
  std::string file_;
  ssl_ctx_st* context_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace tideway::load
