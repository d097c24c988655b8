#include "cli/demo.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "base/ids.h"
#include "base/time.h"
#include "cli/admin.h"

namespace tideway::cli {

namespace {

std::string password_path(const std::string& data_dir) { return data_dir + "/demo-password"; }

std::unexpected<std::string> failure(const std::string& path) {
  const std::string why = std::generic_category().message(errno);
  return std::unexpected(fmt::format("{}: {}", path, why));
}

/// The first line of the file; empty when there is no file.
std::string read_password(const std::string& data_dir) {
  std::ifstream stream(password_path(data_dir));
  std::string password;
  std::getline(stream, password);
  return password;
}

/// Durable when it returns: the account made next must not outlive its password. Written beside the
/// file and renamed, so that half a password is never read.
std::expected<void, std::string> write_password(const std::string& data_dir,
                                                const std::string& password) {
  const std::string path = password_path(data_dir);
  const std::string draft = path + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return failure(draft);
  const std::string line = password + "\n";
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(draft.c_str(), path.c_str()) != 0) return failure(path);
  return {};
}

}  // namespace

std::expected<DemoAccount, std::string> ensure_demo_account(account::Accounts& accounts,
                                                            const std::string& data_dir) {
  DemoAccount demo{
      .email = std::string(kDemoEmail), .password = read_password(data_dir), .made_id = {}};
  const auto existing = accounts.find_by_email(kDemoEmail);
  if (!existing) return std::unexpected(existing.error().message);
  if (existing->has_value()) {
    if (!demo.password.empty()) return demo;
    return std::unexpected(
        fmt::format("the account {} exists, but the file with its password, {}, "
                    "does not; start without --demo",
                    kDemoEmail, password_path(data_dir)));
  }
  if (!account::is_password(demo.password)) {
    demo.password = random_id().substr(0, 20);
    if (const auto written = write_password(data_dir, demo.password); !written) {
      return std::unexpected(written.error());
    }
  }
  const auto added = add_user(accounts, {.email = demo.email,
                                         .password = demo.password,
                                         .full_name = "Demo",
                                         .roles = {"patient"},
                                         .verified = true});
  if (!added) return std::unexpected(added.error());
  demo.made_id = *added;
  return demo;
}

std::string demo_text(const DemoAccount& demo, std::string_view base_url, int64_t now_ms) {
  // Log in: sed makes shell variables of the header with the token and of the user id in the body.
  // Upload: a normal data set is opened, filled and closed, which makes its record visible.
  constexpr std::string_view kText = R"text(
Demo account
  e-mail    {email}
  password  {password}
  address   {url}

Try it in another terminal: log in, upload a glucose value, read it back.

URL={url}; eval "$(curl -sSi -X POST -u '{email}:{password}' $URL/auth/login | tr -d '\r' | sed -nE 's/^([Xx]-[Tt]idepool-[Ss]ession-[Tt]oken: .*)$/AUTH="\1"/p; s/.*"userid":"([^"]*)".*/USER_ID="\1"/p')"

SET=$(curl -sS -H "$AUTH" -d '{data_set}' $URL/v1/users/$USER_ID/data_sets | sed -E 's/.*"uploadId":"([^"]*)".*/\1/'); curl -sS -H "$AUTH" -d '{records}' $URL/v1/data_sets/$SET/data && curl -sS -X PUT -H "$AUTH" -d '{close}' $URL/v1/data_sets/$SET

curl -sS -H "$AUTH" $URL/data/$USER_ID

)text";
  constexpr std::string_view kDataSet =
      R"({"type":"upload","deviceId":"demo-cgm",)"
      R"("deduplicator":{"name":"org.tidepool.deduplicator.device.deactivate.hash"}})";
  const std::string records = fmt::format(
      R"([{{"type":"cbg","units":"mg/dL","value":112,"deviceId":"demo-cgm","time":"{}"}}])",
      format_utc_milliseconds(now_ms));
  return fmt::format(kText, fmt::arg("email", demo.email), fmt::arg("password", demo.password),
                     fmt::arg("url", base_url), fmt::arg("data_set", kDataSet),
                     fmt::arg("records", records), fmt::arg("close", R"({"dataState":"closed"})"));
}

std::string base_url(std::string_view listen, uint16_t port, bool tls) {
  std::string_view host = listen.substr(0, listen.rfind(':'));
  // "Every address" is none to connect to.
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "[::]") host = "[::1]";
  return fmt::format("{}://{}:{}", tls ? "https" : "http", host, port);
}

}  // namespace tideway::cli
