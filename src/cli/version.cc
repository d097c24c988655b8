#include "cli/version.h"

namespace tideway::cli {

std::string_view version() { return TIDEWAY_VERSION; }

}  // namespace tideway::cli
