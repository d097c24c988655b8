#include "cli/password_input.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace tideway::cli {

namespace {

/// Stops the terminal from showing what is typed, for as long as this lives.
class HiddenInput {
 public:
  HiddenInput() : changed_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!changed_) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~HiddenInput() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  termios before_{};
  bool changed_;
};

std::expected<std::string, std::string> prompt_once(const char* prompt) {
  // Not on standard output, which carries the result.
  std::cerr << prompt << std::flush;
  auto password = read_password_line(std::cin);
  std::cerr << "\n";
  return password;
}

}  // namespace

std::expected<std::string, std::string> read_password_line(std::istream& input) {
  std::string line;
  if (!std::getline(input, line)) return std::unexpected("no password was given");
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::expected<std::string, std::string> prompt_for_password() {
  if (isatty(STDIN_FILENO) == 0) {
    return std::unexpected(
        "standard input is no terminal; give the password with --password-stdin");
  }
  const HiddenInput hidden;
  auto first = prompt_once("Password: ");
  if (!first) return first;
  const auto second = prompt_once("Again: ");
  if (!second) return second;
  if (*first != *second) return std::unexpected("the two passwords differ");
  return first;
}

}  // namespace tideway::cli
