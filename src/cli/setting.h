// The table of settings: name, type, limits and help of each, once for all sources.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/config.h"

namespace tideway::cli {

using ConfigMember = std::variant<std::string Config::*, bool Config::*, uint32_t Config::*,
                                  std::vector<std::string> Config::*>;

/// What a text has to look like beyond being a text.
enum class Form {
  kAny,
  kNotEmpty,
  kAddress,
  kChoice,
  kSecret,
  kOrigin,
  kNetwork,
  kName,
  kRedirect,
  kUrl,
  kIssuer,
  kLoopback,
};

struct Setting {
  std::string_view key;  ///< in the TOML file; flag and variable are made from it
  ConfigMember member;   ///< also says the type
  std::string_view help;
  Form form = Form::kAny;                          ///< of a text, or of each text in a list
  std::span<const std::string_view> choices = {};  ///< for Form::kChoice
  uint32_t min = 0;                                ///< of a number
  uint32_t max = 0;

  std::string flag() const;      ///< "--data-dir"
  std::string variable() const;  ///< "TIDEWAY_DATA_DIR"
  /// Command lines are seen by every user of the machine, so secrets have no flag.
  bool has_flag() const { return form != Form::kSecret; }
  bool is_switch() const { return std::holds_alternative<bool Config::*>(member); }
};

std::span<const Setting> settings();

/// Null when there is none.
const Setting* find_setting(std::string_view key);

/// Puts a value into its member, after checking it. The error is the reason alone: "'foo' is not
/// HOST:PORT".
std::expected<void, std::string> set_from_text(Config& config, const Setting& setting,
                                               std::string_view text);
std::expected<void, std::string> set_list(Config& config, const Setting& setting,
                                          const std::vector<std::string>& texts);

/// The default as a text, for the help page.
std::string default_text(const Setting& setting);

}  // namespace tideway::cli
