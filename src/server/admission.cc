#include "server/admission.h"

namespace tideway::server {

Admission::Place::~Place() {
  if (admission_ == nullptr) return;
  const std::lock_guard lock(admission_->mutex_);
  if (waiting_) admission_->waiting_.erase(*waiting_);
  --admission_->admitted_;
}

bool Admission::Place::start(TimePoint now) {
  const std::lock_guard lock(admission_->mutex_);
  const bool late = admission_->is_late(**waiting_, now, admission_->limits_.wait_max);
  admission_->waiting_.erase(*waiting_);
  waiting_.reset();
  return !late;
}

bool Admission::is_late(TimePoint since, TimePoint now, std::chrono::milliseconds wait_max) const {
  return waiting_.size() > limits_.patient_max && now - since > wait_max;
}

bool Admission::is_congested_locked(TimePoint now) const {
  if (admitted_ >= uint64_t{limits_.running_max} + limits_.waiting_max) return true;
  return !waiting_.empty() && is_late(waiting_.front(), now, limits_.wait_max / 2);
}

bool Admission::is_congested(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  return is_congested_locked(now);
}

std::optional<Admission::Place> Admission::try_enter(TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (is_congested_locked(now)) return std::nullopt;
  ++admitted_;
  return Place(*this, waiting_.insert(waiting_.end(), now));
}

}  // namespace tideway::server
