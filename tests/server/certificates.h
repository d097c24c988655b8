// Certificates for tests, made with the openssl program.
#pragma once

#include <filesystem>
#include <string>

namespace tideway::server {

/// A new directory below that for temporary files, removed with all that is in it.
class CertificateFiles {
 public:
  CertificateFiles();
  ~CertificateFiles();
  CertificateFiles(const CertificateFiles&) = delete;
  CertificateFiles& operator=(const CertificateFiles&) = delete;

  /// Writes NAME.crt and NAME.key: a certificate of its own for localhost and 127.0.0.1 with the
  /// common name `name`.
  void make(const std::string& name) const;
  /// Makes `to` the certificate and key of `from`.
  void copy(const std::string& from, const std::string& to) const;

  std::string certificate(const std::string& name) const { return path(name + ".crt"); }
  std::string key(const std::string& name) const { return path(name + ".key"); }
  std::string path(const std::string& file) const { return (directory_ / file).string(); }

 private:
  std::filesystem::path directory_;
};

}  // namespace tideway::server
