// Signed tokens with a key pair (RFC 7515), by way of libjwt and OpenSSL.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tideway::oidc {

enum class Algorithm { kRs256, kEs256 };

/// "RS256" or "ES256".
std::string_view name_of(Algorithm algorithm);

/// One key. `pem` is the private key where it signs, the public one where it verifies.
struct Key {
  std::string id;  ///< header kid
  Algorithm algorithm = Algorithm::kRs256;
  std::string pem;
};

/// Empty when the key cannot sign.
std::string sign_jws(std::string_view claims_json, const Key& key);

/// The public key of that id, or nothing.
using FindKey = std::function<std::optional<Key>(std::string_view key_id)>;

/// The claims, if `text` is signed by a key that `find` knows. The algorithm is that of the key:
/// what the header says must be the same, and is believed in nothing else. Header members that
/// bring a key along (jwk, jku, x5c, x5u) are not looked at, `crit` is refused. What kind of
/// token it is, the claims have to say.
std::optional<std::string> open_jws(std::string_view text, const FindKey& find);

}  // namespace tideway::oidc
