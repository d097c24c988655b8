// What a load found, for people and for programs.
#pragma once

#include <string>

#include "load/run.h"

namespace tideway::load {

/// Some lines of text.
std::string summary_text(const Plan& plan, const Result& result);
/// One JSON object, with a line feed.
std::string summary_json(const Plan& plan, const Result& result);

}  // namespace tideway::load
