// Where settings come from, which source wins, and every way in which one is refused.
#include "cli/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/ids.h"
#include "cli/setting.h"

namespace tideway::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() { std::filesystem::create_directories(directory_); }
  ~ConfigTest() override { std::filesystem::remove_all(directory_); }

  /// Writes the file and makes it the source.
  void file(const std::string& text) {
    sources_.file = path_;
    std::ofstream(path_) << text;
  }

  Config loaded() {
    const auto config = load_config(sources_);
    EXPECT_TRUE(config) << testing::PrintToString(config.error());
    return config.value_or(Config{});
  }

  /// The problems, with the directory of the file cut off.
  Problems refused() {
    const auto config = load_config(sources_);
    if (config) return {"accepted"};
    Problems problems = config.error();
    for (std::string& problem : problems) {
      if (problem.starts_with(directory_)) problem.erase(0, directory_.size() + 1);
    }
    return problems;
  }

  const std::string directory_ = testing::TempDir() + "tideway-config-" + random_id();
  const std::string path_ = directory_ + "/tideway.toml";
  ConfigSources sources_;
};

// --- sources -------------------------------------------------------------------------------------

TEST_F(ConfigTest, DefaultsAreValidAsTheyStand) {
  EXPECT_EQ(loaded(), Config{});
  // The default of each setting must pass its own check, so that the help page shows no lie.
  for (const Setting& setting : settings()) {
    Config config;
    EXPECT_TRUE(set_from_text(config, setting, default_text(setting))) << setting.key;
    EXPECT_EQ(config, Config{}) << setting.key;
  }
}

TEST_F(ConfigTest, ReadsTheSettingsFromTheFile) {
  file(R"(
data_dir = "/var/lib/tideway"
listen = "[::]:80"
registration = "open"
verify_new_accounts = false
demo = true
service_secret = "s3cr3t"
log_level = "debug"
io_threads = 3
worker_threads = 5
connections_max = 7
queued_requests_max = 8
queue_wait_ms_max = 9
patient_requests_max = 6
header_size_kib_max = 10
bodies_in_flight_mib_max = 64
streams_in_flight_mib_max = 65
opened_blocks_mib_max = 8
write_buffers_mib_max = 24
write_timeout_s = 14
body_size_mib_max = 32
header_timeout_s = 11
body_timeout_s = 12
idle_timeout_s = 13
failed_logins_per_account_max = 14
failed_logins_per_address_max = 15
requests_per_minute_max = 0
audit_dir = "/var/log/tideway"
audit_file_mib_max = 16
audit_files_max = 17
cors_origins = ["https://a.example.org", "http://localhost:3000"]
)");
  const Config expected{.data_dir = "/var/lib/tideway",
                        .listen = "[::]:80",
                        .registration = "open",
                        .verify_new_accounts = false,
                        .demo = true,
                        .service_secret = "s3cr3t",
                        .log_level = "debug",
                        .io_threads = 3,
                        .worker_threads = 5,
                        .connections_max = 7,
                        .queued_requests_max = 8,
                        .queue_wait_ms_max = 9,
                        .patient_requests_max = 6,
                        .header_size_kib_max = 10,
                        .body_size_mib_max = 32,
                        .bodies_in_flight_mib_max = 64,
                        .streams_in_flight_mib_max = 65,
                        .opened_blocks_mib_max = 8,
                        .write_buffers_mib_max = 24,
                        .header_timeout_s = 11,
                        .body_timeout_s = 12,
                        .write_timeout_s = 14,
                        .idle_timeout_s = 13,
                        .failed_logins_per_account_max = 14,
                        .failed_logins_per_address_max = 15,
                        .requests_per_minute_max = 0,
                        .audit_dir = "/var/log/tideway",
                        .audit_file_mib_max = 16,
                        .audit_files_max = 17,
                        .cors_origins = {"https://a.example.org", "http://localhost:3000"}};
  EXPECT_EQ(loaded(), expected);
}

TEST_F(ConfigTest, ReadsTheSettingsOfLoginsAndTlsFromTheFile) {
  file(R"(
public_url = "https://dia.example.net"
oidc_realm = "mine"
oidc_redirects = ["blip=https://app.example.org/*"]
login_days = 14
tls_certificate = "/etc/tls/chain.pem"
tls_key = "/etc/tls/key.pem"
trusted_proxies = ["10.0.0.0/8", "::1"]
issuer_audience = "tideway"
issuer_creates_users = true
uploader_local = true
uploader_local_addresses = ["127.0.0.1:1", "127.0.0.1:2", "[::1]:3"]
)");
  const Config expected{.public_url = "https://dia.example.net",
                        .oidc_realm = "mine",
                        .oidc_redirects = {"blip=https://app.example.org/*"},
                        .login_days = 14,
                        .issuer_audience = "tideway",
                        .issuer_creates_users = true,
                        .uploader_local = true,
                        .uploader_local_addresses = {"127.0.0.1:1", "127.0.0.1:2", "[::1]:3"},
                        .tls_certificate = "/etc/tls/chain.pem",
                        .tls_key = "/etc/tls/key.pem",
                        .trusted_proxies = {"10.0.0.0/8", "::1"}};
  EXPECT_EQ(loaded(), expected);
}

