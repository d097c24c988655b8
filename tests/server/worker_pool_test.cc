#include "server/worker_pool.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace tideway::server {
namespace {

TEST(WorkerPool, RunsWorkOnAnotherThreadAndComesBack) {
  asio::io_context context;
  WorkerPool pool(2);
  std::thread::id worker;
  std::thread::id after;
  auto caller = [&]() -> Awaitable<void> {
    co_await pool.run([&] { worker = std::this_thread::get_id(); });
    after = std::this_thread::get_id();
  };
  asio::co_spawn(context, caller(), asio::detached);
  context.run();
  EXPECT_NE(worker, std::thread::id());
  EXPECT_NE(worker, std::this_thread::get_id());
  EXPECT_EQ(after, std::this_thread::get_id());
}

TEST(WorkerPool, DoesNotHoldUpTheCallersThread) {
  asio::io_context context;
  WorkerPool pool(2);
  std::promise<void> met;
  // The first one can end only if the second one runs meanwhile.
  auto first = [&]() -> Awaitable<void> { co_await pool.run([&] { met.get_future().wait(); }); };
  auto second = [&]() -> Awaitable<void> { co_await pool.run([&] { met.set_value(); }); };
  asio::co_spawn(context, first(), asio::detached);
  asio::co_spawn(context, second(), asio::detached);
  context.run();
}

TEST(WorkerPool, HasAThreadEvenWhenToldNone) {
  asio::io_context context;
  WorkerPool pool(0);
  bool ran = false;
  auto caller = [&]() -> Awaitable<void> { co_await pool.run([&] { ran = true; }); };
  asio::co_spawn(context, caller(), asio::detached);
  context.run();
  EXPECT_TRUE(ran);
}

TEST(WorkerPool, LongWorkLetsOthersHaveTheirTurn) {
  asio::io_context context;
  WorkerPool pool(1);
  std::promise<void> waits;
  std::string order;  // only the one worker writes it
  auto long_work = [&]() -> Awaitable<void> {
    co_await pool.run_in_turns([&] {
      if (order.empty()) waits.get_future().wait();
      order += 'l';
      return order.size() < 5;
    });
    order += '.';
  };
  auto short_work = [&]() -> Awaitable<void> { co_await pool.run([&] { order += 's'; }); };
  asio::co_spawn(context, long_work(), asio::detached);
  asio::co_spawn(context, short_work(), asio::detached);
  context.poll();
  waits.set_value();
  context.run();
  EXPECT_EQ(order, "lslll.");
}

TEST(WorkerPool, WorkDroppedByStopReleasesItsCaller) {
  asio::io_context context;
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = held;
  std::promise<void> begun;
  std::promise<void> release;
  {
    WorkerPool pool(1);
    auto caller = [](WorkerPool& on, std::function<void()> work,
                     std::shared_ptr<int>) -> Awaitable<void> { co_await on.run(std::move(work)); };
    auto block = [&] {
      begun.set_value();
      release.get_future().wait();
    };
    asio::co_spawn(context, caller(pool, block, nullptr), asio::detached);
    context.poll();
    begun.get_future().wait();
    auto never = [] { FAIL() << "begun after stop"; };
    asio::co_spawn(context, caller(pool, never, std::move(held)), asio::detached);
    context.poll();
    EXPECT_FALSE(watched.expired());
    pool.stop();
    release.set_value();
  }
  context.poll();  // callers are cleared away by their own thread
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace tideway::server
