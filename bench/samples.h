// Bodies that are made here, unlike those of bench/data: small ones, and those of a closed loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tideway::bench {

/// An array of `count` glucose readings with origin ids, one every five minutes. `first` is the
/// number of the first one since 2025; equal numbers make equal readings.
std::string readings(uint64_t first, size_t count);

/// A batch of a closed loop: 50 dosing decisions of 8 KB and 100 status records, spanning less than
/// a day. Each has an origin id that begins with a date, so that Chunks makes new ones of it.
std::string closed_loop_batch();
inline constexpr size_t kClosedLoopRecords = 150;

}  // namespace tideway::bench
