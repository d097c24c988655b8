// The program as a whole: what it prints, and with which status it ends.
#include "cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "audit/files.h"
#include "audit/log.h"
#include "base/ids.h"
#include "cli/version.h"

namespace tideway::cli {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

struct Result {
  int status;
  std::string output;
  std::string errors;
};

Result run_with(std::vector<const char*> arguments, const std::string& input = "") {
  std::ostringstream output;
  std::ostringstream errors;
  std::istringstream in(input);
  auto* const out_before = std::cout.rdbuf(output.rdbuf());
  auto* const err_before = std::cerr.rdbuf(errors.rdbuf());
  auto* const in_before = std::cin.rdbuf(in.rdbuf());
  std::cin.clear();
  arguments.insert(arguments.begin(), "tideway");
  const int status = run(static_cast<int>(arguments.size()), arguments.data());
  std::cout.rdbuf(out_before);
  std::cerr.rdbuf(err_before);
  std::cin.rdbuf(in_before);
  return {status, output.str(), errors.str()};
}

class CommandLineTest : public testing::Test {
 protected:
  ~CommandLineTest() override { std::filesystem::remove_all(directory_); }

  Result add(const char* email, const std::string& input, const char* role = "patient") {
    return run_with({"user", "add", "--email", email, "--role", role, "--password-stdin",
                     "--data-dir", directory_.c_str()},
                    input);
  }

  const std::string directory_ = testing::TempDir() + "tideway-command-" + random_id();
};

TEST_F(CommandLineTest, PrintsItsVersion) {
  const Result result = run_with({"--version"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, "tideway " + std::string(version()) + "\n");
}

TEST_F(CommandLineTest, PrintsHelp) {
  for (const auto& arguments :
       {std::vector<const char*>{"--help"}, std::vector<const char*>{"help"}}) {
    const Result result = run_with(arguments);
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.output, HasSubstr("API-compatible with the Tidepool Platform"));
    EXPECT_THAT(result.output, HasSubstr("serve"));
    EXPECT_THAT(result.output, HasSubstr("user"));
  }
}

TEST_F(CommandLineTest, PrintsTheHelpOfACommand) {
  const Result result = run_with({"help", "serve"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("--listen"));
  EXPECT_THAT(result.output, HasSubstr("127.0.0.1:8009"));
  EXPECT_THAT(result.output, HasSubstr("TIDEWAY_LISTEN"));
  EXPECT_THAT(result.output, HasSubstr("TIDEWAY_SERVICE_SECRET"));
  EXPECT_THAT(result.output, Not(HasSubstr("--service-secret")));
  EXPECT_EQ(run_with({"serve", "--help"}).output, result.output);
  EXPECT_THAT(run_with({"help", "user", "add"}).output, HasSubstr("--password-stdin"));
}

TEST_F(CommandLineTest, RefusesWhatItDoesNotKnow) {
  for (const auto& arguments : {std::vector<const char*>{},
                                {"frobnicate"},
                                {"serve", "--frobnicate"},
                                {"user"},
                                {"user", "add"},
                                {"serve", "--service-secret", "x"},
                                {"help", "frobnicate"}}) {
    const Result result = run_with(arguments);
    EXPECT_EQ(result.status, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(result.errors, testing::StartsWith("tideway: "));
    EXPECT_EQ(result.output, "");
  }
}

TEST_F(CommandLineTest, RefusesABadConfiguration) {
  const Result flag = run_with({"serve", "--listen", "foo"});
  EXPECT_EQ(flag.status, 2);
  EXPECT_EQ(flag.errors, "tideway: --listen: 'foo' is not HOST:PORT\n");
  const Result demo = run_with({"serve", "--demo=maybe"});
  EXPECT_EQ(demo.status, 2);
  EXPECT_EQ(demo.errors, "tideway: --demo: 'maybe' is not true or false\n");
}

TEST_F(CommandLineTest, ReadsTheFileItIsGiven) {
  std::filesystem::create_directories(directory_);
  const std::string path = directory_ + "/tideway.toml";
  std::ofstream(path) << "lisen = 1\n";
  const Result result = run_with({"serve", "--config", path.c_str()});
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.errors,
            "tideway: " + path + ":1: unknown setting 'lisen'; did you mean 'listen'?\n");
}

// --- user add ------------------------------------------------------------------------------------

TEST_F(CommandLineTest, AddsAUserAndPrintsTheId) {
  const Result result = add("rey@example.org", "correct-horse\n");
  EXPECT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(result.output, MatchesRegex("[0-9a-f]{10}\n"));
  EXPECT_EQ(result.errors, "");
}

TEST_F(CommandLineTest, RefusesTheSameAddressTwice) {
  EXPECT_EQ(add("rey@example.org", "correct-horse\n").status, 0);
  const Result result = add("Rey@Example.org", "correct-horse\n");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.errors,
            "tideway: an account with the e-mail address 'Rey@Example.org' exists already\n");
  EXPECT_EQ(result.output, "");
}

TEST_F(CommandLineTest, RefusesBadUsersBeforeTheStoreIsTouched) {
  EXPECT_EQ(add("rey", "correct-horse\n").errors, "tideway: 'rey' is not an e-mail address\n");
  EXPECT_THAT(add("rey@example.org", "correct-horse\n", "doctor").errors,
              testing::StartsWith("tideway: unknown role 'doctor'; there are "));
  EXPECT_EQ(add("rey@example.org", "short\n").errors,
            "tideway: the password must have 8 to 72 characters and no white space\n");
  EXPECT_EQ(add("rey@example.org", "").errors, "tideway: no password was given\n");
  EXPECT_EQ(add("rey@example.org", "short\n").status, 1);
  EXPECT_FALSE(std::filesystem::exists(directory_));
}

TEST_F(CommandLineTest, SaysThatTheDirectoryCannotBeUsed) {
  std::ofstream(directory_) << "a file\n";
  const Result result = add("rey@example.org", "correct-horse\n");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.errors, HasSubstr(directory_));
}

TEST_F(CommandLineTest, VerifiesTheAuditLog) {
  const std::string log = directory_ + "/audit";
  {
    const auto audit = audit::Log::open({.directory = log}).value();
    audit->add({.time_ms = 1, .who = "anonymous", .what = "GET /x", .status = 200});
    audit->add({.time_ms = 2, .who = "anonymous", .what = "GET /x", .status = 200});
  }
  const auto verify = [&](std::vector<const char*> more) {
    std::vector<const char*> arguments = {"audit", "verify", "--data-dir", directory_.c_str()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_with(arguments);
  };
  const Result sound = verify({});
  EXPECT_EQ(sound.status, kSuccess) << sound.errors;
  EXPECT_THAT(sound.output, MatchesRegex("2 lines, 1 to 2, unchanged\nlast [0-9a-f]{64}\n"));
  const std::string last = sound.output.substr(sound.output.find("last ") + 5, 64);
  EXPECT_EQ(verify({"--anchor", last.c_str()}).status, kSuccess);
  EXPECT_EQ(verify({"--anchor", "0"}).status, kFailure);
  EXPECT_EQ(verify({"--audit-dir", "/nowhere"}).status, kFailure);

  const std::string file = audit::list_files(log).value().at(0).path;
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  std::string changed = text.str();
  changed.replace(changed.find("GET"), 3, "PUT");
  std::ofstream(file) << changed;
  const Result tampered = verify({});
  EXPECT_EQ(tampered.status, kFailure);
  EXPECT_THAT(tampered.errors, HasSubstr(file + ":2: the line before this one was changed"));
}

}  // namespace
}  // namespace tideway::cli
