// In the user's partition:
//
//   "c" SHA-256 of the code → code
//   code  := version:byte = 1 client_id:bytes redirect_uri:bytes challenge:bytes nonce:bytes
//            scope:bytes grant_id:bytes auth_time_s:signed-varint expires_s:signed-varint used:byte
//   "G" grant id → grant
//   grant := version:byte = 1 client_id:bytes scope:bytes nonce:bytes auth_time_s:signed-varint
//            expires_s:signed-varint secret:32 used:varint children_from:varint latest:varint
//            grace_from:varint grace_until_s:signed-varint
#include "oidc/grant.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/base64url.h"
#include "base/coding.h"
#include "base/ids.h"

namespace tideway::oidc {
namespace {

constexpr char kVersion = 1;
constexpr std::string_view kRefreshVersion = "r1";

std::string authenticator(const Secret& secret, std::string_view grant_id, uint64_t number) {
  std::string message(grant_id);
  put_big_endian64(message, number);
  std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
  static_assert(std::tuple_size_v<Secret> == crypto_auth_hmacsha256_KEYBYTES);
  crypto_auth_hmacsha256(reinterpret_cast<uint8_t*>(mac.data()),
                         reinterpret_cast<const uint8_t*>(message.data()), message.size(),
                         secret.data());
  return mac;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Grant::Verdict Grant::use(uint64_t number, int64_t now_s, int64_t grace_s) {
  if (number >= children_from) {
    // A client has what the last use brought it: now its siblings and parents go.
    grace_from = used == 0 ? children_from : used;
    grace_until_s = now_s + grace_s;
    used = number;
    children_from = latest + 1;
  } else if (number != used && (number < grace_from || now_s > grace_until_s)) {
    return Verdict::kReplayed;
  }
  ++latest;
  return Verdict::kGood;
}

std::string encode_code(const Code& code) {
  std::string out(1, kVersion);
  for (const auto* text : {&code.client_id, &code.redirect_uri, &code.challenge, &code.nonce,
                           &code.scope, &code.grant_id}) {
    put_bytes(out, *text);
  }
  put_signed_varint(out, code.auth_time_s);
  put_signed_varint(out, code.expires_s);
  out += code.used ? '\1' : '\0';
  return out;
}

std::optional<Code> decode_code(std::string_view bytes) {
  Decoder in(bytes);
  if (in.byte() != kVersion) return std::nullopt;
  Code code;
  for (auto* text : {&code.client_id, &code.redirect_uri, &code.challenge, &code.nonce, &code.scope,
                     &code.grant_id}) {
    *text = in.bytes();
  }
  code.auth_time_s = in.signed_varint();
  code.expires_s = in.signed_varint();
  code.used = in.byte() != 0;
  if (!in.at_end()) return std::nullopt;
  return code;
}

std::string encode_grant(const Grant& grant) {
  std::string out(1, kVersion);
  put_bytes(out, grant.client_id);
  put_bytes(out, grant.scope);
  put_bytes(out, grant.nonce);
  put_signed_varint(out, grant.auth_time_s);
  put_signed_varint(out, grant.expires_s);
  out.append(reinterpret_cast<const char*>(grant.secret.data()), grant.secret.size());
  for (const uint64_t number : {grant.used, grant.children_from, grant.latest, grant.grace_from}) {
    put_varint(out, number);
  }
  put_signed_varint(out, grant.grace_until_s);
  return out;
}

std::optional<Grant> decode_grant(std::string_view id, std::string_view bytes) {
  Decoder in(bytes);
  if (in.byte() != kVersion) return std::nullopt;
  Grant grant;
  grant.id = id;
  grant.client_id = in.bytes();
  grant.scope = in.bytes();
  grant.nonce = in.bytes();
  grant.auth_time_s = in.signed_varint();
  grant.expires_s = in.signed_varint();
  std::ranges::copy(in.raw(grant.secret.size()), grant.secret.begin());
  for (auto* number : {&grant.used, &grant.children_from, &grant.latest, &grant.grace_from}) {
    *number = in.varint();
  }
  grant.grace_until_s = in.signed_varint();
  if (!in.at_end()) return std::nullopt;
  return grant;
}

std::string refresh_token_text(std::string_view user_id, const Grant& grant, uint64_t number) {
  std::string text(kRefreshVersion);
  for (const std::string& part : {std::string(user_id), grant.id, std::to_string(number),
                                  to_base64url(authenticator(grant.secret, grant.id, number))}) {
    text += '.';
    text += part;
  }
  return text;
}

std::optional<RefreshToken> parse_refresh_token(std::string_view text) {
  constexpr size_t kSizeBytesMax = 256;
  if (text.size() > kSizeBytesMax) return std::nullopt;
  const auto parts = split(text, '.');
  if (parts.size() != 5 || parts[0] != kRefreshVersion) return std::nullopt;
  RefreshToken token{
      .user_id = std::string(parts[1]), .grant_id = std::string(parts[2]), .authenticator = {}};
  const auto [end, error] =
      std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), token.number);
  auto mac = from_base64url(parts[4]);
  if (error != std::errc{} || end != parts[3].data() + parts[3].size() || !mac ||
      !is_user_id(token.user_id) || !is_data_id(token.grant_id)) {
    return std::nullopt;
  }
  token.authenticator = *std::move(mac);
  return token;
}

bool is_authentic(const RefreshToken& token, const Grant& grant) {
  const std::string expected = authenticator(grant.secret, grant.id, token.number);
  return token.authenticator.size() == expected.size() &&
         sodium_memcmp(token.authenticator.data(), expected.data(), expected.size()) == 0;
}

}  // namespace tideway::oidc
