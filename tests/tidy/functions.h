// Where functions begin and end, found without a compiler.
//
// The text is scanned once. Comments, string literals and preprocessor lines are blanked out; then
// the braces are matched. What stands between the last ';', '{' or '}' and an opening brace is that
// brace's head, and in a namespace or a class the head tells what opens: a scope (namespace, class,
// struct …), a function (it has a parenthesis outside of any '=' initialiser), or data.
// clang-format writes a blank before the brace of a body and none before that of an initialiser,
// which tells `Point() : x_{1} {` apart. Inside a function nothing is looked at but the matching of
// braces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tideway::tidy {

struct FunctionSpan {
  std::string head;       ///< the text in front of the body, blanks squeezed
  size_t line_first = 0;  ///< line of the opening brace, from 1
  size_t line_count = 0;  ///< up to the line of the closing brace, both included
};

/// All function bodies of a file formatted by clang-format.
std::vector<FunctionSpan> find_functions(std::string_view text);

/// `text` with comments, literals and preprocessor lines replaced by blanks; every line feed stays.
std::string blank_out(std::string_view text);

}  // namespace tideway::tidy
