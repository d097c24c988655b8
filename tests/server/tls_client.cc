#include "tests/server/tls_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace tideway::server {
namespace {

constexpr timeval kPatience{.tv_sec = 20, .tv_usec = 0};

int connect_to(uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
  return fd;
}

}  // namespace

TlsClient::TlsClient(uint16_t port, const TlsClientOptions& options)
    : socket_(connect_to(port)), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
  // Level 0, or the library would not even offer the old versions.
  SSL_CTX_set_security_level(context_.get(), 0);
  SSL_CTX_set_min_proto_version(context_.get(), options.version_min);
  SSL_CTX_set_max_proto_version(context_.get(), options.version_max);
  if (!options.ciphers.empty()) {
    SSL_CTX_set_cipher_list(context_.get(), (options.ciphers + ":@SECLEVEL=0").c_str());
  }
  if (options.offer_http2) {
    constexpr std::array<unsigned char, 12> kOffer = {2,   'h', '2', 8,   'h', 't',
                                                      't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(context_.get(), kOffer.data(), kOffer.size());
  }
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), socket_);
  connected_ = SSL_connect(ssl_.get()) == 1;
  ERR_clear_error();
}

TlsClient::~TlsClient() {
  ssl_.reset();
  ::close(socket_);
}

std::string TlsClient::version() const { return SSL_get_version(ssl_.get()); }

std::string TlsClient::common_name() const {
  const std::unique_ptr<X509, void (*)(X509*)> certificate(SSL_get1_peer_certificate(ssl_.get()),
                                                           X509_free);
  std::array<char, 64> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                            name.size());
  return name.data();
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

void TlsClient::send(std::string_view bytes) {
  if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) {
    throw std::runtime_error("cannot send");
  }
}

std::string TlsClient::read(size_t body_size_bytes) {
  std::string text;
  std::array<char, 16384> part{};
  for (;;) {
    const size_t head = text.find("\r\n\r\n");
    if (head != std::string::npos && text.size() >= head + 4 + body_size_bytes) return text;
    const int got = SSL_read(ssl_.get(), part.data(), part.size());
    if (got <= 0) return text;
    text.append(part.data(), static_cast<size_t>(got));
  }
}

bool TlsClient::ends_properly() {
  std::array<char, 16384> part{};
  int got = 0;
  do {
    got = SSL_read(ssl_.get(), part.data(), part.size());
  } while (got > 0);
  return SSL_get_error(ssl_.get(), got) == SSL_ERROR_ZERO_RETURN;
}

}  // namespace tideway::server
