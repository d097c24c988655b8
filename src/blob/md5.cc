#include "blob/md5.h"

#include <array>
#include <stdexcept>

namespace tideway::blob {
namespace {

constexpr size_t kSizeBytes = 16;
constexpr size_t kBase64Size = 24;

std::string to_base64(const std::array<unsigned char, EVP_MAX_MD_SIZE>& bytes) {
  std::array<unsigned char, kBase64Size + 1> text{};
  EVP_EncodeBlock(text.data(), bytes.data(), kSizeBytes);
  return {reinterpret_cast<const char*>(text.data()), kBase64Size};
}

}  // namespace

Md5::Md5() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr || EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no MD5");
  }
}

void Md5::add(std::string_view bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Md5::base64() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
  return to_base64(digest);
}

bool is_md5(std::string_view base64) {
  if (base64.size() != kBase64Size) return false;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  const auto* const text = reinterpret_cast<const unsigned char*>(base64.data());
  if (EVP_DecodeBlock(bytes.data(), text, kBase64Size) < 0) return false;
  // OpenSSL overlooks white space around, misplaced padding and stray bits: the way back tells.
  return to_base64(bytes) == base64;
}

}  // namespace tideway::blob
