// Reading a password that must not be seen.
#pragma once

#include <expected>
#include <istream>
#include <string>

namespace tideway::cli {

/// The first line, without its line end.
std::expected<std::string, std::string> read_password_line(std::istream& input);

/// Asks twice on the terminal that standard input is, without showing what is typed. An error when
/// standard input is no terminal or the two differ.
std::expected<std::string, std::string> prompt_for_password();

}  // namespace tideway::cli
