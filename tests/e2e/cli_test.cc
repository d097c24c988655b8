// The program as its operator sees it: exit codes, and messages that name what is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/e2e/daemon.h"

namespace tideway::e2e {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

class CliTest : public testing::Test {
 protected:
  std::string data_dir() const { return directory_.path() / "data"; }

  Outcome serve(std::vector<std::string> flags, std::vector<std::string> environment = {}) {
    flags.insert(flags.begin(), {"serve", "--data-dir", data_dir(), "--listen", "127.0.0.1:0"});
    Command command = tideway(std::move(flags));
    command.environment = std::move(environment);
    return run(command);
  }

  void expect_refused(const Outcome& outcome, std::string_view word) {
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, StartsWith("tideway: "));
    EXPECT_THAT(outcome.err, HasSubstr(std::string(word)));
    EXPECT_FALSE(std::filesystem::exists(data_dir())) << "it is refused before anything is made";
  }

  TemporaryDirectory directory_;
};

TEST_F(CliTest, BadFlagsAreRefused) {
  expect_refused(serve({"--lisen", "x"}), "--lisen");
  expect_refused(serve({"--registration", "maybe"}), "--registration");
  expect_refused(serve({"--listen", "127.0.0.1:0"}), "--listen");  // for the second time
  expect_refused(serve({"--worker-threads", "0"}), "--worker-threads");
  expect_refused(serve({"extra"}), "extra");
}

TEST_F(CliTest, BadCommandsAreRefused) {
  EXPECT_EQ(run(tideway({})).exit_code, 2);
  EXPECT_EQ(run(tideway({"sevre"})).exit_code, 2);
  EXPECT_EQ(run(tideway({"user"})).exit_code, 2);
  EXPECT_EQ(run(tideway({"user", "add"})).exit_code, 2) << "without an e-mail address";
}

TEST_F(CliTest, UnknownSettingsAreRefused) {
  expect_refused(serve({}, {"TIDEWAY_REGISTRATON=open"}), "TIDEWAY_REGISTRATION");
  const std::filesystem::path file = directory_.path() / "tideway.toml";
  std::ofstream(file) << "# comment\nlog_levle = \"info\"\n";
  const Outcome outcome = serve({"--config", file});
  expect_refused(outcome, "tideway.toml:2");
  EXPECT_THAT(outcome.err, HasSubstr("log_level")) << "what was meant";
}

TEST_F(CliTest, SettingsComeFromFileEnvironmentAndFlags) {
  const std::filesystem::path file = directory_.path() / "tideway.toml";
  std::ofstream(file) << "log_level = \"off\"\nregistration = \"open\"\n";
  Daemon daemon(data_dir(), {"--config", file}, {"TIDEWAY_IO_THREADS=1"});
  EXPECT_EQ(daemon.stop(), 0);
  EXPECT_EQ(daemon.log(), daemon.first_line() + "\n") << "log level off leaves the start line";
}

TEST_F(CliTest, BadUsersAreRefused) {
  const auto add = [&](const std::string& email, const std::string& password) {
    Command command =
        tideway({"user", "add", "--data-dir", data_dir(), "--email", email, "--password-stdin"});
    command.input = password;
    return run(command);
  };
  EXPECT_EQ(add("not-an-address", "correct-horse\n").exit_code, 1);
  EXPECT_EQ(add("rey@example.org", "short\n").exit_code, 1);
  EXPECT_EQ(add("rey@example.org", "").exit_code, 1);
  const Outcome good = add("rey@example.org", "correct-horse\n");
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, MatchesRegex("[0-9a-f]{10}\n"));
  EXPECT_EQ(add("Rey@Example.org", "correct-horse\n").exit_code, 1) << "taken";
}

