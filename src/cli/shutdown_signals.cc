#include "cli/shutdown_signals.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>

namespace tideway::cli {

namespace {

sigset_t shutdown_set() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

extern "C" void exit_at_once(int signal) { _exit(128 + signal); }

}  // namespace

ShutdownSignals::ShutdownSignals() {
  const sigset_t set = shutdown_set();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void ShutdownSignals::wait() {
  const sigset_t set = shutdown_set();
  int received = 0;
  sigwait(&set, &received);
  // A handler of our own, because the default action is not taken for process 1 of a container.
  for (const int signal : {SIGINT, SIGTERM, SIGALRM}) std::signal(signal, exit_at_once);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  alarm(kShutdownSecondsMax);
}

}  // namespace tideway::cli
