// The configuration: what it holds and how it is put together.
//
// Every setting may come from a flag, an environment variable, the TOML file, or its default; the
// first of these that gives one wins. All four are served from the one table in setting.cc. What is
// unknown or malformed is refused, wherever it stands: a misspelt setting that is silently ignored
// is how servers end up open to the world.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tideway::cli {

/// The initial values are the defaults. What each member means stands in setting.cc, which is also
/// what `tideway help serve` prints.
struct Config {
  std::string data_dir = "tideway-data";
  std::string listen = "127.0.0.1:8009";
  std::string registration = "closed";  ///< or "open"
  bool verify_new_accounts = true;
  bool demo = false;
  std::string service_secret = {};  ///< empty: no service can call
  std::string log_level = "info";
  uint32_t io_threads = 2;
  uint32_t worker_threads = 32;
  uint32_t connections_max = 16'000;
  uint32_t queued_requests_max = 1024;
  uint32_t queue_wait_ms_max = 200;
  uint32_t patient_requests_max = 32;
  uint32_t header_size_kib_max = 1024;
  uint32_t body_size_mib_max = 64;
  uint32_t bodies_in_flight_mib_max = 512;
  uint32_t streams_in_flight_mib_max = 128;
  uint32_t opened_blocks_mib_max = 16;  ///< 0: none are kept
  uint32_t write_buffers_mib_max = 128;
  uint32_t header_timeout_s = 30;
  uint32_t body_timeout_s = 60;
  uint32_t write_timeout_s = 60;
  uint32_t idle_timeout_s = 75;
  uint32_t deleted_days_kept = 30;
  uint32_t empty_set_days_kept = 7;
  uint32_t superseded_days_kept = 0;  ///< 0: for ever
  uint32_t failed_logins_per_account_max = 10;
  uint32_t failed_logins_per_address_max = 100;
  uint32_t requests_per_minute_max = 60'000;  ///< 0: no limit
  std::string audit_dir = {};                 ///< empty: "audit" in the data directory
  uint32_t audit_file_mib_max = 64;
  uint32_t audit_files_max = 100;
  std::vector<std::string> cors_origins = {};  ///< empty: any origin
  std::string public_url = {};                 ///< empty: no login with OIDC
  std::string oidc_realm = "tidepool";
  std::vector<std::string> oidc_redirects = {};
  uint32_t login_days = 180;
  std::string issuer_url = {};  ///< empty: nobody else logs users in
  std::string issuer_audience = {};
  bool issuer_creates_users = false;
  bool uploader_local = false;
  std::vector<std::string> uploader_local_addresses{"127.0.0.1:8009", "127.0.0.1:9122",
                                                    "127.0.0.1:9220"};
  std::string tls_certificate = {};  ///< empty: plain HTTP
  std::string tls_key = {};
  std::vector<std::string> trusted_proxies = {};

  bool operator==(const Config&) const = default;
};

/// Where settings come from, as plain values so that a test can give its own.
struct ConfigSources {
  std::optional<std::string> file;                         ///< --config; else TIDEWAY_CONFIG
  std::vector<std::string> environment;                    ///< NAME=VALUE, as in environ
  std::vector<std::pair<std::string, std::string>> flags;  ///< key and text, "listen" "[::]:80"
};

/// One line for each thing wrong, with the place: "tideway.toml:7: unknown setting 'lisen'; …".
using Problems = std::vector<std::string>;

std::expected<Config, Problems> load_config(const ConfigSources& sources);

/// The environment of this process.
std::vector<std::string> process_environment();

}  // namespace tideway::cli
