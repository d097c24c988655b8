#include "tests/tidy/functions.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace tideway::tidy {

namespace {

enum class Opens { kScope, kFunction, kData };

struct Brace {
  Opens opens;
  std::string head;
  size_t line;
};

/// Overwrites text[from, to) with blanks, keeping line feeds.
void blank(std::string& text, size_t from, size_t to) {
  for (size_t i = from; i < std::min(to, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

/// The position behind the literal that `quote` opens at `at`.
size_t literal_end(std::string_view text, size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

/// The position behind the raw string whose R stands at `at`: R"delimiter(…)delimiter".
size_t raw_string_end(std::string_view text, size_t at) {
  const size_t open = text.find('(', at);
  if (open == std::string_view::npos) return text.size();
  const std::string close = ")" + std::string(text.substr(at + 2, open - at - 2)) + "\"";
  const size_t end = text.find(close, open);
  return end == std::string_view::npos ? text.size() : end + close.size();
}

/// The position of the line feed that ends the line, backslash continuations included.
size_t logical_line_end(std::string_view text, size_t at) {
  while (true) {
    const size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    if (end == 0 || text[end - 1] != '\\') return end;
    at = end + 1;
  }
}

bool is_digit_separator(std::string_view text, size_t at) {
  return at > 0 && std::isxdigit(static_cast<unsigned char>(text[at - 1])) != 0 &&
         at + 1 < text.size() && std::isxdigit(static_cast<unsigned char>(text[at + 1])) != 0 &&
         !(at + 2 < text.size() && text[at + 2] == '\'');
}

bool at_line_start(std::string_view text, size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || text[at - 1] == '\n';
}

/// The end of the comment, literal or preprocessor line that starts at `at`; `at` when none does.
size_t blank_end(std::string_view text, size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("//")) return logical_line_end(text, at);
  if (rest.starts_with("/*")) return std::min(text.find("*/", at + 2), text.size() - 2) + 2;
  if (rest.starts_with("R\"")) return raw_string_end(text, at);
  if (rest.front() == '"') return literal_end(text, at);
  if (rest.front() == '\'' && !is_digit_separator(text, at)) return literal_end(text, at);
  if (rest.front() == '#' && at_line_start(text, at)) return logical_line_end(text, at);
  return at;
}

/// The head without what would mislead: template parameters, attributes, operator names.
std::string simplify(const std::string& head) {
  static const std::regex kBlanks("\\s+");
  static const std::regex kTemplate("template ?<[^()]*?> (?=[a-z:A-Z\\[~])");
  static const std::regex kOperator("operator ?(\\(\\)|[^\\s\\w(]+)");
  static const std::regex kAccess("^ ?((public|private|protected) ?: ?)+");
  std::string text = std::regex_replace(head, kBlanks, " ");
  text = std::regex_replace(text, kAccess, "");
  text = std::regex_replace(text, kTemplate, "");
  return std::regex_replace(text, kOperator, "operator_");
}

/// True when a '=' stands outside of parentheses, or a parenthesis is still open: what follows is
/// an initialiser or an argument, not a body.
bool is_initialiser(std::string_view head) {
  int depth = 0;
  for (const char c : head) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == '=' && depth == 0) return true;
  }
  return depth != 0;
}

Opens classify(const std::string& raw_head) {
  static const std::regex kScope(
      "^ ?(inline |export )?(namespace\\b.*|extern ?\"? *\"?|(class|struct|union|enum)\\b[^()]*"
      "(\\b(alignas|final|decltype) ?\\(.*\\))?[^()]*) ?$");
  const std::string head = simplify(raw_head);
  if (std::regex_match(head, kScope)) return Opens::kScope;
  // `b_{2}` in a list of member initialisers: no blank in front of the brace.
  if (raw_head.empty() || !std::isspace(static_cast<unsigned char>(raw_head.back()))) {
    return Opens::kData;
  }
  if (head.find('(') == std::string::npos || is_initialiser(head)) return Opens::kData;
  return Opens::kFunction;
}

std::string squeeze(const std::string& head) {
  static const std::regex kBlanks("\\s+");
  const std::string text = std::regex_replace(head, kBlanks, " ");
  const size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::string blank_out(std::string_view text) {
  std::string result(text);
  for (size_t at = 0; at < text.size();) {
    const size_t end = blank_end(text, at);
    if (end > at) blank(result, at, end);
    at = std::max(end, at + 1);
  }
  return result;
}

std::vector<FunctionSpan> find_functions(std::string_view text) {
  std::vector<FunctionSpan> functions;
  std::vector<Brace> open;
  std::string head;
  size_t line = 1;
  for (const char c : blank_out(text)) {
    if (c == '\n') ++line;
    const bool in_scope = open.empty() || open.back().opens == Opens::kScope;
    if (c == '{') {
      // What opens inside a function or inside data is never counted on its own.
      open.push_back({in_scope ? classify(head) : Opens::kData, head, line});
      if (open.back().opens != Opens::kData) head.clear();
    } else if (c == '}' && !open.empty()) {
      const Brace closed = open.back();
      open.pop_back();
      if (closed.opens == Opens::kFunction) {
        functions.push_back({squeeze(closed.head), closed.line, line - closed.line + 1});
      }
      // Behind `b_{2}` the head goes on; behind anything else a new one begins.
      if (closed.opens != Opens::kData) head.clear();
    } else if (in_scope && (c == ';' || (c == '\n' && head.ends_with('\n')))) {
      // No head contains an empty line; what stands above it are macros without a semicolon.
      head.clear();
    } else if (in_scope) {
      head.push_back(c);
    }
  }
  return functions;
}

}  // namespace tideway::tidy
