#include "audit/log.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "audit/writer.h"
#include "base/time.h"

namespace tideway::audit {
namespace {

/// So many events are made into one piece of text at a time.
constexpr size_t kBatchMax = 4096;

/// After a failure the disk is left alone for this long.
constexpr std::chrono::milliseconds kRetryInterval{1000};

class ThreadedLog final : public Log {
 public:
  explicit ThreadedLog(std::unique_ptr<Writer> writer)
      : writer_(std::move(writer)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

  void add(Event event) override;
  bool flush() override;

 private:
  void run(const std::stop_token& stop);
  bool write_gathered();
  bool write_all(std::vector<Event>& events);
  std::vector<Event> take_gathered();

  std::unique_ptr<Writer> writer_;  ///< the thread's
  std::vector<Event> left_;         ///< taken and not written yet; the thread's

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::condition_variable flushed_;
  std::vector<Event> gathered_;  ///< guarded by mutex_, as the next four
  size_t waiting_ = 0;           ///< size of left_
  uint64_t dropped_ = 0;
  uint64_t flushes_wanted_ = 0;
  uint64_t flushes_done_ = 0;
  bool last_flush_worked_ = true;
  std::jthread thread_;  ///< last, so that it ends before the rest goes
};

void ThreadedLog::add(Event event) {
  if (event.time_ms == 0) event.time_ms = now_milliseconds();
  bool many = false;
  {
    const std::scoped_lock lock(mutex_);
    if (gathered_.size() + waiting_ >= kEventsMax) {
      ++dropped_;
      return;
    }
    gathered_.push_back(std::move(event));
    many = gathered_.size() == kEventsMax / 4;
  }
  // Else the thread looks by itself soon enough; waking it each time would cost a system call.
  if (many) wake_.notify_one();
}

bool ThreadedLog::flush() {
  std::unique_lock lock(mutex_);
  const uint64_t mine = ++flushes_wanted_;
  wake_.notify_one();
  flushed_.wait(lock, [&] { return flushes_done_ >= mine; });
  return last_flush_worked_;
}

std::vector<Event> ThreadedLog::take_gathered() {
  std::vector<Event> events;
  const std::scoped_lock lock(mutex_);
  events.swap(gathered_);
  if (dropped_ > 0) {
    events.push_back({.time_ms = now_milliseconds(),
                      .who = "service",
                      .what = fmt::format("{} events were lost", std::exchange(dropped_, 0)),
                      .whose = {},
                      .from = {},
                      .trace = {},
                      .status = 500});
  }
  waiting_ = events.size();
  return events;
}

bool ThreadedLog::write_all(std::vector<Event>& events) {
  size_t written = 0;
  std::expected<void, std::string> done;
  while (done && written < events.size()) {
    const size_t count = std::min(kBatchMax, events.size() - written);
    done = writer_->write(std::span(events).subspan(written, count));
    if (done) written += count;
  }
  events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(written));
  if (!done) spdlog::error("audit log: {}", done.error());
  return done.has_value();
}

bool ThreadedLog::write_gathered() {
  if (left_.empty()) left_ = take_gathered();
  const bool done = write_all(left_);
  const std::scoped_lock lock(mutex_);
  waiting_ = left_.size();
  return done;
}

void ThreadedLog::run(const std::stop_token& stop) {
  bool worked = true;
  for (bool last = false; !last;) {
    const auto pause = worked ? std::chrono::milliseconds(kWriteIntervalMs) : kRetryInterval;
    uint64_t flushes_wanted = 0;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, pause, [&] {
        return flushes_wanted_ > flushes_done_ || (worked && gathered_.size() >= kEventsMax / 4);
      });
      flushes_wanted = flushes_wanted_;
      last = stop.stop_requested();
    }
    worked = write_gathered();
    // What had to wait was older than what gathered meanwhile.
    if (worked) worked = write_gathered();
    if (last || flushes_wanted > flushes_done_) {
      const auto synced = writer_->sync();
      if (!synced) spdlog::error("audit log: {}", synced.error());
      const std::scoped_lock lock(mutex_);
      flushes_done_ = std::max(flushes_done_, flushes_wanted);
      last_flush_worked_ = worked && synced.has_value();
    }
    flushed_.notify_all();
  }
}

}  // namespace

std::expected<std::unique_ptr<Log>, std::string> Log::open(Options options) {
  auto writer = Writer::open(options);
  if (!writer) return std::unexpected(writer.error());
  return std::make_unique<ThreadedLog>(*std::move(writer));
}

}  // namespace tideway::audit
