#include "tests/load/tls_server.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

namespace tideway::load {
namespace {

X509* make_certificate(EVP_PKEY* key, const std::string& name) {
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name.c_str());
  X509_add_ext(certificate, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(certificate, key, EVP_sha256());
  return certificate;
}

}  // namespace

TlsServer::TlsServer(const std::string& name, std::string answer)
    : answer_(std::move(answer)), context_(SSL_CTX_new(TLS_server_method())) {
  std::signal(SIGPIPE, SIG_IGN);
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = make_certificate(key, name);
  SSL_CTX_use_certificate(context_, certificate);
  SSL_CTX_use_PrivateKey(context_, key);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(listener_, 16), 0);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  file_ = testing::TempDir() + "tideway-tls-" + std::to_string(getpid()) + "-" +
          std::to_string(port_) + ".pem";
  FILE* file = std::fopen(file_.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
  thread_ = std::thread([this] { serve(); });
}

TlsServer::~TlsServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  SSL_CTX_free(context_);
  std::remove(file_.c_str());
}

void TlsServer::serve() {
  const int connection = accept(listener_, nullptr, nullptr);
  if (connection < 0) return;
  SSL* ssl = SSL_new(context_);
  SSL_set_fd(ssl, connection);
  std::array<char, 4096> request;
  if (SSL_accept(ssl) == 1 && SSL_read(ssl, request.data(), request.size()) > 0) {
    SSL_write(ssl, answer_.data(), static_cast<int>(answer_.size()));
    SSL_shutdown(ssl);
  }
  SSL_free(ssl);
  close(connection);
}

}  // namespace tideway::load
