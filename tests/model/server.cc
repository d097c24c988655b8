#include "tests/model/server.h"

namespace tideway::model {

Server::Server() { start(); }

void Server::start() {
  daemon_ = std::make_unique<e2e::Daemon>(
      data_dir(), std::vector<std::string>{},
      std::vector<std::string>{std::string("TIDEWAY_SERVICE_SECRET=") + kServiceSecret,
                               "TIDEWAY_REQUESTS_PER_MINUTE_MAX=0"});
  const std::scoped_lock lock(mutex_);
  running_ = {.port = daemon_->port(), .number = running_.number + 1};
  started_.notify_all();
}

Server::Running Server::wait_for(uint64_t after) {
  std::unique_lock lock(mutex_);
  started_.wait(lock, [&] { return running_.number > after; });
  return running_;
}

void Server::kill_and_restart() {
  daemon_->kill();
  start();
}

}  // namespace tideway::model
