// `tideway schema`: what records may hold, from the declarations that check them.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "cli/command_line.h"
#include "cli/suggestion.h"
#include "record/describe.h"
#include "record/json_schema.h"
#include "record/record_types.h"

namespace tideway::cli {

namespace {

struct Schema {
  std::string type;
  bool json = false;
};

int list_types(bool json) {
  json::Tree::Items names;
  for (const std::string_view name : record::record_type_names()) {
    names.push_back(json::Tree::text(name));
    if (!json) std::cout << name << "\n";
  }
  if (json) std::cout << json::Tree(std::move(names)).compact() << "\n";
  return kSuccess;
}

int show_schema(const Schema& options) {
  if (options.type.empty()) return list_types(options.json);
  const auto* const type = record::find_record_type(options.type);
  if (type == nullptr) {
    const auto names = record::record_type_names();
    const std::vector<std::string> known(names.begin(), names.end());
    const auto meant = suggest(options.type, known);
    complain(fmt::format("there is no record type '{}'{}; 'tideway schema' lists them",
                         options.type, meant ? fmt::format(", did you mean '{}'?", *meant) : ""));
    return kFailure;
  }
  std::cout << (options.json ? record::json_schema(*type).pretty() : record::describe(*type));
  return kSuccess;
}

}  // namespace

void add_schema_command(CLI::App& parent, Action& action) {
  CLI::App* command =
      parent.add_subcommand("schema", "print what records of a type may hold, or list the types");
  const auto options = std::make_shared<Schema>();
  command->add_option("TYPE", options->type, "a record type, such as cbg");
  command->add_flag("--json", options->json, "as JSON Schema (draft 2020-12)");
  command->callback([&action, options] { action = [options] { return show_schema(*options); }; });
}

}  // namespace tideway::cli