// Who may read the data directory is no stranger, but what he does is written down as well.
TEST_F(CliTest, AddingUsersIsInTheAuditLog) {
  const auto add = [&](const std::string& email) {
    Command command =
        tideway({"user", "add", "--data-dir", data_dir(), "--email", email, "--password-stdin"});
    command.input = "correct-horse\n";
    return run(command);
  };
  const auto line = [](std::string user_id) {
    user_id.pop_back();  // the line feed
    return "\"who\":\"admin:uid:" + std::to_string(::getuid()) +
           R"(","what":"user add","whose":")" + user_id + "\"";
  };
  const Outcome alone = add("rey@example.org");
  EXPECT_THAT(audit_log_of(data_dir()), HasSubstr(line(alone.out)));
  EXPECT_EQ(add("rey@example.org").exit_code, 1);
  EXPECT_THAT(audit_log_of(data_dir()), HasSubstr(R"("status":400,"outcome":"refused")"));

  Daemon daemon(data_dir(), {"--demo"});
  const Outcome over_the_socket = add("bo@example.org");
  EXPECT_EQ(over_the_socket.exit_code, 0) << over_the_socket.err;
  EXPECT_EQ(daemon.stop(), 0);
  const std::string log = audit_log_of(data_dir());
  EXPECT_THAT(log, HasSubstr(line(over_the_socket.out)));
  size_t added = 0;  // the account of the demo too
  for (size_t at = 0; (at = log.find(R"("status":201)", at)) != std::string::npos; ++at) ++added;
  EXPECT_EQ(added, 3u) << log;
  const Outcome verified = run(tideway({"audit", "verify", "--data-dir", data_dir()}));
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
}

TEST_F(CliTest, HelpAndVersion) {
  const Outcome version = run(tideway({"--version"}));
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, MatchesRegex("tideway [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"help"}, {"help", "serve"}, {"serve", "--help"}}) {
    const Outcome help = run(tideway(arguments));
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.out, HasSubstr("tideway"));
  }
  EXPECT_EQ(run(tideway({"help", "sevre"})).exit_code, 2);
}

TEST_F(CliTest, SchemasArePrinted) {
  const Outcome types = run(tideway({"schema"}));
  EXPECT_EQ(types.exit_code, 0);
  EXPECT_THAT(types.out, HasSubstr("cbg\n"));
  const Outcome table = run(tideway({"schema", "cbg"}));
  EXPECT_EQ(table.exit_code, 0);
  EXPECT_THAT(table.out, HasSubstr("0 to 1000 for \"mg/dL\""));
  const Outcome json = run(tideway({"schema", "cbg", "--json"}));
  EXPECT_EQ(json.exit_code, 0);
  EXPECT_THAT(json.out, HasSubstr("https://json-schema.org/draft/2020-12/schema"));
  const Outcome unknown = run(tideway({"schema", "cgb"}));
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'cbg'?"));
}

TEST_F(CliTest, ValidateSaysWhatAnUploadWouldDo) {
  const auto validate = [](std::vector<std::string> arguments, std::string input) {
    arguments.insert(arguments.begin(), "validate");
    Command command = tideway(std::move(arguments));
    command.input = std::move(input);
    return run(command);
  };
  const std::string good =
      R"([{"type":"cbg","time":"2025-01-06T10:00:00Z","units":"mg/dL","value":112}])";
  const Outcome records = validate({"-"}, good);
  EXPECT_EQ(records.exit_code, 0) << records.err;
  EXPECT_THAT(records.out, HasSubstr(R"("value":6.21684)"));
  const Outcome errors = validate({}, R"([{"type":"cbg"}])");
  EXPECT_NE(errors.exit_code, 0);
  EXPECT_THAT(errors.out + errors.err, HasSubstr(R"("pointer":"/0/)"));
  const Outcome lines = validate({"--lines"},
                                 "{\"name\":\"a\",\"request\":\"[]\"}\n"
                                 "{\"name\":\"b\",\"request_base64\":\"W10=\"}\n");
  EXPECT_EQ(lines.exit_code, 0) << lines.err;
  EXPECT_THAT(lines.out, HasSubstr(R"({"name":"a","status":200)"));
  EXPECT_THAT(lines.out, HasSubstr(R"({"name":"b","status":200)"));
}

TEST_F(CliTest, TheDemoWorksAtOnce) {
  Daemon daemon(data_dir(), {"--demo"});
  std::ifstream file(std::filesystem::path(data_dir()) / "demo-password");
  std::string password;
  std::getline(file, password);
  EXPECT_FALSE(password.empty());
  EXPECT_EQ(daemon.stop(), 0);
  EXPECT_THAT(daemon.log(), HasSubstr(password));
}

}  // namespace
}  // namespace tideway::e2e
