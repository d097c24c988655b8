// MD5, which clients give and expect as the checksum of a file. It guards against damage, not
// against anybody who would forge it.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tideway::blob {

class Md5 {
 public:
  Md5();

  void add(std::string_view bytes);
  /// Of all that was added, in base64; nothing may be added after it.
  std::string base64();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

/// The text, if it is the padded base64 of 16 bytes.
bool is_md5(std::string_view base64);

}  // namespace tideway::blob
