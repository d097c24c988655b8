#include "cli/shutdown_signals.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>

namespace tideway::cli {

namespace {

sigset_t awaited_set(bool hangup) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (hangup) sigaddset(&set, SIGHUP);
  return set;
}

extern "C" void exit_at_once(int signal) { _exit(128 + signal); }

}  // namespace

ShutdownSignals::ShutdownSignals(bool awaits_hangup) : awaits_hangup_(awaits_hangup) {
  const sigset_t set = awaited_set(awaits_hangup_);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void ShutdownSignals::wait(const std::function<void()>& on_hangup) {
  const sigset_t set = awaited_set(awaits_hangup_);
  int received = 0;
  for (sigwait(&set, &received); received == SIGHUP; sigwait(&set, &received)) {
    if (on_hangup) on_hangup();
  }
  // A handler of our own, because the default action is not taken for process 1 of a container.
  for (const int signal : {SIGINT, SIGTERM, SIGALRM}) std::signal(signal, exit_at_once);
  const sigset_t ending = awaited_set(false);
  pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);
  alarm(kShutdownSecondsMax);
}

}  // namespace tideway::cli
