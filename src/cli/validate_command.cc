// `tideway validate`: what an upload of a body would do, without storing anything.
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "cli/command_line.h"
#include "record/vector_line.h"

namespace tideway::cli {

namespace {

struct Validate {
  std::string file = "-";
  bool lines = false;
  // Those of the golden vectors, so that their identities can be compared.
  std::string user_id = "1a2b3c4d5e";
  std::string upload_id = "0123456789abcdef0123456789abcdef";
};

int validate_body(const Validate& options, std::istream& input) {
  const std::string body{std::istreambuf_iterator<char>(input), {}};
  record::Reader reader;
  const auto result = record::preview(reader, body, {options.user_id, options.upload_id});
  std::cout << (result.status == 200 ? result.records : result.body) << "\n";
  return result.status == 200 ? kSuccess : kFailure;
}

int validate_lines(const Validate& options, std::istream& input) {
  json::Parser parser;
  record::Reader reader;
  std::string line;
  for (size_t number = 1; std::getline(input, line); ++number) {
    const auto vector = record::read_vector_line(parser, line);
    if (!vector) {
      complain("line " + std::to_string(number) + R"( is not {"name": …, "request": …})");
      return kFailure;
    }
    const auto result =
        record::preview(reader, vector->request, {options.user_id, options.upload_id});
    std::cout << record::result_line(vector->name, result) << "\n";
  }
  return kSuccess;
}

int validate(const Validate& options) {
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file, std::ios::binary);
    if (!file) {
      complain("cannot read " + options.file);
      return kFailure;
    }
  }
  std::istream& input = options.file == "-" ? std::cin : file;
  return options.lines ? validate_lines(options, input) : validate_body(options, input);
}

}  // namespace

void add_validate_command(CLI::App& parent, Action& action) {
  CLI::App* command = parent.add_subcommand(
      "validate", "print what an upload of a JSON array of records would store, or its errors");
  const auto options = std::make_shared<Validate>();
  command->add_option("FILE", options->file, "the request body; - for standard input")
      ->capture_default_str();
  command->add_flag("--lines", options->lines,
                    "each line is {\"name\": …, \"request\": \"<body>\"}, or request_base64");
  command->add_option("--user-id", options->user_id, "user id of the identity hashes")
      ->capture_default_str();
  command->add_option("--upload-id", options->upload_id, "data set id of the identity hashes")
      ->capture_default_str();
  command->callback([&action, options] { action = [options] { return validate(*options); }; });
}

}  // namespace tideway::cli
