// The rules of one account that need no storage: forms of its fields, and how clients see it.
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "account/accounts.h"
#include "base/text.h"
#include "base/time.h"

namespace tideway::account {
namespace {

constexpr std::array<std::string_view, 6> kRoles = {
    "brokered", "clinic", "clinician", "custodial_account", "migrated_clinic", "patient"};

/// RFC 5321 allows no longer address; the limit also bounds the key of the e-mail index.
constexpr size_t kEmailSizeBytesMax = 254;

constexpr size_t kPasswordCharactersMin = 8;
constexpr size_t kPasswordCharactersMax = 72;

/// An account without an address of its own has this one, which is never shown
/// (docs/spec/http.md 2.1).
constexpr std::string_view kTemporaryPrefix = "unclaimed-custodial-automation+";
constexpr std::string_view kTemporarySuffix = "@tidepool.org";
constexpr size_t kTemporaryDigits = 20;

/// White space as the reference's regular expressions know it: no vertical tab, nothing beyond
/// ASCII.
bool is_space(char c) { return c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// ([-a-z0-9]+\.)+[a-z]{2,} in any case.
bool is_domain(std::string_view text) {
  const size_t last_dot = text.rfind('.');
  if (last_dot == std::string_view::npos || last_dot == 0) return false;
  const std::string_view top = text.substr(last_dot + 1);
  if (top.size() < 2 || !std::ranges::all_of(top, is_letter)) return false;
  char previous = '.';
  for (const char c : text.substr(0, last_dot + 1)) {
    if (c == '.' ? previous == '.' : c != '-' && !is_digit(c) && !is_letter(c)) return false;
    previous = c;
  }
  return true;
}

}  // namespace

bool is_temporary_email(std::string_view email) {
  if (email.size() != kTemporaryPrefix.size() + kTemporaryDigits + kTemporarySuffix.size()) {
    return false;
  }
  return email.starts_with(kTemporaryPrefix) && email.ends_with(kTemporarySuffix) &&
         std::ranges::all_of(email.substr(kTemporaryPrefix.size(), kTemporaryDigits), is_digit);
}

std::string temporary_email() {
  uint64_t random = 0;
  randombytes_buf(&random, sizeof(random));
  return fmt::format("{}{:0{}}{}", kTemporaryPrefix, random, kTemporaryDigits, kTemporarySuffix);
}

namespace {

/// The layout of docs/spec/http.md 2.1: whole seconds and always a numeric offset.
std::string terms_accepted_text(int64_t milliseconds) {
  std::string text = format_utc_milliseconds(milliseconds - milliseconds % 1000);
  if (text.ends_with('Z')) text.replace(text.size() - 1, 1, "+00:00");
  return text;
}

}  // namespace

bool is_role(std::string_view role) { return std::ranges::find(kRoles, role) != kRoles.end(); }

bool is_email(std::string_view text) {
  if (text.size() > kEmailSizeBytesMax) return false;
  const size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos) return false;
  return std::ranges::none_of(text.substr(0, at), is_space) && is_domain(text.substr(at + 1));
}

bool is_password(std::string_view text) {
  const size_t count = code_point_count(text);
  return count >= kPasswordCharactersMin && count <= kPasswordCharactersMax &&
         std::ranges::none_of(text, is_space);
}

std::string user_json(const User& user, Audience audience) {
  const bool shows_email = !user.email.empty() && !is_temporary_email(user.email);
  std::string out = "{";
  if (!user.email.empty()) {
    out += user.email_verified ? "\"emailVerified\":true," : "\"emailVerified\":false,";
  }
  if (shows_email) {
    out += "\"emails\":[";
    append_json_string(out, user.email);
    out += "],";
  }
  if (audience == Audience::kServer) {
    out += user.password_hash.empty() ? "\"passwordExists\":false," : "\"passwordExists\":true,";
  }
  if (!user.roles.empty()) {
    out += "\"roles\":";
    char before = '[';
    for (const std::string& role : user.roles) {
      out += before;
      append_json_string(out, role);
      before = ',';
    }
    out += "],";
  }
  if (user.terms_accepted_ms != 0) {
    out += "\"termsAccepted\":";
    append_json_string(out, terms_accepted_text(user.terms_accepted_ms));
    out += ',';
  }
  out += "\"userid\":";
  append_json_string(out, user.id);
  if (shows_email) {
    out += ",\"username\":";
    append_json_string(out, user.email);
  }
  out += '}';
  return out;
}

}  // namespace tideway::account
