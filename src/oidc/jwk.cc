#include "oidc/jwk.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <simdjson.h>

#include <array>
#include <memory>

#include "base/base64url.h"
#include "base/text.h"

namespace tideway::oidc {
namespace {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using PKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using PKeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;

constexpr int kRsaBits = 2048;
/// Shorter keys are not accepted from anybody.
constexpr int kRsaBitsMin = 2048;
constexpr size_t kCoordinateSize = 32;

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<size_t>(size)};
}

std::string write_public(EVP_PKEY* key) {
  const Memory out(BIO_new(BIO_s_mem()));
  return key != nullptr && PEM_write_bio_PUBKEY(out.get(), key) == 1 ? text_of(out.get())
                                                                     : std::string();
}

PKey read_public(const std::string& pem) {
  const Memory in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return PKey(PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr));
}

std::string number_text(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) return {};
  const Number number(raw);
  std::string bytes(static_cast<size_t>(BN_num_bytes(raw)), '\0');
  BN_bn2bin(raw, reinterpret_cast<unsigned char*>(bytes.data()));
  return to_base64url(bytes);
}

PKey build(const char* type, const Builder& builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const PKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return PKey(key);
}

std::string member(simdjson::dom::object jwk, std::string_view name) {
  std::string_view text;
  return jwk[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

Number number_of(std::string_view encoded) {
  const auto bytes = from_base64url(encoded);
  if (!bytes || bytes->empty()) return nullptr;
  return Number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes->data()),
                          static_cast<int>(bytes->size()), nullptr));
}

std::string rsa_pem(simdjson::dom::object jwk) {
  const Number modulus = number_of(member(jwk, "n"));
  const Number exponent = number_of(member(jwk, "e"));
  if (!modulus || !exponent || BN_num_bits(modulus.get()) < kRsaBitsMin) return {};
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  return write_public(build("RSA", builder).get());
}

std::string ec_pem(simdjson::dom::object jwk) {
  if (member(jwk, "crv") != "P-256") return {};
  const auto x = from_base64url(member(jwk, "x"));
  const auto y = from_base64url(member(jwk, "y"));
  if (!x || !y || x->size() != kCoordinateSize || y->size() != kCoordinateSize) return {};
  const std::string point = '\x04' + *x + *y;
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return write_public(build("EC", builder).get());
}

/// Nothing for a key that is of no use here.
std::optional<Key> read_jwk(simdjson::dom::object jwk) {
  Key key{.id = member(jwk, "kid"), .pem = {}};
  const std::string use = member(jwk, "use");
  if (key.id.empty() || (!use.empty() && use != "sig")) return std::nullopt;
  const std::string type = member(jwk, "kty");
  key.algorithm = type == "EC" ? Algorithm::kEs256 : Algorithm::kRs256;
  const std::string algorithm = member(jwk, "alg");
  if (!algorithm.empty() && algorithm != name_of(key.algorithm)) return std::nullopt;
  if (type == "RSA") key.pem = rsa_pem(jwk);
  if (type == "EC") key.pem = ec_pem(jwk);
  if (key.pem.empty()) return std::nullopt;
  return key;
}

}  // namespace

std::string make_rsa_key() {
  const PKey key(EVP_RSA_gen(kRsaBits));
  const Memory out(BIO_new(BIO_s_mem()));
  if (!key ||
      PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return {};
  }
  return text_of(out.get());
}

std::string public_pem(std::string_view private_pem) {
  const Memory in(BIO_new_mem_buf(private_pem.data(), static_cast<int>(private_pem.size())));
  const PKey key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  return write_public(key.get());
}

std::string jwks_json(const std::vector<Key>& keys) {
  std::string out = "{\"keys\":[";
  for (const Key& key : keys) {
    const PKey read = read_public(key.pem);
    if (!read || EVP_PKEY_is_a(read.get(), "RSA") != 1) continue;
    if (!out.ends_with('[')) out += ',';
    out +=
        R"({"alg":"RS256","e":")" + number_text(read.get(), OSSL_PKEY_PARAM_RSA_E) + R"(","kid":)";
    append_json_string(out, key.id);
    out += R"(,"kty":"RSA","n":")" + number_text(read.get(), OSSL_PKEY_PARAM_RSA_N) +
           R"(","use":"sig"})";
  }
  return out + "]}";
}

std::optional<std::vector<Key>> read_jwks(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::array items;
  if (parser.parse(json.data(), json.size())["keys"].get(items) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  std::vector<Key> keys;
  size_t count = 0;
  for (const auto item : items) {
    simdjson::dom::object jwk;
    if (++count > kJwksKeysMax || item.get(jwk) != simdjson::SUCCESS) break;
    if (auto key = read_jwk(jwk)) keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace tideway::oidc
