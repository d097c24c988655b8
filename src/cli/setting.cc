#include "cli/setting.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "oidc/clients.h"
#include "server/forwarded.h"

namespace tideway::cli {

namespace {

using Reason = std::expected<void, std::string>;

constexpr std::array<std::string_view, 2> kRegistrations{"closed", "open"};
constexpr std::array<std::string_view, 6> kLogLevels{"trace", "debug", "info",
                                                     "warn",  "error", "off"};
constexpr uint32_t kDaySeconds = 24 * 3600;
constexpr uint32_t kDaysMax = 36'500;

// The order is that of the help page. The smallest body limit follows from docs/spec/http.md 3.6: a
// block of 1000 records must never be refused for its size.
const std::array kSettings{
    Setting{.key = "data_dir",
            .member = &Config::data_dir,
            .help = "directory that holds all data",
            .form = Form::kNotEmpty},
    Setting{.key = "listen",
            .member = &Config::listen,
            .help = "address to serve on, HOST:PORT; port 0 takes a free one",
            .form = Form::kAddress},
    Setting{.key = "registration",
            .member = &Config::registration,
            .help = "who may create accounts over HTTP: nobody (closed) or anybody (open)",
            .form = Form::kChoice,
            .choices = kRegistrations},
    Setting{.key = "verify_new_accounts",
            .member = &Config::verify_new_accounts,
            .help = "let new accounts log in without confirming their e-mail address"},
    Setting{.key = "demo",
            .member = &Config::demo,
            .help = "create a demo account and print how to use it"},
    Setting{.key = "service_secret",
            .member = &Config::service_secret,
            .help = "what services send in X-Tidepool-Service-Secret and -Server-Secret",
            .form = Form::kSecret},
    Setting{.key = "log_level",
            .member = &Config::log_level,
            .help = "how much to log: trace, debug, info, warn, error or off",
            .form = Form::kChoice,
            .choices = kLogLevels},
    Setting{.key = "io_threads",
            .member = &Config::io_threads,
            .help = "threads that move bytes",
            .min = 1,
            .max = 256},
    Setting{.key = "worker_threads",
            .member = &Config::worker_threads,
            .help = "threads that answer requests",
            .min = 1,
            .max = 1024},
    Setting{.key = "connections_max",
            .member = &Config::connections_max,
            .help = "connections open at a time",
            .min = 1,
            .max = 1'000'000},
    Setting{.key = "queued_requests_max",
            .member = &Config::queued_requests_max,
            .help = "requests that may wait for a worker; beyond it 503",
            .min = 0,
            .max = 1'000'000},
    Setting{.key = "queue_wait_ms_max",
            .member = &Config::queue_wait_ms_max,
            .help = "milliseconds that a request may wait for a worker; beyond it 503, for new "
                    "ones from half of it on",
            .min = 1,
            .max = 60'000},
    Setting{.key = "patient_requests_max",
            .member = &Config::patient_requests_max,
            .help = "requests that may wait for a worker however long, as those of a household do",
            .min = 0,
            .max = 1'000'000},
    Setting{.key = "header_size_kib_max",
            .member = &Config::header_size_kib_max,
            .help = "largest request line and header together in KiB",
            .min = 8,
            .max = 16 * 1024},
    Setting{.key = "body_size_mib_max",
            .member = &Config::body_size_mib_max,
            .help = "largest request body in MiB",
            .min = 32,
            .max = 1024},
    Setting{.key = "bodies_in_flight_mib_max",
            .member = &Config::bodies_in_flight_mib_max,
            .help = "all request bodies held at a time in MiB; beyond it 503",
            .min = 64,
            .max = 1024 * 1024},
    Setting{.key = "streams_in_flight_mib_max",
            .member = &Config::streams_in_flight_mib_max,
            .help = "memory of all streamed answers in MiB; beyond it those are closed whose "
                    "clients do not read, or 503",
            .min = 16,
            .max = 1024 * 1024},
    Setting{.key = "opened_blocks_mib_max",
            .member = &Config::opened_blocks_mib_max,
            .help = "memory of blocks kept open for further fetches in MiB; 0 for none",
            .min = 0,
            .max = 1024 * 1024},
    Setting{.key = "write_buffers_mib_max",
            .member = &Config::write_buffers_mib_max,
            .help = "memory of what is on disk in the log only, and in no table file yet, in MiB",
            .min = 8,
            .max = 16 * 1024},
    Setting{.key = "header_timeout_s",
            .member = &Config::header_timeout_s,
            .help = "seconds for a request's header to arrive",
            .min = 1,
            .max = kDaySeconds},
    Setting{.key = "body_timeout_s",
            .member = &Config::body_timeout_s,
            .help = "seconds for every 64 KiB of a request's body to arrive",
            .min = 1,
            .max = kDaySeconds},
    Setting{.key = "write_timeout_s",
            .member = &Config::write_timeout_s,
            .help = "seconds for a client to take every 64 KiB of an answer",
            .min = 1,
            .max = kDaySeconds},
    Setting{.key = "idle_timeout_s",
            .member = &Config::idle_timeout_s,
            .help = "seconds that a connection may wait for its next request",
            .min = 1,
            .max = kDaySeconds},
    Setting{.key = "deleted_days_kept",
            .member = &Config::deleted_days_kept,
            .help = "days in which deleting a data set can be undone",
            .min = 0,
            .max = kDaysMax},
    Setting{.key = "empty_set_days_kept",
            .member = &Config::empty_set_days_kept,
            .help = "days after which an open data set without a record is swept away",
            .min = 0,
            .max = kDaysMax},
    Setting{
        .key = "superseded_days_kept",
        .member = &Config::superseded_days_kept,
        .help = "days after which records that a later upload superseded are destroyed; 0: never",
        .min = 0,
        .max = kDaysMax},
    Setting{.key = "failed_logins_per_account_max",
            .member = &Config::failed_logins_per_account_max,
            .help = "wrong passwords for an account in 15 minutes; 0: no limit",
            .min = 0,
            .max = 1'000'000},
    Setting{.key = "failed_logins_per_address_max",
            .member = &Config::failed_logins_per_address_max,
            .help = "wrong passwords from an address in 15 minutes; 0: no limit",
            .min = 0,
            .max = 1'000'000},
    Setting{.key = "requests_per_minute_max",
            .member = &Config::requests_per_minute_max,
            .help = "requests with one token in a minute; 0: no limit",
            .min = 0,
            .max = 60'000'000},
    Setting{.key = "audit_dir",
            .member = &Config::audit_dir,
            .help = "directory of the audit log; none means audit in the data directory"},
    Setting{.key = "audit_file_mib_max",
            .member = &Config::audit_file_mib_max,
            .help = "size in MiB at which the audit log begins a new file",
            .min = 1,
            .max = 4096},
    Setting{.key = "audit_files_max",
            .member = &Config::audit_files_max,
            .help = "files of the audit log that are kept, the oldest are deleted",
            .min = 2,
            .max = 100'000},
    Setting{.key = "cors_origins",
            .member = &Config::cors_origins,
            .help = "web origins whose pages may call; none means any",
            .form = Form::kOrigin},
    Setting{.key = "public_url",
            .member = &Config::public_url,
            .help = "where clients reach this server, https://HOST; switches login with OIDC on",
            .form = Form::kUrl},
    Setting{.key = "oidc_realm",
            .member = &Config::oidc_realm,
            .help = "name in the paths of OIDC; xDrip+ and AndroidAPS need the default",
            .form = Form::kName},
    Setting{.key = "oidc_redirects",
            .member = &Config::oidc_redirects,
            .help = "further clients, CLIENT_ID=REDIRECT_URI; an address may end with /*",
            .form = Form::kRedirect},
    Setting{.key = "login_days",
            .member = &Config::login_days,
            .help = "days that a login with OIDC lasts without being used",
            .min = 1,
            .max = 3650},
    Setting{.key = "issuer_url",
            .member = &Config::issuer_url,
            .help = "OpenID issuer whose access tokens are accepted, instead of public_url",
            .form = Form::kIssuer},
    Setting{.key = "issuer_audience",
            .member = &Config::issuer_audience,
            .help = "what those tokens must name in aud; empty: anything"},
    Setting{.key = "issuer_creates_users",
            .member = &Config::issuer_creates_users,
            .help = "make an account when somebody comes from there for the first time"},
    Setting{.key = "uploader_local",
            .member = &Config::uploader_local,
            .help = "also serve the desktop Uploader on this computer: its server choice Local"},
    Setting{.key = "uploader_local_addresses",
            .member = &Config::uploader_local_addresses,
            .help = "where: for its API, its uploads, its data",
            .form = Form::kLoopback},
    Setting{
        .key = "tls_certificate",
        .member = &Config::tls_certificate,
        .help = "PEM file with the certificate chain to serve HTTPS with; read again on SIGHUP"},
    Setting{.key = "tls_key",
            .member = &Config::tls_key,
            .help = "PEM file with the key of the certificate"},
    Setting{.key = "trusted_proxies",
            .member = &Config::trusted_proxies,
            .help = "addresses or networks of proxies whose X-Forwarded-* headers are believed",
            .form = Form::kNetwork},
};

/// The text behind the last ':' is a port, and something stands before it: "[::1]:80", "host:0".
bool is_address(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  // An IPv6 address without brackets cannot be told from its port.
  const bool has_brackets = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  if (!has_brackets && host.find_first_of(":[]/ ") != std::string_view::npos) return false;
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc{} && end == port.data() + port.size();
}

bool is_origin(std::string_view text) {
  const size_t scheme = text.find("://");
  if (scheme == 0 || scheme == std::string_view::npos) return false;
  return text.find_first_of("/ *,", scheme + 3) == std::string_view::npos;
}

/// As in the claim iss: no query, no fragment, no slash at the end.
bool is_issuer(std::string_view text) {
  const size_t scheme = text.find("://");
  return scheme != std::string_view::npos && scheme + 3 < text.size() && !text.ends_with('/') &&
         text.find_first_of("?# ,", scheme + 3) == std::string_view::npos;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
}

/// Header values are trimmed on their way, so a secret with blanks would never match.
bool is_secret(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

Reason check_text(const Setting& setting, std::string_view text) {
  switch (setting.form) {
    case Form::kAny:
      return {};
    case Form::kNotEmpty:
      if (!text.empty()) return {};
      return std::unexpected("must not be empty");
    case Form::kAddress:
      if (is_address(text)) return {};
      return std::unexpected(fmt::format("'{}' is not HOST:PORT", text));
    case Form::kChoice:
      if (std::ranges::find(setting.choices, text) != setting.choices.end()) return {};
      return std::unexpected(
          fmt::format("'{}' is not one of {}", text, fmt::join(setting.choices, ", ")));
    case Form::kSecret:
      // The value itself must not get into a log.
      if (is_secret(text)) return {};
      return std::unexpected("must consist of visible ASCII characters");
    case Form::kOrigin:
      if (is_origin(text)) return {};
      return std::unexpected(
          fmt::format("'{}' is not an origin such as https://app.example.org", text));
    case Form::kUrl:
      if (text.empty() || (text.starts_with("http") && is_origin(text))) return {};
      return std::unexpected(fmt::format("'{}' is not https://HOST or http://HOST:PORT", text));
    case Form::kIssuer:
      if (text.empty() || (text.starts_with("http") && is_issuer(text))) return {};
      return std::unexpected(fmt::format("'{}' is not https://HOST/PATH", text));
    case Form::kLoopback:
      if (is_address(text) && (text.starts_with("127.") || text.starts_with("[::1]"))) return {};
      return std::unexpected(fmt::format("'{}' is not 127.0.0.1:PORT", text));
    case Form::kName:
      if (is_name(text)) return {};
      return std::unexpected(fmt::format("'{}' is not made of letters, digits, - and _", text));
    case Form::kRedirect:
      if (oidc::Clients::is_setting(text)) return {};
      return std::unexpected(fmt::format("'{}' is not CLIENT_ID=REDIRECT_URI", text));
    case Form::kNetwork:
      if (server::Network::parse(text)) return {};
      return std::unexpected(
          fmt::format("'{}' is not an address or a network such as 10.0.0.0/8", text));
  }
  return {};
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

Reason set_number(uint32_t& member, const Setting& setting, std::string_view text) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  if (!is_number || number < setting.min || number > setting.max) {
    return std::unexpected(
        fmt::format("'{}' is not a whole number from {} to {}", text, setting.min, setting.max));
  }
  member = number;
  return {};
}

Reason set_switch(bool& member, std::string_view text) {
  if (text != "true" && text != "false") {
    return std::unexpected(fmt::format("'{}' is not true or false", text));
  }
  member = text == "true";
  return {};
}

/// "TIDEWAY_" + "data_dir" in upper case, or "--" + "data-dir".
std::string derive_name(std::string_view prefix, std::string_view key, bool is_variable) {
  std::string name(prefix);
  for (const char c : key) {
    if (is_variable) {
      name.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    } else {
      name.push_back(c == '_' ? '-' : c);
    }
  }
  return name;
}

}  // namespace

std::string Setting::flag() const { return derive_name("--", key, false); }

std::string Setting::variable() const { return derive_name("TIDEWAY_", key, true); }

std::span<const Setting> settings() { return kSettings; }

const Setting* find_setting(std::string_view key) {
  const auto* found = std::ranges::find(kSettings, key, &Setting::key);
  return found == kSettings.end() ? nullptr : found;
}

std::expected<void, std::string> set_from_text(Config& config, const Setting& setting,
                                               std::string_view text) {
  if (const auto* number = std::get_if<uint32_t Config::*>(&setting.member)) {
    return set_number(config.**number, setting, text);
  }
  if (const auto* flag = std::get_if<bool Config::*>(&setting.member)) {
    return set_switch(config.**flag, text);
  }
  if (const auto* member = std::get_if<std::string Config::*>(&setting.member)) {
    if (auto checked = check_text(setting, text); !checked) return checked;
    config.** member = text;
    return {};
  }
  return set_list(config, setting, split_at_commas(text));
}

std::expected<void, std::string> set_list(Config& config, const Setting& setting,
                                          const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    if (auto checked = check_text(setting, text); !checked) return checked;
  }
  config.*std::get<std::vector<std::string> Config::*>(setting.member) = texts;
  return {};
}

std::string default_text(const Setting& setting) {
  const Config defaults;
  if (const auto* list = std::get_if<std::vector<std::string> Config::*>(&setting.member)) {
    return fmt::format("{}", fmt::join(defaults.**list, ","));
  }
  return std::visit([&](const auto member) { return fmt::format("{}", defaults.*member); },
                    setting.member);
}

}  // namespace tideway::cli
