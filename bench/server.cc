#include "bench/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace tideway::bench {

Scratch::Scratch(std::filesystem::path path) : path_(std::move(path)) {
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Server::Server(const std::filesystem::path& directory, size_t user_count)
    : scratch_(directory),
      daemon_(directory,
              {"--log-level", "warn", "--registration", "open", "--requests-per-minute-max", "0"}) {
  HttpClient client(port());
  for (size_t i = 0; i < user_count; ++i) {
    accounts_.push_back(create_account(client, fmt::format("user{}@example.com", i)));
  }
}

double Server::cpu_seconds() const {
  std::ifstream file(fmt::format("/proc/{}/stat", daemon_.pid()));
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  // Behind the program's name, in brackets, come 11 other fields.
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user_ticks = 0;
  double system_ticks = 0;
  fields >> user_ticks >> system_ticks;
  return (user_ticks + system_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace tideway::bench
