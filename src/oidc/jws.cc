#include "oidc/jws.h"

#include <jwt.h>
#include <simdjson.h>

#include <cstdlib>
#include <memory>

#include "base/base64url.h"

namespace tideway::oidc {
namespace {

/// A longer text is refused before any work is done on it.
constexpr size_t kTextSizeBytesMax = 8192;

struct FreeJwt {
  void operator()(jwt_t* jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, FreeJwt>;

jwt_alg_t native(Algorithm algorithm) {
  return algorithm == Algorithm::kRs256 ? JWT_ALG_RS256 : JWT_ALG_ES256;
}

struct Header {
  std::string algorithm;
  std::string key_id;
};

std::optional<Header> read_header(std::string_view encoded) {
  const auto text = from_base64url(encoded);
  if (!text) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(*text).get(object) != simdjson::SUCCESS) return std::nullopt;
  Header header;
  for (const auto& [name, value] : object) {
    if (name == "crit") return std::nullopt;
    std::string* member = name == "alg"   ? &header.algorithm
                          : name == "kid" ? &header.key_id
                                          : nullptr;
    if (member == nullptr) continue;
    std::string_view member_text;
    // A name that comes twice would be read differently by different readers.
    if (!member->empty() || value.get(member_text) != simdjson::SUCCESS) return std::nullopt;
    *member = member_text;
  }
  return header;
}

}  // namespace

std::string_view name_of(Algorithm algorithm) {
  return algorithm == Algorithm::kRs256 ? "RS256" : "ES256";
}

std::string sign_jws(std::string_view claims_json, const Key& key) {
  jwt_t* made = nullptr;
  if (jwt_new(&made) != 0) return {};
  const Jwt jwt(made);
  if (jwt_add_grants_json(made, std::string(claims_json).c_str()) != 0 ||
      jwt_add_header(made, "kid", key.id.c_str()) != 0 ||
      jwt_set_alg(made, native(key.algorithm),
                  reinterpret_cast<const unsigned char*>(key.pem.data()),
                  static_cast<int>(key.pem.size())) != 0) {
    return {};
  }
  const std::unique_ptr<char, void (*)(void*)> text(jwt_encode_str(made), std::free);
  return text ? std::string(text.get()) : std::string();
}

std::optional<std::string> open_jws(std::string_view text, const FindKey& find) {
  if (text.size() > kTextSizeBytesMax) return std::nullopt;
  const size_t first = text.find('.');
  const size_t second = text.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto header = read_header(text.substr(0, first));
  if (!header || header->key_id.empty()) return std::nullopt;
  const auto key = find(header->key_id);
  if (!key || header->algorithm != name_of(key->algorithm)) return std::nullopt;
  jwt_t* read = nullptr;
  const std::string terminated(text);
  const int failed =
      jwt_decode(&read, terminated.c_str(), reinterpret_cast<const unsigned char*>(key->pem.data()),
                 static_cast<int>(key->pem.size()));
  const Jwt jwt(read);
  // Once more with what the library itself has read: a public key must never serve as a secret.
  if (failed != 0 || jwt_get_alg(read) != native(key->algorithm)) return std::nullopt;
  return from_base64url(text.substr(first + 1, second - first - 1));
}

}  // namespace tideway::oidc