TEST_F(ConfigTest, CertificateAndKeyGoTogether) {
  for (const std::string key : {"tls_certificate", "tls_key"}) {
    sources_.flags = {{key, "/etc/tls/a.pem"}};
    EXPECT_THAT(refused(), ElementsAre("tls_certificate and tls_key are needed both or none"));
  }
}

TEST_F(ConfigTest, OneServerLogsUsersIn) {
  sources_.flags = {{"public_url", "https://dia.example.net"},
                    {"issuer_url", "https://id.example.net/realms/r"}};
  EXPECT_THAT(refused(), ElementsAre("public_url and issuer_url cannot both be set: one of them "
                                     "logs users in"));
  sources_.flags = {{"uploader_local", "true"}, {"uploader_local_addresses", "127.0.0.1:1"}};
  EXPECT_THAT(refused(), ElementsAre("uploader_local_addresses must be three"));
}

TEST_F(ConfigTest, ReadsTheEnvironment) {
  sources_.environment = {"HOME=/root",
                          "TIDEWAY_DATA_DIR=/data",
                          "TIDEWAY_VERIFY_NEW_ACCOUNTS=false",
                          "TIDEWAY_IO_THREADS=8",
                          "TIDEWAY_SERVICE_SECRET=a=b",
                          "TIDEWAY_CORS_ORIGINS=https://a.example.org,https://b.example.org"};
  const Config config = loaded();
  EXPECT_EQ(config.data_dir, "/data");
  EXPECT_FALSE(config.verify_new_accounts);
  EXPECT_EQ(config.io_threads, 8u);
  EXPECT_EQ(config.service_secret, "a=b");
  EXPECT_THAT(config.cors_origins, ElementsAre("https://a.example.org", "https://b.example.org"));
}

TEST_F(ConfigTest, TheStrongestSourceWins) {
  file("listen = \"file:1\"\nregistration = \"open\"\nlog_level = \"off\"\n");
  sources_.environment = {"TIDEWAY_LISTEN=variable:2", "TIDEWAY_LOG_LEVEL=warn"};
  sources_.flags = {{"listen", "flag:3"}};
  const Config config = loaded();
  EXPECT_EQ(config.listen, "flag:3");
  EXPECT_EQ(config.log_level, "warn");
  EXPECT_EQ(config.registration, "open");
  EXPECT_EQ(config.data_dir, Config{}.data_dir);
}

TEST_F(ConfigTest, FindsItsFileByVariable) {
  file("listen = \"file:1\"\n");
  sources_.file.reset();
  sources_.environment = {"TIDEWAY_CONFIG=" + path_};
  EXPECT_EQ(loaded().listen, "file:1");
}

TEST_F(ConfigTest, TheFlagNamesTheFileBeforeTheVariable) {
  file("listen = \"file:1\"\n");
  sources_.environment = {"TIDEWAY_CONFIG=/nowhere/tideway.toml"};
  EXPECT_EQ(loaded().listen, "file:1");
}

// A service called "tideway" must not keep its own pods from starting.
TEST_F(ConfigTest, PassesOverTheServiceLinksOfKubernetes) {
  sources_.environment = {"TIDEWAY_SERVICE_HOST=10.0.0.1", "TIDEWAY_SERVICE_PORT=8009",
                          "TIDEWAY_SERVICE_PORT_HTTP=8009", "TIDEWAY_PORT=tcp://10.0.0.1:8009",
                          "TIDEWAY_PORT_8009_TCP_ADDR=10.0.0.1"};
  EXPECT_EQ(loaded(), Config{});
}

TEST_F(ConfigTest, ReadsTheEnvironmentOfTheProcess) {
  ::setenv("TIDEWAY_CONFIG_TEST_MARK", "1", 1);
  EXPECT_THAT(process_environment(), testing::Contains("TIDEWAY_CONFIG_TEST_MARK=1"));
  ::unsetenv("TIDEWAY_CONFIG_TEST_MARK");
}

// --- refusals: names -----------------------------------------------------------------------------

TEST_F(ConfigTest, RefusesUnknownNamesInTheFile) {
  file("\n\nlisen = \"a:1\"\nfrobnicate = 1\n[section]\nlisten = \"a:1\"\n");
  EXPECT_THAT(refused(),
              ElementsAre("tideway.toml:3: unknown setting 'lisen'; did you mean 'listen'?",
                          "tideway.toml:4: unknown setting 'frobnicate'",
                          "tideway.toml:5: unknown setting 'section'"));
}

