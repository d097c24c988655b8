#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

#include "store/block.h"

namespace tideway::store {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

/// Ids that are encrypted by one call, so that the buffer fits the stack.
constexpr size_t kIdsPerCall = 64;

/// Runs AES over whole 16-byte blocks. OpenSSL fails here only without memory or on a program
/// error, which no caller can handle. A context for each use: it carries state, so threads can't
/// share one, and its half a microsecond is shared by the ids of the batch.
class Aes {
 public:
  Aes(const EVP_CIPHER* algorithm, const Bytes16& key, bool encrypt)
      : context_(EVP_CIPHER_CTX_new()) {
    require(context_ != nullptr);
    require(EVP_CipherInit_ex2(context_.get(), algorithm, key.data(), nullptr, encrypt, nullptr));
    require(EVP_CIPHER_CTX_set_padding(context_.get(), 0));
  }

  void run(std::span<const Bytes16> in, std::span<Bytes16> out) {
    const int size_bytes = static_cast<int>(in.size_bytes());
    int written = 0;
    require(EVP_CipherUpdate(context_.get(), reinterpret_cast<unsigned char*>(out.data()), &written,
                             reinterpret_cast<const unsigned char*>(in.data()), size_bytes));
    require(written == size_bytes);
  }

 private:
  static void require(bool success) {
    if (!success) throw std::runtime_error("id cipher: OpenSSL failed");
  }

  std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context_;
};

/// The plain text of a slot: the nonce with the slot XORed into its first four bytes,
/// little-endian. One to one within a block; two blocks share a plain text only when all but the
/// ten bits of the slot of their random nonces agree.
Bytes16 plain_of(const Bytes16& nonce, uint32_t slot) {
  Bytes16 plain = nonce;
  for (size_t i = 0; i < sizeof slot; ++i) plain[i] ^= static_cast<uint8_t>(slot >> (8 * i));
  return plain;
}

}  // namespace

IdCipher::IdCipher(const Bytes16& key)
    : key_(key),
      // Fetched once: the implicit fetch of EVP_aes_128_ecb() takes locks at every use.
      algorithm_(EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr), EVP_CIPHER_free) {
  if (!algorithm_) throw std::runtime_error("id cipher: OpenSSL has no AES-128-ECB");
}

Bytes16 IdCipher::derive(const Bytes16& nonce, uint32_t slot) const {
  return encrypt(plain_of(nonce, slot));
}

void IdCipher::derive(const Bytes16& nonce, uint32_t first_slot, std::span<Bytes16> ids) const {
  Aes aes(algorithm_.get(), key_, true);
  std::array<Bytes16, kIdsPerCall> plain;
  while (!ids.empty()) {
    const size_t count = std::min(ids.size(), kIdsPerCall);
    for (size_t i = 0; i < count; ++i) plain[i] = plain_of(nonce, first_slot++);
    aes.run(std::span(plain).first(count), ids.first(count));
    ids = ids.subspan(count);
  }
}

Bytes16 IdCipher::encrypt(const Bytes16& plain) const {
  Bytes16 cipher;
  Aes(algorithm_.get(), key_, true).run({&plain, 1}, {&cipher, 1});
  return cipher;
}

Bytes16 IdCipher::decrypt(const Bytes16& cipher) const {
  Bytes16 plain;
  Aes(algorithm_.get(), key_, false).run({&cipher, 1}, {&plain, 1});
  return plain;
}

}  // namespace tideway::store
