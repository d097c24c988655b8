// Signals end the process as promised. Each test runs in a process of its own.
#include "cli/shutdown_signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

namespace tideway::cli {
namespace {

class ShutdownSignalsTest : public testing::TestWithParam<int> {
 protected:
  // A fresh process, not a fork of one whose threads and signals are as they may be.
  ShutdownSignalsTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_P(ShutdownSignalsTest, TheFirstReturnsFromWait) {
  EXPECT_EXIT(
      {
        ShutdownSignals signals;
        // To the process: any thread that had it unblocked would die of it.
        std::thread other([] { ::kill(::getpid(), GetParam()); });
        signals.wait();
        other.join();
        _exit(7);
      },
      testing::ExitedWithCode(7), "");
}

TEST_P(ShutdownSignalsTest, TheSecondEndsTheProcess) {
  EXPECT_EXIT(
      {
        ShutdownSignals signals;
        ::kill(::getpid(), SIGTERM);
        signals.wait();
        ::kill(::getpid(), GetParam());
        while (true) ::pause();
      },
      testing::ExitedWithCode(128 + GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Both, ShutdownSignalsTest, testing::Values(SIGINT, SIGTERM));

TEST(ShutdownSignals, TheTimeLimitEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ShutdownSignals signals;
        ::kill(::getpid(), SIGTERM);
        signals.wait();
        // The alarm is armed; let it ring now.
        if (::alarm(0) == 0) _exit(1);
        ::raise(SIGALRM);
        _exit(2);
      },
      testing::ExitedWithCode(128 + SIGALRM), "");
}

TEST(ShutdownSignals, AHangupIsAnEventWhereItIsAwaited) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ShutdownSignals signals(true);
        ::kill(::getpid(), SIGHUP);
        // The handler counts on its being called before the end.
        int hangups = 0;
        signals.wait([&] {
          ++hangups;
          ::kill(::getpid(), SIGTERM);
        });
        _exit(hangups == 1 ? 7 : 1);
      },
      testing::ExitedWithCode(7), "");
}

TEST(ShutdownSignals, AHangupElseEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ShutdownSignals signals;
        ::kill(::getpid(), SIGHUP);
        signals.wait();
      },
      testing::KilledBySignal(SIGHUP), "");
}

TEST(ShutdownSignals, AClosedPipeIsNoReasonToDie) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ShutdownSignals signals;
        ::raise(SIGPIPE);
        _exit(7);
      },
      testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace tideway::cli
