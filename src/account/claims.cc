#include "account/claims.h"

#include <simdjson.h>

#include "base/number.h"
#include "base/text.h"

namespace tideway::account {
namespace {

void append_string_claim(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
}

void append_number_claim(std::string& out, std::string_view name, int64_t value) {
  out += ',';
  append_json_string(out, name);
  out += ':';
  append_integer(out, value);
}

bool read(simdjson::dom::object claims, std::string_view name, std::string& value) {
  std::string_view text;
  if (claims[name].get(text) != simdjson::SUCCESS) return false;
  value = text;
  return true;
}

bool read(simdjson::dom::object claims, std::string_view name, int64_t& value) {
  return claims[name].get(value) == simdjson::SUCCESS;
}

}  // namespace

std::string claims_json(const Token& token, std::string_view issuer) {
  std::string out = "{";
  append_string_claim(out, "aud", issuer);
  if (!token.client_id.empty()) append_string_claim(out, "azp", token.client_id);
  append_number_claim(out, "dur", token.duration_s);
  out += token.email_verified ? ",\"email_verified\":true" : ",\"email_verified\":false";
  append_number_claim(out, "exp", token.expires_s);
  append_number_claim(out, "iat", token.issued_s);
  append_number_claim(out, "ims", token.issued_ms);
  append_string_claim(out, "iss", issuer);
  append_string_claim(out, "jti", token.id);
  out += token.is_server ? ",\"realm_access\":{\"roles\":[\"backend_service\"]}"
                         : ",\"realm_access\":{\"roles\":[]}";
  append_string_claim(out, "sub", token.user_id);
  append_string_claim(out, "svr", token.is_server ? "yes" : "no");
  append_string_claim(out, "usr", token.user_id);
  out += '}';
  return out;
}

std::optional<Token> read_claims(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object claims;
  if (parser.parse(json.data(), json.size()).get(claims) != simdjson::SUCCESS) return std::nullopt;
  Token token;
  std::string server;
  if (!read(claims, "jti", token.id) || !read(claims, "usr", token.user_id) ||
      !read(claims, "svr", server) || !read(claims, "iat", token.issued_s) ||
      !read(claims, "exp", token.expires_s) || !read(claims, "dur", token.duration_s) ||
      claims["email_verified"].get(token.email_verified) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  if (server != "yes" && server != "no") return std::nullopt;
  token.is_server = server == "yes";
  read(claims, "azp", token.client_id);
  // Tokens of an earlier version tell the second only.
  if (!read(claims, "ims", token.issued_ms)) token.issued_ms = token.issued_s * 1000;
  return token;
}

}  // namespace tideway::account
