// The error object that clients see: docs/spec/http.md 4.2 ("style B").
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tideway {

/// One thing wrong with a request. Empty members are left out when written.
struct Error {
  std::string code;
  std::string title;
  std::string detail;
  std::string pointer;    ///< RFC 6901 pointer into the body; empty for the document root
  std::string parameter;  ///< name of the query parameter, instead of a pointer
  std::string meta;       ///< JSON object text, for records {"type":"…"}

  bool operator==(const Error&) const = default;
};

using Errors = std::vector<Error>;

/// An error whose detail repeats its title, the commonest form.
Error make_error(std::string_view code, std::string_view title);
Error make_error(std::string_view code, std::string_view title, std::string detail);

/// The style B body: the object itself for one error, {"errors":[…]} for more; ends with a line
/// feed. `errors` must not be empty.
std::string error_body(std::span<const Error> errors);

}  // namespace tideway
