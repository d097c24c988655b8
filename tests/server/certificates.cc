#include "tests/server/certificates.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cstdlib>
#include <stdexcept>

namespace tideway::server {

CertificateFiles::CertificateFiles() {
  std::string name = std::filesystem::temp_directory_path() / "tideway-tls-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + name);
  directory_ = name;
}

CertificateFiles::~CertificateFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void CertificateFiles::make(const std::string& name) const {
  const std::string command = fmt::format(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={} "
      "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout '{}' -out '{}' 2>/dev/null",
      name, key(name), certificate(name));
  if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl failed");
}

void CertificateFiles::copy(const std::string& from, const std::string& to) const {
  constexpr auto kReplace = std::filesystem::copy_options::overwrite_existing;
  std::filesystem::copy_file(certificate(from), certificate(to), kReplace);
  std::filesystem::copy_file(key(from), key(to), kReplace);
}

}  // namespace tideway::server
