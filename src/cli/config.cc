#include "cli/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/setting.h"
#include "cli/suggestion.h"

namespace tideway::cli {

namespace {

constexpr std::string_view kPrefix = "TIDEWAY_";
constexpr std::string_view kFileVariable = "TIDEWAY_CONFIG";

std::string unknown(std::string_view name, std::span<const std::string> candidates) {
  const auto meant = suggest(name, candidates);
  return meant ? fmt::format("unknown setting '{}'; did you mean '{}'?", name, *meant)
               : fmt::format("unknown setting '{}'", name);
}

std::vector<std::string> all_keys() {
  std::vector<std::string> keys;
  for (const Setting& setting : settings()) keys.emplace_back(setting.key);
  return keys;
}

std::vector<std::string> all_variables() {
  std::vector<std::string> variables{std::string(kFileVariable)};
  for (const Setting& setting : settings()) variables.push_back(setting.variable());
  return variables;
}

/// What the setting wants to see in the file.
std::string_view toml_type_wanted(const Setting& setting) {
  if (std::holds_alternative<uint32_t Config::*>(setting.member)) return "a whole number";
  if (std::holds_alternative<bool Config::*>(setting.member)) return "true or false";
  if (std::holds_alternative<std::string Config::*>(setting.member)) return "a string";
  return "a list of strings";
}

std::expected<void, std::string> set_from_toml(Config& config, const Setting& setting,
                                               const toml::node& node) {
  const auto mismatch = [&] {
    return std::unexpected(fmt::format("must be {}", toml_type_wanted(setting)));
  };
  if (std::holds_alternative<std::vector<std::string> Config::*>(setting.member)) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return mismatch();
    std::vector<std::string> texts;
    for (const toml::node& element : *array) {
      if (!element.is_string()) return mismatch();
      texts.push_back(element.as_string()->get());
    }
    return set_list(config, setting, texts);
  }
  if (std::holds_alternative<uint32_t Config::*>(setting.member)) {
    if (!node.is_integer()) return mismatch();
    return set_from_text(config, setting, std::to_string(node.as_integer()->get()));
  }
  if (std::holds_alternative<bool Config::*>(setting.member)) {
    if (!node.is_boolean()) return mismatch();
    return set_from_text(config, setting, node.as_boolean()->get() ? "true" : "false");
  }
  if (!node.is_string()) return mismatch();
  return set_from_text(config, setting, node.as_string()->get());
}

void apply_table(Config& config, const std::string& path, const toml::table& table,
                 Problems& problems) {
  // A table is ordered by name; the problems are wanted in the order of the lines.
  std::vector<std::pair<uint32_t, std::string>> found;
  for (const auto& [key, node] : table) {
    const Setting* setting = find_setting(key.str());
    if (setting == nullptr) {
      found.emplace_back(key.source().begin.line, unknown(key.str(), all_keys()));
    } else if (const auto set = set_from_toml(config, *setting, node); !set) {
      found.emplace_back(key.source().begin.line, fmt::format("{}: {}", setting->key, set.error()));
    }
  }
  std::ranges::sort(found);
  for (const auto& [line, what] : found)
    problems.push_back(fmt::format("{}:{}: {}", path, line, what));
}

void apply_file(Config& config, const std::string& path, Problems& problems) {
  std::ifstream stream(path, std::ios::binary);
  // A directory opens too, but reading it throws.
  if (!stream || std::filesystem::is_directory(path)) {
    problems.push_back(fmt::format("{}: cannot be read", path));
    return;
  }
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  try {
    apply_table(config, path, toml::parse(text, path), problems);
  } catch (const toml::parse_error& error) {
    problems.push_back(
        fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  }
}

/// Kubernetes tells every container about a service called "tideway" in variables of these names.
bool is_service_link(std::string_view name) {
  name.remove_prefix(kPrefix.size());
  return name == "PORT" || name.starts_with("PORT_") || name == "SERVICE_HOST" ||
         name == "SERVICE_PORT" || name.starts_with("SERVICE_PORT_");
}

void apply_environment(Config& config, const std::vector<std::string>& environment,
                       Problems& problems) {
  for (const std::string& entry : environment) {
    if (!entry.starts_with(kPrefix)) continue;
    const size_t equals = std::min(entry.find('='), entry.size());
    const std::string name = entry.substr(0, equals);
    const std::string value = entry.substr(std::min(equals + 1, entry.size()));
    if (name == kFileVariable || is_service_link(name)) continue;
    const auto setting = std::ranges::find(settings(), name, &Setting::variable);
    if (setting == settings().end()) {
      problems.push_back("environment: " + unknown(name, all_variables()));
    } else if (const auto set = set_from_text(config, *setting, value); !set) {
      problems.push_back(fmt::format("{}: {}", name, set.error()));
    }
  }
}

void apply_flags(Config& config, const std::vector<std::pair<std::string, std::string>>& flags,
                 Problems& problems) {
  for (const auto& [key, text] : flags) {
    const Setting* setting = find_setting(key);
    if (setting == nullptr) {
      problems.push_back("command line: " + unknown(key, all_keys()));
    } else if (const auto set = set_from_text(config, *setting, text); !set) {
      problems.push_back(fmt::format("{}: {}", setting->flag(), set.error()));
    }
  }
}

std::optional<std::string> config_file(const ConfigSources& sources) {
  if (sources.file) return sources.file;
  const std::string start = std::string(kFileVariable) + "=";
  for (const std::string& entry : sources.environment) {
    if (entry.starts_with(start)) return entry.substr(start.size());
  }
  return std::nullopt;
}

/// What no setting can be checked for alone.
void check_together(const Config& config, Problems& problems) {
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    problems.emplace_back("tls_certificate and tls_key are needed both or none");
  }
  if (!config.public_url.empty() && !config.issuer_url.empty()) {
    problems.emplace_back(
        "public_url and issuer_url cannot both be set: one of them logs users in");
  }
  if (config.uploader_local && config.uploader_local_addresses.size() != 3) {
    problems.emplace_back("uploader_local_addresses must be three");
  }
}

}  // namespace

std::expected<Config, Problems> load_config(const ConfigSources& sources) {
  Config config;
  Problems problems;
  // From the weakest source to the strongest: the later one overwrites.
  if (const auto path = config_file(sources)) apply_file(config, *path, problems);
  apply_environment(config, sources.environment, problems);
  apply_flags(config, sources.flags, problems);
  check_together(config, problems);
  if (!problems.empty()) return std::unexpected(problems);
  return config;
}

std::vector<std::string> process_environment() {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  return environment;
}

}  // namespace tideway::cli
