// The keys of data sets (docs/architecture.md, "Keys").
//
//   in the partition of a user
//     S <set>            the data set                        data_set_codec.cc
//     b <set> <number>   what a block holds                  store::BlockSummary
//     B <set> <number>   the block, or the first piece of it   store/block.cc
//     B <set> <number> <slot>   a piece that goes on with the block at this slot   blocks.h
//     M <set> <number>   which of its records do not count   mask.cc
//     O <set> <digest>   where the records with an origin id or identity are   record_index.cc
//     R <time> <set> <number>   records of a block that were destroyed at one time   removals.cc
//     I <digest>         the set that a request with an idempotency key made   created_sets.cc
//     a <month> <set> <number>   the block may hold records of a month   calendar.cc
//     A <month> <set>    the set itself has a time in a month             calendar.cc
//     H <trait> <set>    the set has a trait                              traits.cc
//     H o <set> <number> the block holds records of a Medtronic pump      traits.cc
//     E                  the last closing that superseded records         closings.cc
//   in the directory
//     s <set>            the user whose set it is, for ids that carry no hint
//     k                  the key of the ids that the server makes
//
// <set> is 0xff and 16 bytes for a set id of 32 hex digits, the length in one byte and the
// id for others: short keys are compared faster. <number> and <slot> are four bytes each,
// big-endian; so is <month>.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace tideway::dataset {

inline constexpr std::string_view kDataSetPrefix = "S";
inline constexpr std::string_view kSummaryPrefix = "b";
inline constexpr std::string_view kCreatedPrefix = "I";
inline constexpr std::string_view kMaskPrefix = "M";
inline constexpr std::string_view kRemovalPrefix = "R";
inline constexpr std::string_view kBlockCalendarPrefix = "a";
inline constexpr std::string_view kSetCalendarPrefix = "A";
inline constexpr std::string_view kTraitPrefix = "H";
inline constexpr std::string_view kLastClosingKey = "E";
inline constexpr std::string_view kIdKeyName = "k";

std::string data_set_key(std::string_view upload_id);
std::string summary_prefix(std::string_view upload_id);
std::string summary_key(std::string_view upload_id, uint32_t number);
std::string block_key(std::string_view upload_id, uint32_t number);
std::string piece_key(std::string_view upload_id, uint32_t number, uint32_t first_slot);
std::string mask_key(std::string_view upload_id, uint32_t number);
std::string index_prefix(std::string_view upload_id);
std::string directory_key(std::string_view upload_id);

/// The set id and number in the key of a summary, block or mask.
struct BlockName {
  std::string upload_id;
  uint32_t number = 0;

  auto operator<=>(const BlockName&) const = default;
};
BlockName parse_summary_key(std::string_view key);

/// `<set>` and, for a block, `<number>`: how keys of other kinds end.
std::string encode_set_id(std::string_view upload_id);
std::string encode_block_name(const BlockName& name);
std::string parse_set_id(std::string_view encoded);
BlockName parse_block_name(std::string_view encoded);

}  // namespace tideway::dataset