TEST_F(ConfigTest, RefusesUnknownVariables) {
  sources_.environment = {"TIDEWAY_LISTN=a:1", "TIDEWAY_FROBNICATE=1"};
  EXPECT_THAT(refused(), ElementsAre("environment: unknown setting 'TIDEWAY_LISTN'; "
                                     "did you mean 'TIDEWAY_LISTEN'?",
                                     "environment: unknown setting 'TIDEWAY_FROBNICATE'"));
}

TEST_F(ConfigTest, RefusesUnknownFlags) {
  sources_.flags = {{"lisen", "a:1"}};
  EXPECT_THAT(refused(),
              ElementsAre("command line: unknown setting 'lisen'; did you mean 'listen'?"));
}

// --- refusals: the file --------------------------------------------------------------------------

TEST_F(ConfigTest, RefusesAFileThatIsNotThere) {
  sources_.file = path_;
  EXPECT_THAT(refused(), ElementsAre("tideway.toml: cannot be read"));
  sources_.file = directory_ + "/";
  EXPECT_THAT(refused(), ElementsAre(": cannot be read"));
}

TEST_F(ConfigTest, RefusesAFileThatIsNotToml) {
  file("listen = \"a:1\"\nlog_level = \n");
  const Problems problems = refused();
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_TRUE(problems[0].starts_with("tideway.toml:2: Error while parsing")) << problems[0];
}

TEST_F(ConfigTest, RefusesOneSettingTwice) {
  file("listen = \"a:1\"\nlisten = \"a:2\"\n");
  const Problems problems = refused();
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_TRUE(problems[0].starts_with("tideway.toml:2: Error while parsing")) << problems[0];
}

TEST_F(ConfigTest, RefusesTheWrongTypes) {
  file(
      "io_threads = \"2\"\nlisten = 8009\ndemo = 1\ncors_origins = \"*\"\nlog_level = true\n"
      "worker_threads = 1.5\n");
  EXPECT_THAT(refused(), ElementsAre("tideway.toml:1: io_threads: must be a whole number",
                                     "tideway.toml:2: listen: must be a string",
                                     "tideway.toml:3: demo: must be true or false",
                                     "tideway.toml:4: cors_origins: must be a list of strings",
                                     "tideway.toml:5: log_level: must be a string",
                                     "tideway.toml:6: worker_threads: must be a whole number"));
}

TEST_F(ConfigTest, RefusesAListOfOtherThings) {
  file("cors_origins = [\"https://a.example.org\", 1]\n");
  EXPECT_THAT(refused(), ElementsAre("tideway.toml:1: cors_origins: must be a list of strings"));
}

// --- refusals: values ----------------------------------------------------------------------------

TEST_F(ConfigTest, NamesThePlaceOfABadValue) {
  file("# a comment\nlisten = \"foo\"\n");
  sources_.environment = {"TIDEWAY_LISTEN=bar"};
  sources_.flags = {{"listen", "baz"}};
  EXPECT_THAT(refused(), ElementsAre("tideway.toml:2: listen: 'foo' is not HOST:PORT",
                                     "TIDEWAY_LISTEN: 'bar' is not HOST:PORT",
                                     "--listen: 'baz' is not HOST:PORT"));
}

struct ValueCase {
  std::string key;
  std::string text;
  std::string problem;  ///< empty: the value is good
};

void PrintTo(const ValueCase& value, std::ostream* out) { *out << value.key << "=" << value.text; }

class ConfigValueTest : public testing::TestWithParam<ValueCase> {};

