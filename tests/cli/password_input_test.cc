// Passwords from standard input.
#include "cli/password_input.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>

namespace tideway::cli {
namespace {

std::expected<std::string, std::string> read(const std::string& text) {
  std::istringstream input(text);
  return read_password_line(input);
}

TEST(ReadPasswordLine, TakesTheFirstLine) {
  EXPECT_EQ(read("secret-1\n"), "secret-1");
  EXPECT_EQ(read("secret-1"), "secret-1");
  EXPECT_EQ(read("secret-1\r\nmore\n"), "secret-1");
  EXPECT_EQ(read(" blanks stay \n"), " blanks stay ");
  EXPECT_EQ(read("\n"), "");
}

TEST(ReadPasswordLine, RefusesNothing) {
  const auto password = read("");
  ASSERT_FALSE(password);
  EXPECT_EQ(password.error(), "no password was given");
}

TEST(PromptForPassword, NeedsATerminal) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const int before = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  const auto password = prompt_for_password();
  ::dup2(before, STDIN_FILENO);
  for (const int fd : {before, ends[0], ends[1]}) ::close(fd);
  ASSERT_FALSE(password);
  EXPECT_EQ(password.error(),
            "standard input is no terminal; give the password with --password-stdin");
}

}  // namespace
}  // namespace tideway::cli
