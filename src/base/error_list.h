// Error objects inside other answers.
#pragma once

#include <span>
#include <string>

#include "base/error.h"

namespace tideway {

/// "[…]" of however many, each in the form of error_body().
std::string errors_json(std::span<const Error> errors);

}  // namespace tideway
