#include "server/admission.h"

#include <algorithm>

namespace tideway::server {
namespace {

/// The weight of the last one that was served in how long the next one is thought to wait.
constexpr double kNewest = 1.0 / 32;

}  // namespace

Admission::Place::~Place() {
  if (admission_ == nullptr) return;
  const std::lock_guard lock(admission_->mutex_);
  if (stage_ == Stage::kComing) {
    admission_->stop_expecting(entry_);
    admission_->coming_.erase(entry_);
    return;
  }
  if (stage_ == Stage::kWaiting) admission_->waiting_.erase(entry_);
  --admission_->admitted_;
}

bool Admission::Place::wait(TimePoint now) {
  Admission& admission = *admission_;
  const std::lock_guard lock(admission.mutex_);
  if (admission.is_full()) return false;
  ++admission.admitted_;
  admission.stop_expecting(entry_);
  admission.waiting_.splice(admission.waiting_.end(), admission.coming_, entry_);
  entry_->since = now;
  stage_ = Stage::kWaiting;
  return true;
}

bool Admission::Place::start(TimePoint now) {
  Admission& admission = *admission_;
  const std::lock_guard lock(admission.mutex_);
  const bool late = admission.is_late(entry_->since, now, admission.limits_.wait_max);
  if (!late) admission.learn(now - std::max(entry_->since, admission.last_start_));
  if (!late) admission.last_start_ = now;
  admission.waiting_.erase(entry_);
  stage_ = Stage::kRunning;
  return !late;
}

void Admission::learn(Clock::duration next_waited) {
  // A pause of the disk says little of what comes after it.
  next_waited = std::min<Clock::duration>(next_waited, limits_.wait_max);
  next_waits_ += kNewest * (std::chrono::duration<double>(next_waited) - next_waits_);
}

bool Admission::is_late(TimePoint since, TimePoint now, Clock::duration wait_max) const {
  return waiting_.size() > limits_.patient_max && now - since > wait_max;
}

void Admission::forget_slow(TimePoint now) {
  for (; expected_count_ > 0 && now - first_expected_->since > limits_.wait_max / 2;
       ++first_expected_) {
    first_expected_->is_expected = false;
    --expected_count_;
  }
}

/// Before it leaves `coming_`.
void Admission::stop_expecting(Entries::iterator entry) {
  if (entry->is_expected) --expected_count_;
  if (entry == first_expected_) ++first_expected_;
}

bool Admission::is_full() const {
  return admitted_ >= uint64_t{limits_.running_max} + limits_.waiting_max;
}

bool Admission::is_congested_locked(TimePoint now, Clock::duration wait_max) {
  if (is_full()) return true;
  if (!waiting_.empty() && is_late(waiting_.front().since, now, wait_max)) return true;
  forget_slow(now);
  const size_t ahead = waiting_.size() + expected_count_;
  return ahead > limits_.patient_max && next_waits_ * ahead > wait_max;
}

bool Admission::is_congested(TimePoint now) {
  const std::lock_guard lock(mutex_);
  return is_congested_locked(now, congested_wait());
}

bool Admission::is_nearly_congested(TimePoint now) {
  const std::lock_guard lock(mutex_);
  return is_congested_locked(now, congested_wait() / 2);
}

std::optional<Admission::Place> Admission::try_enter(TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (is_congested_locked(now, congested_wait())) return std::nullopt;
  const auto entry = coming_.insert(coming_.end(), {.since = now});
  if (expected_count_++ == 0) first_expected_ = entry;
  return Place(*this, entry);
}

}  // namespace tideway::server
