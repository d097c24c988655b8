// Data sets and records as devices send them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tideway::e2e {

inline constexpr std::string_view kContinuousSet =
    R"({"type":"upload","dataSetType":"continuous",)"
    R"("deduplicator":{"name":"org.tidepool.deduplicator.none"}})";

/// A normal set of a device, closed at the end, that supersedes what it repeats.
std::string hash_set(std::string_view device_id);

/// A normal set that supersedes nothing.
std::string plain_set();

/// One blood glucose value, measured `minute` minutes after a fixed instant. The name tells records
/// apart that are equal to a deduplicator, which does not look at it.
std::string smbg(std::string_view name, std::string_view device_id, int minute, double value = 5.5);

/// `smbg` records "0", "1" …, of consecutive minutes.
std::vector<std::string> numbered(int count, std::string_view device_id = "D1");

/// A JSON array of what are JSON texts themselves.
std::string array_of(const std::vector<std::string>& items);

/// The names of the smbg() records in an answer of GET /data, sorted.
std::vector<std::string> names_in(std::string_view fetched);

}  // namespace tideway::e2e
