#include "record/text_forms.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace tideway::record {
namespace {

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool contains(std::string_view set, char c) { return set.find(c) != set.npos; }

/// Every % is followed by two hex digits.
bool has_valid_escapes(std::string_view text) {
  for (size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
    if (at + 2 >= text.size() || hex_value(text[at + 1]) < 0 || hex_value(text[at + 2]) < 0) {
      return false;
    }
  }
  return true;
}

/// The scheme before the first ':', empty when there is none.
std::string_view scheme_of(std::string_view url) {
  const size_t end = url.find(':');
  if (end == url.npos || end == 0 || !is_letter(url.front())) return {};
  const std::string_view scheme = url.substr(0, end);
  const bool valid =
      std::ranges::all_of(scheme, [](char c) { return is_alphanumeric(c) || contains("+-.", c); });
  return valid ? scheme : std::string_view();
}

bool is_user_info(std::string_view text) {
  return has_valid_escapes(text) && std::ranges::all_of(text, [](char c) {
           return is_alphanumeric(c) || contains("-._:~!$&'()*+,;=%@", c);
         });
}

/// Nothing, or a ':' with digits behind it.
bool is_optional_port(std::string_view text) {
  if (text.empty()) return true;
  return text.front() == ':' && std::ranges::all_of(text.substr(1), is_digit);
}

bool is_ip_literal(std::string_view inside) {
  const std::string address(inside.substr(0, inside.find("%25")));
  in6_addr parsed;
  return inet_pton(AF_INET6, address.c_str(), &parsed) == 1;
}

/// Letters of a host name; a % may only escape bytes outside ASCII.
bool is_host_name(std::string_view host) {
  if (!has_valid_escapes(host)) return false;
  for (size_t i = 0; i < host.size(); ++i) {
    const char c = host[i];
    if (c == '%') {
      if (hex_value(host[i + 1]) < 8 && host.substr(i, 3) != "%25") return false;
    } else if (static_cast<signed char>(c) >= 0 && !is_alphanumeric(c) &&
               !contains("-_.~!$&'()*+,;=:[]<>\"", c)) {
      return false;
    }
  }
  return true;
}

bool is_host(std::string_view host) {
  if (host.empty()) return false;
  if (host.front() == '[') {
    const size_t end = host.rfind(']');
    return end != host.npos && is_optional_port(host.substr(end + 1)) &&
           is_ip_literal(host.substr(1, end - 1));
  }
  const size_t colon = host.rfind(':');
  return (colon == host.npos || is_optional_port(host.substr(colon))) && is_host_name(host);
}

}  // namespace

bool is_transmitter_id(std::string_view text) {
  return text.size() >= 5 && text.size() <= 64 && std::ranges::all_of(text, is_alphanumeric);
}

bool is_reverse_domain(std::string_view text) {
  size_t labels = 0;
  while (true) {
    const size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    const bool valid =
        !label.empty() && label.size() <= 63 && is_alphanumeric(label.front()) &&
        is_alphanumeric(label.back()) &&
        std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; });
    if (!valid) return false;
    ++labels;
    if (dot == text.npos) return labels > 1;
    text.remove_prefix(dot + 1);
  }
}

bool is_url(std::string_view text) {
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  if (std::ranges::any_of(text, is_control)) return false;
  const size_t hash = text.find('#');
  if (hash != text.npos && !has_valid_escapes(text.substr(hash + 1))) return false;
  std::string_view rest = text.substr(0, hash);
  const std::string_view scheme = scheme_of(rest);
  if (scheme.empty()) return false;
  rest.remove_prefix(scheme.size() + 1);
  rest = rest.substr(0, rest.find('?'));
  if (!rest.starts_with("//")) return false;
  rest.remove_prefix(2);
  const size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  const std::string_view path = slash == rest.npos ? std::string_view() : rest.substr(slash);
  const size_t at = authority.rfind('@');
  if (at != authority.npos && !is_user_info(authority.substr(0, at))) return false;
  return is_host(at == authority.npos ? authority : authority.substr(at + 1)) &&
         has_valid_escapes(path);
}

}  // namespace tideway::record
