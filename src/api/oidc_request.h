// What a client asks of the authorisation endpoint, read and checked (docs/spec/clients.md 4.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oidc/clients.h"

namespace tideway::api {

struct AuthorizationRequest {
  std::string client_id;
  std::string redirect_uri;
  bool fragment = false;  ///< response_mode
  std::string state;
  std::string nonce;
  std::string scope;
  std::string challenge;
  std::string login_hint;
  bool prompt_none = false;
  bool prompt_login = false;
  std::optional<int64_t> age_max_s;

  /// What is wrong with it. Without a redirect address that is known to be the client's nobody but
  /// the user may be told.
  enum class Verdict { kGood, kTellUser, kTellClient };
  Verdict verdict = Verdict::kGood;
  std::string error;        ///< of RFC 6749 section 4.1.2.1
  std::string description;  ///< in words
};

AuthorizationRequest read_authorization_request(std::string_view query,
                                                const oidc::Clients& clients);

using Parameters = std::vector<std::pair<std::string_view, std::string>>;

/// `uri` with parameters in its query or, if so wanted, its fragment; empty ones are left out.
std::string with_parameters(std::string_view uri, const Parameters& parameters,
                            bool fragment = false);

}  // namespace tideway::api
