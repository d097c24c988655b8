#include "bench/server.h"

#include <fmt/format.h>

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
      daemon_(directory, {"--log-level", "warn", "--registration", "open"}) {
  HttpClient client(port());
  for (size_t i = 0; i < user_count; ++i) {
    accounts_.push_back(create_account(client, fmt::format("user{}@example.com", i)));
  }
}

}  // namespace tideway::bench
