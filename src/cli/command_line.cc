#include "cli/command_line.h"

#include <fmt/format.h>

#include <iostream>
#include <span>
#include <vector>

#include "cli/setting.h"
#include "cli/version.h"

namespace tideway::cli {

namespace {

constexpr const char* kConfigFlag = "--config";

void add_setting(CLI::App& command, const Setting& setting) {
  const std::string help = fmt::format("{} [{}]", setting.help, setting.variable());
  CLI::Option* option = setting.is_switch()
                            ? command.add_flag(setting.flag(), help)
                            : command.add_option(setting.flag(), help)->type_name("")->expected(1);
  option->default_str(default_text(setting));
}

void add_config_file(CLI::App& command) {
  const std::string help = "TOML file with settings [TIDEWAY_CONFIG]";
  command.add_option(kConfigFlag, help)->type_name("FILE")->expected(1);
}

/// `tideway help [command …]`: the same pages as --help. Handled before parsing, because CLI11
/// would take the name of the command for the command.
int print_help(const CLI::App& app, std::span<const char* const> words) {
  const CLI::App* page = &app;
  std::string path;
  for (const std::string_view word : words) {
    const auto found =
        page->get_subcommands([&](const CLI::App* command) { return command->get_name() == word; });
    if (found.empty()) {
      complain(fmt::format("there is no command '{}'", fmt::join(words, " ")));
      return kUsage;
    }
    path += (path.empty() ? "" : " ") + page->get_name();
    page = found.front();
  }
  std::cout << page->help(path);
  return kSuccess;
}

}  // namespace

void complain(std::string_view text) { std::cerr << "tideway: " << text << "\n"; }

ConfigFlags::ConfigFlags(CLI::App& command, std::initializer_list<std::string_view> keys)
    : command_(command) {
  add_config_file(command);
  for (const std::string_view key : keys) add_setting(command, *find_setting(key));
}

ConfigFlags::ConfigFlags(CLI::App& command) : command_(command) {
  add_config_file(command);
  std::string footer =
      "Settings also come from the variables in brackets and from the file, where "
      "they have the name of the flag with _ for -.\n";
  for (const Setting& setting : settings()) {
    if (setting.has_flag()) {
      add_setting(command, setting);
    } else {
      footer +=
          fmt::format("Only there: {}, {} [{}]\n", setting.key, setting.help, setting.variable());
    }
  }
  command.footer(footer);
}

std::expected<Config, int> ConfigFlags::load() const {
  ConfigSources sources;
  sources.environment = process_environment();
  if (command_.count(kConfigFlag) > 0) {
    sources.file = command_.get_option(kConfigFlag)->results().back();
  }
  for (const Setting& setting : settings()) {
    const CLI::Option* option = command_.get_option_no_throw(setting.flag());
    if (option == nullptr || option->count() == 0) continue;
    sources.flags.emplace_back(setting.key, option->results().back());
  }
  auto config = load_config(sources);
  if (config) return *config;
  for (const std::string& problem : config.error()) complain(problem);
  return std::unexpected(kUsage);
}

int run(int argc, const char* const* argv) {
  CLI::App app(
      "Self-hosted server for diabetes device data, API-compatible with the Tidepool "
      "Platform.",
      "tideway");
  Action action;
  app.set_version_flag("--version", fmt::format("tideway {}", version()));
  app.require_subcommand(1);
  add_serve_command(app, action);
  add_user_command(app, action);
  add_validate_command(app, action);
  add_audit_command(app, action);
  add_bench_command(app, action);
  add_schema_command(app, action);
  app.add_subcommand("help", "print this page, or that of the command named behind it");
  if (argc > 1 && std::string_view(argv[1]) == "help") {
    return print_help(app, {argv + 2, argv + argc});
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);  // --help, --version: prints them
  } catch (const CLI::ParseError& error) {
    complain(error.what());
    std::cerr << "Run 'tideway help' for what there is.\n";
    return kUsage;
  }
  return action();
}

}  // namespace tideway::cli