TEST_P(ConfigValueTest, IsAcceptedOrRefused) {
  const ValueCase& value = GetParam();
  const auto config =
      load_config({.file = {}, .environment = {}, .flags = {{value.key, value.text}}});
  if (value.problem.empty()) {
    EXPECT_TRUE(config) << config.error().front();
  } else {
    ASSERT_FALSE(config);
    EXPECT_THAT(config.error(), ElementsAre(value.problem));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Addresses, ConfigValueTest,
    testing::Values(ValueCase{"listen", "127.0.0.1:0", ""},
                    ValueCase{"listen", "tideway.example.org:65535", ""},
                    ValueCase{"listen", "[::1]:8009", ""},
                    ValueCase{"listen", "", "--listen: '' is not HOST:PORT"},
                    ValueCase{"listen", ":8009", "--listen: ':8009' is not HOST:PORT"},
                    ValueCase{"listen", "host:", "--listen: 'host:' is not HOST:PORT"},
                    ValueCase{"listen", "host:65536", "--listen: 'host:65536' is not HOST:PORT"},
                    ValueCase{"listen", "host:-1", "--listen: 'host:-1' is not HOST:PORT"},
                    ValueCase{"listen", "::1:80", "--listen: '::1:80' is not HOST:PORT"},
                    ValueCase{"listen", "[]:80", "--listen: '[]:80' is not HOST:PORT"},
                    ValueCase{"listen", "http://a:80",
                              "--listen: 'http://a:80' is not HOST:PORT"}));

INSTANTIATE_TEST_SUITE_P(
    Texts, ConfigValueTest,
    testing::Values(
        ValueCase{"data_dir", "", "--data-dir: must not be empty"},
        ValueCase{"registration", "open", ""},
        ValueCase{"registration", "Open", "--registration: 'Open' is not one of closed, open"},
        ValueCase{"log_level", "loud",
                  "--log-level: 'loud' is not one of trace, debug, info, warn, error, off"},
        // Never the value: this line goes to a log.
        ValueCase{"service_secret", "two words",
                  "--service-secret: must consist of visible ASCII characters"},
        ValueCase{"demo", "false", ""},
        ValueCase{"demo", "yes", "--demo: 'yes' is not true or false"},
        ValueCase{"cors_origins", "", ""}, ValueCase{"cors_origins", "file://", ""},
        ValueCase{"cors_origins", "*",
                  "--cors-origins: '*' is not an origin such as https://app.example.org"},
        ValueCase{"public_url", "", ""},
        ValueCase{"public_url", "https://dia.example.net:8443", ""},
        ValueCase{"public_url", "https://dia.example.net/",
                  "--public-url: 'https://dia.example.net/' is not https://HOST or "
                  "http://HOST:PORT"},
        ValueCase{"public_url", "ftp://dia.example.net",
                  "--public-url: 'ftp://dia.example.net' is not https://HOST or http://HOST:PORT"},
        ValueCase{"issuer_url", "https://id.example.net/realms/r", ""},
        ValueCase{"issuer_url", "https://id.example.net/",
                  "--issuer-url: 'https://id.example.net/' is not https://HOST/PATH"},
        ValueCase{"uploader_local_addresses", "0.0.0.0:8009,127.0.0.1:9122,127.0.0.1:9220",
                  "--uploader-local-addresses: '0.0.0.0:8009' is not 127.0.0.1:PORT"},
        ValueCase{"oidc_realm", "a/b",
                  "--oidc-realm: 'a/b' is not made of letters, digits, - and _"},
        ValueCase{"oidc_redirects", "mine",
                  "--oidc-redirects: 'mine' is not CLIENT_ID=REDIRECT_URI"},
        ValueCase{"trusted_proxies", "10.0.0.0/8,proxy",
                  "--trusted-proxies: 'proxy' is not an address or a network such as 10.0.0.0/8"},
        ValueCase{"cors_origins", "https://a.example.org,https://b.example.org/",
                  "--cors-origins: 'https://b.example.org/' is not an origin such as "
                  "https://app.example.org"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, ConfigValueTest,
    testing::Values(
        ValueCase{"io_threads", "1", ""}, ValueCase{"io_threads", "256", ""},
        ValueCase{"io_threads", "0", "--io-threads: '0' is not a whole number from 1 to 256"},
        ValueCase{"io_threads", "257", "--io-threads: '257' is not a whole number from 1 to 256"},
        ValueCase{"io_threads", "2x", "--io-threads: '2x' is not a whole number from 1 to 256"},
        ValueCase{"io_threads", "", "--io-threads: '' is not a whole number from 1 to 256"},
        ValueCase{"io_threads", "-1", "--io-threads: '-1' is not a whole number from 1 to 256"},
        ValueCase{"io_threads", "99999999999",
                  "--io-threads: '99999999999' is not a whole number from 1 to 256"},
        ValueCase{"body_size_mib_max", "32", ""},
        ValueCase{"body_size_mib_max", "31",
                  "--body-size-mib-max: '31' is not a whole number from 32 to 1024"}));

// --- the table -----------------------------------------------------------------------------------

TEST(Settings, DeriveTheirOtherNames) {
  const Setting* setting = find_setting("body_size_mib_max");
  ASSERT_NE(setting, nullptr);
  EXPECT_EQ(setting->flag(), "--body-size-mib-max");
  EXPECT_EQ(setting->variable(), "TIDEWAY_BODY_SIZE_MIB_MAX");
  EXPECT_EQ(find_setting("nothing"), nullptr);
}

TEST(Settings, SecretsHaveNoFlag) {
  EXPECT_FALSE(find_setting("service_secret")->has_flag());
  EXPECT_TRUE(find_setting("listen")->has_flag());
}

}  // namespace
}  // namespace tideway::cli
