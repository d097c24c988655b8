// Records as JSON texts, as devices send them. All values are in the units that servers store, so
// that what was sent can be compared with what is fetched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "load/life.h"

namespace tideway::load {

/// What the records of one device have in common.
struct Device {
  std::string id;
  /// Records of continuous sets carry an id of their own; empty: they do not.
  std::string origin_prefix;
};

std::string cbg(const Device& device, const Life& life, int64_t time_ms);
std::string scheduled_basal(const Device& device, const Life& life, int64_t time_ms);
std::string automated_basal(const Device& device, const Life& life, int64_t time_ms);
/// A wizard with the bolus that it led to inside.
std::string wizard(const Device& device, const Life& life, const Meal& meal);
std::string pump_settings(const Device& device, const Life& life, int64_t time_ms);
/// What a closed loop thought: six hours back, six hours ahead; some 8 KB.
std::string dosing_decision(const Device& device, const Life& life, int64_t time_ms);
std::string controller_status(const Device& device, const Life& life, int64_t time_ms);
std::string pump_status(const Device& device, const Life& life, int64_t time_ms);

}  // namespace tideway::load
