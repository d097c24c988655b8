// Public keys as JSON Web Keys (RFC 7517), both ways.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/jws.h"

namespace tideway::oidc {

/// A new private key of 2048 bits in PEM form; empty when that failed.
std::string make_rsa_key();

/// The public half of a private key, in PEM form; empty when it cannot be read.
std::string public_pem(std::string_view private_pem);

/// {"keys":[…]} of public keys; those that cannot be read are left out.
std::string jwks_json(const std::vector<Key>& keys);

/// The keys of a set that can verify RS256 or ES256; others, and those without an id, are left
/// out. Nothing when the text is no key set. At most kJwksKeysMax are read.
std::optional<std::vector<Key>> read_jwks(std::string_view json);

inline constexpr size_t kJwksKeysMax = 64;

}  // namespace tideway::oidc
