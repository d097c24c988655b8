#include "base/error.h"

#include "base/error_list.h"
#include "base/text.h"

namespace tideway {
namespace {

void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
}

void append_error(std::string& out, const Error& error) {
  out += '{';
  if (!error.code.empty()) append_member(out, "code", error.code);
  if (!error.title.empty()) append_member(out, "title", error.title);
  append_member(out, "detail", error.detail);
  if (!error.pointer.empty() || !error.parameter.empty()) {
    const bool in_body = error.parameter.empty();
    out += ",\"source\":{";
    append_member(out, in_body ? "pointer" : "parameter",
                  in_body ? error.pointer : error.parameter);
    out += '}';
  }
  if (!error.meta.empty()) {
    out += ",\"meta\":";
    out += error.meta;
  }
  out += '}';
}

}  // namespace

Error make_error(std::string_view code, std::string_view title) {
  return make_error(code, title, std::string(title));
}

Error make_error(std::string_view code, std::string_view title, std::string detail) {
  return {.code = std::string(code),
          .title = std::string(title),
          .detail = std::move(detail),
          .pointer = {},
          .parameter = {},
          .meta = {}};
}

std::string error_body(std::span<const Error> errors) {
  std::string out;
  if (errors.size() == 1) {
    append_error(out, errors.front());
  } else {
    out += "{\"errors\":";
    out += errors_json(errors);
    out += '}';
  }
  out += '\n';
  return out;
}

std::string errors_json(std::span<const Error> errors) {
  std::string out = "[";
  for (const Error& error : errors) {
    if (&error != &errors.front()) out += ',';
    append_error(out, error);
  }
  return out += ']';
}

}  // namespace tideway
